"""Paired differences: two policies in the same worlds, one difference a world."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import stdtr, stdtrit

from evenhand.analysis.metrics.accumulators import Floats, Ints
from evenhand.analysis.metrics.estimate import CONFIDENCE

SURE = 0.05
"""Below this p a difference that is the same in every world is told: in six worlds or more."""
_ROUNDING = 1e-12
"""A spread that is smaller, beside its mean, is left by rounding."""


class Moments(NamedTuple):
    """Mean and variance over the first axis, and the values that are not NaN."""

    mean: Floats
    variance: Floats
    n: Ints


class Paired(NamedTuple):
    """Differences over the first axis: mean and half-width of its interval, pairs, p, what pairing bought."""

    mean: Floats
    half: Floats
    n: Ints
    p: Floats
    variance_reduction: Floats


def moments(values: Floats) -> Moments:
    """Mean and sample variance over the first axis, NaN left out; NaN with fewer than one, or two, values."""
    known = ~np.isnan(values)
    n = known.sum(axis=0)
    mean = np.where(known, values, 0.0).sum(axis=0) / np.where(n > 0, n, np.nan)
    squares = np.where(known, values - mean, 0.0) ** 2
    return Moments(mean, squares.sum(axis=0) / np.where(n > 1, n - 1.0, np.nan), n)


def paired_t(one: Floats, other: Floats, confidence: float = CONFIDENCE) -> Paired:
    """Paired t over the first axis of two arrays of one shape; a pair with a NaN is left out.

    Formula: d = one - other; mean(d) +- t(n - 1) s_d / sqrt(n); p two-sided. The variance reduction is
    (s_one^2 + s_other^2) / s_d^2: so many times more worlds would independent seeds need. Without any
    spread t says nothing. The interval then has no width, and p is 1 if nothing differs, else that of the
    sign test, 2^(1 - n); where that is not below SURE there is neither interval nor p, as with fewer than two
    pairs: counts of few worlds are often alike by chance. Source: Law (2015), Simulation Modeling and
    Analysis, section 10.2; Conover (1999), Practical Nonparametric Statistics, section 3.4.
    """
    difference = one - other
    known = ~np.isnan(difference)
    mean, variance, n = moments(difference)
    error = np.sqrt(variance / np.where(n > 0, n, np.nan))
    freedom = np.where(n > 1, n - 1.0, np.nan)
    half = np.asarray(stdtrit(freedom, (1 + confidence) / 2) * error, np.float64)
    flat = error <= _ROUNDING * np.abs(mean)
    half = np.where(flat, 0.0, half)
    t = np.abs(mean) / np.where(flat, np.nan, error)
    signs = np.exp2(1.0 - n)
    p = np.where(flat, np.where(mean == 0, 1.0, signs), 2 * stdtr(freedom, -t))
    unsure = flat & (mean != 0) & (signs >= SURE)
    p, half = np.where(unsure, np.nan, p), np.where(unsure, np.nan, half)
    apart = sum(moments(np.where(known, side, np.nan)).variance for side in (one, other))
    with np.errstate(divide="ignore", invalid="ignore"):
        reduction = apart / variance
    return Paired(mean, half, n, np.asarray(p), np.asarray(reduction))


def unpaired_t(one: Floats, other: Floats, confidence: float = CONFIDENCE) -> tuple[float, float]:
    """Mean difference of two samples from different worlds, and the half-width of its interval.

    Shapes (n,) and (m,), NaN left out; NaN half-width with fewer than two of either.
    Formula: Welch's t. Source: Welch (1947).
    """
    a, b = moments(one), moments(other)
    parts = np.array([a.variance / a.n if a.n else np.nan, b.variance / b.n if b.n else np.nan])
    total = parts.sum()
    if not total > 0:
        return float(a.mean - b.mean), float(total)
    freedom = total**2 / (parts**2 / (np.array([a.n, b.n]) - 1)).sum()
    return float(a.mean - b.mean), float(stdtrit(freedom, (1 + confidence) / 2) * np.sqrt(total))
