"""Metrics of everybody and of each group in one result, with the groups' differences and ratios."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

import numpy as np

from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.metrics.chunks import AnyRun
from evenhand.analysis.metrics.estimate import Estimate, estimate, leave_one_out
from evenhand.analysis.metrics.frames import Estimates
from evenhand.analysis.metrics.grouping import By, Placing
from evenhand.analysis.metrics.metric import Metric
from evenhand.analysis.metrics.registry import outcomes, outcomes_by
from evenhand.analysis.metrics.within import name_of
from evenhand.locale.current import gettext
from evenhand.result import Result

Groups = dict[str, Estimates[Estimate]]
"""Label of the group -> name of the metric -> estimate."""
_DIFFERENCES = {"share": "difference of shares"}


@dataclass(frozen=True, eq=False, repr=False)
class MetricFrame(Result):
    """Metrics over everybody and over the groups of a column; modelled on Fairlearn's `MetricFrame`.

    Values are those of `outcomes` and `outcomes_by`. Intervals cover the luck of the draw between
    replications; those of differences and ratios pair the groups in each replication.
    """

    column: str
    overall: Estimates[Estimate]
    by_group: Groups

    def table(self) -> list[dict[str, Any]]:
        """One flat row a metric and group; `group` is empty for everybody."""
        parts = {"": self.overall, **self.by_group}
        return [{"group": group, **row} for group, found in parts.items() for row in found.rows()]

    def summary(self) -> str:
        """The column, its groups and how many metrics."""
        return f"{len(self.overall)} metrics by {self.column} ({', '.join(self.by_group)})"

    def difference(self, reference: str | None = None) -> Groups:
        """Each group less the reference, the first one unless named. Raises ValueError for no such group."""
        return self._contrast(_difference, reference)

    def ratio(self, reference: str | None = None) -> Groups:
        """Each group over the reference, NaN where that is 0. Raises ValueError for no such group."""
        return self._contrast(_ratio, reference)

    def _contrast(self, make: Callable[[Estimate, Estimate], Estimate], reference: str | None) -> Groups:
        base = next(iter(self.by_group)) if reference is None else reference
        if base not in self.by_group:
            raise ValueError(
                gettext("reference must be one of {by_group}, found {base!r}").format(
                    by_group=", ".join(self.by_group), base=base
                )
            )
        return {
            label: Estimates({name: make(one, self.by_group[base][name]) for name, one in group.items()})
            for label, group in self.by_group.items()
            if label != base
        }


def metric_frame(run: AnyRun, by: By | Placing, names: Iterable[str | Metric] | None = None) -> MetricFrame:
    """Metrics of a run by the groups of a column, one of those that `outcomes_by` takes.

    `names` defaults to all metrics that can be split by the column. Raises ValueError for others.
    """
    chosen = None if names is None else list(names)
    groups = outcomes_by(run, by, chosen)
    measured = list(next(iter(groups.values()))) if chosen is None else chosen
    return MetricFrame(name_of(by), outcomes(run, measured), groups)


def _difference(one: Estimate, base: Estimate) -> Estimate:
    """Both values' difference, as pairs; a replication in which either is undefined has no pair."""
    unit = _DIFFERENCES.get(one.unit, one.unit if one.unit == base.unit else "difference")
    apart = one.contributions - base.contributions
    found = estimate(apart, np.where(np.isnan(apart), 0, 1), unit)
    return _with(found, one.value - base.value, one, base, one.per_replication - base.per_replication)


def _ratio(one: Estimate, base: Estimate) -> Estimate:
    """Both values' ratio, with the jackknife's interval over the replications that define both."""
    value = one.value / base.value if base.value else float("nan")
    with np.errstate(divide="ignore", invalid="ignore"):
        each: Floats = np.where(base.per_replication == 0, np.nan, one.per_replication / base.per_replication)
    added = leave_one_out(one.contributions, base.contributions)
    found = estimate(added, np.where(np.isnan(added), 0, 1), "ratio")
    return _with(found, value, one, base, each)


def _with(found: Estimate, value: float, one: Estimate, base: Estimate, each: Floats) -> Estimate:
    """An estimate with the contrast of the values shown, and the cases of both groups."""
    ci = found.ci if isfinite(value) else None
    return replace(found, value=value, ci=ci, n=one.n + base.n, per_replication=each)
