"""Metrics of some disputes only: of a group, and of the gap between two, for whatever takes a metric."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from types import FunctionType

import numpy as np

from evenhand.analysis.metrics.accumulators import Mask, Measured, Tally
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.grouping import By, Placing, grouping_of
from evenhand.analysis.metrics.metric import COLUMNS, Metric
from evenhand.analysis.metrics.registry import find_metric
from evenhand.locale.current import gettext
from evenhand.sim.runs.records import Run
from evenhand.sim.scenario.suggest import did_you_mean

DIFFERENCE = "difference of shares"


@dataclass(frozen=True)
class Within:
    """Computes a metric over the disputes of one group."""

    metric: Metric
    by: By | Placing
    group: str
    said: str = field(default="", compare=False)
    """What a reader is told, in place of a docstring."""

    def __call__(self, cells: Cells) -> Tally:
        """The metric in every cell, over the disputes of the group."""
        said = f"{name_of(self.by)} = {self.group}"
        return self.metric.function(cells.where(members(cells.run, self.by, self.group), said))


@dataclass(frozen=True, eq=False)
class Apart:
    """What two groups have counted; together they make the gap between them."""

    group: Tally
    reference: Tally

    def join(self, later: Apart) -> Apart:
        """Both groups of both pieces."""
        return Apart(self.group.join(later.group), self.reference.join(later.reference))

    def measured(self) -> Measured:
        """Group less reference; n counts both, and is 0 where one of them has nothing to count."""
        one, other = self.group.measured(), self.reference.measured()
        there = (one.n > 0) & (other.n > 0)
        return Measured(one.value - other.value, np.where(there, one.n + other.n, 0))


@dataclass(frozen=True)
class Between:
    """Computes how far a metric is apart between two groups."""

    group: Within
    reference: Within
    said: str = field(default="", compare=False)
    """What a reader is told, in place of a docstring."""

    def __call__(self, cells: Cells) -> Tally:
        """Group less reference in every cell."""
        return Apart(self.group(cells), self.reference(cells))


def within(metric: str | Metric, by: By | Placing, group: str, *, name: str | None = None) -> Metric:
    """A metric of the disputes of one group, which goes wherever a metric goes: `select`, `sweep`, gates, ...

    `by` is a column with words, as "buyer_group", or a function of a run as `compare(by=...)` takes it;
    `group` is one of its groups. Rates of it are of the group alone. `name` defaults to METRIC_of_GROUP.
    Raises ValueError for a metric that does not count single disputes, or a column that has no words.
    """
    base = _splittable(find_metric(metric), by)
    said = gettext("{sentence} Only disputes with {by} = {group}.").format(
        sentence=base.sentence, by=name_of(by), group=group
    )
    function = Within(base, by, group, said)
    title = f"{base.title}, {group}"
    return replace(base, name=name or f"{base.name}_of_{group}", title=title, function=function)


def gap(
    metric: str | Metric, by: By | Placing, group: str, reference: str, *, name: str | None = None
) -> Metric:
    """How far a metric is apart between two groups in each world, group less reference.

    Worlds in which one of them has no case are left out; values of worlds are averaged, not pooled. `name`
    defaults to METRIC_gap_GROUP_minus_REFERENCE. Raises ValueError as `within` does.
    """
    base = _splittable(find_metric(metric), by)
    if group == reference:
        raise ValueError(
            gettext("gap: group and reference must be two groups, found {group!r} twice").format(group=group)
        )
    said = gettext("{sentence} Disputes with {by} = {group}, less those with {reference}.").format(
        sentence=base.sentence, by=name_of(by), group=group, reference=reference
    )
    function = Between(Within(base, by, group), Within(base, by, reference), said)
    return Metric(
        name or f"{base.name}_gap_{group}_minus_{reference}",
        gettext("{title}, {group} less {reference}").format(
            title=base.title, group=group, reference=reference
        ),
        DIFFERENCE if base.unit == "share" else base.unit,
        base.by,
        "neutral",
        function,
        pooled=False,
    )


def name_of(by: By | Placing) -> str:
    """The name of a column, a grouping or a function."""
    return by if isinstance(by, str) else str(getattr(by, "name", getattr(by, "__name__", "group")))


def members(run: Run, by: By | Placing, group: str) -> Mask:
    """Which disputes of a run are of a group. Raises ValueError where there is no such group."""
    if isinstance(by, str) and grouping_of(by) is None:
        labels, numbers = run.labels(by), run.disputes[by]
    else:
        place = by if callable(by) else grouping_of(by).place  # type: ignore[union-attr]  # one of both
        found, numbers = place(run)
        labels = tuple(map(str, found))
    if group not in labels:
        hint = did_you_mean(group, labels)
        raise ValueError(
            gettext("{by} must be one of {labels}, found {group!r}{hint}").format(
                by=name_of(by), labels=", ".join(labels), group=group, hint=hint
            )
        )
    return np.asarray(np.asarray(numbers) == labels.index(group))


def travels(metric: Metric) -> bool:
    """Whether another process can have a metric: its function is in a module that can be found there."""
    function = metric.function
    if isinstance(function, Between):
        return travels(metric=replace(metric, function=function.group))
    if isinstance(function, Within):
        return not callable(function.by) and isinstance(function.by, str) and travels(function.metric)
    return (
        isinstance(function, FunctionType)
        and function.__module__ != "__main__"
        and "<locals>" not in function.__qualname__
    )


def _splittable(metric: Metric, by: By | Placing) -> Metric:
    if isinstance(by, str) and by not in COLUMNS:
        raise ValueError(
            gettext("by: must be a function of a run or one of {columns}, found {by!r}{hint}").format(
                columns=", ".join(COLUMNS), by=by, hint=did_you_mean(by, COLUMNS)
            )
        )
    if not metric.counts_disputes:
        raise ValueError(
            gettext("{name} is of the whole run, not of single disputes; no group has a part of it").format(
                name=metric.name
            )
        )
    return metric
