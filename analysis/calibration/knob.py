"""One setting that no column of a log shows, as a search moves it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from evenhand.analysis.calibration.patch import Patch
from evenhand.sim.scenario.scenario import Scenario

Change = Callable[[Scenario, float], Patch]


class Knob(NamedTuple):
    """One hidden setting: what it is, the range that is searched, and what a value changes.

    `base` is the value that leaves the scenario as it is, `start` where the search begins: a first guess
    from the log where there is one. The range is the prior, even on its scale (`log` = in the logarithm).
    """

    name: str
    title: str
    low: float
    high: float
    log: bool
    base: float
    change: Change
    guess: float | None = None

    @property
    def start(self) -> float:
        """Where the search begins, inside the range."""
        wanted = self.base if self.guess is None else self.guess
        return min(max(wanted, self.low), self.high)

    def place(self, value: float) -> float:
        """Where a value lies in the range, from 0 to 1 on its scale."""
        if self.log:
            return float(np.log(max(value, 1e-12) / self.low) / np.log(self.high / self.low))
        return (value - self.low) / (self.high - self.low)

    def at(self, place: float) -> float:
        """The value at a place of the range."""
        if self.log:
            return float(self.low * (self.high / self.low) ** place)
        return self.low + place * (self.high - self.low)
