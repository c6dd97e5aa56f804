"""When disputes begin: how many a day, on which days of the week, at which hours, and how bunched.

Daily counts are negative binomial with mean (weekday) x (month) and shape k: a Poisson process whose
rate has a factor of its own each day, gamma with mean 1 and shape k, as `market.burst_shape` means it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, stats
from scipy.special import gammaln

from evenhand.analysis.calibration.field import Fit
from evenhand.analysis.calibration.log import Log
from evenhand.analysis.metrics.shares import Z
from evenhand.locale.current import gettext

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SILENT_MEAN = 5.0
"""A day without a dispute where so many or more were to be expected was closed."""
_ROUNDS = 200
_MOST = 1e6


class ArrivalFit(NamedTuple):
    """The arrivals of a log, over the days whose disputes are all in it."""

    per_day: Fit
    weekdays: tuple[Fit, ...]
    """Relative to the mean day, Monday first."""
    hours: tuple[float, ...] | None
    """Relative weights of the 24 hours; None where times are whole days."""
    burst: Fit | None
    """Shape k; None where the counts are no more bunched than Poisson's."""
    dispersion: float
    """Pearson's: 1 for Poisson."""
    first_day: int
    counts: Ints
    """Disputes of each day that counts."""
    silent: tuple[int, ...]
    """Days (from `Log.start`) on which nothing came although much was to be expected."""


def complete_days(log: Log) -> tuple[int, int]:
    """First day and the day after the last whose disputes are all in the log.

    In a log by closing, late ones are missing whose disputes had not closed: the 99th percentile of the
    durations is cut off.
    """
    if not log.by_closing:
        return 0, log.days
    tail = int(np.ceil(np.nanquantile(log.durations, 0.99) / 24))
    return (0, log.days - tail) if log.days - tail >= 28 else (0, log.days)


def weekday_of(log: Log, days: Ints) -> Ints:
    """0 = Monday."""
    return np.asarray((log.start.weekday() + days) % 7)


def expected_counts(counts: Ints, weekday: Ints, month: Ints) -> Floats:
    """Maximum-likelihood means of the form weekday x month (iterative proportional fitting)."""
    mean = np.full(len(counts), max(counts.mean(), 1e-12))
    for _ in range(_ROUNDS):
        before = mean.copy()
        for group in (weekday, month):
            ratio = np.bincount(group, counts, 31) / np.maximum(np.bincount(group, mean, 31), 1e-12)
            mean = mean * ratio[group]
        if np.abs(mean - before).max() < 1e-9:
            break
    return np.asarray(mean)


def burst_shape(counts: Ints, mean: Floats) -> Fit | None:
    """The shape k by maximum likelihood with its profile interval; None where Poisson does as well.

    The likelihood ratio against Poisson has half its weight at 0 (Self & Liang 1987): 2.71 is 5 %.
    """
    use = mean > 0
    y, m = counts[use].astype(float), mean[use]

    def log_likelihood(log_k: float) -> float:
        k = np.exp(log_k)
        # y log(m / (m + k)) + k log(k / (m + k)), written so that a large k loses no figures
        terms = gammaln(y + k) - gammaln(k) - y * np.log(k + m) + y * np.log(m) - k * np.log1p(m / k)
        return float(np.sum(terms) - np.sum(gammaln(y + 1)))

    poisson = float(np.sum(stats.poisson.logpmf(y, m)))
    top = float(np.log(_MOST))
    found = optimize.minimize_scalar(lambda x: -log_likelihood(x), bounds=(-4.0, top), method="bounded")
    best, at = -float(found.fun), float(found.x)
    if 2 * (best - poisson) < 2.71:
        return None

    def drop(x: float) -> float:
        return best - log_likelihood(x) - Z * Z / 2

    low = optimize.brentq(drop, at - 6, at) if drop(at - 6) > 0 else at - 6
    high = optimize.brentq(drop, at, top) if drop(top) > 0 else np.inf
    return Fit(float(np.exp(at)), float(np.exp(low)), float(np.exp(high)), "profile likelihood", len(y))


def fit_arrivals(log: Log) -> ArrivalFit:
    """The arrivals of a log. Raises ValueError with fewer than 14 days or 20 disputes."""
    first, after = complete_days(log)
    opened = log.opened[(log.opened >= 24.0 * first) & (log.opened < 24.0 * after)]
    if after - first < 14 or len(opened) < 20:
        raise ValueError(
            gettext("14 days and 20 disputes are needed, found {after} and {opened}").format(
                after=after - first, opened=len(opened)
            )
        )
    days = np.arange(first, after)
    counts = np.bincount((opened // 24).astype(np.int64) - first, minlength=len(days))
    weekday, month = weekday_of(log, days), _months(log, days)
    mean = expected_counts(counts, weekday, month)
    silent = (counts == 0) & (mean >= SILENT_MEAN)
    kept = ~silent
    mean = expected_counts(counts[kept], weekday[kept], month[kept])
    freedom = max(int(kept.sum()) - len(set(weekday.tolist())) - len(set(month.tolist())) + 1, 1)
    used = mean > 0
    dispersion = float((((counts[kept] - mean) ** 2)[used] / mean[used]).sum() / freedom)
    inflate = np.sqrt(max(dispersion, 1.0))
    hours = None
    if not log.grain:
        by_hour = np.bincount((opened % 24).astype(np.int64), minlength=24)
        hours = tuple(float(x) for x in np.round(100 * by_hour / by_hour.sum(), 2))
    return ArrivalFit(
        _rate(len(opened), len(days), inflate),
        tuple(_weekdays(counts, weekday, inflate)),
        hours,
        burst_shape(counts[kept], mean),
        dispersion,
        first,
        counts,
        tuple(int(day) for day in days[silent]),
    )


def _months(log: Log, days: Ints) -> Ints:
    """Calendar months from 0, at most 30 of them: beyond, several share one."""
    dates = [log.start + timedelta(days=int(day)) for day in days]
    number = np.array([12 * one.year + one.month for one in dates])
    number -= number.min()
    return np.asarray(number * 30 // (number.max() + 1) if number.max() >= 30 else number)


def _rate(count: int, days: int, inflate: float) -> Fit:
    rate, half = count / days, Z * inflate / np.sqrt(count)
    return Fit(rate, rate * np.exp(-half), rate * np.exp(half), "quasi-Poisson on the log scale", count)


def _weekdays(counts: Ints, weekday: Ints, inflate: float) -> list[Fit]:
    """Mean of each day of the week relative to the mean day."""
    total = np.bincount(weekday, counts, 7)
    each = total / np.maximum(np.bincount(weekday, minlength=7), 1)
    scale = each.mean()
    fits = []
    for count, mean in zip(total, each, strict=True):
        half = Z * inflate / np.sqrt(max(count, 1.0))
        low = mean * np.exp(-half) if count else 0.0
        high = mean * np.exp(half) if count else scale * 3.7 / max(counts.sum() / 7, 1.0)
        fits.append(
            Fit(mean / scale, low / scale, high / scale, "quasi-Poisson on the log scale", int(count))
        )
    return fits
