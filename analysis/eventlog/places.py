"""Where a cell of a text table stands: the line and the column in its file."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from evenhand.analysis.eventlog.text_file import Written, lines_of
from evenhand.locale.current import gettext


def place(file: Path, written: Written, row: int, column: int) -> tuple[int, int]:
    """Line and column at which a cell begins, both from 1.

    Row 1 is the first below the header, column 0 the leftmost.
    Rows are counted as they are read: lines without anything are none, and a text in quotes may have several.
    """
    taken: list[str] = []
    lines = islice(_lines(lines_of(file, written.encoding)), written.skip, None)
    found = csv.reader(_noted(lines, taken), delimiter=written.delimiter)
    number = -1
    for cells in found:
        number += bool(cells)
        if number == row and cells:
            begin = written.skip + found.line_num - len(taken) + 1
            return _within("".join(taken), begin, written.delimiter, column)
        taken.clear()
    raise LookupError(gettext("{file} has no row {row}").format(file=file, row=row))


def _lines(chunks: Iterable[str]) -> Iterator[str]:
    """The lines of a text that comes in pieces."""
    rest = ""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split("\n")
        yield from (line + "\n" for line in whole)
    if rest:
        yield rest


def _noted(lines: Iterator[str], taken: list[str]) -> Iterator[str]:
    """The lines, each kept until its row is whole."""
    for line in lines:
        taken.append(line)
        yield line


def _within(text: str, line: int, delimiter: str, column: int) -> tuple[int, int]:
    """Where the cell begins in the text of its row, which begins at a line."""
    cell, quoted, begin = 0, False, 0
    for at, char in enumerate(text):
        if cell == column:
            break
        if char == '"':
            quoted = not quoted
        elif char == "\n":
            line, begin = line + 1, at + 1
        elif char == delimiter and not quoted:
            cell += 1
    else:
        at = len(text)
    return line, at - begin + 1
