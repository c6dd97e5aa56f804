"""Tables in HTML for notebooks; every text is shown as the text it is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape


def table(headings: Sequence[str], rows: Iterable[Sequence[str]], titles: Iterable[str] | None = None) -> str:
    """A table of texts; `titles`, one a row, are shown when a mouse rests on the row."""
    lines = (_row(row) for row in rows)
    if titles is not None:
        lines = (
            line.replace("<tr>", f'<tr title="{escape(title)}">', 1)
            for line, title in zip(lines, titles, strict=True)
        )
    head = "".join(f"<th>{escape(one)}</th>" for one in headings)
    body = "\n".join(lines)
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def _row(cells: Sequence[str]) -> str:
    return f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"
