"""Paired differences: a row each around a line at nothing, one axis for each unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf, isfinite
from typing import Literal, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from evenhand.analysis.charts.canvas import blank, house_style, mark, panel, rows_about_nothing, sheet, write
from evenhand.analysis.charts.palette import BLUE, INK, MUTED, VERMILLION, Colour
from evenhand.analysis.charts.words import SMALL, broken, n_of, shorten, width_of

ROW = 24.0
WRAPPED_ROW = 28.0
"""Height of a row, and where some names take two lines."""
HEADING = 26.0
AXIS = 30.0
LINE = 17.0
NARROW = 600.0
ARROW = 18.0
"""Room for the mark that points to the better side."""
Judgement = Literal["better", "worse", "other", "unsure"]
"""What a difference means: better or worse, sure but neither, or not told apart from luck."""


class Contrast(NamedTuple):
    """One difference; NaN where it is not known. `written` is its value as a reader wants it."""

    name: str
    value: float
    interval: tuple[float, float] | None
    """Of this difference alone."""
    wider: tuple[float, float] | None
    """One of a set of intervals that hold all together."""
    written: str
    n: int
    better: int
    """Side on which it would be better: 1 right, -1 left, 0 neither."""
    judgement: Judgement


class Unit(NamedTuple):
    """Differences that share an axis."""

    heading: str
    contrasts: tuple[Contrast, ...]
    largest: float = inf
    """No difference can be larger; the axis ends there."""


class Words(NamedTuple):
    """What the chart says in words: its legend, and what the bars cover."""

    judgements: Mapping[str, str]
    """By judgement."""
    better: str
    """Heads the marks that point to the better side."""
    bar: str
    wider: str
    """Empty where no row has such an interval."""


LOOKS: dict[Judgement, tuple[Colour, str, bool]] = {
    "better": (BLUE, "o", True),
    "worse": (VERMILLION, "s", True),
    "other": (INK, "D", True),
    "unsure": (MUTED, "o", False),
}
"""Colour, marker, and whether the marker is filled; each marker is enough by itself."""


def _reach(contrasts: Sequence[Contrast], largest: float) -> tuple[float, float]:
    """From the lowest to the highest number drawn and 0, a little wider.

    The wide intervals get at most as much room again on either side: with few worlds they are so wide
    that nothing else could be seen. What does not fit is cut at the edge.
    """
    own = [x for one in contrasts for x in (one.value, *(one.interval or ())) if isfinite(x)]
    low, high = min([0.0, *own]), max([0.0, *own])
    most = high - low
    wide = [x for one in contrasts for x in one.wider or () if isfinite(x)]
    low, high = max(min([low, *wide]), low - most), min(max([high, *wide]), high + most)
    low, high = max(low, -largest), min(high, largest)
    room = 0.06 * (high - low) or 1.0
    return low - room, high + room


def _draw(axes: Axes, one: Contrast, row: float) -> None:
    """The wide interval thin, the interval of this difference alone thick, and the value."""
    if not isfinite(one.value):
        return
    colour = LOOKS[one.judgement][0].light
    if one.wider:
        axes.plot(one.wider, [row, row], color=colour, linewidth=1, solid_capstyle="butt")
    if one.interval:
        axes.plot(one.interval, [row, row], color=colour, linewidth=4, solid_capstyle="butt")
    left, right = axes.get_xlim()
    drawn = [ends for ends in (one.wider, one.interval) if ends]
    if any(ends[0] < left for ends in drawn):
        axes.plot([left], [row], marker="<", markersize=5, color=colour, clip_on=False)
    if any(ends[1] > right for ends in drawn):
        axes.plot([right], [row], marker=">", markersize=5, color=colour, clip_on=False)
    mark(axes, one.value, row, LOOKS[one.judgement], clip_on=False, zorder=4)


def _key(axes: Axes, words: Words, used: Sequence[Judgement], width: float, *, draw: bool) -> float:
    """The legend, in as many lines as it needs; gives its height."""
    entries: list[tuple[str, Judgement | str]] = [(words.judgements[one], one) for one in used]
    bars = [(words.bar, "bar"), (words.wider, "wider"), (words.better, "arrow")]
    entries += [(text, kind) for text, kind in bars if text]
    x, y = 0.0, 0.0
    for text, kind in entries:
        needs = 22 + width_of(text, SMALL) + 20
        if x > 0 and x + needs - 20 > width:
            x, y = 0.0, y + LINE
        if draw:
            middle = y + LINE / 2
            if kind in LOOKS:
                mark(axes, x + 8, middle, LOOKS[kind], clip_on=False, zorder=4)
            elif kind == "arrow":
                _arrow(axes, x + 8, middle, 1)
            else:
                thick = 4 if kind == "bar" else 1
                axes.plot([x, x + 16], [middle, middle], color=MUTED.light, linewidth=thick)
            write(axes, x + 22, middle, shorten(text, width - 22, SMALL), size=SMALL)
        x += needs
    return y + LINE


def _arrow(page: Axes, x: float, y: float, side: int) -> None:
    if side:
        marker = ">" if side > 0 else "<"
        page.plot([x], [y], marker=marker, markersize=5, color=MUTED.light, clip_on=False)


def forest(units: Sequence[Unit], words: Words, *, width: float = 960) -> Figure:
    """Draw differences with their intervals, unit under unit, better and worse told apart by look.

    Beside each name a mark points to the side that would be better. The axes that carry the rows are
    those of the figure but its first, in the order of the units.
    """
    shown = [unit for unit in units if unit.contrasts]
    every = [one for unit in shown for one in unit.contrasts]
    used = [one for one in LOOKS if any(c.judgement == one and isfinite(c.value) for c in every)]
    narrow = width < NARROW
    size = SMALL if narrow else 13.0
    names = min(max((width_of(one.name, size) for one in every), default=0.0) + ARROW + 12, width * 0.42)
    values = max((width_of(one.written, SMALL) for one in every), default=0.0) + 22
    counts = 0.0 if narrow else max((width_of(n_of(one.n), SMALL) for one in every), default=0.0) + 16
    plot = max(width - names - values - counts, 60.0)
    with house_style():
        head = _key(sheet(blank(width, 10)), words, used, width, draw=False) + 8
        wrapped = any(len(broken(one.name, names - ARROW - 8, size)) > 1 for one in every)
        step = WRAPPED_ROW if wrapped else ROW
        height = head + sum(HEADING + step * len(unit.contrasts) + AXIS for unit in shown)
        figure = blank(width, height)
        page = sheet(figure)
        _key(page, words, used, width, draw=True)
        top = head
        for unit in shown:
            heading = shorten(unit.heading, width, SMALL)
            write(page, 0, top + 15, heading, weight="bold", size=SMALL, colour=MUTED)
            top += HEADING
            axes = _panel(figure, unit, names, top, plot, step)
            for row, one in enumerate(unit.contrasts):
                middle = top + step * (row + 0.5)
                _name(page, one.name, names - ARROW - 8, middle, size)
                _arrow(page, names - ARROW + 4, middle, one.better)
                quiet = INK if isfinite(one.value) else MUTED
                write(page, width - counts, middle, one.written, ha="right", size=SMALL, colour=quiet)
                if not narrow:
                    write(page, width, middle, n_of(one.n), ha="right", size=SMALL, colour=MUTED)
                _draw(axes, one, row + 0.5)
            top += step * len(unit.contrasts) + AXIS
    return figure


def _name(page: Axes, name: str, right: float, middle: float, size: float) -> None:
    """The name of a row, in two lines where one is too short for it."""
    lines = broken(name, right, size)
    if len(lines) > 1:
        size = min(size, SMALL) - 1
        lines = broken(name, right, size)
    for i, line in enumerate(lines):
        write(page, right, middle + (i - (len(lines) - 1) / 2) * (size + 0.5), line, ha="right", size=size)


def _panel(figure: Figure, unit: Unit, left: float, top: float, width: float, step: float) -> Axes:
    """Axes for one unit, with its line at nothing."""
    rows = len(unit.contrasts)
    axes = panel(figure, left, top, width, step * rows)
    low, high = _reach(unit.contrasts, unit.largest)
    rows_about_nothing(axes, low, high, rows, 7 if width > 320 else 4)
    return axes
