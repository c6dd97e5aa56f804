"""Reports: one HTML file with charts, their data, and a sentence for each."""

from __future__ import annotations

from pathlib import Path

from analysis.pieces import AnyRun
from analysis.report.page import render
from analysis.report.save import save

__all__ = ["render", "write"]


def write(run: AnyRun, path: str | Path, *, title: str | None = None) -> None:
    """Write the report of a run to a file, whole or not at all.

    `title` defaults to the policy's. The folder must exist. The same run gives the same bytes.
    Raises OSError.
    """
    save(render(run, title=title), path)
