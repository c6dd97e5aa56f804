"""Desks that cannot keep up: more work comes than their staff have hours for, and their line only grows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.metrics.chunks import AnyRun, all_cells
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.queueing import open_hours, staffed_between, stays, work
from evenhand.locale.catalogue import ENGLISH
from evenhand.locale.current import language
from evenhand.locale.formats import numerals
from evenhand.locale.words import Named, Text, Words
from evenhand.sim.lifecycle.codes import REVIEW_DESK
from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.vocabulary import DESKS

WEEK = 168.0
SURE = 2.0
"""How many standard deviations of arrivals a desk must fall behind by: luck does so once in 44 times."""
_SERVED, _HOURS, _SQUARES, _DAYS, _OPEN, _STAFFED = range(6)
_WEEKS = 6
"""Columns of a flow; behind them come arrivals and staffed hours, week by week."""


class OverloadWords(Words):
    """What is said of a desk that cannot keep up."""

    SENTENCES = Named(
        screening="The screening desk cannot keep up: {came} a day come, {done} can be looked at; these "
        "numbers describe the backlog. {needed}.",
        decision="The decision desk cannot keep up: {came} a day come, {done} can be decided; these numbers "
        "describe the backlog. {needed}.",
        review="The review desk cannot keep up: {came} a day come, {done} can be decided; these numbers "
        "describe the backlog. {needed}.",
        mediation="The mediators cannot keep up: {came} a day come, {done} can be led to an end; these "
        "numbers describe the backlog. {needed}.",
    )
    NEEDED = Text("{needed} staff would do instead of {staff} (Erlang C, square-root staffing)")


words = OverloadWords()


@dataclass(frozen=True)
class Overload:
    """A desk that cannot keep up, over the last half of the counted time; a day is one on which it opens.

    `came` are cases a day, `done` those that its staff have hours for, `load` the one over the other;
    `behind` is by how many cases its line grew in a replication, `needed` the staff that would do.
    """

    desk: str
    came: float
    done: float
    load: float
    behind: float
    staff: float
    needed: int

    @property
    def sentence(self) -> str:
        """What a reader must know before anything else."""
        needed = words.NEEDED.format(needed=self.needed, staff=numerals(f"{self.staff:.3g}"))
        came, done = (numerals(f"{x:.0f}" if x >= 10 else f"{x:.1f}") for x in (self.came, self.done))
        return words.SENTENCES[self.desk].format(came=came, done=done, needed=needed)

    def as_json(self) -> dict[str, Any]:
        """All of it as plain data, with the sentence in English."""
        with language(ENGLISH):
            sentence = self.sentence
        return {
            "kind": "desk_cannot_keep_up",
            "desk": self.desk,
            "came_a_day": self.came,
            "possible_a_day": self.done,
            "load": self.load,
            "behind": self.behind,
            "staff": self.staff,
            "staff_needed": self.needed,
            "sentence": sentence,
        }

    @classmethod
    def of_json(cls, data: Mapping[str, Any]) -> Self:
        """The same again. Raises KeyError, TypeError, ValueError for what is none."""
        came, done, load, behind, staff = (
            float(data[name]) for name in ("came_a_day", "possible_a_day", "load", "behind", "staff")
        )
        return cls(str(data["desk"]), came, done, load, behind, staff, int(data["staff_needed"]))


def overloads(run: AnyRun) -> tuple[Overload, ...]:
    """The desks of a run that cannot keep up, in the order of `DESKS`; usually none. See `of_flow`."""
    found: Any = 0.0
    for more in map(flow, all_cells(run, everything=True)):
        found = found + more
    return of_flow(found, run.replications)


def flow(cells: Cells) -> Floats:
    """What comes to each desk and what its staff have hours for, in the last half of the counted time.

    Shape (desks, 6 + 2 weeks): cases done, their working hours and the squares of these, open days, open
    hours and staffed hours, each summed over replications, then arrivals of each week and staffed hours
    of each week. All of it adds up over the pieces of a run and over worlds. NaN where neither records nor
    events tell who came (see `queueing.stays`); 0 for desks that the scenario lacks.
    """
    edges = _edges(*cells.hours)
    found = np.zeros((len(DESKS), _WEEKS + 2 * (len(edges) - 1)))
    for desk, name in enumerate(DESKS):
        if getattr(cells.run.scenario.desks, name) is not None:
            found[desk] = _of_desk(cells.all, desk, edges)
    return found


def _edges(since: float, until: float) -> Floats:
    """Ends of the whole weeks in the last half of the counted time; without one, ends of all of it."""
    weeks = int((until - since) / 2 // WEEK)
    return until - WEEK * np.arange(weeks, -1, -1.0) if weeks else np.array([since, until])


def _of_desk(cells: Cells, desk: int, edges: Floats) -> Floats:
    came, done = _came(cells, desk), work(cells, desk)
    if came is None or done is None:
        return np.full(_WEEKS + 2 * (len(edges) - 1), np.nan)
    hours = done.hours[(done.done >= edges[0]) & (done.done < edges[-1])]
    staffed = staffed_between(cells, desk, edges)
    lives = np.count_nonzero(staffed.sum(axis=1))  # replications in this piece
    opened = open_hours(cells.run, desk, np.arange(edges[0], edges[-1] + 1.0, 24.0))
    row = [len(hours), hours.sum(), (hours**2).sum()]
    row += [lives * np.count_nonzero(np.diff(opened)), lives * (opened[-1] - opened[0]), staffed.sum()]
    return np.concatenate([row, np.histogram(came, edges)[0], staffed.sum(axis=0)])


def _came(cells: Cells, desk: int) -> Floats | None:
    """When cases came to a desk; None where nothing tells.

    Where all reviews are a desk's, a case counts once and came when it was ruled on: it is asked for within
    days, and its work is recorded in one piece, too.
    """
    if desk == REVIEW_DESK and _reviews_at_desk(cells.run.policy):
        return np.asarray(cells["ruled_at"][cells["reviews"] > 0])
    there = stays(cells, desk)
    return None if there is None else there.since


def _reviews_at_desk(policy: Policy) -> bool:
    """Whether each review that the rules allow is by one member of staff."""
    steps = [step for _, plan in policy.versions() for steps in plan.steps for step in steps[1:]]
    return all(step.plan.review.decider == "desk" for step in steps)


def of_flow(found: Floats, worlds: int) -> tuple[Overload, ...]:
    """The desks that cannot keep up, from what came to them in so many worlds, pooled.

    The load of a desk is arrivals x mean working hours / staffed hours. It cannot keep up where the load is
    above 1, over the whole time and in the median week (a festival alone does not count), and where it
    falls behind by more than `SURE` standard deviations of arrivals with the spread of their work. Staff
    needed: the offered load a, hours of work that come in an hour, and its square root more, rounded up,
    with which about one case in five waits (Erlang C; Halfin and Whitt 1981).
    """
    return tuple(one for desk in range(len(found)) if (one := _overload(found[desk], DESKS[desk], worlds)))


def of_flows(flows: Sequence[Floats]) -> tuple[Overload, ...]:
    """The desks that cannot keep up, from what came to them in each world; see `of_flow`."""
    return of_flow(np.sum(flows, axis=0), len(flows))


def _overload(row: Floats, desk: str, worlds: int) -> Overload | None:
    came, staffed = np.split(row[_WEEKS:], 2)
    served, hours, days, opened = row[_SERVED], row[_HOURS], row[_DAYS], row[_OPEN]
    if not (served > 0 and row[_STAFFED] > 0):  # NaN too
        return None
    each = hours / served
    possible = staffed / each
    load = came.sum() / possible.sum()
    weekly = np.divide(came, possible, out=np.zeros(len(came)), where=possible > 0)
    behind = came.sum() - possible.sum()
    spread = row[_SQUARES] / served / each**2
    if not (load > 1 and np.median(weekly) > 1 and behind > SURE * math.sqrt(came.sum() * spread)):
        return None
    offered = came.sum() * each / opened
    return Overload(
        desk=desk,
        came=float(came.sum() / days),
        done=float(possible.sum() / days),
        load=float(load),
        behind=float((came.sum() - served) / worlds),
        staff=float(row[_STAFFED] / opened),
        needed=staff_for(float(offered)),
    )


def staff_for(offered: float) -> int:
    """Staff for an offered load, in hours of work that come in an open hour: the load and its square root."""
    return max(1, math.ceil(offered + math.sqrt(offered)))
