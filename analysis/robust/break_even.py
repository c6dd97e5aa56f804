"""One belief alone: what its ends do to a difference, and where on its way nothing is left of it."""

from __future__ import annotations

from math import isfinite
from typing import NamedTuple

import numpy as np

from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.metrics.estimate import t_band
from evenhand.analysis.robust.designs import Alone


class At(NamedTuple):
    """A difference at one position of a belief, all others as they are."""

    z: float
    difference: float
    ci: tuple[float, float] | None
    """95 % paired-t interval over worlds; None with fewer than two."""


class AloneCurve(NamedTuple):
    """A belief along its range."""

    belief: int
    points: tuple[At, ...]
    """From the low end to the high end, the base among them."""

    @property
    def width(self) -> float:
        """How far its ends move the difference from the base, the larger of the two."""
        base = next(one.difference for one in self.points if one.z == 0)
        sizes = [abs(one.difference - base) for one in self.points if abs(one.z) == 1]
        return max((size for size in sizes if isfinite(size)), default=0.0)

    @property
    def break_even(self) -> float | None:
        """The position nearest to the base at which the difference is 0, by straight lines; None without."""
        crossings = []
        for one, after in zip(self.points, self.points[1:], strict=False):
            if one.difference == 0:
                crossings.append(one.z)
            elif one.difference * after.difference < 0:
                part = one.difference / (one.difference - after.difference)
                crossings.append(one.z + part * (after.z - one.z))
        if self.points and self.points[-1].difference == 0:
            crossings.append(self.points[-1].z)
        return min(crossings, key=abs) if crossings else None


def curves(look: Alone, each: Floats) -> list[AloneCurve]:
    """The curve of every belief that was moved alone; `each` has shape (points, worlds)."""
    band = t_band(each.T)

    def at(point: int, z: float) -> At:
        known = band.defined[point] > 1
        ci = (float(band.low[point]), float(band.high[point])) if known else None
        return At(z, float(band.mean[point]), ci)

    found = []
    for belief in dict.fromkeys(int(one) for one in look.belief if one >= 0):
        points = [at(int(p), float(look.z[p, belief])) for p in np.flatnonzero(look.belief == belief)]
        found.append(AloneCurve(belief, tuple(sorted([*points, at(0, 0.0)]))))
    return found
