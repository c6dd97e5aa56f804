"""Policies as swim lanes on one time axis: what a policy designer pins on the wall."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from evenhand.analysis.charts.canvas import blank, house_style, sheet, ticks, write
from evenhand.analysis.charts.palette import AMBER, BLUE, GREEN, INK, MUTED, PAPER, RULE, VERMILLION, Colour
from evenhand.analysis.charts.words import SIZE, SMALL, plain, shorten, width_of
from evenhand.analysis.policy_timeline.phases import LANES, Lane, Phase, last, numbered
from evenhand.locale.current import gettext, gettext_noop

WIDTH = 1400.0
LEFT = 92.0
RIGHT = 26.0
LINE = 16.0
BAR = 12.0
GAP = 8.0
TITLE = 44.0
MOST_WITH_NOTES = 2
"""With more policies than these, conditions are left out: lengths and silences are what is compared."""
AXIS = 58.0
SPACE = 12.0
LARGE = SIZE * 1.3
LEAST = 272.0
"""Room for the words of a short bar."""
COLOUR_OF: dict[Lane, Colour] = {"buyer": BLUE, "merchant": AMBER, "platform": GREEN}
SILENCE = "→"
X_AXIS = gettext_noop(
    "Days since delivery, if the buyer complains at once and everyone uses all the time there is"
)
LEGEND = gettext_noop("→ when the time is up    ◆ work without a limit of its own")


class Course(NamedTuple):
    """A policy as it is drawn: what is written above it, and its phases."""

    title: str
    phases: tuple[Phase, ...]
    notes: tuple[str, ...] = ()
    """Reforms and the like, below the title."""


class _Line(NamedTuple):
    """A line of writing beside a bar."""

    text: str
    colour: Colour = INK
    weight: str = "normal"


class _Item(NamedTuple):
    """A bar with its words, placed in a row of its lane."""

    phase: Phase
    number: int
    left: float
    right: float
    text_left: float
    lines: tuple[_Line, ...]
    cut: bool
    """It goes on beyond the paper."""
    row: int = 0


class _Band(NamedTuple):
    """A lane with its rows."""

    lane: Lane
    items: list[_Item]
    heights: list[float]

    @property
    def height(self) -> float:
        return sum(self.heights) + GAP


def _wrapped(text: str, room: float) -> list[str]:
    """A text in lines as wide as there is room; a word that is too long is cut."""
    lines: list[str] = []
    for word in plain(text).split():
        grown = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(grown, SMALL) <= room:
            lines[-1] = grown
        else:
            lines.append(shorten(word, room, SMALL))
    return lines


def _lines(phase: Phase, number: int, room: float, notes: bool) -> tuple[_Line, ...]:
    """Title and length, what silence means, and conditions."""
    length = f": {phase.window}" if phase.window else ""
    made = [_Line(text, INK, "bold") for text in _wrapped(f"{number} {phase.title}{length}", room)]
    if phase.silence:
        made += [_Line(text, VERMILLION) for text in _wrapped(f"{SILENCE} {phase.silence}", room)]
    for note in phase.notes if notes else ():
        made += [_Line(text, MUTED) for text in _wrapped(note, room)]
    return tuple(made)


def _item(phase: Phase, number: int, first: bool, scale: float, edge: float, notes: bool) -> _Item:
    """Where a phase stands; words move to the left where the paper ends."""
    left = min(LEFT + phase.opens * scale, edge)
    right = min(LEFT + phase.closes * scale, edge)
    room = max(right - left, LEAST)
    lines = _lines(phase, number, room, notes) if first else (_Line(f"{number} {phase.title}", MUTED),)
    wide = max(width_of(line.text, SMALL) * (1.08 if line.weight == "bold" else 1) for line in lines)
    cut = LEFT + phase.closes * scale > edge + 0.5
    return _Item(phase, number, left, right, max(LEFT, min(left, edge - wide)), lines, cut)


def _packed(items: Sequence[_Item]) -> tuple[list[_Item], list[float]]:
    """Each item in the first row where it touches nothing, and the height of every row."""
    taken: list[list[tuple[float, float]]] = []
    heights: list[float] = []
    placed = []
    for item in items:
        wide = max(width_of(line.text, SMALL) * 1.08 for line in item.lines)
        span = (min(item.left, item.text_left) - 6, max(item.right, item.text_left + wide) + 14)
        fits = (n for n, row in enumerate(taken) if all(span[1] <= a or b <= span[0] for a, b in row))
        row = next(fits, len(taken))
        if row == len(taken):
            taken.append([])
            heights.append(0.0)
        taken[row].append(span)
        heights[row] = max(heights[row], BAR + 6 + LINE * len(item.lines) + GAP)
        placed.append(item._replace(row=row))
    return placed, heights


def _bands(course: Course, scale: float, edge: float, notes: bool) -> list[_Band]:
    bands = []
    for lane in LANES:
        items = [
            _item(phase, number, phase.lanes[0] == lane, scale, edge, notes)
            for number, phase in numbered(course.phases)
            if lane in phase.lanes
        ]
        bands.append(_Band(lane, *_packed(items)))
    return bands


def _draw_item(axes: Axes, item: _Item, lane: Lane, top: float, edge: float) -> None:
    """The bar, with an arrow where it goes on beyond the paper, and its words below."""
    colour, middle = COLOUR_OF[lane].light, top + BAR / 2
    if item.phase.window is None:
        axes.plot([item.left + 5], [middle], marker="D", markersize=8, color=colour, zorder=4)
    else:
        width = max(item.right - item.left, 3.0)
        axes.add_patch(Rectangle((item.left, top), width, BAR, facecolor=colour, linewidth=0, zorder=3))
        if item.cut:
            axes.plot([edge + 9], [middle], marker=">", markersize=9, color=colour, zorder=4)
        elif item.phase.silence:
            end, span = item.left + width, [top - 3, top + BAR + 3]
            axes.plot([end, end], span, color=VERMILLION.light, linewidth=2.5, zorder=4)
    for number, line in enumerate(item.lines):
        write(
            axes,
            item.text_left,
            top + BAR + 4 + LINE * (number + 0.5),
            line.text,
            size=SMALL,
            colour=line.colour,
            weight=line.weight,
        )


def _draw_band(axes: Axes, band: _Band, top: float, edge: float) -> None:
    axes.add_patch(
        Rectangle(
            (0, top),
            edge + RIGHT,
            band.height,
            facecolor=COLOUR_OF[band.lane].light,
            alpha=0.06,
            linewidth=0,
            zorder=0,
        )
    )
    axes.plot([0, edge + RIGHT], [top, top], color=RULE.light, linewidth=1, zorder=1)
    write(axes, 8, top + GAP + BAR / 2 + 1, gettext(band.lane), colour=COLOUR_OF[band.lane], weight="bold")
    for item in band.items:
        _draw_item(axes, item, band.lane, top + GAP + sum(band.heights[: item.row]), edge)


def picture(courses: Sequence[Course], *, width: float = WIDTH) -> Figure:
    """Draw policies below each other, lane by lane, on one axis of days; `width` in pixels.

    The axis is as long as the longest way of any of them; a time to apply that is longer is cut, with an
    arrow. Titles may hold any characters.
    """
    edge = width - RIGHT
    hours = max((last(course.phases) for course in courses), default=0.0) or 24.0
    scale = (edge - LEFT) / hours
    notes = len(courses) <= MOST_WITH_NOTES
    drawn = [(course, _bands(course, scale, edge, notes)) for course in courses]
    whole = sum(_head(course) + _height(bands) for course, bands in drawn)
    with house_style():
        figure = blank(width, whole + AXIS)
        figure.set_facecolor(PAPER.light)
        axes = sheet(figure)
        days = ticks(0, hours / 24, 12)
        marks = [LEFT + mark * 24 * scale for mark in days]
        top = 0.0
        for course, bands in drawn:
            _draw_head(axes, course, top, width)
            top += _head(course)
            _draw_bands(axes, bands, top, edge, marks)
            top += _height(bands)
        for x, mark in zip(marks, days, strict=True):
            write(axes, x, top + 4, f"{mark:g}", size=SMALL, colour=MUTED, ha="center")
        below = shorten(gettext(X_AXIS), edge - LEFT, SMALL)
        write(axes, edge, top + 26, below, size=SMALL, colour=MUTED, ha="right")
        write(axes, 8, top + 26, gettext(LEGEND), size=SMALL, colour=MUTED)
    return figure


def _head(course: Course) -> float:
    """Height of what is written above the lanes."""
    return TITLE + LINE * len(course.notes)


def _height(bands: Sequence[_Band]) -> float:
    """Height of the lanes, and the space below them."""
    return sum(band.height for band in bands) + SPACE


def _draw_head(axes: Axes, course: Course, top: float, width: float) -> None:
    title = shorten(course.title, width - 20, LARGE)
    write(axes, 8, top + 24, title, size=LARGE, weight="bold")
    for number, note in enumerate(course.notes):
        below = top + TITLE + LINE * (number + 0.2)
        write(axes, 8, below, shorten(note, width - 20, SMALL), size=SMALL, colour=MUTED)


def _draw_bands(axes: Axes, bands: Sequence[_Band], top: float, edge: float, marks: Sequence[float]) -> None:
    """The lanes of one policy, with a line down at every mark of the axis."""
    bottom = top + _height(bands) - SPACE
    for x in marks:
        axes.plot([x, x], [top, bottom], color=RULE.light, linewidth=1, zorder=1)
    axes.plot([0, edge + RIGHT], [bottom, bottom], color=RULE.light, linewidth=1, zorder=1)
    for band in bands:
        _draw_band(axes, band, top, edge)
        top += band.height
