"""How much of the spread over futures is luck, and the futures without it."""

from __future__ import annotations

from itertools import combinations
from typing import NamedTuple

import numpy as np

from evenhand.analysis.metrics.accumulators import Floats, Ints

MIXED = 5
"""Of the strongest beliefs, how many are taken two by two."""
ROWS_A_TERM = 8
"""Futures for each term of the regression; with fewer, the weaker beliefs are left out of it."""


class Luck(NamedTuple):
    """Where the variance of a difference over futures comes from."""

    total: float
    """Variance over futures of the means over their worlds."""
    luck: float
    """Of it, what the worlds of a future bring."""

    @property
    def share(self) -> float:
        """The part that is luck, from 0 to 1; 0 where nothing varies."""
        return min(self.luck / self.total, 1.0) if self.total > 0 else 0.0


def luck_of(each: Floats) -> Luck:
    """Split the variance of values by future and world, shape (futures, worlds), two worlds or more.

    Every future has worlds of its own, so the variance within it, over the number of worlds, is what luck
    adds to the variance of the means (one-way analysis of variance). Futures with NaN are left out.
    """
    known = each[~np.isnan(each).any(axis=1)]
    if len(known) < 2:
        return Luck(0.0, 0.0)
    total = float(known.mean(axis=1).var(ddof=1))
    worlds = known.shape[1]
    within = float(known.var(axis=1, ddof=1).mean()) / worlds if worlds > 1 else 0.0
    return Luck(total, within)


def without_luck(each: Floats, z: Floats, order: Ints, above: int) -> Floats:
    """The value of each future as it spreads without luck; NaN where a world has none.

    What a regression on the beliefs explains stays; the rest is drawn towards it until its variance is what
    luck leaves of it: fit + (value - fit) sqrt(1 - luck / variance of the rest). A count beyond a margin
    would otherwise be too near one half. `z`, shape (futures, beliefs), are the positions, `order` the
    beliefs by effect, of which the first `above` are above the floor: they enter with squares and products.
    Source: variance-matching shrinkage, Louis (1984), JASA 79.
    """
    mean = each.mean(axis=1)
    known = ~np.isnan(mean)
    if known.sum() < 2:
        return np.asarray(mean)
    terms = _terms(z[known][:, order], above)
    fit = terms @ np.linalg.lstsq(terms, mean[known], rcond=None)[0]
    rest = mean[known] - fit
    variance = float(rest @ rest) / max(len(rest) - terms.shape[1], 1)
    left = max(1.0 - luck_of(each).luck / variance, 0.0) if variance > 0 else 0.0
    found = np.full(len(mean), np.nan)
    found[known] = fit + rest * np.sqrt(left)
    return found


def _terms(z: Floats, above: int) -> Floats:
    """Columns of the regression, as many as the futures can bear: lines first, then squares and products."""
    count = len(z)
    strong = z[:, :above]
    products = [strong[:, a] * strong[:, b] for a, b in combinations(range(min(above, MIXED)), 2)]
    columns = [np.ones(count), *z.T, *(strong**2).T, *products]
    return np.column_stack(columns[: max(count // ROWS_A_TERM, 1)])
