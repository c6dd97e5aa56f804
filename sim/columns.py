"""Columns from rows: stages read several fields of one dispute, metrics one field of all disputes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.clocks.cache import compiled
from sim.records import Columns, Room, carve
from sim.rows import dtype_of
from sim.state import Progress

Rows = tuple[NDArray[Any], NDArray[Any]]
"""Cases and progress of the same disputes."""
Places = NDArray[np.intp]
_WIDTHS = (np.dtype(np.int64), np.dtype(np.int32), np.dtype(np.int8))
_HIDDEN = {
    "number", "exists", "pending", "row", "coming_row", "round", "meeting", "asker", "request", "talks_until",
    "mediate_until", "offers_until", "instructed", "share_on_merits", "absent", "coming_for_buyer",
    "coming_for_merchant",
}  # fmt: skip
"""Working memory of the stages that says nothing about the dispute."""
_OF_CASE = (
    "order_at", "delivery", "inspection", "buyer", "merchant", "cause", "claimed", "valid", "fault",
    "amount", "deserved", "shown", "in_hand", "goods", "hostile", "skips", "effort", "buyer_strength",
    "buyer_weight", "buyer_kinds", "buyer_withholds", "buyer_forges", "supplement_weight",
    "merchant_strength", "merchant_weight", "merchant_kinds", "merchant_withholds",
)  # fmt: skip
_OF_PROGRESS = {"rounds": "round", "meetings": "meeting"} | {
    name: name for name in dtype_of(Progress).names or () if name not in _HIDDEN
}


def dispute_columns(
    parts: Sequence[Rows], buyers: Any, merchants: Any, replication: int, room: Room = carve
) -> Columns:
    """One row for each dispute that happened and was noticed before the horizon, in order of arrival.

    Each part has the rows of the same disputes twice, as cases and as progress, in any order.
    """
    happened = [np.flatnonzero(p["exists"] & ~np.isnan(p["opened_at"])) for _, p in parts]
    number = np.concatenate([p["number"][which] for (_, p), which in zip(parts, happened, strict=True)])
    n, places = len(number), np.empty(len(number), np.intp)
    places[np.argsort(number)] = np.arange(n)
    cases, progress = (rows.dtype for rows in parts[0])
    traits = {"buyer_group": (buyers, "buyer"), "merchant_group": (merchants, "merchant")}
    columns = room(
        {
            "replication": np.dtype(np.int32), "dispute": number.dtype,
            **{name: cases[name] for name in _OF_CASE},
            **{name: people["group"].dtype for name, (people, _) in traits.items()},
            **{name: progress[field] for name, field in _OF_PROGRESS.items()},
        },
        n,
    )  # fmt: skip
    first = 0
    for (of_case, of_progress), which in zip(parts, happened, strict=True):
        mine = places[first : first + len(which)]
        turn(of_case, {name: name for name in _OF_CASE}, which, columns, mine)
        turn(of_progress, _OF_PROGRESS, which, columns, mine)
        first += len(which)
    columns["replication"][:] = replication
    columns["dispute"][places] = number
    for name, (people, party) in traits.items():
        columns[name][:] = people["group"][columns[party]]
    return columns


def turn(rows: NDArray[Any], fields: Mapping[str, str], which: Places, into: Columns, places: Places) -> None:
    """Turn rows into columns: field `fields[c]` of row `which[k]` goes to `into[c][places[k]]`.

    Row by row, since each is met once in memory that way, and its fields are neighbours.
    """
    assert rows.flags.c_contiguous
    for kind in _WIDTHS:
        names = [c for c, field in fields.items() if rows.dtype[field].itemsize == kind.itemsize]
        if not names or not len(which):
            continue
        offsets = [_offset(rows, fields[c]) // kind.itemsize for c in names]
        targets = [into[c].ctypes.data for c in names]
        words = rows.view(kind).reshape(len(rows), -1)
        memory, start = _around(into, kind)
        starts = [(target - start) // kind.itemsize for target in targets]
        _turn(words, np.array(offsets), which, memory, np.array(starts), places)


def _offset(rows: NDArray[Any], field: str) -> int:
    assert rows.dtype.fields is not None
    return int(rows.dtype.fields[field][1])


def _around(columns: Columns, kind: np.dtype[Any]) -> tuple[NDArray[Any], int]:
    """The memory that the columns were carved from, and its address."""
    memory: Any = next(iter(columns.values())).base
    return memory.view(kind), memory.ctypes.data


@compiled
def _turn(
    words: NDArray[Any], offsets: Places, which: Places, memory: NDArray[Any], starts: Places, places: Places
) -> None:
    for k in range(len(which)):
        row, place = which[k], places[k]
        for c in range(len(offsets)):
            memory[starts[c] + place] = words[row, offsets[c]]
