"""Findings: what was published, what comes out here, and the verdict by a rule stated before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan, nan
from typing import Literal

import numpy as np

from evenhand.analysis.metrics.estimate import estimate

Holds = Literal["yes", "no", "unclear", "not judged", "cannot be run"]
Verdict = Literal["reproduced", "partly", "not reproduced", "cannot be run"]
Unit = Literal["share", "change", "points", "ratio", "days"]
Rule = Literal["within", "meets", "cannot"]
"""How a figure is judged: the whole interval within what is near, it meets a band, or there is no figure."""

RULE = (
    "A share is near a published one within 5 points and within a factor of two; any other figure within "
    "a factor of two; a bound must be kept; a closed form must be met within 1 point. A figure holds if our "
    "whole 95 % interval is near, fails if none of it is, and is unclear in between. A study is reproduced "
    "if all its judged figures hold, partly if some do, and not if none does. Figures that are put in, or "
    "have no published value, are not judged."
)
NATURAL_RULE = (
    "A natural experiment is judged as it is written in the list of published figures: a figure holds if its "
    "sign is right and its 95 % interval meets the band, which is wider than the published figure because "
    "scenarios differ. A sign is right if the whole interval has it, wrong if the mean has the other one, "
    "and unclear in between. Fitted: its published figures were used to set parameters; foretold: they "
    "were not."
)
POINTS, FACTOR, CLOSE = 0.05, 2.0, 0.01


@dataclass(frozen=True)
class Figure:
    """One number: published, and ours with its 95 % interval over worlds and the cases counted.

    `low` and `high` are the ends of what counts as near, or of the band; NaN where there is none. `sign` is
    the one that must be right, 0 for either. `rule` says how both are judged.
    """

    name: str
    published: str
    value: float
    ci: tuple[float, float] | None
    n: int
    unit: Unit
    low: float = nan
    high: float = nan
    sign: int = 0
    rule: Rule = "within"

    @property
    def holds(self) -> Holds:
        """Whether our interval is near what was published, or meets its band with the right sign."""
        if self.rule == "cannot":
            return "cannot be run"
        if isnan(self.low) and not self.sign:
            return "not judged"
        if self.ci is None:
            return "unclear"
        if self.rule == "meets":
            asked = [one for one in (self.in_band, self.sign_right) if one != "not judged"]
            return "no" if "no" in asked else "unclear" if "unclear" in asked else "yes"
        if self.low <= self.ci[0] and self.ci[1] <= self.high:
            return "yes"
        return "no" if self.ci[1] < self.low or self.high < self.ci[0] else "unclear"

    @property
    def in_band(self) -> Holds:
        """Whether the interval meets the band."""
        if isnan(self.low):
            return "not judged"
        if self.ci is None:
            return "unclear"
        return "yes" if self.ci[0] <= self.high and self.low <= self.ci[1] else "no"

    @property
    def sign_right(self) -> Holds:
        """Whether the sign is right: the whole interval has it, or the mean alone, or neither."""
        if not self.sign:
            return "not judged"
        if self.ci is None:
            return "unclear"
        if min(self.sign * end for end in self.ci) > 0:
            return "yes"
        return "unclear" if self.sign * self.value > 0 else "no"


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
    standing: str = ""
    """Whether its published figures were used to set parameters: fitted, partly fitted, foretold."""
    set_by: str = ""
    """Which of them, and where."""

    @property
    def verdict(self) -> Verdict:
        """By `RULE`, or by `NATURAL_RULE` for natural experiments."""
        if all(one.holds == "cannot be run" for one in self.figures):
            return "cannot be run"
        judged = [one.holds for one in self.figures if one.holds not in {"not judged", "cannot be run"}]
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
    unit: Unit,
    within: tuple[float, float] = (nan, nan),
    sign: int = 0,
    rule: Rule = "within",
) -> Figure:
    """A figure from its value in each world: the mean, and Student's t over the worlds that have one;
    for a share of exactly 0 or 1 in all of them the binomial bound of the pooled cases."""
    found = estimate(
        np.array(values, np.float64), np.array(counts, np.int64), "share" if unit == "share" else ""
    )
    return Figure(name, published, found.value, found.ci, found.n, unit, *within, sign, rule)
