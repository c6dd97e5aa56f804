"""Where compiled code is kept: in a folder named after the sources that it was made from.

Numba looks at the time stamp of one file only, so a change to a function imported from another file
would be answered with the old machine code. A folder keyed by a hash of all of `sim` cannot be stale.
"""

from __future__ import annotations

import gc
import hashlib
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import numba
from numba.core import event

from sim.clocks.mended import mended

KEEP = 4
"""How many versions of the compiled code are kept."""


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
    """The folder of all versions: EVENHAND_CACHE, or the user's cache folder, or a temporary one."""
    given = os.environ.get("EVENHAND_CACHE")
    base = Path(given) if given else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    root = base / "evenhand"
    try:
        root.mkdir(parents=True, exist_ok=True)
        if os.access(root, os.W_OK):
            return root
    except OSError:
        pass
    return Path(tempfile.gettempdir()) / f"evenhand-{os.getuid() if hasattr(os, 'getuid') else 0}"


def cache_folder() -> Path:
    """The folder of this version of the sources."""
    return cache_root() / source_hash()


def is_warm(clock: str = "compiled") -> bool:
    """Whether the compiled code that a clock needs lies ready; SimPy needs that which draws worlds."""
    name = "compiled._move" if clock == "compiled" else "whole._draw"
    return any(cache_folder().glob(f"*/{name}-*.nbi"))


def forget_old() -> None:
    """Delete the folders of all but the newest versions."""
    with suppress(OSError):  # another process may be deleting the same folders
        folders = [p for p in cache_root().iterdir() if p.is_dir() and p != cache_folder()]
        for old in sorted(folders, key=lambda p: p.stat().st_mtime, reverse=True)[KEEP - 1 :]:
            shutil.rmtree(old, ignore_errors=True)


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a module-level function, its machine code kept under the hash of the sources.

    For a function of another package, under the hash of that package's sources as well.
    """
    folder = cache_folder()
    name = function.__module__.partition(".")[0]
    package = Path(sys.modules[name].__file__ or "").parent
    if package != Path(__file__).parents[1]:
        folder /= f"{name}-{source_hash(package)}"
    folder.mkdir(parents=True, exist_ok=True)
    settings: Any = numba.config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(folder)  # read by Numba while it decorates, and only then
    try:
        made = mended(numba.njit(cache=True, nogil=True)(function))
    finally:
        settings.CACHE_DIR = before
    forget_old()
    return made
