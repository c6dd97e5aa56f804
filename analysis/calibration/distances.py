"""How far two logs are apart: in each respect a number from 0, alike, to 1; and the noise floor of a log.

KS is the greatest distance between two distribution functions (Kolmogorov-Smirnov), TV half the sum of
the differences of two lists of shares (total variation). The floor is the distance of two random halves
of one log: what luck alone makes of so many cases.
"""

from __future__ import annotations

from collections.abc import Callable
from math import nan
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.calibration.log import Log
from evenhand.analysis.calibration.samples import (
    answer_delays,
    bands_and_winners,
    cases_by_merchant,
    cause_counts,
    closed,
    daily_counts,
    decision_delays,
    delay_correlation,
    filing_delays,
    hour_counts,
    knows,
    knows_endings,
    knows_merchants,
    money,
    outcome_counts,
    review_share,
    share_known,
    weekday_counts,
    win_correlation,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
HALVINGS = 100


def ks(a: Floats, b: Floats) -> float:
    """Greatest distance between the distribution functions of two samples; NaN if one is empty."""
    a, b = np.sort(a[~np.isnan(a)]), np.sort(b[~np.isnan(b)])
    if not len(a) or not len(b):
        return nan
    both = np.concatenate([a, b])
    one = np.searchsorted(a, both, "right") / len(a)
    other = np.searchsorted(b, both, "right") / len(b)
    return float(np.abs(one - other).max())


def tv(a: Floats | Ints, b: Floats | Ints) -> float:
    """Total variation between two lists of counts; NaN if one is empty."""
    if not a.sum() or not b.sum():
        return nan
    return float(np.abs(a / a.sum() - b / b.sum()).sum() / 2)


class LogMeasure(NamedTuple):
    """One respect in which logs are compared."""

    name: str
    title: str
    kind: str
    of: Callable[[Log], Floats | Ints]
    """What is compared: a sample for KS, counts for TV, one number for a difference."""
    needs: Callable[[Log], bool]
    counted: Callable[[Log], int]
    """Cases that it counts."""
    behaviour: bool = True
    """Whether settings that no column shows move it: these are what the search matches."""

    def distance(self, a: Log, b: Log) -> float:
        """From 0 to 1; NaN where one of the logs has nothing to compare."""
        one: Any = self.of(a)
        other: Any = self.of(b)
        if self.kind == "KS":
            return ks(one, other)
        if self.kind == "TV":
            return tv(one, other)
        return float(abs(one[0] - other[0]))


MEASURES = (
    LogMeasure(
        "outcomes",
        "How disputes end",
        "TV",
        outcome_counts,
        knows_endings,
        lambda g: int((g.ending >= 0).sum()),
    ),
    LogMeasure("durations", "Durations", "KS", lambda g: g.durations, lambda g: g.has_endings, closed),
    LogMeasure(
        "durations_won",
        "Durations where the buyer won",
        "KS",
        lambda g: g.durations[g.won],
        lambda g: g.has_endings and knows_endings(g),
        lambda g: closed(g.where(g.won)),
    ),
    LogMeasure(
        "durations_lost",
        "Durations where not",
        "KS",
        lambda g: g.durations[~g.won],
        lambda g: g.has_endings and knows_endings(g),
        lambda g: closed(g.where(~g.won)),
    ),
    LogMeasure(
        "winners",
        "Duration and winner together",
        "TV",
        bands_and_winners,
        lambda g: g.has_endings and knows_endings(g),
        closed,
    ),
    LogMeasure(
        "answers",
        "Time until the merchant answers",
        "KS",
        answer_delays,
        knows("answered"),
        lambda g: int((~np.isnan(g.moments["answered"])).sum()),
    ),
    LogMeasure(
        "answered",
        "Share answered by the merchant",
        "difference",
        share_known("answered"),
        knows("answered"),
        len,
    ),
    LogMeasure(
        "filings",
        "Time from complaint to filing",
        "KS",
        filing_delays,
        knows("filed"),
        lambda g: int((~np.isnan(g.moments["filed"])).sum()),
    ),
    LogMeasure(
        "filed", "Share filed with the platform", "difference", share_known("filed"), knows("filed"), len
    ),
    LogMeasure(
        "rulings",
        "Time until the ruling",
        "KS",
        decision_delays,
        knows("ruled"),
        lambda g: int((~np.isnan(g.moments["ruled"])).sum()),
    ),
    LogMeasure(
        "reviews",
        "Share of losers who dispute the answer",
        "difference",
        review_share,
        lambda g: bool((~np.isnan(g.review_asked)).any()),
        lambda g: int((~np.isnan(g.review_asked[~g.won])).sum()),
    ),
    LogMeasure(
        "win_correlation",
        "Likeness of a merchant's outcomes",
        "difference",
        win_correlation,
        lambda g: knows_merchants(g) and knows_endings(g),
        lambda g: int((g.merchant >= 0).sum()),
    ),
    LogMeasure(
        "delay_correlation",
        "Likeness of a merchant's durations",
        "difference",
        delay_correlation,
        lambda g: knows_merchants(g) and g.has_endings,
        lambda g: int((g.merchant >= 0).sum()),
    ),
    LogMeasure(
        "counts", "Disputes a day", "KS", daily_counts, lambda _: True, lambda g: g.days, behaviour=False
    ),
    LogMeasure("weekdays", "Day of the week", "TV", weekday_counts, lambda _: True, len, behaviour=False),
    LogMeasure("hours", "Hour of the day", "TV", hour_counts, lambda g: not g.grain, len, behaviour=False),
    LogMeasure(
        "causes",
        "Causes",
        "TV",
        cause_counts,
        lambda g: bool((g.cause >= 0).any()),
        lambda g: int((g.cause >= 0).sum()),
        behaviour=False,
    ),
    LogMeasure(
        "money", "Amounts", "KS", money, lambda g: len(money(g)) > 0, lambda g: len(money(g)), behaviour=False
    ),
    LogMeasure(
        "sizes",
        "Cases of a merchant",
        "TV",
        cases_by_merchant,
        lambda g: bool((g.merchant >= 0).any()),
        lambda g: len(np.unique(g.merchant[g.merchant >= 0])),
        behaviour=False,
    ),
)


def measures_of(log: Log) -> tuple[LogMeasure, ...]:
    """The respects in which a log can be compared."""
    return tuple(one for one in MEASURES if one.needs(log))


def distances(a: Log, b: Log, measures: tuple[LogMeasure, ...]) -> dict[str, float]:
    """Every distance by name."""
    return {one.name: one.distance(a, b) for one in measures}


class Floor(NamedTuple):
    """What two random halves of a log are apart: the mean over many halvings, and the 95th percentile."""

    mean: float
    high: float


def noise_floor(
    log: Log, measures: tuple[LogMeasure, ...], *, seed: int = 0, times: int = HALVINGS
) -> dict[str, Floor]:
    """The floor of each measure. Halves have half the cases, so a log against a long run should do better."""
    chance = np.random.default_rng(seed)
    found = {one.name: np.empty(times) for one in measures}
    for i in range(times):
        half = chance.permutation(len(log))
        a, b = log.where(np.sort(half[: len(log) // 2])), log.where(np.sort(half[len(log) // 2 :]))
        for one in measures:
            found[one.name][i] = one.distance(a, b)
    return {name: Floor(_mean(values), _high(values)) for name, values in found.items()}


def _mean(values: Floats) -> float:
    return float(np.nanmean(values)) if (~np.isnan(values)).any() else nan


def _high(values: Floats) -> float:
    return float(np.nanquantile(values, 0.95)) if (~np.isnan(values)).any() else nan


def score(
    found: dict[str, float], measures: tuple[LogMeasure, ...], *, behaviour_only: bool = False
) -> float:
    """The mean distance; what one of the logs cannot show counts as 1, as far apart as can be."""
    used = [one.name for one in measures if one.behaviour or not behaviour_only]
    values = np.array([found[name] for name in used])
    return float(np.where(np.isnan(values), 1.0, values).mean()) if len(values) else nan
