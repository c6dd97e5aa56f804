"""Priority queues of the desks: intrusive pairing heaps through the slots, lowest number first.

A slot that waits is not in the calendar, so its fields hold the line, and lines of any length need no
more room than two numbers a slot: its first child in the heap, and who stands before it, its parent or
the sibling to its left. See Fredman, Sedgewick, Sleator and Tarjan (1986), "The pairing heap",
Algorithmica 1(1).
"""

from __future__ import annotations

from typing import Any

from evenhand.sim.engine.event_queue import NOBODY, wide
from evenhand.sim.jit.compile import jit


@jit
def meld(slots: Any, child: Any, before: Any, one: int, other: int) -> int:
    """Make one heap of two that are not empty; gives its first."""
    first, second = one, other
    if slots[other].time < slots[one].time or (
        slots[other].time == slots[one].time and slots[other].order < slots[one].order
    ):
        first, second = other, one
    after = wide(child[first])
    slots[second].next = after
    if after != NOBODY:
        before[after] = second
    before[second], before[first] = first, NOBODY
    child[first] = second
    return first


@jit
def join(slots: Any, child: Any, before: Any, line: int, d: int, priority: float, order: int) -> int:
    """Let slot d wait in a line, by priority and then by order of joining; gives the line's first."""
    slot = slots[d]
    slot.time, slot.order, child[d], before[d] = priority, order, NOBODY, NOBODY
    return d if line == NOBODY else meld(slots, child, before, line, d)


@jit
def without_first(slots: Any, child: Any, before: Any, line: int) -> int:
    """Take the first out of a line that is not empty; gives the new first."""
    pairs, rest = wide(NOBODY), wide(child[line])
    while rest != NOBODY:
        one, other = rest, wide(slots[rest].next)
        rest = wide(NOBODY)
        if other != NOBODY:
            rest = wide(slots[other].next)
            one = meld(slots, child, before, one, other)
        slots[one].next = pairs
        pairs = one
    first = wide(NOBODY)
    while pairs != NOBODY:
        rest = wide(slots[pairs].next)
        first = pairs if first == NOBODY else meld(slots, child, before, first, pairs)
        pairs = rest
    if first != NOBODY:
        before[first] = NOBODY
    return first


@jit
def without(slots: Any, child: Any, before: Any, line: int, d: int) -> int:
    """Take slot d out of the line that it waits in, wherever it stands; gives the line's first."""
    ahead = wide(before[d])
    if ahead == NOBODY:
        return without_first(slots, child, before, d)
    after = wide(slots[d].next)
    if child[ahead] == d:
        child[ahead] = after
    else:
        slots[ahead].next = after
    if after != NOBODY:
        before[after] = ahead
    rest = without_first(slots, child, before, d)
    return line if rest == NOBODY else meld(slots, child, before, line, rest)
