"""Who bears what disputes cost: every party's loss in each world, for every thousand orders of the market."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evenhand.analysis.metrics.accumulators import Floats, Ints, Mask
from evenhand.analysis.metrics.chunks import AnyRun, all_cells, numbers_of
from evenhand.analysis.metrics.claims import MALICIOUS
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.losses import buyer_loss, firm_loss, merchant_loss, platform_loss
from evenhand.sim.scenario.vocabulary import REMORSE

BUYERS = ("valid", "remorse", "opportunistic", "malicious")
"""Kinds of buyers, by the true cause of their claim."""
FIRMS, PLATFORM, EVERYBODY = "firms", "platform", "everybody"


@dataclass(frozen=True, eq=False)
class Ledger:
    """Losses of buyers by the honesty of their claim, of merchant groups, of the platform, and of all.

    Parties are named (side, name); the last is everybody, whose loss is the sum of all others. Claims firms
    are one where the scenario has any. Harm that nobody heard of is a loss of buyers with a real grievance.
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
        *([(FIRMS, FIRMS)] if run.scenario.behaviour.representatives.enabled else []),
        (PLATFORM, PLATFORM),
        (EVERYBODY, EVERYBODY),
    ]
    shape = (len(parties), len(numbers_of(run)))
    losses, disputes, orders = np.zeros(shape), np.zeros(shape, np.int64), np.zeros(shape[1])
    for cells in all_cells(run):
        orders += cells.orders()
        losses[[0, -1]] += cells.of_merchants("silent_loss")
        for row, (mask, loss) in enumerate(_shares(cells, parties)):
            losses[row] += cells.total(loss, mask)
            disputes[row] += cells.count(mask).astype(np.int64)
    return Ledger(tuple(parties), losses, disputes, orders)


def _shares(cells: Cells, parties: list[tuple[str, str]]) -> list[tuple[Mask, Floats]]:
    """Whose disputes they are and what each costs, party by party."""
    buyer, merchant = buyer_loss(cells), merchant_loss(cells)
    firm, platform = firm_loss(cells), platform_loss(cells)
    cause, group = cells["cause"], cells["merchant_group"]
    kinds = [cells.valid, *(cause == kind for kind in range(REMORSE, MALICIOUS + 1))]
    groups = [group == number for number in range(sum(side == "merchant" for side, _ in parties))]
    firms = [np.asarray(cells["represented"], np.bool_)] * sum(side == FIRMS for side, _ in parties)
    return [
        *((mask, buyer) for mask in kinds),
        *((mask, merchant) for mask in groups),
        *((mask, firm) for mask in firms),
        (cells.everyone, platform),
        (cells.everyone, buyer + merchant + firm + platform),
    ]
