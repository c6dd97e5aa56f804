"""Charts of a calibration: distances beside their floor, and ranges that a log leaves open."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from evenhand.analysis.charts.canvas import blank, house_style, panel, sheet, ticks, write
from evenhand.analysis.charts.palette import (
    BLUE,
    INK,
    LOOKS,
    MUTED,
    RULE,
    SLATE,
    SOFT_BLUE,
    SOFT_SLATE,
    VERMILLION,
)
from evenhand.analysis.charts.words import SMALL, shorten, width_of

ROW = 26.0
HEAD = 24.0
FOOT = 56.0


class FitGap(NamedTuple):
    """One respect: the distance of each rival, and the mean and the end of the floor."""

    name: str
    values: tuple[float, ...]
    floor: float
    floor_high: float


def gap_dots(
    gaps: Sequence[FitGap], rivals: Sequence[str], *, floor: str, axis: str, note: str, width: float = 960
) -> Figure:
    """Draw distances, one row a respect and one mark a rival, over a bar for the noise floor."""
    names = [*rivals, floor]
    left = min(max((width_of(gap.name) for gap in gaps), default=0.0) + 14, width * 0.42)
    numbers = width_of("0.000", SMALL) + 10
    plot, high = width - left - numbers, HEAD + ROW * len(gaps)
    known = [x for gap in gaps for x in (*gap.values, gap.floor_high) if isfinite(x)]
    end = min(1.06 * max(known, default=1.0), 1.0)
    with house_style():
        figure = blank(width, high + FOOT + 18 * (len(names) - 1))
        page = sheet(figure)
        axes = panel(figure, left, HEAD, plot, high - HEAD)
        marks = ticks(0, end, 6)
        axes.set_xlim(0, end)
        axes.set_ylim(len(gaps), 0)
        axes.set_yticks([])
        axes.set_xticks(marks, [f"{mark:g}" for mark in marks])
        axes.grid(axis="x", color=RULE.light)
        axes.spines["left"].set_visible(False)
        write(page, left, 10, axis, size=SMALL, colour=MUTED)
        for row, gap in enumerate(gaps):
            middle = HEAD + ROW * (row + 0.5)
            write(page, left - 10, middle, shorten(gap.name, left - 10), ha="right")
            if isfinite(gap.floor_high):
                axes.add_patch(
                    Rectangle((0, row + 0.22), gap.floor_high, 0.56, facecolor=SOFT_SLATE.light, linewidth=0)
                )
                axes.plot([gap.floor] * 2, [row + 0.22, row + 0.78], color=SLATE.light, linewidth=2)
            for number, (value, look) in reversed(list(enumerate(zip(gap.values, LOOKS, strict=False)))):
                if isfinite(value):
                    axes.plot(
                        [value],
                        [row + 0.5],
                        marker=look.marker,
                        color=look.colour.light,
                        clip_on=False,
                        markersize=9 if number == 0 else 7,
                        zorder=4 - 0.1 * number,
                    )
            first = gap.values[0] if gap.values else float("nan")
            write(page, width, middle, f"{first:.3f}" if isfinite(first) else "–", ha="right", size=SMALL)
        for number, name in enumerate(names):
            y = high + 34 + 18 * number
            if number < len(rivals):
                look = LOOKS[number]
                page.plot([8], [y], marker=look.marker, color=look.colour.light, markersize=7)
            else:
                page.add_patch(Rectangle((0, y - 6), 16, 12, facecolor=SOFT_SLATE.light, linewidth=0))
                page.plot([9, 9], [y - 6, y + 6], color=SLATE.light, linewidth=2)
            words = f"{name}. {note}" if number == len(rivals) else name
            write(page, 24, y, shorten(words, width - 24, SMALL), size=SMALL)
    return figure


class Range(NamedTuple):
    """One setting: where its value and those as good lie in the range that was searched, from 0 to 1."""

    name: str
    value: float
    low: float
    high: float
    written: str
    kept: bool


def range_bars(ranges: Sequence[Range], *, axis: str, width: float = 960) -> Figure:
    """Draw ranges left open, one row a setting; those put back are pale, with a cross."""
    left = min(max((width_of(one.name) for one in ranges), default=0.0) + 14, width * 0.46)
    right = max((width_of(one.written, SMALL) for one in ranges), default=0.0) + 14
    high = HEAD + ROW * len(ranges)
    with house_style():
        figure = blank(width, high + 14)
        page = sheet(figure)
        axes = panel(figure, left, HEAD, width - left - right, high - HEAD)
        axes.set_xlim(0, 1)
        axes.set_ylim(len(ranges), 0)
        axes.set_xticks([])
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.spines["bottom"].set_visible(False)
        write(page, left, 10, shorten(axis, width - left, SMALL), size=SMALL, colour=MUTED)
        for row, one in enumerate(ranges):
            middle = HEAD + ROW * (row + 0.5)
            write(
                page,
                left - 10,
                middle,
                shorten(one.name, left - 10),
                ha="right",
                colour=INK if one.kept else MUTED,
            )
            axes.plot([0, 1], [row + 0.5] * 2, color=RULE.light, linewidth=2)
            tint = SOFT_BLUE if one.kept else SOFT_SLATE
            axes.add_patch(
                Rectangle(
                    (one.low, row + 0.25),
                    max(one.high - one.low, 0.004),
                    0.5,
                    facecolor=tint.light,
                    linewidth=0,
                )
            )
            if 0 <= one.value <= 1:
                colour = (BLUE if one.kept else VERMILLION).light
                axes.plot(
                    [one.value],
                    [row + 0.5],
                    marker="o" if one.kept else "x",
                    markersize=7,
                    color=colour,
                    clip_on=False,
                )
            write(page, width, middle, one.written, ha="right", size=SMALL, colour=INK if one.kept else MUTED)
    return figure
