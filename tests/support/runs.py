"""Running and comparing: what tests of the simulation core share."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand.sim.lifecycle.initial_state import fresh_state
from evenhand.sim.lifecycle.state import State
from evenhand.sim.policy.compile import flatten
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.records import Columns, Run
from evenhand.sim.runs.runner import simulate
from evenhand.sim.runs.trial import staff_of
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.scenario import Scenario

PARTS = ("disputes", "events", "merchants", "desks", "buyers")


def differing_columns(one: Columns, other: Columns) -> list[str]:
    """Names of the columns that differ in any bit."""
    assert list(one) == list(other)
    return [name for name in one if one[name].tobytes() != other[name].tobytes()]


def differing(one: Run, other: Run) -> list[str]:
    """Names of the columns of all records in which two runs differ, e.g. 'disputes.share'."""
    return [
        f"{part}.{name}"
        for part in PARTS
        for name in differing_columns(getattr(one, part), getattr(other, part))
    ]


def where(columns: Columns, mask: NDArray[np.bool_]) -> Columns:
    """The rows of some columns for which a mask holds."""
    return {name: values[mask] for name, values in columns.items()}


def compiled(scenario: Scenario, policy: Policy, **arguments: Any) -> Run:
    """A run of the Numba engine."""
    return simulate(scenario, policy, engine="numba", **arguments)


def simpy(scenario: Scenario, policy: Policy, **arguments: Any) -> Run:
    """A run of the SimPy engine."""
    return simulate(scenario, policy, engine="simpy", **arguments)


def words(run: Run, column: str, part: str = "disputes") -> NDArray[np.str_]:
    """A column of numbers as the words they stand for."""
    labels: NDArray[np.str_] = np.asarray(run.labels(column))
    return np.asarray(labels[getattr(run, part)[column]])


def with_cases(world: World, **columns: Any) -> World:
    """The same world, but for some columns of its cases."""
    cases: Any = world.cases
    cases = cases.copy()
    for name, values in columns.items():
        cases[name] = values
    return world._replace(cases=cases)


def outcome(world: World, scenario: Scenario, policy: Policy, days: int) -> State:
    """What the Numba engine makes of a world that a test has changed."""
    from evenhand.sim.engine.numba_engine import run_compiled

    state = fresh_state(world, staff_of(scenario), events=True)
    run_compiled(world, flatten(policy, scenario), state, 24.0 * days)
    return state


def changed_disputes(one: State, other: State, but: tuple[str, ...] = ()) -> NDArray[np.int64]:
    """Which disputes went differently in any way but those left out."""
    a: Any = one.disputes
    b: Any = other.disputes
    different = np.zeros(len(a), bool)
    for name in set(a.dtype.names) - set(but):
        same = (a[name] == b[name]) | ((a[name] != a[name]) & (b[name] != b[name]))  # NaN
        different |= ~same
    return np.flatnonzero(different)
