"""Divergence: the first event at which the lives of a dispute under two policies part."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evenhand.locale.current import gettext
from evenhand.sim.lifecycle.codes import (
    ACTIVITIES,
    MODEL_RULED,
    PANEL_RULED,
    RULED_BY_RULE,
    RULED_EVENT,
    SETTLED_EVENT,
)
from evenhand.sim.runs.records import Columns, Run

NONE = -1
RULINGS = (RULED_EVENT, RULED_BY_RULE, PANEL_RULED, MODEL_RULED)


class Divergences(NamedTuple):
    """The first differing event of each pair; one entry a pair."""

    position: NDArray[np.int64]
    """Its place in the event list of the dispute, -1 where the two lives are the same."""
    activity_a: NDArray[np.int64]
    """What happened under A, as a number of `ACTIVITIES`; -1 where nothing more did."""
    activity_b: NDArray[np.int64]
    time_a: NDArray[np.float64]
    """When it happened under A, NaN where nothing more did."""
    time_b: NDArray[np.float64]

    @property
    def diverged(self) -> NDArray[np.bool_]:
        """Pairs whose lives part at all."""
        return np.asarray(self.position != NONE)

    def words(self, pair: int) -> str:
        """The parting of one pair, for a reader."""
        if self.position[pair] == NONE:
            return "nowhere"
        a, b = int(self.activity_a[pair]), int(self.activity_b[pair])
        if a == b:
            hours = float(self.time_b[pair] - self.time_a[pair])
            if hours:
                later, sooner = (
                    gettext("'{activity}' came {hours:.1f} h later"),
                    gettext("'{activity}' came {hours:.1f} h sooner"),
                )
                said = later if hours > 0 else sooner
                return said.format(activity=ACTIVITIES[a], hours=abs(hours))
            return gettext("'{activity}' had another result").format(activity=ACTIVITIES[a])
        names = [gettext("nothing more") if one == NONE else f"'{ACTIVITIES[one]}'" for one in (a, b)]
        return gettext("{before} became {after}").format(before=names[0], after=names[1])


class _Log(NamedTuple):
    """The events of the pairs of one run, sorted by pair and then as they happened."""

    key: NDArray[np.int64]
    """Pair and position in it, as one number."""
    pair: NDArray[np.int64]
    length: NDArray[np.int64]
    """Events of each pair."""
    time: NDArray[np.float64]
    activity: NDArray[np.int64]
    resource: NDArray[np.int64]
    said: NDArray[np.float64]


def diverge(run_a: Run, run_b: Run, row_a: NDArray[Any], row_b: NDArray[Any]) -> Divergences:
    """Find the first event of each pair that differs in kind, time, resource or result.

    The result of a settlement and of the first and the last ruling is the refund share; the log does not
    tell that of a ruling in between, nor of an offer.
    """
    a, b = _log(run_a, row_a), _log(run_b, row_b)
    n = len(row_a)
    at = np.minimum(_first_unlike(a, b, n), _first_unlike(b, a, n))
    same = at == np.iinfo(np.int64).max
    at[same] = NONE
    found_a, found_b = _look(a, at), _look(b, at)
    return Divergences(at, found_a[0], found_b[0], found_a[1], found_b[1])


def _log(run: Run, rows: NDArray[Any]) -> _Log:
    """The events of the disputes at these rows; pair number = place in `rows`, which rise by dispute."""
    numbers = keys(run.disputes, "dispute")[rows]
    events = run.events
    of = keys(events, "case")
    pair = np.searchsorted(numbers, of)
    mine = np.flatnonzero(pair < len(numbers)) if len(numbers) else np.empty(0, np.int64)
    mine = mine[numbers[pair[mine]] == of[mine]]
    mine = mine[np.argsort(pair[mine], kind="stable")]
    pair = pair[mine]
    length = np.bincount(pair, minlength=len(rows))
    position = np.arange(len(mine)) - np.repeat(np.cumsum(length) - length, length)
    activity, time = events["activity"][mine].astype(np.int64), events["time"][mine]
    return _Log(
        (pair << 32) | position,
        pair,
        length,
        time,
        activity,
        events["resource"][mine].astype(np.int64),
        _results(run, rows[pair], activity, time),
    )


def _results(
    run: Run, row: NDArray[Any], activity: NDArray[np.int64], time: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The refund share that an event gave, 0 where it gave none."""
    d = run.disputes
    ruling = np.isin(activity, RULINGS)
    # A last ruling whose goods never came back ends in no refund; its own share is not on record.
    last = ruling & (time == d["last_ruled_at"][row]) & (d["silence"][row] != 1)
    said = np.where(last | (activity == SETTLED_EVENT), d["share"][row], 0.0)
    return np.where(ruling & (time == d["ruled_at"][row]), d["first_share"][row], said)


def _first_unlike(one: _Log, other: _Log, pairs: int) -> NDArray[np.int64]:
    """Place of the first event of `one` that `other` has not; the largest number where there is none."""
    there = np.searchsorted(other.key, one.key)
    inside = there < len(other.key)
    there[~inside] = 0
    alike = inside.copy()
    if len(other.key):
        alike &= other.key[there] == one.key
        for mine, theirs in zip(one[3:], other[3:], strict=True):
            alike &= mine == theirs[there]
    first = np.full(pairs, np.iinfo(np.int64).max)
    np.minimum.at(first, one.pair[~alike], one.key[~alike] & 0xFFFFFFFF)
    return first


def _look(log: _Log, at: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Activity and time of the event at these places, one a pair; -1 and NaN where there is none."""
    there = (at != NONE) & (at < log.length)
    place = (np.cumsum(log.length) - log.length + at)[there]
    activity, time = np.full(len(at), NONE), np.full(len(at), np.nan)
    activity[there], time[there] = log.activity[place], log.time[place]
    return activity, time


def keys(columns: Columns, number: str) -> NDArray[np.int64]:
    """One number for each replication and dispute."""
    return np.asarray((columns["replication"].astype(np.int64) << 32) | columns[number])
