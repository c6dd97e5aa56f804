"""Rule sets with what single real systems do, one at a time, and how to see that a run did use it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from evenhand.sim.lifecycle import codes
from evenhand.sim.runs.records import Run

Variant = tuple[dict[str, Any], Callable[[Run], bool]]


def noted(*activities: int) -> Callable[[Run], bool]:
    """Whether all of these happened in a run."""
    return lambda run: set(activities) <= set(run.events["activity"].tolist())


def ended_for(*reasons: int) -> Callable[[Run], bool]:
    """Whether disputes ended for each of these reasons."""
    return lambda run: set(reasons) <= set(run.disputes["reason"].tolist())


def panel(review: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """Changes that let panels decide and, where reviews are given, review."""
    by_panel: dict[str, Any] = {"decision": {"decider": "panel", "panel": {"size": 7, **changes}}}
    if review is not None:
        by_panel["review"] = {"decider": "panel", "new_evidence": False, "limit": 3, **review}
    return by_panel


def exception(changes: dict[str, Any], **when: Any) -> dict[str, Any]:
    """Changes that make one exception."""
    return {"exceptions": {"one": {"when": when, "changes": changes}}}


def by_exception(bits: set[int]) -> Callable[[Run], bool]:
    """Whether exceptions fitted some cases and, as told, not others."""
    return lambda run: set(run.disputes["exceptions"].tolist()) == bits


VARIANTS: dict[str, Variant] = {
    "exceptions by cause and amount": (
        {
            "exceptions": {
                "inr": {
                    "when": {"causes": ["lost_or_damaged"]},
                    "changes": {
                        "answer": {"required": ["dispatch_record"], "silence": "buyer_wins"},
                        "windows": {"merchant_evidence": "1 d"},
                    },
                },
                "dear": {
                    "when": {"amount_from": 200},
                    "changes": {"decision": {"checks": {"share": 1.0}}, "review": {"limit": 2}},
                },
                "cheap": {"when": {"amount_below": 40}, "changes": {"negotiation": {"rounds": 1}}},
            }
        },
        by_exception({0, 1, 2, 3, 4, 5}),
    ),
    "exceptions by record and score": (
        {
            "screening": {"record_window": "15 d"},
            "sanctions": {"strike_for_loss": True},
            "exceptions": {
                "loser": {"when": {"strikes_from": 1}, "changes": {"screening": {"heard": False}}},
                "often": {
                    "when": {"filings_from": 1, "refunds_from": 0.6},
                    "changes": {"decision": {"standard": 0.8}},
                },
                "good": {
                    "when": {"rating_from": 0.8, "goods_in_hand": True},
                    "changes": {"decision": {"standard": 0.6}},
                },
                "poor": {"when": {"rating_below": 0.6}, "changes": {"decision": {"standard": 0.3}}},
            },
        },
        ended_for(codes.NOT_HEARD),
    ),
    "reviews that differ": (
        {
            "review": {"limit": 3, "new_evidence": False, "fee_fixed": 1},
            "exceptions": {
                "court": {
                    "when": {"review": 2},
                    "changes": {
                        "review": {"decider": "panel", "panel_size": 5, "fee_per_seat": 1},
                        "windows": {"review": "3 d"},
                    },
                },
                "last": {
                    "when": {"review": 3},
                    "changes": {"review": {"admit_new": False, "who": ["buyer"]}},
                },
            },
        },
        noted(codes.RULED_EVENT, codes.PANEL_RULED),
    ),
    "a higher court": (
        {
            **panel({"size_factor": 2, "size_plus": 1, "fee_per_seat": 0.2}, size=3),
            **exception({"review": {"panel_size": 11}, "decision": {"panel": {"majority": 0.6}}}, seats=15),
        },
        lambda run: (
            {3, 7, 11} <= set(run.events["resource"][run.events["activity"] == codes.PANEL_INVITED].tolist())
        ),
    ),
    "an exception in a reform": (
        {
            "reforms": [
                {"starts": 15, "changes": exception({"answer": {"silence": "close"}}, amount_from=100)},
                {
                    "starts": 25,
                    "retroactive": True,
                    "changes": {
                        "exceptions": {
                            "two": {"when": {"review": 1}, "changes": {"review": {"fee_fixed": 9}}}
                        }
                    },
                },
            ]
        },
        by_exception({0, 1}),
    ),
    "sealed votes": (panel({}, reveal="1 d"), noted(codes.PANEL_RULED)),
    "visible votes with stakes": (
        panel({"size_plus": 2}, visible=True, stake=3, slashed=0.5, fee=1, quorum=4, training=5),
        lambda run: run.disputes["juror_pay"].sum() > 0 < run.disputes["stakes_lost"].sum(),
    ),
    "jurors with a cap": (
        panel(cap=1, cap_period="2 d", eligible=0.01),
        noted(codes.PANEL_WAITS, codes.PANEL_RULED),
    ),
    "consent of the merchant": (
        {"consent": {"of": ["merchant"]}},
        noted(codes.CONSENT_GIVEN, codes.CONSENT_LAPSED),
    ),
    "consent of both": (
        {"consent": {"of": ["buyer", "merchant"]}, "windows": {"consent": "3 d"}},
        ended_for(codes.NOBODY_CONSENTED, codes.BY_RULING),
    ),
    "offers of both sides": (
        {"offers": {"enabled": True}, "windows": {"offers": "0 h"}, "negotiation": {"rounds": 1}},
        ended_for(codes.OFFERS_MET, codes.OFFICERS_OFFER, codes.BY_RULING),
    ),
    "offers, either takes": (
        {"offers": {"enabled": True, "officer_needs": "either"}},
        ended_for(codes.OFFICERS_OFFER, codes.BY_RULING),
    ),
    "the platform steps in": (
        {"negotiation": {"escalation": "automatic"}},
        noted(codes.STEPPED_IN, codes.FILED),
    ),
    "the loser pays": (
        {"screening": {"filing_fee": 6, "merchant_fee": 1, "loser_pays": True}, "answer": {"fee": 9}},
        lambda run: run.disputes["merchant_fees"].max() >= 10 and run.disputes["buyer_fees"].max() >= 9,
    ),
    "fees that must be matched": (
        {"review": {"limit": 2, "fee_fixed": 6, "match_share": 3, "new_evidence": False}},
        noted(codes.FEE_MATCHED_EVENT, codes.FEE_NOT_MATCHED_EVENT),
    ),
    "required proof": (
        {"answer": {"required": ["dispatch_record", "chat_log"]}},
        noted(codes.RULED_BY_RULE, codes.RULED_EVENT),
    ),
    "decided unheard": (
        {
            "decision": {"automatic": {"enabled": True, "ex_parte": True, "max_amount": 300}},
            "review": {"who": ["merchant"]},
        },
        lambda run: bool(
            (run.disputes["first_upheld"] & ~run.disputes["answered"] & (run.disputes["reviews"] > 0)).any()
        ),
    ),
    "return without a reason": (
        {"returns": {"no_reason": True}},
        lambda run: bool(run.disputes["no_reason"].any()),
    ),
    "the platform makes good": (
        {
            "review": {"who": ["merchant"], "new_evidence": False},
            "funding": {"platform_after_review": True, "platform_below": 100, "platform_cap": 60},
        },
        lambda run: run.disputes["spared"].max() > 0,
    ),
    "a model that asks": (
        {"decision": {"decider": "model", "model": {"sure_from": 0.8, "requests": True, "audit_share": 0.2}}},
        noted(codes.MODEL_RULED, codes.MODEL_UNSURE, codes.MODEL_AUDITED, codes.MORE_REQUESTED),
    ),
    "a model reviews": (
        {"review": {"decider": "model", "new_evidence": False, "limit": 2}},
        noted(codes.MODEL_RULED),
    ),
    "the platform's own deadline": (
        {"decision": {"deadline": "2 h", "overdue": "close"}},
        noted(codes.DECISION_OVERDUE),
    ),
    "monitoring by rate": (
        {
            "sanctions": {
                "monitoring": {"rate": 0.02, "period": "10 d", "fee": 9, "points": 1, "suspended_for": "5 d"}
            }
        },
        noted(codes.MERCHANT_MONITORED, codes.MERCHANT_SUSPENDED),
    ),
    "credits and clocks": (
        {
            "screening": {
                "counts_from": "payment",
                "earliest": "8 d",
                "filing_fee": 9,
                "filing_credit": 5,
                "merchant_fee": 7,
                "merchant_credit": 3,
            },
            "funding": {"provisional": True},
        },
        lambda run: set(run.disputes["buyer_fees"].tolist()) == {0.0, 4.0, 9.0},
    ),
    "classes and short work first": (
        {
            "decision": {"discipline": "shortest", "noise_factor": 0.5},
            "exceptions": {
                "small": {"when": {"amount_below": 100}, "changes": {"decision": {"priority": 2}}}
            },
        },
        noted(codes.RULED_EVENT),
    ),
}
