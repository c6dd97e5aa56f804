"""The folder of a run while it is built: visible, held by one process, and kept where work was done."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, NamedTuple

from evenhand.analysis.runs.atomic import flush
from evenhand.analysis.runs.folder import PARTS, PLAN, is_unfinished
from evenhand.errors import UsageError
from evenhand.locale.current import gettext
from evenhand.storage import parts, plan_file
from evenhand.storage.output_dir import Site, replace
from evenhand.storage.output_path import RESULT_FILES, foreign, is_result
from evenhand.storage.plan import Plan

NEW = ".new"
"""Added to the name of a run that is to replace another, until it is whole."""


class Held(UsageError):
    """Another process builds in this folder."""


class Begun(NamedTuple):
    """A run that has begun."""

    folder: Path
    """Where it is built."""
    final: Path
    """Where it will stand."""
    plan: Plan


Kept = Callable[[Begun, int], None]
"""Told of a run that was broken off, and of how many of its replications are done and kept."""


def silent(begun: Begun, replications: int) -> None:
    """Say nothing."""


@contextmanager
def beginning(site: Site, plan: Plan, kept: Kept = silent) -> Iterator[Begun]:
    """Make the folder of a run, with its plan, and hold it while it is built.

    What fails before the first part is whole leaves nothing; later, the folder stays and can be
    resumed, and `kept` is told of it. A run that replaces another is built beside it. Raises UsageError,
    OSError.
    """
    missing = [parent for parent in site.wanted.parents if not parent.exists()]
    given = site.exact and site.wanted.is_dir()
    folder = _claim(site)
    replaces = site.exact and folder != site.wanted
    site.final = site.wanted if replaces else folder
    begun = Begun(folder, site.final, plan)
    try:
        with _held(folder, plan_file.text(plan)), _building(begun, kept):
            yield begun
    except BaseException as error:
        if not isinstance(error, Held) and not parts.whole(folder / PARTS):
            _remove(folder, missing, keep=given and not replaces)
        raise


@contextmanager
def resuming(folder: Path, site: Site | None = None, kept: Kept = silent) -> Iterator[Begun]:
    """Hold the folder of an unfinished run, to go on with it; when it is whole, it moves to the site.

    `kept` is told where it is broken off again.

    Raises UsageError, OSError.
    """
    if (folder / PARTS).is_symlink():
        raise UsageError(
            gettext("'{folder}' is not a run of ours: its '{parts}' is a symbolic link").format(
                folder=folder, parts=PARTS
            )
        )
    plan = plan_file.read(folder)
    begun = Begun(folder, goal(folder, site), plan)
    with _held(folder):
        parts.clear(folder / PARTS)
        with _building(begun, kept):
            yield begun


def goal(folder: Path, site: Site | None) -> Path:
    """Where the run of a folder is to stand: where it is, or at the site. Raises UsageError, OSError."""
    if site is None or site.wanted.resolve() == folder.resolve():
        return folder
    if folder.is_symlink():
        raise UsageError(
            gettext("--resume: '{folder}' is a symbolic link; name the folder that is to move").format(
                folder=folder
            )
        )
    above = next(parent for parent in site.wanted.absolute().parents if parent.exists())
    if above.stat().st_dev != folder.stat().st_dev:
        raise UsageError(
            gettext("--out: '{wanted}' is on another disk than '{folder}'; choose one beside it").format(
                wanted=site.wanted, folder=folder
            )
        )
    return site.wanted


def put(folder: Path, final: Path) -> None:
    """Move the folder of a finished run to where it is to stand. Raises UsageError, OSError."""
    if final != folder:
        final.parent.mkdir(parents=True, exist_ok=True)
        replace(folder, final)
    flush(final.parent)


@contextmanager
def _building(begun: Begun, kept: Kept) -> Iterator[None]:
    """Put the run in its place when it is whole; else tidy up and tell of what is kept."""
    try:
        yield
        for path in (*begun.folder.iterdir(), begun.folder):
            flush(path)
        put(begun.folder, begun.final)
    except BaseException as error:
        parts.clear(begun.folder / PARTS)
        whole = parts.whole(begun.folder / PARTS)
        if whole and not isinstance(error, UsageError):  # a refusal says itself what to do
            kept(begun, sum(last - first + 1 for first, last in whole))
        raise


def _claim(site: Site) -> Path:
    """Make the folder where a run is built."""
    if site.force and site.wanted.is_dir() and any(site.wanted.iterdir()):
        return _beside(site.wanted)
    for place in site.names():
        try:
            place.mkdir(parents=True, exist_ok=site.exact)
        except FileExistsError:
            continue
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(site.wanted)) from error
        return place
    raise AssertionError("names never end")


def _beside(place: Path) -> Path:
    """Where a run is built that replaces another; what an earlier try has left there goes."""
    beside = place.with_name(place.name + NEW)
    if is_result(beside) and is_unfinished(beside) and not foreign(beside):
        with _held(beside):
            shutil.rmtree(beside)
    try:
        beside.mkdir()
    except FileExistsError:
        raise UsageError(
            gettext("--force: needs the place '{beside}' for a while, and it is taken").format(beside=beside)
        ) from None
    return beside


def _remove(folder: Path, missing: list[Path], *, keep: bool) -> None:
    """Leave things as they were; a folder that was there, empty, is kept."""
    for path in (folder / name for name in RESULT_FILES) if keep else ():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    if not keep:
        shutil.rmtree(folder, ignore_errors=True)
    for parent in missing:
        with suppress(OSError):
            parent.rmdir()


@contextmanager
def _held(folder: Path, plan: str | None = None) -> Iterator[None]:
    """Let no other process build in a folder; the system lets go of it when this process ends.

    With the text of a plan, write it; the folder must not have one yet. Raises Held.
    """
    held = Held(gettext("'{folder}' is being worked on by another process").format(folder=folder))
    try:
        file = (folder / PLAN).open("x" if plan else "r", encoding="utf-8")
    except FileExistsError:
        raise held from None
    with file:
        if not _lock(file):
            raise held
        if plan:
            try:
                file.write(plan)
                file.flush()
            except OSError as error:
                raise OSError(error.errno, error.strerror, str(folder / PLAN)) from error
        yield


def _lock(file: IO[str]) -> bool:
    """Lock a file against other processes; where the system has no such locks, nothing is held."""
    if os.name == "nt":
        return True
    import fcntl

    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # a file system without locks
    return True
