"""The report of a run: one HTML file with charts, their data, and a sentence for each."""

from __future__ import annotations

import os
from pathlib import Path

from analysis.report.page import render
from sim.records import Run

__all__ = ["render", "write"]


def write(run: Run, path: str | Path, *, title: str | None = None) -> None:
    """Write the report of a run to a file, whole or not at all.

    `title` defaults to the policy's. The text is written beside the file first and takes its place
    when it is complete; the folder must exist. The same run gives the same bytes. Raises OSError.
    """
    text = render(run, title=title)
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
