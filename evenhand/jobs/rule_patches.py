"""Files of what a search has found: a patch for each candidate, and what it changes in words."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from evenhand import scenarios
from evenhand.analysis.runs.atomic import whole
from evenhand.analysis.runs.background import Change, Spoken
from evenhand.locale.catalogue import languages
from evenhand.locale.current import language
from evenhand.scenarios.catalogue import Kind
from evenhand.scenarios.changes import differences
from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.scenario import Scenario


class Bases(NamedTuple):
    """The files over which patches are laid, as they were named."""

    policy: str
    scenario: str


class Patch(NamedTuple):
    """A candidate as files: what differs from the base, and where it stands."""

    changes: tuple[Change, ...]
    policy: Path | None
    """None where nothing of the policy changes."""
    scenario: Path | None

    @property
    def name(self) -> str:
        """Names of its files, as they stand on a command line."""
        return " ".join(one.name for one in (self.policy, self.scenario) if one is not None)


def patch(
    name: str,
    title: str,
    base: tuple[Scenario, Policy],
    models: tuple[Scenario, Policy],
    bases: Bases,
    folder: Path,
) -> Patch:
    """Write what two models change against a base, each as a file over it. Raises BadFile, OSError."""
    pairs: list[tuple[Scenario | Policy, Scenario | Policy]] = [(base[0], models[0]), (base[1], models[1])]
    written: dict[Kind, Path | None] = {}
    kinds: tuple[Kind, Kind] = ("scenario", "policy")
    for kind, (was, now) in zip(kinds, pairs, strict=True):
        moved = _moved(was, now)
        path = folder / f"{name}{'-scenario' if kind == 'scenario' else ''}.yaml"
        written[kind] = _write(path, kind, title, getattr(bases, kind), moved) if moved else None
    return Patch(changes(base, models), written["policy"], written["scenario"])


def changes(base: tuple[Scenario, Policy], models: tuple[Scenario, Policy]) -> tuple[Change, ...]:
    """What two models change against a base, in the language in force."""
    pairs: list[tuple[Scenario | Policy, Scenario | Policy]] = [(base[0], models[0]), (base[1], models[1])]
    return tuple(Change(*one) for was, now in pairs for one in differences(was, now))


def said(base: tuple[Scenario, Policy], models: tuple[Scenario, Policy]) -> Spoken:
    """The same as one text in every language."""
    found = {}
    for tag in languages():
        with language(tag):
            found[tag] = "; ".join(map(str, changes(base, models)))
    return found


def _moved(was: Scenario | Policy, now: Scenario | Policy) -> dict[str, Any]:
    before, after = scenarios.form(was), scenarios.form(now)
    return {path: value for path, value in after.items() if before.get(path) != value}


def _write(path: Path, kind: Kind, title: str, base: str, moved: Mapping[str, Any]) -> Path:
    """Lay changes over the base in a file; a base that is a file is named from where the patch stands."""
    named = os.path.relpath(base, path.parent) if Path(base).suffix in {".yaml", ".yml"} else base
    text = f"kind: {kind}\ntitle: {title}\nbase: {named}\n"
    after = scenarios.edited(text, moved, path.name, kind=kind, folder=path.parent)
    with whole(path) as unfinished:
        unfinished.write_text(after, encoding="utf-8")
    return path
