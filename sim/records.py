"""Records: one flat row a dispute, open ones too, and one row an event. Columns, all NumPy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.causes import CAUSES, ENDINGS, FAULTS, GOODS
from sim.lifecycle.codes import ACTIVITIES, DECIDERS, REASONS
from sim.policy import Policy
from sim.scenario import Scenario

Columns = dict[str, NDArray[Any]]

SIDES = ("nobody", "buyer", "merchant")
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
LABELS: dict[str, tuple[str, ...]] = {
    "cause": CAUSES, "claimed": CAUSES, "fault": FAULTS, "ending": ENDINGS, "reason": REASONS,
    "decider": DECIDERS, "silence": SIDES, "activity": ACTIVITIES, "goods": GOODS,
}  # fmt: skip
"""Words for the numbers in the columns."""


def dispute_columns(
    cases: NDArray[Any], progress: NDArray[Any], buyers: Any, merchants: Any, replication: int
) -> Columns:
    """One row for each dispute that happened and was noticed before the horizon, in order of arrival.

    `cases` and `progress` are the rows of the same disputes, in any order.
    """
    happened = np.flatnonzero(progress["exists"] & ~np.isnan(progress["opened_at"]))
    number = progress["number"][happened]
    if (number[1:] < number[:-1]).any():
        order = np.argsort(number)
        happened, number = happened[order], number[order]
    columns: Columns = {
        "replication": np.full(len(happened), replication, np.int32),
        "dispute": number,
    }
    for name in _OF_CASE:
        columns[name] = cases[name][happened]
    columns["buyer_group"] = buyers["group"][columns["buyer"]]
    columns["merchant_group"] = merchants["group"][columns["merchant"]]
    columns["rounds"] = progress["round"][happened]
    columns["meetings"] = progress["meeting"][happened]
    for name in progress.dtype.names or ():
        if name not in _HIDDEN:
            columns[name] = progress[name][happened]
    return columns


def event_columns(events: NDArray[np.float64], replication: int) -> Columns:
    """Events in the order in which they happened; rows as in `State`."""
    return {
        "replication": np.full(len(events), replication, np.int32),
        "case": events[:, 0].astype(np.int32),
        "time": events[:, 1].copy(),
        "activity": events[:, 2].astype(np.int8),
        "resource": events[:, 3].astype(np.int32),
    }


def stack(parts: list[Columns]) -> Columns:
    """Put the same columns of several parts under each other; those without columns add nothing."""
    parts = [part for part in parts if part]
    if len(parts) < 2:
        return parts[0] if parts else {}
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
