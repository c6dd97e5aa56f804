"""The money of disputes, whole: what each side pays and receives, item by item, payroll included."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from evenhand.analysis.metrics.accumulators import Floats, Ints
from evenhand.analysis.metrics.adjudicators import payroll
from evenhand.analysis.metrics.chunks import AnyRun, all_cells, numbers_of
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.losses import (
    harm_left,
    of_answers,
    of_remedies,
    platforms_goods,
    trouble_of_filing,
)

MONTH = 730.5
"""Hours."""


class Item(NamedTuple):
    """One line of the accounts: whose it is, and what for."""

    side: str
    name: str


ITEMS = (
    Item("platform", "payroll"),
    Item("platform", "panel"),
    Item("platform", "machine"),
    Item("platform", "refunds"),
    Item("platform", "fees"),
    Item("merchants", "remedies"),
    Item("merchants", "answers"),
    Item("merchants", "fees"),
    Item("buyers", "harm"),
    Item("buyers", "trouble"),
    Item("buyers", "fees"),
    Item("firms", "work"),
    Item("firms", "commission"),
)
"""All lines; claims firms' only where the scenario has any."""
SIDES = ("platform", "merchants", "buyers", "firms")


@dataclass(frozen=True, eq=False)
class Accounts:
    """What disputes cost each side, by item; below 0 a side receives. In the scenario's currency."""

    items: tuple[Item, ...]
    money: Floats
    """Shape (items, replications)."""
    disputes: Ints
    """Disputes of each replication."""
    months: float
    """Months that are counted in each replication."""

    def side(self, name: str) -> Floats:
        """All that a side pays less what it receives; shape (replications,)."""
        return np.asarray(self.money[[item.side == name for item in self.items]].sum(axis=0))

    @property
    def everybody(self) -> Floats:
        """All sides together: what is used up, since money that changes hands falls out."""
        return np.asarray(self.money.sum(axis=0))

    @property
    def sides(self) -> tuple[str, ...]:
        """The sides that have items."""
        return tuple(dict.fromkeys(item.side for item in self.items))


def accounts(run: AnyRun) -> Accounts:
    """Sum up what disputes cost each side, item by item.

    Counts every dispute with what it has cost so far, and the harm of grievances that nobody heard of; the
    platform's staff at their whole pay, time without work included. Formula: as the losses of
    `analysis.metrics.losses`, with payroll in the place of working hours x hourly cost.
    """
    firms = run.scenario.behaviour.representatives.enabled
    items = tuple(item for item in ITEMS if firms or item.side != "firms")
    money = np.zeros((len(items), len(numbers_of(run))))
    disputes, months = np.zeros(money.shape[1], np.int64), 0.0
    for cells in all_cells(run):
        disputes += cells.count(cells.everyone).astype(np.int64)
        since, until = cells.hours
        months = (until - since) / MONTH
        per_dispute = _costs(cells)
        for row, item in enumerate(items):
            if item in per_dispute:
                money[row] += cells.total(per_dispute[item], cells.everyone)
        money[items.index(Item("buyers", "harm"))] += cells.of_merchants("silent_loss")
        money[items.index(Item("platform", "payroll"))] += payroll(cells)
    return Accounts(items, money, disputes, months)


def _costs(cells: Cells) -> dict[Item, Floats]:
    """What each dispute costs under every item but payroll."""
    scenario = cells.run.scenario
    desks = scenario.desks
    fees = cells["buyer_fees"] + cells["merchant_fees"] + cells["firm_fees"]
    goods = np.where(cells.closed, platforms_goods(cells), 0.0)
    return {
        Item("platform", "panel"): cells["votes"] * desks.vote_cost + cells["juror_pay"],
        Item("platform", "machine"): cells["model_calls"] * scenario.model.cost + cells["check_costs"],
        Item("platform", "refunds"): cells["platform_paid"] - goods,
        Item("platform", "fees"): -fees,
        Item("merchants", "remedies"): of_remedies(cells),
        Item("merchants", "answers"): of_answers(cells),
        Item("merchants", "fees"): cells["merchant_fees"],
        Item("buyers", "harm"): harm_left(cells),
        Item("buyers", "trouble"): trouble_of_filing(cells),
        Item("buyers", "fees"): cells["buyer_fees"] + cells["commission"],
        Item("firms", "work"): cells["firm_work"] + cells["firm_fees"],
        Item("firms", "commission"): -cells["commission"],
    }
