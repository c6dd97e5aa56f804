"""Shared evidence with everything on, as changes to the small scenario and the small policy."""

from __future__ import annotations

from typing import Any

from evenhand.sim.scenario.vocabulary import VALID_CAUSES

_STRENGTHS = {
    "photo": 1.2,
    "video": 1.2,
    "chat_log": 0.6,
    "dispatch_record": 0.9,
    "purchase_voucher": 0.7,
    "product_page": 0.8,
    "logistics_trace": 0.6,
    "packaging": 0.7,
    "quality_record": 0.8,
}
SCENARIO: dict[str, Any] = {
    "causes": {cause: {"evidence": _STRENGTHS} for cause in VALID_CAUSES},
    "buyers": {
        "groups": {
            "new": {"clarity": 0.6, "keeps_packaging": 0.5},
            "regular": {"clarity": 0.8, "keeps_packaging": 0.7},
        }
    },
    "evidence": {
        "model": "shared",
        "held_by_buyer": {"photo": 0.8, "video": 0.4, "chat_log": 0.7, "product_page": 0.3},
        "held_by_merchant": {
            "dispatch_record": 0.6,
            "purchase_voucher": 0.5,
            "chat_log": 0.6,
            "quality_record": 0.3,
        },
        "unclear_factor": 0.6,
        "emotional_cost": 0.2,
        "brings": 0.6,
        "rebuttal_share": 0.5,
        "rebuttal_strength": 0.5,
        "forged_videos": 0.3,
        "machine_made": 0.4,
    },
}
POLICY: dict[str, Any] = {
    "evidence": {
        "platform_sees": {"chat_log": 0.9, "product_page": 0.8, "logistics_trace": 1.0},
        "packaging_causes": ["quality_defect", "counterfeit"],
        "packaging_inference": 0.5,
    },
    "answer": {"rebuttal": True, "requested": ["dispatch_record"], "non_cooperation": 0.5},
    "decision": {
        "checks": {
            "detectors": {
                "photo": {"detection": 0.7, "machine_made": 0.3, "false_alarms": 0.1, "cost": 2},
                "purchase_voucher": {"detection": 0.6, "false_alarms": 0.05},
            },
            "on_request": True,
            "request_fee": 1,
        }
    },
}
