"""Any table on disk as DuckDB reads it: CSV in any usual encoding, TSV, Parquet, a spreadsheet."""

from __future__ import annotations

import re
import shutil
import weakref
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from evenhand.analysis.eventlog import places, text_file, workbook
from evenhand.analysis.eventlog.log import BadLog
from evenhand.analysis.runs.bounds import TooLarge, check_file, check_width
from evenhand.analysis.runs.database import connect, interruptible
from evenhand.analysis.runs.scratch import new_scratch
from evenhand.locale.current import gettext

TABLES = (".csv", ".csv.gz", ".tsv", ".parquet", ".xlsx")
_NAMED = {"gb18030": "GB18030", "cp1252": "Latin-1"}


@dataclass(frozen=True, eq=False)
class Source:
    """A table: what to select from, with `?` for the file, and what was taken for granted about it."""

    path: Path
    """The file that the user named."""
    file: Path
    """The file to read: this one, or a copy in UTF-8 that goes away with this object."""
    sql: str
    names: list[str]
    notes: tuple[str, ...] = ()
    typed: frozenset[str] = field(default_factory=frozenset)
    """Columns whose cells are numbers in the file, not text."""
    written: text_file.Written | None = None
    """How the text is written; None for what is no text."""

    def place(self, row: int, column: str) -> str:
        """Where a cell stands, as messages begin: line and column of a text, else the row, counted from 1."""
        number = self.names.index(column)
        if self.written is None:
            return gettext("{path}: row {row}").format(path=self.path, row=row)
        if self.path.name.lower().endswith(".xlsx"):
            return f"{self.path}:{workbook.place(self.path, len(self.written.titles), row, number)}"
        line, at = places.place(self.file, self.written, row, number)
        return f"{self.path}:{line}:{at}"

    def broken(self, error: Exception) -> str:
        """What DuckDB found wrong in the file, for a person: one line, with the line of the file."""
        said = str(error)
        widths = re.search(r"Line: (\d+)[\s\S]*?Expected Number of Columns: (\d+) Found: (\d+)", said)
        if widths:
            line, wanted, there = widths.groups()
            return (
                gettext(
                    "{path}:{line}: has {there} columns where the header has {wanted}: every row must have "
                    "as many; two exports that were joined are two files"
                )
            ).format(path=self.path, line=line, there=there, wanted=wanted)
        line = re.search(r"Line: (\d+)", said)
        first = said.splitlines()[0]
        if line:
            return f"{self.path}:{line[1]}: {first}"
        return gettext("'{path}' is not a table: {error}").format(path=self.path, error=first)


def open_source(path: Path) -> Source:
    """Find out how a table is written. Raises BadLog, OSError."""
    try:
        check_file(path)
    except TooLarge as error:
        raise BadLog(str(error)) from None
    name = path.name.lower()
    if name.endswith(".parquet"):
        return _parquet(path)
    if name.endswith(".xlsx"):
        return _copied(path, ())
    try:
        written = text_file.examine(path)
    except TooLarge as error:
        raise BadLog(str(error)) from None
    if written.encoding in {"utf-8", "utf-8-sig"}:
        return _text(path, path, written, _titles(written))
    label = _NAMED.get(written.encoding, "UTF-16")
    return _copied(
        path, (gettext("is not UTF-8; read as {encoding}").format(encoding=label),), written.encoding
    )


def _parquet(path: Path) -> Source:
    sql = "read_parquet(?)"
    try:
        with connect() as database:
            asked = f"describe select * from {sql}"  # noqa: S608
            rows = interruptible(database, lambda: database.execute(asked, [str(path)])).fetchall()
        check_width(path, len(rows), "columns")
    except (duckdb.Error, TooLarge) as error:
        raise BadLog(
            gettext("'{path}' is not a table of events: {what}").format(
                path=path, what=str(error).splitlines()[0]
            )
        ) from error
    kinds = ("INT", "DOUBLE", "FLOAT", "DECIMAL")
    typed = frozenset(row[0] for row in rows if any(kind in row[1] for kind in kinds))
    return Source(path, path, sql, [row[0] for row in rows], (), typed)


def _copied(path: Path, notes: tuple[str, ...], encoding: str = "") -> Source:
    """A table from a copy in UTF-8: of a workbook, or of text in another encoding."""
    folder = new_scratch()
    copy = folder / "table.csv"
    try:
        if encoding:
            with copy.open("w", encoding="utf-8", newline="") as out:
                out.writelines(text_file.lines_of(path, encoding))
        else:
            workbook.write_csv(path, copy)
        written = text_file.examine(copy)
        source = _text(path, copy, written, (*notes, *_titles(written)))
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, BadLog):
            raise BadLog(str(error).replace(str(copy), str(path))) from error
        raise
    weakref.finalize(source, shutil.rmtree, folder, ignore_errors=True)
    return source


def _titles(written: text_file.Written) -> tuple[str, ...]:
    return tuple(
        gettext("the line '{title}' above the header is left out").format(title=title)
        for title in written.titles
    )


def _text(path: Path, file: Path, written: text_file.Written, notes: tuple[str, ...]) -> Source:
    """Nothing is left to a guess: a '#' is no comment, and a row of another width is an error."""
    try:
        check_width(path, len(written.names), "columns")
    except TooLarge as error:
        raise BadLog(str(error)) from None
    columns = ", ".join(f"'{name.replace(chr(39), chr(39) * 2)}': 'VARCHAR'" for name in written.names)
    packed = "gzip" if file.name.lower().endswith(".gz") else "none"
    sql = (
        f"read_csv(?, auto_detect = false, header = true, delim = '{written.delimiter}', quote = '\"', "
        f"escape = '\"', comment = '', skip = {written.skip}, null_padding = false, "
        f"compression = '{packed}', "
        f"columns = {{{columns}}})"
    )
    return Source(path, file, sql, written.names, notes, written=written)
