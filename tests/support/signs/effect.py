"""An effect: a number over paired worlds with its 95 % interval, and where it has to lie."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf
from typing import Literal, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
Unit = Literal["ratio", "points", "number"]


def interval(values: Floats) -> tuple[float, float]:
    """Ends of the 95 % t interval of the mean over worlds."""
    half = stats.t.ppf(0.975, len(values) - 1) * stats.sem(values)
    return float(values.mean() - half), float(values.mean() + half)


class Effect(NamedTuple):
    """What was measured, and the open range in which its whole interval has to lie."""

    what: str
    value: float
    low: float
    high: float
    worlds: int
    unit: Unit
    above: float = -inf
    below: float = inf
    touches: bool = False
    """Whether it is enough that the interval and the range have something in common."""

    @classmethod
    def over(
        cls,
        what: str,
        values: Floats,
        unit: Unit,
        *,
        above: float = -inf,
        below: float = inf,
        touches: bool = False,
    ) -> Self:
        """The mean over worlds; `values` are one a world."""
        low, high = interval(values)
        return cls(what, float(values.mean()), low, high, len(values), unit, above, below, touches)

    @property
    def holds(self) -> bool:
        """Whether it is where it has to be."""
        if self.touches:
            return self.high > self.above and self.low < self.below
        return self.above < self.low and self.high < self.below

    def __str__(self) -> str:
        """The sentence of a failing test."""
        return f"{self.what}: {self.value:.4f} [{self.low:.4f}, {self.high:.4f}] of {self.worlds} worlds"


def hold(effects: Iterable[Effect]) -> None:
    """Assert that each effect is where it has to be; the first that is not says what it is."""
    for effect in effects:
        assert effect.holds, effect
