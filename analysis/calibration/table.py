"""Reading a log's file as it is: columns of text with their names, and times and numbers from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.runs.bounds import check_size, check_width
from evenhand.analysis.runs.database import connect, interruptible
from evenhand.sim.scenario.suggest import did_you_mean

Floats = NDArray[np.float64]
Texts = NDArray[np.object_]
TABLES = (".csv", ".csv.gz", ".tsv", ".parquet")
MEMORY = "2GB"
"""What DuckDB may use to read one; more is an error, not a machine without memory."""
_OFFSET = r"([Zz]|[+-]\d{2}:?\d{2})$"
"""Times count as they stand on the clock of the log: an offset from UTC is left out."""


class BadLog(ValueError):
    """A log that cannot be read as it is asked to; one line a mistake, each says what is allowed."""


@dataclass(frozen=True, eq=False)
class TextTable:
    """Rows of text; None where a cell is empty. Row i of the file is at position i - 1."""

    name: str
    columns: dict[str, Texts]

    def __len__(self) -> int:
        """Rows."""
        return len(next(iter(self.columns.values()), ()))

    def missing(self, wanted: str) -> str:
        """What is wrong with a name that is no column."""
        hint = did_you_mean(wanted, self.columns)
        return f"{self.name} has no column '{wanted}'{hint} (it has {', '.join(self.columns)})"


def read_table(path: Path) -> TextTable:
    """Read a CSV, TSV or Parquet file. Raises BadLog, OSError."""
    if not path.exists():
        raise BadLog(f"{path}: there is no such file")
    name = path.name.lower()
    if not name.endswith(TABLES):
        raise BadLog(f"{path}: must end in {', '.join(TABLES)} or .xes, .xes.gz, found '{path.suffix}'")
    how = "read_parquet(?)" if name.endswith(".parquet") else "read_csv(?, all_varchar=true, header=true)"
    try:
        with connect(memory_limit=MEMORY) as database:
            _look(database, how, path)
            asked = f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM {how}"  # noqa: S608
            interruptible(database, lambda: database.execute(asked, [str(path)]))
            found = interruptible(database, database.fetchnumpy)
    except duckdb.Error as error:
        said = " ".join(str(error).split("\n")[:2])
        raise BadLog(f"{path}: cannot be read as a table: {said}") from error
    table = TextTable(path.name, {key: _texts(values) for key, values in found.items()})
    if not len(table):
        raise BadLog(f"{path}: has no rows")
    return table


def _look(database: duckdb.DuckDBPyConnection, how: str, path: Path) -> None:
    """Refuse what is wider or larger than a log, before it is in memory. Raises BadLog, duckdb.Error."""
    try:
        described = interruptible(database, lambda: database.execute(f"DESCRIBE FROM {how}", [str(path)]))
        check_width(path, len(described.fetchall()), "columns")
        if how.startswith("read_parquet"):  # a few bytes may stand for any number of cells
            total = f"SELECT sum(strlen(CAST(COLUMNS(*) AS VARCHAR))) FROM {how}"  # noqa: S608
            sizes = interruptible(database, lambda: database.execute(total, [str(path)])).fetchone() or ()
            check_size(path, sum(size or 0 for size in sizes))
    except duckdb.Error:
        raise
    except ValueError as error:
        raise BadLog(str(error)) from None


def _texts(values: Any) -> Texts:
    """A column as text, None where it is empty."""
    plain: Texts = np.array(np.ma.getdata(values), object)
    plain[np.ma.getmaskarray(values) | (plain == "")] = None
    return plain


def hours_of(texts: Texts, time_format: str = "") -> Floats:
    """Hours since 1970 on the clock of the log; NaN for what is empty or no time."""
    if time_format:
        moment = "try_strptime(t, ?)"
    else:
        here = f"CASE WHEN contains(t, ':') THEN regexp_replace(t, '{_OFFSET}', '') ELSE t END"
        moment = f"try_cast({here} AS TIMESTAMP)"
    with connect() as database:
        database.register("rows", {"i": np.arange(len(texts)), "t": _strings(texts)})
        asked = f"SELECT epoch({moment}) / 3600.0 AS h FROM rows ORDER BY i"  # noqa: S608
        found = database.execute(asked, [time_format] if time_format else []).fetchnumpy()["h"]
    hours = np.ma.filled(found.astype(np.float64), np.nan)
    hours[texts == None] = np.nan  # noqa: E711  # an array of objects
    return np.asarray(hours)


def numbers_of(texts: Texts) -> Floats:
    """Numbers; NaN for what is empty or no number. Signs of currencies and of thousands are passed over."""
    with connect() as database:
        database.register("rows", {"i": np.arange(len(texts)), "t": _strings(texts)})
        number = "try_cast(regexp_replace(t, '[$€£¥,\\s]', '', 'g') AS DOUBLE)"
        found = database.execute(f"SELECT {number} AS x FROM rows ORDER BY i").fetchnumpy()["x"]  # noqa: S608
    values = np.asarray(np.ma.filled(found.astype(np.float64), np.nan))
    return np.where(np.isfinite(values) & (texts != None), values, np.nan)  # noqa: E711


def _strings(texts: Texts) -> NDArray[Any]:
    return np.array(["" if text is None else str(text) for text in texts], object)


def distinct(texts: Texts) -> Sequence[tuple[str, int]]:
    """Values with how often they occur, the commonest first."""
    values, counts = np.unique(_strings(texts[texts != None]).astype(str), return_counts=True)  # noqa: E711
    order = np.lexsort((values, -counts))
    return [(str(values[i]), int(counts[i])) for i in order]
