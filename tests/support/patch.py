"""Laying changes over a scenario or policy in which another law replaces the old one whole."""

from __future__ import annotations

from typing import Any

from evenhand.sim.scenario.scenario import Scenario
from tests.support import small


def lay_over(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Like `sim.policy.policy.merge`, but a law is one value: its parameters do not mix with another's."""
    merged = dict(base)
    for key, value in changes.items():
        old = merged.get(key)
        mixes = isinstance(old, dict) and isinstance(value, dict) and "law" not in value
        merged[key] = lay_over(old, value) if mixes else value  # type: ignore[arg-type]
    return merged


def scenario(changes: dict[str, Any] | None = None) -> Scenario:
    """The small scenario with changed fields and laws."""
    return Scenario.model_validate(lay_over(small.SCENARIO, changes or {}))


def nested(path: str, value: Any) -> dict[str, Any]:
    """Changes that set one field, given by its dotted path."""
    for key in reversed(path.split(".")):
        value = {key: value}
    return dict(value)
