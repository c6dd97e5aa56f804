"""What a comparison is split by: columns, groupings and functions, each with the group of reference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

from evenhand.analysis.compare.parts import labels, name_of
from evenhand.analysis.metrics.grouping import By, Grouping, Placing
from evenhand.locale.current import gettext
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.suggest import did_you_mean

Splitting: TypeAlias = "By | Placing"
SplitBy: TypeAlias = "Splitting | Sequence[Splitting]"
"""One column, grouping or function of a run, or several; `column:group` names the reference."""


class Split(NamedTuple):
    """A column, a grouping, or a function of a run that makes one; and the group that gaps are to."""

    by: Splitting
    reference: str | None = None
    """None = the first group that has a case."""

    @property
    def name(self) -> str:
        """The name of the column, grouping or function."""
        if isinstance(self.by, (str, Grouping)):
            return name_of(self.by)
        return getattr(self.by, "__name__", type(self.by).__name__)


def splits_of(by: SplitBy) -> tuple[Split, ...]:
    """Read what a comparison is split by, each once. Raises ValueError for two of one name."""
    several: Iterable[Splitting] = [by] if isinstance(by, (str, Grouping)) or callable(by) else by
    found: dict[str, Split] = {}
    for one in several:
        if isinstance(one, str):
            column, _, reference = one.partition(":")
            split = Split(column, reference or None)
        elif isinstance(one, Grouping) or callable(one):
            split = Split(one)
        else:
            raise ValueError(  # noqa: TRY004 (as for all arguments)
                gettext("by: must be columns, groupings or functions of a run, found {one!r:.80}").format(
                    one=one
                )
            )
        if found.setdefault(split.name, split) != split:
            raise ValueError(gettext("by: {name} is given twice").format(name=split.name))
    return tuple(found.values())


def check_split(split: Split, by: By, scenario: Scenario) -> None:
    """Refuse a column or a group of reference that is none in a scenario. Raises ValueError."""
    groups = labels(scenario, by)
    if split.reference is not None and split.reference not in groups:
        hint = did_you_mean(split.reference, groups)
        raise ValueError(
            gettext("{name} has no group {reference!r}{hint}; there are {groups}").format(
                name=split.name, reference=split.reference, hint=hint, groups=", ".join(groups)
            )
        )


def group_titles(scenario: Scenario, by: By) -> dict[str, str]:
    """Titles of groups by their names; names with blanks where nobody gave them any, no two the same."""
    people: dict[str, Mapping[str, Any]] = {
        "buyer_group": scenario.buyers.groups,
        "merchant_group": scenario.merchants.groups,
    }
    said = {name: group.title for name, group in people.get(name_of(by), {}).items()}
    titles = {name: said.get(name) or name.replace("_", " ").capitalize() for name in labels(scenario, by)}
    return apart(titles)


def apart(titles: dict[str, str]) -> dict[str, str]:
    """Titles by name, with the name behind one that several have."""
    several = list(titles.values())
    return {
        name: title if several.count(title) == 1 else f"{title} [{name}]" for name, title in titles.items()
    }
