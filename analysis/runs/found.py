"""Finding runs: by the names of their folders, or by patterns."""

from __future__ import annotations

import os
from collections.abc import Sequence
from glob import glob, has_magic
from pathlib import Path
from typing import NamedTuple

from evenhand.analysis.runs.folder import BadRun, Manifest, is_run, is_unfinished, read_manifest, read_plan
from evenhand.analysis.runs.seals import check_finished, check_unfinished
from evenhand.locale.current import gettext


class FoundRun(NamedTuple):
    """A run that has been found."""

    name: str
    path: Path
    head: Manifest
    """Its manifest, or the plan of an unfinished one."""
    finished: bool

    @property
    def head_of_rows(self) -> tuple[str, str, str, int]:
        """What stands in front of every row of the run: its name, scenario, policy and seed."""
        head = self.head
        try:
            return self.name, head["scenario"]["name"], head["policy"]["name"], int(head["seed"])
        except (KeyError, TypeError, ValueError) as error:
            raise BadRun(
                gettext("'{path}' cannot be read: what it says of itself is damaged").format(path=self.path)
            ) from error


def find(folders: Sequence[str], *, unfinished: bool, verify: bool = True) -> list[FoundRun]:
    """The runs of folders and patterns, each once; see `open_runs`. Raises BadRun."""
    paths = list(dict.fromkeys(path for folder in folders for path in _matches(folder)))
    if not paths:
        raise BadRun(
            gettext("no run in {folders}").format(folders=", ".join(folders))
            if folders
            else gettext("no run was named")
        )
    return [_read(name, path, unfinished, verify) for name, path in zip(_names(paths), paths, strict=True)]


def _matches(folder: str) -> list[Path]:
    """A folder, or the runs among those that a pattern matches."""
    if Path(folder).is_dir() or not has_magic(folder):
        return [Path(folder)]
    matches = map(Path, sorted(glob(folder)))  # noqa: PTH207  # a pattern may begin anywhere
    return [path for path in matches if is_run(path) or is_unfinished(path)]


def _read(name: str, path: Path, unfinished: bool, verify: bool) -> FoundRun:
    """A run, each of whose files is looked at where that is asked."""
    finished = not (unfinished and is_unfinished(path))
    head = (read_manifest if finished else read_plan)(path, verify=verify)
    if verify:
        (check_finished if finished else check_unfinished)(path, head)
    return FoundRun(name, path, head, finished=finished)


def _names(paths: Sequence[Path]) -> list[str]:
    """The names of the folders, with so much of what is above them as tells them apart."""
    whole = [path.resolve() for path in paths]
    if len({path.name for path in whole}) == len(whole):
        return [path.name for path in whole]
    above = os.path.commonpath([path.parent for path in whole])
    return [path.relative_to(above).as_posix() for path in whole]
