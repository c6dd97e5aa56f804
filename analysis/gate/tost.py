"""Two one-sided tests on pairs: the question is whether a change is small, not whether there is one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.metrics.accumulators import Floats, Mask
from evenhand.analysis.metrics.estimate import Band, t_band
from evenhand.locale.current import gettext

ERROR = 0.05
"""How often, at most, a change as large as the margin may pass; all looks of a gate together."""


def level(looks: int) -> float:
    """Confidence of the interval at each of so many looks: 0.90 for a single one.

    Two one-sided tests at ERROR are an interval with confidence 1 - 2 ERROR. Who looks again after more
    replications has another chance to be wrong, so each of the looks gets an equal part of ERROR
    (Bonferroni): 1 - 2 ERROR / looks.
    """
    if looks < 1:
        raise ValueError(gettext("looks must be 1 or more"))
    return 1.0 - 2.0 * ERROR / looks


def paired(accepted: Floats, now: Floats, looks: int = 1) -> Band:
    """Mean of now - accepted over the first axis (replications), with its interval at `level(looks)`.

    Both have the shape (replications, ...), row by row from the same worlds. Formula: mean d +-
    t(n - 1) s_d / sqrt(n); differences that are all alike have an interval without width.
    Source: Schuirmann (1987), with the paired t of Law (2015), section 10.2.
    """
    if accepted.shape != now.shape or len(now) < 2:
        raise ValueError(gettext("pairs need the same shape and two replications or more"))
    return t_band(now - accepted, level(looks))


def equivalent(band: Band, margin: float | NDArray[np.float64]) -> Mask:
    """Whether the whole interval lies strictly inside (-margin, margin)."""
    return np.asarray((band.low > -margin) & (band.high < margin))


def changed(band: Band, margin: float | NDArray[np.float64]) -> Mask:
    """Whether the whole interval lies at or beyond the margin, on one side."""
    return np.asarray((band.low >= margin) | (band.high <= -margin))
