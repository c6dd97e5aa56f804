"""Estimates: a value over all replications, an interval for it, and the number of cases counted.

Point values are defined here and nowhere else. A rate or a mean is the pooled ratio of sums: everything
counted in all replications over everything it is counted among. What is no ratio (a quantile of times, a
peak, a count, the use of a desk) is the mean over replications.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from evenhand.analysis.metrics.accumulators import Floats, Ints

CONFIDENCE = 0.95
_NEVER_NEGATIVE = ("share", "count", "h", "per 1000 orders", "ratio")


class Band(NamedTuple):
    """Means over replications and the ends of their intervals, NaN where undefined."""

    mean: Floats
    low: Floats
    high: Floats
    defined: NDArray[np.int64]


def t_band(values: Floats, confidence: float = CONFIDENCE) -> Band:
    """Means over the first axis with Student-t intervals; NaN entries are left out.

    Formula: mean +- t(k - 1) s / sqrt(k) over the k defined values; fewer than one give no mean,
    fewer than two no interval. Source: Law (2015), Simulation Modeling and Analysis, section 9.4.
    """
    known = ~np.isnan(values)
    k = known.sum(axis=0)
    mean = np.where(known, values, 0.0).sum(axis=0) / np.where(k > 0, k, np.nan)
    squares = np.where(known, values - mean, 0.0) ** 2
    freedom = np.where(k > 1, k - 1.0, np.nan)
    error = np.sqrt(squares.sum(axis=0) / freedom / np.where(k > 0, k, np.nan))
    half = stdtrit(freedom, (1 + confidence) / 2) * error
    return Band(mean, mean - half, mean + half, k)


def contributions(values: Floats, weights: NDArray[Any]) -> Floats:
    """Values whose mean over the first axis is the pooled ratio, one a replication; NaN stays NaN.

    `values` are ratios, `weights` what they are divided by; both have replications first. Formula:
    R + (k - 1) (mean of R_-r - R_-r) with R = sum w v / sum w and R_-r the same without replication r.
    Student's interval for their mean is the jackknife interval of R, and differences of them are pairs.
    Equal weights leave the values as they are. Source: Efron & Tibshirani (1993), chapter 11.
    """
    known = ~np.isnan(values)
    w = np.where(known, weights, 0.0).astype(np.float64)
    found = leave_one_out(np.where(known, values * w, np.nan), w)
    # Rounding must not give a spread to what has none.
    return np.where(known & ~_even(weights, known) & ~_even(values, known), found, values)


def leave_one_out(top: Floats, bottom: Floats) -> Floats:
    """Values whose mean over the first axis is sum of `top` / sum of `bottom`, and their spread its error.

    A replication in which either is NaN is left out, and NaN. See `contributions`.
    """
    known = ~np.isnan(top) & ~np.isnan(bottom)
    a, b, k = np.where(known, top, 0.0), np.where(known, bottom, 0.0), known.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = a.sum(axis=0) / b.sum(axis=0)
        left = (a.sum(axis=0) - a) / (b.sum(axis=0) - b)
        mean = np.where(known, left, 0.0).sum(axis=0) / k
        found = ratio + (k - 1) * (mean - left)
    return np.where(known, found, np.nan)


def _even(values: NDArray[Any], known: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Whether all known values over the first axis are the same."""
    high = np.where(known, values, -np.inf).max(axis=0, initial=-np.inf)
    return np.asarray(np.where(known, values, np.inf).min(axis=0, initial=np.inf) >= high)


@dataclass(frozen=True, eq=False)
class Estimate:
    """A metric over the replications of a run.

    `value` is the pooled ratio of sums for rates and means, the mean over the replications in which it is
    defined for all else, NaN if it is not known; `ci` its 95 % interval, which covers the luck of the draw
    between replications and nothing else, or None with fewer than two of them. `n` are the cases counted,
    all replications together.
    """

    value: float
    ci: tuple[float, float] | None
    n: int
    replications: int
    """Replications in which the metric is defined."""
    unit: str
    per_replication: Floats
    """The metric in each replication, NaN where undefined."""
    contributions: Floats
    """What each replication adds to the value, which is their mean; see `contributions`."""

    @property
    def undefined(self) -> int:
        """Replications in which the metric is not defined."""
        return len(self.per_replication) - self.replications


def estimate(
    per_replication: Floats, counts: Ints, unit: str, weights: NDArray[Any] | None = None
) -> Estimate:
    """Estimate a metric from its values in each replication and the cases that each of them counts.

    `weights` are what ratios are divided by, and make the value the pooled ratio of sums; without them it is
    the mean over replications. A replication without a case is left out of either. One that has cases and
    yet no value, a time that the run was too short to see, makes the value unknown: to leave it out would
    flatter slow rules.

    The interval is Student's t, cut where the unit ends: below 0 for all but money and errors, above
    1 for shares. Where every replication gives a share of exactly 0, or exactly 1, t has no width, and
    the exact binomial bound for the pooled cases is taken: 1 - 0.025^(1/n), about 3.7/n (Clopper &
    Pearson 1934).
    """
    added = per_replication if weights is None else contributions(per_replication, weights)
    band, n = t_band(added), int(counts.sum())
    value, defined = float(band.mean), int(band.defined)
    ci = None
    if (np.isnan(per_replication) & (counts > 0)).any():
        value = float("nan")
    elif defined >= 2:
        ci = _inside(value, float(band.low), float(band.high), n, unit)
    return Estimate(value, ci, n, defined, unit, per_replication, added)


def _inside(value: float, low: float, high: float, n: int, unit: str) -> tuple[float, float]:
    """An interval inside the range of its unit, and never without width at an end of a share."""
    if unit not in _NEVER_NEGATIVE:
        return low, high
    if unit != "share":
        return max(low, 0.0), high
    edge = 1.0 - ((1 - CONFIDENCE) / 2) ** (1.0 / n) if n else 0.0
    if value == 0.0:
        return 0.0, edge
    if value == 1.0:
        return 1.0 - edge, 1.0
    return max(low, 0.0), min(high, 1.0)
