"""Columns of pieces that stay in memory from one reading of a run to the next, within a bound."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from evenhand.analysis.runs.lazy import Read
from evenhand.sim.runs.records import Columns


class HeldColumns:
    """Columns by their piece and name. What came first stays: readings go through pieces in turn, so a
    store that lets go of what was used longest ago would let go of everything just before it is wanted.
    """

    def __init__(self, room: int) -> None:
        """Nothing is held yet; `room` is how many bytes may be."""
        self._room = room
        self._there: dict[Hashable, Columns] = {}

    def columns(self, piece: Hashable, names: Sequence[str], read: Read) -> Columns:
        """Columns of a piece; `read` gives those that are not held. Do not write into them."""
        there = self._there.setdefault(piece, {})
        found = {name: there[name] for name in names if name in there}
        missing = [name for name in names if name not in found]
        for name, column in (read(missing) if missing else {}).items():
            found[name] = column
            if column.nbytes <= self._room:
                self._room -= column.nbytes
                there[name] = column
        return found
