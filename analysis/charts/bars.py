"""What things are made of: stacked horizontal bars of shares, with n beside every bar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from evenhand.analysis.charts.canvas import blank, house_style, put, sheet, write
from evenhand.analysis.charts.legend import legend, legend_height, patch
from evenhand.analysis.charts.palette import MUTED, Fill
from evenhand.analysis.charts.words import SMALL, n_of, shorten, width_of

ROW = 28.0
BAR = 18.0


class Part(NamedTuple):
    """One part of every bar."""

    name: str
    fill: Fill


class Bar(NamedTuple):
    """One bar: what it is about, how much there is of each part, and of how many."""

    name: str
    amounts: tuple[float, ...]
    """One a part; they are drawn as shares of their sum."""
    n: int


def _draw(axes: Axes, bar: Bar, parts: Sequence[Part], left: float, middle: float, room: float) -> None:
    """One bar; a share is written into its part, in percent, where there is room for it."""
    whole, x = sum(bar.amounts), left
    for part, amount in zip(parts, bar.amounts, strict=True):
        if whole <= 0 or amount <= 0:
            continue
        width = amount / whole * room
        patch(axes, x, middle - BAR / 2, width, BAR, part.fill)
        text = f"{100 * amount / whole:.0f}"
        needs = width_of(text, SMALL) + 6
        if width > needs + 4:
            centre = x + width / 2
            if part.fill.hatch:  # a number on a hatch needs a quiet place
                put(
                    axes,
                    Rectangle(
                        (centre - needs / 2, middle - BAR / 2 + 2),
                        needs,
                        BAR - 4,
                        facecolor=part.fill.colour.light,
                        linewidth=0,
                    ),
                )
            write(axes, centre, middle, text, ha="center", size=SMALL, colour=part.fill.lines)
        x += width


def stacked_bars(bars: Sequence[Bar], parts: Sequence[Part], *, width: float = 960) -> Figure:
    """Draw each bar's parts as shares of its whole; a bar of nothing stays empty and says n = 0.

    Parts that no bar has are left out of the legend. Numbers in the bars are percentages.
    """
    used = [(p.name, p.fill) for i, p in enumerate(parts) if any(bar.amounts[i] > 0 for bar in bars)]
    head = (legend_height([name for name, _ in used], width) + 10) if used else 0.0
    labels = min(max((width_of(bar.name) for bar in bars), default=0.0) + 12, width * 0.36)
    numbers = max((width_of(n_of(bar.n), SMALL) for bar in bars), default=0.0) + 10
    with house_style():
        figure = blank(width, head + ROW * max(len(bars), 1) + 4)
        axes = sheet(figure)
        legend(axes, used, 0, 0, width)
        for row, bar in enumerate(bars):
            middle = head + ROW * row + ROW / 2
            write(axes, labels - 10, middle, shorten(bar.name, labels - 10), ha="right")
            write(axes, width, middle, n_of(bar.n), ha="right", colour=MUTED, size=SMALL)
            _draw(axes, bar, parts, labels, middle, width - labels - numbers)
    return figure
