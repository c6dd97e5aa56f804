"""A rate in every pairing of two groupings: a cell fills with its value and fades with its doubt."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from evenhand.analysis.charts.canvas import blank, house_style, put, sheet, write
from evenhand.analysis.charts.palette import INK, MUTED, RULE, SOFT_AMBER, SOFT_BLUE, Colour
from evenhand.analysis.charts.words import SIZE, SMALL, broken, n_of, per_cent, shorten, width_of

CELL = 66.0
GAP = 4.0
FAINTEST = 0.2
"""Opacity of a cell that is as unsure as can be."""
TINTS: tuple[Colour, ...] = (SOFT_BLUE, SOFT_AMBER)


class Cell(NamedTuple):
    """A share, half the width of its interval (NaN without one), and how many cases it counts."""

    value: float
    half_width: float
    n: int


def opacity(half_width: float, unsure: float) -> float:
    """How strongly a cell is coloured: full at a half-width of 0, faintest at `unsure` and without one."""
    if not isfinite(half_width):
        return FAINTEST
    return FAINTEST + (1 - FAINTEST) * (1 - min(half_width / unsure, 1.0))


def _percent(share: float) -> str:
    return per_cent(f"{100 * share:.1f}")


def _box(axes: Axes, x: float, y: float, width: float, height: float, **look: object) -> None:
    put(axes, Rectangle((x, y), width, height, **look))  # type: ignore[arg-type]  # patch settings


def _draw(
    axes: Axes,
    cell: Cell,
    x: float,
    y: float,
    width: float,
    full: float,
    unsure: float,
    tint: Colour,
    words: tuple[str, str],
) -> None:
    """One cell: the colour stands as high as the value is of the largest."""
    undefined, no_interval = words
    middle, inner = x + width / 2, width - 6
    known = isfinite(cell.value)
    if known and cell.value > 0:
        high = CELL * min(cell.value / full, 1.0)
        _box(
            axes,
            x,
            y + CELL - high,
            width,
            high,
            facecolor=tint.light,
            linewidth=0,
            alpha=opacity(cell.half_width, unsure),
        )
    edge = {"facecolor": "none", "edgecolor": RULE.light, "linewidth": 1}
    if not known:
        edge |= {"hatch": "////", "linestyle": (0, (3, 2))}
    _box(axes, x, y, width, CELL, **edge)
    value = _percent(cell.value) if known else undefined
    sure = no_interval if not isfinite(cell.half_width) else f"± {100 * cell.half_width:.1f}"
    write(
        axes,
        middle,
        y + 17,
        shorten(value, inner),
        ha="center",
        weight="bold" if known else "normal",
        colour=INK if known else MUTED,
    )
    if known:
        write(axes, middle, y + 35, shorten(sure, inner, 11), ha="center", size=11)
    write(axes, middle, y + 52, shorten(n_of(cell.n), inner, 11), ha="center", size=11)


def _column(axes: Axes, name: str, middle: float, room: float) -> None:
    """The name of a column, smaller and in two lines where it is too long for one."""
    lines, size = broken(name, room), SIZE
    if len(lines) > 1 or lines[0].endswith("…"):
        size = next((s for s in (11.0, 10.0, 9.0) if all(width_of(w, s) <= room for w in name.split())), 8.0)
        lines = broken(name, room, size)
    for i, line in enumerate(lines):
        write(axes, middle, 32 + (i - len(lines) + 1) * size, line, ha="center", size=size)


def group_grid(
    cells: Sequence[Sequence[Cell]],
    rows: Sequence[str],
    columns: Sequence[str],
    *,
    row_axis: str,
    column_axis: str,
    note: str,
    undefined: str = "undefined",
    no_interval: str = "no interval",
    full: float | None = None,
    unsure: float | None = None,
    tint: int = 0,
    width: float = 464,
) -> Figure:
    """Draw shares by two groupings, with half-width and n in every cell.

    `full` is the share that fills a cell and `unsure` the half-width at which colour is faintest; give
    the same to charts that are compared, they default to the largest ones here. `tint` 0 or 1 chooses
    the colour. `note` says under the grid how it is read.
    """
    every = [cell for row in cells for cell in row]
    top_value = full or max((c.value for c in every if isfinite(c.value)), default=0.0) or 1.0
    widest = unsure or max((c.half_width for c in every if isfinite(c.half_width)), default=0.0) or 1.0
    left = min(max((width_of(name) for name in (*rows, row_axis)), default=0.0) + 16, width * 0.34)
    each = (width - left) / max(len(columns), 1)
    height = 44 + (CELL + GAP) * len(rows) + 24
    with house_style():
        figure = blank(width, height)
        axes = sheet(figure)
        write(
            axes,
            left + (width - left) / 2,
            8,
            shorten(column_axis, width - left, SMALL),
            ha="center",
            size=SMALL,
            colour=MUTED,
        )
        write(axes, 0, 32, shorten(row_axis, left - 8, SMALL), size=SMALL, colour=MUTED)
        for j, name in enumerate(columns):
            _column(axes, name, left + each * (j + 0.5), each - 4)
        for i, (name, row) in enumerate(zip(rows, cells, strict=True)):
            y = 44 + (CELL + GAP) * i
            write(axes, left - 12, y + CELL / 2, shorten(name, left - 12), ha="right")
            for j, cell in enumerate(row):
                x = left + each * j + GAP / 2
                _draw(axes, cell, x, y, each - GAP, top_value, widest, TINTS[tint], (undefined, no_interval))
        write(axes, 0, height - 10, shorten(note, width, SMALL), size=SMALL, colour=MUTED)
    return figure
