"""A chart that stands alone: its title above and what it says under it."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure

from evenhand.analysis.charts.canvas import UNITS_AN_INCH, house_style, sheet, write
from evenhand.analysis.charts.palette import PAPER
from evenhand.analysis.charts.words import SIZE, plain, width_of

MARGIN = 24.0
TITLE = 18.0
LINE = 20.0


def captioned(figure: Figure, title: str, sentences: Sequence[str], width: float) -> Figure:
    """Give a figure of this width a margin, a title and sentences, on paper of its own."""
    height = figure.get_size_inches()[1] * UNITS_AN_INCH
    lines = [line for sentence in sentences for line in wrapped(sentence, width)]
    titles = wrapped(title, width, TITLE)
    head = MARGIN + (TITLE + 8) * len(titles) + 8
    foot = 12 + LINE * len(lines) + MARGIN
    whole_width, whole_height = width + 2 * MARGIN, head + height + foot
    with house_style():
        for axes in figure.axes:
            box = axes.get_position()
            axes.set_position(
                (
                    (MARGIN + box.x0 * width) / whole_width,
                    (foot + box.y0 * height) / whole_height,
                    box.width * width / whole_width,
                    box.height * height / whole_height,
                )
            )
        figure.set_size_inches(whole_width / UNITS_AN_INCH, whole_height / UNITS_AN_INCH)
        figure.set_facecolor(PAPER.light)
        page = sheet(figure)
        for number, line in enumerate(titles):
            write(page, MARGIN, MARGIN + TITLE / 2 + number * (TITLE + 8), line, weight="bold", size=TITLE)
        for number, line in enumerate(lines):
            write(page, MARGIN, head + height + 12 + LINE * (number + 0.5), line)
    return figure


def wrapped(text: str, room: float, size: float = SIZE) -> list[str]:
    """A text in lines that fit; broken at blanks, and inside a word that fills a line by itself."""
    lines: list[str] = []
    line = ""
    for word in plain(text).split(" "):
        longer = f"{line} {word}" if line else word
        if not line or width_of(longer, size) <= room:
            line = longer
        else:
            lines.append(line)
            line = word
        while width_of(line, size) > room and len(line) > 1:
            cut = next(n for n in range(len(line) - 1, 0, -1) if n == 1 or width_of(line[:n], size) <= room)
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line]
