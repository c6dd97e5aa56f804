"""Studies below `runs`: searches, goals, sweeps and robustness studies, by commands or by the studio."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal, NamedTuple

from evenhand.jobs import (
    goal_words,
    parameter_sweep,
    robust_files,
    robust_sentences,
    robustness,
    rule_search,
    rule_target,
)
from evenhand.jobs import search_document as documents
from evenhand.locale.current import gettext, tag
from evenhand.studio.folder import RUNS, Folder, NoSuch

Sort = Literal["search", "goal", "assumptions", "sweep"]
MOST = 200
"""Studies that are listed."""


class About(NamedTuple):
    """What is in the folder of a sort of study."""

    points: str
    """Its points, as soon as there are any."""
    found: str
    """What is there when it is done."""
    page: str


SORTS: dict[Sort, About] = {
    "search": About(rule_search.FILE, documents.DOCUMENT, rule_search.PAGE),
    "goal": About(rule_target.FILE, goal_words.DOCUMENT, ""),
    "assumptions": About(robustness.FILE, robust_sentences.FOUND, robust_files.PAGE),
    "sweep": About(parameter_sweep.FILE, parameter_sweep.PAGE, parameter_sweep.PAGE),
}


class Study(NamedTuple):
    """A study in its folder."""

    name: str
    sort: Sort
    path: Path
    data: dict[str, Any]
    """What was found; empty where it is unfinished or damaged, and for a sweep."""
    is_done: bool

    @property
    def title(self) -> str:
        """What it is about, in a line."""
        if not self.is_done:
            return gettext("not finished")
        said = {
            "search": gettext("search"),
            "goal": gettext("smallest change"),
            "assumptions": gettext("what holds in plausible futures"),
            "sweep": gettext("sweep"),
        }[self.sort]
        rules = self.data.get("policy") or _names(self.data.get("policies"))
        market = self.data.get("scenario")
        market = market.get("name") if isinstance(market, dict) else market
        if not rules or not market:
            return said
        return gettext("{what}: {rules} in {market}").format(what=said, rules=rules, market=market)

    def spoken(self, said: Any) -> Any:
        """A text in the language in force, of one that is kept in every language."""
        return said.get(tag(), said.get("en", "")) if isinstance(said, dict) else said


def _names(policies: Any) -> str:
    try:
        return ", ".join(str(one["name"]) for one in policies)
    except (KeyError, TypeError):
        return ""


def studies(folder: Folder, sort: Sort | None = None) -> list[Study]:
    """All studies, or those of a sort, the latest first."""
    home = folder.path / RUNS
    if not home.is_dir() or home.is_symlink():
        return []
    found = []
    for path in home.iterdir():
        with suppress(NoSuch, OSError):
            one = _study(folder.run(path.name))
            if one is not None and sort in (None, one.sort):
                found.append(one)
    return sorted(found, key=lambda one: -one.path.stat().st_mtime)[:MOST]


def study(folder: Folder, name: str, sort: Sort | None = None) -> Study:
    """A study by its name. Raises NoSuch."""
    found = _study(folder.run(name))
    if found is None or sort not in (None, found.sort):
        raise NoSuch(name)
    return found


def place(folder: Folder, wanted: str, usual: str, sort: Sort) -> Path:
    """Where a new study goes: by the wanted name to an unfinished one that goes on, else to a free place."""
    name = wanted.strip() or usual
    with suppress(NoSuch):
        there = study(folder, name, sort)
        if not there.is_done:
            return there.path
    return folder.free_run(name)


def has_points(path: Path | None) -> bool:
    """Whether a study in a folder has done anything that it would not do again."""
    return path is not None and any((path / about.points).is_file() for about in SORTS.values())


def _study(path: Path) -> Study | None:
    for sort, about in SORTS.items():
        if (path / about.points).is_file():
            done = (path / about.found).is_file()
            data = _read(path / about.found) if done and about.found.endswith(".json") else {}
            return Study(path.name, sort, path, data, done and (bool(data) or sort == "sweep"))
    return None


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
