"""Drawing a log beside a simulated one: two lines, or two stacked bars."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from evenhand.analysis.charts import Bar, Line, Part, lines_over_time, stacked_bars
from evenhand.analysis.charts.palette import (
    AMBER,
    BLUE,
    GREEN,
    INK,
    PAPER,
    PURPLE,
    SKY,
    SLATE,
    VERMILLION,
    Fill,
)
from evenhand.analysis.report.calibration_texts import texts
from evenhand.analysis.report.exhibit import Panel
from evenhand.analysis.report.numbers import percent

Floats = NDArray[np.float64]
POINTS = 120
_FILLS = (
    Fill(BLUE, "", PAPER),
    Fill(VERMILLION, "", PAPER),
    Fill(GREEN, "", PAPER),
    Fill(PURPLE, "", PAPER),
    Fill(AMBER, "", PAPER),
    Fill(SKY, "////", PAPER),
    Fill(SLATE, "", PAPER),
    Fill(INK, "////", PAPER),
    Fill(BLUE, "////", PAPER),
    Fill(VERMILLION, "////", PAPER),
    Fill(GREEN, "////", PAPER),
)


def steps(values: Floats, grid: Floats) -> Floats:
    """Share of the values up to each point of a grid."""
    known = np.sort(values[~np.isnan(values)])
    return np.searchsorted(known, grid, "right") / max(len(known), 1)


def _two_lines(real: Floats, made: Floats, grid: Floats) -> list[Line]:
    none = np.full(len(grid), np.nan)
    return [
        Line(name, grid, steps(values, grid), none, none)
        for name, values in ((texts.LOG, real), (texts.SIMULATED, made))
        if len(values)
    ]


def two_curves(
    real: Floats, made: Floats, grid: Floats, x_axis: str, y_axis: str
) -> Callable[[float], Figure]:
    """A chart of both distribution functions, drawn when it is known how wide it may be."""
    lines = _two_lines(real, made, grid)
    return lambda width: lines_over_time(
        lines, x_axis=x_axis, y_axis=y_axis, percent=True, floor=0.0, ceiling=1.0, from_zero=True, width=width
    )


def two_bars(
    key: str, title: str, log: Any, made: Any, names: list[str], n: tuple[int, int]
) -> tuple[Panel, list[tuple[str, ...]]]:
    """Two stacked bars, log over simulated, of those parts that either has."""
    use = [i for i in range(len(names)) if log[i] or made[i]]
    parts = [Part(names[i], _FILLS[k % len(_FILLS)]) for k, i in enumerate(use)]
    bars = [
        Bar(texts.LOG, tuple(float(log[i]) for i in use), n[0]),
        Bar(texts.SIMULATED, tuple(float(made[i]) for i in use), n[1]),
    ]
    rows: list[tuple[str, ...]] = [
        (names[i], percent(log[i] / max(sum(log), 1)), percent(made[i] / max(sum(made), 1))) for i in use
    ]
    said = "; ".join(f"{row[0]}: {row[1]} and {row[2]}" for row in rows)
    return Panel(key, title, said, lambda width: stacked_bars(bars, parts, width=width), wide=True), rows
