"""Two metrics against each other: a mark a policy, its worlds behind it, and how sure the front is."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from evenhand.analysis.charts.canvas import blank, house_style, panel, put, sheet, spread, ticks, write
from evenhand.analysis.charts.palette import LOOKS, MUTED, PAPER, RULE, Look
from evenhand.analysis.charts.words import SMALL, shorten, width_of
from evenhand.locale.current import gettext

Floats = NDArray[np.float64]
HEAD = 30.0
PLOT = 320.0
ROW = 20.0
FOOT = 66.0


class Rival(NamedTuple):
    """A policy: its values in each world, with the means and their intervals, on both axes."""

    name: str
    x: Floats
    y: Floats
    x_interval: tuple[float, float] | None
    y_interval: tuple[float, float] | None
    probability: float
    """That it is on the front; NaN where that is not known."""


class Scale(NamedTuple):
    """One axis: what it shows, what 1 is drawn as (100 for shares in percent), which way is better."""

    title: str
    factor: float
    unit: str
    better: int
    """1 towards more, -1 towards less, 0 neither."""


def _reach(values: Sequence[Floats], intervals: Sequence[tuple[float, float] | None]) -> tuple[float, float]:
    ends = [np.asarray(interval) for interval in intervals if interval]
    numbers = np.concatenate([[], *values, *ends])
    numbers = numbers[np.isfinite(numbers)]
    if not len(numbers):
        return 0.0, 1.0
    low, high = float(numbers.min()), float(numbers.max())
    room = 0.08 * (high - low) or max(0.05 * abs(high), 1e-3)
    return low - room, high + room


def _mean(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


def _draw(axes: Axes, rival: Rival, look: Look) -> None:
    """Worlds as faint dots, the mean as a marker with a bar along either axis."""
    colour, x, y = look.colour.light, _mean(rival.x), _mean(rival.y)
    axes.plot(rival.x, rival.y, linestyle="none", marker=".", markersize=5, color=colour, alpha=0.45)
    if rival.x_interval:
        axes.plot(rival.x_interval, [y, y], color=colour, linewidth=2)
    if rival.y_interval:
        axes.plot([x, x], rival.y_interval, color=colour, linewidth=2)
    axes.plot([x], [y], marker=look.marker, markersize=9, color=colour, markeredgewidth=0, zorder=4)


def titled(scale: Scale, better: str, arrow: str) -> str:
    """The title of an axis and which way along it is better."""
    title = scale.title
    if scale.unit:
        title = gettext("{title} ({unit})").format(title=title, unit=scale.unit)
    if scale.better == 0:
        return title
    way = f"{better} {arrow[1]}" if scale.better > 0 else f"{better} {arrow[0]}"
    return gettext("{title}, {way}").format(title=title, way=way)


def pareto(
    rivals: Sequence[Rival],
    x: Scale,
    y: Scale,
    *,
    front: str,
    unknown: str,
    note: str,
    better: str,
    width: float = 640,
) -> Figure:
    """Draw policies by two metrics; the rows under the chart are the legend.

    `front` is a text with a field for the probability of being on the front, `unknown` stands where it
    is not known; `better` is written at each axis towards its better end; `note` says what is drawn.
    At most as many policies as there are looks are drawn.
    """
    shown = list(zip(rivals, LOOKS, strict=False))
    reach_x = _reach([r.x for r, _ in shown], [r.x_interval for r, _ in shown])
    reach_y = _reach([r.y for r, _ in shown], [r.y_interval for r, _ in shown])
    rows = HEAD + PLOT + FOOT
    with house_style():
        figure = blank(width, rows + ROW * len(shown))
        page = sheet(figure)
        marks_y = ticks(*reach_y, 8)
        labels_y = axis_labels(marks_y, y.factor)
        left = max(width_of(text, SMALL) for text in labels_y) + 12
        plot = width - left - 14
        axes = panel(figure, left, HEAD, plot, PLOT)
        axes.set_xlim(*reach_x)
        axes.set_ylim(*reach_y)
        marks_x = ticks(*reach_x, 9 if plot > 500 else 5)
        axes.set_xticks(marks_x, axis_labels(marks_x, x.factor))
        axes.set_yticks(marks_y, labels_y)
        axes.grid(color=RULE.light)
        write(page, 0, 12, shorten(titled(y, better, "↓↑"), width, SMALL), size=SMALL, colour=MUTED)
        write(
            page,
            left + plot,
            HEAD + PLOT + 31,
            shorten(titled(x, better, "←→"), width, SMALL),
            size=SMALL,
            colour=MUTED,
            ha="right",
        )
        write(page, 0, HEAD + PLOT + 52, shorten(note, width, SMALL), size=SMALL, colour=MUTED)
        names = max((width_of(rival.name, SMALL) for rival, _ in shown), default=0.0)
        for number, (rival, look) in enumerate(shown):
            middle = rows + ROW * (number + 0.5)
            page.plot([8], [middle], marker=look.marker, markersize=8, color=look.colour.light)
            known = isfinite(rival.probability)
            said = front.format(probability=chance(rival.probability)) if known else unknown
            room = width - 20 - width_of(said, SMALL) - 24
            write(page, 20, middle, shorten(rival.name, room, SMALL), size=SMALL)
            beside = min(20 + names + 24, width - width_of(said, SMALL))
            write(page, beside, middle, said, size=SMALL, colour=MUTED)
            _draw(axes, rival, look)
        _names(sheet(figure), shown, reach_x, reach_y, left, plot)
    return figure


def _names(
    page: Axes,
    shown: Sequence[tuple[Rival, Look]],
    reach_x: tuple[float, float],
    reach_y: tuple[float, float],
    left: float,
    plot: float,
) -> None:
    """Names beside the means, on the side where there is room, none over another."""
    spots = []
    for rival, look in shown:
        x, y = _mean(rival.x), _mean(rival.y)
        if isfinite(x) and isfinite(y):
            across = left + plot * (x - reach_x[0]) / (reach_x[1] - reach_x[0])
            down = HEAD + PLOT * (reach_y[1] - y) / (reach_y[1] - reach_y[0])
            spots.append((rival.name, look, across, down))
    heights = spread([down - 13 for *_, down in spots], 15, HEAD + 6, HEAD + PLOT - 6)
    for (name, look, across, _), down in zip(spots, heights, strict=True):
        right = across < left + plot / 2
        room = (left + plot - across if right else across - left) - 12
        text, x = shorten(name, room, SMALL), across + (10 if right else -10)
        long = width_of(text, SMALL) + 6
        corner = (x - 3 if right else x + 3 - long, down - 9)
        put(page, Rectangle(corner, long, 18, facecolor=PAPER.light, alpha=0.8, linewidth=0))
        write(
            page,
            x,
            down,
            text,
            size=SMALL,
            colour=look.colour,
            ha="left" if right else "right",
            weight="bold",
        )


def axis_labels(marks: Sequence[float], factor: float = 1.0) -> list[str]:
    """Marks of an axis, as they are written beside it."""
    return [f"{factor * mark:,.6g}".replace("-", "−") for mark in marks]


def chance(probability: float) -> str:
    """A probability from resamples: never written as surer than they are."""
    if probability > 0.995 and probability < 1:
        return ">0.99"
    if 0 < probability < 0.005:
        return "<0.01"
    return f"{probability:.2f}"
