"""Event queue: a calendar queue of time buckets, with a small heap for the current bucket.

A wake-up belongs to a slot, and a slot has at most one, so buckets are chains through the slots
themselves: nothing can overflow, and nothing is allocated while the engine runs. Scheduling and taking
cost the same however many wait. The first due is found by (time, order of scheduling) whatever the
width of a bucket; the width only decides how fast, and follows what the calendar sees.
See Brown (1988), "Calendar queues", Communications of the ACM 31(10).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from evenhand.sim.jit.compile import inline, jit
from evenhand.sim.jit.prefetch import LINE, fetch, number_at

NOBODY = -1
"""The end of a chain of slots."""
FREE = -1
"""The stage of a slot that nobody is in."""
_int64: Any = np.int64
wide: Callable[[Any], int] = _int64
"""Makes an index of a narrow field: `int` keeps its width in Numba, and every width is compiled anew."""

SLOT = np.dtype(
    [
        ("time", np.float64),  # when it is due; in a line: its priority
        ("order", np.int64),  # of scheduling, or of joining a line
        ("hours", np.float64),  # of service, while it waits in a line
        ("next", np.int32),  # in a bucket, in the free chain, or among the children of a line's heap
        ("stage", np.int16),  # what it wakes up to
        ("desk", np.int16),  # that it is at, or waits for
    ],
    align=True,
)
"""A place for one dispute: in the calendar or in one line or free, so the fields serve all three.

32 bytes: two to a cache line, none across."""

NEAR = np.dtype([("time", np.float64), ("slot", np.int64)], align=True)
"""An entry of the heap of the current bucket."""

TABLE = np.dtype([("address", np.int64), ("each", np.int64)], align=True)
"""Where a table with rows for every slot begins, and the bytes for each; the first are the slots."""

LINK = np.dtype(
    [("number", np.int64), ("apart", np.int64), ("address", np.int64), ("each", np.int64)], align=True
)
"""Where slots have the number of somebody's row, so many bytes apart, and where such rows are: all of one
table begin at an address, and are of so many bytes each."""

GAUGE = np.dtype(
    [
        ("pending", np.int64),  # wake-ups in the calendar
        ("near", np.int64),  # of these, in the heap of the current bucket
        ("bucket", np.int64),  # the number of the current bucket, counted from time 0
        ("buckets", np.int64),  # a power of two; bucket b and b + buckets share a chain
        ("rate", np.float64),  # buckets an hour
        ("credit", np.int64),  # work left until the width is looked at again
        ("since", np.float64),  # the hour at which it was looked at last
        ("taken_then", np.int64),  # and the wake-ups taken until then
        ("now", np.float64),  # the time of the last wake-up taken
        ("orders", np.int64),  # given out so far
        ("free", np.int64),  # the first free slot
        ("arrived", np.int64),  # positions of the block that are done with
        ("leaver", np.int64),  # the slot in a line that loses patience first
        ("shifted", np.int64),  # changes of staff that have happened
        ("wakeups", np.int64),  # from here on: work done, see `sim.engine.event_loop.WORK`
        ("pushes", np.int64),
        ("pops", np.int64),
        ("joins", np.int64),
        ("visits", np.int64),
        ("moves", np.int64),
        ("rebuilds", np.int64),
    ],
    align=True,
)
"""The numbers of an engine that change."""

PER_BUCKET = 3.0
"""Wake-ups that a bucket should hold when its turn comes."""
FIRST_LOOK = 64
_NEVER = 4.0e18
"""Bucket numbers end here, so that they fit 64 bits; what lies beyond shares the last bucket."""


@inline
def precedes(calendar: Any, time: float, d: int, other: Any) -> bool:
    """Whether slot d, due at `time`, comes before an entry of the heap."""
    if time != other.time:
        return bool(time < other.time)
    return bool(calendar.slots[d].order < calendar.slots[other.slot].order)


@inline
def put_near(calendar: Any, d: int, time: float) -> None:
    """Put a slot into the heap of the current bucket."""
    near, gauge = calendar.near, calendar.gauge[0]
    i = gauge.near
    gauge.near = i + 1
    while i > 0:
        up = (i - 1) >> 1
        if not precedes(calendar, time, d, near[up]):
            break
        near[i].time, near[i].slot = near[up].time, near[up].slot
        i = up
    near[i].time, near[i].slot = time, d


@inline
def take_near(calendar: Any) -> int:
    """Take the first slot out of the heap of the current bucket."""
    near, gauge = calendar.near, calendar.gauge[0]
    first = near[0].slot
    size = gauge.near - 1
    gauge.near = size
    time, d = near[size].time, near[size].slot
    i, child = 0, 1
    while child < size:
        right = child + 1
        if right < size and precedes(calendar, near[right].time, near[right].slot, near[child]):
            child = right
        if precedes(calendar, time, d, near[child]):
            break
        near[i].time, near[i].slot = near[child].time, near[child].slot
        i, child = child, 2 * child + 1
    near[i].time, near[i].slot = time, d
    return wide(first)


@inline
def bucket_of(gauge: Any, time: float) -> int:
    """The number of the bucket of a time. A later time never has a lower one, whatever the width."""
    number = time * gauge.rate
    return wide(number) if number < _NEVER else wide(_NEVER)


@inline
def file_slot(calendar: Any, d: int, time: float) -> None:
    """Put a slot that is due at `time` where it belongs: near, or in the chain of its bucket."""
    gauge = calendar.gauge[0]
    bucket = bucket_of(gauge, time)
    if bucket <= gauge.bucket:
        put_near(calendar, d, time)
        return
    chain = bucket & (gauge.buckets - 1)
    calendar.slots[d].next = calendar.heads[chain]
    calendar.heads[chain] = d


@inline
def schedule(calendar: Any, d: int, time: float) -> None:
    """Let a slot wake up at `time`, after all that were scheduled for that time before it."""
    gauge, slot = calendar.gauge[0], calendar.slots[d]
    slot.time = time
    slot.order = gauge.orders
    gauge.orders += 1
    gauge.pushes += 1
    gauge.pending += 1
    file_slot(calendar, d, time)


@inline
def soonest(calendar: Any) -> float:
    """When the next wake-up is due; infinity if there is none."""
    gauge = calendar.gauge[0]
    if gauge.near == 0:
        if gauge.pending == 0:
            return np.inf
        turn(calendar)
    return float(calendar.near[0].time)


@inline
def take(calendar: Any) -> int:
    """Take out the slot that is due next, after `soonest` has found it."""
    gauge = calendar.gauge[0]
    gauge.now = calendar.near[0].time
    gauge.pending -= 1
    gauge.pops += 1
    gauge.credit -= 1
    d = take_near(calendar)
    if gauge.near > 0:
        fetch_linked(calendar, wide(calendar.near[0].slot))
    if gauge.credit < 0:
        review_width(calendar)
    return d


@inline
def fetch_slot(calendar: Any, d: int) -> None:
    """Have a slot on its way by the time that it is looked at."""
    if d != NOBODY:
        fetch(calendar.tables[0].address + d * calendar.tables[0].each)


@inline
def fetch_rows(calendar: Any, d: int) -> None:
    """Have what belongs to a slot on its way by the time that it is taken."""
    for k in range(1, len(calendar.tables)):
        first = calendar.tables[k].address + d * calendar.tables[k].each
        for line in range(first, first + calendar.tables[k].each, LINE):
            fetch(line)


@inline
def fetch_linked(calendar: Any, d: int) -> None:
    """Have the rows of those whose numbers a slot has on their way by the time that it is taken."""
    for k in range(len(calendar.links)):
        link = calendar.links[k]
        first = link.address + number_at(link.number + d * link.apart) * link.each
        for line in range(first, first + link.each, LINE):
            fetch(line)


@inline
def look_ahead(calendar: Any, bucket: int) -> None:
    """Fetch what the next two buckets begin with. Only time depends on it, and only where many wait."""
    heads, mask = calendar.heads, calendar.gauge[0].buckets - 1
    fetch_slot(calendar, wide(heads[(bucket + 2) & mask]))
    d = wide(heads[(bucket + 1) & mask])
    if d != NOBODY:
        fetch_rows(calendar, d)
        fetch_slot(calendar, wide(calendar.slots[d].next))


@inline
def turn(calendar: Any) -> None:
    """Go on to the next bucket that holds something for this year, and put that into the heap."""
    slots, heads, gauge = calendar.slots, calendar.heads, calendar.gauge[0]
    mask, start = gauge.buckets - 1, gauge.bucket
    while gauge.near == 0:
        if gauge.bucket - start > mask:  # a whole year with nothing: go straight to the first
            gauge.bucket = first_bucket(calendar) - 1
            start = gauge.bucket
        gauge.bucket += 1
        gauge.visits += 1
        gauge.credit -= 1
        look_ahead(calendar, gauge.bucket)
        chain = gauge.bucket & mask
        d, before = wide(heads[chain]), wide(NOBODY)
        while d != NOBODY:
            after, time = wide(slots[d].next), slots[d].time
            gauge.moves += 1
            if bucket_of(gauge, time) == gauge.bucket:
                put_near(calendar, d, time)
                fetch_rows(calendar, d)
                if before == NOBODY:
                    heads[chain] = after
                else:
                    slots[before].next = after
            else:
                gauge.credit -= 1
                before = d
            d = after


@jit
def first_bucket(calendar: Any) -> int:
    """The lowest number of a bucket that holds anything, the current one left aside."""
    slots, heads, gauge = calendar.slots, calendar.heads, calendar.gauge[0]
    first = wide(_NEVER)
    for chain in range(gauge.buckets):
        d = wide(heads[chain])
        while d != NOBODY:
            first = min(first, bucket_of(gauge, slots[d].time))
            d = wide(slots[d].next)
    gauge.visits += gauge.buckets
    gauge.moves += gauge.pending
    gauge.credit -= gauge.buckets + gauge.pending
    return first


@jit
def review_width(calendar: Any) -> None:
    """Rebuild the calendar if another width or number of buckets would suit what it has seen.

    It is asked once for so much work as a rebuild costs, so rebuilding at most doubles the work.
    """
    gauge = calendar.gauge[0]
    most = len(calendar.heads)
    buckets = gauge.buckets
    while buckets < 2 * gauge.pending and buckets < most:
        buckets *= 2
    while buckets > 8 * gauge.pending and buckets > 2:
        buckets //= 2
    passed, taken = gauge.now - gauge.since, gauge.pops - gauge.taken_then
    rate = gauge.rate
    if passed > 0.0 and taken > 0:
        rate = taken / (passed * PER_BUCKET)
    fits = 0.5 * gauge.rate < rate < 2.0 * gauge.rate or not np.isfinite(rate)
    if buckets != gauge.buckets or not fits:
        rebuild(calendar, buckets, gauge.rate if fits else rate)
    gauge.credit = FIRST_LOOK + gauge.buckets + gauge.pending
    gauge.since, gauge.taken_then = gauge.now, gauge.pops


@jit
def rebuild(calendar: Any, buckets: int, rate: float) -> None:
    """File everything anew, under another number of buckets and another width."""
    slots, near, heads, gauge = calendar.slots, calendar.near, calendar.heads, calendar.gauge[0]
    all_of_them = wide(NOBODY)
    for i in range(gauge.near):
        slots[near[i].slot].next = all_of_them
        all_of_them = near[i].slot
    for chain in range(gauge.buckets):
        d = wide(heads[chain])
        while d != NOBODY:
            after = wide(slots[d].next)
            slots[d].next = all_of_them
            all_of_them, d = d, after
    gauge.near = 0
    gauge.buckets, gauge.rate = buckets, rate
    gauge.bucket = bucket_of(gauge, gauge.now)
    gauge.rebuilds += 1
    heads[:buckets] = NOBODY
    while all_of_them != NOBODY:
        after = wide(slots[all_of_them].next)
        file_slot(calendar, all_of_them, slots[all_of_them].time)
        all_of_them = after
