"""Archives: one file with a result, its manifest and the versions, the same bytes for the same folder.

Entries are stored, not compressed: records are compressed already, and what zlib makes depends on its
version. So an archive that is read can be no larger than it is, and whatever else a file claims is refused.
"""

from __future__ import annotations

import json
import re
import shutil
import stat
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import IO, Any, NamedTuple

from evenhand.analysis.runs.atomic import whole
from evenhand.analysis.runs.digest import BLOCK, holds, of_content, sealed
from evenhand.analysis.runs.folder import MANIFEST, is_unfinished
from evenhand.analysis.runs.scratch import scratch
from evenhand.errors import UsageError
from evenhand.locale.current import gettext
from evenhand.sim.jit.cache import source_hash
from evenhand.version import version, versions

INDEX, DATA = "bundle.json", "data/"
LAYOUT = 1
MOST_FILES, LONGEST_INDEX = 100_000, 64_000_000
SWEEP = "sweep.parquet"
_WHEN = (1980, 1, 1, 0, 0, 0)
"""The first day that the format knows: when a file was written says nothing of what is in it."""
_NAME = re.compile(r"[\w][\w .+()@=,-]*", re.UNICODE)
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


class Bundle(NamedTuple):
    """What an archive holds, unpacked."""

    folder: Path
    kind: str
    """run, comparison, sweep or result."""
    said: dict[str, Any]
    """Its index: who made it with which versions."""


def kind_of(folder: Path) -> str:
    """What a folder holds. Raises UsageError for what is no finished result."""
    if not folder.is_dir() or folder.is_symlink():
        raise UsageError(gettext("bundle: '{folder}' is no folder of a result").format(folder=folder))
    if is_unfinished(folder):
        raise UsageError(
            gettext(
                "bundle: '{folder}' is unfinished; finish it first: evenhand run --resume {folder}"
            ).format(folder=folder)
        )
    if (folder / MANIFEST).is_file():
        try:
            manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        except (ValueError, RecursionError) as error:
            raise UsageError(gettext("bundle: '{path}' is damaged").format(path=folder / MANIFEST)) from error
        if not isinstance(manifest, dict) or not holds(manifest):
            raise UsageError(
                gettext("bundle: '{path}' is not as it was written").format(path=folder / MANIFEST)
            )
        return str(manifest.get("kind", "run"))
    if (folder / SWEEP).is_file():
        return "sweep"
    raise UsageError(
        gettext(
            "bundle: '{folder}' is no run, comparison or sweep: it has no {manifest} and no {sweep}"
        ).format(folder=folder, manifest=MANIFEST, sweep=SWEEP)
    )


def pack(folder: Path, out: Path) -> int:
    """Write the archive of a folder, whole or not at all; gives the number of its files.

    Raises UsageError for a folder that is no result or holds what no archive can, OSError.
    """
    kind = kind_of(folder)
    names = list(_files(folder))
    index = {
        "kind": "bundle",
        "layout": LAYOUT,
        "of": kind,
        "evenhand": version(),
        "sources": source_hash(),
        "versions": versions(),
        "files": {name: _sum(folder / name) for name in names},
    }
    text = json.dumps(sealed(index), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    with whole(out) as unfinished, zipfile.ZipFile(unfinished, "w", zipfile.ZIP_STORED) as archive:
        with archive.open(_entry(INDEX), "w") as entry:
            entry.write(text.encode("utf-8"))
        for name in names:
            with (
                (folder / name).open("rb") as file,
                archive.open(_entry(DATA + name), "w", force_zip64=True) as entry,
            ):
                shutil.copyfileobj(file, entry, BLOCK)
    return len(names)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _WHEN)
    entry.create_system, entry.external_attr = 3, (stat.S_IFREG | 0o644) << 16
    return entry


def _files(folder: Path) -> Iterator[str]:
    """The names of the files below a folder, sorted; hidden ones are somebody's work, or a system's."""
    for path in sorted(folder.rglob("*"), key=lambda one: one.relative_to(folder).as_posix()):
        name = path.relative_to(folder).as_posix()
        if any(part.startswith(".") for part in name.split("/")):
            continue
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise UsageError(
                gettext("bundle: '{path}' is a link or no file, which no archive can hold").format(path=path)
            )
        if path.is_file():
            _check_name(name, str(folder))
            yield name


@contextmanager
def opened(path: Path) -> Iterator[Bundle]:
    """Unpack an archive into a private folder for as long as the block lasts.

    Raises UsageError, in one line, for what is no archive of ours, is damaged, or would write elsewhere.
    """
    with scratch() as folder:
        try:
            with zipfile.ZipFile(path) as archive:
                index = _index(archive, path)
                _check_entries(archive, index, path)
                for name, wanted in index["files"].items():
                    _unpack(archive, name, folder / name, wanted, path)
        except FileNotFoundError as error:
            raise UsageError(gettext("bundle: there is no '{path}'").format(path=path)) from error
        except IsADirectoryError as error:
            raise UsageError(
                gettext("bundle: '{path}' is a folder; --check takes an archive").format(path=path)
            ) from error
        except (
            zipfile.BadZipFile,
            zipfile.LargeZipFile,
            NotImplementedError,
            RuntimeError,
            EOFError,
        ) as error:
            raise UsageError(
                gettext("bundle: '{path}' is no archive, or damaged: {error}").format(path=path, error=error)
            ) from error
        yield Bundle(folder, str(index["of"]), index)


def _index(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    try:
        entry = archive.getinfo(INDEX)
    except KeyError:
        raise UsageError(
            gettext("bundle: '{path}' is no bundle: it has no {index}").format(path=path, index=INDEX)
        ) from None
    if entry.file_size > LONGEST_INDEX or entry.compress_type != zipfile.ZIP_STORED:
        raise UsageError(
            gettext("bundle: '{path}' is no bundle: its {index} is too long").format(path=path, index=INDEX)
        )
    try:
        found = json.loads(archive.read(entry).decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise UsageError(
            gettext("bundle: '{path}' is damaged: its {index} cannot be read").format(path=path, index=INDEX)
        ) from error
    if not isinstance(found, dict) or found.get("kind") != "bundle" or not holds(found):
        raise UsageError(
            gettext("bundle: '{path}' is damaged: its {index} is not as it was written").format(
                path=path, index=INDEX
            )
        )
    if found.get("layout") != LAYOUT:
        raise UsageError(
            gettext("bundle: '{path}' was made by evenhand {version}, which packs otherwise").format(
                path=path, version=found.get("evenhand")
            )
        )
    files = found.get("files")
    if not isinstance(files, dict) or not all(isinstance(one, str) for one in files.values()):
        raise UsageError(
            gettext("bundle: '{path}' is damaged: its {index} lists no files").format(path=path, index=INDEX)
        )
    return found


def _check_entries(archive: zipfile.ZipFile, index: dict[str, Any], path: Path) -> None:
    """Refuse what an archive of ours does not have, before anything is written."""
    entries = archive.infolist()
    if len(entries) > MOST_FILES:
        raise UsageError(
            gettext("bundle: '{path}' has {entries:,} files; {most_files:,} is the most").format(
                path=path, entries=len(entries), most_files=MOST_FILES
            )
        )
    for name in index["files"]:
        _check_name(name, str(path))
    wanted = {INDEX, *(DATA + name for name in index["files"])}
    there = Counter(entry.filename for entry in entries)
    for name, times in there.items():
        if name not in wanted or times > 1:
            raise UsageError(
                gettext(
                    "bundle: '{path}' has a file that its {index} does not list once: {name!r:.80}"
                ).format(path=path, index=INDEX, name=name)
            )
    missing = sorted(wanted - there.keys())
    if missing:
        raise UsageError(
            gettext("bundle: '{path}' is damaged: it lacks {missing!r:.80}").format(
                path=path, missing=missing[0]
            )
        )
    for entry in entries:
        kind = stat.S_IFMT(entry.external_attr >> 16)
        if entry.compress_type != zipfile.ZIP_STORED or entry.flag_bits & 1 or entry.is_dir():
            raise UsageError(
                gettext("bundle: '{path}' was packed by another program: {filename!r:.80}").format(
                    path=path, filename=entry.filename
                )
            )
        if kind not in {0, stat.S_IFREG}:
            raise UsageError(
                gettext("bundle: '{path}' holds a link: {filename!r:.80}").format(
                    path=path, filename=entry.filename
                )
            )
    if sum(entry.file_size for entry in entries) > path.stat().st_size:
        raise UsageError(gettext("bundle: '{path}' claims to hold more than it is long").format(path=path))


def _check_name(name: str, where: str) -> None:
    """Refuse names that lead elsewhere, or that not every system can write."""
    parts = name.split("/")
    sound = all(_NAME.fullmatch(part) and not part.endswith((".", " ")) for part in parts)
    if not sound or PurePosixPath(name).is_absolute() or any(_RESERVED.fullmatch(part) for part in parts):
        raise UsageError(
            gettext("bundle: '{where}' has a file with a name that is not allowed: {name!r:.80}").format(
                where=where, name=name
            )
        )


def _unpack(archive: zipfile.ZipFile, name: str, place: Path, wanted: str, path: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(DATA + name) as entry, place.open("xb") as file:
        shutil.copyfileobj(entry, file, BLOCK)
    if _sum(place) != wanted:
        raise UsageError(
            gettext("bundle: '{path}' is damaged: {name} is not as it was packed").format(
                path=path, name=name
            )
        )


def _sum(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return _of(file)


def _of(file: IO[bytes]) -> str:
    said = sha256()
    while block := file.read(BLOCK):
        said.update(block)
    return said.hexdigest()


def moved(index: dict[str, Any]) -> list[str]:
    """What is another version here than where an archive was made, one clause each."""
    then = {"evenhand": index.get("evenhand"), **(index.get("versions") or {})}
    now = {"evenhand": version(), **versions()}
    found = [
        gettext("{name} {then} there, {now} here").format(name=name, then=then.get(name), now=now[name])
        for name in now
        if then.get(name) != now[name]
    ]
    if not found and index.get("sources") != source_hash():
        found = [gettext("the sources of evenhand's simulation are others, under the same version")]
    return found


def models_hold(models: list[dict[str, Any]]) -> bool:
    """Whether scenarios and policies have the hashes that stand beside them."""
    return all(of_content(one["model"]) == one["sha256"] for one in models)
