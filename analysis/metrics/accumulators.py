"""Tallies: what a metric counts in one piece of a run; those of all pieces together make its values.

A run that is larger than memory is read piece by piece. What adds up, sums and counts, is kept as
sums and counts until the last piece; what needs all rows in order keeps them in a `Pile`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Measured(NamedTuple):
    """A metric in every cell: its value, NaN where undefined, and the cases it counts."""

    value: Floats
    n: Ints


class Tally(Protocol):
    """What a metric has counted so far, in every cell."""

    def join(self, later: Self) -> Self:
        """This and the tally of the pieces that follow; either may be used up by it."""
        ...

    def measured(self) -> Measured:
        """The values, when all pieces have been joined."""
        ...


@dataclass(frozen=True, eq=False)
class Total:
    """A count that stands for itself; 0 with n = 0 where there is nothing."""

    n: Floats

    def join(self, later: Total) -> Total:
        """The sum of both."""
        return Total(self.n + later.n)

    def measured(self) -> Measured:
        """The counts."""
        return Measured(self.n, self.n.astype(np.int64))


@dataclass(frozen=True, eq=False)
class Ratio:
    """A ratio of sums, NaN where the bottom is 0; `n` are the cases it counts."""

    top: Floats
    bottom: Floats
    n: NDArray[Any]

    def join(self, later: Ratio) -> Ratio:
        """The ratio of the sums of both."""
        return Ratio(self.top + later.top, self.bottom + later.bottom, self.n + later.n)

    def measured(self) -> Measured:
        """The ratios."""
        undefined = np.full(len(self.bottom), np.nan)
        value = np.divide(self.top, self.bottom, out=undefined, where=self.bottom != 0)
        return Measured(value, self.n.astype(np.int64))


def ratio(top: Floats, bottom: Floats, n: NDArray[Any] | None = None) -> Ratio:
    """Ratio of sums in every cell; `n` defaults to the bottom."""
    return Ratio(top, bottom, bottom if n is None else n)
