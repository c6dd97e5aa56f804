"""Choosing the best of several policies with a stated chance of being right (Kim and Nelson).

The differences between policies in the same worlds are small, so that the losers leave early. Source:
Kim and Nelson (2001), A fully sequential procedure for indifference-zone selection in simulation.
"""

from __future__ import annotations

import numpy as np

from evenhand.analysis.metrics.accumulators import Floats, Mask

FIRST = 12
"""Replications of every policy before the first one may leave; fewer make the spread a guess."""


def slack(policies: int, first: int = FIRST, confidence: float = 0.95) -> float:
    """The constant h^2 of the procedure: how much patience the confidence asks for.

    Formula: h^2 = 2 eta (first - 1), eta = ((2 a / (policies - 1))^(-2 / (first - 1)) - 1) / 2 with
    a = 1 - confidence. It holds where that is no more than chance: confidence above 1 / policies.
    """
    eta = ((2 * (1 - confidence) / (policies - 1)) ** (-2 / (first - 1)) - 1) / 2
    return float(2 * eta * (first - 1))


def spreads(first: Floats) -> Floats:
    """Variances of the differences between all pairs; from (..., replications, k) to (..., k, k)."""
    apart = first[..., :, None] - first[..., None, :]
    return np.asarray(apart.var(axis=-3, ddof=1))


def margins(spread: Floats, replications: int, patience: float, margin: float) -> Floats:
    """How far a policy may be behind another and stay, after so many replications.

    Formula: max(0, margin / (2 r) x (h^2 S^2 / margin^2 - r)), S^2 the variance of the difference.
    """
    return np.maximum(0.0, margin / (2 * replications) * (patience * spread / margin**2 - replications))


def staying(mean: Floats, allowed: Floats, still: Mask) -> Mask:
    """Who stays: nobody that is still there is ahead by more than allowed. Higher is better.

    `mean` and `still` have shape (..., k), `allowed` (..., k, k), row against column.
    """
    behind = mean[..., None, :] - mean[..., :, None] > allowed
    return np.asarray(still & ~(behind & still[..., None, :]).any(axis=-1))


def last_round(spread: Floats, still: Mask, patience: float, margin: float) -> int:
    """Replications after which nothing is allowed any more between those still there; spread (k, k)."""
    widest = spread[np.ix_(still, still)].max(initial=0.0)
    return int(np.ceil(patience * widest / margin**2))
