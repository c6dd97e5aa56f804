"""Series: what happens over the days of a run, averaged over its replications."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.metrics.accumulators import Floats, Ints
from evenhand.analysis.metrics.chunks import AnyRun, all_cells, numbers_of, pieces
from evenhand.analysis.metrics.estimate import t_band
from evenhand.analysis.metrics.external_sort import KEY, Pile, by_cell, in_time, times_of
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.queueing import open_hours, staff, stays, work
from evenhand.sim.runs.records import Columns, Run
from evenhand.sim.sampling.population import draw_buyers
from evenhand.sim.sampling.streams import Luck
from evenhand.sim.scenario.vocabulary import DESKS, GROUNDLESS_CAUSES, N_VALID

Line = tuple[Floats, int]
"""Values of shape (replications, days) and what they count, all replications together."""
Start = tuple[NDArray[Any], NDArray[Any]]
"""The group and the first value of everybody."""


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


def _series(days: Floats, lines: dict[str, Line], most: float = 1.0) -> Series:
    """A series from lines; values from 0 to `most`."""
    bands = [t_band(values) for values, _ in lines.values()]
    shape = (len(bands), len(days))
    mean, low, high = (
        np.array([getattr(band, end) for band in bands]).reshape(shape) for end in ("mean", "low", "high")
    )
    n = np.array([counted for _, counted in lines.values()], np.int64)
    return Series(days, tuple(lines), mean, np.maximum(low, 0.0), np.minimum(high, most), n)


def backlog(run: AnyRun) -> Series:
    """Cases at each desk, waiting or in work, at the end of each day; n = cases that came to it.

    Mediation counts all cases between the complete file and the end of the talks. Desks that no case
    came to are left out; so are those of which neither events nor records tell, see `desks.stays`.
    """
    days = np.arange(1.0, run.days + 1)
    return _series(days, _by_desk(run, partial(_there, ends=24 * days)), np.inf)


def _there(cells: Cells, desk: int, ends: Floats) -> Line | None:
    """Cases at a desk at these times, in each replication."""
    there = stays(cells, desk)
    if there is None:
        return None
    size = len(ends) + 1
    changes = np.zeros(cells.replications * size)
    for times, step in ((there.since, 1.0), (there.until, -1.0)):
        place = there.replication * size + np.searchsorted(ends, times, "left")
        changes += step * np.bincount(place, minlength=len(changes))
    return np.cumsum(changes.reshape(-1, size)[:, :-1], axis=1), len(there.since)


def utilisation(run: AnyRun) -> Series:
    """Share of each desk's time spent on cases, week by week; n = pieces of work.

    Work lies in the open hours just before it was done, also where that is the week before. Weeks in
    which a desk never opens are NaN; the last week may be short. Desks without work are left out, and
    mediation without an event log.
    """
    days = np.append(np.arange(7.0, run.days, 7.0), float(run.days))
    edges = np.concatenate([[0.0], 24 * days])
    lines = _by_desk(run, partial(_spent, edges=edges))
    staffed = {
        name: sum(staff(cells, DESKS.index(name)) for cells in all_cells(run, everything=True))
        for name in lines
    }
    for name, (spent, n) in lines.items():
        capacity = np.multiply.outer(staffed[name], np.diff(open_hours(run, DESKS.index(name), edges)))
        lines[name] = spent / np.where(capacity > 0, capacity, np.nan), n
    return _series(days, lines)


def _spent(cells: Cells, desk: int, edges: Floats) -> Line | None:
    """Working hours of a desk between these times, in each replication."""
    done = work(cells, desk)
    if done is None:
        return None
    open_at, ends = (open_hours(cells.run, desk, times) for times in (edges, done.done))
    spent = np.zeros((cells.replications, len(edges) - 1))
    begins = np.maximum(ends - done.hours, 0.0)
    row, week = done.replication, np.searchsorted(open_at[1:-1], begins, "right")
    while len(begins):  # what goes on after the end of a week goes on in the next
        until = np.minimum(ends, open_at[week + 1])
        np.add.at(spent, (row, week), until - begins)
        more = ends > until
        begins, ends, row, week = until[more], ends[more], row[more], week[more] + 1
    return spent, len(done.hours)


def _by_desk(run: AnyRun, count: Callable[[Cells, int], Line | None]) -> dict[str, Line]:
    """What adds up over the pieces of a run, by desk; without desks that have nothing or are not known."""
    sums: dict[int, Line | None] = {}
    for cells in all_cells(run, everything=True):
        for desk in range(len(DESKS)):
            more, before = count(cells, desk), sums.get(desk, (0.0, 0))
            sums[desk] = (before[0] + more[0], before[1] + more[1]) if more and before else None
    return {DESKS[desk]: line for desk, line in sums.items() if line is not None and line[1]}


WEEK, MONTH = 7.0, 30.0
MONTHLY = 180
"""Days from which on a run is shown by months: weeks would show more luck than change."""


def step_of(run: AnyRun) -> float:
    """The days of a step in which claims are counted: a week, or thirty where the run is long."""
    return MONTH if run.days >= MONTHLY else WEEK


KINDS = ("valid", *GROUNDLESS_CAUSES)
"""Kinds of claims: all that have a reason, and the others by their cause."""


def claims(run: AnyRun, *, groundless: bool = False) -> Series:
    """Claims brought forward in each week, in long runs each month, by kind; n = claims of that kind.

    See `step_of`. The last step may be short, and has so many fewer. Kinds that nobody claims are left out.
    With `groundless` all claims without a grievance are one line.
    """
    step = step_of(run)
    days = np.append(np.arange(step, run.days, step), float(run.days))
    sums: NDArray[np.float64] = np.zeros((len(KINDS), len(numbers_of(run)), len(days)))
    for cells in all_cells(run, everything=True):
        sums += _opened(cells, days)
    kinds = ("groundless",) if groundless else KINDS
    if groundless:
        sums = sums[1:].sum(axis=0, keepdims=True)
    counted = sums.sum(axis=(1, 2))
    lines = {name: (sums[k], int(counted[k])) for k, name in enumerate(kinds) if counted[k]}
    return _series(days, lines, np.inf)


def _opened(cells: Cells, days: Floats) -> Floats:
    """Claims opened in the time up to each of these days; shape (kinds, replications, days)."""
    kind = np.maximum(cells["cause"].astype(np.int64) - N_VALID + 1, 0)
    week = np.minimum(np.searchsorted(24 * days, cells["opened_at"], "right"), len(days) - 1)
    place = (kind * cells.replications + cells.index) * len(days) + week
    shape = (len(KINDS), cells.replications, len(days))
    found = np.bincount(place, minlength=int(np.prod(shape))).reshape(shape)
    return np.asarray(found, np.float64)


def trust(run: AnyRun, *, whole: bool = False) -> Series:
    """Mean trust of the buyers of each group in the platform at the end of each day; n = buyers.

    With `whole` all buyers are one group.
    Every buyer counts the same; those without a dispute keep their first trust, those who left the
    market their last. The buyers are drawn again from the run's seed, since the records have only
    those with a dispute.
    """

    def drawn(number: int) -> Start:
        buyers, _ = draw_buyers(run.scenario, Luck(run.seed, number))
        return buyers["group"], buyers["trust"]

    return _people(run, "buyer", "trust_after", drawn, whole=whole)


def rating(run: AnyRun) -> Series:
    """Mean rating of the merchants of each group at the end of each day; n = merchants.

    Every merchant counts the same; those without a filing keep their first rating, those who left
    the market their last.
    """
    return _merchants(run, "rating_after", lambda of, rows: of["start_rating"][rows])


def care(run: AnyRun, *, whole: bool = False) -> Series:
    """Mean problem rate of the merchants of each group, relative to the declared one, day by day.

    Every merchant counts the same; those without a dispute keep theirs. n = merchants. With `whole` all
    merchants are one group.
    """
    return _merchants(run, "care_after", lambda _, rows: np.ones(len(rows)), whole=whole, most=np.inf)


def _merchants(
    run: AnyRun,
    after: str,
    first: Callable[[Columns, NDArray[np.intp]], NDArray[np.float64]],
    *,
    whole: bool = False,
    most: float = 1.0,
) -> Series:
    """Means by group of what merchants have become, from what `first` says of rows of their records."""
    starts: dict[int, Start] = {}

    def note(piece: Run) -> None:
        """Piece by piece, because all merchants of many replications are many."""
        of = piece.merchants
        for number, rows in by_cell(of["replication"]):
            starts[number] = of["merchant_group"][rows], first(of, rows)

    return _people(run, "merchant", after, starts.pop, note, whole=whole, most=most)


def _people(
    run: AnyRun,
    person: str,
    after: str,
    start: Callable[[int], Start],
    see: Callable[[Run], None] = lambda _: None,
    *,
    whole: bool = False,
    most: float = 1.0,
) -> Series:
    """Means by group, or of the whole, of what each person has become, from what everybody starts with.

    Nobody's value exceeds `most`. `see` is shown every piece before a replication that begins in it is
    started.
    """
    labels, numbers = ("",) if whole else run.labels(f"{person}_group"), numbers_of(run)
    days = np.arange(1.0, run.days + 1)
    values = np.empty((len(numbers), len(labels), len(days)))
    people = np.zeros(len(labels), np.int64)
    for number, ends in _closings(run, person, after, see):
        group, first = start(number)
        if whole:
            group = np.zeros_like(group)
        count = np.bincount(group, minlength=len(labels))
        moved = np.zeros((len(labels), len(days)))
        for day, who, change in _changes(ends, first):
            np.add.at(moved, (group[who], day), change)
        total = np.bincount(group, weights=first, minlength=len(labels))
        sums = total[:, None] + np.cumsum(moved, axis=1)
        values[np.searchsorted(numbers, number)] = sums / np.where(count > 0, count, np.nan)[:, None]
        people += count
    lines = {label: (values[:, i], int(people[i])) for i, label in enumerate(labels)}
    return _series(days, lines, most)


def _closings(run: AnyRun, person: str, after: str, see: Callable[[Run], None]) -> Iterator[tuple[int, Pile]]:
    """Every replication, and whose dispute closed when with what value of the person."""
    left = numbers_of(run).tolist()
    pile = Pile(who=np.int32, value=np.float64)
    for piece in pieces(run):
        see(piece)
        d = piece.disputes
        for number, rows in by_cell(d["replication"]):
            while left[0] != number:  # the one before is complete, and there may be some without a dispute
                yield left.pop(0), pile
                pile = Pile(who=np.int32, value=np.float64)
            closed = rows[~np.isnan(d["closed_at"][rows])]
            pile.add(in_time(d["closed_at"][closed]), who=d[person][closed], value=d[after][closed])
    for number in left:
        yield number, pile
        pile = Pile(who=np.int32, value=np.float64)


def _changes(ends: Pile, first: NDArray[Any]) -> Iterator[tuple[Ints, Ints, Floats]]:
    """Each change of a person's value: its day from 0 on, whose it is, and by how much."""
    now = first.astype(np.float64)
    for rows in ends.rising():
        order = np.argsort(rows["who"], kind="stable")
        who, value = rows["who"][order].astype(np.int64), rows["value"][order]
        before = now[who]
        again = np.flatnonzero(who[1:] == who[:-1]) + 1
        before[again] = value[again - 1]
        now[who] = value  # the last of several stays
        day = np.maximum(np.ceil(times_of(rows[KEY][order]) / 24).astype(np.int64) - 1, 0)
        yield day, who, value - before
