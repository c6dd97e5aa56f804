"""The layout of help in another language: headings in it, and lines broken where its writing allows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from unicodedata import east_asian_width

import typer

from evenhand.locale.current import gettext

_Formatter: type[Any] = typer.Context.formatter_class  # of click, or of the copy of it that typer brings
CLOSING = "，。；：、！？）》」』”’,.;:!?)"
"""No line begins with these."""


def cells(text: str) -> int:
    """How many columns of a terminal a text takes; Chinese characters take two."""
    return sum(2 if east_asian_width(one) in {"W", "F"} else 1 for one in text)


def wrapped(text: str, width: int) -> list[str]:
    """A paragraph in lines of at most so many columns, broken at spaces and between Chinese characters."""
    lines, line = [], ""
    for part in _unbroken(" ".join(text.split())):
        if line and cells(line + part.rstrip()) > width:
            lines.append(line.rstrip())
            line = part.lstrip()
        else:
            line += part
    return [*lines, line.rstrip()]


def _unbroken(text: str) -> list[str]:
    """The parts of a text between which a line may end."""
    parts: list[str] = []
    for one in text:
        joins = not parts or one == " " or one in CLOSING
        narrow = bool(parts) and parts[-1][-1] != " " and cells(one) == cells(parts[-1][-1]) == 1
        if joins or narrow:
            parts[-1:] = [*parts[-1:-1], (parts[-1] if parts else "") + one]
        else:
            parts.append(one)
    return parts


class HelpInLanguage(_Formatter):  # type: ignore[misc]  # typer names no type for it
    """Writes the help of a command in the language in force."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write how a command is called."""
        super().write_usage(prog, args, prefix or gettext("Usage: "))

    def write_heading(self, heading: str) -> None:
        """Write the heading of a section."""
        self.write(" " * self.current_indent + gettext("{heading}:").format(heading=gettext(heading)) + "\n")

    def write_text(self, text: str) -> None:
        """Write paragraphs; those that begin with a backspace keep their lines."""
        indent = " " * self.current_indent
        for number, paragraph in enumerate(text.split("\n\n")):
            kept = paragraph.startswith("\b\n")
            lines = paragraph[2:].split("\n") if kept else wrapped(paragraph, self.width - len(indent))
            self.write("\n" if number else "")
            self.write("".join(f"{indent}{line}\n" for line in lines))

    def write_dl(self, rows: Sequence[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Write names and what they mean beside each other."""
        room = min(max(cells(first) for first, _ in rows), col_max) + col_spacing
        indent = " " * (room + self.current_indent)
        for first, second in rows:
            head = " " * self.current_indent + first
            lines = wrapped(gettext(second), max(self.width - room - 2, 10)) if second else []
            if cells(first) > room - col_spacing and lines:
                self.write(f"{head}\n{indent}{lines[0]}\n")
            else:
                self.write((head + " " * (room - cells(first)) + "".join(lines[:1])).rstrip() + "\n")
            self.write("".join(f"{indent}{line}\n" for line in lines[1:]))


class InLanguage(typer.Context):
    """What a command knows of how it is called, with help in the language in force."""

    formatter_class = HelpInLanguage
