"""Answers: the rows that a question has, in the form in which somebody wants them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analysis.data_frame import pandas
from analysis.runs.closed import bad, check

if TYPE_CHECKING:
    import duckdb

SHOWN = 20
"""Rows that a notebook shows."""


class Answer:
    """The rows that answer a question. They are computed when they are asked for."""

    def __init__(self, database: duckdb.DuckDBPyConnection, query: str) -> None:
        """Ask. Raises BadQuery."""
        import duckdb

        check(database, query)
        self.query = query
        self._database = database
        try:
            self.relation = database.sql(query)
        except duckdb.Error:
            self._execute()  # says where the mistake is
            raise

    def _execute(self) -> duckdb.DuckDBPyConnection:
        import duckdb

        try:
            return self._database.cursor().execute(self.query)
        except duckdb.Error as error:
            raise bad(self.query, error) from error

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return list(self.relation.columns)

    @property
    def columns(self) -> dict[str, NDArray[Any]]:
        """The columns as NumPy arrays; NULL is NaN where a column has floats, and masked elsewhere."""
        found = self._execute().fetchnumpy()
        return {
            name: np.ma.filled(values, np.nan) if values.dtype.kind == "f" else values
            for name, values in found.items()
        }

    def rows(self, at_once: int = 10_000) -> Iterator[tuple[Any, ...]]:
        """The rows, so many in memory at once; NULL is None."""
        import duckdb

        result = self._execute()
        try:
            while batch := result.fetchmany(at_once):
                yield from batch
        except duckdb.Error as error:
            raise bad(self.query, error) from error

    def to_pandas(self) -> Any:
        """The rows as a data frame. Raises ImportError without the extra `research`."""
        pandas()  # DuckDB's own words would name no extra
        return self._execute().df()

    def __repr__(self) -> str:
        return str(self.relation)

    def _repr_html_(self) -> str:
        return _html(self.names, list(islice(self.rows(), SHOWN)))


def _html(names: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in names)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
