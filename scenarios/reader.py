"""Reads a scenario or policy file whole: finds it, lays it over its base, checks it, keeps the places."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from scenarios.english import translate
from scenarios.library import KINDS, Kind, NotFoundError, find_all, label, shipped_kind
from scenarios.merge import join, merge, settle
from scenarios.problems import BadFile, Place, Problem, bad, found, listed
from scenarios.provenance import NONE, Provenance
from scenarios.yaml import Node, parse, read_text
from sim.fit import misfits
from sim.policy import Policy
from sim.policy import merge as patch
from sim.scenario import Scenario
from sim.suggest import did_you_mean

MODELS: dict[Kind, type[Scenario | Policy]] = {"scenario": Scenario, "policy": Policy}
_COMMON = set(Scenario.model_fields) & set(Policy.model_fields)

MAX_CHAIN = 20
"""Files that may be laid over each other."""


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
    path, problems = paths[0], list[Problem]()
    tree, stated = _assemble_all(paths, kind, (), problems)
    chosen = kind or stated
    if chosen is None:
        raise BadFile([*problems, Problem(tree.place, "kind", "must be given: 'scenario' or 'policy'")])
    if stated is not None and stated != chosen:
        place = (tree.child("kind") or tree).place
        raise BadFile([*problems, Problem(place, "kind", f"must be '{chosen}', found '{stated}'")])
    model = _validate(tree, chosen, "+".join(one.stem for one in paths), problems)
    if model is None or problems:
        raise BadFile(sorted(problems, key=lambda p: (p.place.file != label(path), *p.place)))
    parts = dict(_walk(tree))
    provenance = {path: node.provenance for path, node in parts.items() if node.provenance != NONE}
    places = {path: node.place for path, node in parts.items()}
    return Loaded(chosen, model.name, path, model, provenance, places, tree)


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


def _assemble_all(
    paths: list[Path], kind: Kind | None, chain: tuple[Path, ...], problems: list[Problem]
) -> tuple[Node, Kind | None]:
    """Read files and lay each over those before it; the first says what the whole is about."""
    tree, stated = _assemble(paths[0], kind, chain, problems)
    for path in paths[1:]:
        over, over_kind = _assemble(path, kind or stated, chain, problems)
        if stated and over_kind and over_kind != stated:
            said = f"{label(path)} is a {over_kind}, not a {stated}"
            raise _stop(problems, over, "", said)
        named = {key: node for key, node in _entries(tree).items() if key == "title"}
        tree, stated = merge(tree, _without(over, "name", "kind", "description")), stated or over_kind
        if "title" in named and "title" in _entries(over):
            both = f"{named['title'].value}, and over it: {_entries(over)['title'].value}"
            tree = replace(tree, value={**_entries(tree), "title": replace(named["title"], value=both)})
    return tree, stated


def _assemble(
    path: Path, kind: Kind | None, chain: tuple[Path, ...], problems: list[Problem]
) -> tuple[Node, Kind | None]:
    """Read a file and lay it over its base; also says of which kind it is, as far as it is known."""
    file = label(path)
    tree = settle(parse(read_text(path, file), file, problems), problems)
    stated = _kind(tree, path, problems) or (None if kind else _looks_like(tree))
    base = tree.child("base")
    if base is None:
        return tree, stated
    chain = (*chain, path.resolve())
    below = _base(base, stated or kind, chain, problems)
    under, base_kind = _assemble_all(below, stated or kind, chain, problems)
    if base_kind and (stated or kind) not in (None, base_kind):
        raise _stop(problems, base, "base", f"{found(base.value)} is a {base_kind}, not a {stated or kind}")
    under = _without(under, "name", "kind")
    return merge(under, _without(tree, "base")), stated or base_kind


def _base(node: Node, kind: Kind | None, chain: tuple[Path, ...], problems: list[Problem]) -> list[Path]:
    """Find the files that the last of the chain is a patch of."""
    if not isinstance(node.value, str):
        raise _stop(problems, node, "base", f"must be a name or a path, found {found(node.value)}")
    try:
        paths = find_all(node.value, kind, chain[-1].parent)
    except NotFoundError as error:
        raise _stop(problems, node, "base", f"{found(node.value)} {error}") from None
    for path in paths:
        if path.resolve() not in chain:
            continue
        circle = [*chain[chain.index(path.resolve()) :], path]
        said = f"{found(node.value)} goes round in a circle: {' -> '.join(one.name for one in circle)}"
        raise _stop(problems, node, "base", said)
    if len(chain) >= MAX_CHAIN:
        raise _stop(problems, node, "base", f"more than {MAX_CHAIN} files are laid over each other")
    return paths


def _kind(tree: Node, path: Path, problems: list[Problem]) -> Kind | None:
    """Read the kind that a file states, or else the one of the folder of shipped files it stands in."""
    node = tree.child("kind")
    if node is None:
        return shipped_kind(path)
    for kind in KINDS:
        if node.value == kind:
            return kind
    hint = did_you_mean(str(node.value), KINDS)
    raise _stop(problems, node, "kind", f"must be {listed(KINDS)}, found {found(node.value)}{hint}")


def _looks_like(tree: Node) -> Kind | None:
    """Tell the kind of a file that does not state it by the settings that only one kind has."""
    keys = set(_entries(tree))
    hits = {kind: len(keys & (set(MODELS[kind].model_fields) - _COMMON)) for kind in KINDS}
    likely = max(KINDS, key=lambda kind: hits[kind])
    return likely if hits[likely] > min(hits.values()) else None


def _stop(problems: list[Problem], node: Node, path: str, message: str) -> BadFile:
    """Make the exception for a mistake after which nothing more can be told."""
    return BadFile([*problems, Problem(node.place, path, message)])


def _without(tree: Node, *keys: str) -> Node:
    return replace(tree, value={key: node for key, node in _entries(tree).items() if key not in keys})


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
        problems += translate(complaints, MODELS[kind], tree)
    if kind == "policy":
        problems += _mistakes_in_reforms(tree, model)
    return model


_OF_EXCEPTIONS = "Value error, exceptions: "


def _mistakes_in_exceptions(tree: Node) -> Iterator[Problem]:
    """Check what each exception changes, on top of the policy without exceptions, if that is sound."""
    plain = {key: value for key, value in tree.data().items() if key not in {"exceptions", "reforms"}}
    try:
        data = Policy.model_validate({"title": "-", **plain}).model_dump(exclude={"exceptions", "reforms"})
    except ValidationError:
        return
    exceptions = tree.child("exceptions")
    for name, item in (_entries(exceptions) if exceptions else {}).items():
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
            yield Problem(nested.key or nested.place, join(path, "reforms"), "a reform cannot hold reforms")
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


def _entries(tree: Node) -> dict[str, Node]:
    return tree.value if isinstance(tree.value, dict) else {}


def _parts(path: str) -> list[str]:
    """Split a dotted path; positions in lists may be written `a.0` or `a[0]`."""
    return path.replace("[", ".").replace("]", "").split(".") if path else []


def _walk(node: Node, path: str = "") -> Iterator[tuple[str, Node]]:
    yield path, node
    inner = enumerate(node.value) if isinstance(node.value, tuple) else _entries(node).items()
    for key, child in inner:
        yield from _walk(child, f"{path}.{key}" if path else str(key))
