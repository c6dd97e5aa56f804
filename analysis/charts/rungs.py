"""Several values of a row on one axis, as what was asked, offered and agreed, each with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from evenhand.analysis.charts.canvas import blank, house_style, mark, panel, sheet, ticks, write
from evenhand.analysis.charts.palette import BLUE, GREEN, INK, MUTED, PURPLE, RULE, VERMILLION, Colour
from evenhand.analysis.charts.words import SMALL, n_of, per_cent, shorten, width_of

STEP = 15.0
GAP = 14.0
AXIS = 60.0
LINE = 18.0
LOOKS: tuple[tuple[Colour, str, bool], ...] = (
    (VERMILLION, "s", True),
    (PURPLE, "D", False),
    (BLUE, "o", True),
    (GREEN, "^", True),
)
"""Colour, marker, and whether it is filled, of each kind of value; a row has no more kinds than there are."""


class Rung(NamedTuple):
    """A row: a value and an interval of each kind (NaN = undefined, None = none), and their measure."""

    name: str
    values: tuple[float, ...]
    intervals: tuple[tuple[float, float] | None, ...]
    due: float
    n: int


def _legend(page: Axes, names: Sequence[str], due: str, width: float, *, draw: bool) -> float:
    """The kinds of values and the line of what is due, in as many lines as needed; gives the height."""
    x, y = 0.0, 0.0
    for number, name in enumerate((*names, due)):
        needs = 20 + width_of(name, SMALL) + 22
        if x > 0 and x + needs - 22 > width:
            x, y = 0.0, y + LINE
        if draw:
            middle = y + LINE / 2
            if number < len(names):
                mark(page, x + 8, middle, LOOKS[number], clip_on=False, zorder=4)
            else:
                page.plot([x + 8, x + 8], [middle - 8, middle + 8], color=INK.light, linewidth=2)
            write(page, x + 20, middle, shorten(name, width - 20, SMALL), size=SMALL)
        x += needs
    return y + LINE


def _draw(axes: Axes, rung: Rung, top: float, height: float) -> None:
    """The values under each other, and the line that they are held to across all of them."""
    if isfinite(rung.due):
        axes.plot([rung.due] * 2, [top, top + height], color=INK.light, linewidth=2, solid_capstyle="butt")
    for number, (value, interval) in enumerate(zip(rung.values, rung.intervals, strict=True)):
        if not isfinite(value):
            continue
        y = top + height * (number + 0.5) / len(rung.values)
        if interval:
            axes.plot(interval, [y, y], color=LOOKS[number][0].light, linewidth=2.5, solid_capstyle="butt")
        mark(axes, value, y, LOOKS[number], clip_on=False, zorder=4)


def rungs(
    rows: Sequence[Rung],
    names: Sequence[str],
    *,
    due: str,
    axis: str,
    note: str,
    undefined: str = "undefined",
    width: float = 960,
) -> Figure:
    """Draw shares of several kinds, row by row, with a line at what is due in each row.

    `names` are the kinds and `due` the line, for the legend; `axis` is written under the axis, and under
    that a note that says what the bars cover. Values are written in percent beside their row.
    """
    each = max((len(row.values) for row in rows), default=1)
    high = STEP * each
    labels = min(max((width_of(row.name) for row in rows), default=0.0) + 14, width * 0.32)
    counts = max((width_of(n_of(row.n), SMALL) for row in rows), default=0.0) + 16
    values = max(width_of(per_cent("100"), SMALL), width_of(undefined, SMALL)) + 10
    with house_style():
        head = _legend(sheet(blank(width, 10)), names, due, width, draw=False) + 8
        figure = blank(width, head + (high + GAP) * len(rows) + AXIS)
        page = sheet(figure)
        _legend(page, names, due, width, draw=True)
        axes = panel(figure, labels, head, width - labels - values - counts, (high + GAP) * len(rows))
        _scale(axes, rows, (high + GAP) * len(rows))
        for number, row in enumerate(rows):
            top = (high + GAP) * number + GAP / 2
            write(page, labels - 10, head + top + high / 2, shorten(row.name, labels - 10), ha="right")
            write(page, width, head + top + high / 2, n_of(row.n), ha="right", size=SMALL, colour=MUTED)
            for k, value in enumerate(row.values):
                known = isfinite(value)
                text, quiet = (per_cent(f"{100 * value:.0f}"), INK) if known else (undefined, MUTED)
                y = head + top + high * (k + 0.5) / len(row.values)
                write(page, width - counts, y, text, ha="right", size=11, colour=quiet)
            _draw(axes, row, top, high)
        foot = head + (high + GAP) * len(rows)
        for below, text in ((33, axis), (49, note)):
            write(page, labels, foot + below, shorten(text, width - labels, SMALL), size=SMALL, colour=MUTED)
    return figure


def _scale(axes: Axes, rows: Sequence[Rung], height: float) -> None:
    """From the least to the most that is drawn, nothing included."""
    drawn = [x for row in rows for x in (*row.values, row.due) if isfinite(x)]
    drawn += [x for row in rows for ends in row.intervals if ends for x in ends if isfinite(x)]
    low, high = min([0.0, *drawn]), max([0.02, *drawn])
    room = 0.03 * (high - low)
    axes.set_xlim(low - (room if low < 0 else 0), high + room)
    axes.set_ylim(height, 0)
    axes.set_yticks([])
    marks = ticks(low, high, 6)
    axes.set_xticks(marks, [per_cent(f"{100 * x:g}").replace("-", "−") for x in marks])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=RULE.light)
