"""Time to an end by Kaplan-Meier: disputes still open at the horizon are censored, not dropped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import overload

import numpy as np
from numpy.typing import ArrayLike

from analysis.cells import Cells, Floats, Ints, Mask, Measured
from sim.records import Columns, Run

_ROUNDING = 1e-12
"""How far a product of shares may be off."""


@dataclass(frozen=True, eq=False)
class Curve:
    """A survival curve: the share still open after so many hours.

    `share[i]` and `at_risk[i]` belong to `times[i]`: open right after it, and followed until just
    before it; times rise and end with the longest follow-up. `n` disputes, `closed` of them seen to end.
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
        there = np.flatnonzero(self.share <= 1.0 - q + _ROUNDING)
        return float(self.times[there[0]]) if len(there) else float("nan")


def kaplan_meier(durations: Floats, ended: Mask) -> Curve:
    """The curve of follow-up times, some ended and the others censored.

    Formula: S(t) = product over t_i <= t of (1 - d_i / r_i), d_i ends and r_i at risk at t_i; who is
    censored at t_i is still at risk there. Source: Kaplan & Meier (1958).
    """
    from scipy.stats import CensoredData, ecdf  # slow to import

    n = len(durations)
    if n == 0:
        return Curve(np.empty(0), np.empty(0), np.empty(0, np.int64), 0, 0)
    curve = ecdf(CensoredData.right_censored(durations, ~ended)).sf
    before = np.searchsorted(np.sort(durations), curve.quantiles, "left")
    return Curve(curve.quantiles, curve.probabilities, n - before, n, int(ended.sum()))


def _follow_up(disputes: Columns, which: Mask, start: str, end: str, horizon: float) -> tuple[Floats, Mask]:
    """How long each dispute was followed, and whether its end was seen."""
    since, until = disputes[start][which], disputes[end][which]
    ended = ~np.isnan(until)
    last = np.where(ended, until, np.fmin(disputes["closed_at"][which], horizon))
    return np.asarray(last - since), ended


@overload
def survival(run: Run, group: None = None, start: str = ..., end: str = ...) -> Curve: ...
@overload
def survival(run: Run, group: str, start: str = ..., end: str = ...) -> dict[str, Curve]: ...
def survival(
    run: Run, group: str | None = None, start: str = "opened_at", end: str = "closed_at"
) -> Curve | dict[str, Curve]:
    """Share of disputes still open by hours since they began, all replications pooled.

    With `group`, a column such as "buyer_group", one curve for each of its labels. `start` and `end`
    are columns of times; disputes without a start are left out, those without an end are censored
    when they closed another way, or at the horizon.
    """
    begun = ~np.isnan(run.disputes[start])
    if group is None:
        return kaplan_meier(*_follow_up(run.disputes, begun, start, end, run.horizon))
    return {
        label: kaplan_meier(
            *_follow_up(run.disputes, begun & (run.disputes[group] == number), start, end, run.horizon)
        )
        for number, label in enumerate(run.labels(group))
    }


def hours_until(cells: Cells, q: float, start: str, end: str) -> Measured:
    """Hours by which the share `q` has ended, in every cell."""
    begun = ~np.isnan(cells[start])
    durations, ended = _follow_up(cells.run.disputes, begun, start, end, cells.run.horizon)
    index = cells.index[begun]
    n = np.bincount(index, minlength=cells.size)
    if cells.only_counts:
        return Measured(np.full(cells.size, np.nan), n)
    order = np.argsort(index, kind="stable")
    parts = np.split(order, np.cumsum(n)[:-1])
    value = np.array([kaplan_meier(durations[rows], ended[rows]).quantile(q) for rows in parts])
    return Measured(value, n)
