"""Records: one flat row a dispute, open ones too, and one row an event. Columns, all NumPy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from html import escape
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from evenhand.own_code import Code
from evenhand.result import Framed
from evenhand.sim.lifecycle.codes import ACTIVITIES, DECIDERS, REASONS
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.cohort import Cohort, Counted
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.vocabulary import CAUSES, ENDINGS, FAULTS, GOODS, REMEDIES, STYLES

Columns = dict[str, NDArray[Any]]
Condition: TypeAlias = "NDArray[np.bool_] | Callable[[Run], NDArray[np.bool_]] | None"
"""Which disputes of a run are meant: a mask, or a function of the run that gives one."""
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


@dataclass(frozen=True, eq=False, repr=False)
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
    rule: Code | None = field(default=None, kw_only=True)
    """The decision rule in Python that the desks used, by its name and the hash of what it says."""

    @property
    def counted(self) -> Counted:
        """What metrics count of the run: the rest of its records is start-up, or outside the cohort."""
        return Counted.of(self.scenario, self.cohort)

    @property
    def horizon(self) -> float:
        """Hours from start to end of a replication."""
        return 24.0 * self.days

    def summary(self) -> str:
        """Policy, scenario, luck and length in one line."""
        times = "1 replication" if self.replications == 1 else f"{self.replications:,} replications"
        policy, scenario = self.policy.name or "a policy", self.scenario.name or "a scenario"
        said = f"{policy} in {scenario}, seed {self.seed}, {times} of {self.days} days"
        if self.cohort is not None:
            said += f", cohort {self.cohort}"
        return said if self.rule is None else f"{said}, decided by {self.rule.name}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.summary()}>"

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


@dataclass(frozen=True, eq=False, repr=False)
class Run(About, Framed):
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
    subset: str | None = field(default=None, kw_only=True)
    """In words, the disputes that are left of a whole run (`where`); None = all of them."""

    def __len__(self) -> int:
        """Disputes of all replications."""
        return len(self.disputes["dispute"])

    def summary(self) -> str:
        """Policy, scenario, luck, length and disputes."""
        part = "" if self.subset is None else f" where {self.subset}"
        return f"{super().summary()}; {len(self):,} disputes{part}; {self.engine} engine"

    def where(self, mask: Condition = None, /, **columns: Any) -> Run:
        """The run with some of its disputes, and their events.

        `mask` is true for each dispute that stays, or a function of the run that gives such a mask;
        `columns` ask for values: a word or number (`cause="remorse"`), a list of them, or a function of the
        column (`amount=lambda amount: amount > 100`). A dispute stays that meets all of them. Rates of what
        is left are of what is left; a metric that counts more than single disputes (desks, orders, merchants,
        buyers, a month) has no value there and is refused. Raises ValueError for a condition that makes no
        sense.
        """
        from evenhand.sim.runs.subset import subset

        return subset(self, mask, columns)

    def columns(self) -> dict[str, NDArray[Any]]:
        """The disputes, words in place of the numbers that stand for them."""
        found = {}
        for name, column in self.disputes.items():
            words = self.words(name)
            found[name] = column if words is None else np.array(words, dtype=object)[column]
        return found

    def words(self, column: str) -> tuple[str, ...] | None:
        """Words for the numbers of a column; None for a column of numbers."""
        try:
            return self.labels(column)
        except KeyError:
            return None

    def _repr_html_(self) -> str:
        return f"<p>{escape(repr(self))}</p>"
