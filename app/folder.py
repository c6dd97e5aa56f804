"""A folder that is either whole or not there: built under another name, then renamed."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from analysis.runs.folder import MANIFEST, is_unfinished
from app.failures import UsageError


@dataclass
class Site:
    """Where a run will stand. `exact` is a place that was asked for; else a free number is added."""

    wanted: Path
    exact: bool
    force: bool = False
    final: Path = field(init=False)
    """Where it stands in the end."""

    def __post_init__(self) -> None:
        """Refuse a place that cannot be taken, before any work is done."""
        self.final = self.wanted
        if self.exact:
            self._check()
        elif self.force:
            raise UsageError("--force: replaces the folder given by --out, and none is given")

    def _check(self) -> None:
        if self.wanted.is_dir():
            if self.wanted.resolve() in (Path.cwd(), *Path.cwd().parents):
                raise UsageError(f"--out: must not be the folder that you are in, found '{self.wanted}'")
            if any(self.wanted.iterdir()):
                self._check_replacement()
        elif os.path.lexists(self.wanted):
            raise UsageError(f"--out: must be a folder, and '{self.wanted}' is a file")

    def _check_replacement(self) -> None:
        begun = is_unfinished(self.wanted)
        if begun and not self.force:
            raise UsageError(
                f"--out: '{self.wanted}' is an unfinished run; go on with it: evenhand run --resume "
                f"{shlex.quote(str(self.wanted))}, or add --force to begin anew"
            )
        if not self.force:
            raise UsageError(f"--out: '{self.wanted}' is not empty; add --force to replace an earlier run")
        if not (begun or (self.wanted / MANIFEST).is_file()):
            raise UsageError(f"--force: replaces earlier runs only, and '{self.wanted}' is not one")

    def names(self) -> Iterator[Path]:
        """The places where it may stand, best first."""
        yield self.wanted
        if not self.exact:
            for number in count(2):
                yield self.wanted.with_name(f"{self.wanted.name}-{number}")

    def take(self, built: Path) -> None:
        """Move a finished folder to its place."""
        if self.exact:
            replace(built, self.wanted)
            return
        for place in self.names():
            self.final = place
            if os.path.lexists(place):
                continue
            try:
                built.rename(place)
            except OSError:
                if not os.path.lexists(place):
                    raise
            else:
                return


def replace(built: Path, place: Path) -> None:
    """Rename, with what stood there put aside until the new folder stands."""
    old = built.with_name(built.name + "-old")
    there = place.is_dir()
    if there:
        place.rename(old)
    try:
        built.rename(place)
    except BaseException:
        if there:
            old.rename(place)
        raise
    shutil.rmtree(old, ignore_errors=True)


@contextmanager
def building(site: Site) -> Iterator[Path]:
    """Give a temporary folder beside the site; it moves there at the end, and leaves no trace otherwise.

    The folder is made at once, so that a place where nothing can be written is known before the work.
    """
    missing = [parent for parent in site.wanted.parents if not parent.exists()]
    temporary = site.wanted.with_name(f".{site.wanted.name}.partial-{os.getpid()}")
    try:
        make(temporary, site.wanted)
        yield temporary
        for path in (*temporary.iterdir(), temporary):
            flush(path)
        site.take(temporary)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        for parent in missing:
            with suppress(OSError):
                parent.rmdir()
        raise
    flush(site.final.parent)


def make(folder: Path, wanted: Path) -> None:
    """Make a folder and those above it; a failure is told of the place that was asked for."""
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(wanted)) from error


def flush(path: Path) -> None:
    """Have the system write a file, or a folder's list of names, to the disk; where it can."""
    if path.is_dir() and os.name == "nt":
        return  # Windows opens no folders
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
