"""A file that is either whole or not there: written beside its place under another name, then moved."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.folder import flush


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a place to write to, with the same ending; what stands there moves to `path` at the end.

    Folders above it are made. Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.stem}.partial-{os.getpid()}{path.suffix}")
    try:
        yield temporary
        flush(temporary)
        temporary.replace(path)
    except OSError as error:  # the system names no file that is open already
        raise (error if error.filename else OSError(error.errno, error.strerror, str(path))) from error
    finally:
        temporary.unlink(missing_ok=True)
