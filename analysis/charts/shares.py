"""Shares of variance: the first-order and the total index of each setting, above a floor of luck."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from evenhand.analysis.charts.canvas import blank, house_style, mark, panel, sheet, ticks, write
from evenhand.analysis.charts.palette import BLUE, INK, MUTED, RULE, SOFT_SLATE, VERMILLION
from evenhand.analysis.charts.swings import tail
from evenhand.analysis.charts.words import SMALL, shorten, width_of

HALF_ROW = 17.0
GAP = 10.0
HEAD = 30.0
AXIS = 44.0
NARROW = 600.0
LOOKS = ((BLUE, "o", True), (VERMILLION, "s", False))
"""Colour, marker, and whether it is filled, of the total and of the first-order index."""


class Slice(NamedTuple):
    """One index with its interval; NaN where unknown."""

    value: float
    interval: tuple[float, float]
    written: str


class Factor(NamedTuple):
    """A setting with both indices."""

    name: str
    total: Slice
    first: Slice


def variance_shares(
    factors: Sequence[Factor],
    floor: float,
    *,
    total: str,
    first: str,
    luck: str,
    axis: str,
    width: float = 960,
) -> Figure:
    """Draw both indices of each factor; what lies in the band from 0 to `floor` is no more than luck.

    `total`, `first` and `luck` are words for the legend, `axis` is written under the axis.
    """
    narrow = width < NARROW
    parts = [part for one in factors for part in (one.total, one.first)]
    names = min(max((width_of(one.name, SMALL) for one in factors), default=0.0) + 12, width * 0.42)
    values = 0.0 if narrow else max((width_of(part.written, SMALL) for part in parts), default=0.0) + 16
    rows = 2 * HALF_ROW + GAP
    with house_style():
        figure = blank(width, HEAD + rows * len(factors) + AXIS)
        page = sheet(figure)
        _legend(page, total, first, luck)
        axes = panel(figure, names, HEAD, max(width - names - values - 8, 60.0), rows * len(factors))
        _scale(axes, parts, floor, len(factors), narrow=narrow)
        for row, one in enumerate(factors):
            top = HEAD + rows * row
            write(page, names - 10, top + rows / 2, tail(one.name, names - 10), ha="right", size=SMALL)
            for number, part in enumerate((one.total, one.first)):
                offset = GAP / 2 + HALF_ROW * (number + 0.5)
                if not narrow:
                    known = INK if isfinite(part.value) else MUTED
                    write(page, width, top + offset, part.written, ha="right", size=SMALL, colour=known)
                _draw(axes, part, row + offset / rows, number)
        under = 0.0 if narrow else names
        write(
            page,
            under,
            HEAD + rows * len(factors) + 34,
            shorten(axis, width - under, SMALL),
            size=SMALL,
            colour=MUTED,
        )
    return figure


def _scale(axes: Axes, parts: Sequence[Slice], floor: float, rows: int, *, narrow: bool) -> None:
    numbers = [x for part in parts for x in (part.value, *part.interval) if isfinite(x)]
    low, high = min([0.0, *numbers]), max([0.1, *numbers])
    low, high = max(low, -0.5), min(high, 1.5)
    room = 0.04 * (high - low)
    axes.set_xlim(low - (room if low < 0 else 0), high + room)
    axes.set_ylim(rows, 0)
    marks = ticks(low, high, 4 if narrow else 7)
    axes.set_xticks(marks, [f"{mark:g}".replace("-", "−") for mark in marks])
    axes.set_yticks([])
    axes.grid(axis="x", color=RULE.light)
    axes.spines["left"].set_visible(False)
    if isfinite(floor):
        axes.axvspan(0, floor, color=SOFT_SLATE.light, linewidth=0)
    axes.axvline(0, color=INK.light, linewidth=1)


def _draw(axes: Axes, part: Slice, row: float, number: int) -> None:
    if not isfinite(part.value):
        return
    look = LOOKS[number]
    axes.plot(part.interval, [row, row], color=look[0].light, linewidth=2, solid_capstyle="butt")
    mark(axes, part.value, row, look, size=6.5, clip_on=False, zorder=4)


def _legend(page: Axes, total: str, first: str, luck: str) -> None:
    x = 10.0
    for text, look in zip((total, first), LOOKS, strict=True):
        mark(page, x, 10, look, size=6.5)
        write(page, x + 12, 10, text, size=SMALL)
        x += width_of(text, SMALL) + 36
    page.plot([x - 4, x + 8], [10, 10], color=SOFT_SLATE.light, linewidth=10, solid_capstyle="butt")
    write(page, x + 14, 10, luck, size=SMALL)
