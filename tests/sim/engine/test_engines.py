"""One lifecycle, two engines: the readable one and the fast one agree to the last bit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from evenhand.sim.engine.simpy_loop import move_all
from evenhand.sim.lifecycle import codes
from evenhand.sim.lifecycle.codes import END, NO_DESK, STAGES
from evenhand.sim.lifecycle.state import DeskState
from evenhand.sim.runs.experiment import Experiment
from evenhand.sim.runs.runner import simulate
from evenhand.sim.runs.trial import live
from evenhand.sim.sampling.streams import Luck
from evenhand.sim.sampling.world import Extent, draw_world
from tests.support import patch, small
from tests.support.invariants import check
from tests.support.runs import compiled, differing, simpy
from tests.support.variants import POLICIES, SCENARIOS

DAYS = 45


@pytest.mark.parametrize("name", POLICIES)
def test_both_engines_give_the_same_records_to_the_last_bit(name: str) -> None:
    """The fast engine may only be trusted because the readable one says the same, under every rule."""
    changes, happened = POLICIES[name]
    scenario, policy = small.scenario(), small.policy(changes)
    fast = compiled(scenario, policy, seed=3, days=DAYS)
    assert differing(fast, simpy(scenario, policy, seed=3, days=DAYS)) == []
    assert happened(fast), "the rule that this case is about was never used"
    check(fast)


@pytest.mark.parametrize("rules", ["as it is", "panel", "mediation", "largest first"])
@pytest.mark.parametrize("name", SCENARIOS)
def test_both_engines_agree_in_unusual_worlds(name: str, rules: str) -> None:
    """Ties, empty queues, full queues and empty markets are where engines would differ."""
    scenario, policy = patch.scenario(SCENARIOS[name]), small.policy(POLICIES[rules][0])
    fast = compiled(scenario, policy, seed=4, days=DAYS)
    assert differing(fast, simpy(scenario, policy, seed=4, days=DAYS)) == []
    assert (len(fast) == 0) == (name == "nothing happens")
    if len(fast):
        check(fast)


def test_constant_delays_really_tie() -> None:
    """The test above would prove little if nothing fell on the same instant."""
    run = compiled(patch.scenario(SCENARIOS["delays that tie"]), small.policy(), seed=4, days=DAYS)
    pairs = np.unique(np.stack([run.events["time"], run.events["case"]]), axis=1)
    assert len(pairs[0]) - len(np.unique(pairs[0])) > 50


@pytest.mark.parametrize("engine", ["simpy", "numba"])
def test_without_events_only_the_log_is_empty(engine: Any) -> None:
    """Leaving out the log must not change what happens."""
    scenario, policy = small.scenario(), small.policy()
    kept = simulate(scenario, policy, days=DAYS, engine=engine)
    left = simulate(scenario, policy, days=DAYS, engine=engine, events=False)
    assert len(left.events["case"]) == 0 < len(kept.events["case"])
    assert [name for name in differing(kept, left) if not name.startswith("events.")] == []


def test_auto_takes_one_of_the_two_engines_and_says_which() -> None:
    """Which engine ran is on record, and makes no difference to anything else."""
    scenario, policy = small.scenario(), small.policy()
    run = simulate(scenario, policy, days=30)
    assert run.engine in {"simpy", "numba"}
    assert differing(run, compiled(scenario, policy, days=30)) == []


def test_the_trace_tells_every_wakeup_in_order() -> None:
    """A trace is how one follows a run: complete, and never back in time."""
    told: list[tuple[float, int, int]] = []
    scenario, policy, luck = small.scenario(), small.policy(), Luck(1, 0)
    world = draw_world(scenario, Extent.of(policy), luck, 30)
    part = live(
        Experiment.of(scenario, policy, days=30, engine="simpy"),
        world,
        0,
        trace=lambda now, d, at: told.append((now, d, at)),
    )
    times = [now for now, _, _ in told]
    assert times == sorted(times)
    assert {stage for _, _, stage in told} <= set(range(len(STAGES)))
    assert set(part.disputes["dispute"].tolist()) <= {d for _, d, stage in told if stage == codes.NOTICE}


def test_unknown_engines_and_bad_numbers_are_refused() -> None:
    """An argument is used or refused, never ignored."""
    scenario, policy = small.scenario(), small.policy()
    with pytest.raises(ValueError, match="engine: must be one of auto, simpy, numba, found 'sundial'"):
        simulate(scenario, policy, engine="sundial")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="replications must be 1 or more"):
        simulate(scenario, policy, replications=0)
    with pytest.raises(ValueError, match="seed must be 0 or more"):
        simulate(scenario, policy, seed=-1)
    with pytest.raises(ValueError, match="a decision rule in Python runs under the SimPy engine"):
        simulate(scenario, policy, engine="numba", decide=lambda file: 0.0)


# The engine alone, with stages made up for the occasion.


def moved(
    plan: dict[int, list[tuple[int, float, int, float]]],
    arrivals: list[float],
    horizon: float = 100.0,
    staff: int = 1,
) -> list[tuple[float, int, int]]:
    """Wake-ups (time, dispute, stage) of disputes that follow a plan of moves."""
    told: list[tuple[float, int, int]] = []
    left = {d: list(moves) for d, moves in plan.items()}

    def advance(at: int, d: int, now: float) -> tuple[int, float, int, float]:
        told.append((now, d, at))
        return left[d].pop(0) if left[d] else (END, 0.0, NO_DESK, 0.0)

    desk = DeskState(staff=staff)
    move_all(arrivals, horizon, advance, lambda desk, now, hours: hours, [desk])
    assert desk.waiting >= 0 <= desk.busy
    return told


def test_a_desk_serves_the_lowest_priority_number_then_the_first_who_came() -> None:
    """Nobody overtakes an equal."""
    plan = {d: [(1, 2.0, 0, priority)] for d, priority in enumerate([5.0, 3.0, 1.0, 3.0])}
    told = moved(plan, [0.0, 1.0, 1.0, 1.0])
    assert [(d, now) for now, d, stage in told if stage == 1] == [(0, 2.0), (2, 4.0), (1, 6.0), (3, 8.0)]


def test_at_the_same_time_arrivals_come_first_then_the_order_of_scheduling() -> None:
    """Ties never depend on how a heap happens to be laid out."""
    plan = {0: [(2, 5.0, NO_DESK, 0.0)], 1: [(2, 4.0, NO_DESK, 0.0)], 2: [(2, 0.0, NO_DESK, 0.0)]}
    told = moved(plan, [0.0, 1.0, 5.0])
    assert told == [(0.0, 0, 0), (1.0, 1, 0), (5.0, 2, 0), (5.0, 0, 2), (5.0, 1, 2), (5.0, 2, 2)]


def test_what_is_due_at_the_horizon_does_not_happen() -> None:
    """A run of 10 hours ends before hour 10."""
    plan = {0: [(1, 10.0, NO_DESK, 0.0)], 1: [(1, np.nextafter(10.0, 0.0), NO_DESK, 0.0)]}
    assert [d for _, d, stage in moved(plan, [0.0, 0.0], horizon=10.0) if stage == 1] == [1]
    assert moved({0: []}, [10.0], horizon=10.0) == []
