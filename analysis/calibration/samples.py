"""What of a log is compared: samples, counts and shares, the same of a real and of a simulated one."""

from __future__ import annotations

from collections.abc import Callable
from math import nan

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.calibration.arrivals import complete_days
from evenhand.analysis.calibration.log import Log
from evenhand.analysis.calibration.merchants import log_delay_spread
from evenhand.sim.scenario.vocabulary import ENDINGS, N_VALID

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
BANDS = (0, 8, 15, 22, 31, 46, 61)
"""First days of bands of durations, for whole days; the last has no end."""
SIZES = (1, 2, 3, 4, 6, 10)
_DAY = 24.0


def outcome_codes(log: Log) -> Ints:
    """Ending and winner together, -1 unknown."""
    return np.asarray(np.where(log.ending < 0, -1, 2 * log.ending + log.won))


def outcome_counts(log: Log) -> Ints:
    """Disputes by ending and winner."""
    codes = outcome_codes(log)
    return np.bincount(codes[codes >= 0], minlength=2 * len(ENDINGS))


def cause_counts(log: Log) -> Ints:
    """Disputes by what is claimed."""
    return np.bincount(log.cause[log.cause >= 0], minlength=N_VALID)


def weekday_counts(log: Log) -> Ints:
    """Disputes opened on each day of the week, Monday first."""
    days = np.floor(log.opened / _DAY).astype(np.int64)
    return np.bincount((log.start.weekday() + days) % 7, minlength=7)


def hour_counts(log: Log) -> Ints:
    """Disputes by the hour in which they were opened."""
    return np.bincount((log.opened % _DAY).astype(np.int64), minlength=24)


def daily_counts(log: Log) -> Floats:
    """Disputes opened on each day, of those days whose disputes are all in the log; each world for itself."""
    first, after = complete_days(log) if len(log) else (0, log.days)
    days = np.floor(log.opened / _DAY).astype(np.int64)
    use = (days >= first) & (days < after)
    size = after - first
    worlds = int(log.world.max()) + 1 if len(log) else 1
    return np.bincount(log.world[use] * size + days[use] - first, minlength=size * worlds).astype(float)


def bands_and_winners(log: Log) -> Ints:
    """Closed disputes by band of duration and whether the buyer won: losers of all bands, then winners."""
    days = log.durations / _DAY
    known = ~np.isnan(days)
    band = np.searchsorted(BANDS, np.floor(days[known]), "right") - 1
    return np.bincount(band + len(BANDS) * log.won[known], minlength=2 * len(BANDS))


def money(log: Log) -> Floats:
    """What is known of amounts above 0: at stake, or else paid."""
    amounts = log.amount if (~np.isnan(log.amount)).any() else log.paid
    return np.asarray(amounts[amounts > 0])


def cases_by_merchant(log: Log) -> Ints:
    """How many merchants have 1, 2, 3, 4-5, 6-9 and 10 or more cases."""
    known = log.merchant[log.merchant >= 0]
    cases = np.unique(known, return_counts=True)[1]
    return np.bincount(np.searchsorted(SIZES, cases, "right") - 1, minlength=len(SIZES))


def win_correlation(log: Log) -> Floats:
    """Correlation of two cases of one merchant in who won, by moments; 0 where it is not positive.

    The analysis-of-variance estimator of the intra-class correlation (Fleiss 1981, section 13.2).
    """
    known = log.merchant >= 0
    _, code = np.unique(log.merchant[known], return_inverse=True)
    n = np.bincount(code)
    wins = np.bincount(code, log.won[known])
    use = n >= 2
    n, p, k = n[use], wins[use] / n[use], int(use.sum())
    total = n.sum()
    if k < 2 or total <= k:
        return np.array([nan])
    mean = n @ p / total
    within = (n * p * (1 - p)).sum() / (total - k)
    between = (n * (p - mean) ** 2).sum() / (k - 1)
    size = (total - (n**2).sum() / total) / (k - 1)
    spread = between + (size - 1) * within
    return np.array([max((between - within) / spread, 0.0) if spread > 0 else 0.0])


def delay_correlation(log: Log) -> Floats:
    """Intra-class correlation of the log duration between merchants (restricted maximum likelihood)."""
    try:
        return np.array([log_delay_spread(log.merchant, log.durations, 12.0).icc])
    except ValueError:
        return np.array([nan])


def answer_delays(log: Log) -> Floats:
    """Hours until the merchant answered, in whole days where the log has no more."""
    return between_moments(log, log.opened, log.moments["answered"])


def filing_delays(log: Log) -> Floats:
    """Hours from the complaint to the filing."""
    return between_moments(log, log.opened, log.moments["filed"])


def decision_delays(log: Log) -> Floats:
    """Hours from the filing, or the opening of logs that begin with it, to the ruling."""
    return between_moments(log, log.moments.get("filed", log.opened), log.moments["ruled"])


def between_moments(log: Log, since: Floats, until: Floats) -> Floats:
    """Hours from one moment to another, in whole days where the log has no more."""
    if not log.grain:
        return until - since
    return np.asarray(log.grain * (np.floor(until / log.grain) - np.floor(since / log.grain)))


def share_known(name: str) -> Callable[[Log], Floats]:
    """The share of disputes that reached a moment."""

    def of(log: Log) -> Floats:
        return np.array([float((~np.isnan(log.moments[name])).mean()) if len(log) else nan])

    return of


def review_share(log: Log) -> Floats:
    """The share of those who got nothing that asked for a review."""
    lost = log.review_asked[~log.won]
    known = lost[~np.isnan(lost)]
    return np.array([float(known.mean()) if len(known) else nan])


def knows_endings(log: Log) -> bool:
    """Whether a log says how disputes end."""
    return bool((log.ending >= 0).any())


def knows(name: str) -> Callable[[Log], bool]:
    """Whether a log has a moment at all."""
    return lambda log: bool((~np.isnan(log.moments.get(name, np.empty(0)))).any())


def knows_merchants(log: Log) -> bool:
    """Whether fifty merchants or more have two cases: fewer say nothing about likeness."""
    known = log.merchant[log.merchant >= 0]
    return bool(len(known) and (np.unique(known, return_counts=True)[1] >= 2).sum() >= 50)


def closed(log: Log) -> int:
    """Disputes whose end is dated."""
    return int((~np.isnan(log.closed)).sum())
