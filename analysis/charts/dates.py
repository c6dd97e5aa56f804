"""An axis of days: dates under it, and the days that are special marked across the chart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from matplotlib.axes import Axes

from evenhand.analysis.charts.canvas import write
from evenhand.analysis.charts.palette import AMBER, MUTED, RULE
from evenhand.analysis.charts.words import SMALL, width_of
from evenhand.locale.formats import day_of_year, month

STEPS = (1, 2, 7, 14)
"""Days between two dates under the axis, where they are few; beyond, months."""
MONTHS = (1, 2, 3, 6, 12, 24, 60, 120)


class Span(NamedTuple):
    """Days that are marked, in days since the start, the last one left out."""

    first: float
    last: float
    name: str


class Days(NamedTuple):
    """What an axis of days since a start means."""

    start: dt.date
    spans: tuple[Span, ...] = ()
    """Special days, as festivals are; those whose names matter most come first."""
    uncounted: Span | None = None
    """Days that are simulated and not counted."""


class Tick(NamedTuple):
    """A date under the axis."""

    day: float
    written: str


def date_ticks(days: Days, first: float, last: float, most: int = 6) -> list[Tick]:
    """Dates from one day to another, at most so many; first days of months where they are far apart.

    The year is written at the first one and wherever it begins.
    """
    length = max(last - first, 1.0)
    for step in STEPS:
        if length / step <= most:
            found = _every(days.start + dt.timedelta(int(first)), step, length)
            return [Tick((day - days.start).days, day_of_year(day)) for day in found]
    for step in MONTHS:
        found = list(_months(days.start + dt.timedelta(int(first)), step, length))
        if len(found) <= most or step == MONTHS[-1]:
            break
    years = {day.year: day for day in reversed(found)}
    return [
        Tick((day - days.start).days, month(day, with_year=years[day.year] == day, alone=step >= 12))
        for day in found
    ]


def _every(begin: dt.date, step: int, length: float) -> list[dt.date]:
    return [begin + dt.timedelta(k) for k in range(0, int(length) + 1, step)]


def _months(begin: dt.date, step: int, length: float) -> Iterator[dt.date]:
    """First days of months at this distance, counted from January."""
    at = begin.year * 12 + begin.month - (1 if begin.day == 1 else 0)
    at += -at % step
    while (day := dt.date(at // 12, at % 12 + 1, 1)) <= begin + dt.timedelta(length):
        yield day
        at += step


def mark_days(
    axes: Axes, page: Axes, days: Days, left: float, right: float, top: float, below: float
) -> None:
    """Shade special days, named `below` the dates where there is room, and those that are not counted."""
    low, high = axes.get_xlim()
    scale = (right - left) / (high - low)
    if days.uncounted and days.uncounted.last > low:
        ends = min(days.uncounted.last, high)
        axes.axvspan(low, ends, color=RULE.light, alpha=0.6, linewidth=0, zorder=0)
        if width_of(days.uncounted.name, SMALL) + 8 <= scale * (ends - low):
            write(page, left + 4, top + 9, days.uncounted.name, size=SMALL, colour=MUTED)
    taken: list[tuple[float, float]] = []
    for span in days.spans:
        first, last = max(span.first, low), min(span.last, high)
        if first >= last:
            continue
        axes.axvspan(first, last, color=AMBER.light, alpha=0.28, linewidth=0, zorder=0)
        room = width_of(span.name, SMALL)
        begins = max(min(left + scale * (first - low), right - room), left)
        if all(begins > end + 8 or begins + room + 8 < start for start, end in taken):
            write(page, begins, below, span.name, size=SMALL, colour=MUTED)
            taken.append((begins, begins + room))
