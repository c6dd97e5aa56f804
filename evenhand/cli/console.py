"""Where tables are printed: as wide as the terminal, without colours or control characters elsewhere."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from evenhand.cli.errors import plain
from evenhand.locale.current import gettext

__all__ = ["console", "plain", "print_json", "table"]

PIPED_WIDTH = 120


def console() -> Console:
    """A console on stdout that prints text as it is: nothing in it is markup."""
    asked = os.environ.get("COLUMNS", "")
    width = None if sys.stdout.isatty() else int(asked) if asked.isdecimal() else PIPED_WIDTH
    return Console(width=width, markup=False, highlight=False, emoji=False)


def table(headings: Sequence[str], rows: Iterable[Sequence[str | Text]], right: Sequence[int] = ()) -> Table:
    """A table without a frame, that can be read in a log too; `right` are columns of numbers.

    Headings are messages of the catalogues, and say what they say in the language in force.

    Without headings it has none, and as many columns as the rows.
    """
    bare = not headings
    made = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold", show_header=not bare)
    for number, heading in enumerate(headings):
        side: Literal["left", "right"] = "right" if number in right else "left"
        made.add_column(gettext(heading), justify=side, no_wrap=number in right, overflow="fold")
    for row in rows:
        made.add_row(*(Text(plain(cell)) if isinstance(cell, str) else cell for cell in row))
    return made


def print_json(document: Any) -> None:
    """Print one JSON document on standard output. Raises ValueError for a number that JSON has not."""
    print(json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False))
