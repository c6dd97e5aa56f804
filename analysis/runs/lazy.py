"""Columns that are read from Parquet files when they are used, with words as the numbers they stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from evenhand.sim.runs.records import LABELS, Columns
from evenhand.sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import duckdb

Words = Callable[[str], Sequence[str] | None]
"""The words for the numbers of a column; None for a column of numbers."""


def words_of(scenario: Scenario) -> Words:
    """The words for the columns of a run in a scenario."""
    from evenhand.sim.scenario.vocabulary import DESKS

    own = {
        **LABELS,
        "desk": DESKS,
        "buyer_group": scenario.buyer_groups,
        "merchant_group": scenario.merchant_groups,
    }
    return own.get


def as_numbers(rows: duckdb.DuckDBPyRelation, names: Sequence[str], words: Words) -> Columns:
    """Columns of a relation as NumPy arrays: positions for words, NaN for NULL."""
    from duckdb import ColumnExpression, ConstantExpression, Expression, FunctionExpression

    def as_number(name: str) -> Expression:
        column: Expression = ColumnExpression(name)
        labels = words(name)
        if labels is not None:
            place = FunctionExpression("list_position", ConstantExpression(list(labels)), column)
            column = (place - 1).cast("INTEGER")
        return column.alias(name)

    found = rows.select(*map(as_number, names)).fetchnumpy()
    return {name: np.ma.filled(values, np.nan) for name, values in found.items()}


Read = Callable[[Sequence[str]], Columns]


class Lazy(Mapping[str, NDArray[Any]]):
    """Columns by name; one that is not there yet is read, with all that were used before elsewhere.

    `used` is shared by the pieces of a run: what the first of them reads one by one, the others read at once.
    """

    def __init__(self, names: Sequence[str], read: Read, used: dict[str, None]) -> None:
        """Nothing has been read yet; `names` are all there is."""
        self._names, self._read, self._used = tuple(names), read, used
        self._there: Columns = {}

    def __getitem__(self, name: str) -> NDArray[Any]:
        if name not in self._there:
            if name not in self._names:
                raise KeyError(name)
            self._used[name] = None
            self._there |= self._read([one for one in self._used if one not in self._there])
        return self._there[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
