"""Rows as the first sheet of a workbook (.xlsx); needs the extra `excel`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any

from evenhand.analysis.runs.atomic import whole
from evenhand.errors import UsageError
from evenhand.locale.current import gettext

NEEDS = "a spreadsheet needs openpyxl: pip install openpyxl (the extra 'excel'), or write .csv"
MOST_ROWS = 1_048_576
"""Rows of a sheet, its header among them."""
MOST_TEXT = 32_767
"""Characters of a cell."""
_MOST_WHOLE = 2**53
"""Whole numbers from here on are text, for a spreadsheet would round them."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


def check_library() -> None:
    """Say before anything is computed that a spreadsheet cannot be written. Raises UsageError."""
    try:
        import openpyxl  # noqa: F401  (only whether it is there)
    except ImportError:
        raise UsageError(f"--out: {NEEDS}") from None


def write_xlsx(names: Sequence[str], rows: Iterable[Sequence[Any]], out: Path) -> None:
    """Write rows to a sheet; see `sheet`. Raises UsageError, OSError."""
    with sheet(names, out) as write:
        for row in rows:
            write(row)


@contextmanager
def sheet(names: Sequence[str], out: Path) -> Iterator[Callable[[Sequence[Any]], None]]:
    """A sheet that takes rows below a bold header that stays in view; the file is whole or not there.

    Dates and times are dates and times (of a zone: in UTC), numbers are numbers, and text is never a formula.
    NULL, NaN and infinity are empty cells. Raises UsageError without openpyxl, for more rows than a sheet has
    and for a longer text than a cell holds, OSError.
    """
    check_library()
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    book, written = Workbook(write_only=True), 0
    page = book.create_sheet()
    page.freeze_panes = "A2"

    def cell(value: Any, *, bold: bool = False) -> Any:
        found = WriteOnlyCell(page, value=_plain(value))
        if isinstance(found.value, str):
            found.data_type = "s"  # "=1+1" is what somebody has written
        if bold:
            found.font = Font(bold=True)
        return found

    def write(row: Sequence[Any]) -> None:
        nonlocal written
        written += 1
        if written >= MOST_ROWS:
            raise UsageError(
                gettext("--out: a sheet holds {most:,} rows, and there are more; write .csv").format(
                    most=MOST_ROWS - 1
                )
            )
        page.append([cell(value) for value in row])

    with whole(out) as temporary:
        page.append([cell(name, bold=True) for name in names])
        try:
            yield write
        except BaseException:
            page.close()
            raise
        book.save(temporary)


def _plain(value: Any) -> Any:
    """A value as a cell has it."""
    if isinstance(value, datetime):
        return value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)
    if isinstance(value, (date, time, timedelta, bool)) or value is None:
        return value
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, int) and abs(value) <= _MOST_WHOLE:
        return value
    text = _CONTROL.sub("\N{REPLACEMENT CHARACTER}", str(value))
    if len(text) > MOST_TEXT:
        raise UsageError(
            gettext("--out: a cell holds {most:,} characters, and one has {found:,}; write .csv").format(
                most=MOST_TEXT, found=len(text)
            )
        )
    return text
