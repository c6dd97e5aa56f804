"""Belief files: which assumed numbers move together, read and checked against a scenario and its policies."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from evenhand.locale.current import gettext
from evenhand.scenarios.beliefs import Belief, Beliefs, Move, by_kind
from evenhand.scenarios.catalogue import HOME, Kind, label
from evenhand.scenarios.merge import join
from evenhand.scenarios.models import model_of
from evenhand.scenarios.numbers import Number, numbers_of
from evenhand.scenarios.plausible import plausible
from evenhand.scenarios.problems import BadFile, Place, Problem, clean
from evenhand.scenarios.provenance import Plausible
from evenhand.scenarios.ranges import (
    UNSOURCED,
    Alternatives,
    Range,
    alternatives,
    range_of,
    ranges,
    said_of,
)
from evenhand.scenarios.reader import Loaded
from evenhand.scenarios.yaml import Node, read_text
from evenhand.sim.scenario.base import Model
from evenhand.sim.scenario.suggest import did_you_mean

FOLDER = HOME / "beliefs"
Text = Annotated[str, Field(min_length=1)]


class Entry(Model):
    """One belief of a file."""

    title: Text
    """What it is about, in a few words."""
    because: str = ""
    """Why it may be so, or otherwise."""
    moves: tuple[Text, ...] = ()
    """Paths of settings, `*` for any name; a group stands for all assumed numbers in it."""
    against: tuple[Text, ...] = ()
    """The same, of settings that fall where the others rise."""
    plausible: dict[str, float | str | tuple[float, ...]] | None = None
    """A range instead of those that the settings have: `{factor: 2}`, `{odds: 2}`, `{plus_minus: 0.1}`."""
    low: str = ""
    """What its low end means, as in "where remorse is rare"."""
    high: str = ""


class BeliefFile(Model):
    """A whole file."""

    kind: Literal["beliefs"] = "beliefs"
    title: str = ""
    beliefs: Annotated[dict[Text, Entry], Field(min_length=1)]


def shipped_beliefs(name: str) -> Path | None:
    """The shipped belief file of a scenario; None where there is none."""
    path = FOLDER / f"{name}.yaml"
    return path if path.is_file() else None


def beliefs_of(
    scenario: Loaded, policies: Sequence[Loaded] = (), file: str | os.PathLike[str] | None = None
) -> Beliefs:
    """The beliefs about a scenario: of a file, else of the shipped one for it, else grouped by kind.

    A shipped file is for one scenario, and for those that have it as their base. Raises BadFile.
    """
    path = Path(file) if file is not None else _shipped_for(scenario)
    count = assumed_numbers(scenario)
    if path is None:
        found = ranges("scenario", scenario.model, scenario.tree)
        made = by_kind(found)
        choices = alternatives("scenario", scenario.model, scenario.tree).values()
        made += [Belief(one.path, one.path, (Move("scenario", one),), one.because) for one in choices]
        if not made:
            said = gettext(
                "has no assumed number that could vary; write beliefs, or `plausible` beside values"
            )
            raise BadFile([Problem(Place(label(scenario.path)), "", said)])
        return Beliefs(tuple(made), count)
    name = label(path)
    model, tree = model_of(BeliefFile, read_text(path, name), name)
    return _Reader(scenario, policies).all(model, tree, name, count)


def _shipped_for(scenario: Loaded) -> Path | None:
    """The file of this scenario, or of the nearest shipped base: that of which most is the same."""
    files = {Path(place.file).stem for place in scenario.places.values()}
    names = [scenario.name, *sorted(files - {scenario.name})]
    return next((path for name in names if (path := shipped_beliefs(name))), None)


def assumed_numbers(loaded: Loaded) -> int:
    """How many numbers of a file are assumed; settings of several numbers count as often."""
    found = ranges(loaded.kind, loaded.model, loaded.tree)
    return sum(said_of(loaded.tree, path).confidence in UNSOURCED for path in found)


class _Reader:
    """Finds the settings that patterns lead to, and says where they lead to none."""

    def __init__(self, scenario: Loaded, policies: Sequence[Loaded]) -> None:
        self.sides: list[tuple[Kind, Loaded]] = [
            ("scenario", scenario),
            *(("policy", one) for one in policies),
        ]
        self.numbers = {
            (side, one.path): (one, loaded)
            for side, loaded in self.sides
            for one in numbers_of(loaded.model, side)
        }
        self.ranges: dict[tuple[Kind, str], Range | Alternatives] = {}
        for side, loaded in reversed(self.sides):
            for path, one in ranges(side, loaded.model, loaded.tree).items():
                self.ranges[side, path] = one
            for path, other in alternatives(side, loaded.model, loaded.tree).items():
                self.ranges[side, path] = other
        self.taken: dict[tuple[Kind, str], str] = {}
        self.problems: list[Problem] = []

    def all(self, model: BeliefFile, tree: Node, file: str, count: int) -> Beliefs:
        top = tree.child("beliefs")
        assert top is not None
        made = []
        for name, entry in model.beliefs.items():
            node = top.child(name)
            assert node is not None
            moves = tuple(self.moves(name, entry, node))
            if not moves and not self.problems:
                said = gettext("moves no setting that may be other than it is")
                self.problems.append(Problem(node.key or node.place, join("beliefs", name), said))
            made.append(Belief(name, entry.title, moves, entry.because, entry.low, entry.high))
        if self.problems:
            raise BadFile(self.problems)
        return Beliefs(tuple(made), count, file)

    def moves(self, name: str, entry: Entry, node: Node) -> Iterator[Move]:
        """What a belief moves."""
        path = join("beliefs", name)
        width = node.child("plausible")
        said = None if width is None else plausible(width, self.problems, f"{path}.plausible")
        for key, sign in (("moves", 1), ("against", -1)):
            for place, pattern in enumerate(getattr(entry, key)):
                at = node.child(key)
                one = at.child(place) if at else None
                where = one.place if one else node.place
                yield from self.matching(pattern, sign, said, where, f"{path}.{key}", name)

    def matching(
        self, pattern: str, sign: int, said: Plausible | None, where: Place, path: str, name: str
    ) -> Iterator[Move]:
        side: Kind = "policy" if pattern.startswith("policy.") else "scenario"
        wanted = pattern.removeprefix("policy.").removeprefix("scenario.").split(".")
        known = dict.fromkeys([*self.numbers, *self.ranges])
        hits = [key for key in known if key[0] == side and _matches(wanted, key[1])]
        if not hits:
            near = did_you_mean(".".join(wanted), [key[1] for key in self.numbers if key[0] == side])
            self.problems.append(
                Problem(
                    where,
                    path,
                    gettext("'{path}' leads to no number{hint}").format(path=clean(pattern, 200), hint=near),
                )
            )
            return
        exact = [key for key in hits if key[1] == ".".join(wanted)]
        some = False
        for key in hits:
            of = self.range(key, said, exact=key in exact)
            if of is None or (isinstance(of, Range) and not of.varies):
                continue
            some = True
            if key in self.taken:
                message = gettext("'{path}' is moved by '{name}' already").format(
                    path=clean(key[1], 200), name=clean(self.taken[key])
                )
                self.problems.append(Problem(where, path, message))
                continue
            self.taken[key] = name
            yield Move(side, of, sign)
        if not some:
            message = gettext("'{path}' leads to numbers with a source or without a range only").format(
                path=clean(pattern, 200)
            )
            self.problems.append(Problem(where, path, message))

    def range(
        self, key: tuple[Kind, str], said: Plausible | None, *, exact: bool
    ) -> Range | Alternatives | None:
        """The range of a setting: the belief's, else its own; one without a source has its default."""
        if said is not None and key in self.numbers and (exact or key in self.ranges):
            return range_of(self.numbers[key][0], said)
        if key in self.ranges:
            return self.ranges[key]
        if not exact:
            return None
        number, loaded = self.numbers[key]
        return self.unwritten(number, loaded)

    def unwritten(self, number: Number, loaded: Loaded) -> Range | None:
        """The default range of a number that no file gives, and that a belief names in full."""
        given = said_of(loaded.tree, number.path).given
        return None if given or number.value is None else range_of(number, None)


def _matches(wanted: Sequence[str], path: str) -> bool:
    """Whether a pattern leads to a setting, or to a group that it is in."""
    parts = path.split(".")
    return len(wanted) <= len(parts) and all(w in ("*", p) for w, p in zip(wanted, parts, strict=False))
