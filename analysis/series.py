"""Series: what happens over the days of a run, averaged over its replications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.cells import Cells, Floats, Ints
from analysis.desks import open_hours, staff, stays, work
from analysis.estimate import t_band
from sim.causes import DESKS
from sim.draws import Luck
from sim.population import draw_buyers
from sim.records import Columns, Run


@dataclass(frozen=True, eq=False)
class Series:
    """Lines over time: `mean[i, j]` is the mean over replications of line i at the end of `days[j]`.

    `low` and `high` are the ends of the 95 % interval of that mean, cut where its values end, and NaN
    with one replication; `n` is what each line counts, all replications together.
    """

    days: Floats
    """Days since the start; 1 = the end of the first day."""
    names: tuple[str, ...]
    mean: Floats
    low: Floats
    high: Floats
    n: Ints


def _series(days: Floats, lines: dict[str, tuple[Floats, int]], most: float = 1.0) -> Series:
    """A series from lines of shape (replications, days) and what they count; values from 0 to `most`."""
    bands = [t_band(values) for values, _ in lines.values()]
    shape = (len(bands), len(days))
    mean, low, high = (
        np.array([getattr(band, end) for band in bands]).reshape(shape) for end in ("mean", "low", "high")
    )
    n = np.array([counted for _, counted in lines.values()], np.int64)
    return Series(days, tuple(lines), mean, np.maximum(low, 0.0), np.minimum(high, most), n)


def backlog(run: Run) -> Series:
    """Cases at each desk, waiting or in work, at the end of each day; n = cases that came to it.

    Mediation counts all cases between the complete file and the end of the talks. Desks that no case
    came to are left out; so are those of which neither events nor records tell, see `desks.stays`.
    """
    cells = Cells(run)
    days = np.arange(1.0, run.days + 1)
    lines: dict[str, tuple[Floats, int]] = {}
    for desk, name in enumerate(DESKS):
        there = stays(cells, desk)
        if there is None or not len(there.since):
            continue
        values = np.empty((cells.replications, len(days)))
        for r in range(cells.replications):
            mine = there.replication == r
            came = np.searchsorted(np.sort(there.since[mine]), 24 * days, "right")
            left = np.searchsorted(np.sort(there.until[mine]), 24 * days, "right")
            values[r] = came - left
        lines[name] = values, len(there.since)
    return _series(days, lines, np.inf)


def utilisation(run: Run) -> Series:
    """Share of each desk's time spent on cases, week by week; n = pieces of work.

    Work lies in the open hours just before it was done, also where that is the week before. Weeks in
    which a desk never opens are NaN; the last week may be short. Desks without work are left out, and
    mediation without an event log.
    """
    cells = Cells(run)
    days = np.append(np.arange(7.0, run.days, 7.0), float(run.days))
    edges = np.concatenate([[0.0], 24 * days])
    lines: dict[str, tuple[Floats, int]] = {}
    for desk, name in enumerate(DESKS):
        done = work(cells, desk)
        if done is None or not len(done.hours):
            continue
        open_at = open_hours(run, desk, edges)
        ends = open_hours(run, desk, done.done)
        spent = np.empty((cells.replications, len(edges)))
        for r in range(cells.replications):
            mine = done.replication == r
            begins = ends[mine] - done.hours[mine]
            spent[r] = _time_since(begins, open_at) - _time_since(ends[mine], open_at)
        capacity = staff(cells, desk)[:, None] * np.diff(open_at)
        share = np.diff(spent, axis=1) / np.where(capacity > 0, capacity, np.nan)
        lines[name] = share, len(done.hours)
    return _series(days, lines)


def _time_since(moments: Floats, until: Floats) -> Floats:
    """Sum over the moments before each of these times of the time since."""
    rising = np.sort(moments)
    before = np.searchsorted(rising, until, "right")
    return np.asarray(before * until - np.concatenate([[0.0], np.cumsum(rising)])[before])


def trust(run: Run) -> Series:
    """Mean trust of the buyers of each group in the platform at the end of each day; n = buyers.

    Every buyer counts the same; those without a dispute keep their first trust, those who left the
    market their last. The buyers are drawn again from the run's seed, since the records have only
    those with a dispute.
    """
    starts = []
    for number in Cells(run).numbers:
        buyers, _ = draw_buyers(run.scenario, Luck(run.seed, int(number)))
        starts.append((buyers["group"], buyers["trust"]))
    return _people(run, "buyer", "trust_after", starts)


def rating(run: Run) -> Series:
    """Mean rating of the merchants of each group at the end of each day; n = merchants.

    Every merchant counts the same; those without a filing keep their first rating, those who left
    the market their last.
    """
    starts = []
    for number in Cells(run).numbers:
        mine = run.merchants["replication"] == number
        starts.append((run.merchants["merchant_group"][mine], run.merchants["start_rating"][mine]))
    return _people(run, "merchant", "rating_after", starts)


def _people(run: Run, person: str, after: str, starts: list[tuple[NDArray[Any], NDArray[Any]]]) -> Series:
    """Means by group of what each person has become, from the (group, first value) of everybody."""
    days = np.arange(1.0, run.days + 1)
    labels = run.labels(f"{person}_group")
    values = np.empty((len(starts), len(labels), len(days)))
    people = np.zeros(len(labels), np.int64)
    for r, (number, (group, first)) in enumerate(zip(Cells(run).numbers, starts, strict=True)):
        count = np.bincount(group, minlength=len(labels))
        day, who, change = _changes(run.disputes, int(number), person, after, first)
        moved = np.zeros((len(labels), len(days)))
        np.add.at(moved, (group[who], day), change)
        total = np.bincount(group, weights=first, minlength=len(labels))
        sums = total[:, None] + np.cumsum(moved, axis=1)
        values[r] = sums / np.where(count > 0, count, np.nan)[:, None]
        people += count
    lines = {label: (values[:, i], int(people[i])) for i, label in enumerate(labels)}
    return _series(days, lines)


def _changes(
    disputes: Columns, number: int, person: str, after: str, first: NDArray[Any]
) -> tuple[Ints, Ints, Floats]:
    """Each change of a person's value: its day from 0 on, whose it is, and by how much."""
    rows = np.flatnonzero((disputes["replication"] == number) & ~np.isnan(disputes["closed_at"]))
    rows = rows[np.lexsort((disputes["closed_at"][rows], disputes[person][rows]))]
    who, value = disputes[person][rows].astype(np.int64), disputes[after][rows]
    before = first[who].astype(np.float64)
    again = np.flatnonzero(who[1:] == who[:-1]) + 1
    before[again] = value[again - 1]
    day = np.maximum(np.ceil(disputes["closed_at"][rows] / 24).astype(np.int64) - 1, 0)
    return day, who, value - before
