"""Records: one flat row a dispute, open ones too, and one row an event. Columns, all NumPy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.causes import CAUSES, ENDINGS, FAULTS, GOODS
from sim.layout import World
from sim.lifecycle.codes import ACTIVITIES, DECIDERS, REASONS
from sim.policy import Policy
from sim.scenario import Scenario
from sim.state import EVENTS, State

Columns = dict[str, NDArray[Any]]

SIDES = ("nobody", "buyer", "merchant")
_HIDDEN = {
    "exists", "pending", "row", "round", "meeting", "asker", "request", "talks_until", "mediate_until",
    "offers_until", "instructed",
    "share_on_merits", "absent",
    "coming_for_buyer", "coming_for_merchant",
}  # fmt: skip
"""Working memory of the stages that says nothing about the dispute."""
_OF_CASE = (
    "order_at", "delivery", "inspection", "buyer", "merchant", "cause", "claimed", "valid", "fault",
    "amount", "deserved", "shown", "in_hand", "goods", "hostile", "skips", "effort", "buyer_strength",
    "buyer_weight", "buyer_kinds", "buyer_withholds", "buyer_forges", "supplement_weight",
    "merchant_strength", "merchant_weight", "merchant_kinds", "merchant_withholds",
)  # fmt: skip
LABELS: dict[str, tuple[str, ...]] = {
    "cause": CAUSES, "claimed": CAUSES, "fault": FAULTS, "ending": ENDINGS, "reason": REASONS,
    "decider": DECIDERS, "silence": SIDES, "activity": ACTIVITIES, "goods": GOODS,
}  # fmt: skip
"""Words for the numbers in the columns."""


def dispute_columns(world: World, state: State, replication: int) -> Columns:
    """One row for each dispute that happened and was noticed before the horizon, in order of arrival."""
    cases: Any = world.cases
    progress: Any = state.disputes
    happened = np.flatnonzero(progress["exists"] & ~np.isnan(progress["opened_at"]))
    columns: Columns = {
        "replication": np.full(len(happened), replication, np.int32),
        "dispute": happened.astype(np.int32),
    }
    for name in _OF_CASE:
        columns[name] = cases[name][happened]
    buyers: Any = world.buyers
    merchants: Any = world.merchants
    columns["buyer_group"] = buyers["group"][columns["buyer"]]
    columns["merchant_group"] = merchants["group"][columns["merchant"]]
    columns["rounds"] = progress["round"][happened]
    columns["meetings"] = progress["meeting"][happened]
    for name in progress.dtype.names:
        if name not in _HIDDEN:
            columns[name] = progress[name][happened]
    return columns


def event_columns(state: State, replication: int) -> Columns:
    """The event log in the order in which it happened."""
    n = int(state.counters[EVENTS])
    return {
        "replication": np.full(n, replication, np.int32),
        "case": state.event_case[:n].copy(),
        "time": state.event_at[:n].copy(),
        "activity": state.event_activity[:n].copy(),
        "resource": state.event_resource[:n].copy(),
    }


def stack(parts: list[Columns]) -> Columns:
    """Put the same columns of several parts under each other."""
    if not parts:
        return {}
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


@dataclass(frozen=True, eq=False)
class Run:
    """What a simulation leaves: records of all replications, and what is needed to read them.

    `disputes` has one row a dispute and replication, `events` one row an event (empty unless kept),
    `merchants` one row a merchant and replication with its orders, `desks` one row a desk and
    replication. Times are hours from the start, money in the scenario's currency, NaN = not happened.
    """

    scenario: Scenario
    policy: Policy
    seed: int
    replications: int
    days: int
    clock: str
    open_loop: bool
    disputes: Columns
    events: Columns
    merchants: Columns
    desks: Columns

    @property
    def horizon(self) -> float:
        """Hours from start to end of a replication."""
        return 24.0 * self.days

    def labels(self, column: str) -> tuple[str, ...]:
        """Words for the numbers of a column."""
        if column == "buyer_group":
            return tuple(self.scenario.buyer_groups)
        if column == "merchant_group":
            return tuple(self.scenario.merchant_groups)
        return LABELS[column]

    def __len__(self) -> int:
        """Disputes of all replications."""
        return len(self.disputes["dispute"])
