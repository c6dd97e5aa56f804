"""The small market whose people do something after they have filed, and rules under which they can."""

from __future__ import annotations

from typing import Any

from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.scenario import Scenario
from tests.support import patch, respond, talking

ON: dict[str, Any] = {
    "behaviour": {
        "after_filing": {
            "waiting": {"enabled": True},
            "opinions": {"enabled": True},
            "consent": {"enabled": True},
            "complies": 0.6,
        }
    }
}
CURE: dict[str, Any] = {"screening": {"not_admitted": "cure", "minimum_evidence": 2}}
ANYHOW: dict[str, Any] = {"review": {"new_evidence": False}}
"""A review needs nothing new."""


def scenario(changes: dict[str, Any] | None = None) -> Scenario:
    """The market with talks about remedies, contests, all that people do after filing, and changed fields."""
    whole = patch.lay_over(patch.lay_over(talking.CHANGES, respond.CONTEST), ON)
    return patch.scenario(patch.lay_over(whole, changes or {}))


def only(part: str, enabled: bool = True, **settings: Any) -> Scenario:
    """The same market with one mechanism on or off, and the other two off."""
    parts = {name: {"enabled": False} for name in ("waiting", "opinions", "consent")}
    parts[part] = {"enabled": enabled, **settings}
    return scenario({"behaviour": {"after_filing": parts}})


def rules(changes: dict[str, Any] | None = None) -> Policy:
    """The small policy with changed fields."""
    return talking.rules(changes)
