"""A study in a picture: what counts as near the published figure, and ours with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from matplotlib.figure import Figure as Picture

from benchmarks.validity.finding import Figure
from benchmarks.validity.words import amount, scaled
from evenhand.analysis.charts.canvas import blank, house_style, mark, panel, sheet, ticks, write
from evenhand.analysis.charts.palette import BLUE, INK, MUTED, RULE, SOFT_SLATE, VERMILLION
from evenhand.analysis.charts.words import SMALL, shorten, width_of

ROW, HEAD, AXIS = 26.0, 28.0, 44.0
NARROW = 600.0
LOOKS = {
    "yes": (BLUE, "o", True),
    "no": (VERMILLION, "s", True),
    "unclear": (VERMILLION, "D", False),
    "not judged": (MUTED, "o", False),
    "cannot be run": (MUTED, "x", False),
}
LEGEND = {
    "yes": "holds",
    "no": "fails",
    "unclear": "unclear",
    "not judged": "not judged",
    "cannot be run": "cannot be run",
}
UNITS = {"share": "%", "change": "change, %", "points": "points", "ratio": "times", "days": "days"}


def beside(figures: Sequence[Figure], width: float) -> Picture:
    """Figures of one unit: the near range as a grey bar, ours as a mark with its interval."""
    unit = figures[0].unit
    narrow = width < NARROW
    names = min(max(width_of(one.name, SMALL) for one in figures) + 14, width * 0.46)
    numbers = 0.0 if narrow else max(width_of(_told(one), SMALL) for one in figures) + 16
    with house_style():
        picture = blank(width, HEAD + ROW * len(figures) + AXIS)
        page = sheet(picture)
        axes = panel(picture, names, HEAD, width - names - numbers - 8, ROW * len(figures))
        low, high = _reach(figures)
        axes.set_xlim(low, high)
        axes.set_ylim(len(figures), 0)
        marks = ticks(low, high, 4 if narrow else 7)
        axes.set_xticks(marks, [f"{at:g}".replace("-", "−") for at in marks])
        axes.set_yticks([])
        axes.grid(axis="x", color=RULE.light)
        axes.spines["left"].set_visible(False)
        for row, one in enumerate(figures):
            middle = HEAD + ROW * (row + 0.5)
            write(page, names - 10, middle, shorten(one.name, names - 10, SMALL), ha="right", size=SMALL)
            if not narrow:
                write(page, width, middle, _told(one), ha="right", size=SMALL, colour=MUTED)
            if isfinite(one.low):
                ends = [scaled(one.low, unit), min(scaled(one.high, unit), high)]
                axes.plot(ends, [row + 0.5] * 2, color=SOFT_SLATE.light, linewidth=12, solid_capstyle="butt")
            look = LOOKS[one.holds]
            if one.ci:
                ends = [scaled(end, unit) for end in one.ci]
                axes.plot(ends, [row + 0.5] * 2, color=look[0].light, linewidth=2, solid_capstyle="butt")
            if isfinite(one.value):
                mark(axes, scaled(one.value, unit), row + 0.5, look, clip_on=False)
        write(page, names, HEAD + ROW * len(figures) + 34, UNITS[unit], size=SMALL, colour=MUTED)
        x = 10.0
        for holds in dict.fromkeys(one.holds for one in figures):
            mark(page, x, 10, LOOKS[holds])
            write(page, x + 12, 10, LEGEND[holds], size=SMALL)
            x += width_of(LEGEND[holds], SMALL) + 36
        if any(isfinite(one.low) for one in figures):
            page.plot([x - 4, x + 8], [10, 10], color=SOFT_SLATE.light, linewidth=10, solid_capstyle="butt")
            write(page, x + 14, 10, "near the published figure", size=SMALL, colour=INK)
    return picture


def _told(one: Figure) -> str:
    published = f"{one.published} / " if one.published else ""
    return f"{published}{amount(one.value, one.unit)}"


def _reach(figures: Sequence[Figure]) -> tuple[float, float]:
    numbers = [
        scaled(x, one.unit)
        for one in figures
        for x in (one.value, one.low, one.high, *(one.ci or ()))
        if isfinite(x)
    ]
    low, high = min([0.0, *numbers]), max([0.0, *numbers])
    room = 0.04 * (high - low) or 1.0
    return (low - room if low < 0 else 0.0), high + room
