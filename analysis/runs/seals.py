"""Seals of parts: which files a part has, their checksums, and the run whose records they are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evenhand.analysis.runs.digest import holds, of_file, sealed
from evenhand.analysis.runs.folder import PARTS, BadRun, Manifest, part_name, way_out
from evenhand.locale.current import gettext

SEAL = "seal.json"
"""The file of a part that is written last."""


class Damaged(BadRun):
    """A part that is not as it was written; its replications can be done anew."""


class Foreign(BadRun):
    """A part that is whole, and belongs to another run or to another place in this one."""


def seal(part: Path, name: str, records: str) -> None:
    """Write the seal of a part whose files are all there. Raises OSError.

    `name` is the part's, whatever its folder is called while it is built; `records` is what its rows depend
    on, as `evenhand.storage.plan_file.records_of` gives it.
    """
    document = {"records": records, "part": name, "files": _sums(part)}
    (part / SEAL).write_text(json.dumps(sealed(document), indent=1) + "\n", encoding="utf-8")


def sums_of(part: Path) -> dict[str, str]:
    """The checksums of a part's files as its seal has them, and that of the seal. Raises Damaged, OSError."""
    return {**_read(part)["files"], SEAL: of_file(part / SEAL)}


def check_part(part: Path, records: str) -> None:
    """Raise Damaged or Foreign where a part is not as it was written, or not of these records."""
    document = _read(part)
    if document["records"] != records:
        raise Foreign(
            gettext("'{part}' belongs to another run: its policy, scenario, seed or days are others").format(
                part=part
            )
        )
    if document["part"] != part.name:
        raise Foreign(
            gettext("'{part}' holds the replications of part {part_2}").format(
                part=part, part_2=document["part"]
            )
        )
    _compare(part, {**document["files"], SEAL: of_file(part / SEAL)})


def check_unfinished(folder: Path, plan: Manifest) -> None:
    """Check every part that an unfinished run has. Raises Damaged, Foreign."""
    for part in _parts(folder):
        check_part(part, str(plan["records"]))


def check_finished(folder: Path, manifest: Manifest) -> None:
    """Check every part of a run against its manifest. Raises BadRun, which names the file."""
    try:
        listed = {part_name(*part["replications"]): part["files"] for part in manifest["parts"]}
    except (KeyError, TypeError, ValueError) as error:
        raise BadRun(
            gettext("'{folder}' cannot be read: its manifest is damaged").format(folder=folder)
        ) from error
    there = {part.name for part in _parts(folder)}
    for name in sorted(there ^ listed.keys()):
        if name in there:
            said = gettext("'{part}' is no part of this run: {way_out}")
        else:
            said = gettext("'{part}' is missing: {way_out}")
        raise BadRun(said.format(part=folder / PARTS / name, way_out=way_out(folder)))
    for name, sums in listed.items():
        part = folder / PARTS / name
        try:
            _compare(part, sums)
        except Damaged as damaged:
            raise BadRun(f"{damaged}: {way_out(folder)}") from damaged


def _parts(folder: Path) -> list[Path]:
    places = folder / PARTS
    found = places.iterdir() if places.is_dir() else ()
    return sorted(part for part in found if part.is_dir() and not part.name.startswith("."))


def _compare(part: Path, sums: Mapping[str, str]) -> None:
    """Raise Damaged for the first file that is missing, that nobody wrote, or that has changed."""
    there = {path.name for path in part.iterdir()}
    for name in sorted(there | sums.keys()):
        path = part / name
        if name not in there:
            raise Damaged(gettext("'{path}' is missing").format(path=path))
        if name not in sums:
            raise Damaged(gettext("'{path}' was not written by this run").format(path=path))
        if not path.is_file() or of_file(path) != sums[name]:
            raise Damaged(gettext("'{path}' is not as it was written").format(path=path))


def _sums(part: Path) -> dict[str, str]:
    return {path.name: of_file(path) for path in sorted(part.iterdir())}


def _read(part: Path) -> dict[str, Any]:
    if not (part / SEAL).exists():
        raise Damaged(gettext("'{part}' is missing").format(part=part / SEAL))
    if not (part / SEAL).is_file():  # a pipe would be waited for
        raise Damaged(gettext("'{part}' is not as it was written").format(part=part / SEAL))
    try:
        document = json.loads((part / SEAL).read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise Damaged(gettext("'{part}' is not as it was written").format(part=part / SEAL)) from error
    if (
        not isinstance(document, dict)
        or not holds(document)
        or {"records", "part", "files"} - document.keys()
    ):
        raise Damaged(gettext("'{part}' is not as it was written").format(part=part / SEAL))
    return document
