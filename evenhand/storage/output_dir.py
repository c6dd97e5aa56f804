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

from evenhand.analysis.runs.atomic import beside, flush, leftovers
from evenhand.analysis.runs.folder import is_unfinished
from evenhand.errors import UsageError
from evenhand.locale.current import gettext
from evenhand.storage.output_path import check_folder, check_replaceable, foreign, is_result

OLD = "old"
"""What a folder is called, among the names beside it, while another takes its place."""


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
            tidy(self.wanted)
            self._check()
        elif self.force:
            raise UsageError(gettext("--force: replaces the folder given by --out, and none is given"))

    def _check(self) -> None:
        check_folder(self.wanted)
        if not self.wanted.is_dir() or not any(self.wanted.iterdir()):
            return
        if not self.force and is_result(self.wanted) and is_unfinished(self.wanted):
            raise UsageError(
                gettext(
                    "--out: '{wanted}' is an unfinished run; go on with it: evenhand run --resume "
                    "{wanted_2}, or add --force to begin anew"
                ).format(wanted=self.wanted, wanted_2=shlex.quote(str(self.wanted)))
            )
        if not self.force:
            raise UsageError(
                gettext("--out: '{wanted}' is not empty; add --force to replace an earlier run").format(
                    wanted=self.wanted
                )
            )
        check_replaceable(self.wanted)

    def names(self) -> Iterator[Path]:
        """The places where it may stand, best first."""
        yield self.wanted
        if not self.exact:
            yield from _numbered(self.wanted)

    def take(self, built: Path) -> None:
        """Move a finished folder to its place, or to a free one where that has been filled meanwhile."""
        if self.exact:
            try:
                replace(built, self.wanted)
            except UsageError:  # the work is done: it must not be lost now
                next(place for place in _numbered(self.wanted) if self._moved(built, place))
        else:
            next(place for place in self.names() if self._moved(built, place))

    def _moved(self, built: Path, place: Path) -> bool:
        """Whether a place was free and now has the folder. Raises OSError."""
        if os.path.lexists(place):
            return False
        try:
            built.rename(place)
        except OSError:
            if not os.path.lexists(place):
                raise
            return False
        self.final = place
        return True


def _numbered(place: Path) -> Iterator[Path]:
    for number in count(2):
        yield place.with_name(f"{place.name}-{number}")


def replace(built: Path, place: Path) -> None:
    """Rename a folder, with what stood there put aside until the new folder stands.

    What stands there is looked at once more: hours may have passed. Raises UsageError, OSError.
    """
    there = os.path.lexists(place)
    old = beside(place, OLD)
    if there:
        if not place.is_dir() or any(place.iterdir()):
            check_replaceable(place)
        place.rename(old)
    try:
        built.rename(place)
    except BaseException:
        if there:
            old.rename(place)
        raise
    if there:
        shutil.rmtree(old, ignore_errors=True)


def tidy(place: Path) -> None:
    """Undo what killed processes have left half done beside a place.

    A result that was put aside, where nothing has come instead, comes back. Raises OSError.
    """
    for old in leftovers(place, OLD):
        if not os.path.lexists(place):
            old.rename(place)
        elif is_result(old) and not foreign(old):
            shutil.rmtree(old, ignore_errors=True)
    for unfinished in leftovers(place):
        if unfinished.is_dir() and not foreign(unfinished):
            shutil.rmtree(unfinished, ignore_errors=True)


@contextmanager
def building(site: Site) -> Iterator[Path]:
    """Give a temporary folder beside the site; it moves there at the end, and leaves no trace otherwise.

    The folder is made at once, so that a place where nothing can be written is known before the work.
    """
    missing = [parent for parent in site.wanted.parents if not parent.exists()]
    temporary = beside(site.wanted)
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
