"""Reads a scenario or policy file whole: finds it, lays it over its base, checks it, keeps the places."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from evenhand.locale.current import gettext
from evenhand.scenarios.catalogue import Kind, NotFoundError, find_all, label
from evenhand.scenarios.english import translate
from evenhand.scenarios.layers import MODELS, OWN, FileReading, entries, of_no_kind
from evenhand.scenarios.meant import as_meant
from evenhand.scenarios.merge import join
from evenhand.scenarios.problems import BadFile, Place, Problem, bad
from evenhand.scenarios.provenance import NONE, Provenance
from evenhand.scenarios.ranges import problems as wrong_ranges
from evenhand.scenarios.yaml import Node
from evenhand.sim.policy.compatibility import misfits
from evenhand.sim.policy.policy import Policy
from evenhand.sim.policy.policy import merge as patch
from evenhand.sim.scenario.scenario import Scenario


@dataclass(frozen=True)
class Loaded:
    """A scenario or policy with the places and the provenance of its settings."""

    kind: Kind
    name: str
    path: Path
    model: Scenario | Policy
    provenance: Mapping[str, Provenance] = field(repr=False)
    """By dotted path; settings without an entry are unmarked or defaults."""
    places: Mapping[str, Place] = field(repr=False)
    """By dotted path, of everything that the file and its bases say."""
    tree: Node = field(repr=False)
    """The file laid over its bases, as written."""

    def provenance_of(self, path: str) -> Provenance | None:
        """Say where a setting comes from; None for what is unmarked or a default.

        Blocks pass their provenance on to what is written in them, never to defaults they leave out.
        """
        return self.provenance.get(".".join(_parts(path)))

    def place_of(self, path: str) -> Place:
        """Say where a setting stands in the files, or else the nearest block around it."""
        parts = _parts(path)
        while parts and ".".join(parts) not in self.places:
            parts.pop()
        return self.places[".".join(parts)]


def read(name_or_path: str | os.PathLike[str], kind: Kind | None = None) -> Loaded:
    """Read a shipped file by its name, or any file by its path. Raises BadFile with every mistake.

    `A+B` is B laid over A.
    """
    try:
        paths = find_all(name_or_path, kind)
    except NotFoundError as error:
        raise bad(Place(str(name_or_path)), str(error)) from None
    reading = FileReading()
    tree, stated = reading.all(paths, kind, ())
    return loaded(tree, kind, stated, paths, reading.problems)


def loaded(
    tree: Node, kind: Kind | None, stated: Kind | None, paths: list[Path], problems: list[Problem]
) -> Loaded:
    """Turn a tree that is laid over its bases into a model. Raises BadFile with every mistake."""
    chosen = kind or stated
    if chosen is None:
        raise BadFile([*problems, *of_no_kind(tree)])
    if stated is not None and stated != chosen:
        place = (tree.child("kind") or tree).place
        raise BadFile(
            [
                *problems,
                Problem(
                    place,
                    "kind",
                    gettext("must be '{chosen}', found '{stated}'").format(chosen=chosen, stated=stated),
                ),
            ]
        )
    tree, doubts = as_meant(tree, MODELS[chosen])
    said: list[Problem] = []
    model = _validate(tree, chosen, "+".join(one.stem for one in paths), said)
    doubted = {one.place for one in doubts}  # of these the model says less
    problems = [*problems, *doubts, *(one for one in said if one.place not in doubted)]
    if model is not None:
        problems += wrong_ranges(chosen, model, tree)
    if model is None or problems:
        raise BadFile(sorted(problems, key=lambda p: (p.place.file != label(paths[0]), *p.place)))
    parts = dict(_walk(tree))
    provenance = {path: node.provenance for path, node in parts.items() if node.provenance != NONE}
    places = {path: node.place for path, node in parts.items()}
    return Loaded(chosen, model.name, paths[0], model, provenance, places, tree)


def load(name_or_path: str | os.PathLike[str]) -> Scenario:
    """Load a scenario by its shipped name or its path. Raises BadFile with every mistake."""
    model = read(name_or_path, "scenario").model
    assert isinstance(model, Scenario)
    return model


def policy(name_or_path: str | os.PathLike[str]) -> Policy:
    """Load a policy by its shipped name or its path. Raises BadFile with every mistake."""
    model = read(name_or_path, "policy").model
    assert isinstance(model, Policy)
    return model


def check_pair(scenario: Loaded, policy: Loaded, days: int) -> None:
    """Check that a policy can run in a scenario for so many days. Raises BadFile if not."""
    if not isinstance(scenario.model, Scenario) or not isinstance(policy.model, Policy):
        raise TypeError("check_pair takes a scenario and a policy, in this order")
    sides = {"scenario": scenario, "policy": policy}
    apart = misfits(scenario.model, policy.model, days)
    if apart:
        raise BadFile(Problem(sides[one.kind].place_of(one.path), one.path, one.message) for one in apart)


def _validate(tree: Node, kind: Kind, stem: str, problems: list[Problem]) -> Scenario | Policy | None:
    """Build the model; every mistake in the file goes to `problems`, those in reforms too."""
    model: Scenario | Policy | None = None
    data = tree.data()
    data["name"] = data.get("name") or stem
    try:
        model = MODELS[kind].model_validate(data)
    except ValidationError as error:
        complaints = error.errors()
        if kind == "policy" and (inside := list(_mistakes_in_exceptions(tree))):
            problems += inside  # these say where; the whole policy only says that
            complaints = [one for one in complaints if not str(one["msg"]).startswith(_OF_EXCEPTIONS)]
        problems += translate(complaints, MODELS[kind], tree, elsewhere=_ELSEWHERE[kind])
    if kind == "policy":
        problems += _mistakes_in_reforms(tree, model)
    return model


_ELSEWHERE: dict[Kind, dict[str, str]] = {
    "policy": dict.fromkeys(OWN["scenario"], "it belongs in a scenario"),
    "scenario": dict.fromkeys(OWN["policy"], "it belongs in a policy"),
}
_OF_EXCEPTIONS = "Value error, exceptions: "


def _mistakes_in_exceptions(tree: Node) -> Iterator[Problem]:
    """Check what each exception changes, on top of the policy without exceptions, if that is sound."""
    plain = {key: value for key, value in tree.data().items() if key not in {"exceptions", "reforms"}}
    try:
        data = Policy.model_validate({"title": "-", **plain}).model_dump(exclude={"exceptions", "reforms"})
    except ValidationError:
        return
    exceptions = tree.child("exceptions")
    for name, item in (entries(exceptions) if exceptions else {}).items():
        changes = item.child("changes")
        if changes is None or not isinstance(changes.value, dict):
            continue
        try:
            Policy.model_validate(patch(data, changes.data()))
        except ValidationError as error:
            yield from translate(error.errors(), Policy, changes, f"exceptions.{name}.changes")


def _mistakes_in_reforms(tree: Node, model: Any) -> Iterator[Problem]:
    """Check what each reform changes, on top of the reforms before it.

    Where the policy itself is wrong, only mistakes in the changed values themselves can be told.
    """
    data = (model or Policy(title="-")).model_dump(exclude={"reforms"})
    reforms = tree.child("reforms")
    items = reforms.value if reforms and isinstance(reforms.value, tuple) else ()
    for index, item in enumerate(items):
        changes = item.child("changes")
        if changes is None or not isinstance(changes.value, dict):
            continue
        path = f"reforms.{index}.changes"
        nested = changes.value.get("reforms")
        if nested:
            yield Problem(
                nested.key or nested.place, join(path, "reforms"), gettext("a reform cannot hold reforms")
            )
        after = patch(data, changes.data())
        try:
            Policy.model_validate(after)
        except ValidationError as error:
            certain = [one for one in error.errors() if model or not _is_about_a_group(one)]
            yield from translate(certain, Policy, changes, path)
        else:
            data = after


def _is_about_a_group(one: ErrorDetails) -> bool:
    return one["type"] == "value_error" and isinstance(one["input"], dict)


def _parts(path: str) -> list[str]:
    """Split a dotted path; positions in lists may be written `a.0` or `a[0]`."""
    return path.replace("[", ".").replace("]", "").split(".") if path else []


def _walk(node: Node, path: str = "") -> Iterator[tuple[str, Node]]:
    yield path, node
    inner = enumerate(node.value) if isinstance(node.value, tuple) else entries(node).items()
    for key, child in inner:
        yield from _walk(child, f"{path}.{key}" if path else str(key))
