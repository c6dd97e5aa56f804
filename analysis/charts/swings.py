"""A tornado chart: what the low and the high end of each setting do, the longest bars first."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from evenhand.analysis.charts.canvas import blank, house_style, panel, rows_about_nothing, sheet, write
from evenhand.analysis.charts.palette import BLUE, INK, MUTED, VERMILLION, Colour
from evenhand.analysis.charts.words import SMALL, shorten, width_of

HALF_ROW = 19.0
GAP = 10.0
HEAD = 30.0
AXIS = 44.0
NARROW = 600.0
ENDS: tuple[tuple[Colour, str], ...] = ((BLUE, "o"), (VERMILLION, "s"))
"""Colour and marker of the low and of the high end."""


class Side(NamedTuple):
    """One end of a setting: its value, and what it does; NaN where unknown."""

    setting: str
    value: float
    interval: tuple[float, float] | None
    written: str


class SwingBar(NamedTuple):
    """A setting with both ends."""

    name: str
    low: Side
    high: Side


def swings(bars: Sequence[SwingBar], *, low: str, high: str, axis: str, width: float = 960) -> Figure:
    """Draw what each setting does alone, its low end above its high end, with intervals.

    `low` and `high` are words for the legend, `axis` is written under the axis. On a narrow page the
    numbers are left out.
    """
    sides = [side for bar in bars for side in (bar.low, bar.high)]
    narrow = width < NARROW
    names = min(max((width_of(bar.name, SMALL) for bar in bars), default=0.0) + 8, width * 0.34)
    settings = max((width_of(side.setting, SMALL) for side in sides), default=0.0) + 12
    values = 0.0 if narrow else max((width_of(side.written, SMALL) for side in sides), default=0.0) + 16
    left = names + settings
    rows = 2 * HALF_ROW + GAP
    with house_style():
        figure = blank(width, HEAD + rows * max(len(bars), 1) + AXIS)
        page = sheet(figure)
        _legend(page, (low, high))
        axes = panel(figure, left, HEAD, max(width - left - values - 8, 60.0), rows * max(len(bars), 1))
        lowest, highest = _reach(sides)
        rows_about_nothing(axes, lowest, highest, len(bars), 7 if not narrow else 4)
        for row, bar in enumerate(bars):
            top = HEAD + rows * row
            write(page, names - 8, top + rows / 2, tail(bar.name, names - 8), ha="right", size=SMALL)
            for number, (side, look) in enumerate(zip((bar.low, bar.high), ENDS, strict=True)):
                offset = GAP / 2 + HALF_ROW * (number + 0.5)
                write(page, left - 8, top + offset, side.setting, ha="right", size=SMALL, colour=MUTED)
                if not narrow:
                    known = INK if isfinite(side.value) else MUTED
                    write(page, width, top + offset, side.written, ha="right", size=SMALL, colour=known)
                _draw(axes, side, row + offset / rows, HALF_ROW / rows, look)
        under = 0.0 if narrow else left
        write(
            page,
            under,
            HEAD + rows * len(bars) + 34,
            shorten(axis, width - under, SMALL),
            size=SMALL,
            colour=MUTED,
        )
    return figure


def tail(path: str, room: float) -> str:
    """The end of a dotted path that fits into so much room: its last part tells it from others."""
    if width_of(path, SMALL) <= room:
        return path
    cut = path
    while cut and width_of("…" + cut, SMALL) > room:
        cut = cut[1:]
    return "…" + cut


def _legend(page: Axes, words: Sequence[str]) -> None:
    x = 10.0
    for text, (colour, marker) in zip(words, ENDS, strict=True):
        page.plot([x], [10], marker=marker, markersize=7, color=colour.light)
        write(page, x + 12, 10, text, size=SMALL)
        x += width_of(text, SMALL) + 36


def _reach(sides: Sequence[Side]) -> tuple[float, float]:
    numbers = [x for side in sides for x in (side.value, *(side.interval or ())) if isfinite(x)]
    low, high = min([0.0, *numbers]), max([0.0, *numbers])
    room = 0.05 * (high - low) or 1.0
    return low - room, high + room


def _draw(axes: Axes, side: Side, row: float, height: float, look: tuple[Colour, str]) -> None:
    if not isfinite(side.value):
        return
    colour, marker = look
    axes.barh([row], [side.value], height=0.62 * height, color=colour.light, alpha=0.3, linewidth=0)
    if side.interval:
        axes.plot(side.interval, [row, row], color=colour.light, linewidth=2, solid_capstyle="butt")
    axes.plot([side.value], [row], marker=marker, markersize=6, color=colour.light, clip_on=False, zorder=4)
