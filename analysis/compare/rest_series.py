"""Week by week sums of what should be level in a market at rest, for each world."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.metrics.accumulators import Floats, Ints
from evenhand.analysis.metrics.chunks import AnyRun, all_cells, numbers_of
from evenhand.analysis.metrics.groupby import Cells
from evenhand.sim.lifecycle.codes import SETTLED
from evenhand.sim.sampling.streams import Luck

WEEK = 7
"""Days over which things are summed: whole weeks, so that days of the week do not matter."""
COUNTS = {
    "valid_claims": "claims with a reason",
    "groundless_claims": "claims without one",
    "open": "open disputes",
}
"""What is counted beside what the market's orders let expect."""
MEANS = {
    "settled": "the share settled",
    "granted": "the share decided for buyers",
    "trust": "trust of buyers",
    "rating": "rating of merchants",
    "care": "problem rate of merchants",
}
"""What is a mean over disputes that ended."""
_AFTER = {"trust": "trust_after", "rating": "rating_after", "care": "care_after"}


class Weekly(NamedTuple):
    """One series: sums and what they are over, in each week of each world; shape (worlds, weeks)."""

    name: str
    top: Floats
    bottom: Floats

    @property
    def relative(self) -> bool:
        """Whether it is a count beside an expected one, so that only its ratio means anything."""
        return self.name in COUNTS


def weekly(run: AnyRun, since: int, until: int) -> Iterator[Weekly]:
    """All series over whole weeks from day `since` to day `until` of a run, which are cut at the beginning.

    Counts are compared with what the market's orders of those and earlier days let expect at constant rates,
    so that festivals are no trend: orders of each day, times the share of orders with a claim, or an open
    one, so many days later, as it was among the orders of the first half of the run.
    """
    edges = np.arange(until - (until - since) // WEEK * WEEK, until + 1, WEEK)
    days, worlds = run.days, len(numbers_of(run))
    opened, ended = np.zeros((2, worlds, days)), np.zeros((2, worlds, days))
    lags = np.zeros((3, days))
    sums = {name: np.zeros((2, worlds, len(edges) - 1)) for name in MEANS}
    for cells in all_cells(run, everything=True):
        _count(cells, days, opened, ended, lags)
        for name, (values, ended_now) in _means(cells).items():
            sums[name] += _by_week(cells, values, ended_now, edges, worlds)
    there = np.cumsum(opened.sum(axis=0) - ended.sum(axis=0), axis=1)
    found = dict(zip(COUNTS, [*opened, there], strict=True))
    profiles = [lags[0], lags[1], np.cumsum(lags[0] + lags[1] - lags[2])]
    orders = _orders(run)
    for (name, count), profile in zip(found.items(), profiles, strict=True):
        expected = [np.convolve(each, profile[: days // 2])[:days] for each in orders]
        yield Weekly(name, _summed(count, edges), _summed(np.array(expected), edges))
    for name, (top, bottom) in sums.items():
        yield Weekly(name, top, bottom)


def _summed(daily: Floats, edges: Ints) -> Floats:
    """Sums of days between edges."""
    so_far = np.concatenate([np.zeros((len(daily), 1)), np.cumsum(daily, axis=1)], axis=1)
    return np.asarray(np.diff(so_far[:, edges], axis=1))


def _count(cells: Cells, days: int, opened: Floats, ended: Floats, lags: Floats) -> None:
    """Add claims by kind, world and day, and how long after their orders they come and end."""
    kind = (~cells.valid).astype(np.int64)
    first, last, ordered = (_day(cells[name], days) for name in ("opened_at", "closed_at", "order_at"))
    closed = ~np.isnan(cells["closed_at"])
    np.add.at(opened, (kind, cells.index, first), 1)
    np.add.at(ended, (kind[closed], cells.index[closed], last[closed]), 1)
    early = ordered < days // 2
    np.add.at(lags, (kind[early], (first - ordered)[early]), 1)
    over = early & closed
    np.add.at(lags, (2, (last - ordered)[over]), 1)


def _day(hours: NDArray[Any], days: int) -> Ints:
    """The day of each hour; the last one for what has not happened."""
    return np.asarray(np.minimum(np.nan_to_num(hours, nan=24.0 * days) // 24, days - 1), np.int64)


def _means(cells: Cells) -> dict[str, tuple[Floats, NDArray[np.bool_]]]:
    """Values of disputes, and which of them count."""
    closed = cells.closed
    found = {
        "settled": (cells.ended(SETTLED).astype(np.float64), closed),
        "granted": (cells.upheld.astype(np.float64), cells.decided),
    }
    for name, column in _AFTER.items():
        value = np.asarray(cells[column], np.float64)
        found[name] = (value, closed & ~np.isnan(value))
    return found


def _by_week(cells: Cells, values: Floats, which: NDArray[np.bool_], edges: Ints, worlds: int) -> Floats:
    """Sums of values and their number, by world and the week in which disputes ended."""
    at = np.flatnonzero(which)
    week = np.searchsorted(24 * edges, cells["closed_at"][at], "right") - 1
    inside = (week >= 0) & (week < len(edges) - 1)
    at, week = at[inside], week[inside]
    place, size = cells.index[at] * (len(edges) - 1) + week, worlds * (len(edges) - 1)
    sums = [np.bincount(place, weights, size) for weights in (values[at], None)]
    return np.array(sums, np.float64).reshape(2, worlds, -1)


def _orders(run: AnyRun) -> Floats:
    """What the market orders on each day of each world, in ordinary days; drawn again from the seed."""
    from evenhand.sim.sampling.arrivals import market_time  # here, because it loads the compiler

    clocks = [market_time(run.scenario, Luck(run.seed, int(k)), run.days) for k in numbers_of(run)]
    return np.array([np.diff(clock[::24]) for clock in clocks])
