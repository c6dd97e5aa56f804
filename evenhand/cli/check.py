"""`evenhand check`: mistakes of files and pairs, what they change, what has no effect, how busy desks get."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import product
from typing import NamedTuple

from evenhand import scenarios, sim
from evenhand.cli.errors import plain
from evenhand.locale.current import gettext
from evenhand.scenarios import BadFile, Loaded, Place, Problem
from evenhand.scenarios.catalogue import NotFoundError, find_all, label, shipped_kind
from evenhand.scenarios.changes import Changed, against_base
from evenhand.scenarios.expected_load import expected_load
from evenhand.scenarios.problems import bad
from evenhand.scenarios.talks_first import talks_first
from evenhand.scenarios.without_effect import without_effect
from evenhand.scenarios.yaml import read_text

MOST = 40
"""Changes of a file that are written out."""


class Seen(NamedTuple):
    """A file without mistakes."""

    loaded: Loaded
    notes: tuple[Problem, ...]
    changed: Changed | None
    """What it changes against its base; None where it has none."""

    @property
    def paths(self) -> list[str]:
        """The settings that the file gives itself; none of a shipped file."""
        if shipped_kind(self.loaded.path):
            return []
        if self.changed is not None:
            return [one.path for one in self.changed.changes]
        return [path for path in self.loaded.places if path]


def print_check(files: list[str]) -> None:
    """Print what each file and each pair says; raise BadFile with all mistakes of all files and pairs."""
    seen: list[Seen] = []
    problems: list[Problem] = []
    for file in files:
        try:
            seen.append(_checked(file))
        except BadFile as error:
            problems += error.problems
        else:
            _tell(file, seen[-1])
    worlds = [one for one in seen if one.loaded.kind == "scenario"]
    policies = [one for one in seen if one.loaded.kind == "policy"]
    for world, policy in product(worlds, policies):
        try:
            _pair(world.loaded, policy)
        except BadFile as error:
            problems += error.problems
    if not worlds:
        for policy in policies:
            _warn(without_effect(policy.loaded, policy.paths, None, 0))
    _note(problem for one in policies for problem in talks_first(one.loaded, one.paths))
    sys.stdout.flush()
    if problems:
        raise BadFile(problems)


def _tell(file: str, one: Seen) -> None:
    print(
        plain(
            gettext("ok: {file}: {kind} '{name}'").format(
                file=file, kind=gettext(one.loaded.kind), name=one.loaded.name
            )
        )
    )
    _note(one.notes)
    if one.changed is None or shipped_kind(one.loaded.path):
        return
    changes = one.changed.changes
    print(
        plain(
            gettext("changes against '{base}':{changes}").format(
                base=one.changed.base, changes="" if changes else gettext(" none")
            )
        )
    )
    for change in changes[:MOST]:
        print(plain(f"  {change}"))
    if len(changes) > MOST:
        print(gettext("  and {changes} more").format(changes=len(changes) - MOST))


def _pair(world: Loaded, policy: Seen) -> None:
    """Print whether two files can run together, and what is known before they do. Raises BadFile."""
    market, rules = world.model, policy.loaded.model
    assert isinstance(market, sim.Scenario)
    assert isinstance(rules, sim.Policy)
    scenarios.check_pair(world, policy.loaded, market.days)
    print(
        plain(
            gettext("ok: policy '{name}' can run in scenario '{name_2}'").format(
                name=rules.name, name_2=market.name
            )
        )
    )
    for one in expected_load(market, rules):
        print(plain(f"  {one}"))
        if one.too_much:
            most = gettext("{load:.0f} % of all claims come to it, and no talks stand before it").format(
                load=100 / one.load
            )
            print(
                gettext("warning: the {desk} desk cannot keep up if more than {most}").format(
                    desk=gettext(one.desk), most=most
                )
            )
    _warn(without_effect(policy.loaded, policy.paths, world, market.days))


def _note(problems: Iterable[Problem]) -> None:
    for one in problems:
        print(plain(gettext("note: {note}").format(note=one)))


def _warn(problems: Iterable[Problem]) -> None:
    for one in problems:
        print(plain(gettext("warning: {one}").format(one=one)))


def _checked(file: str) -> Seen:
    """What a file says, what it changes, and what should be known of it. Raises BadFile."""
    try:
        path, *more = find_all(file)
    except NotFoundError as error:
        raise bad(Place(file), str(error)) from None
    if more:
        return Seen(scenarios.read(file), (), against_base(file))
    seen = scenarios.check_text(read_text(path, label(path)), path.name, folder=path.parent)
    if seen.loaded is None:
        raise BadFile(seen.problems)
    return Seen(seen.loaded, seen.notes, against_base(path))
