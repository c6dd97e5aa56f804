"""Numba event loop, generic over stages: recycled slots, an event queue, desks with priority queues.

An open dispute occupies a slot, which is reused when it closes, so memory grows with the number open
at once, not with the number ever opened. Arrivals come in blocks, and finished disputes leave
through buffers, so a run has no length that it must know beforehand.

Same rules as the SimPy engine: (time, order of scheduling), changes of staff first and then arrivals,
and a desk that becomes free schedules the next in line before the leaver moves on. Who loses patience
in a line leaves it at the hour that was scheduled when it joined.
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
    LINK,
    NEAR,
    NOBODY,
    SLOT,
    TABLE,
    schedule,
    soonest,
    take,
    wide,
)
from evenhand.sim.engine.priority_queue import join, without, without_first
from evenhand.sim.jit.compile import inline, jit
from evenhand.sim.jit.prefetch import aligned
from evenhand.sim.jit.structs import dtype_of
from evenhand.sim.lifecycle.codes import END, LEFT_QUEUE, NO_DESK
from evenhand.sim.sampling.world_rows import Shift

DONE, NEXT, DRAIN, GROW = range(4)
"""Why a block stopped: nothing more is due; the next block is wanted; the buffers are full; the slots are."""

START = 0
"""The stage of a dispute that has just arrived."""

WORK = ("wakeups", "pushes", "pops", "joins", "visits", "moves", "rebuilds")
"""What the engine counts: wake-ups, arrivals among them; put into the calendar and taken out; joins of
a line; buckets looked into; slots looked at there; changes of width."""


class Engine(NamedTuple):
    """All that the engine keeps between two blocks: the event queue, and the queues of the desks."""

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
    before: NDArray[np.int32]
    """Who stands before each slot in that heap; see `sim.engine.priority_queue`."""
    timers: NDArray[Any]
    """Rows of `SLOT`: when the slot of that number loses patience; a heap like a line, ordered by hour."""
    timer_child: NDArray[np.int32]
    timer_before: NDArray[np.int32]
    lines: NDArray[np.int32]
    """The first slot in the line of each desk."""
    tables: NDArray[Any]
    """Rows of `TABLE`: what to have at hand when a slot is taken."""
    links: NDArray[Any]
    """Rows of `LINK`: whose rows to have at hand as well."""
    shifts: NDArray[Any]
    """Rows of `Shift`, by hour."""


def new_engine(capacity: int, desks: int, shifts: NDArray[Any] | None = None) -> Engine:
    """An engine with so many free slots, at hour 0; `shifts` are rows of `Shift` in order of their hours."""
    empty = Engine(
        np.zeros(0, SLOT),
        np.zeros(0, NEAR),
        np.full(2, NOBODY, np.int32),
        np.zeros(1, GAUGE),
        np.zeros(0, np.int32),
        np.zeros(0, np.int32),
        np.zeros(0, SLOT),
        np.zeros(0, np.int32),
        np.zeros(0, np.int32),
        np.full(desks, NOBODY, np.int32),
        np.zeros(1, TABLE),
        np.zeros(0, LINK),
        np.zeros(0, dtype_of(Shift)) if shifts is None else shifts,
    )
    gauge = empty.gauge[0]
    gauge["buckets"], gauge["rate"], gauge["credit"], gauge["free"] = 2, 1.0, FIRST_LOOK, NOBODY
    gauge["leaver"] = NOBODY
    return grow_engine(empty, capacity)


def grow_engine(engine: Engine, capacity: int) -> Engine:
    """The same engine with more slots; what is in a slot stays in the slot of that number.

    Raises ValueError for a capacity below 1, below what there is, or beyond 32-bit numbers.
    """
    before = len(engine.slots)
    if not max(before, 1) <= capacity < 2**31:
        raise ValueError(f"capacity: must be {max(before, 1)} or more and below 2**31, found {capacity}")
    slots, near, timers = aligned(capacity, SLOT), aligned(capacity, NEAR), aligned(capacity, SLOT)
    slots[:before], near[:before], timers[:before] = engine.slots, engine.near, engine.timers
    timers["stage"][before:] = FREE
    heap = [np.zeros(capacity, np.int32) for _ in range(4)]
    was = engine.child, engine.before, engine.timer_child, engine.timer_before
    for new, old in zip(heap, was, strict=True):
        new[:before] = old
    child, ahead, timer_child, timer_before = heap
    slots["stage"][before:] = FREE
    # The lowest number comes first, behind the slots that are free already and still warm.
    gauge = engine.gauge.copy()
    slots["next"][before:] = np.arange(before + 1, capacity + 1)
    if capacity > before:
        slots["next"][-1] = gauge["free"][0]
        gauge["free"] = before
    heads = np.full(max(len(engine.heads), 2 << int(capacity).bit_length()), NOBODY, np.int32)
    heads[: len(engine.heads)] = engine.heads
    grown = engine._replace(
        slots=slots,
        near=near,
        heads=heads,
        gauge=gauge,
        child=child,
        before=ahead,
        timers=timers,
        timer_child=timer_child,
        timer_before=timer_before,
        lines=engine.lines.copy(),
    )
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


def link(engine: Engine, *people: tuple[NDArray[Any], str, NDArray[Any]]) -> Engine:
    """The same engine, which has the rows of people on their way whose number is in the row of a slot.

    Each is a table with a row for every slot, its field of 32-bit numbers, and the table that they number.
    """
    rows = []
    for table, field, whom in people:
        of: Any = table.dtype.fields
        assert of[field][0] == np.int32, field
        rows.append((table.ctypes.data + of[field][1], table.itemsize, whom.ctypes.data, whom.itemsize))
    return engine._replace(links=np.array(rows, LINK))


@jit
def move_block(
    step: Callable[..., Any],
    takes: Callable[..., float],
    stays: Callable[..., float],
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
    long a service of so many working hours takes, and `stays(d, now, state)` how many hours from now the
    dispute waits in a line at most: if it is still there then, it wakes up to LEFT_QUEUE. When a stage
    says END, `leave(d, now, world, policy, state)` writes the record, and the slot is free.

    `full(state)` is asked before every wake-up. Call again with the same block after DRAIN, when the
    buffers have room, and after GROW, with a larger engine: nothing is lost, and nothing done twice.
    After NEXT call with the next block; what is due then waits for it, because an arrival comes
    before anything else at its time. What is due at the horizon does not happen; it may be infinite.

    Call it in a function of your own at module level that names the first six: it is compiled for
    these, and they are not arguments at run time. Hand over all that is a wide tuple `by_address`.
    """
    slots, gauge = engine.slots, engine.gauge[0]
    while True:
        due, leaver = next_due(engine)
        i, arriving = gauge.arrived, gauge.arrived < len(arrivals)
        if not arriving and not last:
            gauge.arrived = 0
            return NEXT
        arriving = arriving and arrivals[i] <= due
        now = arrivals[i] if arriving else due
        if staff_changes(now, horizon, engine):
            change_staff(takes, world, state, engine)
            continue
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
            d, at = wake(takes, leaver, now, world, state, engine)
        then, hours, desk, priority = step(at, d, now, world, policy, state)
        slots[d].stage = then
        slots[d].desk = desk
        if then == END:
            leave(d, now, world, policy, state)
            slots[d].next = gauge.free
            gauge.free = d
        else:
            go_on(takes, stays, d, now, hours, desk, priority, world, state, engine)


@inline
def go_on(
    takes: Callable[..., float],
    stays: Callable[..., float],
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
    line = wide(engine.lines[desk])
    engine.lines[desk] = join(engine.slots, engine.child, engine.before, line, d, priority, gauge.orders)
    gauge.orders += 1
    gauge.joins += 1
    patience = stays(d, now, state)
    if patience < np.inf:
        engine.timers[d].stage = 0
        gauge.leaver = join(
            engine.timers,
            engine.timer_child,
            engine.timer_before,
            wide(gauge.leaver),
            d,
            now + patience,
            gauge.orders,
        )
        gauge.orders += 1


@inline
def next_due(engine: Any) -> tuple[float, int]:
    """When the next wake-up is due, and the slot in a line whose patience it is the end of, or NOBODY."""
    due, leaver = soonest(engine), wide(engine.gauge[0].leaver)
    if leaver == NOBODY:
        return due, leaver
    timer = engine.timers[leaver]
    sooner = timer.time < due
    if timer.time == due:
        sooner = timer.order < engine.slots[engine.near[0].slot].order
    return (float(timer.time), leaver) if sooner else (due, wide(NOBODY))


@inline
def wake(
    takes: Callable[..., float], leaver: int, now: float, world: Any, state: Any, engine: Any
) -> tuple[int, int]:
    """The slot that wakes up now, and to which stage: the leaver of a line, or who is due."""
    if leaver != NOBODY:
        leave_line(leaver, state, engine)
        return leaver, wide(LEFT_QUEUE)
    d = take(engine)
    slot = engine.slots[d]
    if slot.desk != NO_DESK:
        serve_next(takes, wide(slot.desk), now, world, state, engine)
    return d, wide(slot.stage)


@jit
def forget_timer(d: int, engine: Any) -> None:
    """Slot d has no patience to lose any more."""
    if engine.timers[d].stage == FREE:
        return
    engine.timers[d].stage = FREE
    gauge = engine.gauge[0]
    gauge.leaver = without(engine.timers, engine.timer_child, engine.timer_before, wide(gauge.leaver), d)


@jit
def leave_line(d: int, state: Any, engine: Any) -> None:
    """Take slot d out of the line in which it has lost patience."""
    desk = wide(engine.slots[d].desk)
    forget_timer(d, engine)
    state.desks[desk].waiting -= 1
    line = wide(engine.lines[desk])
    engine.lines[desk] = without(engine.slots, engine.child, engine.before, line, d)


@inline
def staff_changes(now: float, horizon: float, engine: Any) -> bool:
    """Whether the next change of staff comes before what is due now, and happens at all."""
    gauge = engine.gauge[0]
    if gauge.shifted >= len(engine.shifts):
        return False
    return bool(engine.shifts[gauge.shifted].at <= now and engine.shifts[gauge.shifted].at < horizon)


@inline
def change_staff(takes: Callable[..., float], world: Any, state: Any, engine: Any) -> None:
    """The next change of staff: those who come begin at once, those who go finish what they are at."""
    gauge = engine.gauge[0]
    shift = engine.shifts[gauge.shifted]
    gauge.shifted += 1
    desk = wide(shift.desk)
    room = state.desks[desk]
    room.staff = shift.staff
    while room.busy < room.staff and engine.lines[desk] != NOBODY:
        room.busy += 1
        begin_next(takes, desk, shift.at, world, state, engine)


@jit
def begin_next(
    takes: Callable[..., float], desk: int, now: float, world: Any, state: Any, engine: Any
) -> None:
    """Begin the service of the first in a line that is not empty."""
    first = wide(engine.lines[desk])
    state.desks[desk].waiting -= 1
    engine.lines[desk] = without_first(engine.slots, engine.child, engine.before, first)
    forget_timer(first, engine)
    schedule(engine, first, now + takes(desk, now, engine.slots[first].hours, world))


@inline
def serve_next(
    takes: Callable[..., float], desk: int, now: float, world: Any, state: Any, engine: Any
) -> None:
    """Free one member of staff at a desk: start the next service in its queue, if there is one."""
    room = state.desks[desk]
    if engine.lines[desk] == NOBODY or room.busy > room.staff:
        room.busy -= 1
        return
    begin_next(takes, desk, now, world, state, engine)
