"""Columns to and from Parquet, by DuckDB: words for the numbers that stand for words, NULL for NaN."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import duckdb
import numpy as np
from duckdb import ColumnExpression, ConstantExpression, Expression, FunctionExpression

from sim.records import Columns

Words = Callable[[str], Sequence[str] | None]
"""The words for the numbers of a column; None for a column of numbers."""


def write(columns: Columns, path: Path, words: Words, whole: Collection[str] = ()) -> None:
    """Write columns of one length; `whole` are those of numbers that become integers.

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

    with duckdb.connect() as database:
        database.register("columns", columns)
        rows = database.table("columns").select(*map(as_written, columns))
        try:
            rows.write_parquet(str(path), compression="zstd")
        except duckdb.IOException as error:
            raise _as_os_error(error, path) from error


def read(path: Path, words: Words) -> Columns:
    """Read columns back as they were before writing. Raises duckdb.Error where the file is damaged."""
    with duckdb.connect() as database:
        rows = database.read_parquet(str(path))

        def as_number(name: str) -> Expression:
            column: Expression = ColumnExpression(name)
            labels = words(name)
            if labels is not None:
                place = FunctionExpression("list_position", ConstantExpression(list(labels)), column)
                column = (place - 1).cast("INTEGER")
            return column.alias(name)

        found = rows.select(*map(as_number, rows.columns)).fetchnumpy()
    return {name: np.ma.filled(values, np.nan) for name, values in found.items()}


def _as_os_error(error: duckdb.IOException, path: Path) -> OSError:
    """DuckDB says in its text what the system said."""
    number = re.search(r'"errno":"(\d+)"', str(error))
    if number is None:
        return OSError(f"{path}: {str(error).splitlines()[0]}")
    return OSError(int(number[1]), os.strerror(int(number[1])), str(path))
