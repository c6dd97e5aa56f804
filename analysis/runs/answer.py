"""Answers: the rows that a question has, in the form in which somebody wants them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.runs.closed import bad, check
from evenhand.analysis.runs.data_frame import pandas
from evenhand.analysis.runs.database import interruptible
from evenhand.analysis.runs.html_table import table

if TYPE_CHECKING:
    import duckdb

SHOWN = 20
"""Rows that a notebook shows."""


class QueryAnswer:
    """The rows that answer a question. They are computed when they are asked for."""

    def __init__(self, database: duckdb.DuckDBPyConnection, query: str) -> None:
        """Ask. Raises BadQuery."""
        import duckdb

        check(database, query)
        self.query = query
        self._database = database
        try:
            self.relation = interruptible(database, lambda: database.sql(query))
        except duckdb.Error:
            self._execute()  # says where the mistake is
            raise

    def _execute(self) -> duckdb.DuckDBPyConnection:
        import duckdb

        cursor = self._database.cursor()
        try:
            return interruptible(cursor, lambda: cursor.execute(self.query))
        except duckdb.Error as error:
            raise bad(self.query, error) from error

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return list(self.relation.columns)

    @property
    def columns(self) -> dict[str, NDArray[Any]]:
        """The columns as NumPy arrays; NULL is NaN where a column has floats, and masked elsewhere."""
        result = self._execute()
        found = interruptible(result, result.fetchnumpy)
        return {
            name: np.ma.filled(values, np.nan) if values.dtype.kind == "f" else values
            for name, values in found.items()
        }

    def rows(self, at_once: int = 10_000) -> Iterator[tuple[Any, ...]]:
        """The rows, so many in memory at once; NULL is None."""
        import duckdb

        result = self._execute()
        try:
            while batch := interruptible(result, lambda: result.fetchmany(at_once)):
                yield from batch
        except duckdb.Error as error:
            raise bad(self.query, error) from error

    def to_pandas(self) -> Any:
        """The rows as a data frame. Raises ImportError without the extra `research`."""
        pandas()  # DuckDB's own words would name no extra
        result = self._execute()
        return interruptible(result, result.df)

    def __repr__(self) -> str:
        return str(self.relation)

    def _repr_html_(self) -> str:
        return table(self.names, ([str(cell) for cell in row] for row in islice(self.rows(), SHOWN)))
