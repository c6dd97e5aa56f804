"""One setting at a time: what its low and its high end do to a metric, against the base."""

from __future__ import annotations

from math import isfinite
from typing import NamedTuple

from evenhand.analysis.experiments.axis import Axis
from evenhand.analysis.experiments.table import Sweep
from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.metrics.estimate import t_band


class End(NamedTuple):
    """A setting at one end of its axis, all others as they are."""

    setting: float
    difference: float
    """Mean over worlds of the metric less that of the base; NaN where unknown."""
    ci: tuple[float, float] | None
    """95 % paired-t interval over worlds; None with fewer than two of them."""
    n: int
    """Worlds in which both are defined."""


class Swing(NamedTuple):
    """Both ends of one axis."""

    axis: Axis
    low: End
    high: End

    @property
    def width(self) -> float:
        """The larger of the two differences, as a distance; 0 where none is known."""
        sizes = [abs(end.difference) for end in (self.low, self.high) if isfinite(end.difference)]
        return max(sizes, default=0.0)


def tornado(sweep: Sweep, metric: str) -> tuple[Swing, ...]:
    """What each setting alone does to a metric, the most consequential first.

    Differences are paired world by world, so their intervals cover the luck between worlds that the
    setting itself interacts with, and not doubt about the other settings.
    Raises ValueError for an unknown metric.
    """
    values = sweep.of(metric)
    base = values[sweep.design.base]
    swings = []
    for axis, (low, high) in zip(sweep.axes, sweep.design.alone, strict=True):
        bottom, top = axis.ends
        swings.append(Swing(axis, _end(bottom, values[low] - base), _end(top, values[high] - base)))
    return tuple(sorted(swings, key=lambda swing: -swing.width))


def _end(setting: float, differences: Floats) -> End:
    band = t_band(differences)
    n = int(band.defined)
    ci = (float(band.low), float(band.high)) if n > 1 else None
    return End(setting, float(band.mean), ci, n)
