"""Spreadsheets (.xlsx) as text tables; needs the extra `excel`."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

from evenhand.analysis.eventlog.log import BadLog
from evenhand.analysis.runs.bounds import MOST_COLUMNS, TooLarge, check_size, check_width
from evenhand.locale.current import gettext

NEEDS = "a spreadsheet needs openpyxl: pip install openpyxl (the extra 'excel'), or save as CSV UTF-8"


def write_csv(path: Path, out: Path) -> None:
    """Write the first sheet of a workbook as CSV in UTF-8: dates as ISO 8601, formulas as their last values.

    Raises BadLog without openpyxl, and for what is no workbook or larger than a log is.
    """
    try:
        import openpyxl
    except ImportError:
        raise BadLog(f"'{path}': {NEEDS}") from None
    try:
        with zipfile.ZipFile(path) as packed:
            check_size(path, sum(entry.file_size for entry in packed.infolist()))
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            with out.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(_rows(path, book.worksheets[0]))
        finally:
            book.close()
    except TooLarge as error:
        raise BadLog(str(error)) from None
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, OSError) as error:
        raise BadLog(
            gettext("'{path}' is not a workbook that can be read: {error}").format(path=path, error=error)
        ) from error


def place(path: Path, titles: int, row: int, column: int) -> str:
    """The name that the sheet gives a cell, as B7; rows count from 1 behind `titles` and the header.

    Rows without anything are none, as `write_csv` has it.
    """
    import openpyxl
    from openpyxl.utils import get_column_letter

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        rows = enumerate(book.worksheets[0].iter_rows(values_only=True), 1)
        full = (number for number, cells in rows if any(_text(cell) for cell in cells))
        return f"{get_column_letter(column + 1)}{next(islice(full, titles + row, None))}"
    finally:
        book.close()


def _rows(path: Path, sheet: Any) -> Iterator[list[str]]:
    """Rows of one width without those that are empty; empty columns at the right are left off."""
    width = 0
    for row in sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1):
        cells = [_text(cell) for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        check_width(path, len(cells), "columns")
        width = max(width, len(cells))
        yield cells + [""] * (width - len(cells))


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        whole = cell.time() == time()
        return cell.date().isoformat() if whole else cell.isoformat(sep=" ")
    if isinstance(cell, (date, time)):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
