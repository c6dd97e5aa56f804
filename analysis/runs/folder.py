"""The folder of a run: its manifest, and the files of its tables, part by part."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
"""The file written last; a folder without it is not a finished run."""
PLAN = "plan.json"
"""The file written first: what was asked for."""
PARTS = "parts"
LAYOUT = 2
"""Grows when older folders can no longer be read."""
TABLES = ("disputes", "events", "merchants", "desks")
Manifest = dict[str, Any]


class BadRun(ValueError):
    """A folder that is not a run, or not one that can be read; one line that says why."""


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of a finished run. Raises BadRun where there is none that can be read."""
    if is_unfinished(folder):
        raise BadRun(f"'{folder}' is unfinished: evenhand run --resume {shlex.quote(str(folder))}")
    if not (folder / MANIFEST).is_file():
        raise BadRun(f"'{folder}' is not a finished run: {_missing(folder, MANIFEST)}")
    manifest = _read(folder, MANIFEST)
    if manifest.get("kind") == "comparison":
        raise BadRun(f"'{folder}' is a comparison, not a run: make a run with evenhand run")
    if "layout" not in manifest:
        raise BadRun(f"'{folder}' cannot be read: its {MANIFEST} is damaged")
    if manifest["layout"] != LAYOUT:
        raise BadRun(f"'{folder}' was written by evenhand {manifest.get('evenhand')}; run it again")
    return manifest


def read_plan(folder: Path) -> Manifest:
    """Read what an unfinished run is to become. Raises BadRun where there is no plan that can be read."""
    if not (folder / PLAN).is_file():
        raise BadRun(f"'{folder}' is not a run: {_missing(folder, PLAN)}")
    return _read(folder, PLAN)


def is_unfinished(folder: Path) -> bool:
    """Whether a run was begun in a folder and is not there as a whole."""
    return (folder / PLAN).is_file() and not (folder / MANIFEST).is_file()


def is_run(folder: Path) -> bool:
    """Whether a folder has a manifest that says nothing else; a comparison has one that does."""
    return (folder / MANIFEST).is_file() and "kind" not in _read(folder, MANIFEST)


def files(folder: Path, table: str) -> list[Path]:
    """The Parquet files of a table in the order of their replications, and of their numbers in a part."""
    found = [
        path for path in (folder / PARTS).glob(f"*/{table}-*.parquet") if not path.parent.name.startswith(".")
    ]
    return sorted(found, key=_place)


def _place(path: Path) -> tuple[int, int]:
    """The first replication of a file's part, and the file's number in it, both from their names."""
    try:
        return int(path.parent.name.partition("-")[0]), int(path.stem.rpartition("-")[2])
    except ValueError:
        folder = path.parents[2]
        raise BadRun(
            f"'{folder}' cannot be read: {PARTS}/{path.parent.name}/{path.name} is no part"
        ) from None


def _missing(folder: Path, name: str) -> str:
    return f"it has no {name}" if folder.is_dir() else "there is no such folder"


def _read(folder: Path, name: str) -> Manifest:
    try:
        found = json.loads((folder / name).read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadRun(f"'{folder}' cannot be read: its {name} is damaged") from error
    if not isinstance(found, dict):
        raise BadRun(f"'{folder}' cannot be read: its {name} is damaged")
    return found
