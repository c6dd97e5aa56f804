"""Sobol indices: how much of a metric's variance each setting explains, alone and with all others."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from scipy.special import ndtri, stdtrit

from evenhand.analysis.experiments.table import Sweep
from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.metrics.estimate import CONFIDENCE
from evenhand.locale.current import gettext

DUMMY = "dummy: other worlds"
"""The factor that changes nothing but the luck."""
RESAMPLES = 500


class Index(NamedTuple):
    """First-order and total index of one setting, with 95 % intervals; NaN where unknown."""

    name: str
    first: float
    first_ci: tuple[float, float]
    total: float
    total_ci: tuple[float, float]
    n: int
    """Rows of the matrix A."""
    worlds: int

    @property
    def known(self) -> bool:
        """Whether there is a number at all."""
        return bool(np.isfinite(self.first) and np.isfinite(self.total))


def indices(sweep: Sweep, metric: str, resamples: int = RESAMPLES, seed: int = 1) -> tuple[Index, ...]:
    """Sobol indices of every axis, of the means over worlds, in their order; the dummy comes last.

    The dummy stands for the luck: its rows are those of A in other worlds. A setting whose total index is not
    above the dummy's does no more to a mean of so many worlds than luck does. Settings are taken
    as independent and evenly spread over their axes. The 95 % intervals cover which rows were drawn
    (bootstrap) and the luck of the worlds (jackknife). Where a point is undefined in every world, or the
    metric does not vary, the indices are NaN. Raises ValueError for a design other than "saltelli".
    """
    look = sweep.design
    if look.kind != "saltelli":
        raise ValueError(
            gettext("Sobol indices need the design 'saltelli', found {kind!r}").format(kind=look.kind)
        )
    values = sweep.of(metric)
    mixed = np.concatenate([values[look.ab], values[look.dummy][None]])
    names = [*(axis.name for axis in sweep.axes), DUMMY]
    return sobol(names, values[look.a], values[look.b], mixed, resamples, seed)


def sobol(
    names: list[str], a: Floats, b: Floats, ab: Floats, resamples: int = RESAMPLES, seed: int = 1
) -> tuple[Index, ...]:
    """Indices from values at A and B (rows, worlds) and at A with one column of B (factors, rows, worlds).

    First order after Saltelli et al. (2010), total after Jansen (1999), both from SciPy. The last factor's
    worlds are its own; all others share theirs. Rows must be a power of 2.
    """
    n, worlds = a.shape
    found = _both(_mean(a), _mean(b), _mean(ab))
    by_rows = ndtri((1 + CONFIDENCE) / 2) * _error_of_rows(a, b, ab, resamples, seed)
    half = np.hypot(by_rows, _half_of_worlds(a, b, ab)) if worlds > 1 else by_rows
    low, high = found - half, found + half
    low[1] = np.maximum(low[1], 0.0)  # no total index is below 0, whatever the sample
    return tuple(
        Index(
            name,
            float(found[0, i]),
            (float(low[0, i]), float(high[0, i])),
            float(found[1, i]),
            (float(low[1, i]), float(high[1, i])),
            n,
            worlds,
        )
        for i, name in enumerate(names)
    )


def _error_of_rows(a: Floats, b: Floats, ab: Floats, resamples: int, seed: int) -> Floats:
    """Standard errors for the choice of rows, by bootstrap."""
    means = _mean(a), _mean(b), _mean(ab)
    source = np.random.default_rng(seed)
    drawn = []
    for _ in range(resamples):
        rows = source.integers(len(a), size=len(a))
        drawn.append(_both(means[0][rows], means[1][rows], means[2][:, rows]))
    return np.asarray(np.std(drawn, axis=0, ddof=1))


def _half_of_worlds(a: Floats, b: Floats, ab: Floats) -> Floats:
    """Half-widths for the luck of the worlds: jackknife, Student's t.

    Not bootstrap: worlds drawn twice would add noise of their own to every index.
    """
    worlds = a.shape[1]
    left = np.array(
        [_both(*(_mean(np.delete(one, world, axis=-1)) for one in (a, b, ab))) for world in range(worlds)]
    )
    error = np.sqrt((worlds - 1) / worlds * ((left - left.mean(axis=0)) ** 2).sum(axis=0))
    return np.asarray(stdtrit(worlds - 1, (1 + CONFIDENCE) / 2) * error)


def _mean(values: Floats) -> Floats:
    """Means over worlds in which a value is defined; NaN where it is in none."""
    known = ~np.isnan(values)
    counted = known.sum(axis=-1)
    total = np.where(known, values, 0.0).sum(axis=-1)
    return np.asarray(total / np.where(counted > 0, counted, np.nan))


def _both(a: Floats, b: Floats, ab: Floats) -> Floats:
    """First and total indices; shape (2, factors)."""
    nothing = np.full((2, len(ab)), np.nan)
    spread = np.concatenate([a, b])
    if np.isnan(spread).any() or np.isnan(ab).any() or np.ptp(spread) <= 1e-12 * np.abs(spread).max():
        return nothing
    from scipy.stats import sobol_indices  # here, because it takes a third of a second to load

    found = sobol_indices(func={"f_A": a[None], "f_B": b[None], "f_AB": ab[:, None]}, n=len(a))
    return np.array([np.ravel(found.first_order), np.ravel(found.total_order)])
