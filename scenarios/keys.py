"""Keys by content: runs with one key have the same numbers, whatever is written beside them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from evenhand.scenarios.provenance import TEXTS
from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.scenario import Scenario

_WORDS = frozenset({"title", "description", *TEXTS})
_NAMED = ("kind", "name")


def content_key(model: Scenario | Policy) -> str:
    """Hash of everything that a result can depend on: SHA-256 in hexadecimal digits.

    Names, titles, descriptions and provenance are left out. The order of groups and exceptions counts,
    since it is the order of their numbers in the records.
    """
    return _digest(_content(model))


def plan_key(
    scenario: Scenario,
    policies: Sequence[Policy],
    *,
    seed: int,
    days: int,
    replications: int,
    open_loop: bool | None = None,
    versions: Mapping[str, str] | None = None,
    cohort: str | None = None,
) -> str:
    """Hash of a whole plan: the same key means the same numbers, so an earlier run can be opened instead.

    `versions` are those of the program and of what it computes with. How a run is carried out (its engine,
    its jobs) is left out, because no number depends on it. `cohort` says in words which disputes count.
    """
    counted = {} if cohort is None else {"cohort": cohort}
    return _digest(
        {
            **counted,
            "scenario": _content(scenario),
            "policies": [_content(policy) for policy in policies],
            "seed": seed,
            "days": days,
            "replications": replications,
            "open_loop": scenario.behaviour.open_loop if open_loop is None else open_loop,
            "versions": dict(sorted((versions or {}).items())),
        }
    )


def _content(model: Scenario | Policy) -> Any:
    content = _bare(model.model_dump(mode="json", by_alias=True))
    for name in _NAMED:
        content.pop(name, None)
    for festival in content.get("market", {}).get("festivals", ()):
        festival.pop("name", None)
    return content


def _bare(part: Any) -> Any:
    """Data without the words beside its numbers."""
    if isinstance(part, dict):
        # a group of people may be called so too
        words = {key for key in part.keys() & _WORDS if isinstance(part[key], str)}
        return {key: _bare(value) for key, value in part.items() if key not in words}
    return [_bare(item) for item in part] if isinstance(part, (list, tuple)) else part


def _digest(content: Any) -> str:
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
