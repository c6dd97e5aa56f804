"""Columns from rows: stages read several fields of one dispute, metrics one field of all disputes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand.sim.jit.cache import compiled
from evenhand.sim.jit.structs import Mark, dtype_of, marked
from evenhand.sim.lifecycle.state import Progress
from evenhand.sim.runs.records import Columns, Room, carve
from evenhand.sim.sampling.world_rows import Case

Rows = tuple[NDArray[Any], NDArray[Any]]
"""Cases and progress of the same disputes."""
Places = NDArray[np.intp]
_WIDTHS = (np.dtype(np.int64), np.dtype(np.int32), np.dtype(np.int8))
_OF_CASE = {name: name for name in marked(Case, Mark.RECORDED)}
_OF_PROGRESS = {"rounds": "round", "meetings": "meeting"} | {
    name: name for name in dtype_of(Progress).names or () if name not in marked(Progress, Mark.UNRECORDED)
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
            "replication": np.dtype(np.int32),
            "dispute": number.dtype,
            **{name: cases[name] for name in _OF_CASE},
            **{name: people["group"].dtype for name, (people, _) in traits.items()},
            **{name: progress[field] for name, field in _OF_PROGRESS.items()},
        },
        n,
    )
    ends = np.cumsum([len(which) for which in happened])
    mine = np.split(places, ends[:-1])
    turn([case for case, _ in parts], _OF_CASE, happened, columns, mine)
    turn([progress for _, progress in parts], _OF_PROGRESS, happened, columns, mine)
    columns["replication"][:] = replication
    columns["dispute"][places] = number
    for name, (people, party) in traits.items():
        columns[name][:] = people["group"][columns[party]]
    return columns


def turn(
    parts: Sequence[NDArray[Any]],
    fields: Mapping[str, str],
    which: Sequence[Places],
    into: Columns,
    places: Sequence[Places],
) -> None:
    """Turn rows into columns: field `fields[c]` of row `which[k]` of a part goes to `into[c][places[k]]`.

    Row by row, since each is met once in memory that way, and its fields are neighbours.
    """
    for kind, names, offsets in _by_width(parts[0].dtype, tuple(fields.items())):
        memory: Any = into[names[0]].base  # which all columns were carved from
        first = _address(memory)
        starts = np.array([(_address(into[name]) - first) // kind.itemsize for name in names])
        for rows, some, where in zip(parts, which, places, strict=True):
            assert rows.flags.c_contiguous
            words = rows.view(kind).reshape(len(rows), rows.dtype.itemsize // kind.itemsize)
            _turn(words, offsets, some, memory.view(kind), starts, where)


@cache
def _by_width(row: np.dtype[Any], fields: tuple[tuple[str, str], ...]) -> list[tuple[Any, list[str], Places]]:
    """By width: the type that stands for it, the columns, and where their fields lie in a row."""
    of: Any = row.fields
    found = []
    for kind in _WIDTHS:
        names = [column for column, field in fields if of[field][0].itemsize == kind.itemsize]
        if names:
            offsets = [of[field][1] // kind.itemsize for column, field in fields if column in names]
            found.append((kind, names, np.array(offsets)))
    return found


def _address(column: NDArray[Any]) -> int:
    return int(column.__array_interface__["data"][0])


@compiled
def _turn(
    words: NDArray[Any], offsets: Places, which: Places, memory: NDArray[Any], starts: Places, places: Places
) -> None:
    for k in range(len(which)):
        row, place = which[k], places[k]
        for c in range(len(offsets)):
            memory[starts[c] + place] = words[row, offsets[c]]
