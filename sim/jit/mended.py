"""Machine code on disk that is trusted only as far as it is whole: what is damaged is compiled anew."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numba
from numba.core import caching

_Files: Any = caching.IndexDataCacheFile
_pickle: Any = caching.pickle  # type: ignore[attr-defined]
_DIGEST = hashlib.sha256().digest_size
"""Bytes of the checksum in front of each file."""


class NotCompiled(RuntimeError):
    """Numba has been told not to compile; one line that says how to go on."""


class Mended(_Files):  # type: ignore[misc]
    """The files of one function: an index of its signatures, and the machine code of each.

    Numba takes them as they are, and an empty one ends in EOFError, which a command line takes for an
    interrupt. Here each begins with a checksum; what does not have its own is deleted.
    """

    _index_path: str
    _source_stamp: Any
    _version: str

    def _load_index(self) -> Any:
        found = _read(Path(self._index_path))
        if found is None or found[:2] != (self._version, self._source_stamp):
            return {}
        return found[2]

    def _save_index(self, overloads: Any) -> None:
        self._write(self._index_path, (self._version, self._source_stamp, overloads))

    def _load_data(self, name: str) -> Any:
        return _read(Path(self._data_path(name)))

    def _save_data(self, name: str, data: Any) -> None:
        self._write(self._data_path(name), data)

    def _write(self, path: str, content: Any) -> None:
        packed = self._dump(content)
        with self._open_for_write(path) as file:
            file.write(hashlib.sha256(packed).digest() + packed)


def mended(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function that Numba compiles and keeps on disk trust only what is whole. Raises NotCompiled."""
    settings: Any = numba.config
    if settings.DISABLE_JIT:
        raise NotCompiled("NUMBA_DISABLE_JIT is set, and the model runs as compiled code only: unset it")
    kept: Any = function
    kept._cache._cache_file.__class__ = Mended  # noqa: SLF001  (Numba has no other way in)
    return function


def _read(path: Path) -> Any:
    """What a file holds; None where there is none, or one that is damaged, which is deleted."""
    try:
        sealed = path.read_bytes()
    except OSError:
        return None
    packed = sealed[_DIGEST:]
    if hashlib.sha256(packed).digest() == sealed[:_DIGEST]:
        with suppress(Exception):  # whole, but of another Python: unpickling raises whatever it likes
            return _pickle.loads(packed)
    with suppress(OSError):  # another process may have deleted it
        path.unlink()
    return None
