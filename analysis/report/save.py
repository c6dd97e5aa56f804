"""Saving a page whole or not at all."""

from __future__ import annotations

from pathlib import Path

from evenhand.analysis.runs.atomic import whole


def save(text: str, path: str | Path) -> None:
    """Write a text, with line ends as they are, to a file that is complete or not there. Raises OSError."""
    with whole(Path(path)) as unfinished:
        unfinished.write_text(text, encoding="utf-8", newline="\n")
