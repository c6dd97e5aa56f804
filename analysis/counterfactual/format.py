"""Findings as a reader wants them: figures with their interval and unit, in text and in a notebook."""

from __future__ import annotations

from html import escape

from evenhand.analysis.counterfactual.findings import Findings
from evenhand.analysis.metrics.written import figures
from evenhand.analysis.runs.html_table import table
from evenhand.locale.current import gettext

HEADINGS = ("Measure", "Of", "Value", "95 % interval", "Unit", "n")


def rows(found: Findings) -> list[tuple[str, ...]]:
    """One row a finding, in the order of `HEADINGS`; a title is written once."""
    made: list[tuple[str, ...]] = []
    above = ""
    for one in found.findings:
        title = gettext(one.measure.title)
        made.append(
            ("" if title == above else title, one.part, *figures(one.estimate), f"{one.estimate.n:,}")
        )
        above = title
    return made


def page(found: Findings) -> str:
    """A table for a notebook; names are shown as the text they are."""
    return f"<h4>{escape(found.title)}</h4>\n{table(HEADINGS, rows(found))}\n<p>{escape(found.sentence)}</p>"
