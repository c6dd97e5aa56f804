"""How long things take: survival curves by group, with the number still at risk under the axis."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from evenhand.analysis.charts.canvas import blank, house_style, panel, sheet, ticks, write
from evenhand.analysis.charts.palette import LOOKS, MUTED, RULE, Look
from evenhand.analysis.charts.words import SMALL, per_cent, shorten, width_of
from evenhand.analysis.metrics.survival import Curve
from evenhand.locale.formats import numerals

ROW = 18.0
PLOT = 230.0
POINTS = 200
MARKS = 5
"""Markers along each curve, so that it is told apart without its colour."""


def at_risk(curve: Curve, hours: float) -> int:
    """How many are still followed just before a time: neither ended nor censored until then."""
    step = int(np.searchsorted(curve.times, hours, "left"))
    return int(curve.at_risk[step]) if step < len(curve.times) else 0


def last_day(curves: Mapping[str, Curve], tail: float = 0.02) -> float:
    """Days until at most a tail of every group is open, or the longest follow-up; at least 1."""
    ends = []
    for curve in curves.values():
        if curve.n:
            few = curve.quantile(1 - tail)
            ends.append(curve.times[-1] if np.isnan(few) else few)
    return max(float(max(ends, default=24.0)) / 24.0, 1.0)


def _draw(axes: Axes, curve: Curve, look: Look, days: float, shift: float) -> None:
    """One curve; markers at its own places, so that those of two equal curves stand side by side."""
    grid = np.linspace(0.0, days, POINTS)
    share = curve.at(24.0 * grid)
    axes.plot(
        grid,
        share,
        drawstyle="steps-post",
        color=look.colour.light,
        linewidth=2,
        dashes=look.dashes or (None, None),
    )
    spots = (np.arange(MARKS) + shift) / MARKS * days
    axes.plot(
        spots,
        curve.at(24.0 * spots),
        linestyle="none",
        marker=look.marker,
        markersize=6,
        color=look.colour.light,
        clip_on=False,
    )


def survival_curves(
    curves: Mapping[str, Curve], *, x_axis: str, y_axis: str, risk: str, width: float = 464
) -> Figure:
    """Draw the share still open over days, one curve a group, and under it how many are at risk.

    The rows of the table under the axis are the legend. At most as many groups as there are looks
    are drawn, the first ones; a group without cases has its row and no curve. `risk` heads the table.
    """
    shown = list(curves.items())[: len(LOOKS)]
    sample = 26.0
    most = max((width_of(numerals(f"{curve.n:,}"), SMALL) for _, curve in shown), default=0.0)
    names = max((width_of(name, SMALL) for name, _ in shown), default=0.0) + sample + most / 2 + 18
    left = max(min(names, width * 0.42), 46.0)
    foot = 46 + ROW * (len(shown) + 1)
    with house_style():
        figure = blank(width, 24 + PLOT + foot)
        page = sheet(figure)
        axes = panel(figure, left, 24, width - left - 22, PLOT)
        days = last_day(dict(shown))
        marks = ticks(0, days, 6)
        axes.set_xlim(0, days)
        axes.set_ylim(0, 1.02)
        axes.set_xticks(marks, [f"{mark:g}" for mark in marks])
        axes.set_yticks([0, 0.25, 0.5, 0.75, 1], [per_cent(one) for one in ("0", "25", "50", "75", "100")])
        axes.grid(axis="y", color=RULE.light)
        axes.spines["left"].set_visible(False)
        write(page, left, 10, y_axis, size=SMALL, colour=MUTED)
        write(page, width - 22, 24 + PLOT + 30, x_axis, size=SMALL, colour=MUTED, ha="right")
        top = 24 + PLOT + 40
        write(page, 0, top + ROW / 2, risk, size=SMALL, colour=MUTED)
        for row, (name, curve) in enumerate(shown):
            look = LOOKS[row]
            middle = top + ROW * (row + 1.5)
            page.plot(
                [2, sample],
                [middle, middle],
                color=look.colour.light,
                linewidth=2,
                dashes=look.dashes or (None, None),
            )
            page.plot([sample / 2 + 1], [middle], marker=look.marker, markersize=6, color=look.colour.light)
            write(page, sample + 6, middle, shorten(name, left - sample - most / 2 - 17, SMALL), size=SMALL)
            for mark in marks:
                x = left + mark / days * (width - left - 22)
                followed = numerals(f"{at_risk(curve, 24 * mark):,}")
                write(page, x, middle, followed, size=SMALL, ha="center", colour=MUTED)
            if curve.n:
                _draw(axes, curve, look, days, (row + 1) / (len(shown) + 1))
    return figure
