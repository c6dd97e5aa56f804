"""A legend of filled samples and their names, in rows as long as there is room."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from evenhand.analysis.charts.canvas import put, write
from evenhand.analysis.charts.palette import PAPER, Fill
from evenhand.analysis.charts.words import SIZE, shorten, width_of

ROW = 20.0
SAMPLE = 18.0


def _spots(names: Sequence[str], width: float) -> list[tuple[float, float]]:
    """Where each entry begins, from the top left corner."""
    spots, x, y = [], 0.0, 0.0
    for name in names:
        needs = SAMPLE + 6 + width_of(name) + 18
        if x > 0 and x + needs - 18 > width:
            x, y = 0.0, y + ROW
        spots.append((x, y))
        x += needs
    return spots


def legend_height(names: Sequence[str], width: float) -> float:
    """How high the legend will be."""
    return _spots(names, width)[-1][1] + ROW


def patch(axes: Axes, x: float, y: float, width: float, height: float, fill: Fill) -> None:
    """A filled rectangle in the look of a part, parted from its neighbours by a line of paper."""
    put(
        axes,
        Rectangle(
            (x, y),
            width,
            height,
            facecolor=fill.colour.light,
            linewidth=0,
            hatch=fill.hatch or None,
            edgecolor=fill.lines.light,
        ),
    )
    put(axes, Rectangle((x, y), width, height, facecolor="none", edgecolor=PAPER.light, linewidth=1))


def legend(axes: Axes, entries: Sequence[tuple[str, Fill]], left: float, top: float, width: float) -> None:
    """Samples and names, on axes in pixels."""
    for (name, fill), (x, y) in zip(entries, _spots([n for n, _ in entries], width), strict=True):
        patch(axes, left + x, top + y + 3, SAMPLE, 12, fill)
        write(axes, left + x + SAMPLE + 6, top + y + 9.5, shorten(name, width - SAMPLE - 6, SIZE))
