"""Reading a log's file as it is: columns of text with their names, and times and numbers from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.eventlog.amounts import Decimal, floats_of
from evenhand.analysis.eventlog.log import BadLog
from evenhand.analysis.eventlog.moments import Order, Unit, hours_sql, order_of, unit_of
from evenhand.analysis.eventlog.source import TABLES, Source, open_source
from evenhand.analysis.runs.bounds import TooLarge, check_size
from evenhand.analysis.runs.database import connect, interruptible
from evenhand.locale.current import gettext
from evenhand.sim.scenario.suggest import did_you_mean

Floats = NDArray[np.float64]
Texts = NDArray[np.object_]
MEMORY = "2GB"
"""What DuckDB may use to read one; more is an error, not a machine without memory."""


@dataclass(frozen=True, eq=False)
class TextTable:
    """Rows of text; None where a cell is empty. Row i of the file is at position i - 1."""

    name: str
    columns: dict[str, Texts]
    typed: frozenset[str] = frozenset()
    """Columns whose cells were numbers in the file, not text."""
    notes: tuple[str, ...] = ()
    """What was taken for granted when it was read."""

    def __len__(self) -> int:
        """Rows."""
        return len(next(iter(self.columns.values()), ()))

    def missing(self, wanted: str) -> str:
        """What is wrong with a name that is no column."""
        hint = did_you_mean(wanted, self.columns)
        return gettext("{name} has no column '{wanted}'{hint} (it has {columns})").format(
            name=self.name, wanted=wanted, hint=hint, columns=", ".join(self.columns)
        )


def read_table(path: Path) -> TextTable:
    """Read a CSV, TSV, Parquet or .xlsx file, whatever its encoding. Raises BadLog, OSError."""
    if not path.exists():
        raise BadLog(gettext("{path}: there is no such file").format(path=path))
    if not path.name.lower().endswith(TABLES):
        raise BadLog(
            gettext("{path}: must end in {tables} or .xes, .xes.gz, found '{suffix}'").format(
                path=path, tables=", ".join(TABLES), suffix=path.suffix
            )
        )
    source = open_source(path)
    try:
        with connect(memory_limit=MEMORY) as database:
            if source.sql.startswith("read_parquet"):
                _look(database, source)
            asked = f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM {source.sql}"  # noqa: S608
            interruptible(database, lambda: database.execute(asked, [str(source.file)]))
            found = interruptible(database, database.fetchnumpy)
    except duckdb.Error as error:
        raise BadLog(source.broken(error)) from error
    columns = {key: _texts(values) for key, values in found.items()}
    table = TextTable(path.name, columns, source.typed, source.notes)
    if not len(table):
        raise BadLog(gettext("{path}: has no rows").format(path=path))
    return table


def _look(database: duckdb.DuckDBPyConnection, source: Source) -> None:
    """Refuse cells of more bytes than a log has: a few in Parquet may stand for any number. Raises BadLog."""
    total = f"SELECT sum(strlen(CAST(COLUMNS(*) AS VARCHAR))) FROM {source.sql}"  # noqa: S608
    found = interruptible(database, lambda: database.execute(total, [str(source.file)])).fetchone() or ()
    try:
        check_size(source.path, sum(size or 0 for size in found))
    except TooLarge as error:
        raise BadLog(str(error)) from None


def _texts(values: Any) -> Texts:
    """A column as text, None where it is empty."""
    plain: Texts = np.array(np.ma.getdata(values), object)
    plain[np.ma.getmaskarray(values) | (plain == "")] = None
    return plain


def hours_of(
    texts: Texts, time_format: str = "", unit: Unit | None = None, dates: Order | None = None
) -> Floats:
    """Hours since 1970 on the clock of the log: an offset from UTC is left out; NaN for what is no time.

    Numbers count in their unit, and dates that end with their year have their order, or those that the column
    leaves no doubt about; hours are none of those, since nothing says on which day they began.
    """
    with connect() as database:
        database.register("rows", {"i": np.arange(len(texts)), "t": _strings(texts)})
        if time_format:
            moment = "epoch(try_strptime(t, ?)) / 3600.0"
        else:
            known = unit or unit_of(database, "rows", [], "t")
            order = dates or order_of(database, "rows", [], "t")
            moment = hours_sql("t", known if unit or known != "hours" else None, order, zones=False)
        asked = f"SELECT {moment} AS h FROM rows ORDER BY i"  # noqa: S608
        found = database.execute(asked, [time_format] if time_format else []).fetchnumpy()["h"]
    hours = np.ma.filled(found.astype(np.float64), np.nan)
    hours[texts == None] = np.nan  # noqa: E711  # an array of objects
    return np.asarray(hours)


def numbers_of(texts: Texts, decimal: Decimal | None = None, *, typed: bool = False) -> Floats:
    """Numbers; NaN for what is empty, no number or in doubt: see `amounts.floats_of`."""
    return floats_of(texts, decimal, typed=typed)


def _strings(texts: Texts) -> NDArray[Any]:
    return np.array(["" if text is None else str(text) for text in texts], object)


def distinct(texts: Texts) -> Sequence[tuple[str, int]]:
    """Values with how often they occur, the commonest first."""
    values, counts = np.unique(_strings(texts[texts != None]).astype(str), return_counts=True)  # noqa: E711
    order = np.lexsort((values, -counts))
    return [(str(values[i]), int(counts[i])) for i in order]
