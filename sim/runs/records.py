"""Records: one flat row a dispute, open ones too, and one row an event. Columns, all NumPy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from evenhand.sim.lifecycle.codes import ACTIVITIES, DECIDERS, REASONS
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.cohort import Cohort, Counted
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.vocabulary import CAUSES, ENDINGS, FAULTS, GOODS, REMEDIES, STYLES

Columns = dict[str, NDArray[Any]]
Kinds = Mapping[str, np.dtype[Any]]
Room = Callable[[Kinds, int], Columns]
"""Where columns of so many rows are written: a piece of memory of their own, or a ledger."""
_LINE = 64
"""Bytes of a cache line."""
_SPARE = 1.1
"""Room for more rows than are expected: what is never written costs no memory, and moving all rows does."""

SIDES = ("nobody", "buyer", "merchant")
_EVENT: dict[str, np.dtype[Any]] = {
    "replication": np.dtype(np.int32),
    "case": np.dtype(np.int32),
    "time": np.dtype(np.float64),
    "activity": np.dtype(np.int8),
    "resource": np.dtype(np.int32),
}
LABELS: dict[str, tuple[str, ...]] = {
    "cause": CAUSES,
    "claimed": CAUSES,
    "fault": FAULTS,
    "ending": ENDINGS,
    "reason": tuple(REASONS),
    "decider": DECIDERS,
    "silence": SIDES,
    "activity": tuple(ACTIVITIES),
    "goods": GOODS,
    "remedy": REMEDIES,
    "style": STYLES,
}
"""Words for the numbers in the columns."""


def carve(kinds: Kinds, n: int) -> Columns:
    """Columns of n values, whatever they hold, side by side in one piece of memory.

    One piece, because a system hands out large pages only for large pieces; and touching new memory in
    small pages takes longer than filling it.
    """
    sizes = [-(-n * kind.itemsize // _LINE) * _LINE for kind in kinds.values()]
    memory, first = np.empty(sum(sizes), np.uint8), 0
    columns: Columns = {}
    for (name, kind), size in zip(kinds.items(), sizes, strict=True):
        columns[name] = memory[first : first + n * kind.itemsize].view(kind)
        first += size
    return columns


class Ledger:
    """A table that replications add their rows to, each row written once and where it stays."""

    def __init__(self, replications: int) -> None:
        """For so many replications about as large as the first one; more room is made where they are not."""
        self._expected, self._used, self._room = replications, 0, 0
        self._columns: Columns = {}

    def more(self, kinds: Kinds, n: int) -> Columns:
        """Columns of the next n rows, whatever they hold."""
        first, self._used = self._used, self._used + n
        if self._used > self._room or not self._columns:
            self._grow(kinds, first, n)
        return {name: column[first : self._used] for name, column in self._columns.items()}

    def _grow(self, kinds: Kinds, filled: int, n: int) -> None:
        before, self._room = self._columns, max(int(_SPARE * n * self._expected), filled + 2 * n)
        self._expected *= 2
        self._columns = carve(kinds, self._room)
        for name, column in before.items():
            self._columns[name][:filled] = column[:filled]

    def columns(self) -> Columns:
        """All rows so far."""
        return {name: column[: self._used] for name, column in self._columns.items()}


def stack(parts: Sequence[Columns]) -> Columns:
    """Put the same columns of several parts under each other; those without columns add nothing."""
    parts = [part for part in parts if part]
    if len(parts) < 2:
        return parts[0] if parts else {}
    kinds = {name: column.dtype for name, column in parts[0].items()}
    columns = carve(kinds, sum(len(next(iter(part.values()))) for part in parts))
    for name, column in columns.items():
        np.concatenate([part[name] for part in parts], out=column)
    return columns


def event_columns(parts: Sequence[NDArray[np.float64]], replication: int, room: Room = carve) -> Columns:
    """Events in the order in which they happened; rows as in `State`."""
    columns = room(_EVENT, sum(map(len, parts)))
    columns["replication"][:] = replication
    first = 0
    for rows in parts:
        for place, name in enumerate(("case", "time", "activity", "resource")):
            columns[name][first : first + len(rows)] = rows[:, place]
        first += len(rows)
    return columns


ChosenEngine = Literal["auto", "simpy", "numba"]
"""An engine by its name; what a run was made with is never `auto`."""


@dataclass(frozen=True, eq=False)
class About:
    """What every run is: who asked for it, wherever its records are."""

    scenario: Scenario
    policy: Policy
    seed: int
    replications: int
    days: int
    engine: ChosenEngine
    open_loop: bool
    cohort: Cohort | None = field(default=None, kw_only=True)
    """The disputes that are counted; None = those about all orders after start-up."""

    @property
    def counted(self) -> Counted:
        """What metrics count of the run: the rest of its records is start-up, or outside the cohort."""
        return Counted.of(self.scenario, self.cohort)

    @property
    def horizon(self) -> float:
        """Hours from start to end of a replication."""
        return 24.0 * self.days

    def about(self) -> dict[str, Any]:
        """These facts by name, for another description of the same run."""
        return {one.name: getattr(self, one.name) for one in fields(About)}

    def labels(self, column: str) -> tuple[str, ...]:
        """Words for the numbers of a column. Raises KeyError for a column that has none."""
        if column == "buyer_group":
            return tuple(self.scenario.buyer_groups)
        if column == "merchant_group":
            return tuple(self.scenario.merchant_groups)
        if column == "category":
            return self.scenario.categories
        return LABELS[column]


@dataclass(frozen=True, eq=False)
class Run(About):
    """What a simulation leaves: records of all replications, and what is needed to read them.

    `disputes` has one row a dispute and replication, `events` one row an event (empty unless kept),
    `merchants` one row a merchant and replication with its orders, `desks` one row a desk and
    replication, `buyers` one row a group of buyers and replication. Times are hours from the start, money
    in the scenario's currency, NaN = not happened.
    """

    disputes: Columns
    events: Columns
    merchants: Columns
    desks: Columns
    buyers: Columns

    def __len__(self) -> int:
        """Disputes of all replications."""
        return len(self.disputes["dispute"])
