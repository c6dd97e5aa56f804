"""Estimates side by side: a dot, a bar for its interval, and value and n beside it."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from evenhand.analysis.charts.canvas import blank, house_style, panel, sheet, ticks, write
from evenhand.analysis.charts.palette import BLUE, INK, MUTED, RULE, VERMILLION, Colour
from evenhand.analysis.charts.words import SMALL, n_of, per_cent, shorten, width_of

ROW = 26.0
AXIS = 60.0


class Dot(NamedTuple):
    """One estimate: its value and interval as shares (NaN = undefined, None = no interval)."""

    name: str
    value: float
    interval: tuple[float, float] | None
    n: int


class Block(NamedTuple):
    """Estimates that belong together, under a heading."""

    heading: str
    dots: tuple[Dot, ...]


LOOKS: tuple[tuple[Colour, str], ...] = ((INK, "D"), (BLUE, "o"), (VERMILLION, "s"))
"""Colour and marker of the first, second and third block."""


def _end(dots: Sequence[Dot]) -> float:
    """Where the axis ends: a little beyond the largest number, at most 1."""
    numbers = [d.value for d in dots] + [d.interval[1] for d in dots if d.interval]
    largest = max((x for x in numbers if isfinite(x)), default=1.0)
    return min(max(1.08 * largest, 0.02), 1.0)


def _draw(axes: Axes, dot: Dot, row: float, colour: Colour, marker: str) -> None:
    if not isfinite(dot.value):
        return
    if dot.interval:
        axes.plot(dot.interval, [row, row], color=colour.light, linewidth=2.5, solid_capstyle="butt")
    axes.plot([dot.value], [row], marker=marker, color=colour.light, markersize=7, clip_on=False)


def interval_dots(
    blocks: Sequence[Block], *, axis: str, note: str, undefined: str = "undefined", width: float = 464
) -> Figure:
    """Draw shares with their intervals, one row each, block under block.

    `axis` is written under the axis, and under that a note that says what the bars cover;
    `undefined` stands in the place of a share that has no value.
    """
    dots = [dot for block in blocks for dot in block.dots]
    written = [per_cent(f"{100 * d.value:.1f}") if isfinite(d.value) else undefined for d in dots]
    counts = [n_of(d.n) for d in dots]
    labels = min(max((width_of(d.name) for d in dots), default=0.0) + 14, width * 0.32)
    numbers = max((width_of(text, SMALL) for text in counts), default=0.0) + 16
    values = max((width_of(text, SMALL) for text in written), default=0.0) + 10
    rows = len(dots) + sum(1 for block in blocks if block.heading)
    with house_style():
        figure = blank(width, rows * ROW + AXIS)
        page = sheet(figure)
        axes = panel(figure, labels, 0, width - labels - values - numbers, rows * ROW)
        end = _end(dots)
        marks = ticks(0, end, 5)
        axes.set_xlim(0, end)
        axes.set_ylim(rows, 0)
        axes.set_yticks([])
        axes.set_xticks(marks, [per_cent(f"{100 * mark:.3g}") for mark in marks])
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x", color=RULE.light)
        row, texts = 0.5, iter(zip(written, counts, strict=True))
        for block, (colour, marker) in zip(blocks, LOOKS, strict=False):
            if block.heading:
                write(page, 0, row * ROW + 2, block.heading, weight="bold", size=SMALL, colour=MUTED)
                row += 1
            for dot in block.dots:
                value, count = next(texts)
                quiet = INK if isfinite(dot.value) else MUTED
                write(page, labels - 10, row * ROW, shorten(dot.name, labels - 10), ha="right")
                write(page, width - numbers, row * ROW, value, ha="right", size=SMALL, colour=quiet)
                write(page, width, row * ROW, count, ha="right", size=SMALL, colour=MUTED)
                _draw(axes, dot, row, colour, marker)
                row += 1
        write(page, labels, rows * ROW + 33, axis, size=SMALL, colour=MUTED)
        write(page, labels, rows * ROW + 49, note, size=SMALL, colour=MUTED)
    return figure
