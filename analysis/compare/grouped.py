"""The groups that were measured in the worlds of a comparison, taken out of them and judged."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evenhand.analysis.compare.by_group import ByGroup
from evenhand.analysis.compare.comparison import Readings
from evenhand.analysis.compare.gaps import Groups, by_group
from evenhand.analysis.compare.parts import Measurement, name_of
from evenhand.analysis.compare.splits import Split, apart, check_split, group_titles
from evenhand.analysis.compare.worlds import Worlds
from evenhand.analysis.metrics.grouping import By
from evenhand.locale.current import gettext


def check(split: Split, worlds: Sequence[Worlds]) -> None:
    """Refuse a split of which there is nothing to measure in some scenario. Raises ValueError."""
    for one in worlds:
        if not any(row.column == split.name for row in one.rows):
            names = ", ".join(metric.name for metric in one.metrics)
            raise ValueError(
                gettext("by: none of {names} can be split by {name}").format(names=names, name=split.name)
            )
        check_split(split, _by(split, one), one.experiment.scenario)


def grouped(
    split: Split,
    studied: Sequence[tuple[Worlds, Sequence[Measurement]]],
    baseline: str,
) -> ByGroup:
    """Judge the groups of a column in all scenarios together."""
    studies: list[Groups] = []
    titles: dict[str, str] = {}
    for worlds, read in studied:
        studies.append(_groups(split, worlds, read))
        titles |= group_titles(worlds.experiment.scenario, _by(split, worlds))
    policies = {name: policy.title or name for name, policy in studied[0][0].policies.items()}
    return by_group(split.name, studies, baseline, titles, apart(policies))


def _by(split: Split, worlds: Worlds) -> By:
    """The column or grouping as the worlds know it."""
    return next(one for one in worlds.by if name_of(one) == split.name)


def _groups(split: Split, worlds: Worlds, read: Sequence[Measurement]) -> Groups:
    places = [place for place, row in enumerate(worlds.rows) if row.column == split.name]
    rows = [worlds.rows[place] for place in places]
    value, n = (
        np.stack([one.value for one in read])[..., places],
        np.stack([one.n for one in read])[..., places],
    )
    units = dict(zip(worlds.metrics, worlds.units, strict=True))
    readings = Readings(
        worlds.name,
        tuple(worlds.policies),
        tuple(row.metric for row in rows),
        tuple(units[row.metric] for row in rows),
        value,
        n,
    )
    groups = tuple(dict.fromkeys(row.label for row in rows))
    filled = [row.label for row, cases in zip(rows, n.sum(axis=(0, 1)), strict=True) if cases]
    return Groups(readings, groups, split.reference or next(iter(filled), groups[0]))
