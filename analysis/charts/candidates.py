"""Candidates of a search by two goals: all that were tried, and the front in fresh worlds, numbered."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from evenhand.analysis.charts.canvas import blank, house_style, mark, panel, sheet, spread, ticks, write
from evenhand.analysis.charts.palette import BLUE, INK, MUTED, RULE, Colour
from evenhand.analysis.charts.pareto import Scale, axis_labels, titled
from evenhand.analysis.charts.words import SMALL, shorten, width_of

Floats = NDArray[np.float64]
PLOT, AXIS, LINE = 340.0, 44.0, 18.0
BASE: tuple[Colour, str, bool] = (INK, "D", True)
FRONT: tuple[Colour, str, bool] = (BLUE, "o", True)
DOUBTFUL: tuple[Colour, str, bool] = (BLUE, "o", False)
TRIED: tuple[Colour, str, bool] = (MUTED, ".", True)


class Spot(NamedTuple):
    """A candidate in fresh worlds: both goals with half-widths of their intervals, NaN = none."""

    name: str
    x: float
    y: float
    x_half: float
    y_half: float
    sure: bool
    """More likely on the front than not."""


class Legend(NamedTuple):
    """What the marks are called."""

    base: str
    front: str
    doubtful: str
    tried: str


def candidates(
    tried: tuple[Floats, Floats],
    base: Spot,
    front: Sequence[Spot],
    scales: tuple[Scale, Scale],
    legend: Legend,
    *,
    better: str,
    width: float = 960,
) -> Figure:
    """Draw what was tried as faint dots, and the base and the front with their intervals in fresh worlds."""
    x, y = scales
    spots = [base, *front]
    reach_x = _reach(tried[0] * x.factor, [(one.x, one.x_half) for one in spots])
    reach_y = _reach(tried[1] * y.factor, [(one.y, one.y_half) for one in spots])
    with house_style():
        head = LINE * (1 + _legend(sheet(blank(width, 10)), legend, width, 0.0, draw=False)) + 6
        figure = blank(width, head + PLOT + AXIS)
        page = sheet(figure)
        _legend(page, legend, width, 0.0, draw=True)
        write(page, 0, head - 12, shorten(titled(y, better, "↓↑"), width, SMALL), size=SMALL, colour=MUTED)
        marks_y, marks_x = ticks(*reach_y, 8), ticks(*reach_x, 9 if width > 600 else 5)
        left = max(width_of(text, SMALL) for text in axis_labels(marks_y)) + 12
        axes = panel(figure, left, head, width - left - 16, PLOT)
        axes.set_xlim(*reach_x)
        axes.set_ylim(*reach_y)
        axes.set_xticks(marks_x, axis_labels(marks_x))
        axes.set_yticks(marks_y, axis_labels(marks_y))
        axes.grid(color=RULE.light)
        axes.plot(
            tried[0] * x.factor,
            tried[1] * y.factor,
            linestyle="none",
            marker=".",
            markersize=5,
            color=MUTED.light,
            alpha=0.5,
        )
        for one in front:
            _draw(axes, one, FRONT if one.sure else DOUBTFUL)
        _draw(axes, base, BASE)
        _names(page, spots, (reach_x, reach_y), left, head, width - left - 16)
        write(
            page,
            width - 16,
            head + PLOT + 32,
            shorten(titled(x, better, "←→"), width - 16, SMALL),
            size=SMALL,
            colour=MUTED,
            ha="right",
        )
    return figure


def _draw(axes: Axes, one: Spot, look: tuple[Colour, str, bool]) -> None:
    if not (isfinite(one.x) and isfinite(one.y)):
        return
    colour = look[0].light
    if isfinite(one.x_half):
        axes.plot([one.x - one.x_half, one.x + one.x_half], [one.y, one.y], color=colour, linewidth=1.5)
    if isfinite(one.y_half):
        axes.plot([one.x, one.x], [one.y - one.y_half, one.y + one.y_half], color=colour, linewidth=1.5)
    mark(axes, one.x, one.y, look, size=8, zorder=4)


def _names(
    page: Axes,
    spots: Sequence[Spot],
    reach: tuple[tuple[float, float], tuple[float, float]],
    left: float,
    top: float,
    plot: float,
) -> None:
    """Numbers beside the marks, none over another that stands near."""
    (low_x, high_x), (low_y, high_y) = reach
    known = [one for one in spots if isfinite(one.x) and isfinite(one.y)]
    known.sort(key=lambda one: -one.y)
    across = [left + plot * (one.x - low_x) / (high_x - low_x) for one in known]
    down = [top + PLOT * (high_y - one.y) / (high_y - low_y) - 11 for one in known]
    heights = spread(down, 14, top + 6, top + PLOT - 6)
    for one, x, y in zip(known, across, heights, strict=True):
        near_edge = x + 10 + width_of(one.name, SMALL) > left + plot
        write(
            page,
            x - 8 if near_edge else x + 8,
            y,
            one.name,
            size=SMALL,
            weight="bold",
            ha="right" if near_edge else "left",
        )


def _legend(page: Axes, legend: Legend, width: float, top: float, *, draw: bool) -> int:
    """The marks and their names, in as many lines as needed; gives the number of lines."""
    x, line = 0.0, 0
    for look, text in zip((BASE, FRONT, DOUBTFUL, TRIED), legend, strict=True):
        needs = 18 + width_of(text, SMALL) + 20
        if x > 0 and x + needs - 20 > width:
            x, line = 0.0, line + 1
        if draw:
            middle = top + LINE * (line + 0.5)
            mark(page, x + 6, middle, look, clip_on=False)
            write(page, x + 18, middle, shorten(text, width - 18, SMALL), size=SMALL)
        x += needs
    return line + 1


def _reach(tried: Floats, spots: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Around all spots with their intervals; of what was tried, the outermost tenth may be cut off."""
    ends = [value + side * (half if isfinite(half) else 0.0) for value, half in spots for side in (-1, 1)]
    ends = [one for one in ends if isfinite(one)]
    seen = tried[np.isfinite(tried)]
    if len(seen):
        ends += [float(np.quantile(seen, 0.05)), float(np.quantile(seen, 0.95))]
    if not ends:
        return 0.0, 1.0
    low, high = min(ends), max(ends)
    room = 0.07 * (high - low) or max(0.05 * abs(high), 1e-3)
    return low - room, high + room
