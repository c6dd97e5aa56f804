"""Why not all fairness can be had at once: the lines that equal trust in wins forces groups on.

With base rate p and predictive value v, the error rates of a decision lie on one line: FPR =
p / (1 - p) x (1 - v) / v x (1 - FNR) (Chouldechova 2017). Groups with unequal base rates have different
lines for the same v, and the lines meet only where every valid claim is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

from matplotlib.figure import Figure

from evenhand.analysis.charts.canvas import blank, house_style, panel, sheet, ticks, write
from evenhand.analysis.charts.palette import LOOKS, MUTED, RULE
from evenhand.analysis.charts.words import SMALL, per_cent, shorten
from evenhand.locale.formats import numerals

ROW = 20.0
HEAD = 26.0


class Place(NamedTuple):
    """Where a group stands: base rate of valid claims, both error rates, and how many were decided."""

    name: str
    base_rate: float
    denial: float
    charge: float
    forced: float
    """Where the line of the group begins: what it forces if no valid claim is refused; NaN for no line."""
    n: int


def reach_of(places: Sequence[Place]) -> float:
    """Where the upright axis ends: a little beyond the highest number, at most 1."""
    numbers = [x for place in places for x in (place.charge, place.forced) if isfinite(x)]
    return min(1.1 * max(numbers, default=1.0), 1.0) or 1.0


def tradeoff(
    places: Sequence[Place],
    *,
    x_axis: str,
    y_axis: str,
    row: str,
    note: str,
    reach: float | None = None,
    width: float = 464,
) -> Figure:
    """Draw where each group stands and the line on which it would have a common predictive value.

    The rows under the chart are the legend; `row` has fields for the base rate in percent and n, `note`
    says what the lines are. `reach` is the end of the upright axis; give the same to charts that are
    compared. At most as many groups as there are looks are drawn.
    """
    shown = list(zip(places, LOOKS, strict=False))
    left, plot_width, plot = 46.0, width - 46.0 - 22.0, 240.0
    top = reach or reach_of([place for place, _ in shown])
    foot = 64.0
    with house_style():
        figure = blank(width, HEAD + plot + foot + ROW * len(shown))
        page = sheet(figure)
        axes = panel(figure, left, HEAD, plot_width, plot)
        axes.set_xlim(0, 1)
        axes.set_ylim(0, top)
        axes.set_xticks([0, 0.25, 0.5, 0.75, 1], [per_cent(one) for one in ("0", "25", "50", "75", "100")])
        marks = ticks(0, top, 6)
        axes.set_yticks(marks, [per_cent(f"{100 * mark:.3g}") for mark in marks])
        axes.grid(color=RULE.light)
        axes.spines["left"].set_visible(False)
        write(page, 0, 10, y_axis, size=SMALL, colour=MUTED)
        write(page, left + plot_width, HEAD + plot + 31, x_axis, size=SMALL, colour=MUTED, ha="right")
        write(page, 0, HEAD + plot + 51, shorten(note, width, SMALL), size=SMALL, colour=MUTED)
        for number, (place, look) in enumerate(shown):
            middle = HEAD + plot + foot + ROW * (number + 0.5)
            colour, dashes = look.colour.light, look.dashes or (None, None)
            page.plot([2, 26], [middle, middle], color=colour, linewidth=1.6, dashes=dashes)
            page.plot([14], [middle], marker=look.marker, markersize=7, color=colour)
            text = row.format(
                base=f"{100 * place.base_rate:.0f}" if isfinite(place.base_rate) else "–",
                n=numerals(f"{place.n:,}"),
            )
            write(page, width, middle, text, size=SMALL, colour=MUTED, ha="right")
            write(page, 34, middle, shorten(place.name, width * 0.45 - 34, SMALL), size=SMALL)
            if isfinite(place.forced):
                axes.plot([0, 1], [place.forced, 0], color=colour, linewidth=1.6, dashes=dashes)
            if isfinite(place.denial) and isfinite(place.charge):
                axes.plot(
                    [place.denial],
                    [place.charge],
                    marker=look.marker,
                    markersize=9,
                    color=colour,
                    markeredgewidth=0,
                    clip_on=False,
                    zorder=4,
                )
    return figure
