"""What changes over time: a line a group, its name at its end, and a band where there is one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter
from numpy.typing import NDArray

from evenhand.analysis.charts.canvas import blank, house_style, panel, sheet, spread, ticks, write
from evenhand.analysis.charts.dates import Days, date_ticks, mark_days
from evenhand.analysis.charts.palette import LOOKS, MUTED, RULE, Look
from evenhand.analysis.charts.words import SMALL, per_cent, shorten, width_of
from evenhand.locale.formats import numerals

PLOT = 220.0
HEAD = 26.0
FOOT = 44.0
MARKS = 6
DATE = 62.0
"""Room for a date."""


class Line(NamedTuple):
    """One group's values over days; NaN where there is none. `low` and `high` may be all NaN."""

    name: str
    days: NDArray[np.float64]
    value: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def _range(lines: Sequence[Line], floor: float | None, ceiling: float | None) -> tuple[float, float]:
    """From the lowest to the highest number drawn, a little wider, inside floor and ceiling."""
    numbers = np.concatenate([[], *[np.concatenate([line.value, line.low, line.high]) for line in lines]])
    numbers = numbers[np.isfinite(numbers)]
    low, high = (float(numbers.min()), float(numbers.max())) if len(numbers) else (0.0, 1.0)
    flat = high - low < 1e-6 * max(abs(high), 1e-6)  # no change but for rounding
    margin = (0.05 * abs(high) or 1.0) if flat else 0.08 * (high - low)
    low, high = low - margin, high + margin
    low = low if floor is None else max(low, floor)
    high = high if ceiling is None else min(high, ceiling)
    return (low, high) if high > low else (low, low + 1.0)


def _labels(marks: Sequence[float], percent: bool) -> list[str]:
    """Round values as they are written, all with the same number of decimals."""
    scaled = [100 * mark if percent else mark for mark in marks]
    decimals = max(len(f"{value:.6g}".partition(".")[2]) for value in scaled)
    written = [f"{value:,.{decimals}f}" for value in scaled]
    return [per_cent(one) if percent else numerals(one) for one in written]


def _draw(axes: Axes, line: Line, look: Look, shift: float) -> None:
    known = np.flatnonzero(np.isfinite(line.value))
    if np.isfinite(line.low).any():
        axes.fill_between(line.days, line.low, line.high, color=look.colour.light, alpha=0.16, linewidth=0)
    axes.plot(
        line.days, line.value, color=look.colour.light, linewidth=1.8, dashes=look.dashes or (None, None)
    )
    before_the_end = max(len(known) - 1, 1)  # at its end a line has its name and a marker beside it
    spots = known[np.unique(((np.arange(MARKS) + shift) / MARKS * before_the_end).astype(int))]
    axes.plot(
        line.days[spots],
        line.value[spots],
        linestyle="none",
        marker=look.marker,
        markersize=5.5,
        color=look.colour.light,
        clip_on=False,
    )


def lines_over_time(
    lines: Sequence[Line],
    *,
    y_axis: str,
    x_axis: str = "",
    days: Days | None = None,
    percent: bool = False,
    floor: float | None = None,
    ceiling: float | None = None,
    from_zero: bool = False,
    width: float = 464,
) -> Figure:
    """Draw values over days, one line a group with its name at its right end.

    The first lines are drawn, as many as there are looks. With `days` dates stand under the axis and special
    days are marked, else numbers of days. With `percent` the values are shares. The
    axis covers what is drawn, with `from_zero` also zero, and never goes below `floor` or above
    `ceiling`.
    """
    shown = [line for line in lines if np.isfinite(line.value).any()][: len(LOOKS)]
    names = min(max((width_of(line.name, SMALL) for line in shown), default=0.0) + 26, width * 0.34)
    low, high = _range(shown, floor, ceiling)
    low = min(low, 0.0) if from_zero else low
    marks = ticks(low, high, 6)
    written = _labels(marks, percent)
    left = max(width_of(text, SMALL) for text in written) + 10
    right = width - names
    with house_style():
        figure = blank(width, HEAD + PLOT + FOOT)
        page = sheet(figure)
        axes = panel(figure, left, HEAD, right - left, PLOT)
        last = max((float(line.days.max()) for line in shown), default=1.0)
        first = min((float(line.days.min()) for line in shown), default=0.0)
        axes.set_xlim(first, last if last > first else first + 1)
        axes.set_ylim(low, high)
        if days is None:
            axes.set_xticks(ticks(first, last, 6, whole=True))
            axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        else:
            dates = date_ticks(days, first, last, most=max(2, int((right - left) / DATE)))
            axes.set_xticks([one.day for one in dates], [one.written for one in dates])
            mark_days(axes, page, days, left, right, HEAD, HEAD + PLOT + 31)
        axes.set_yticks(marks, written)
        axes.grid(axis="y", color=RULE.light)
        axes.spines["left"].set_visible(False)
        write(page, left, 10, y_axis, size=SMALL, colour=MUTED)
        write(page, right, HEAD + PLOT + 31, x_axis, size=SMALL, colour=MUTED, ha="right")
        ends = []
        for number, (line, look) in enumerate(zip(shown, LOOKS, strict=False)):
            _draw(axes, line, look, (number + 0.5) / len(shown))
            final = line.value[np.isfinite(line.value)][-1]
            ends.append(HEAD + PLOT * (high - final) / (high - low))
        places = spread(ends, 16, HEAD, HEAD + PLOT)
        for line, look, y in zip(shown, LOOKS, places, strict=False):
            page.plot([right + 9], [y], marker=look.marker, markersize=5.5, color=look.colour.light)
            write(page, right + 17, y, shorten(line.name, names - 18, SMALL), size=SMALL, colour=look.colour)
    return figure
