"""Amounts of money: lognormal, as scenarios have them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from evenhand.analysis.calibration.field import Fit
from evenhand.locale.current import gettext

T = "Student's t of the logs"


class Amounts(NamedTuple):
    """A lognormal law of amounts, and how far it is from them."""

    median: Fit
    sigma: Fit
    ks: float
    """Greatest distance between the law and the amounts."""
    nothing: int
    """Amounts of 0, which have no logarithm and are left out."""


def fit_amounts(amounts: NDArray[np.float64]) -> Amounts:
    """Median and sigma by maximum likelihood; the intervals are exact if the logarithms are normal.

    Student's t for the median, chi-squared for sigma. Raises ValueError with fewer than 10 above 0.
    """
    known = amounts[~np.isnan(amounts)]
    logs = np.log(known[known > 0])
    n = len(logs)
    if n < 10 or logs.std() == 0:
        raise ValueError(gettext("10 or more amounts above 0 that differ are needed, found {n}").format(n=n))
    mean, sigma = float(logs.mean()), float(logs.std(ddof=1))
    half = float(stats.t.ppf(0.975, n - 1)) * sigma / np.sqrt(n)
    low, high = sigma * np.sqrt((n - 1) / stats.chi2.ppf([0.975, 0.025], n - 1))
    far = float(stats.kstest(logs, stats.norm(mean, sigma).cdf).statistic)
    return Amounts(
        Fit(float(np.exp(mean)), float(np.exp(mean - half)), float(np.exp(mean + half)), T, n),
        Fit(sigma, float(low), float(high), "chi-squared of the logs", n),
        far,
        int((known == 0).sum()),
    )
