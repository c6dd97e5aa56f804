"""Who bears what disputes cost: every party's loss in each world, for every thousand orders of the market."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.metrics.accumulators import Floats, Ints
from evenhand.analysis.metrics.chunks import AnyRun, all_cells, numbers_of
from evenhand.analysis.metrics.claims import MALICIOUS
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.losses import buyer_loss, merchant_loss, platform_loss
from evenhand.sim.scenario.vocabulary import REMORSE

BUYERS = ("valid", "remorse", "opportunistic", "malicious")
"""Kinds of buyers, by the true cause of their claim."""
PLATFORM, EVERYBODY = "platform", "everybody"


@dataclass(frozen=True, eq=False)
class Ledger:
    """Losses of buyers by the honesty of their claim, of merchant groups, of the platform, and of all.

    Parties are named (side, name); the last is everybody, whose loss is the sum of all others. Harm that
    nobody heard of is a loss of buyers with a real grievance.
    """

    parties: tuple[tuple[str, str], ...]
    losses: Floats
    """Shape (parties, replications), in the scenario's currency."""
    disputes: Ints
    """Disputes that count for each party; shape (parties, replications)."""
    orders: Floats
    """Orders of each replication."""

    def per_thousand_orders(self) -> Floats:
        """Losses for every thousand orders of the whole market, shape (parties, replications)."""
        known = np.where(self.orders > 0, self.orders, np.nan)
        return np.asarray(1000.0 * self.losses / known)


def ledger(run: AnyRun) -> Ledger:
    """Sum up who bears what; losses as in `metrics.losses`, of every dispute with what it has cost so far."""
    groups = run.labels("merchant_group")
    parties = [
        *(("buyer", name) for name in BUYERS),
        *(("merchant", name) for name in groups),
        (PLATFORM, PLATFORM),
        (EVERYBODY, EVERYBODY),
    ]
    shape = (len(parties), len(numbers_of(run)))
    losses, disputes, orders = np.zeros(shape), np.zeros(shape, np.int64), np.zeros(shape[1])
    for cells in all_cells(run):
        orders += cells.orders()
        losses[[0, -1]] += cells.of_merchants("silent_loss")
        rows = zip(_masks(cells, len(groups)), _losses(cells, len(groups)), strict=True)
        for row, (mask, loss) in enumerate(rows):
            losses[row] += cells.total(loss, mask)
            disputes[row] += cells.count(mask).astype(np.int64)
    return Ledger(tuple(parties), losses, disputes, orders)


def _masks(cells: Cells, groups: int) -> list[NDArray[np.bool_]]:
    """Whose disputes they are, party by party."""
    cause, group = cells["cause"], cells["merchant_group"]
    of_buyers = [cells.valid, *(cause == kind for kind in range(REMORSE, MALICIOUS + 1))]
    return [*of_buyers, *(group == number for number in range(groups)), cells.everyone, cells.everyone]


def _losses(cells: Cells, groups: int) -> list[Floats]:
    """What each dispute costs each party."""
    buyer, merchant, platform = buyer_loss(cells), merchant_loss(cells), platform_loss(cells)
    return [*[buyer] * len(BUYERS), *[merchant] * groups, platform, buyer + merchant + platform]
