"""Differences by group: what a policy changes for each group, and what it does to the gaps between groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import nan
from typing import Any, TypeVar

from evenhand.analysis.compare.difference import Difference, Interval
from evenhand.analysis.metrics.written import finite
from evenhand.locale.current import gettext
from evenhand.result import Result

Part = TypeVar("Part", "InGroup", "Gap")
FEWEST = 3
"""Worlds that must count before a group's difference, or a gap's change, has an interval."""


@dataclass(frozen=True)
class InGroup:
    """The difference that a policy makes in one group; `difference.n` are the worlds that count."""

    group: str
    difference: Difference
    policy_cases: int
    baseline_cases: int
    """Cases counted in those worlds under either."""


@dataclass(frozen=True)
class Gap:
    """What a policy does to the gap between a group and the reference, group less reference.

    `difference` is the change: its `policy_value` is the gap under the policy (after), its `baseline_value`
    that under the baseline (before). All three are over the worlds in which both groups have cases under
    both policies.
    """

    group: str
    reference: str
    difference: Difference
    policy_ci: Interval | None
    baseline_ci: Interval | None
    """95 % intervals of the gaps themselves."""

    @property
    def verdict(self) -> str:
        """`narrower` or `wider` where the change is beyond luck, else the verdict of the difference."""
        one = self.difference
        if one.verdict not in {"higher", "lower"}:
            return one.verdict
        return "narrower" if abs(one.policy_value) < abs(one.baseline_value) else "wider"


@dataclass(frozen=True, repr=False)
class ByGroup(Result):
    """The groups of a column: differences in each, and changes of the gaps between each and a reference.

    Groups go by scenario, policy, metric and group. The differences in groups are one family for the
    simultaneous intervals and for Holm's p, the changes of gaps another.
    """

    column: str
    groups: tuple[InGroup, ...]
    gaps: tuple[Gap, ...]
    titles: Mapping[str, str]
    """Titles of groups, by their names."""
    policies: Mapping[str, str]
    """Titles of the policies, by their names."""

    def of(self, metric: str, group: str, policy: str | None = None, scenario: str | None = None) -> InGroup:
        """The one difference in a group. Raises ValueError where none, or several, are meant."""
        return _only([one for one in self.groups if one.group == group], metric, group, policy, scenario)

    def gap(self, metric: str, group: str, policy: str | None = None, scenario: str | None = None) -> Gap:
        """The one gap of a group to the reference. Raises ValueError where none, or several, are meant."""
        return _only([one for one in self.gaps if one.group == group], metric, group, policy, scenario)

    def summary(self) -> str:
        """Which column, how many groups, and how many gaps are narrower or wider."""
        names = ", ".join(dict.fromkeys(one.group for one in self.groups))
        said = [one.verdict for one in self.gaps]
        return gettext("{column} ({names}); of {n} gaps {narrower} narrower, {wider} wider").format(
            column=self.column,
            names=names,
            n=len(said),
            narrower=said.count("narrower"),
            wider=said.count("wider"),
        )

    @property
    def labels(self) -> dict[str, str]:
        """Words for columns, metrics, groups and policies."""
        metrics = {one.difference.metric: one.difference.title for one in self.groups}
        return {**super().labels, **metrics, **self.titles, **self.policies}

    def table(self) -> list[dict[str, Any]]:
        """One flat row a difference or gap; `reference` is empty for the difference in a group itself."""
        return [
            *(_row(self.column, one, one.policy_cases, one.baseline_cases) for one in self.groups),
            *(_row(self.column, one) for one in self.gaps),
        ]

    def to_json(self) -> dict[str, Any]:
        """Numbers for a program: null where they are not known."""
        return {
            "column": self.column,
            "groups": [
                {
                    "group": one.group,
                    **_json(one.difference),
                    "baseline_n": one.baseline_cases,
                    "policy_n": one.policy_cases,
                }
                for one in self.groups
            ],
            "gaps": [
                {
                    "group": one.group,
                    "reference": one.reference,
                    **_json(one.difference),
                    "baseline_ci": list(one.baseline_ci) if one.baseline_ci else None,
                    "policy_ci": list(one.policy_ci) if one.policy_ci else None,
                    "verdict": one.verdict,
                }
                for one in self.gaps
            ],
        }


def _only(parts: Sequence[Part], metric: str, group: str, policy: str | None, scenario: str | None) -> Part:
    found = [
        one
        for one in parts
        if one.difference.metric == metric
        and policy in (None, one.difference.policy)
        and scenario in (None, one.difference.scenario)
    ]
    if len(found) != 1:
        many = (
            gettext("no difference")
            if not found
            else gettext("{n} differences; say which").format(n=len(found))
        )
        raise ValueError(
            gettext("{metric!r} of {group!r}, policy={policy!r}, scenario={scenario!r}: {many}").format(
                metric=metric, group=group, policy=policy, scenario=scenario, many=many
            )
        )
    return found[0]


def _json(one: Difference) -> dict[str, Any]:
    return {
        **one.as_json(),
        "baseline_value": finite(one.baseline_value),
        "policy_value": finite(one.policy_value),
        "simultaneous_ci": list(one.simultaneous_ci) if one.simultaneous_ci else None,
        "undefined": one.undefined,
        "unseen": one.unseen,
        "family": one.family,
    }


def _row(column: str, part: InGroup | Gap, policy_n: float = nan, baseline_n: float = nan) -> dict[str, Any]:
    nowhere, one = (nan, nan), part.difference
    (low, high), (lowest, highest) = one.ci or nowhere, one.simultaneous_ci or nowhere
    own = (part.baseline_ci, part.policy_ci) if isinstance(part, Gap) else (None, None)
    (before_low, before_high), (after_low, after_high) = (ends or nowhere for ends in own)
    return {
        "scenario": one.scenario,
        "metric": one.metric,
        "policy": one.policy,
        "baseline": one.baseline,
        "column": column,
        "group": part.group,
        "reference": part.reference if isinstance(part, Gap) else "",
        "baseline_value": one.baseline_value,
        "baseline_low": before_low,
        "baseline_high": before_high,
        "policy_value": one.policy_value,
        "policy_low": after_low,
        "policy_high": after_high,
        "difference": one.difference,
        "low": low,
        "high": high,
        "simultaneous_low": lowest,
        "simultaneous_high": highest,
        "p": one.p,
        "p_adjusted": one.p_adjusted,
        "family": one.family,
        "worlds": one.n,
        "undefined": one.undefined,
        "unseen": one.unseen,
        "baseline_n": baseline_n,
        "policy_n": policy_n,
        "unit": one.unit,
    }
