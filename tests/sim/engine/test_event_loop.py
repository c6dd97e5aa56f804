"""The compiled engine with stages of its own: blocks, slots and buffers of any size, one result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numba
import numpy as np
import pytest
from numpy.typing import NDArray

from evenhand.sim.engine.event_loop import (
    DONE,
    DRAIN,
    GROW,
    NEXT,
    START,
    Engine,
    grow_engine,
    move_block,
    new_engine,
    used_slots,
    work,
)
from evenhand.sim.engine.simpy_loop import move_all
from evenhand.sim.jit.struct_pointer import by_address
from evenhand.sim.jit.structs import table
from evenhand.sim.lifecycle.codes import END, NO_DESK
from evenhand.sim.lifecycle.state import DeskState

STEPS = 5
STAFF = (1, 3)


class Plan(NamedTuple):
    """What every dispute will do: at each step, wait or be served, for so long, so urgently."""

    arrivals: NDArray[np.float64]
    comes: NDArray[np.bool_]
    hours: NDArray[np.float64]
    desk: NDArray[np.int64]
    priority: NDArray[np.float64]
    steps: NDArray[np.int64]


def plan(n: int, seed: int, *, whole: bool) -> Plan:
    """A plan for n disputes; in whole hours nearly everything ties."""
    luck = np.random.default_rng(seed)
    arrivals, hours = np.sort(luck.random(n) * n / 2), luck.exponential(2.0, (n, STEPS))
    if whole:
        arrivals, hours = np.floor(arrivals), np.floor(hours)
    return Plan(
        arrivals,
        luck.random(n) < 0.8,
        hours,
        luck.integers(-1, len(STAFF), (n, STEPS)),
        luck.integers(0, 3, (n, STEPS)).astype(float),
        luck.integers(0, STEPS + 1, n),
    )


class World(NamedTuple):
    """The plan as it is, the number of the block's first dispute, and who is in each slot."""

    comes: Any
    hours: Any
    desk: Any
    priority: Any
    steps: Any
    first: int
    who: Any


class State(NamedTuple):
    """Desks, and a buffer of (hour, dispute, stage) with the number of entries."""

    desks: Any
    log: Any
    count: Any


@numba.njit
def step(at: int, d: int, now: float, world: Any, policy: Any, state: Any) -> Any:
    who = world.who[d]
    row = state.log[state.count[0]]
    row.now, row.who, row.at = now, who, at
    state.count[0] += 1
    if at == world.steps[who]:
        return END, 0.0, NO_DESK, 0.0
    return at + 1, world.hours[who, at], world.desk[who, at], world.priority[who, at]


@numba.njit
def takes(desk: int, now: float, hours: float, world: Any) -> float:
    return hours + desk


@numba.njit
def stays(d: int, now: float, state: Any) -> float:
    return np.inf


@numba.njit
def arrive(i: int, d: int, now: float, world: Any, policy: Any, state: Any) -> bool:
    if not world.comes[world.first + i]:
        return False
    world.who[d] = world.first + i
    return True


@numba.njit
def leave(d: int, now: float, world: Any, policy: Any, state: Any) -> None:
    world.who[d] = -1


@numba.njit
def full(state: Any) -> bool:
    return bool(state.count[0] == len(state.log))


@numba.njit
def _run(arrivals: Any, last: bool, horizon: float, world: Any, state: Any, engine: Any) -> int:
    return move_block(
        step,
        takes,
        stays,
        arrive,
        leave,
        full,
        arrivals,
        last,
        horizon,
        by_address(world),
        0,
        by_address(state),
        by_address(engine),
    )


LOG = np.dtype([("now", np.float64), ("who", np.int64), ("at", np.int64)], align=True)
Log = list[tuple[float, int, int]]


@dataclass
class Result:
    """What happened, who is still there, how the desks stand, why calls returned, the work done."""

    log: Log = field(default_factory=list)
    open: set[int] = field(default_factory=set)
    desks: list[Any] = field(default_factory=list)
    returns: list[int] = field(default_factory=list)
    work: dict[str, int] = field(default_factory=dict)


def by_engine(
    plan: Plan, horizon: float, block: int = 1000, slots: int = 1000, buffer: int = 5000, grow: int = 1
) -> Result:
    """Run a plan through the engine in blocks, with so many slots at first and so large a buffer."""
    state = State(
        table(DeskState, len(STAFF), staff=STAFF),
        np.zeros(buffer, LOG),
        np.zeros(1, np.int64),
    )
    engine: Engine = new_engine(slots, len(STAFF))
    world = World(*plan[1:], 0, np.full(slots, -1, np.int64))
    n, start, result = len(plan.arrivals), 0, Result()
    while not result.returns or result.returns[-1] != DONE:
        arrivals = plan.arrivals[start : start + block]
        status = _run(arrivals, start + block >= n, horizon, world, state, engine)
        result.returns.append(status)
        if status == NEXT:
            start += block
            world = world._replace(first=start)
        elif status == GROW:
            slots += grow
            engine = grow_engine(engine, slots)
            world = world._replace(who=np.append(world.who, np.full(grow, -1)))
        result.log += state.log[: state.count[0]].tolist()
        state.count[0] = 0
    used = used_slots(engine)
    assert np.array_equal(used, np.flatnonzero(world.who >= 0))
    result.open, result.desks, result.work = set(world.who[used].tolist()), state.desks.tolist(), work(engine)
    return result


def by_simpy(plan: Plan, horizon: float) -> tuple[Log, list[Any]]:
    """The same under the SimPy engine, as fast as Python goes."""
    log: Log = []
    desks = [DeskState(staff=staff) for staff in STAFF]

    def advance(at: int, d: int, now: float) -> tuple[int, float, int, float]:
        if not plan.comes[d]:
            return END, 0.0, NO_DESK, 0.0
        log.append((now, d, at))
        if at == plan.steps[d]:
            return END, 0.0, NO_DESK, 0.0
        return at + 1, float(plan.hours[d, at]), int(plan.desk[d, at]), float(plan.priority[d, at])

    arrivals: list[float] = plan.arrivals.tolist()
    move_all(arrivals, horizon, advance, lambda desk, _, hours: hours + desk, desks)
    return log, [(desk.staff, desk.busy, desk.waiting) for desk in desks]


@pytest.mark.parametrize("horizon", [5.0, 40.0, 1e6, float("inf")])
@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_the_numba_engine_does_what_the_simpy_engine_does(seed: int, whole: bool, horizon: float) -> None:
    """The rules of order are written down in the SimPy engine; ties are where they show."""
    drawn = plan(150, seed, whole=whole)
    result = by_engine(drawn, horizon)
    assert (result.log, result.desks) == by_simpy(drawn, min(horizon, 1e9))
    assert len(result.log) > 0
    ended = {who for _, who, at in result.log if at == drawn.steps[who]}
    assert result.open == {who for _, who, _ in result.log} - ended


SIZES: list[Callable[[int], dict[str, int]]] = [
    lambda n: {"block": 1},
    lambda n: {"block": 7},
    lambda n: {"slots": 1},
    lambda n: {"slots": 3, "grow": 5},
    lambda n: {"buffer": 1},
    lambda n: {"block": 1, "slots": 1, "buffer": 1},
    lambda n: {"block": n - 1, "slots": 2, "buffer": 2},
]


@pytest.mark.parametrize("horizon", [30.0, float("inf")])
@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("sizes", SIZES)
def test_blocks_slots_and_buffers_of_any_size_give_the_same(
    sizes: Callable[[int], dict[str, int]], whole: bool, horizon: float
) -> None:
    """They are how a run is carried out, and say nothing about what is run."""
    n = 150
    drawn, given = plan(n, 9, whole=whole), sizes(n)
    roomy, tight = by_engine(drawn, horizon), by_engine(drawn, horizon, **given)
    assert (tight.log, tight.open, tight.desks) == (roomy.log, roomy.open, roomy.desks)
    # the width is looked at when there is reason to, and reasons include how many slots there are
    for name in ("wakeups", "pushes", "pops", "joins"):
        assert tight.work[name] == roomy.work[name]
    reasons = {"block": NEXT, "slots": GROW, "buffer": DRAIN}
    if horizon > drawn.arrivals[-1]:
        assert {reasons[name] for name in given if name in reasons} <= set(tight.returns)
    assert roomy.returns == [DONE]


def test_every_wakeup_is_counted_once() -> None:
    """Work is compared between versions, so it must not depend on how often a call came back."""
    drawn = plan(200, 3, whole=False)
    done = by_engine(drawn, float("inf"), block=3, slots=1, buffer=1)
    comes = int(drawn.comes.sum())
    assert done.work["wakeups"] == len(done.log) + 200 - comes
    assert done.work["pushes"] == done.work["pops"] == len(done.log) - comes
    assert 0 < done.work["joins"] < done.work["pushes"]


def test_an_empty_block_is_nothing_and_an_empty_run_is_done() -> None:
    """A market without grievances is a market, too."""
    nothing = plan(0, 1, whole=False)
    assert by_engine(nothing, float("inf")).returns == [DONE]


def test_nothing_happens_before_the_next_block_is_known() -> None:
    """Its first arrival may come before whatever is due."""
    drawn = plan(50, 4, whole=True)
    result = by_engine(drawn, float("inf"), block=5)
    assert result.returns == [NEXT] * 9 + [DONE]


def test_slots_are_used_again() -> None:
    """Memory follows how many are open at once: here never more than a few dozen of two thousand."""
    drawn = plan(2000, 5, whole=False)._replace(desk=np.full((2000, STEPS), -1))
    result = by_engine(drawn, float("inf"), slots=1)
    assert result.returns.count(GROW) < 60


@pytest.mark.parametrize("capacity", [0, 3, 2**31])
def test_an_engine_grows_and_never_shrinks(capacity: int) -> None:
    """Slots in use would be lost, and slots beyond 32 bits never found."""
    with pytest.raises(ValueError, match=f"capacity: must be 4 or more and below .*, found {capacity}"):
        grow_engine(new_engine(4, 1), capacity)


def test_arrivals_start_at_the_first_stage() -> None:
    """Whoever binds stages must know where they begin."""
    result = by_engine(plan(20, 6, whole=False), float("inf"))
    assert {at for _, _, at in result.log} >= {START}
    first = {who: at for _, who, at in reversed(result.log)}
    assert set(first.values()) == {START}
