"""Columns to Parquet, by DuckDB: words for the numbers that stand for words, NULL for NaN."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Sequence
from contextlib import nullcontext
from pathlib import Path

import duckdb
import numpy as np
from duckdb import ColumnExpression, ConstantExpression, Expression, FunctionExpression

from evenhand.analysis.runs.closed import literal
from evenhand.analysis.runs.database import connect
from evenhand.sim.runs.records import Columns

HOW = "format parquet, compression zstd, compression_level 1, dictionary_size_limit 1000"
"""A third quicker than as it comes, and smaller: most columns are numbers of which no two are alike."""
Words = Callable[[str], Sequence[str] | None]
"""The words for the numbers of a column; None for a column of numbers."""


def database() -> duckdb.DuckDBPyConnection:
    """Something to write many files with; opening it takes longer than a small file does.

    It has one thread: who writes in parallel has workers for it.
    """
    return connect(threads=1)


def write(
    columns: Columns,
    path: Path,
    words: Words,
    whole: Collection[str] = (),
    by: duckdb.DuckDBPyConnection | None = None,
) -> None:
    """Write columns of one length; `whole` are those of numbers that become integers.

    `by` is the database that writes, one of its own by default.
    Raises OSError where the disk does not take them.
    """

    def as_written(name: str) -> Expression:
        column = ColumnExpression(name)
        labels = words(name)
        if labels is not None:
            column = FunctionExpression("list_extract", ConstantExpression(list(labels)), column + 1)
        elif columns[name].dtype.kind == "f":
            column = FunctionExpression("nullif", column, ConstantExpression(float("nan")))
        if name in whole:
            column = column.cast("BIGINT")
        return column.alias(name)

    with nullcontext(by) if by else database() as writer:
        # DuckDB takes no arrays that run backwards.
        writer.register("columns", {name: np.ascontiguousarray(one) for name, one in columns.items()})
        writer.table("columns").select(*map(as_written, columns)).create_view("rows", replace=True)
        try:
            writer.execute(f"copy rows to {literal(path)} ({HOW})")
        except duckdb.IOException as error:
            raise _as_os_error(error, path) from error
        finally:
            writer.unregister("columns")


def row_counts(paths: Sequence[Path]) -> list[int]:
    """How many rows each file has, from its end. Raises duckdb.Error where one is damaged or missing."""
    with connect() as reader:
        counted = reader.execute(
            "select file_name, num_rows from parquet_file_metadata($paths)",
            {"paths": [str(path) for path in paths]},
        ).fetchall()
    rows = dict(counted)
    return [rows[str(path)] for path in paths]


def _as_os_error(error: duckdb.IOException, path: Path) -> OSError:
    """DuckDB says in its text what the system said."""
    number = re.search(r'"errno":"(\d+)"', str(error))
    if number is None:
        return OSError(f"{path}: {str(error).splitlines()[0]}")
    return OSError(int(number[1]), os.strerror(int(number[1])), str(path))
