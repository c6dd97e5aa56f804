"""Desks: who was there from when to when, how much of their time was used, how long the queue grew."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.metrics.accumulators import Floats, Ints, Mask, Measured, Ratio, ratio
from evenhand.analysis.metrics.chunks import AnyRun, tallied
from evenhand.analysis.metrics.estimate import Estimate, estimate
from evenhand.analysis.metrics.external_sort import Pile, are_later, in_time
from evenhand.analysis.metrics.groupby import Cells
from evenhand.sim.lifecycle.codes import (
    DECISION,
    HANDED_TO_DESK,
    LEFT_QUEUE_EVENT,
    MEDIATION,
    MEDIATION_CLOSED,
    MEDIATION_MET,
    REVIEW_DESK,
    RULED_EVENT,
    SCREENING,
    SETTLED,
)
from evenhand.sim.scenario.vocabulary import DESKS

_HOURS = ("screening_hours", "decision_hours", "review_hours", "mediation_hours")
_DONE = {SCREENING: "screened_at", DECISION: "ruled_at", REVIEW_DESK: "last_ruled_at"}


class Stays(NamedTuple):
    """Stays at a desk, waiting or in work: position of the replication, since when, until when."""

    replication: Ints
    since: Floats
    until: Floats
    """Infinite where the case was still there at the horizon."""


class Work(NamedTuple):
    """Pieces of work done at a desk: position of the replication, when it was done, working hours."""

    replication: Ints
    done: Floats
    hours: Floats


def open_hours(run: AnyRun, desk: int, times: Floats) -> Floats:
    """Hours that a desk has been open from the start of the run until these times."""
    from evenhand.sim.sampling.business_hours import (  # here, because it loads the compiler
        calendar_days,
        draw_up,
    )

    count = calendar_days(run.days)
    days = draw_up(run.scenario, run.days)[(desk + 1) * count : (desk + 2) * count]
    edges = np.stack([days["opens"], days["closes"]], axis=1).ravel()
    so_far = np.stack([days["before"], days["before"] + days["closes"] - days["opens"]], axis=1).ravel()
    return np.asarray(np.interp(times, edges, so_far))


def staff(cells: Cells, desk: int) -> Floats:
    """Staff of a desk at the end of each replication."""
    desks = cells.run.desks
    of_desk = desks["desk"] == desk
    where = cells.position(desks["replication"][of_desk])
    found = np.bincount(where, weights=desks["staff"][of_desk], minlength=cells.replications)
    return found.astype(np.float64)


def staffed_hours(cells: Cells, desk: int) -> Floats:
    """Staff x open hours of a desk in the hours that are counted, in each replication, shifts included.

    0 in pieces of a run that do not have the desks.
    """
    return np.asarray(staffed_between(cells, desk, np.array(cells.hours))[:, 0])


def staffed_between(cells: Cells, desk: int, edges: Floats) -> Floats:
    """Staff x open hours of a desk between hours that follow each other; shape (replications, edges - 1).

    Where staff change by shifts the edges are midnights. 0 in pieces of a run that do not have the desks.
    """
    from evenhand.sim.sampling.shifts import staff_by_day  # here, because it loads the compiler

    run, found, there = cells.run, getattr(cells.run.scenario.desks, DESKS[desk]), staff(cells, desk)
    if found is None or not found.shifts:
        return np.multiply.outer(there, np.diff(open_hours(run, desk, edges)))
    midnights = np.arange(run.days + 1, dtype=np.float64) * 24.0
    each = np.diff(open_hours(run, desk, midnights)) * staff_by_day(run.scenario, desk, run.days)
    until = np.concatenate([[0.0], np.cumsum(each)])[np.searchsorted(midnights, edges)]
    return np.multiply.outer(there > 0, np.diff(until))


def utilisation(cells: Cells, desk: int) -> Ratio:
    """Working hours spent over staff x open hours before the horizon, in each replication.

    Counts the disputes that took time at the desk, those of start-up too if that was later; work under way
    at the horizon is missing.
    """
    every = cells.all
    hours = every[_HOURS[desk]]
    busy = hours > 0
    if not cells.run.counted.everything:
        done = every[_DONE.get(desk, "closed_at")]
        since, until = cells.hours
        busy = busy & (done >= since) & (done < until)
    return ratio(every.total(hours, busy), staffed_hours(cells, desk), every.count(busy))


def utilisation_by_desk(run: AnyRun) -> dict[str, Estimate]:
    """`desk_utilisation` for every desk that the scenario has."""
    there = [desk for desk, name in enumerate(DESKS) if getattr(run.scenario.desks, name) is not None]
    found = tallied(run, [partial(utilisation, desk=desk) for desk in there])
    return {DESKS[desk]: estimate(*one, "share") for desk, one in zip(there, found, strict=True)}


def stays(cells: Cells, desk: int) -> Stays | None:
    """All stays at a desk; None where neither the event log nor the records tell.

    Mediation counts from the complete file to the end of the talks, thinking between meetings included.
    """
    if desk == SCREENING:
        gone = np.where(np.isnan(cells["screened_at"]), cells["left_at"], cells["screened_at"])
        return _between(cells, cells.filed, cells["filed_at"], gone)
    if desk == MEDIATION:
        return _in_mediation(cells)
    if desk == DECISION:
        gone = np.where(np.isnan(cells["ruled_at"]), cells["left_at"], cells["ruled_at"])
        return _between(cells, ~np.isnan(cells["handed_at"]), cells["handed_at"], gone)
    if len(cells.run.events["case"]):
        return _from_events(cells, desk)
    if desk == REVIEW_DESK and not (cells["reviews"] > 0).any():
        return Stays(np.empty(0, np.int64), np.empty(0), np.empty(0))
    return None


def _between(cells: Cells, which: Mask, since: Floats, until: Floats) -> Stays:
    """Stays between two times of the records; who left at once was not there."""
    ends = np.where(np.isnan(until), np.inf, until)
    rows = np.flatnonzero(which & (ends > since))
    return Stays(cells.position(cells["replication"][rows]), since[rows], ends[rows])


def _from_events(cells: Cells, desk: int) -> Stays:
    """Stays from "handed to desk" to the ruling that follows it in the same case, or its leaving."""
    events = cells.run.events
    activity = np.where(events["activity"] == LEFT_QUEUE_EVENT, RULED_EVENT, events["activity"])
    kept = np.flatnonzero((activity == HANDED_TO_DESK) | (activity == RULED_EVENT))
    kept = kept[np.argsort(_keys(cells, events["replication"], events["case"])[kept], kind="stable")]
    time = events["time"][kept]
    until = np.where(activity[kept][1:] == RULED_EVENT, time[1:], np.inf)
    until = np.append(until, np.inf)[: len(kept)]
    came = np.flatnonzero((activity[kept] == HANDED_TO_DESK) & (events["resource"][kept] == desk))
    return Stays(cells.position(events["replication"][kept][came]), time[came], until[came])


def _in_mediation(cells: Cells) -> Stays | None:
    """Stays in mediation; None where there was some and no event log."""
    plans = [plan for _, plan in cells.run.policy.versions()]
    mediates = np.array([plan.mediation.rounds > 0 for plan in plans])[cells["version"]]
    there = mediates & cells["answered"] & ~np.isnan(cells["ready_at"])
    if not there.any():
        return Stays(np.empty(0, np.int64), np.empty(0), np.empty(0))
    if not len(cells.run.events["case"]):
        return None
    over = np.where(cells.ended(SETTLED), cells["closed_at"], np.nan)
    rows, times = _rows_of(cells, MEDIATION_CLOSED)
    over[rows] = times
    return _between(cells, there, cells["ready_at"], over)


def work(cells: Cells, desk: int) -> Work | None:
    """All work done at a desk; None for mediation without an event log.

    Several reviews of one dispute count as one piece of work, done with the last of them; the
    meetings of one mediation are taken as equally long.
    """
    hours = cells[_HOURS[desk]]
    if desk != MEDIATION:
        rows = np.flatnonzero(hours > 0)
        done = cells[_DONE[desk]][rows]
        return Work(cells.position(cells["replication"][rows]), done, hours[rows])
    if not (hours > 0).any():
        return Work(np.empty(0, np.int64), np.empty(0), np.empty(0))
    if not len(cells.run.events["case"]):
        return None
    rows, done = _rows_of(cells, MEDIATION_MET)
    each = hours[rows] / np.bincount(rows, minlength=len(hours))[rows]
    return Work(cells.position(cells["replication"][rows]), done, each)


def _keys(cells: Cells, replication: NDArray[Any], case: NDArray[Any]) -> Ints:
    """One rising number for each dispute of each replication."""
    width = 1 + int(cells["dispute"].max(initial=0))
    return np.asarray(cells.position(replication) * width + case)


def _rows_of(cells: Cells, activity: int) -> tuple[Ints, Floats]:
    """Rows of the disputes with events of this activity, and the times of those."""
    events = cells.run.events
    kept = np.flatnonzero(events["activity"] == activity)
    own = _keys(cells, cells["replication"], cells["dispute"])
    rows = np.searchsorted(own, _keys(cells, events["replication"][kept], events["case"][kept]))
    return rows.astype(np.int64), events["time"][kept]


class Queue:
    """Comings and goings at a desk in every replication.

    Who leaves at a time makes room for who comes then.
    """

    def __init__(self, replications: int, *, known: bool = True, rows: int | None = None) -> None:
        """Nobody yet, or nothing `known`; `rows` are held in memory at once, see `Pile`."""
        self.known = known
        self.n = np.zeros(replications, np.int64)
        self._pile = Pile(rows, replication=np.int32)

    def add(self, there: Stays) -> None:
        """Add stays."""
        self.n += np.bincount(there.replication, minlength=len(self.n))
        coming = np.repeat([True, False], len(there.since))
        times = np.concatenate([there.since, there.until])
        self._pile.add(in_time(times, coming), replication=np.tile(there.replication, 2))

    def join(self, later: Queue) -> Queue:
        """The stays of both pieces."""
        self.known = self.known and later.known
        self.n += later.n
        self._pile.extend(later._pile)
        return self

    def measured(self) -> Measured:
        """Most stays that overlap; NaN with n = 0 where nothing is known."""
        if not self.known:
            return Measured(np.full(len(self.n), np.nan), np.zeros_like(self.n))
        now, most = np.zeros_like(self.n), np.zeros_like(self.n)
        for r, keys in self._pile.keys_of_each("replication"):
            there = now[r] + np.cumsum(np.where(are_later(keys), 1, -1))
            now[r], most[r] = there[-1], max(most[r], there.max())
        return Measured(most.astype(np.float64), self.n)


def peak(cells: Cells, desk: int) -> Queue:
    """Most cases at a desk at once in the hours that are counted, in each replication."""
    found = stays(cells.all, desk)
    crowd = Queue(cells.replications, known=found is not None)
    if found is not None:
        crowd.add(_within(found, *cells.hours))
    return crowd


def _within(there: Stays, since: float, until: float) -> Stays:
    """The parts of stays between two hours."""
    rows = np.flatnonzero((there.until > since) & (there.since < until))
    ends = np.where(there.until[rows] < until, there.until[rows], np.inf)
    return Stays(there.replication[rows], np.maximum(there.since[rows], since), ends)
