"""What the report shows: a chart or two, the sentence that says what they show, and their data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from matplotlib.figure import Figure

from evenhand.analysis.charts.palette import LOOKS
from evenhand.analysis.charts.words import plain
from evenhand.analysis.metrics.chunks import AnyRun
from evenhand.analysis.report.texts import texts
from evenhand.locale.current import gettext

WIDE, HALF = 960.0, 464.0
"""Widths of charts in pixels: across the page, and two side by side or one on a telephone."""


class Table(NamedTuple):
    """Rows of text under a head; the first cell of a row names it."""

    head: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


class Panel(NamedTuple):
    """One chart of an exhibit, drawn when it is known how wide it may be."""

    key: str
    title: str
    alternative: str
    """What the chart shows, for those who do not see it."""
    draw: Callable[[float], Figure]
    wide: bool = False
    """Across the page; drawn a second time for small screens."""


class Exhibit(NamedTuple):
    """A section of the report around one question."""

    key: str
    title: str
    sentence: str
    panels: tuple[Panel, ...]
    table: Table
    note: str = ""


Make = Callable[[AnyRun], Exhibit]
"""Makes an exhibit from the records of a run."""
_registered: dict[int, Make] = {}


def exhibit(place: int) -> Callable[[Make], Make]:
    """Make a function of a run an exhibit of its report, at this place; places are tens, to leave room.

    Raises ValueError where another has the place.
    """

    def register(make: Make) -> Make:
        taken = _registered.setdefault(place, make)
        if taken is not make:
            raise ValueError(
                gettext("{name}: place {place} has {name_2} already").format(
                    name=make.__name__, place=place, name_2=taken.__name__
                )
            )
        return make

    return register


def registered() -> dict[int, Make]:
    """All exhibits whose files are loaded, by their places."""
    return dict(_registered)


def group_titles(run: AnyRun, column: str) -> tuple[str, ...]:
    """Titles of the groups of a column, in the order of their numbers, no two the same."""
    people = run.scenario.buyers if column == "buyer_group" else run.scenario.merchants
    titles = [plain(gettext(group.title)) or plain(name) for name, group in people.groups.items()]
    return tuple(
        title if titles.count(title) == 1 else texts.TITLED.format(title=title, name=plain(name))
        for title, name in zip(titles, people.groups, strict=True)
    )


def largest(counts: Sequence[float], most: int = len(LOOKS)) -> list[int]:
    """Positions of the largest counts, as many as a chart can tell apart, in their old order."""
    by_size = sorted(range(len(counts)), key=lambda i: (-counts[i], i))
    return sorted(by_size[:most])
