"""The folder of a run: its manifest, and the files of its tables, part by part."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import Any

from evenhand.analysis.runs.digest import holds, of_content
from evenhand.analysis.runs.shape import ManifestShape, PlanShape, Shape, fits
from evenhand.locale.current import gettext

MANIFEST = "manifest.json"
"""The file written last; a folder without it is not a finished run."""
PLAN = "plan.json"
"""The file written first: what was asked for."""
PARTS = "parts"
LAYOUT = 3
"""Grows when older folders can no longer be read as if nothing had changed."""
WITHOUT_SUMS = 2
"""The layout before this one: the same but for checksums, so that it can be read by who takes it as it is."""
TABLES = ("disputes", "events", "merchants", "desks", "buyers")
Manifest = dict[str, Any]
SHAPES: dict[str, type[Shape]] = {MANIFEST: ManifestShape, PLAN: PlanShape}


class BadRun(ValueError):
    """A folder that is not a run, or not one that can be read; one line that says why."""


def part_name(first: int, last: int) -> str:
    """The folder of replications `first` to `last`, both included."""
    return f"{first:06d}-{last:06d}"


def read_manifest(folder: Path, *, verify: bool = True) -> Manifest:
    """Read the manifest of a finished run. Raises BadRun where there is none that can be read.

    With `verify`, it must be as it was written: its checksum, and the hashes of policy and scenario.
    """
    if is_unfinished(folder):
        raise BadRun(
            gettext("'{folder}' is unfinished: evenhand run --resume {folder_2}").format(
                folder=folder, folder_2=shlex.quote(str(folder))
            )
        )
    if not (folder / MANIFEST).is_file():
        raise BadRun(
            gettext("'{folder}' is not a finished run: {missing}").format(
                folder=folder, missing=_missing(folder, MANIFEST)
            )
        )
    manifest = _read(folder, MANIFEST)
    if manifest.get("kind") == "comparison":
        raise BadRun(
            gettext("'{folder}' is a comparison, not a run: make a run with evenhand run").format(
                folder=folder
            )
        )
    if manifest.get("kind") == "result":
        raise BadRun(
            gettext("'{folder}' is a saved {result}, not a run: make a run with evenhand run").format(
                folder=folder, result=manifest.get("of")
            )
        )
    return _checked(folder, MANIFEST, manifest, verify=verify)


def read_plan(folder: Path, *, verify: bool = True) -> Manifest:
    """Read what an unfinished run is to become. Raises BadRun where there is no plan that can be read.

    With `verify`, it must be as it was written.
    """
    if not (folder / PLAN).is_file():
        raise BadRun(
            gettext("'{folder}' is not a run: {missing}").format(
                folder=folder, missing=_missing(folder, PLAN)
            )
        )
    return _checked(folder, PLAN, _read(folder, PLAN), verify=verify)


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
            gettext("'{folder}' cannot be read: {parts}/{name}/{name_2} is no part").format(
                folder=folder, parts=PARTS, name=path.parent.name, name_2=path.name
            )
        ) from None


def _checked(folder: Path, name: str, document: Manifest, *, verify: bool) -> Manifest:
    """A manifest or plan that this version can read and, where that is asked, nothing has changed."""
    if type(document.get("layout")) is not int:
        raise BadRun(
            gettext("'{folder}' cannot be read: its {name} is damaged").format(folder=folder, name=name)
        )
    layout, by = document["layout"], document.get("evenhand")
    if layout == WITHOUT_SUMS and verify:
        raise BadRun(
            gettext(
                "'{folder}' has no checksums: it was written by evenhand {by} (layout {layout}, now "
                "{layout_2}); run it again, or read it as it is with --no-verify"
            ).format(folder=folder, by=by, layout=layout, layout_2=LAYOUT)
        )
    if layout not in {LAYOUT, WITHOUT_SUMS}:
        raise BadRun(
            gettext("'{folder}' was written by evenhand {by}; run it again").format(folder=folder, by=by)
        )
    if verify and not (holds(document) and _models_hold(document)):
        raise BadRun(
            gettext("'{folder}' is not as it was written: {way_out}").format(
                folder=folder / name, way_out=way_out(folder)
            )
        )
    if layout == LAYOUT and not fits(document, SHAPES[name]):
        raise BadRun(
            gettext("'{folder}' cannot be read: its {name} is damaged").format(folder=folder, name=name)
        )
    return document


def _models_hold(document: Manifest) -> bool:
    """Whether policy and scenario have the hashes that stand beside them."""
    try:
        return all(
            of_content(document[kind]["model"]) == document[kind]["sha256"] for kind in ("scenario", "policy")
        )
    except (KeyError, TypeError):
        return False


def way_out(folder: Path) -> str:
    """What to do with a run that is not as it was written."""
    return gettext(
        "evenhand run --resume {folder} does anew what is damaged; --no-verify reads it as it is"
    ).format(folder=shlex.quote(str(folder)))


def _missing(folder: Path, name: str) -> str:
    return (
        gettext("it has no {name}").format(name=name)
        if folder.is_dir()
        else gettext("there is no such folder")
    )


def _read(folder: Path, name: str) -> Manifest:
    try:
        found = json.loads((folder / name).read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise BadRun(
            gettext("'{folder}' cannot be read: its {name} is damaged").format(folder=folder, name=name)
        ) from error
    if not isinstance(found, dict):
        raise BadRun(
            gettext("'{folder}' cannot be read: its {name} is damaged").format(folder=folder, name=name)
        )
    return found
