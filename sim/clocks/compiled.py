"""The fast clock: the same stages under Numba, wake-ups in a heap, desks as counters and heaps.

`move_all` is generic: it moves any stages. `run` binds it to the lifecycle; another set of stages
needs another three lines like it, at module level, so that Numba can keep its machine code on disk.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numba.extending import register_jitable
from numpy.typing import NDArray

from sim.clocks.cache import compiled
from sim.hours import after_open_hours
from sim.layout import Habits, World
from sim.lifecycle.advance import advance
from sim.lifecycle.codes import END, NO_DESK, ORDER
from sim.rows import dtype_of
from sim.rules import PolicyRules
from sim.state import State

_LOW = 0xFFFFFFFF
"""A key holds the order of scheduling above and the dispute in these bits."""


@register_jitable
def push(times: Any, keys: Any, size: int, time: float, key: int) -> int:
    """Put an entry into a binary heap ordered by (time, key); returns the new size."""
    i = size
    while i > 0:
        up = (i - 1) >> 1
        if time < times[up] or (time == times[up] and key < keys[up]):
            times[i], keys[i] = times[up], keys[up]
            i = up
        else:
            break
    times[i], keys[i] = time, key
    return size + 1


@register_jitable
def pop(times: Any, keys: Any, size: int) -> int:
    """Take the first entry out of a heap (read it at 0 before); returns the new size."""
    size -= 1
    time, key = times[size], keys[size]
    i, child = 0, 1
    while child < size:
        right = child + 1
        if right < size and (
            times[right] < times[child] or (times[right] == times[child] and keys[right] < keys[child])
        ):
            child = right
        if times[child] < time or (times[child] == time and keys[child] < key):
            times[i], keys[i] = times[child], keys[child]
            i, child = child, 2 * child + 1
        else:
            break
    times[i], keys[i] = time, key
    return size


@register_jitable
def move_all(
    step: Callable[..., Any],
    takes: Callable[..., float],
    arrivals: NDArray[np.float64],
    horizon: float,
    world: Any,
    policy: Any,
    state: Any,
) -> int:
    """Move every dispute from its arrival on, until the horizon; returns the number of wake-ups.

    Same rules as the SimPy clock: (time, order of scheduling), arrivals first, and a desk that
    becomes free schedules the next in line before the leaver moves on. A dispute has at most one
    pending wake-up or one place in a line, so arrays of n entries never overflow.
    """
    n, n_desks = len(arrivals), len(state.desks)
    times, keys, size = np.empty(n + 1), np.empty(n + 1, np.int64), 0
    line_order, line_keys = np.empty((n_desks, n + 1)), np.empty((n_desks, n + 1), np.int64)
    at, held, needs = np.empty(n, np.int8), np.full(n, NO_DESK, np.int8), np.empty(n)
    order, arrived, wakeups = 0, 0, 0
    while arrived < n or size > 0:
        if arrived < n and (size == 0 or arrivals[arrived] <= times[0]):
            d, now, stage = arrived, arrivals[arrived], ORDER
            arrived += 1
            if now >= horizon:
                break
        else:
            d, now = keys[0] & _LOW, times[0]
            if now >= horizon:
                break
            size = pop(times, keys, size)
            stage = int(at[d])
            if held[d] != NO_DESK:
                desk = state.desks[held[d]]
                if desk.waiting > 0:
                    line = held[d]
                    after = line_keys[line, 0] & _LOW
                    pop(line_order[line], line_keys[line], desk.waiting)
                    desk.waiting -= 1
                    end = now + takes(int(line), now, needs[after], world)
                    size = push(times, keys, size, end, (order << 32) | after)
                    order += 1
                else:
                    desk.busy -= 1
                held[d] = NO_DESK
        wakeups += 1
        then, hours, room, priority = step(stage, d, now, world, policy, state)
        if then == END:
            continue
        at[d] = then
        if room != NO_DESK:
            held[d], needs[d] = room, hours
            desk = state.desks[room]
            if desk.busy >= desk.staff:
                push(line_order[room], line_keys[room], desk.waiting, priority, (order << 32) | d)
                desk.waiting += 1
                order += 1
                continue
            desk.busy += 1
            hours = takes(room, now, hours, world)
        size = push(times, keys, size, now + hours, (order << 32) | d)
        order += 1
    return wakeups


@register_jitable
def service_takes(desk: int, now: float, hours: float, world: World) -> float:
    """Hours until a service of so many working hours is over at this desk."""
    end = after_open_hours(world, desk + 1, now, hours)
    return end - now if end > now else 0.0


@compiled
def _run(
    arrivals: NDArray[np.float64], horizon: float, world: World, policy: PolicyRules, state: State
) -> int:
    return move_all(advance, service_takes, arrivals, horizon, world, policy, state)


def run_compiled(world: World, policy: PolicyRules, state: State, horizon: float) -> int:
    """Move all disputes of a world through the lifecycle; returns the number of wake-ups."""
    cases: Any = world.cases
    habits: Any = np.array([tuple(world.habits)], dtype_of(Habits))
    # As a record, the constants are one pointer where the tuple would be thirty arguments of every
    # stage, which takes longer to compile.
    packed = world._replace(habits=habits[0])
    return int(_run(np.ascontiguousarray(cases["order_at"]), horizon, packed, policy, state))
