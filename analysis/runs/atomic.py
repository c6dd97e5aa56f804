"""Atomic writes: a file is written beside its place under another name, and renamed when it is complete.

A process that is killed leaves that other name behind. It says which process on which host wrote it, so
the next write to the same place can tell that its owner is gone, and removes it.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from platform import node

HOST = sha256(node().encode()).hexdigest()[:8]
"""Tells this host from others that see the same folder: a process number means nothing on another host."""
_OWNER = r"(?:(?P<host>[0-9a-f]{8})-)?(?P<pid>\d+)"


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a place to write to, with the same ending; what stands there moves to `path` at the end.

    Folders above it are made. On failure nothing is left and `path` is as it was. Raises OSError, about
    `path` where the system names no file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    remove_leftovers(path)
    temporary = beside(path)
    try:
        temporary.unlink(missing_ok=True)  # whatever has our name must not be written through
        yield temporary
        flush(temporary)
        temporary.replace(path)
    except OSError as error:
        if error.errno is None or error.filename not in (None, str(temporary)):
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error
    finally:
        temporary.unlink(missing_ok=True)
    flush(path.parent)


def beside(path: Path, what: str = "partial") -> Path:
    """The name of this process for an unfinished file or folder that belongs to `path`."""
    return path.with_name(f".{path.stem}.{what}-{HOST}-{os.getpid()}{path.suffix}")


def leftovers(path: Path, what: str = "partial") -> list[Path]:
    """Unfinished files and folders of `path` whose process on this host has ended, and which are ours."""
    name = re.compile(rf"\.{re.escape(path.stem)}\.{what}-{_OWNER}{re.escape(path.suffix)}")
    if not path.parent.is_dir():
        return []
    found = ((entry, name.fullmatch(entry.name)) for entry in path.parent.iterdir())
    return sorted(entry for entry, said in found if said and _is_abandoned(entry, said))


def remove_leftovers(path: Path) -> None:
    """Remove the unfinished files that killed processes have left beside `path`; folders stay."""
    for entry in leftovers(path):
        with suppress(OSError):  # another process may be removing the same file
            if stat.S_ISREG(entry.lstat().st_mode):
                entry.unlink()


def _is_abandoned(entry: Path, said: re.Match[str]) -> bool:
    return said["host"] in (None, HOST) and not is_running(int(said["pid"])) and belongs_to_us(entry)


def belongs_to_us(path: Path) -> bool:
    """Whether the user of this process owns a file or folder that is no link; always so on Windows."""
    try:
        found = path.lstat()
    except OSError:
        return False
    return not stat.S_ISLNK(found.st_mode) and (sys.platform == "win32" or found.st_uid == os.geteuid())


def is_running(pid: int) -> bool:
    """Whether a process lives on this host. On Windows the answer is yes: asking there would end it."""
    if sys.platform == "win32":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


def flush(path: Path) -> None:
    """Have the system write a file, or a folder's list of names, to the disk; where it can."""
    if path.is_dir() and sys.platform == "win32":
        return  # Windows opens no folders
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
