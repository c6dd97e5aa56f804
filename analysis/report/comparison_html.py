"""A comparison as a table in a notebook."""

from __future__ import annotations

from html import escape

from evenhand.analysis.compare.comparison import Comparison
from evenhand.analysis.compare.difference import Difference
from evenhand.analysis.compare.words import figures, probability, times
from evenhand.analysis.runs.html_table import table
from evenhand.locale.current import gettext

HEADINGS = (
    "Measure",
    "Baseline",
    "Policy",
    "Difference",
    "95 % interval",
    "Unit",
    "n",
    "Adj. p",
    "Pairing",
)
POINTS = "pt"
_SHORT = {
    "share": POINTS,
    "share of amount": POINTS,
    "difference of shares": POINTS,
    "count": "",
    "per 1000 orders": "",
    "ratio": "",
    "rating": "",
}
"""Units that are written otherwise in a table."""


def page(comparison: Comparison) -> str:
    """One table for each policy and scenario; names are shown as the text they are."""
    groups: dict[tuple[str, str], list[Difference]] = {}
    for one in comparison.differences:
        groups.setdefault((one.scenario, one.policy), []).append(one)
    return "\n".join(
        f"<h4>{escape(f'{policy} less {comparison.baseline}, in {scenario}')}</h4>\n"
        + table(HEADINGS, map(row, found), [one.sentence for one in found])
        for (scenario, policy), found in groups.items()
    )


def row(one: Difference) -> tuple[str, ...]:
    """A difference as the cells of a table."""
    means = figures((one.baseline_value, one.policy_value), one.unit, one.half_width, signed=False)
    difference, *ends = figures((one.difference, *(one.ci or ())), one.unit, one.half_width)
    title = gettext(one.title)
    return (
        f"{title} *{one.cases}" if one.few else title,
        *means,
        difference,
        gettext("{low} to {high}").format(low=ends[0], high=ends[1]) if ends else "-",
        gettext(_SHORT.get(one.unit, one.unit)),
        str(one.n),
        probability(one.p_adjusted),
        times(one.variance_reduction),
    )
