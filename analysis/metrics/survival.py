"""Time to an end by Kaplan-Meier: disputes still open at the horizon are censored, not dropped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import overload

import numpy as np
from numpy.typing import ArrayLike

from evenhand.analysis.metrics.accumulators import Floats, Ints, Mask, Measured, Tally, ratio
from evenhand.analysis.metrics.censoring import ROUNDING, Followed, Steps
from evenhand.analysis.metrics.chunks import AnyRun, all_cells, tallied
from evenhand.analysis.metrics.estimate import Estimate, estimate
from evenhand.analysis.metrics.groupby import Cells

EVERY_STEP = 100_000
"""Curves of more disputes keep the steps that somebody reads."""
LEVELS = 1000


@dataclass(frozen=True, eq=False)
class Curve:
    """A survival curve: the share still open after so many hours.

    `share[i]` and `at_risk[i]` belong to `times[i]`: open right after it, and followed until just
    before it; times rise and end with the longest follow-up. `n` disputes, `closed` of them seen to end.
    With more than 100,000 disputes not every step is kept: values at whole hours and quantiles in
    thousandths stay exact, between them the curve is right to a thousandth.
    """

    times: Floats
    share: Floats
    at_risk: Ints
    n: int
    closed: int

    def at(self, hours: ArrayLike) -> Floats:
        """Share still open after so many hours; NaN beyond the longest follow-up."""
        asked = np.asarray(hours, np.float64)
        if self.n == 0:
            return np.full(asked.shape, np.nan)
        steps = np.concatenate([[1.0], self.share])
        found = steps[np.searchsorted(self.times, asked, "right")]
        return np.where(asked <= self.times[-1], found, np.nan)

    def quantile(self, q: float) -> float:
        """Hours by which the share `q` has ended; NaN if the curve does not get there."""
        there = np.flatnonzero(self.share <= 1.0 - q + ROUNDING)
        return float(self.times[there[0]]) if len(there) else float("nan")


def kaplan_meier(durations: Floats, ended: Mask) -> Curve:
    """The curve of follow-up times, some ended and the others censored; see `Followed.steps`."""
    followed = Followed(1)
    followed.add(np.zeros(len(durations), np.int64), durations, ended)
    return _curves(followed)[0]


def _curves(followed: Followed) -> list[Curve]:
    """The curve of every cell."""
    found: list[list[Steps]] = [[] for _ in followed.n]
    for steps in followed.steps():
        found[steps.cell].append(_thinned(steps, int(followed.n[steps.cell])))
    return [
        _joined(parts, int(n), int(closed))
        for parts, n, closed in zip(found, followed.n, followed.closed, strict=True)
    ]


def _thinned(steps: Steps, n: int) -> Steps:
    """The steps that are kept, each time once: its first row says who was at risk, its last what is left."""
    first = np.append(True, steps.times[1:] != steps.times[:-1])
    last = np.append(first[1:], True)
    times, share, at_risk = steps.times[last], steps.share[last], steps.at_risk[first]
    if n > EVERY_STEP:
        hour = np.ceil(times)
        level = np.ceil((share - ROUNDING) * LEVELS)
        kept = np.ones(len(times), np.bool_)
        kept[1:-1] = (hour[1:-1] != hour[:-2]) | (hour[1:-1] != hour[2:]) | (level[1:-1] != level[:-2])
        times, share, at_risk = times[kept], share[kept], at_risk[kept]
    return Steps(steps.cell, times, share, at_risk)


def _joined(parts: Iterable[Steps], n: int, closed: int) -> Curve:
    """One curve; a time may be the last of one part and the first of the next."""
    parts = list(parts)
    if not parts:
        return Curve(np.empty(0), np.empty(0), np.empty(0, np.int64), n, closed)
    times, share, at_risk = (np.concatenate([part[i] for part in parts]) for i in (1, 2, 3))
    first = np.append(True, times[1:] != times[:-1])
    last = np.append(first[1:], True)
    return Curve(times[last], share[last], at_risk[first], n, closed)


def _follow(cells: Cells, start: str, end: str) -> tuple[Ints, Floats, Mask]:
    """The cell of each dispute that began, how long it was followed, and whether its end was seen."""
    begun = ~np.isnan(cells[start])
    since, until = cells[start][begun], cells[end][begun]
    ended = ~np.isnan(until)
    last = np.where(ended, until, np.fmin(cells["closed_at"][begun], cells.run.horizon))
    return cells.index[begun], np.asarray(last - since), ended


@overload
def survival(run: AnyRun, group: None = None, start: str = ..., end: str = ...) -> Curve: ...
@overload
def survival(run: AnyRun, group: str, start: str = ..., end: str = ...) -> dict[str, Curve]: ...
def survival(
    run: AnyRun, group: str | None = None, start: str = "opened_at", end: str = "closed_at"
) -> Curve | dict[str, Curve]:
    """Share of disputes still open by hours since they began, all replications pooled.

    With `group`, a column such as "buyer_group", one curve for each of its labels. `start` and `end`
    are columns of times; disputes without a start are left out, those without an end are censored
    when they closed another way, or at the horizon.
    """
    labels = run.labels(group) if group else ("",)
    followed = Followed(len(labels))
    for cells in all_cells(run, group):
        index, hours, ended = _follow(cells, start, end)
        followed.add(index // cells.replications, hours, ended)
    curves = _curves(followed)
    return dict(zip(labels, curves, strict=True)) if group else curves[0]


@dataclass(frozen=True)
class Quantile:
    """Hours by which the share `q` has ended, in every cell."""

    followed: Followed
    q: float

    def join(self, later: Quantile) -> Quantile:
        """The quantile of both pieces."""
        self.followed.extend(later.followed)
        return self

    def measured(self) -> Measured:
        """The first time at which the curve is 1 - q or less; NaN where it does not get there."""
        value = np.full(len(self.followed.n), np.nan)
        for steps in self.followed.steps():
            if np.isnan(value[steps.cell]):
                there = np.flatnonzero(steps.share <= 1.0 - self.q + ROUNDING)
                value[steps.cell] = steps.times[there[0]] if len(there) else np.nan
        return Measured(value, self.followed.n)


def hours_until(cells: Cells, q: float, start: str, end: str) -> Tally:
    """Hours by which the share `q` has ended, in every cell."""
    index, hours, ended = _follow(cells, start, end)
    if cells.only_counts:
        n = np.bincount(index, minlength=cells.size).astype(np.float64)
        return ratio(np.full(cells.size, np.nan), n)
    followed = Followed(cells.size)
    followed.add(index, hours, ended)
    return Quantile(followed, q)


def times_until(
    run: AnyRun,
    shares: Sequence[float],
    group: str | None = None,
    start: str = "opened_at",
    end: str = "closed_at",
) -> dict[str, tuple[Estimate, ...]]:
    """Hours by which each of some shares has ended: label of the group ("" for everybody) -> estimates.

    As the metrics have them: the quantile of each replication's curve, and the mean of those, NaN where the
    curve of any replication does not come down so far. The quantile of the pooled curve may differ a little.
    """
    labels = run.labels(group) if group else ("",)
    functions = [partial(hours_until, q=q, start=start, end=end) for q in shares]
    found = [
        (value.reshape(len(labels), -1), n.reshape(len(labels), -1))
        for value, n in tallied(run, functions, group)
    ]
    return {
        label: tuple(estimate(value[i], n[i], "h") for value, n in found) for i, label in enumerate(labels)
    }
