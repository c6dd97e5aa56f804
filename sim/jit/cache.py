"""Where compiled code is kept: in a folder named after the sources that it was made from.

Numba looks at the time stamp of one file only, so a change to a function imported from another file
would be answered with the old machine code. A folder keyed by a hash of all of `sim` cannot be stale.
"""

from __future__ import annotations

import atexit
import gc
import hashlib
import logging
import os
import platform
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import numba
from numba.core import event

from evenhand.sim.jit.mended import mended

KEEP = 4
"""How many versions of the compiled code are kept."""
MARK = "CACHEDIR.TAG"
"""The file that marks a folder as one of compiled code; programs for backups know the name."""
MARKED = """Signature: 8a477f597d28d172789f06886806bc55
# Compiled code of Evenhand, which is made anew where it is missing.
"""
_VERSION = re.compile(r"[0-9a-f]{20}")


class _NoSweeping(event.Listener):
    """Keeps the garbage collector still while anything compiles: an eighth of the time, for nothing."""

    def __init__(self) -> None:
        self._depth, self._was_on = 0, False

    def on_start(self, _: event.Event) -> None:
        """A compilation starts, perhaps inside another."""
        if self._depth == 0:
            self._was_on = gc.isenabled()
            gc.disable()
        self._depth += 1

    def on_end(self, _: event.Event) -> None:
        """It has ended."""
        self._depth -= 1
        if self._depth == 0 and self._was_on:
            gc.enable()


event.register("numba:compile", _NoSweeping())  # type: ignore[no-untyped-call]


@cache
def source_hash(package: Path = Path(__file__).parents[1]) -> str:
    """A hash of every source file of a package, names and contents."""
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        digest.update(str(path.relative_to(package)).encode() + b"\0")
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:20]


def cache_root() -> Path:
    """The folder of all versions: EVENHAND_CACHE, or the user's cache folder, or else a private one.

    Machine code and its index (pickles) run as they are loaded, so a folder into which anybody else could
    put files is not used, and no name in the shared temporary folder is trusted.
    """
    given = os.environ.get("EVENHAND_CACHE")
    base = Path(given) if given else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    root = base.absolute() / "evenhand"
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        root = root.resolve()
        problem = unsafe(root)
    except OSError as error:
        problem = error.strerror
    if problem is None and os.access(root, os.W_OK):
        return root
    _warn(f"the cache '{root}' is not used: {problem or 'it cannot be written to'}")
    return _private_root()


def unsafe(folder: Path) -> str | None:
    """Why others could put files into a folder, or exchange it; None where they cannot.

    The folder must be this user's and writable by nobody else. Those above it must be this user's or
    root's, and writable by others only with the sticky bit or through the user's own group. Windows keeps
    the caches of its users apart by other means, which are not looked at.
    """
    if sys.platform == "win32":
        return None
    me = os.geteuid()
    for place in (folder, *folder.parents):
        found = place.stat()
        if found.st_uid != me and (place == folder or found.st_uid != 0):
            return f"'{place}' belongs to another user"
        writers = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
        if place != folder:
            if found.st_mode & stat.S_ISVTX:
                continue
            if found.st_gid == os.getegid():
                writers &= stat.S_IWOTH
        if writers:
            return f"others can write to '{place}' (chmod go-w takes that from them)"
    return None


def _private_root() -> Path:
    """A folder of this process and those that it starts, gone when it ends; compiled code is not kept."""
    folder = _private_folder(os.getpid())
    os.environ["EVENHAND_CACHE"] = str(folder)  # workers must not compile once more, each for itself
    root = folder / "evenhand"
    root.mkdir(mode=0o700, exist_ok=True)
    return root


@cache
def _private_folder(owner: int) -> Path:
    """Make the folder once a process; the name says whose it is, so that it can be removed after a kill."""
    host = hashlib.sha256(platform.node().encode()).hexdigest()[:8]
    folder = Path(tempfile.mkdtemp(prefix=f"evenhand-{host}-{owner}-"))

    def remove() -> None:
        if os.getpid() == owner:  # a forked worker ends earlier
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove)
    return folder


@cache
def _warn(text: str) -> None:
    """Say it once a process, through `logging`, which writes to stderr where nobody has set it up."""
    logging.getLogger("evenhand").warning("evenhand: %s; compiled code is not kept", text)


def cache_folder() -> Path:
    """The folder of this version of the sources."""
    return cache_root() / source_hash()


def make_folder(folder: Path) -> None:
    """Make a folder of compiled code below the root; that of the version gets our mark. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    mark = cache_folder() / MARK
    if not mark.exists():
        mark.write_text(MARKED, encoding="ascii")


def _is_ours(folder: Path) -> bool:
    """Whether a folder is one of compiled code: by its name and by our mark in it; never a link."""
    mark = folder / MARK
    if not _VERSION.fullmatch(folder.name) or folder.is_symlink() or mark.is_symlink():
        return False
    return mark.is_file() and mark.read_bytes()[: len(MARKED)] == MARKED.encode()


def is_warm(engine: str = "numba") -> bool:
    """Whether the compiled code that an engine needs lies ready; SimPy needs that which draws worlds."""
    name = "numba_engine._move" if engine == "numba" else "eager._draw"
    return any(cache_folder().glob(f"*/{name}-*.nbi"))


def forget_old() -> None:
    """Delete the folders of all but the newest versions, and nothing without our mark."""
    with suppress(OSError):  # another process may be deleting the same folders
        folders = [p for p in cache_root().iterdir() if p.is_dir() and p != cache_folder() and _is_ours(p)]
        for old in sorted(folders, key=lambda p: p.stat().st_mtime, reverse=True)[KEEP - 1 :]:
            shutil.rmtree(old, ignore_errors=True)


def package_of(module: str) -> str:
    """The package whose sources a module's code depends on: `evenhand.sim`, or another top package."""
    parts = module.split(".")
    return ".".join(parts[:2] if parts[0] == "evenhand" else parts[:1])


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a module-level function, its machine code kept under the hash of the sources.

    For a function of another package, under the hash of that package's sources as well.
    """
    folder = cache_folder()
    name = package_of(function.__module__)
    package = Path(sys.modules[name].__file__ or "").parent
    if package != Path(__file__).parents[1]:
        folder /= f"{name}-{source_hash(package)}"
    make_folder(folder)
    settings: Any = numba.config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(folder)  # read by Numba while it decorates, and only then
    try:
        made = mended(numba.njit(cache=True, nogil=True)(function))
    finally:
        settings.CACHE_DIR = before
    forget_old()
    return made
