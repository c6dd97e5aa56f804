"""Temporary folders: private to the user, never at a name that can be foreseen, gone after use.

The name says which process on which host made the folder; what a killed process has left is removed by
the next one that needs such a folder.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evenhand.analysis.runs.atomic import HOST, belongs_to_us, is_running

_NAME = re.compile(rf"evenhand-{HOST}-(\d+)-\w+")


@contextmanager
def scratch() -> Iterator[Path]:
    """Give an empty folder that only this user can read, for as long as the block lasts. Raises OSError."""
    folder = new_scratch()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_scratch() -> Path:
    """Make an empty folder of mode 0700, which the caller removes. Raises OSError."""
    remove_abandoned()
    return Path(tempfile.mkdtemp(prefix=f"evenhand-{HOST}-{os.getpid()}-"))


def remove_abandoned() -> None:
    """Remove the temporary folders of this user's processes that were killed on this host."""
    try:
        entries = list(Path(tempfile.gettempdir()).glob(f"evenhand-{HOST}-*"))
    except OSError:
        return
    for entry in entries:
        said = _NAME.fullmatch(entry.name)
        if said and not is_running(int(said[1])) and _is_private(entry):
            shutil.rmtree(entry, ignore_errors=True)


def _is_private(entry: Path) -> bool:
    """Whether it is a folder of ours that nobody else could have filled."""
    if not belongs_to_us(entry):
        return False
    mode = entry.lstat().st_mode
    return stat.S_ISDIR(mode) and (os.name == "nt" or not mode & 0o077)
