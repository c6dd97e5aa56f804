"""A small scenario and a small policy, and ways to change them: what most tests start from."""

from __future__ import annotations

from typing import Any

from evenhand.sim.policy.policy import Policy, merge
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.vocabulary import VALID_CAUSES

HOURS = {"law": "lognormal", "median": "20 h", "sigma": 0.8}


def _grievance(**changes: Any) -> dict[str, Any]:
    return {
        "per_thousand_orders": 6.0,
        "fault": {"merchant": 0.8, "carrier": 0.15, "nobody": 0.05},
        "full_share": 0.6,
        "evidence": {"photo": 1.2, "chat_log": 0.6, "dispatch_record": 0.9, "purchase_voucher": 0.7},
        **changes,
    }


def _buyers(share: float, **changes: Any) -> dict[str, Any]:
    return {
        "share": share,
        "promptness": {"law": "exponential", "mean": "30 h"},
        "patience": {"law": "weibull", "shape": 1.5, "scale": "40 h"},
        "platform_patience": {"law": "weibull", "shape": 1.5, "scale": "30 d"},
        "filing_delay": {"law": "lognormal", "median": "12 h", "sigma": 1.0},
        "composure": 0.8,
        "knowledge": 0.5,
        "honesty": 0.9,
        "strategic": 0.1,
        "trust": 0.8,
        "skips_negotiation": 0.1,
        "effort": {"median": 12, "sigma": 0.6},
        **changes,
    }


def _merchants(share: float, **changes: Any) -> dict[str, Any]:
    return {
        "share": share,
        "service": 0.15,
        "reply": HOURS,
        "never_replies": 0.1,
        "forges": 0.2,
        "strategic": 0.3,
        "rating": 0.8,
        "learning": 0.05,
        **changes,
    }


SCENARIO: dict[str, Any] = {
    "title": "A small market",
    "days": 60,
    "calendar": {"start": "2025-09-01", "holidays": ["2025-10-01", "2025-10-02"]},
    "market": {
        "orders_per_day": 300,
        "weekdays": {"sat": 0.7, "sun": 0.8},
        "burst_shape": 8,
        "amount": {"median": 120, "sigma": 0.9},
        "delivery": {"law": "lognormal", "median": "2 d", "sigma": 0.5},
    },
    "causes": {
        **{cause: _grievance() for cause in VALID_CAUSES},
        "remorse": {"per_thousand_orders": 5, "claimed_as": {"quality_defect": 1, "not_as_described": 2}},
        "opportunistic": {
            "per_thousand_orders": 20,
            "claimed_as": {"quality_defect": 1},
            "forges": 0.5,
        },
        "malicious": {"per_thousand_orders": 10, "claimed_as": {"counterfeit": 1}, "forges": 0.5},
    },
    "buyers": {
        "count": 2000,
        "groups": {
            "new": _buyers(0.5),
            "regular": _buyers(0.35, knowledge=0.7, composure=0.9),
            "power": _buyers(0.15, activity=3, knowledge=0.9, evidence_skill=1.3),
        },
    },
    "merchants": {
        "count": 60,
        "zipf": 0.8,
        "problem_spread": 0.3,
        "reply_spread": 0.3,
        "service_spread": 0.1,
        "groups": {
            "flagship": _merchants(0.2, record_keeping=1.4, never_replies=0.02),
            "small": _merchants(0.8),
        },
    },
    "evidence": {
        "held_by_buyer": {"photo": 0.8, "chat_log": 0.7},
        "held_by_merchant": {"dispatch_record": 0.6, "purchase_voucher": 0.5, "chat_log": 0.6},
        "late_inspection_half": 100,
        "hostile_factor": 0.6,
        "supplement_share": 0.3,
        "supplement_strength": 0.5,
        "supplement_delay": {"law": "exponential", "mean": "24 h"},
        "new_evidence_share": 0.5,
        "new_evidence_strength": 0.8,
        "forgery_shift": 1.0,
        "extent_sd": 0.15,
    },
    "desks": {
        "screening": {
            "staff": 1,
            "opens": 9,
            "closes": 21,
            "service": {"law": "exponential", "mean": "0.3 h"},
        },
        "decision": {
            "staff": 2,
            "opens": 9,
            "closes": 18,
            "days": ["mon", "tue", "wed", "thu", "fri"],
            "works_on_holidays": False,
            "service": {"law": "lognormal", "median": "1 h", "sigma": 0.6},
        },
        "review": {
            "staff": 1,
            "opens": 9,
            "closes": 18,
            "service": {"law": "gamma", "shape": 2, "mean": "2 h"},
        },
        "mediation": {"staff": 2, "opens": 9, "closes": 18, "service": {"law": "constant", "value": "1 h"}},
        "hourly_cost": 40,
        "vote_cost": 0.2,
    },
    "arbiters": {
        "count": 8,
        "level_sd": 0.3,
        "pattern_sd": 0.2,
        "occasion_sd": 0.4,
        "load_effect": 0.05,
        "novice_factor": 1.5,
    },
    "model": {"cost": 2.0},
    "jurors": {
        "pool": 5000,
        "buyer_share": 0.7,
        "noise_sd": 1.0,
        "shared_sd": 0.3,
        "bias": 0.5,
        "turnout": 0.8,
        "experience": {"law": "exponential", "mean": 30},
        "vote_delay": {"law": "exponential", "mean": "12 h"},
    },
    "shipping": {"law": "lognormal", "median": "3 d", "sigma": 0.7},
    "confirming": {"law": "lognormal", "median": "4 d", "sigma": 0.7},
    "review_request": {"law": "lognormal", "median": "2 d", "sigma": 0.9},
    "behaviour": {
        "bargaining": {"optimism": 0.4, "merchant_cost": 5, "point_value": 2, "hostile_penalty": 0.2},
        "review_propensity": 0.8,
        "concede_share": 0.3,
        "trust": {"rate": 0.2},
        "learning": {"deterrence": 0.5, "emboldening": 0.1},
        "habit": {"gain": 0.3, "loss": 0.2},
        "exit": {"buyer_trust": 0.4, "merchant_rating": 0.5},
        "ranking": {"slope": 1.0},
    },
}

POLICY: dict[str, Any] = {
    "title": "Small rules",
    "windows": {"merchant_reply": "2 business days"},
    "negotiation": {"rounds": 3},
    "screening": {"minimum_evidence": 1},
    "answer": {"silence": "adverse_inference", "extension_share": 0.3, "extension": "24 h"},
    "burden": {"by_cause": {"late_dispatch": "merchant", "lost_or_damaged": "merchant"}},
    "decision": {
        "band": 0.2,
        "thin_inference": 0.3,
        "history": {"buyer": 0.5, "merchant": 0.5},
        "checks": {"share": 0.3, "detection": 0.7, "hours": "1 h"},
    },
    "returns": {"required": True, "freight_cost": 8},
    "sanctions": {"points_loss": 2, "points_default": 3, "points_forgery": 12, "points_limit": 12},
}


def scenario(changes: dict[str, Any] | None = None) -> Scenario:
    """The small scenario with changed fields."""
    return Scenario.model_validate(merge(SCENARIO, changes or {}))


def policy(changes: dict[str, Any] | None = None) -> Policy:
    """The small policy with changed fields."""
    return Policy.model_validate(merge(POLICY, changes or {}))
