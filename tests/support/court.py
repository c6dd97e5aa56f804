"""A court without a market: every candidate is a filing at once, and ready to be decided at once.

What is left is a Poisson stream of cases with evidence of known strength, which closed forms describe.
"""

from __future__ import annotations

from typing import Any

from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.vocabulary import VALID_CAUSES
from tests.support.patch import lay_over

AT_ONCE = {"law": "constant", "value": 0}
ALWAYS = {"staff": 1, "service": {"law": "constant", "value": 0}}
GRIEVANCE = {"per_thousand_orders": 0, "fault": {"merchant": 1}, "evidence": {}}
GROUNDLESS = {"per_thousand_orders": 0, "claimed_as": {"quality_defect": 1}}

SCENARIO: dict[str, Any] = {
    "title": "A court",
    "days": 100,
    "calendar": {"start": "2025-09-01"},
    "market": {"orders_per_day": 24, "amount": {"median": 100, "sigma": 1}, "delivery": AT_ONCE},
    "causes": {
        **dict.fromkeys(VALID_CAUSES, GRIEVANCE),
        "quality_defect": {**GRIEVANCE, "per_thousand_orders": 500},
        "remorse": GROUNDLESS,
        "opportunistic": {**GROUNDLESS, "per_thousand_orders": 500},
        "malicious": GROUNDLESS,
    },
    "buyers": {
        "count": 1000,
        "groups": {
            "all": {
                "share": 1,
                "promptness": AT_ONCE,
                "patience": AT_ONCE,
                "filing_delay": AT_ONCE,
                "platform_patience": {"law": "constant", "value": "10000 d"},
                "composure": 1,
                "knowledge": 1,
                "honesty": 0,
                "trust": 1,
                "effort": {"median": 1e-9, "sigma": 0},
            },
        },
    },
    "merchants": {
        "count": 1,
        "zipf": 0,
        "groups": {"all": {"share": 1, "service": 0, "reply": AT_ONCE, "never_replies": 0, "rating": 0.5}},
    },
    "evidence": {
        "held_by_buyer": {},
        "held_by_merchant": {},
        "late_inspection_half": 1,
        "hostile_factor": 1,
        "supplement_delay": AT_ONCE,
    },
    "desks": {"screening": ALWAYS, "decision": ALWAYS, "review": ALWAYS},
    "arbiters": {"count": 1},
    "jurors": {"pool": 100_000, "experience": AT_ONCE, "vote_delay": {"law": "exponential", "mean": "6 h"}},
    "shipping": AT_ONCE,
    "confirming": AT_ONCE,
    "review_request": AT_ONCE,
    "behaviour": {"open_loop": True, "ranking": {"highest": 1}, "habit": {"ceiling": 1}},
}

POLICY: dict[str, Any] = {
    "title": "Court rules",
    "windows": {"merchant_evidence": 0},
    "negotiation": {"rounds": 0},
    "screening": {"mode": "automatic"},
    "answer": {"silence": "decide_on_file", "supplement": False},
    "burden": {"weight": 0},
    "review": {"limit": 0},
    "sanctions": {"rating_step": 0},
}


def scenario(changes: dict[str, Any] | None = None) -> Scenario:
    """The court with changed fields."""
    return Scenario.model_validate(lay_over(SCENARIO, changes or {}))


def policy(changes: dict[str, Any] | None = None) -> Policy:
    """Its rules with changed fields."""
    return Policy.model_validate(lay_over(POLICY, changes or {}))


def strength(buyer: float = 0.0, merchant: float = 0.0) -> dict[str, Any]:
    """Changes that give every buyer and every merchant evidence of this strength."""
    return {
        "causes": {"quality_defect": {"evidence": {"photo": buyer, "dispatch_record": merchant}}},
        "evidence": {"held_by_buyer": {"photo": 1}, "held_by_merchant": {"dispatch_record": 1}},
    }
