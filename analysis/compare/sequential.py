"""How many worlds are enough: replications are added until intervals are as narrow as asked."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import stdtrit

from evenhand.analysis.metrics.accumulators import Floats, Ints, Mask
from evenhand.analysis.metrics.estimate import CONFIDENCE

FEWEST = 10
"""Replications before the first look: with three, one interval in ten would miss."""
LOOK_AHEAD = 5
"""Replications for which the targets must stay met: one lucky look is not enough."""


def half_widths(differences: Floats, confidence: float = CONFIDENCE) -> Floats:
    """Half-widths of the t intervals after each replication; shape as given, replications first.

    NaN pairs are left out; infinite while fewer than two pairs are known.
    """
    known = ~np.isnan(differences)
    n = known.cumsum(axis=0)
    level = np.where(known, differences, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    centred = np.where(known, differences - level, 0.0)  # sums of squares lose no digits around 0
    total, squares = centred.cumsum(axis=0), (centred**2).cumsum(axis=0)
    variance = np.maximum(squares - total**2 / np.maximum(n, 1), 0.0) / np.maximum(n - 1, 1)
    freedom = np.maximum(n - 1.0, 1.0)
    half = stdtrit(freedom, (1 + confidence) / 2) * np.sqrt(variance / np.maximum(n, 1))
    return np.asarray(np.where(n > 1, half, np.inf))


def precise(differences: Floats, targets: ArrayLike, fewest: int = FEWEST) -> Mask:
    """Whether every column is within its target after each replication.

    `differences` has shape (replications, ..., columns), `targets` (columns,) are half-widths in the
    unit of the column; a column with fewer than `fewest` known pairs is not. Shape (replications, ...).
    """
    enough = (~np.isnan(differences)).cumsum(axis=0) >= fewest
    return np.asarray((enough & (half_widths(differences) <= np.asarray(targets))).all(axis=-1))


def stopping_time(met: Mask, look_ahead: int = LOOK_AHEAD) -> NDArray[np.int64]:
    """After how many replications to stop: as soon as the targets have stayed met for `look_ahead` more.

    `met` has shape (replications, ...); 0 where that does not happen. Source: Chow and Robbins (1965)
    for absolute widths; Hoad, Robinson and Davies (2010) for looking ahead.
    """
    run = np.zeros(met.shape[1:], np.int64)
    stop = np.zeros(met.shape[1:], np.int64)
    for number, now in enumerate(met, 1):
        run = np.where(now, run + 1, 0)
        stop = np.where((stop == 0) & (run > look_ahead), number, stop)
    return stop


def replications_needed(variance: ArrayLike, half_width: ArrayLike) -> Ints:
    """Fewest replications whose t interval is within a half-width, if the variance of one is known.

    Formula: least n >= 2 with t(n - 1) sqrt(variance / n) <= half_width, found by halving; at most 10^9.
    """
    variance, half_width = np.broadcast_arrays(np.asarray(variance, float), np.asarray(half_width, float))
    low, high = np.full(variance.shape, 1), np.full(variance.shape, 10**9)
    while (high - low > 1).any():
        middle = np.maximum((low + high) // 2, 2)
        fits = stdtrit(middle - 1.0, (1 + CONFIDENCE) / 2) * np.sqrt(variance / middle) <= half_width
        low, high = np.where(fits, low, middle), np.where(fits, middle, high)
    return np.asarray(high, np.int64)
