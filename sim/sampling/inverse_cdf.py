"""Quantile functions (inverse CDFs) of `sim.scenario.distributions`, which are stored as rows.

One uniform gives one value, so a changed parameter moves a value a little and reshuffles none.
"""

from __future__ import annotations

from math import exp, log1p
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from evenhand.sim.jit.cache import compiled
from evenhand.sim.jit.compile import jit
from evenhand.sim.jit.structs import dtype_of
from evenhand.sim.sampling.parameters import DistributionRow
from evenhand.sim.sampling.special import gammaincinv, ndtri
from evenhand.sim.scenario.distributions import (
    Amount,
    Constant,
    Empirical,
    Exponential,
    Gamma,
    Harm,
    Law,
    Lognormal,
    Weibull,
)

Floats = NDArray[np.float64]
CONSTANT, LOGNORMAL, WEIBULL, GAMMA, EMPIRICAL = range(5)
_HARM_SHARES = np.linspace(0, 1, 129)
"""Where the quantiles of a harm are taken; straight lines between them are within .004 of the law."""


class Distributions(NamedTuple):
    """Distributions under their numbers; what empirical ones stand on lies behind each other in `steps`."""

    rows: list[tuple[int, float, float, int, int]]
    steps: list[float]

    def add(self, law: Law | Amount | Harm) -> int:
        """Put a law among the others; gives its number."""
        first, count, scale, shape = len(self.steps), 0, 0.0, 0.0
        match law:
            case Lognormal() | Amount():
                kind, scale, shape = LOGNORMAL, law.median, law.sigma
            case Weibull():
                kind, scale, shape = WEIBULL, law.scale, 1 / law.shape
            case Exponential():
                kind, scale, shape = WEIBULL, law.mean_, 1.0
            case Gamma():
                kind, scale, shape = GAMMA, law.mean_ / law.shape, law.shape
            case Constant():
                kind, scale = CONSTANT, law.value
            case Empirical():
                kind, count = EMPIRICAL, len(law.shares)
                self.steps.extend([*law.shares, *law.values])
            case Harm():
                kind, count = EMPIRICAL, len(_HARM_SHARES)
                self.steps.extend([*_HARM_SHARES, *_harms(law)])
        self.rows.append((kind, scale, shape, first, count))
        return len(self.rows) - 1

    def table(self) -> NDArray[Any]:
        """The distributions as rows."""
        return np.array(self.rows, dtype_of(DistributionRow))


def _harms(law: Harm) -> Floats:
    """Quantiles of a harm: the beta's, squeezed below the mass at the whole."""
    partial = 1.0 - law.total
    within = np.minimum(_HARM_SHARES / partial, 1.0) if partial > 0 else np.ones_like(_HARM_SHARES)
    return np.where(partial <= _HARM_SHARES, 1.0, betaincinv(law.a, law.b, within))


@jit
def fallen_on(ends: Any, first: int, count: int, x: float) -> int:
    """Which of so many shares x falls on, from 0; `ends` has where each ends, rising, from `first` on."""
    low, high = 0, count - 1
    while high - low > 16:
        middle = (low + high) // 2
        if x < ends[first + middle]:
            high = middle
        else:
            low = middle + 1
    while low < high and x >= ends[first + low]:  # among so few, looking on is quicker than halving
        low += 1
    return low


@jit
def between(steps: Any, first: int, count: int, u: float) -> float:
    """On the straight lines through the quantiles of an empirical law."""
    k = fallen_on(steps, first + 1, count - 1, u)
    low, high = steps[first + count + k], steps[first + count + k + 1]
    return float(low + (high - low) / (steps[first + k + 1] - steps[first + k]) * (u - steps[first + k]))


@jit
def quantile(law: Any, steps: Any, u: float) -> float:
    """The value that a uniform strictly between 0 and 1 stands for."""
    if law.kind == LOGNORMAL:
        return float(law.scale * exp(law.shape * ndtri(u)))
    if law.kind == WEIBULL:
        waited = -log1p(-u)
        return float(law.scale * (waited if law.shape == 1.0 else waited**law.shape))
    if law.kind == CONSTANT:
        return float(law.scale)
    if law.kind == GAMMA:
        return float(law.scale * gammaincinv(law.shape, u))
    return between(steps, law.first, law.steps, u)


@compiled
def _quantiles(distributions: Any, steps: Floats, u: Floats, values: Floats) -> None:
    for i in range(len(u)):
        values[i] = quantile(distributions[0], steps, u[i])


def median_of(law: Law | Amount) -> float:
    """The value that half of all stay below."""
    return float(quantiles(law, np.array([0.5]))[0])


def quantiles(law: Law | Amount, u: Floats) -> Floats:
    """The values that uniforms strictly between 0 and 1 stand for, under one law."""
    distributions, values = Distributions([], []), np.empty(len(u))
    distributions.add(law)
    _quantiles(distributions.table(), np.array(distributions.steps, float), np.asarray(u, float), values)
    return values
