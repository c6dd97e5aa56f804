"""A figure of a given size in pixels, in the house style, whatever the reader's matplotlib settings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from evenhand.analysis.charts.palette import INK, MUTED, PAPER, RULE, Colour
from evenhand.analysis.charts.words import SIZE, SMALL, shorten

UNITS_AN_INCH = 72
STYLE: dict[str, Any] = {
    "figure.dpi": UNITS_AN_INCH,
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "axes.edgecolor": MUTED.light,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "font.family": "sans-serif",
    "font.size": SIZE,
    "text.color": INK.light,
    "text.parse_math": False,  # a dollar sign in a name is a dollar sign
    "text.usetex": False,
    "xtick.color": MUTED.light,
    "xtick.labelsize": SMALL,
    "ytick.color": MUTED.light,
    "ytick.labelsize": SMALL,
    "xtick.major.size": 4,
    "ytick.major.size": 0,
    "grid.color": RULE.light,
    "grid.linewidth": 0.8,
    "hatch.linewidth": 1.2,
    "svg.fonttype": "none",
    "path.simplify": True,
}


@contextmanager
def house_style() -> Iterator[None]:
    """Matplotlib's own defaults and this style on top; the caller's settings come back afterwards."""
    with mpl.rc_context():
        mpl.rcdefaults()
        settings: Any = mpl.rcParams  # its type wants every key spelt out
        settings.update(STYLE)
        yield


def blank(width: float, height: float) -> Figure:
    """An empty figure of a size in pixels."""
    return Figure(figsize=(width / UNITS_AN_INCH, height / UNITS_AN_INCH), dpi=UNITS_AN_INCH)


def panel(figure: Figure, left: float, top: float, width: float, height: float) -> Axes:
    """Axes at a place in the figure, in pixels from its top left corner."""
    whole_width, whole_height = figure.get_size_inches() * UNITS_AN_INCH
    bottom = whole_height - top - height
    return figure.add_axes(
        (left / whole_width, bottom / whole_height, width / whole_width, height / whole_height)
    )


def sheet(figure: Figure) -> Axes:
    """Axes that cover the whole figure without frame, in pixels from its top left corner."""
    width, height = figure.get_size_inches() * UNITS_AN_INCH
    axes = panel(figure, 0, 0, width, height)
    axes.set_axis_off()
    axes.set_xlim(0, width)
    axes.set_ylim(height, 0)
    return axes


def ticks(low: float, high: float, most: int, *, whole: bool = False) -> list[float]:
    """At most so many round values between two numbers, `whole` ones only where that is asked."""
    if high <= low:
        return [low]
    values = MaxNLocator(nbins=max(most - 1, 1), steps=[1, 2, 2.5, 5, 10], integer=whole).tick_values(
        low, high
    )
    slack = 1e-9 * (high - low)
    inside = [float(v) + 0.0 for v in values if low - slack <= v <= high + slack]
    return inside or [low]


def write(
    axes: Axes,
    x: float,
    y: float,
    text: str,
    *,
    colour: Colour = INK,
    size: float = SIZE,
    ha: str = "left",
    va: str = "center",
    weight: str = "normal",
    zorder: float = 5,
) -> None:
    """Put a text at a place; in data coordinates, never clipped by the axes."""
    axes.text(
        x,
        y,
        text,
        color=colour.light,
        fontsize=size,
        ha=ha,
        va=va,
        fontweight=weight,
        parse_math=False,
        zorder=zorder,
    )


def mark(
    axes: Axes, x: float, y: float, look: tuple[Colour, str, bool], *, size: float = 7.0, **more: Any
) -> None:
    """Mark an estimate by a colour, a marker, and whether the marker is filled."""
    colour, marker, filled = look
    axes.plot(
        [x],
        [y],
        marker=marker,
        markersize=size,
        color=colour.light,
        markeredgewidth=1.6,
        markerfacecolor=(colour if filled else PAPER).light,
        **more,
    )


def put(axes: Axes, shape: Patch) -> None:
    """Put a shape on axes whose limits are set.

    `add_patch` would work out how far it reaches, to widen the limits, which takes as long as drawing it.
    """
    axes.add_artist(shape)


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Places as near as possible to those wanted, in the same order, at least `gap` apart.

    Used for labels at the ends of lines. Where there is no room for all, they share it evenly.
    """
    n = len(wanted)
    if n == 0:
        return []
    gap = min(gap, (high - low) / max(n - 1, 1))
    order = sorted(range(n), key=lambda i: wanted[i])
    placed = [0.0] * n
    floor = low
    for i in order:
        placed[i] = max(wanted[i], floor)
        floor = placed[i] + gap
    ceiling = high
    for i in reversed(order):
        placed[i] = min(placed[i], ceiling)
        ceiling = placed[i] - gap
    return placed


def empty(width: float, height: float, message: str) -> Figure:
    """A figure that says why there is nothing to draw."""
    with house_style():
        figure = blank(width, height)
        write(sheet(figure), width / 2, height / 2, shorten(message, width), colour=MUTED, ha="center")
    return figure


def rows_about_nothing(axes: Axes, low: float, high: float, rows: int, most: int) -> None:
    """Make axes for differences: rows from top to bottom, signed marks, and a line at nothing."""
    marks = ticks(low, high, most)
    axes.set_xlim(low, high)
    axes.set_ylim(rows, 0)
    axes.set_yticks([])
    axes.set_xticks(marks, [f"{mark:+g}".replace("-", "−") if mark else "0" for mark in marks])
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=RULE.light)
    axes.axvline(0, color=INK.light, linewidth=1)
