"""Both kinds of error over the standard of proof: two lines a group, and a mark where the rules stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from evenhand.analysis.charts.lines import Line, lines_over_time
from evenhand.analysis.charts.palette import INK

Floats = NDArray[np.float64]


class Course(NamedTuple):
    """A line: its name and a share at every standard."""

    name: str
    shares: Floats


def standards(
    grid: Floats, courses: Sequence[Course], at: float, *, y_axis: str, x_axis: str, width: float = 760
) -> Figure:
    """Draw shares over standards of proof in percent, with an upright line at the one in force."""
    none = np.full(len(grid), np.nan)
    lines = [Line(one.name, grid, one.shares, none, none) for one in courses]
    figure = lines_over_time(
        lines, y_axis=y_axis, x_axis=x_axis, percent=True, floor=0.0, ceiling=1.0, from_zero=True, width=width
    )
    ends = float(grid[0]), float(grid[-1])
    axes = next(one for one in figure.axes if one.get_xlim() == ends)
    axes.axvline(at, color=INK.light, linewidth=1.2, dashes=(4, 3))
    return figure
