"""What is wrong in a file, and where: one line for each mistake."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

from evenhand.locale.current import gettext

SHOWN = 100
"""Mistakes listed at most; a file with more has one mistake of another sort."""


class Place(NamedTuple):
    """A place in a file; lines and columns count from 1, and 0 means the file as a whole."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        """Write `file:line:column`, as editors and terminals understand it."""
        return f"{clean(self.file, 300)}:{self.line}:{self.column}" if self.line else clean(self.file, 300)


class Problem(NamedTuple):
    """One mistake: where it stands, which setting it is about, and what is wrong and allowed."""

    place: Place
    path: str
    message: str

    def __str__(self) -> str:
        """Write the whole line that a person reads."""
        return ": ".join(part for part in (str(self.place), self.path, self.message) if part)


class BadFile(Exception):
    """A file that cannot be used; `problems` says everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Keep all problems, in the order in which they are to be told."""
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Write one line a problem, as many as a person reads."""
        lines = [str(problem) for problem in self.problems[:SHOWN]]
        if len(self.problems) > SHOWN:
            lines.append(
                gettext("... and {problems} more mistakes").format(problems=len(self.problems) - SHOWN)
            )
        return "\n".join(lines)


def bad(place: Place, message: str, path: str = "") -> BadFile:
    """Make the exception for a single mistake."""
    return BadFile([Problem(place, path, message)])


def listed(words: Sequence[str], joint: Literal["or", "and"] = "or") -> str:
    """Write words as a person lists them: 'a', 'b' or 'c'."""
    quoted = [f"'{word}'" for word in words]
    joined = gettext(" and ") if joint == "and" else gettext(" or ")
    return joined.join(filter(None, [", ".join(quoted[:-1]), quoted[-1]])) if quoted else gettext("nothing")


def found(value: Any) -> str:
    """Say what stands in a file, short and safe to print."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: gettext("nothing")}[value]
    if isinstance(value, str):
        return f"'{clean(value)}'"
    if isinstance(value, (dict, tuple, list)):
        return gettext("a group of settings") if isinstance(value, dict) else gettext("a list")
    return str(value) if isinstance(value, (int, date)) else f"{value:.15g}"


def clean(text: str, limit: int = 60) -> str:
    """Shorten a text, and escape what could break a line or move a terminal's cursor."""
    short = text if len(text) <= limit else text[:limit] + "..."
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in short)
