"""The small scenario with talks about remedies: harms of all sizes, salvage, hostile merchants."""

from __future__ import annotations

from typing import Any

from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.vocabulary import GROUNDLESS_CAUSES, VALID_CAUSES
from tests.support import patch

CHANGES: dict[str, Any] = {
    "market": {"goods": {"ordinary": 2, "durable": 1, "perishable": 1, "custom": 1, "digital": 1}},
    "causes": {
        **{
            cause: {"severity": {"a": 1.8, "b": 1.4, "total": 0.05}, "salvage": 0.7} for cause in VALID_CAUSES
        },
        **{cause: {"salvage": 0.85} for cause in GROUNDLESS_CAUSES},
        "late_dispatch": {"severity": {"a": 1.2, "b": 4.0}, "salvage": 0.9, "goods_in_hand": 0.4},
        "remorse": {"salvage": 0.9, "dislike": {"a": 2.0, "b": 2.0}},
    },
    "merchants": {"groups": {"flagship": {"hostile": 0.2}, "small": {"hostile": 0.2}}},
    "behaviour": {"talks": {"enabled": True}},
}
BY_RIGHT: dict[str, Any] = {"returns": {"no_reason": True}}


def scenario(changes: dict[str, Any] | None = None) -> Scenario:
    """That scenario with changed fields."""
    return patch.scenario(patch.lay_over(CHANGES, changes or {}))


def rules(changes: dict[str, Any] | None = None) -> Policy:
    """The small policy with changed fields."""
    from tests.support import small

    return small.policy(changes)
