"""How long people wait, and whether the queue is just (P3, P11)."""

from __future__ import annotations

from bisect import bisect_left, insort
from functools import partial

import numpy as np

from evenhand.analysis.fairness.measure import fairness
from evenhand.analysis.fairness.study import Answer, Groups, Study, by_rows, quotient, suffixed
from evenhand.analysis.metrics.accumulators import Floats, Ints, Mask
from evenhand.locale.current import gettext

DIRECTIVE_HOURS = 90 * 24.0
"""90 calendar days: Directive 2013/11/EU, Article 8(e)."""


@fairness("P3", "Timeliness", "h", "filings, those still open censored at the horizon")
def timeliness(study: Study, by: str | None = None, limit: float = DIRECTIVE_HOURS) -> Answer:
    """How long filings take: median, time by which 90 % are over, mean up to a limit, share beyond it.

    Formula: the first t with S(t) <= 0.5 and 0.1; the integral of S up to `limit` hours; S(limit); S
    by Kaplan and Meier from filing to close, so slow rules do not look fast. Each in every replication, and
    the mean of those, as `median_hours_after_filing` has it. 0 h: at once. NaN where the curve of any
    replication does not come down so far. Source: Kaplan and Meier (1958); Directive 2013/11/EU, Article
    8(e), for 90 days.
    """
    if limit <= 0:
        raise ValueError(gettext("limit must be above 0 hours, found {limit}").format(limit=limit))
    groups, answer = study.groups(by), Answer()
    for number, label in enumerate(groups.labels):
        rows = np.flatnonzero(study.cells.filed & (groups.code == number))
        answer |= _times(study, rows, limit, f"_{label}" if label else "")
    return answer


def _times(study: Study, rows: Ints, limit: float, suffix: str) -> Answer:
    """The four numbers of one group."""
    until = study["closed_at"][rows]
    ended = ~np.isnan(until)
    followed = np.where(ended, until, study.run.horizon) - study["filed_at"][rows]
    order = np.lexsort((~ended, followed))
    time, ends, cluster = followed[order], ended[order], study.cluster[rows][order]
    n, clusters = len(rows), len(np.unique(cluster))
    place = study.replication[cluster]
    parts = [(np.flatnonzero(place == r), study.replication == r) for r in np.unique(place)]

    def statistic(w: Floats) -> Floats:
        top, bottom = np.zeros((len(w), 4)), np.zeros((len(w), 1))
        for mine, own in parts:
            numbers = by_rows(
                w, cluster[mine], partial(_curve_numbers, time=time[mine], ends=ends[mine], limit=limit)
            )
            weight = w[:, own].mean(axis=1, keepdims=True)  # how often the replication itself was drawn
            top += np.where(weight > 0, weight * numbers, 0.0)
            bottom += weight
        return quotient(top, bottom)

    names = [name + suffix for name in ("median_hours", "p90_hours", "mean_hours_to_limit", "beyond_limit")]
    units = ("h", "h", "h", "share")
    return study.infer(statistic, names, np.repeat(n, 4), np.repeat(clusters, 4), units, in_line=True)


def _curve_numbers(w: Floats, time: Floats, ends: Mask, limit: float) -> Floats:
    """Median, 90th percentile, restricted mean and share beyond the limit, for rows of weights."""
    found = np.full((len(w), 4), np.nan)
    if not len(time):
        return found
    at_risk = np.cumsum(w[:, ::-1], axis=1)[:, ::-1]
    gone = np.divide(w * ends, at_risk, out=np.zeros_like(w), where=at_risk > 1e-9)
    share = np.cumprod(1.0 - gone, axis=1)
    share[share < 1e-12] = 0.0
    for column, level in ((0, 0.5), (1, 0.1)):
        there = share <= level + 1e-12
        found[:, column] = np.where(there.any(axis=1), time[there.argmax(axis=1)], np.nan)
    last = np.where(w > 0, time, -np.inf).max(axis=1)
    known = (last >= limit) | (share[:, -1] == 0.0)
    edges = np.minimum(np.concatenate([[0.0], time]), limit)
    heights = np.hstack([np.ones((len(w), 1)), share[:, :-1]])
    mean = (heights * np.diff(edges)).sum(axis=1)
    before = int(np.searchsorted(time, limit, "right"))
    beyond = share[:, before - 1] if before else np.ones(len(w))
    found[:, 2], found[:, 3] = np.where(known, mean, np.nan), np.where(known, beyond, np.nan)
    return found


def overtaken(since: Floats, until: Floats) -> Ints:
    """How many cases that came later left earlier, for each case of one queue."""
    counted = np.zeros(len(since), np.int64)
    left: list[float] = []
    order = np.argsort(since, kind="stable")[::-1]
    start = 0
    while start < len(order):  # those who came together do not overtake each other
        together = order[start:][since[order[start:]] == since[order[start]]]
        for row in together:
            counted[row] = bisect_left(left, until[row])
        for row in together:
            insort(left, float(until[row]))
        start += len(together)
    return counted


@fairness("P11", "Justice of the queue", "ratio", "first rulings of the decision desk")
def queue_justice(study: Study, by: str | None = "claim_band") -> Answer:
    """How long cases spend at the desk for an hour of work on them, and how often they are overtaken.

    Formula: mean of (ruled - handed to the desk) / hours of work, nights and weekends included; mean
    number of cases that came to the desk later and were ruled earlier. 1 and 0: nobody waits, nobody
    is overtaken; compare the groups. Source: slowdown and overtaking in queueing fairness (Avi-Itzhak,
    Levy and Raz 2008).
    """
    groups, hours = study.groups(by), study["decision_hours"]
    ruled = ~np.isnan(study["handed_at"]) & ~np.isnan(study["ruled_at"]) & (hours > 0)
    stay = np.where(ruled, study["ruled_at"] - study["handed_at"], 0.0)
    slow = np.divide(stay, hours, out=np.zeros_like(stay), where=ruled)
    passed = np.zeros(len(stay))
    position = study.cells.position(study["replication"])
    for number in range(study.cells.replications):
        rows = np.flatnonzero(ruled & (position == number))
        passed[rows] = overtaken(study["handed_at"][rows], study["ruled_at"][rows])
    return _means(study, groups, ruled, {"slowdown": (slow, "ratio"), "overtaken": (passed, "count")})


def _means(study: Study, groups: Groups, which: Mask, values: dict[str, tuple[Floats, str]]) -> Answer:
    """Means of several values over the same disputes, by group."""
    n, answer = study.split(groups, which), Answer()
    for name, (each, unit) in values.items():
        tops = study.split(groups, which, each)
        answer |= study.ratios(suffixed(name, groups), tops, n, unit, in_line=True)
    return answer
