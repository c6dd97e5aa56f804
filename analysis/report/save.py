"""Saving a page whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def save(text: str, path: str | Path) -> None:
    """Write a text beside the file first; it takes the file's place when it is complete. Raises OSError."""
    target = Path(path)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with unfinished.open("w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
