"""Shares and mixes with their intervals."""

from __future__ import annotations

from math import nan

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.calibration.field import Fit
from evenhand.analysis.metrics.shares import wilson

WILSON = "Wilson"


def share(hits: int, n: int) -> Fit:
    """A share with Wilson's (1927) score interval; NaN with n = 0 where nothing is counted."""
    if n == 0:
        return Fit(nan, nan, nan, WILSON, 0)
    low, high = wilson(hits, n)
    return Fit(hits / n, low, high, WILSON, n)


def mix(codes: NDArray[np.int64], size: int) -> list[Fit]:
    """The share of each code from 0 to size - 1 among those known (not negative), each with its interval."""
    known = codes[codes >= 0]
    return [share(int(count), len(known)) for count in np.bincount(known, minlength=size)]
