"""Findings: what was published, what comes out here, and the verdict by a rule stated before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, nan
from typing import Literal

import numpy as np

from evenhand.analysis.metrics.estimate import estimate

Holds = Literal["yes", "no", "unclear", "not judged"]
Verdict = Literal["reproduced", "partly", "not reproduced"]

RULE = (
    "A share is near a published one within 5 points and within a factor of two; any other figure within "
    "a factor of two; a bound must be kept; a closed form must be met within 1 point. A figure holds if our "
    "whole 95 % interval is near, fails if none of it is, and is unclear in between. A study is reproduced "
    "if all its judged figures hold, partly if some do, and not if none does. Figures that are put in, or "
    "have no published value, are not judged."
)
POINTS, FACTOR, CLOSE = 0.05, 2.0, 0.01


@dataclass(frozen=True)
class Figure:
    """One number: published, and ours with its 95 % interval over worlds and the cases counted.

    `low` and `high` are the ends of what counts as near; NaN where the figure is not judged.
    """

    name: str
    published: str
    value: float
    ci: tuple[float, float] | None
    n: int
    unit: Literal["share", "change", "days"]
    low: float = nan
    high: float = nan

    @property
    def holds(self) -> Holds:
        """Whether our interval is near what was published."""
        if not (isfinite(self.low) and isfinite(self.high)):
            return "not judged"
        if self.ci is None:
            return "unclear"
        if self.low <= self.ci[0] and self.ci[1] <= self.high:
            return "yes"
        return "no" if self.ci[1] < self.low or self.high < self.ci[0] else "unclear"


@dataclass(frozen=True)
class PublishedStudy:
    """One published result, tried here."""

    key: str
    title: str
    source: str
    published: str
    """What was found, in a sentence."""
    how: str
    """How it is tried here."""
    assumed: tuple[str, ...]
    """What had to be assumed, and what is put in so that it cannot come out otherwise."""
    figures: tuple[Figure, ...]
    reason: str
    """Why it does or does not come out."""
    worlds: int

    @property
    def verdict(self) -> Verdict:
        """By `RULE`."""
        judged = [one.holds for one in self.figures if one.holds != "not judged"]
        met = sum(one == "yes" for one in judged)
        return "reproduced" if met == len(judged) else "partly" if met else "not reproduced"


def near_share(low: float, high: float | None = None) -> tuple[float, float]:
    """What is near a published share, or a range of them."""
    top = low if high is None else high
    return max(low - POINTS, low / FACTOR), min(top + POINTS, top * FACTOR)


def near(value: float) -> tuple[float, float]:
    """What is near any other published figure, of either sign."""
    ends = value / FACTOR, value * FACTOR
    return min(ends), max(ends)


def over_worlds(
    name: str,
    published: str,
    values: Sequence[float],
    counts: Sequence[int],
    unit: Literal["share", "change", "days"],
    within: tuple[float, float] = (nan, nan),
) -> Figure:
    """A figure from its value in each world: the mean, and Student's t over the worlds that have one;
    for a share of exactly 0 or 1 in all of them the binomial bound of the pooled cases."""
    found = estimate(
        np.array(values, np.float64), np.array(counts, np.int64), "share" if unit == "share" else ""
    )
    return Figure(name, published, found.value, found.ci, found.n, unit, *within)
