"""A study as one file: a result with the files that it was made from, packed as `evenhand bundle` packs.

What comes from elsewhere is looked at as a whole before anything of it is kept, and no code in it is run.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from evenhand.analysis.runs.folder import MANIFEST
from evenhand.analysis.runs.scratch import scratch
from evenhand.errors import UsageError
from evenhand.locale.current import gettext
from evenhand.scenarios import BadFile, Kind
from evenhand.scenarios.changes import parsed
from evenhand.scenarios.yaml import read_text
from evenhand.storage.bundle import DATA, Bundle, opened, pack
from evenhand.storage.output_dir import Site, building
from evenhand.studio.again import named_today
from evenhand.studio.folder import ENDINGS, Folder, NoSuch, result

OPENED = 50_000_000
"""Bytes of a study at most that a studio opens."""
FILES = "files"
"""The folder of a study with the user's files."""
LARGEST = 1_000_000
"""Bytes of a file of a user's at most."""


class Opened(NamedTuple):
    """What became of a study."""

    name: str
    """Of the result, below `runs`."""
    put: list[str]
    """Files that are in the folder now."""
    left: list[str]
    """Files whose names are taken by others, which stay as they are."""


def pack_study(folder: Folder, name: str) -> Path:
    """The archive of a result and its files; gives its place in the cache. Raises NoSuch, UsageError."""
    path = folder.run(name)
    found = result(path)
    if found.manifest is None:
        raise NoSuch(name)
    place = folder.cache / "studies" / f"{path.name}.zip"
    place.parent.mkdir(parents=True, exist_ok=True)
    with scratch() as home:
        whole = home / "study"
        shutil.copytree(path, whole, ignore=shutil.ignore_patterns(".*", FILES))
        (whole / FILES).mkdir()
        for one in own_files(folder, found.manifest):
            shutil.copyfile(folder.file(one), whole / FILES / one)
        pack(whole, place)
    return place


def own_files(folder: Folder, manifest: dict[str, Any]) -> list[str]:
    """Names of the user's files that a result was made from and that still say the same, with their bases."""
    found: dict[str, None] = {}
    kinds: dict[Kind, str] = {"policy": "policies", "scenario": "scenarios"}
    for kind, many in kinds.items():
        several = manifest.get(many) or [manifest.get(kind)]
        for one in several if isinstance(several, list) else []:
            with suppress(KeyError, TypeError, NoSuch):
                name, same = named_today(folder, one, kind)
                if same and name.endswith(ENDINGS):
                    found |= dict.fromkeys(_with_bases(folder, name, 20))
    return sorted(found)


def open_study(folder: Folder, archive: Path, wanted: str) -> Opened:
    """Put a study's result below `runs`, and its files into the folder where their names are free.

    Raises UsageError for what is no study, OSError.
    """
    with opened(archive) as bundle:
        if bundle.kind not in ("run", "comparison"):
            raise UsageError(
                gettext("this holds a {kind}; the studio opens runs and comparisons").format(kind=bundle.kind)
            )
        if not (bundle.folder / MANIFEST).is_file():
            raise UsageError(gettext("this study has no {file}").format(file=MANIFEST))
        texts = _texts(bundle)
        site = Site(folder.free_run(wanted), exact=True)
        with building(site) as place:
            shutil.copytree(
                bundle.folder, place, dirs_exist_ok=True, ignore=shutil.ignore_patterns(FILES, ".*")
            )
    name = site.final.name
    kept = _kept(folder, name)
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(archive, kept)
    put, left = [], []
    for one, text in texts.items():
        place = folder.file(one)
        if not place.exists():
            folder.write(one, text)
            put.append(one)
        elif place.read_bytes() != text.encode("utf-8"):
            left.append(one)
    return Opened(name, put, left)


def archive_of(folder: Folder, name: str) -> Path:
    """The archive that a result came in, which says who made it; one of today where it came in none."""
    kept = _kept(folder, name)
    with suppress(OSError, KeyError, zipfile.BadZipFile), zipfile.ZipFile(kept) as archive:
        if archive.read(DATA + MANIFEST) == (folder.run(name) / MANIFEST).read_bytes():
            return kept
    return pack_study(folder, name)


def _kept(folder: Folder, name: str) -> Path:
    return folder.cache / "studies" / "opened" / f"{folder.run(name).name}.zip"


def _texts(bundle: Bundle) -> dict[str, str]:
    """The files in a study. Raises UsageError for any that is none of a user's."""
    found = {}
    home = bundle.folder / FILES
    for path in sorted(home.rglob("*")) if home.is_dir() else []:
        sound = path.parent == home and path.is_file() and path.name.endswith(ENDINGS)
        if not sound or path.stat().st_size > LARGEST:
            raise UsageError(gettext("this study holds a file that is none: {name}").format(name=path.name))
        try:
            found[path.name] = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError as error:
            raise UsageError(
                gettext("this study holds a file that is no text: {name}").format(name=path.name)
            ) from error
    return found


def _with_bases(folder: Folder, name: str, most: int) -> Iterator[str]:
    """A file and those below it that are the user's too; a base elsewhere is not packed."""
    if most == 0 or not folder.file(name).is_file():
        return
    yield name
    with suppress(BadFile, NoSuch, OSError):
        base = parsed(read_text(folder.file(name), name), name).child("base")
        below = str(base.value) if base is not None else ""
        for one in below.split("+"):
            ending = [one] if one.endswith(ENDINGS) else [one + end for end in ENDINGS]
            for known in ending:
                with suppress(NoSuch):
                    yield from _with_bases(folder, known.strip(), most - 1)
