"""In what share of the futures a policy is better, worse, or within the margin."""

from __future__ import annotations

from math import nan
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.metrics.shares import one_sided, wilson

Verdict = Literal["better", "worse", "within"]
VERDICTS: tuple[Verdict, ...] = ("better", "worse", "within")


class Share(NamedTuple):
    """A share of futures with a 95 % interval; at 0 and 1 its one-sided 95 % bound."""

    value: float
    low: float
    high: float
    n: int
    """Futures counted."""

    @property
    def one_sided(self) -> bool:
        """Whether none, or every one, was seen."""
        return self.n > 0 and self.value in (0.0, 1.0)


class Verdicts(NamedTuple):
    """What became of one policy against another, on one metric."""

    better: Share
    worse: Share
    within: Share
    undefined: int
    """Futures in which either has no value."""
    each: NDArray[np.int8]
    """1 = better, -1 = worse, 0 = within the margin, 2 = undefined; one a future."""

    @property
    def most(self) -> int:
        """The verdict of most futures: 1, -1 or 0."""
        sizes = {1: self.better.value, -1: self.worse.value, 0: self.within.value}
        return max(sizes, key=lambda code: sizes[code])


def share(hits: int, n: int, effective: float | None = None) -> Share:
    """A share: Wilson's score interval (1927); where all or none are hit, 1 - 0.05^(1/n) from the end.

    `effective` are the independent futures that say as much, where they were drawn better than that.
    """
    if n == 0:
        return Share(nan, nan, nan, 0)
    if hits in (0, n):
        bound = one_sided(n)
        return Share(0.0, 0.0, bound, n) if hits == 0 else Share(1.0, 1.0 - bound, 1.0, n)
    size = float(n) if effective is None else effective
    low, high = wilson(hits / n * size, size)
    return Share(hits / n, low, high, n)


def verdicts(
    gain: Floats, margin: float = 0.0, z: Floats | None = None, seen: Floats | None = None
) -> Verdicts:
    """Count futures by their gain, which is positive where the policy is better; NaN = undefined.

    With the positions `z` of a Latin hypercube, shape (futures, beliefs), intervals are as narrow as it makes
    them: what the beliefs explain one by one does not vary (Stein 1987, Technometrics 29). `seen` are the
    gains with their luck, which makes intervals wider.
    """
    each = _codes(gain, margin)
    known = each != UNDEFINED
    n = int(known.sum())
    noisy = each if seen is None else _codes(seen, margin)
    counted = []
    for code in (1, -1, 0):
        size = None if z is None else _effective(noisy[known] == code, z[known])
        counted.append(share(int((each == code).sum()), n, size))
    better, worse, within = counted
    return Verdicts(better, worse, within, len(gain) - n, each)


UNDEFINED = 2


def _codes(gain: Floats, margin: float) -> NDArray[np.int8]:
    known = ~np.isnan(gain)
    filled = np.where(known, gain, 0.0)
    sides = np.where(filled > margin, 1, np.where(filled < -margin, -1, 0))
    return np.where(known, sides, UNDEFINED).astype(np.int8)


def _effective(hit: NDArray[np.bool_], z: Floats) -> float:
    """Independent futures that tell a share as well as these: n p (1 - p) / variance left by the beliefs."""
    n, p = len(hit), float(hit.mean())
    columns = [np.ones(n), *z.T, *(z**3).T][: max(n // ROWS_A_TERM, 1)]
    terms = np.column_stack(columns)
    rest = hit - terms @ np.linalg.lstsq(terms, hit.astype(float), rcond=None)[0]
    left = float(rest @ rest) / max(n - terms.shape[1], 1)
    return float(n) if left <= 0 else max(n * p * (1 - p) / left, float(n))


ROWS_A_TERM = 8
"""Futures for each term of the regression."""
