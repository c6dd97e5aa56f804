"""Rows: one declaration gives the columns of a structured array and the Python object for one row.

The Numba engine reads the arrays as they are; the SimPy engine turns them into plain Python rows,
which are faster to read one by one and refuse writes where the declaration is a NamedTuple.
"""

from __future__ import annotations

from dataclasses import fields
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any, get_type_hints

import numpy as np
from numpy.typing import NDArray


class Mark(Enum):
    """What else is known of a field of a row; written into its annotation."""

    RECORDED = "a column of the records, though the row itself is not kept"
    UNRECORDED = "working memory of the stages, which says nothing about the dispute: no column"


class Wide(int):
    """Declares a field of 64 bits, where `int` is one of 32."""


_KINDS = {float: np.float64, int: np.int32, bool: np.bool_, Wide: np.int64}


@cache
def dtype_of(row: type) -> np.dtype[Any]:
    """The structured type of a row class whose fields are float, int, bool or `Wide`."""
    return np.dtype([(name, _KINDS[kind]) for name, kind in get_type_hints(row).items()], align=True)


@cache
def marked(row: type, mark: Mark) -> tuple[str, ...]:
    """The fields of a row class that bear a mark, in their order."""
    hints = get_type_hints(row, include_extras=True)
    return tuple(name for name, hint in hints.items() if mark in getattr(hint, "__metadata__", ()))


def table(row: type, size: int, /, **columns: Any) -> NDArray[Any]:
    """An array of `size` rows, zero but for the columns given (each of that length, or a scalar)."""
    array = np.zeros(size, dtype_of(row))
    for name, values in columns.items():
        array[name] = values
    return array


def fresh(row: type, size: int, /, **columns: Any) -> NDArray[Any]:
    """An array of `size` rows with the defaults of a dataclass, but for the columns given."""
    one = table(row, 1, **{field.name: field.default for field in fields(row)})
    array = np.repeat(one, size)
    for name, values in columns.items():
        array[name] = values
    return array


def some_of(array: NDArray[Any], which: NDArray[np.intp]) -> NDArray[Any]:
    """Copies of some rows; as bytes, because NumPy would copy them field by field."""
    size = array.dtype.itemsize
    taken: NDArray[Any] = array.view(np.uint8).reshape(len(array), size)[which]
    return taken.reshape(-1).view(array.dtype)


def to_rows(array: NDArray[Any], row: type) -> list[Any]:
    """Python rows with the values of a structured array."""
    return [row(*values) for values in array.tolist()]


class LazyRows:
    """Rows of a structured array that become Python rows when they are read: for the many never read."""

    def __init__(self, array: NDArray[Any], row: type) -> None:
        self._array, self._row = array, row
        self._read: dict[int, Any] = {}

    def __len__(self) -> int:
        return len(self._array)

    def __getitem__(self, at: int) -> Any:
        row = self._read.get(at)
        if row is None:
            row = self._read[at] = self._row(*self._array[at].item())
        return row


def from_rows(rows: list[Any], array: NDArray[Any]) -> None:
    """Write Python rows back into the structured array they came from."""
    names = array.dtype.names or ()
    read = attrgetter(*names)
    array[:] = [read(row) if len(names) > 1 else (read(row),) for row in rows]
