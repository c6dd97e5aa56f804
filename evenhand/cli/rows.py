"""Rows of an answer as CSV, JSON or Parquet: on the screen as they come, in a file whole or not at all."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TextIO

from numpy.typing import NDArray

from evenhand.analysis.metrics.written import plain_json
from evenhand.analysis.runs.atomic import whole
from evenhand.analysis.runs.database import connect
from evenhand.errors import UsageError
from evenhand.locale.current import gettext

Row = Sequence[Any]


def write_text(names: Sequence[str], rows: Iterable[Row], form: str, out: Path | None) -> None:
    """Write rows as "csv" or "json", to a file or to stdout. Raises UsageError, OSError."""
    into = {"csv": _csv, "json": _json}[form]
    if out is None:
        into(names, rows, sys.stdout)
        return
    with whole(out) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
        into(names, rows, file)


def write_parquet(columns: dict[str, NDArray[Any]], out: Path) -> None:
    """Write columns to a file. Raises UsageError, OSError."""
    import duckdb

    with whole(out) as temporary, connect() as database:
        database.register("columns", columns)
        try:
            database.table("columns").write_parquet(str(temporary), compression="zstd")
        except duckdb.IOException as error:
            raise OSError(f"{out}: {str(error).splitlines()[0]}") from error
        except duckdb.Error as error:
            raise UsageError(
                gettext("--format parquet: {what}").format(what=str(error).splitlines()[0])
            ) from error


def _csv(names: Sequence[str], rows: Iterable[Row], file: TextIO) -> None:
    """A line a row; NULL is nothing, truth is true or false."""
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        writer.writerow([str(cell).lower() if isinstance(cell, bool) else cell for cell in row])


def _json(names: Sequence[str], rows: Iterable[Row], file: TextIO) -> None:
    """An array of objects, one a line; what JSON has no number for is null."""
    file.write("[")
    for number, row in enumerate(rows):
        document = dict(zip(names, map(plain_json, row), strict=True))
        file.write(",\n " if number else "\n ")
        file.write(json.dumps(document, ensure_ascii=False, allow_nan=False, default=str))
    file.write("\n]\n")
