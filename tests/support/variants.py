"""Rule sets and worlds that between them use every rule, and how to see that a run did use it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from evenhand.sim.lifecycle import codes
from evenhand.sim.runs.records import Run
from tests.support.variants_systems import VARIANTS, noted

PANEL = {"decision": {"decider": "panel", "panel": {"size": 7, "quorum": 4}}}
CONSTANT = {"law": "constant", "value": "24 h"}
GROUPS = ("new", "regular", "power")


def panels(**changes: Any) -> dict[str, Any]:
    return {"decision": {"decider": "panel", "panel": {"size": 7, **changes}}}


def ended(ending: int) -> Callable[[Run], bool]:
    return lambda run: bool((run.disputes["ending"] == ending).any())


ZERO = dict.fromkeys(
    (
        "merchant_reply",
        "merchant_evidence",
        "buyer_evidence",
        "escalate",
        "mediate",
        "ship",
        "confirm",
        "review",
    ),
    "0 h",
)
POLICIES: dict[str, tuple[dict[str, Any], Callable[[Run], bool]]] = {
    "as it is": ({}, noted(codes.RULED_EVENT, codes.REVIEW_REQUESTED, codes.GOODS_SENT)),
    "panel": (PANEL, noted(codes.PANEL_RULED)),
    "panel that hears all": (panels(early_stop=False), noted(codes.PANEL_RULED)),
    "panel, fallback desk": (panels(quorum=7), noted(codes.NO_VERDICT, codes.RULED_EVENT)),
    "panel, fallback buyer": (panels(quorum=7, fallback="buyer"), noted(codes.NO_VERDICT)),
    "panel, fallback merchant": (panels(quorum=7, fallback="merchant"), noted(codes.NO_VERDICT)),
    "panel, two thirds": (panels(majority=0.66, size=12), noted(codes.NO_VERDICT, codes.PANEL_RULED)),
    "panels that grow": (
        {
            "review": {
                "decider": "panel",
                "limit": 3,
                "size_factor": 2,
                "size_plus": 1,
                "new_evidence": False,
            },
            **panels(size=3),
        },
        lambda run: run.disputes["reviews"].max() >= 2,
    ),
    "panel reviews the desk": (
        {"review": {"decider": "panel", "new_evidence": False}, "decision": {"panel": {"size": 9}}},
        noted(codes.RULED_EVENT, codes.PANEL_RULED),
    ),
    "mediation": (
        {"mediation": {"rounds": 3, "push": 0.3}},
        noted(codes.MEDIATION_MET, codes.MEDIATION_CLOSED),
    ),
    "short mediation": (
        {"mediation": {"rounds": 9, "push": 0}, "windows": {"mediate": "1 business days"}},
        noted(codes.MEDIATION_CLOSED),
    ),
    "automatic rule": (
        {
            "decision": {
                "automatic": {"enabled": True, "max_amount": 300, "margin": 1, "max_buyer_strikes": 1}
            }
        },
        noted(codes.RULED_BY_RULE, codes.RULED_EVENT),
    ),
    "silence: buyer wins": ({"answer": {"silence": "buyer_wins"}}, ended(codes.DEFAULTED)),
    "silence: decide on file": ({"answer": {"silence": "decide_on_file"}}, noted(codes.STAYED_SILENT)),
    "silence: close": ({"answer": {"silence": "close"}}, ended(codes.DEFAULTED)),
    "silence in talks refunds": ({"negotiation": {"silence": "refund"}}, ended(codes.DEFAULTED)),
    "no talks": ({"negotiation": {"rounds": 0}}, lambda run: run.disputes["rounds"].max() == 0),
    "no reviews": ({"review": {"limit": 0}}, lambda run: run.disputes["reviews"].max() == 0),
    "dear reviews": (
        {
            "review": {
                "limit": 2,
                "fee_fixed": 5,
                "fee_share": 0.02,
                "loser_pays": True,
                "deference": 0.3,
                "new_evidence": False,
                "other_arbiter": False,
            }
        },
        lambda run: run.disputes["merchant_fees"].max() > 0,
    ),
    "largest first": ({"decision": {"discipline": "largest_amount"}}, noted(codes.RULED_EVENT)),
    "smallest first": ({"decision": {"discipline": "smallest_amount"}}, noted(codes.RULED_EVENT)),
    "oldest first": ({"decision": {"discipline": "oldest_order"}}, noted(codes.RULED_EVENT)),
    "gates": (
        {
            "screening": {
                "mode": "automatic",
                "minimum_evidence": 2,
                "request_cap": 1,
                "abuse_limit": 1,
                "filing_fee": 2,
            },
            "sanctions": {"strike_for_loss": True},
        },
        lambda run: (
            {codes.TOO_LITTLE_EVIDENCE, codes.BUYER_RECORD, codes.TOO_MANY_REQUESTS}
            <= set(run.disputes["reason"].tolist())
        ),
    ),
    "platform pays": (
        {"funding": {"payer": "platform"}},
        lambda run: run.disputes["platform_paid"].sum() > 0,
    ),
    "platform pays small ones": (
        {
            "funding": {"platform_below": 80, "platform_if_rating": 0.7},
            "decision": {"remedy": "proportional"},
        },
        lambda run: run.disputes["platform_paid"].sum() > 0 < run.disputes["merchant_paid"].sum(),
    ),
    "business days": (
        {"windows": dict.fromkeys(ZERO, "2 business days") | {"file": "9 business days"}},
        noted(codes.STAYED_SILENT, codes.LAPSED_EVENT),
    ),
    "short time to file": ({"windows": {"file": "4 d"}}, noted(codes.LAPSED_EVENT)),
    "zero windows": ({"windows": ZERO}, noted(codes.LAPSED_EVENT)),
    "zero windows, no talks": (
        {"windows": {**ZERO, "escalate": "7 d"}, "negotiation": {"rounds": 0}},
        noted(codes.STAYED_SILENT, codes.RULING_FINAL),
    ),
    "reforms": (
        {
            "reforms": [
                {"starts": 15, "changes": {"answer": {"silence": "close"}, "review": {"limit": 3}}},
                {
                    "starts": 25,
                    "changes": {
                        "decision": {"decider": "panel", "panel": {"size": 5}},
                        "windows": {"file": "4 d"},
                    },
                },
            ]
        },
        lambda run: set(run.disputes["version"].tolist()) == {0, 1, 2},
    ),
    "retroactive reform": (
        {
            "reforms": [
                {
                    "starts": 20,
                    "retroactive": True,
                    "changes": {
                        "mediation": {"rounds": 2, "push": 0.5},
                        "negotiation": {"rounds": 1},
                        "windows": {"review": "1 d"},
                    },
                }
            ]
        },
        noted(codes.MEDIATION_MET, codes.RULED_EVENT),
    ),
    **VARIANTS,
}
SCENARIOS: dict[str, dict[str, Any]] = {
    "delays that tie": {
        "buyers": {
            "groups": {
                g: {
                    "promptness": CONSTANT,
                    "patience": {"law": "constant", "value": "48 h"},
                    "filing_delay": CONSTANT,
                }
                for g in GROUPS
            }
        },
        "merchants": {"reply_spread": 0, "groups": {g: {"reply": CONSTANT} for g in ("flagship", "small")}},
        "market": {"delivery": CONSTANT},
        "review_request": CONSTANT,
        "shipping": CONSTANT,
        "confirming": CONSTANT,
        "jurors": {"vote_delay": CONSTANT},
        "desks": {
            d: {"service": {"law": "constant", "value": "1 h"}} for d in ("screening", "decision", "review")
        },
    },
    "hurry": {
        "shipping": {"law": "constant", "value": 0},
        "confirming": {"law": "constant", "value": 0},
        "desks": {"decision": {"service": {"law": "constant", "value": 0}}},
    },
    "overload": {"desks": {"decision": {"staff": 1, "service": {"law": "constant", "value": "4 h"}}}},
    "open loop": {"behaviour": {"open_loop": True}},
    "nothing happens": {"market": {"orders_per_day": 1e-9}},
}
