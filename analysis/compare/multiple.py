"""Many differences at once: adjusted p, and intervals that hold all together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from evenhand.analysis.compare.paired import moments
from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.metrics.estimate import CONFIDENCE

ENOUGH = 30
"""Replications from which on the bootstrap is narrower than Bonferroni, and right."""
_RESAMPLES = 2000
_SEED = 20_250_901
"""The same records give the same intervals."""


def holm(p: Floats) -> Floats:
    """Adjust p so that the chance of any false finding stays below the level; shape (k,).

    Formula: with p sorted upwards, max over i <= j of (m - i) p_i, i from 0, at most 1; m counts the p
    that are known. NaN stays NaN. Source: Holm (1979), A simple sequentially rejective procedure.
    """
    adjusted = np.full(p.shape, np.nan)
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    steps = p[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted


def bonferroni(n: NDArray[np.int64], family: int, confidence: float = CONFIDENCE) -> Floats:
    """Half-widths in standard errors for `family` intervals that hold together; `n` are the pairs of each.

    Formula: t(n - 1) at 1 - (1 - confidence) / (2 family). NaN with fewer than two pairs.
    Source: Law (2015), Simulation Modeling and Analysis, section 10.4.
    """
    tail = (1 - confidence) / (2 * max(family, 1))
    return np.asarray(stdtrit(np.where(n > 1, n - 1.0, np.nan), 1 - tail))


def max_t(differences: Floats, confidence: float = CONFIDENCE, resamples: int = _RESAMPLES) -> Floats:
    """Half-width in standard errors, for all columns together, by a bootstrap of whole replications.

    `differences` has shape (..., replications, columns), NaN where a pair is missing; the result has
    the leading shape. Formula: quantile of max over columns of |mean* - mean| / (s* / sqrt(n*)).
    Columns without spread need no width and are passed over. Infinite where resamples too often have
    no spread of their own. Source: Westfall and Young (1993); Romano and Wolf (2005).
    """
    count = differences.shape[-2]
    known = ~np.isnan(differences)
    found = moments(np.moveaxis(differences, -2, 0))
    centred = np.where(known, differences - found.mean[..., None, :], 0.0)
    rng = np.random.default_rng(_SEED)
    weights = rng.multinomial(count, np.full(count, 1 / count), resamples).astype(np.float64)
    n = weights @ known.astype(np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = (weights @ centred) / n
        variance = ((weights @ centred**2) - n * mean**2) / (n - 1)
        # What is left of a spread of nothing is rounding.
        seen = variance > 1e-12 * found.variance[..., None, :]
        t = np.where(seen, np.abs(mean) / np.sqrt(variance / n), np.inf)
    t = np.where(found.variance[..., None, :] > 0, t, 0.0)
    highest = t.max(axis=-1, initial=0.0)
    return np.asarray(np.quantile(highest, confidence, axis=-1, method="higher"))


def simultaneous(differences: Floats, confidence: float = CONFIDENCE) -> Floats:
    """Half-widths of intervals that hold all together; `differences` has shape (replications, columns).

    Bonferroni's t for columns with fewer than 30 pairs; from there on the max-t bootstrap, which knows
    that the columns move together, where it is the narrower of the two. NaN with fewer than two pairs.
    """
    _, variance, n = moments(differences)
    critical = bonferroni(n, int((n > 1).sum()), confidence)
    if (n >= ENOUGH).any():
        together = max_t(differences, confidence)
        critical = np.where(n >= ENOUGH, np.minimum(together, critical), critical)
    return np.asarray(critical * np.sqrt(variance / np.where(n > 0, n, np.nan)))
