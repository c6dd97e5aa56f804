"""The worlds of the studies: shipped scenarios with changed fields, and a court without a market."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand import scenarios, sim
from evenhand.sim.jit.cache import is_warm
from evenhand.sim.runs.experiment import EngineName
from evenhand.sim.runs.records import LABELS, Columns

HERE = Path(__file__).parent
SEED = 20261123
FEW = 3
"""Worlds that repay no compiling, where nothing is compiled yet."""


def court(changes: dict[str, Any] | None = None) -> sim.Scenario:
    """A court without a market: every case is filed at once, and ready to be decided at once."""
    return laid_over(scenarios.load(HERE / "court.yaml"), changes or {})


def court_rules(changes: dict[str, Any] | None = None) -> sim.Policy:
    """Its rules: nobody waits, nobody asks for a review."""
    return rules_over(scenarios.policy(HERE / "court_rules.yaml"), changes or {})


def laid_over(scenario: sim.Scenario, changes: dict[str, Any]) -> sim.Scenario:
    """A scenario with changed fields; a law of another kind replaces the old one whole."""
    return sim.Scenario.model_validate(_merged(scenario.model_dump(by_alias=True), changes))


def rules_over(policy: sim.Policy, changes: dict[str, Any]) -> sim.Policy:
    """A policy with changed fields."""
    return sim.Policy.model_validate(_merged(policy.model_dump(by_alias=True), changes))


def _merged(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in changes.items():
        old = merged.get(key)
        if isinstance(old, dict) and isinstance(value, dict) and value.get("law") in {None, old.get("law")}:
            merged[key] = _merged(old, value)
        else:
            merged[key] = value
    return merged


def lived(scenario: sim.Scenario, policy: sim.Policy, worlds: int, days: int) -> Iterator[Columns]:
    """The disputes of each world, in the order of their numbers."""
    engine: EngineName = "numba" if worlds > FEW or is_warm() else "simpy"
    for part in sim.iterate(
        scenario, policy, seed=SEED, replications=worlds, days=days, engine=engine, events=False
    ):
        order = np.argsort(part.disputes["dispute"], kind="stable")
        yield {name: column[order] for name, column in part.disputes.items()}


def word(disputes: Columns, column: str, *words: str) -> NDArray[np.bool_]:
    """Which disputes have one of these words in a column. Raises ValueError for one that is none."""
    numbers = [LABELS[column].index(one) for one in words]
    return np.isin(disputes[column], numbers)


def share(of: NDArray[np.bool_], among: NDArray[np.bool_]) -> float:
    """A share; NaN among none."""
    return float((of & among).sum() / among.sum()) if among.any() else float("nan")
