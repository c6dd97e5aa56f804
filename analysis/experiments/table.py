"""What a sweep has found: every metric at every point in every world."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import nan
from typing import Any

from evenhand.analysis.experiments.axis import Axis
from evenhand.analysis.experiments.designs import Design
from evenhand.analysis.metrics.accumulators import Floats, Ints
from evenhand.analysis.metrics.estimate import Estimate, contributions, estimate
from evenhand.analysis.metrics.metric import Metric
from evenhand.analysis.metrics.overload import Overload
from evenhand.analysis.metrics.renamed import current
from evenhand.locale.current import gettext
from evenhand.own_code import Code
from evenhand.result import Result
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.cohort import Cohort
from evenhand.sim.scenario.scenario import Scenario


@dataclass(frozen=True, eq=False, repr=False)
class Sweep(Result):
    """Metrics over the points of a design.

    `value` and `n` have shape (points, worlds, metrics): the metric, NaN where it is undefined, and the
    cases counted. World r of one point is world r of every other, so differences between points are pairs;
    only the points of the dummy factor have worlds of their own.
    """

    design: Design
    metrics: tuple[Metric, ...]
    units: tuple[str, ...]
    """Units of the metrics; money in the scenario's currency."""
    value: Floats
    n: Ints
    scenario: Scenario
    """As it is at the base."""
    policy: Policy
    seed: int
    replications: int
    days: int
    engine: str
    open_loop: bool | None
    rule: Code | None = None
    """The decision rule in Python at all points, by its name and hash."""
    cohort: Cohort | None = None
    """The disputes that are counted; None = those about all orders after start-up."""
    overloads: tuple[tuple[Overload, ...], ...] = ()
    """Desks that cannot keep up, point by point: the numbers there describe their backlog."""

    @property
    def axes(self) -> tuple[Axis, ...]:
        """What was varied."""
        return self.design.axes

    def place(self, metric: str) -> int:
        """The position of a metric by its name. Raises ValueError."""
        names, metric = [one.name for one in self.metrics], current(metric)
        if metric not in names:
            raise ValueError(
                gettext("{metric!r} was not measured; there are {names}").format(
                    metric=metric, names=", ".join(names)
                )
            )
        return names.index(metric)

    def axis(self, name: str) -> int:
        """The position of an axis by its name. Raises ValueError."""
        names = [one.name for one in self.axes]
        if name not in names:
            raise ValueError(
                gettext("{name!r} was not varied; there are {names}").format(
                    name=name, names=", ".join(names)
                )
            )
        return names.index(name)

    def settings(self, point: int) -> dict[str, float]:
        """Every axis with its value at a point; NaN where the base is not known."""
        row = self.design.settings[point]
        return {axis.name: float(value) for axis, value in zip(self.axes, row, strict=True)}

    def of(self, metric: str) -> Floats:
        """What worlds contribute to one metric at each point, whose mean is its value; (points, worlds)."""
        place = self.place(metric)
        weights = self.metrics[place].weights(self.n[:, :, place])
        return contributions(self.value[:, :, place].T, weights.T).T

    def estimate(self, point: int, metric: str) -> Estimate:
        """A metric at a point: value over all worlds, 95 % interval for their luck, cases counted."""
        place = self.place(metric)
        counts = self.n[point, :, place]
        weights = self.metrics[place].weights(counts)
        return estimate(self.value[point, :, place], counts, self.units[place], weights)

    @property
    def warnings(self) -> list[tuple[int, Overload]]:
        """Desks that cannot keep up, each with its point; the base comes first."""
        base = self.design.base
        order = sorted(range(len(self.overloads)), key=lambda point: (point != base, point))
        return [(point, desk) for point in order for desk in self.overloads[point]]

    def written_settings(self, point: int) -> str:
        """Every axis with its value at a point, in words."""
        where = self.settings(point)
        return ", ".join(f"{axis.name} = {axis.written(where[axis.name])}" for axis in self.axes)

    def table(self) -> list[dict[str, Any]]:
        """One flat row a point and metric: the settings, value, interval (NaN where none), n, unit."""
        return list(self._rows())

    def summary(self) -> str:
        """What was varied, where, and how often."""
        names = ", ".join(axis.name for axis in self.axes)
        return (
            f"{self.policy.name or 'a policy'} in {self.scenario.name or 'a scenario'} over {names}; "
            f"{len(self.design)} points x {self.replications} worlds, seed {self.seed}, "
            f"{len(self.metrics)} metrics"
        )

    @property
    def labels(self) -> dict[str, str]:
        """Words for columns and metrics; settings are called by their paths."""
        paths = {axis.name: axis.name for axis in self.axes}
        return {**super().labels, **{one.name: one.title for one in self.metrics}, **paths}

    def _rows(self) -> Iterator[dict[str, Any]]:
        for point in range(len(self.design)):
            for metric in self.metrics:
                one = self.estimate(point, metric.name)
                low, high = one.ci or (nan, nan)
                yield {
                    "point": point,
                    **self.settings(point),
                    "other_worlds": bool(self.design.other_worlds[point]),
                    "metric": metric.name,
                    "value": one.value,
                    "low": low,
                    "high": high,
                    "n": one.n,
                    "worlds": one.replications,
                    "unit": one.unit,
                }
