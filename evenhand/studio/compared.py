"""A stored comparison as pages show it: who is compared by title, and each difference in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from evenhand.analysis.compare import Comparison
from evenhand.analysis.compare.difference import Difference
from evenhand.analysis.compare.parts import labels
from evenhand.analysis.compare.splits import apart
from evenhand.analysis.metrics.metric import Metric
from evenhand.analysis.metrics.registry import METRICS
from evenhand.analysis.report.comparison_plain import COSTS, SIDES
from evenhand.analysis.runs.background import Background
from evenhand.analysis.runs.folder import MANIFEST
from evenhand.locale.current import gettext
from evenhand.storage.comparison_dir import background_of, open_comparison, split_by
from evenhand.studio.folder import Folder, NoSuch, result
from evenhand.studio.previews import SHOWN, Row, row

FIRST = tuple(dict.fromkeys([*SHOWN, *SIDES["buyers"], *SIDES["merchants"], *COSTS]))
"""Measures that are shown before somebody asks for all."""
SPLITS = ("buyer_group", "merchant_group", "category", "amount_band")
"""What a page can be split by."""


class Compared(NamedTuple):
    """A comparison of the folder."""

    name: str
    path: Path
    comparison: Comparison
    background: Background
    columns: tuple[str, ...]
    """Of whose groups there are values."""

    @property
    def splits(self) -> dict[str, bool]:
        """Columns of which some market has several groups, and whether there are values of them."""
        scenarios = self.comparison.scenarios.values()
        several = [name for name in SPLITS if any(len(labels(one, name)) > 1 for one in scenarios)]
        return {name: name in self.columns for name in several}

    @property
    def titles(self) -> dict[str, str]:
        """Titles of the sets of rules by their names, no two the same, the baseline first."""
        policies = self.comparison.policies
        order = dict.fromkeys([self.comparison.baseline, *policies])
        return apart({name: gettext(policies[name].title) or name for name in order})

    @property
    def markets(self) -> dict[str, str]:
        """Titles of the markets by their names."""
        return apart({name: gettext(one.title) or name for name, one in self.comparison.scenarios.items()})

    @property
    def in_words(self) -> Comparison:
        """The comparison with titles in the place of names, for whatever is said of it."""
        return titled(self.comparison, self.titles, self.markets)

    @property
    def others(self) -> list[str]:
        """The names of the sets of rules that are compared with the baseline."""
        return [name for name in self.titles if name != self.comparison.baseline]

    @property
    def measures(self) -> list[Metric]:
        """What was measured, the first ones first."""
        there = dict.fromkeys(one.metric for one in self.comparison.differences)
        return [METRICS[name] for name in dict.fromkeys([*FIRST, *there]) if name in there]


class Judged(NamedTuple):
    """A difference in words."""

    rules: str
    """Name of the set of rules."""
    title: str
    row: Row
    whom: str
    """For whom it is good or bad; empty where nobody can say."""
    why: str
    few: int
    """Cases of a rate that rests on few of them, else 0."""


def open_compared(folder: Folder, name: str, by: tuple[str, ...] = ()) -> Compared:
    """A comparison with the groups of some columns judged.

    Raises NoSuch for what is none, UsageError for one that cannot be read.
    """
    path = folder.run(name)
    if result(path).kind != "comparison":
        raise NoSuch(name)
    stamp = (path / MANIFEST).stat().st_mtime_ns
    columns = _columns(path, stamp)
    if not set(by) <= set(columns):
        raise NoSuch(",".join(by))
    return Compared(name, path, _opened(path, stamp, by), background_of(path), columns)


def judged(one: Difference, found: Compared) -> Judged:
    """A difference in words, with why where the ways of disputes were counted."""
    said, why = row(one), found.comparison.why(one)
    if why is not None:
        names = found.titles
        why = replace(why, policy=names[one.policy], baseline=names[one.baseline])
    return Judged(
        one.policy,
        found.titles[one.policy],
        said,
        whom(one.metric) if said.mark in ("better", "worse") else "",
        why.sentence if why else "",
        (one.cases or 0) if one.few else 0,
    )


def titled(comparison: Comparison, rules: dict[str, str], markets: dict[str, str]) -> Comparison:
    """The same comparison, whose sets of rules and markets are called by their titles."""

    def renamed(one: Any) -> Any:
        names = {"policy": rules[one.policy], "baseline": rules[one.baseline]}
        return replace(one, **names, scenario=markets[one.scenario])

    columns = {"policy": rules, "scenario": markets}
    values = {
        name: np.array([columns[name][str(one)] for one in column]) if name in columns else column
        for name, column in comparison.values.items()
    }
    return replace(
        comparison,
        baseline=rules[comparison.baseline],
        differences=tuple(map(renamed, comparison.differences)),
        ways=tuple(map(renamed, comparison.ways)),
        values=values,
        stops=tuple(one._replace(scenario=markets[one.scenario]) for one in comparison.stops),
        overloads={
            markets[name]: {rules[policy]: desks for policy, desks in found.items()}
            for name, found in comparison.overloads.items()
        },
        policies={rules[name]: one for name, one in comparison.policies.items()},
        by=(),
        days=_keyed(comparison.days, markets),
        engines=_keyed(comparison.engines, markets),
        scenarios=_keyed(comparison.scenarios, markets),
    )


def _keyed(values: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {names[name]: value for name, value in values.items()}


def whom(metric: str) -> str:
    """Whom a measure is good or bad for; empty where it is nobody's alone."""
    said = {
        **dict.fromkeys(SIDES["buyers"], gettext("for buyers")),
        **dict.fromkeys(SIDES["merchants"], gettext("for merchants")),
        "platform_cost_per_dispute": gettext("for the platform"),
        "staff_hours_per_filing": gettext("for the platform"),
        "social_cost_per_order": gettext("for everybody together"),
    }
    return said.get(metric, "")


def split_title(column: str) -> str:
    """What a toggle is called."""
    said = {
        "buyer_group": gettext("Groups of buyers"),
        "merchant_group": gettext("Groups of merchants"),
        "category": gettext("Categories of goods"),
        "amount_band": gettext("Amounts in dispute"),
    }
    return said[column]


@lru_cache(maxsize=8)
def _opened(path: Path, stamp: int, by: tuple[str, ...]) -> Comparison:
    return open_comparison(path, by)


@lru_cache(maxsize=32)
def _columns(path: Path, stamp: int) -> tuple[str, ...]:
    return tuple(name for name in split_by(path) if name in SPLITS)
