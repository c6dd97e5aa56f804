"""Follow-up times in cells, and the steps of their Kaplan-Meier curves, one after the other.

Nothing is kept but where each curve has come to, so the number of follow-up times does not matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from evenhand.analysis.metrics.accumulators import Floats, Ints, Mask
from evenhand.analysis.metrics.external_sort import Pile, are_later, in_time, times_of

ROUNDING = 1e-12
"""How far a product of shares may be off."""
CELL = "cell"


class Steps(NamedTuple):
    """Follow-up times of one cell in rising order, a row each.

    `share` is the curve right after a row, `at_risk` are those who were followed until just before it.
    """

    cell: int
    times: Floats
    share: Floats
    at_risk: Ints


class Followed:
    """How long disputes were followed, by cell, and how many of them were seen to end."""

    def __init__(self, size: int, rows: int | None = None) -> None:
        """No dispute yet, in `size` cells; `rows` are held in memory at once, see `Pile`."""
        self.n = np.zeros(size, np.int64)
        self.closed = np.zeros(size, np.int64)
        self._pile = Pile(rows, cell=np.int32)

    def add(self, cell: Ints, hours: Floats, ended: Mask) -> None:
        """Add disputes, each followed for so many hours until it ended or was lost from sight."""
        self.n += np.bincount(cell, minlength=len(self.n))
        self.closed += np.bincount(cell[ended], minlength=len(self.n))
        self._pile.add(in_time(hours, ~ended), cell=cell)

    def extend(self, other: Followed) -> None:
        """Add the disputes of another piece."""
        self.n += other.n
        self.closed += other.closed
        self._pile.extend(other._pile)

    def steps(self) -> Iterator[Steps]:
        """The steps of the curves, all cells in turn, in time order in each of them.

        Formula: S(t) = product over t_i <= t of (1 - d_i / r_i), d_i ends and r_i at risk at t_i; who
        is censored at t_i is still at risk there. Between two censored times the product telescopes:
        S = S there x those left / those left there. Source: Kaplan & Meier (1958).
        """
        left = self.n.copy()
        share = np.ones(len(left))
        """S right after the last censored time of each cell, and how many were left then."""
        left_there = self.n.copy()
        for cell, keys in self._pile.keys_of_each(CELL):
            censored = are_later(keys)
            at_risk = left[cell] - np.arange(len(keys))
            there = np.append(left_there[cell], at_risk[censored] - 1)
            shares = np.cumprod(np.append(share[cell], at_risk[censored] / there[:-1]))
            last = np.cumsum(censored)  # the last censored time at or before each row
            after = np.where(there[last] > 0, (at_risk - 1) / np.maximum(there[last], 1), 1.0)
            yield Steps(cell, times_of(keys), shares[last] * after, at_risk)
            left[cell] -= len(keys)
            share[cell], left_there[cell] = shares[-1], there[-1]
