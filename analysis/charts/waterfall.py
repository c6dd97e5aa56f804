"""Where a change comes from: a step for each part, what they do only together, and the whole."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, nan
from typing import Literal, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from evenhand.analysis.charts.canvas import blank, house_style, panel, rows_about_nothing, sheet, write
from evenhand.analysis.charts.palette import AMBER, BLUE, INK, MUTED, PAPER, SLATE, VERMILLION, Colour
from evenhand.analysis.charts.words import SMALL, shorten, width_of

ROW = 34.0
BAR = 18.0
FOOT = 64.0
Kind = Literal["part", "together", "whole"]


class Step(NamedTuple):
    """A change and its interval; a part adds to those before it, the whole starts again from nothing."""

    name: str
    value: float
    interval: tuple[float, float] | None
    written: str
    """The value as a reader wants it."""
    kind: Kind = "part"


def places(steps: Sequence[Step]) -> list[tuple[float, float]]:
    """Where each bar begins and ends; a step that is not known has no length."""
    found, at = [], 0.0
    for step in steps:
        begin = 0.0 if step.kind == "whole" else at
        at = begin + (step.value if isfinite(step.value) else 0.0)
        found.append((begin, at))
    return found


def _look(step: Step) -> tuple[Colour, str]:
    """Up and down by colour and hatch, what is joint and what is all by their own."""
    if step.kind == "whole":
        return SLATE, ""
    if step.kind == "together":
        return AMBER, "xxx"
    return (BLUE, "") if step.value >= 0 else (VERMILLION, "////")


def _draw(axes: Axes, step: Step, row: float, begin: float, end: float) -> None:
    colour, hatch = _look(step)
    axes.add_patch(
        Rectangle(
            (min(begin, end), row - BAR / ROW / 2),
            abs(end - begin),
            BAR / ROW,
            facecolor=colour.light,
            linewidth=0,
            hatch=hatch or None,
            edgecolor=PAPER.light,
        )
    )
    if step.interval:
        ends = [begin + x for x in step.interval]
        axes.plot(ends, [row, row], color=INK.light, linewidth=1.2, marker="|", markersize=7)


def waterfall(steps: Sequence[Step], *, axis: str, note: str, width: float = 464) -> Figure:
    """Draw steps from top to bottom, each beginning where the last one ended, lines in between.

    `axis` is written under the axis, and under that a note that says what the whiskers cover.
    """
    spots = places(steps)
    numbers = [0.0, *(x for spot in spots for x in spot)]
    for step, (begin, _) in zip(steps, spots, strict=True):
        numbers += [begin + x for x in step.interval or () if isfinite(x)]
    low, high = min(numbers), max(numbers)
    room = 0.06 * (high - low) or 1.0
    low, high = low - room if low < 0 else 0.0 - room / 4, high + room if high > 0 else room / 4
    left = min(max((width_of(step.name) for step in steps), default=0.0) + 14, width * 0.36)
    right = max((width_of(step.written, SMALL) for step in steps), default=0.0) + 12
    plot, rows = width - left - right, len(steps)
    with house_style():
        figure = blank(width, ROW * rows + FOOT)
        page = sheet(figure)
        axes = panel(figure, left, 0, plot, ROW * rows)
        rows_about_nothing(axes, low, high, rows, 6 if plot > 300 else 4)
        before = nan
        for row, (step, (begin, end)) in enumerate(zip(steps, spots, strict=True)):
            if step.kind != "whole" and isfinite(before):
                axes.plot(
                    [begin, begin],
                    [row - 0.5, row + 0.5],
                    color=MUTED.light,
                    linewidth=1,
                    linestyle=(0, (2, 2)),
                )
            _draw(axes, step, row + 0.5, begin, end)
            before = end
            middle = ROW * (row + 0.5)
            bold = "bold" if step.kind == "whole" else "normal"
            write(page, left - 10, middle, shorten(step.name, left - 10), ha="right", weight=bold)
            write(page, width, middle, step.written, ha="right", size=SMALL, weight=bold)
        write(page, left, ROW * rows + 33, shorten(axis, width - left, SMALL), size=SMALL, colour=MUTED)
        write(page, left, ROW * rows + 50, shorten(note, width - left, SMALL), size=SMALL, colour=MUTED)
    return figure
