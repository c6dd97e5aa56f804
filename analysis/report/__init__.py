"""Reports: one HTML file with charts, their data, and a sentence for each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from evenhand.analysis.compare.rest import Rest
from evenhand.analysis.metrics.cautions import Caution
from evenhand.analysis.metrics.chunks import AnyRun
from evenhand.analysis.metrics.estimate import Estimate
from evenhand.analysis.report.page import Later, render
from evenhand.analysis.report.save import save
from evenhand.analysis.runs.background import NONE, Background
from evenhand.analysis.runs.steps import Tell, silent

__all__ = ["Background", "render", "write"]


def write(
    run: AnyRun,
    path: str | Path,
    *,
    title: str | None = None,
    estimates: Mapping[str, Estimate] | None = None,
    at_rest: Rest | None = None,
    cautioned: Sequence[Caution] | None = None,
    background: Background = NONE,
    later: Mapping[int, Later] | None = None,
    tell: Tell = silent,
) -> None:
    """Write the report of a run to a file, whole or not at all.

    `title` defaults to the policy's; `estimates` are the outcomes of the run, `at_rest` what its test for
    rest found and `cautioned` what cannot be right in it, where somebody has them; `background` is what
    the files of scenario and policy say beside their numbers. `later` has exhibits, by their place, that
    somebody else is making. `tell` is told how many exhibits have been
    drawn, before each chart. The folder must exist. The same run gives the same bytes. Raises OSError.
    """
    page = render(
        run,
        title=title,
        estimates=estimates,
        at_rest=at_rest,
        cautioned=cautioned,
        background=background,
        later=later,
        tell=tell,
    )
    save(page, path)
