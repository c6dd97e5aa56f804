"""Numba event loop, generic over stages: recycled slots, an event queue, desks with priority queues.

An open dispute occupies a slot, which is reused when it closes, so memory grows with the number open
at once, not with the number ever opened. Arrivals come in blocks, and finished disputes leave
through buffers, so a run has no length that it must know beforehand.

Same rules as the SimPy engine: (time, order of scheduling), arrivals first, and a desk that becomes
free schedules the next in line before the leaver moves on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evenhand.sim.engine.event_queue import (
    FIRST_LOOK,
    FREE,
    GAUGE,
    NEAR,
    NOBODY,
    SLOT,
    TABLE,
    schedule,
    soonest,
    take,
    wide,
)
from evenhand.sim.engine.priority_queue import join, without_first
from evenhand.sim.jit.compile import inline, jit
from evenhand.sim.jit.prefetch import aligned
from evenhand.sim.lifecycle.codes import END, NO_DESK

DONE, NEXT, DRAIN, GROW = range(4)
"""Why a block stopped: nothing more is due; the next block is wanted; the buffers are full; the slots are."""

START = 0
"""The stage of a dispute that has just arrived."""

WORK = ("wakeups", "pushes", "pops", "joins", "visits", "moves", "rebuilds")
"""What the engine counts: wake-ups, arrivals among them; put into the calendar and taken out; joins of
a line; buckets looked into; slots looked at there; changes of width."""


class Engine(NamedTuple):
    """All that the clock keeps between two blocks: the calendar, and the lines of the desks."""

    slots: NDArray[Any]
    """Rows of `SLOT`."""
    near: NDArray[Any]
    """The heap of the current bucket: rows of `NEAR`, as many as slots."""
    heads: NDArray[np.int32]
    """The first slot of each bucket's chain; the calendar uses as many as it finds useful."""
    gauge: NDArray[Any]
    """One row of `GAUGE`."""
    child: NDArray[np.int32]
    """The first child of each slot in the heap of a line."""
    lines: NDArray[np.int32]
    """The first slot in the line of each desk."""
    tables: NDArray[Any]
    """Rows of `TABLE`: what to have at hand when a slot is taken."""


def new_engine(capacity: int, desks: int) -> Engine:
    """An engine with so many free slots, at hour 0."""
    empty = Engine(
        np.zeros(0, SLOT),
        np.zeros(0, NEAR),
        np.full(2, NOBODY, np.int32),
        np.zeros(1, GAUGE),
        np.zeros(0, np.int32),
        np.full(desks, NOBODY, np.int32),
        np.zeros(1, TABLE),
    )
    gauge = empty.gauge[0]
    gauge["buckets"], gauge["rate"], gauge["credit"], gauge["free"] = 2, 1.0, FIRST_LOOK, NOBODY
    return grow_engine(empty, capacity)


def grow_engine(engine: Engine, capacity: int) -> Engine:
    """The same engine with more slots; what is in a slot stays in the slot of that number.

    Raises ValueError for a capacity below 1, below what there is, or beyond 32-bit numbers.
    """
    before = len(engine.slots)
    if not max(before, 1) <= capacity < 2**31:
        raise ValueError(f"capacity: must be {max(before, 1)} or more and below 2**31, found {capacity}")
    slots, near, child = aligned(capacity, SLOT), aligned(capacity, NEAR), np.zeros(capacity, np.int32)
    slots[:before], near[:before], child[:before] = engine.slots, engine.near, engine.child
    slots["stage"][before:] = FREE
    # The lowest number comes first, behind the slots that are free already and still warm.
    gauge = engine.gauge.copy()
    slots["next"][before:] = np.arange(before + 1, capacity + 1)
    if capacity > before:
        slots["next"][-1] = gauge["free"][0]
        gauge["free"] = before
    heads = np.full(max(len(engine.heads), 2 << int(capacity).bit_length()), NOBODY, np.int32)
    heads[: len(engine.heads)] = engine.heads
    grown = Engine(slots, near, heads, gauge, child, engine.lines.copy(), engine.tables)
    return watch(grown)


def watch(engine: Engine, *tables: tuple[NDArray[Any], int]) -> Engine:
    """The same engine, which has the rows of a slot on their way before it is taken.

    Tables come with their rows for each slot. A table may be moved or dropped at any time; only speed
    depends on it.
    """
    slots: tuple[NDArray[Any], int] = (engine.slots, 1)
    rows = [(table.ctypes.data, table.itemsize * each) for table, each in (slots, *tables)]
    return engine._replace(tables=np.array(rows, TABLE))


def used_slots(engine: Engine) -> NDArray[np.intp]:
    """The numbers of the slots whose disputes are open, rising."""
    return np.flatnonzero(engine.slots["stage"] != FREE)


def work(engine: Engine) -> dict[str, int]:
    """How much the engine has done so far, by the names in `WORK`."""
    return {name: int(engine.gauge[name][0]) for name in WORK}


@jit
def move_block(
    step: Callable[..., Any],
    takes: Callable[..., float],
    arrive: Callable[..., bool],
    leave: Callable[..., None],
    full: Callable[..., bool],
    arrivals: NDArray[np.float64],
    last: bool,
    horizon: float,
    world: Any,
    policy: Any,
    state: Any,
    engine: Any,
) -> int:
    """Move everything that is due before this block of arrivals is used up; says why it stopped.

    `arrivals` are hours in rising order, never before those of the block before. When a dispute
    arrives, `arrive(i, d, now, world, policy, state)` copies position i of the block into slot d and
    says whether anything happens at all; then `step(START, d, now, world, policy, state)` moves it.
    `step` gives the next stage, hours, desk and priority; `takes(desk, now, hours, world)` says how
    long a service of so many working hours takes. When a stage says END,
    `leave(d, now, world, policy, state)` writes the record, and the slot is free.

    `full(state)` is asked before every wake-up. Call again with the same block after DRAIN, when the
    buffers have room, and after GROW, with a larger engine: nothing is lost, and nothing done twice.
    After NEXT call with the next block; what is due then waits for it, because an arrival comes
    before anything else at its time. What is due at the horizon does not happen; it may be infinite.

    Call it in a function of your own at module level that names the first five: it is compiled for
    these, and they are not arguments at run time. Hand over all that is a wide tuple `by_address`.
    """
    slots, gauge = engine.slots, engine.gauge[0]
    while True:
        due = soonest(engine)
        i, arriving = gauge.arrived, gauge.arrived < len(arrivals)
        if not arriving and not last:
            gauge.arrived = 0
            return NEXT
        arriving = arriving and arrivals[i] <= due
        now = arrivals[i] if arriving else due
        if not now < horizon:
            return DONE
        if full(state):
            return DRAIN
        if arriving:
            d = gauge.free
            if d == NOBODY:
                return GROW
            gauge.wakeups += 1
            gauge.arrived += 1
            if not arrive(i, d, now, world, policy, state):
                continue
            gauge.free = slots[d].next
            slots[d].desk = NO_DESK
            at = wide(START)
        else:
            gauge.wakeups += 1
            d = take(engine)
            at = wide(slots[d].stage)
            if slots[d].desk != NO_DESK:
                serve_next(takes, wide(slots[d].desk), now, world, state, engine)
        then, hours, desk, priority = step(at, d, now, world, policy, state)
        slots[d].stage = then
        slots[d].desk = desk
        if then == END:
            leave(d, now, world, policy, state)
            slots[d].next = gauge.free
            gauge.free = d
        else:
            go_on(takes, d, now, hours, desk, priority, world, state, engine)


@inline
def go_on(
    takes: Callable[..., float],
    d: int,
    now: float,
    hours: float,
    desk: int,
    priority: float,
    world: Any,
    state: Any,
    engine: Any,
) -> None:
    """Schedule the next event of slot d: after a delay, or at a desk, now or through its queue."""
    if desk == NO_DESK:
        schedule(engine, d, now + hours)
        return
    room = state.desks[desk]
    if room.busy < room.staff:
        room.busy += 1
        schedule(engine, d, now + takes(desk, now, hours, world))
        return
    gauge = engine.gauge[0]
    room.waiting += 1
    engine.slots[d].hours = hours
    engine.lines[desk] = join(engine.slots, engine.child, wide(engine.lines[desk]), d, priority, gauge.orders)
    gauge.orders += 1
    gauge.joins += 1


@inline
def serve_next(
    takes: Callable[..., float], desk: int, now: float, world: Any, state: Any, engine: Any
) -> None:
    """Free one member of staff at a desk: start the next service in its queue, if there is one."""
    room, first = state.desks[desk], wide(engine.lines[desk])
    if first == NOBODY:
        room.busy -= 1
        return
    room.waiting -= 1
    engine.lines[desk] = without_first(engine.slots, engine.child, first)
    schedule(engine, first, now + takes(desk, now, engine.slots[first].hours, world))
