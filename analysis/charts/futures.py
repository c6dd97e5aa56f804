"""Futures by a difference: how many lie on which side of nothing, and how far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from evenhand.analysis.charts.canvas import blank, house_style, panel, sheet, ticks, write
from evenhand.analysis.charts.palette import BLUE, INK, MUTED, RULE, SLATE, VERMILLION
from evenhand.analysis.charts.words import SMALL, shorten, width_of

PLOT = 200.0
LEGEND_ROW = 20.0
FOOT = 46.0
BINS = 32
COLOURS = (BLUE, VERMILLION, SLATE)


class Side(NamedTuple):
    """Futures of one verdict: which they are, and what the legend says of them."""

    member: NDArray[np.bool_]
    words: str


def histogram(
    difference: NDArray[np.float64], sides: Sequence[Side], *, axis: str, count: str, width: float = 464
) -> Figure:
    """Draw how many futures have which difference, coloured by verdict: better, worse, within the margin.

    `axis` is written under the axis, `count` beside the legend's rows; NaN is left out.
    """
    known = np.isfinite(difference)
    low, high = _reach(difference[known])
    edges = np.linspace(low, high, BINS + 1)
    head = LEGEND_ROW * len(sides) + 12
    with house_style():
        figure = blank(width, head + PLOT + FOOT)
        page = sheet(figure)
        bars = [np.histogram(difference[known & side.member], edges)[0] for side in sides]
        most = float(np.sum(bars, axis=0).max(initial=1))
        marks = ticks(0, most * 1.05, 5)
        left = max(width_of(f"{mark:g}", SMALL) for mark in marks) + 10
        axes = panel(figure, left, head, width - left - 10, PLOT)
        under = np.zeros(BINS)
        for number, (bar, colour) in enumerate(zip(bars, COLOURS, strict=False)):
            axes.bar(
                edges[:-1], bar, np.diff(edges), bottom=under, align="edge", color=colour.light, linewidth=0
            )
            under = under + bar
            _legend(page, number, sides[number].words, width)
        _dress(axes, low, high, marks, most)
        write(page, left, head + PLOT + 34, shorten(axis, width - left, SMALL), size=SMALL, colour=MUTED)
        write(page, width, head - 6, count, ha="right", size=SMALL, colour=MUTED)
    return figure


def _legend(page: Axes, row: int, words: str, width: float) -> None:
    y = 10 + LEGEND_ROW * row
    page.plot([8], [y], marker="s", markersize=8, color=COLOURS[row].light)
    write(page, 20, y, shorten(words, width - 24, SMALL), size=SMALL)


def _dress(axes: Axes, low: float, high: float, marks: Sequence[float], most: float) -> None:
    along = ticks(low, high, 5)
    axes.set_xlim(low, high)
    axes.set_ylim(0, most * 1.05)
    axes.set_xticks(along, [f"{mark:+g}".replace("-", "−") if mark else "0" for mark in along])
    axes.set_yticks(marks, [f"{mark:g}" for mark in marks])
    axes.grid(axis="y", color=RULE.light)
    axes.axvline(0, color=INK.light, linewidth=1)


def _reach(values: NDArray[np.float64]) -> tuple[float, float]:
    low = min(0.0, float(values.min(initial=0.0)))
    high = max(0.0, float(values.max(initial=0.0)))
    room = 0.03 * (high - low) or 1.0
    return low - room, high + room
