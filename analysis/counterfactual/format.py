"""Findings as a reader wants them: figures with their interval and unit, in text and in a notebook."""

from __future__ import annotations

from html import escape
from math import isfinite

from evenhand.analysis.counterfactual.findings import Findings
from evenhand.analysis.counterfactual.units import DIFFERENCE
from evenhand.analysis.metrics.estimate import Estimate
from evenhand.analysis.runs.html_table import table

NOTHING = "-"
HEADINGS = ("Measure", "Of", "Value", "95 % interval", "Unit", "n")
UNITS = {"share": "%", DIFFERENCE: "points", "count": "", "ratio": ""}
"""Units that are written otherwise."""
RARE = 0.0005
"""Shares below would read as 0.0 %."""


def figures(one: Estimate) -> tuple[str, str, str]:
    """Value, interval and unit; a dash where something is not known."""
    unit = UNITS.get(one.unit, one.unit)
    if not isfinite(one.value):
        return NOTHING, NOTHING, unit
    value, *ends = _in_one_style([one.value, *(one.ci or ())], one.unit)
    return value, " to ".join(ends) or NOTHING, unit


def rows(found: Findings) -> list[tuple[str, ...]]:
    """One row a finding, in the order of `HEADINGS`; a title is written once."""
    made: list[tuple[str, ...]] = []
    above = ""
    for one in found.findings:
        title = one.measure.title
        made.append(
            ("" if title == above else title, one.part, *figures(one.estimate), f"{one.estimate.n:,}")
        )
        above = title
    return made


def page(found: Findings) -> str:
    """A table for a notebook; names are shown as the text they are."""
    return f"<h4>{escape(found.title)}</h4>\n{table(HEADINGS, rows(found))}\n<p>{escape(found.sentence)}</p>"


def _in_one_style(values: list[float], unit: str) -> list[str]:
    """A value and its ends with the same decimals: the fewer, the larger the figures."""
    if unit == DIFFERENCE:
        return [f"{100 * value:+.1f}" for value in values]
    if unit == "share":
        return [f"{100 * value:.{4 if 0 < values[0] < RARE else 1}f}" for value in values]
    largest = max(map(abs, values))
    decimals = 0 if largest >= 1000 else 1 if largest >= 10 else 3
    return [f"{value:,.{decimals}f}" for value in values]
