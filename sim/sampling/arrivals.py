"""When candidates for a grievance arise: a Poisson process for each merchant, in the market's own time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from evenhand.sim.jit.cache import compiled
from evenhand.sim.jit.structs import Wide, table
from evenhand.sim.sampling import streams as draws
from evenhand.sim.sampling.philox import gap, position_of
from evenhand.sim.sampling.streams import Luck, key_of
from evenhand.sim.scenario.scenario import Scenario

Floats = NDArray[np.float64]


class Stream(NamedTuple):
    """A merchant's candidates: rate in market time, the place of the next one, and when it comes."""

    rate: float
    place: Wide
    due: float
    """In the merchant's own time, which runs `rate` times as fast as the market's."""


class Arrivals(NamedTuple):
    """Candidates in rising order of time: hours, and the positions of their luck."""

    hours: Floats
    positions: NDArray[np.int64]


def day_weights(scenario: Scenario, luck: Luck, days: int) -> Floats:
    """Orders of each day relative to an ordinary one: weekday, festivals, and the common burst."""
    market = scenario.market
    weekday = np.asarray(market.weekdays.weights())
    weekday = weekday / weekday.mean()
    weights = weekday[(scenario.start.weekday() + np.arange(days)) % len(weekday)]
    for festival in market.festivals:
        first, last = ((day - scenario.start).days for day in (festival.first, festival.last))
        weights[max(first, 0) : max(last + 1, 0)] *= festival.factor
    if market.burst_shape is not None:
        u = luck.uniforms(draws.BURST, 0, days)
        weights *= gammaincinv(market.burst_shape, u) / market.burst_shape
    return np.asarray(weights)


def market_time(scenario: Scenario, luck: Luck, days: int) -> Floats:
    """The market's time at the start of every hour, in ordinary days; shape (24 x days + 1,)."""
    hours = np.asarray(scenario.market.hours)
    each = (day_weights(scenario, luck, days)[:, None] * (hours / hours.sum())[None, :]).reshape(-1)
    return np.concatenate([[0.0], np.cumsum(each)])


@compiled
def _advance(streams: Any, key: Any, until: float, times: Any, positions: Any) -> int:
    """Write what arises before a market time, merchant by merchant; gives how many, or -1 for no room."""
    count = 0
    for m in range(len(streams)):
        stream = streams[m]
        if stream.rate <= 0.0:
            continue
        if stream.place < 0:
            stream.place = 0
            stream.due = gap(key, position_of(m, 0))
        while stream.due / stream.rate < until:
            if count == len(times):
                return -1
            times[count] = stream.due / stream.rate
            positions[count] = position_of(m, stream.place)
            count += 1
            stream.place += 1
            stream.due += gap(key, position_of(m, stream.place))
    return count


@compiled
def _in_order(
    times: Any, positions: Any, since: float, until: float, ends: Any, hours: Any, who: Any
) -> None:
    """Put times between two of them in rising order, equal ones as they stand, with who is meant.

    They lie about evenly, so each falls near its place, and few neighbours are left to be put right.
    """
    count = len(times)
    a_place = count / (until - since)
    ends[:] = 0
    for i in range(count):
        place = min(max(int((times[i] - since) * a_place), 0), count - 1)
        ends[place + 1] += 1
    for place in range(count):
        ends[place + 1] += ends[place]
    for i in range(count):
        place = min(max(int((times[i] - since) * a_place), 0), count - 1)
        hours[ends[place]] = times[i]
        who[ends[place]] = positions[i]
        ends[place] += 1
    for i in range(1, count):
        time, whose, k = hours[i], who[i], i
        while k > 0 and hours[k - 1] > time:
            hours[k], who[k] = hours[k - 1], who[k - 1]
            k -= 1
        hours[k], who[k] = time, whose


@compiled
def _by_the_clock(times: Any, clock: Any) -> None:
    """Rising times in the market's own time become hours."""
    hour, last = 0, len(clock) - 1.0
    for i in range(len(times)):
        while clock[hour + 1] <= times[i]:
            hour += 1
        times[i] = min(hour + (times[i] - clock[hour]) / (clock[hour + 1] - clock[hour]), last)


def _block(
    streams: NDArray[Any], key: NDArray[Any], since: float, until: float, room: int
) -> tuple[Floats, Any]:
    """What arises between two market times, in rising order of time; equal times by merchant."""
    while True:
        times, positions, before = np.empty(room), np.empty(room, np.int64), streams.copy()
        count = _advance(streams, key, until, times, positions)
        if count >= 0:
            rising, who = np.empty(count), np.empty(count, np.int64)
            if count > 0:
                ends = np.empty(count + 1, np.int64)
                _in_order(times[:count], positions[:count], since, until, ends, rising, who)
            return rising, who
        streams[:] = before
        room *= 2


def arrivals_of(clock: Floats, rates: Floats, luck: Luck, most: int) -> Iterator[Arrivals]:
    """Candidates of merchants with these rates for one unit of market time, until its end.

    They come in blocks of about `most`, whose size moves no time: each merchant's sum of gaps runs on
    from one block to the next. The k-th candidate of a merchant keeps its luck whatever the rates and
    the horizon are; the merchant's own rate moves its time, and no other merchant's.
    """
    streams = table(Stream, len(rates), rate=rates, place=-1)
    key, total, end = key_of(luck.seed, luck.replication), float(rates.sum()), float(clock[-1])
    blocks = max(1, int(np.ceil(total * end / most)))
    until = 0.0
    for number in range(blocks):
        since = until
        until = end if number == blocks - 1 else end * (number + 1) / blocks
        expected = total * end / blocks
        room = int(expected + 6.0 * np.sqrt(expected)) + 16
        times, positions = _block(streams, key, since, until, room)
        _by_the_clock(times, clock)
        yield Arrivals(times, positions)
