"""DuckDB as it is used here: quiet, whatever takes long."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


def connect(path: str = ":memory:", **settings: str | bool | float | list[str]) -> duckdb.DuckDBPyConnection:
    """Open a database, in memory by default, that draws no bars on a stdout which others may parse."""
    import duckdb

    database = duckdb.connect(path, config=settings)
    database.execute("set enable_progress_bar = false")
    return database
