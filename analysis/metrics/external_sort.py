"""A pile of rows that comes out in order, sorted on disk where it is more than memory should hold."""

from __future__ import annotations

from collections.abc import Iterator
from os import SEEK_END
from tempfile import TemporaryFile
from typing import IO, Any
from weakref import finalize

import numpy as np
from numpy.typing import NDArray

ROWS = 2**21
"""Rows that are held in memory at once: some twenty-five megabytes."""
KEY = "key"
Rows = NDArray[Any]
Keys = NDArray[np.uint64]


def in_time(times: NDArray[np.float64], later: NDArray[np.bool_] | None = None) -> Keys:
    """Keys that rise with times of 0 or more; of those at one time, the `later` ones come after the others.

    The bits of a positive number rise with it, and its sign leaves room for one more bit.
    """
    bits = np.ascontiguousarray(times + 0.0).view(np.uint64) << np.uint64(1)
    return bits if later is None else bits | later.astype(np.uint64)


def times_of(keys: Keys) -> NDArray[np.float64]:
    """The times of keys."""
    return (keys >> np.uint64(1)).view(np.float64)


def are_later(keys: Keys) -> NDArray[np.bool_]:
    """Which keys are the later ones of their time."""
    return (keys & np.uint64(1)).astype(np.bool_)


def rising_order(keys: Keys) -> NDArray[np.intp]:
    """Positions of rising keys, equal ones in their order; several times as fast as a stable sort."""
    order = np.argsort(keys)
    same = keys[order[1:]] == keys[order[:-1]]
    if same.any():
        tied = np.append(False, same) | np.append(same, False)
        some = order[tied]
        order[tied] = some[np.lexsort((some, keys[some]))]
    return order


def by_cell(cell: NDArray[Any]) -> Iterator[tuple[int, NDArray[np.int64]]]:
    """Every cell that has rows, and their positions in rising order."""
    # narrow numbers are sorted by counting
    narrow = cell.astype(np.int16) if len(cell) and cell.max() < 2**15 else cell
    order = np.argsort(narrow, kind="stable")
    present, starts = np.unique(cell[order], return_index=True)
    return zip(present.tolist(), np.split(order, starts)[1:], strict=True)


class Pile:
    """Rows with a key and more fields, to be read in rising order of the key.

    Sorted runs of `rows` rows go to a temporary file and are merged when the pile is read, so memory
    stays the same however many rows there are. Equal keys come in the order in which they were added,
    as long as all rows fit into memory.
    """

    def __init__(self, rows: int | None = None, **fields: Any) -> None:
        """Fields besides the key, with their NumPy types; `rows` defaults to `ROWS`."""
        self.rows = ROWS if rows is None else rows
        self.dtype = np.dtype([(KEY, np.uint64), *fields.items()])
        self._held: list[Rows] = []
        self._in_memory = 0
        self._lengths: list[int] = []
        self._file: IO[bytes] | None = None

    def add(self, key: Keys, **fields: NDArray[Any]) -> None:
        """Put rows on the pile."""
        for start in range(0, len(key), self.rows):
            part = slice(start, start + self.rows)
            made = np.empty(len(key[part]), self.dtype)
            made[KEY] = key[part]
            for name, values in fields.items():
                made[name] = values[part]
            self._take(made)

    def extend(self, other: Pile) -> None:
        """Put the rows of another pile of the same fields on this one."""
        for rows in [*other._stored(), *other._held]:
            self._take(rows)

    def _take(self, rows: Rows) -> None:
        if self._in_memory and self._in_memory + len(rows) > self.rows:
            self._store()
        self._held.append(rows)
        self._in_memory += len(rows)

    def _sorted(self) -> Rows:
        """The rows in memory in order, taken out of it."""
        rows = np.concatenate(self._held) if self._held else np.empty(0, self.dtype)
        self._held, self._in_memory = [], 0
        return rows[rising_order(np.ascontiguousarray(rows[KEY]))]

    def _store(self) -> None:
        """Write the rows in memory to the file, as one more sorted run."""
        if self._file is None:
            self._file = TemporaryFile()  # noqa: SIM115  # as long as the pile is there
            finalize(self, self._file.close)
        rows = self._sorted()
        self._file.seek(0, SEEK_END)
        self._file.write(rows.tobytes())
        self._lengths.append(len(rows))

    def _read(self, start: int, count: int) -> Rows:
        """Rows of the file."""
        assert self._file is not None
        self._file.seek(start * self.dtype.itemsize)
        return np.frombuffer(self._file.read(count * self.dtype.itemsize), self.dtype)

    def _stored(self) -> Iterator[Rows]:
        """The sorted runs of the file."""
        ends = np.cumsum(self._lengths, dtype=np.int64)
        for end, length in zip(ends.tolist(), self._lengths, strict=True):
            yield self._read(end - length, length)

    def rising(self) -> Iterator[Rows]:
        """All rows in rising order of the key, at most about `rows` at a time; may be read again."""
        if not self._lengths:
            self._held = [self._sorted()]
            self._in_memory = len(self._held[0])
            if self._in_memory:
                yield self._held[0]
            return
        if self._held:
            self._store()
        yield from self._merged()

    def keys_of_each(self, field: str) -> Iterator[tuple[int, Keys]]:
        """The keys of one value of a field, rising, all values in turn.

        Of a pile on disk a value may come several times, each time with later keys.
        """
        rising = bool(self._lengths)
        for rows in self.rising() if rising else self._in_one():
            keys = np.ascontiguousarray(rows[KEY])
            for value, which in by_cell(rows[field]):
                # in memory by value first: many short sorts are quicker than a long one
                yield value, keys[which] if rising else np.sort(keys[which])

    def _in_one(self) -> Iterator[Rows]:
        """The rows in memory, in one array, if there are any."""
        if self._held:
            yield np.concatenate(self._held)

    def _merged(self) -> Iterator[Rows]:
        """Merge the runs of the file: of each a window, of which all is due up to the first window's end."""
        ends = np.cumsum(self._lengths, dtype=np.int64).tolist()
        at = [end - length for end, length in zip(ends, self._lengths, strict=True)]
        window = [np.empty(0, self.dtype) for _ in ends]
        each = max(self.rows // len(ends), 1)
        while True:
            for i, end in enumerate(ends):
                if not len(window[i]) and at[i] < end:
                    window[i] = self._read(at[i], min(each, end - at[i]))
                    at[i] += len(window[i])
            last = [w[KEY][-1] for w, a, end in zip(window, at, ends, strict=True) if a < end]
            due = [np.searchsorted(w[KEY], min(last), "right") if last else len(w) for w in window]
            rows = np.concatenate([w[:cut] for w, cut in zip(window, due, strict=True)])
            if not len(rows):
                return
            window = [w[cut:] for w, cut in zip(window, due, strict=True)]
            yield rows[rising_order(np.ascontiguousarray(rows[KEY]))]
