"""What a file changes against its base, setting by setting, as a person says it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from itertools import accumulate
from pathlib import Path
from typing import Any, NamedTuple

from evenhand.locale.current import gettext, gettext_noop
from evenhand.scenarios.catalogue import Kind, find_all, label
from evenhand.scenarios.fields import Meaning, known
from evenhand.scenarios.forms import form
from evenhand.scenarios.layers import FileReading
from evenhand.scenarios.merge import settle
from evenhand.scenarios.problems import Problem, clean
from evenhand.scenarios.reader import Loaded, loaded
from evenhand.scenarios.words import in_english
from evenhand.scenarios.yaml import Node, parse, read_text
from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.units import parse_window

TEXTS = ("name", "title", "description", "kind")
"""Settings that people read and nothing computes with."""
NOTHING = gettext_noop("none")
SHARE, MONEY = "share", "money"


class Change(NamedTuple):
    """A setting that is not as in the base."""

    path: str
    label: str
    """What it is called, group first: "Windows: evidence of the merchant"."""
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.label}: {self.before} -> {self.after}"


class Changed(NamedTuple):
    """A file beside its base."""

    base: str
    """Name of the base."""
    changes: tuple[Change, ...]


def against_base(file: str | os.PathLike[str], kind: Kind | None = None) -> Changed | None:
    """What a file, or the last of `A+B`, changes; None without a base. Raises BadFile, NotFoundError."""
    *below, path = find_all(file, kind)
    if below:
        first, both = (_read(paths, kind) for paths in (below, [*below, path]))
        return Changed(first.name, tuple(differences(first.model, both.model)))
    text = read_text(path, label(path))
    whole = _read([path], kind)
    base = base_of(text, path.name, whole.kind, path.parent)
    return None if base is None else Changed(base.name, tuple(differences(base.model, whole.model)))


def base_of(text: str, name: str, kind: Kind, folder: str | os.PathLike[str] | None) -> Loaded | None:
    """What the base of a text says alone; None where it has none. Raises BadFile."""
    reading = FileReading(from_disk=folder is not None)
    node = settle(parsed(text, name), []).child("base")
    if node is None:
        return None
    paths = reading.base(node, kind, ((Path(folder or "") / name).resolve(),))
    return _loaded(paths, kind, reading)


def parsed(text: str, name: str) -> Node:
    """The settings that a text has itself, without its base's. Raises BadFile."""
    problems: list[Problem] = []
    return in_english(parse(text, name, problems), problems)


def differences(base: Scenario | Policy, model: Scenario | Policy) -> Iterator[Change]:
    """Every setting in which two models of a kind differ, in the order of their fields."""
    was, now = form(base), form(model)
    know = known(model.kind)
    meanings = {path: one.meaning for path, one in know.settings.items()}
    for path in dict.fromkeys([*was, *now]):
        before, after = was.get(path), now.get(path)
        above, inner, changed = path.partition(".changes.")
        new = path not in was and not inner and after in (None, "", 0, [], {})  # what a new group leaves out
        if before == after or new or path in TEXTS:
            continue
        if inner and path not in was:
            before = now.get(changed, before)  # what an exception or a reform makes different
        names = [(one, know.pattern(one)) for one in (above, changed) if one]
        unit = meanings[names[-1][1]].unit if names[-1][1] in meanings else ""
        said = _pair(before, after, unit)
        if said[0] != said[1]:  # an empty group that has got entries is told by these
            label = ": ".join(_label(*one, meanings) for one in names)
            yield Change(path, label + _in_unit(unit, before, after), *said)


def whole_label(path: str, kind: Kind) -> str:
    """What a setting is called with the groups it stands in, as in lists of changes.

    Raises KeyError for a path that no file of the kind can have.
    """
    know = known(kind)
    pattern = know.pattern(path)
    if pattern not in know.settings:
        raise KeyError(path)
    return _label(path, pattern, {one: about.meaning for one, about in know.settings.items()})


def _read(paths: list[Path], kind: Kind | None) -> Loaded:
    return _loaded(paths, kind, FileReading())


def _loaded(paths: list[Path], kind: Kind | None, reading: FileReading) -> Loaded:
    tree, stated = reading.all(paths, kind, ())
    return loaded(tree, kind, stated, paths, reading.problems)


def _label(path: str, pattern: str, meanings: Mapping[str, Meaning]) -> str:
    """Labels along the way; names of the user's stand as they are."""
    said = []
    stems = accumulate(pattern.split("."), "{}.{}".format)
    for name, part, stem in zip(path.split("."), pattern.split("."), stems, strict=True):
        said.append(clean(name) if part == "*" or stem not in meanings else meanings[stem].label)
    return ": ".join([said[0], *(one[:1].lower() + one[1:] for one in said[1:])])


def _pair(before: Any, after: Any, unit: str) -> tuple[str, str]:
    """Both values as a person writes them; two durations in one unit."""
    if isinstance(before, str) and isinstance(after, str):
        try:
            hours = [parse_window(text) for text in (before, after)]
        except ValueError:
            return clean(before, 200), clean(after, 200)
        if before.partition(" ")[2] != after.partition(" ")[2] and not any(one.business for one in hours):
            return f"{hours[0].hours:.12g} h", f"{hours[1].hours:.12g} h"
    return _said(before, unit), _said(after, unit)


def _in_unit(unit: str, *values: Any) -> str:
    """The unit of two plain numbers, where they do not say it themselves."""
    plain = all(value is None or type(value) in (int, float) for value in values)
    return f" ({gettext(unit)})" if plain and unit not in ("", SHARE, "weight") else ""


def _said(value: Any, unit: str) -> str:
    if value is None or value in ("", [], {}):
        return gettext(NOTHING)
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, (int, float)):
        return f"{100 * value:.12g} %" if unit == SHARE and 0 <= value <= 1 else f"{value:.12g}"
    if isinstance(value, list):
        return ", ".join(_said(one, "") for one in value)
    if isinstance(value, dict):
        return clean(", ".join(f"{key} {_said(one, '')}" for key, one in value.items()), 200)
    return clean(str(value), 200)
