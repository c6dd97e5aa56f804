"""Lays a file over its bases: which files those are, of what kind, and how many there may be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from evenhand.locale.current import gettext
from evenhand.scenarios.catalogue import KINDS, Kind, NotFoundError, find_all, label, shipped_kind
from evenhand.scenarios.merge import merge, settle
from evenhand.scenarios.problems import BadFile, Problem, clean, found, listed
from evenhand.scenarios.words import in_english, meant_by, of_today
from evenhand.scenarios.yaml import Node, parse, read_text
from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.suggest import did_you_mean

MODELS: dict[Kind, type[Scenario | Policy]] = {"scenario": Scenario, "policy": Policy}
COMMON = set(Scenario.model_fields) & set(Policy.model_fields)
OWN: dict[Kind, set[str]] = {kind: set(model.model_fields) - COMMON for kind, model in MODELS.items()}
"""Settings at the top of one kind of file that the other does not have."""

MAX_CHAIN = 20
"""Files that may be laid over each other."""
MAX_FILES = 64
"""Files that one reading may take; a base that is named twice is read twice."""


@dataclass(frozen=True)
class FileReading:
    """One reading of a file with its bases: what is wrong so far, and how many files it has taken."""

    problems: list[Problem] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    from_disk: bool = True
    """Whether bases that are files may be read, or shipped ones only."""

    def all(self, paths: list[Path], kind: Kind | None, chain: tuple[Path, ...]) -> tuple[Node, Kind | None]:
        """Read files and lay each over those before it; the first says what the whole is about."""
        tree, stated = self.file(paths[0], kind, chain)
        for path in paths[1:]:
            over, over_kind = self.file(path, kind or stated, chain)
            if stated and over_kind and over_kind != stated:
                raise self.stop(
                    over,
                    "",
                    gettext("{path} is a {over_kind}, not a {stated}").format(
                        path=label(path), over_kind=over_kind, stated=stated
                    ),
                )
            named = {key: node for key, node in entries(tree).items() if key == "title"}
            tree, stated = merge(tree, _without(over, "name", "kind", "description")), stated or over_kind
            if "title" in named and "title" in entries(over):
                both = f"{named['title'].value}, and over it: {entries(over)['title'].value}"
                tree = replace(tree, value={**entries(tree), "title": replace(named["title"], value=both)})
        return tree, stated

    def file(self, path: Path, kind: Kind | None, chain: tuple[Path, ...]) -> tuple[Node, Kind | None]:
        """Read a file and lay it over its base; also says of which kind it is, as far as it is known."""
        self.files.append(path)
        return self.text(read_text(path, label(path)), path, kind, chain)

    def text(
        self, text: str, path: Path, kind: Kind | None, chain: tuple[Path, ...]
    ) -> tuple[Node, Kind | None]:
        """The same for a text that is there already; `path` is where it stands, or would stand."""
        typed = of_today(in_english(parse(text, label(path), self.problems), self.problems), self.problems)
        tree = settle(typed, self.problems)
        stated = _stated_kind(tree, path, self) or (None if kind else _looks_like(tree))
        base = tree.child("base")
        if base is None:
            return tree, stated
        chain = (*chain, path.resolve())
        below = self.base(base, stated or kind, chain)
        under, base_kind = self.all(below, stated or kind, chain)
        if base_kind and (stated or kind) not in (None, base_kind):
            said = gettext("{value} is a {base_kind}, not a {what}").format(
                value=found(base.value), base_kind=base_kind, what=stated or kind
            )
            raise self.stop(base, "base", said)
        return merge(_without(under, "name", "kind"), _without(tree, "base")), stated or base_kind

    def base(self, node: Node, kind: Kind | None, chain: tuple[Path, ...]) -> list[Path]:
        """Find the files that the last of the chain is a patch of."""
        if not isinstance(node.value, str):
            raise self.stop(
                node,
                "base",
                gettext("must be a name or a path, found {value}").format(value=found(node.value)),
            )
        try:
            paths = find_all(node.value, kind, chain[-1].parent if self.from_disk else None)
        except NotFoundError as error:
            raise self.stop(node, "base", f"{found(node.value)} {error}") from None
        if not self.from_disk and any(shipped_kind(path) is None for path in paths):
            said = gettext(
                "{value} is a file; without a folder to look in, only shipped names are known"
            ).format(value=found(node.value))
            raise self.stop(node, "base", said)
        for path in paths:
            if path.resolve() not in chain:
                continue
            circle = [*chain[chain.index(path.resolve()) :], path]
            said = gettext("{value} goes round in a circle: {what}").format(
                value=found(node.value), what=" -> ".join(one.name for one in circle)
            )
            raise self.stop(node, "base", said)
        if len(chain) >= MAX_CHAIN:
            raise self.stop(
                node,
                "base",
                gettext("more than {max_chain} files are laid over each other").format(max_chain=MAX_CHAIN),
            )
        if len(self.files) + len(paths) > MAX_FILES:
            raise self.stop(
                node,
                "base",
                gettext("more than {max_files} files are read, each as often as it is named").format(
                    max_files=MAX_FILES
                ),
            )
        return paths

    def stop(self, node: Node, path: str, message: str) -> BadFile:
        """Make the exception for a mistake after which nothing more can be told."""
        return BadFile([*self.problems, Problem(node.place, path, message)])


def _stated_kind(tree: Node, path: Path, reading: FileReading) -> Kind | None:
    """Read the kind that a file states, or else the one of the folder of shipped files it stands in."""
    node = tree.child("kind")
    if node is None:
        return shipped_kind(path)
    for kind in KINDS:
        if node.value == kind:
            return kind
    hint = did_you_mean(str(node.value), KINDS)
    raise reading.stop(
        node,
        "kind",
        gettext("must be {kinds}, found {value}{hint}").format(
            kinds=listed(KINDS), value=found(node.value), hint=hint
        ),
    )


def _looks_like(tree: Node) -> Kind | None:
    """Tell the kind of a file that does not state it by the settings that only one kind has."""
    keys = {meant_by(key).partition(".")[0] for key in entries(tree)}
    hits = {kind: len(keys & OWN[kind]) for kind in KINDS}
    if not any(hits.values()):  # perhaps they are only misspelt
        hits = {kind: sum(bool(did_you_mean(key, OWN[kind])) for key in keys) for kind in KINDS}
    likely = max(KINDS, key=lambda kind: hits[kind])
    return likely if hits[likely] > min(hits.values()) else None


def of_no_kind(tree: Node) -> Iterator[Problem]:
    """What is wrong with a file of which nothing says whether it is a scenario or a policy."""
    yield Problem(tree.place, "kind", gettext("must be given: 'scenario' or 'policy'"))
    known = COMMON | {"base", "kind"}
    for key, node in entries(tree).items():
        if meant_by(key) not in known:
            said = gettext("unknown setting{did_you_mean}").format(
                did_you_mean=did_you_mean(key, known | OWN["policy"] | OWN["scenario"])
            )
            yield Problem(node.key or node.place, clean(key), said)


def _without(tree: Node, *keys: str) -> Node:
    return replace(tree, value={key: node for key, node in entries(tree).items() if key not in keys})


def entries(tree: Node) -> dict[str, Node]:
    """The settings of a group; none for anything else."""
    return tree.value if isinstance(tree.value, dict) else {}
