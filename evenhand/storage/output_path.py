"""The one rule for `--out`, of every command: what may be written to, and what is never replaced.

Judged before anything is computed, so that no result is lost at the end:

- a new file, or a new or empty folder, is taken; one that exists needs `--force`;
- even with `--force`: no input of the command, nothing inside the folder of a run, no folder that holds
  anything else than a result of ours, no device, pipe or socket, and no symbolic link.
"""

from __future__ import annotations

import errno
import json
import os
import re
import stat
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from evenhand.analysis.runs.folder import MANIFEST, PARTS, PLAN
from evenhand.errors import UsageError
from evenhand.locale.current import gettext, gettext_noop
from evenhand.scenarios import Loaded

SCREEN = gettext_noop("leave it out and the result goes to the screen")
"""What to do instead of naming a device, where a command can print."""
RESULT_FILES = {
    PLAN,
    MANIFEST,
    PARTS,
    "report.html",
    "values.parquet",
    "groups.parquet",
    "ways.parquet",
    "comparison.json",
    "comparison.html",
    "stress-des.md",
    "table.parquet",
    "labels.json",
}
"""All that runs and comparisons put into their folders."""
_BY_SYSTEMS = {".DS_Store", "Thumbs.db", "desktop.ini"}
"""Left in any folder by file managers."""
_UNFINISHED = re.compile(r"\.[\w.-]+\.partial-[0-9a-f-]+(\.\w+)?")
_KINDS = {
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
}


def check_file(
    path: Path | None,
    *,
    force: bool,
    inputs: Iterable[Path] = (),
    option: str = "--out",
    instead: str = "",
) -> None:
    """Refuse a place where a command must not write its file.

    Args:
        path: Where the file is to stand; None = nowhere, and then there is nothing to replace.
        force: Whether an existing file may be replaced.
        inputs: Files and folders that the command reads.
        option: The option that named the path, for messages.
        instead: What to do where a device or pipe was named.

    Raises UsageError, and OSError where the folder above cannot be written to.
    """
    if path is None:
        if force:
            raise UsageError(
                gettext("--force: replaces the file given by {option}, and none is given").format(
                    option=option
                )
            )
        return
    if str(path) == "-":
        raise UsageError(
            gettext("{option}: must be a file, found '-'{hint}").format(option=option, hint=_hint(instead))
        )
    _refuse_special(path, option, instead)
    if path.is_dir():
        raise UsageError(
            gettext("{option}: must be a file, and '{path}' is a folder").format(option=option, path=path)
        )
    check_outside(path, option)
    _refuse_inputs(path, inputs, option)
    if os.path.lexists(path) and not force:
        raise UsageError(
            gettext("{option}: '{path}' is there already; add --force to replace it").format(
                option=option, path=path
            )
        )
    _refuse_closed(path)


def check_appended(path: Path, *, inputs: Iterable[Path], option: str) -> None:
    """Refuse a place where a command must not go on with a file of its own. Raises UsageError, OSError."""
    check_file(path, force=True, inputs=inputs, option=option)


def check_folder(path: Path, option: str = "--out") -> None:
    """Refuse what can be no folder of a result, whatever it holds. Raises UsageError."""
    _refuse_special(path, option, "")
    if path.is_dir():
        if path.resolve() in (Path.cwd(), *Path.cwd().parents):
            raise UsageError(
                gettext("{option}: must not be the folder that you are in, found '{path}'").format(
                    option=option, path=path
                )
            )
    elif os.path.lexists(path):
        raise UsageError(
            gettext("{option}: must be a folder, and '{path}' is a file").format(option=option, path=path)
        )
    check_outside(path, option)


def check_replaceable(folder: Path) -> None:
    """Refuse to replace a folder that is no result of ours, or that holds something else too.

    Raises UsageError.
    """
    if not is_result(folder):
        raise UsageError(
            gettext("--force: replaces earlier runs only, and '{folder}' is not one").format(folder=folder)
        )
    others = foreign(folder)
    if others:
        raise UsageError(
            gettext(
                "--force: '{folder}' holds '{what}', which is no part of a run; move it elsewhere first"
            ).format(folder=folder, what=others[0])
        )


def is_result(folder: Path) -> bool:
    """Whether a folder is a run, finished or not, or a comparison, by what its own files say."""
    if folder.is_symlink() or not folder.is_dir():
        return False
    manifest = _read(folder / MANIFEST)
    if manifest is not None:
        return "evenhand" in manifest and (
            "layout" in manifest or manifest.get("kind") in {"comparison", "result"}
        )
    plan = _read(folder / PLAN)
    if plan is None:
        return _is_just_begun(folder)
    return plan.get("kind") == "plan" and "evenhand" in plan


def _is_just_begun(folder: Path) -> bool:
    """Whether a run was killed here before its plan was written: an empty file, and nothing else."""
    names = [path.name for path in folder.iterdir()]
    return names == [PLAN] and (folder / PLAN).is_file() and (folder / PLAN).stat().st_size == 0


def foreign(folder: Path) -> list[str]:
    """Names in a folder that no run and no comparison has."""
    names = (path.name for path in folder.iterdir())
    known = RESULT_FILES | _BY_SYSTEMS
    return sorted(name for name in names if name not in known and not _UNFINISHED.fullmatch(name))


def files_of(*loaded: Loaded) -> list[Path]:
    """The files that scenarios and policies were read from, their bases included."""
    found = {Path(place.file) for one in loaded for place in one.places.values()}
    return [*found, *(one.path for one in loaded)]


def _refuse_special(path: Path, option: str, instead: str) -> None:
    """Neither a device, pipe or socket, also behind a link, nor a link to anything else."""
    target = path.readlink() if path.is_symlink() else None
    try:
        kind = _KINDS.get(stat.S_IFMT(path.stat().st_mode))
    except OSError:
        kind = None
    if target is not None and target.is_relative_to("/proc"):
        kind = "a stream"  # as /dev/stdout is, wherever it leads at this moment
    if kind is not None:
        raise UsageError(
            gettext("{option}: must be a file or folder, and '{path}' is {kind}{hint}").format(
                option=option, path=path, kind=kind, hint=_hint(instead)
            )
        )
    if target is not None:
        raise UsageError(
            gettext("{option}: '{path}' is a symbolic link; name what it points to, '{target}'").format(
                option=option, path=path, target=target
            )
        )


def _hint(instead: str) -> str:
    return f"; {gettext(instead)}" if instead else ""


def check_outside(path: Path, option: str) -> None:
    """Refuse a place in the folder of a run, which holds its records and nothing else. Raises UsageError."""
    for parent in Path(os.path.abspath(path)).resolve().parents:  # noqa: PTH100  # `..` is no name in a run
        if is_result(parent):
            raise UsageError(
                gettext("{option}: must not be in the folder of a run, found '{path}'").format(
                    option=option, path=path
                )
            )


def _refuse_inputs(path: Path, inputs: Iterable[Path], option: str) -> None:
    place = path.resolve()
    for one in inputs:
        if one.is_dir():
            same = one.resolve() in place.parents
        else:
            same = path.exists() and one.exists() and path.samefile(one)
        if same:
            raise UsageError(
                gettext("{option}: '{path}' is read by this command and is not replaced").format(
                    option=option, path=path
                )
            )


def _refuse_closed(path: Path) -> None:
    """Know before the work that the folder above takes no file."""
    above = next(parent for parent in path.absolute().parents if os.path.lexists(parent))
    if not above.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(path))
    if not os.access(above, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))


def _read(path: Path) -> dict[str, Any] | None:
    """What a JSON file of ours says; None where there is none that can be read."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return None
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
