"""A response curve: a metric along one setting, with its interval, and every single point behind it."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter
from numpy.typing import NDArray

from evenhand.analysis.charts.canvas import blank, house_style, panel, sheet, ticks, write
from evenhand.analysis.charts.palette import BLUE, INK, MUTED, RULE, SLATE
from evenhand.analysis.charts.words import SMALL, shorten, width_of

PLOT = 200.0
HEAD = 26.0
FOOT = 46.0

Numbers = NDArray[np.float64]


class ResponseCurve(NamedTuple):
    """A metric by setting; NaN where there is no interval. `cloud` are single points behind it."""

    setting: Numbers
    mean: Numbers
    low: Numbers
    high: Numbers
    cloud: tuple[Numbers, Numbers]


def response_curve(
    curve: ResponseCurve,
    *,
    x_axis: str,
    y_axis: str,
    base: float,
    base_word: str,
    log: bool = False,
    unit: str = "",
    reach: tuple[float, float] | None = None,
    width: float = 464,
) -> Figure:
    """Draw a curve with its band; a line marks the setting as it is, where it is known and on the axis.

    `unit` follows the numbers of the vertical axis, whose ends are `reach` or those of the curve.
    """
    low, high = reach or reach_of([curve])
    marks = ticks(low, high, 6)
    decimals = max(len(f"{mark:.6g}".partition(".")[2]) for mark in marks)
    written = [f"{mark:,.{decimals}f}{unit}".replace("-", "−") for mark in marks]
    left = max(width_of(text, SMALL) for text in written) + 10
    with house_style():
        figure = blank(width, HEAD + PLOT + FOOT)
        page = sheet(figure)
        axes = panel(figure, left, HEAD, width - left - 14, PLOT)
        first, last = float(curve.cloud[0].min()), float(curve.cloud[0].max())
        _setting_axis(axes, first, last, log=log)
        axes.set_ylim(low, high)
        axes.set_yticks(marks, written)
        axes.grid(axis="y", color=RULE.light)
        axes.spines["left"].set_visible(False)
        _base(axes, base, first, last, base_word, high)
        axes.plot(
            *curve.cloud,
            linestyle="none",
            marker="o",
            markersize=3.5,
            color=SLATE.light,
            alpha=0.45,
            markeredgewidth=0,
        )
        if np.isfinite(curve.low).any():
            axes.fill_between(curve.setting, curve.low, curve.high, color=BLUE.light, alpha=0.2, linewidth=0)
        axes.plot(curve.setting, curve.mean, color=BLUE.light, linewidth=2, marker="D", markersize=5.5)
        write(page, left, 10, shorten(y_axis, width - left, SMALL), size=SMALL, colour=MUTED)
        write(
            page,
            width - 14,
            HEAD + PLOT + 34,
            shorten(x_axis, width - 14, SMALL),
            size=SMALL,
            colour=MUTED,
            ha="right",
        )
    return figure


def reach_of(curves: Sequence[ResponseCurve]) -> tuple[float, float]:
    """The ends of a vertical axis on which all curves, bands and points have room."""
    parts = [part for one in curves for part in (one.mean, one.low, one.high, one.cloud[1])]
    numbers = np.concatenate(parts)
    numbers = numbers[np.isfinite(numbers)]
    if not len(numbers):
        return 0.0, 1.0
    low, high = float(numbers.min()), float(numbers.max())
    room = 0.08 * (high - low) or 0.05 * abs(high) or 1.0
    return low - room, high + room


def _setting_axis(axes: Axes, first: float, last: float, *, log: bool) -> None:
    if log:
        axes.set_xscale("log")
        room = (last / first) ** 0.04
        axes.set_xlim(first / room, last * room)
        axes.xaxis.set_major_locator(LogLocator(10, subs=(1, 2, 5), numticks=8))
        axes.xaxis.set_minor_formatter(NullFormatter())
        axes.tick_params(axis="x", which="minor", length=0)
    else:
        room = 0.04 * (last - first)
        axes.set_xlim(first - room, last + room)
        axes.set_xticks(ticks(first, last, 7))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))


def _base(axes: Axes, base: float, first: float, last: float, word: str, top: float) -> None:
    if isfinite(base) and first <= base <= last:
        axes.axvline(base, color=INK.light, linewidth=1, dashes=(3, 3))
        late = base > (first + last) / 2
        axes.annotate(
            word,
            (base, top),
            xytext=(-4 if late else 4, -8),
            textcoords="offset points",
            ha="right" if late else "left",
            va="center",
            fontsize=SMALL,
            color=INK.light,
        )
