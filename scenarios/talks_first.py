"""Automatic decisions that talks come before: what somebody who wants a refund at once should hear."""

from __future__ import annotations

from collections.abc import Iterable

from evenhand.scenarios.problems import Problem
from evenhand.scenarios.reader import Loaded
from evenhand.sim.policy.policy import Policy

SWITCH = "decision.automatic.enabled"
SAID = (
    "talks come first: only what they do not settle, and is then filed, is decided by this rule. Before the "
    "talks, write beside it 'negotiation: {rounds: 0, required: false}', and 'decision.automatic.ex_parte: "
    "true' to decide before the merchant is heard"
)


def talks_first(policy: Loaded, paths: Iterable[str]) -> list[Problem]:
    """A note for each place where a file itself turns automatic decisions on behind talks."""
    rules = policy.model
    assert isinstance(rules, Policy)
    found = []
    for path in paths:
        if path == SWITCH:
            plan = rules.under(())
        elif path.startswith("exceptions.") and path.endswith(f".changes.{SWITCH}"):
            plan = rules.under({path.removeprefix("exceptions.").removesuffix(f".changes.{SWITCH}")})
        else:
            continue
        if plan.decision.automatic.enabled and plan.negotiation.rounds:
            found.append(Problem(policy.place_of(path), path, SAID))
    return found
