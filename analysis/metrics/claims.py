"""Who claims: claims of each kind over orders, grievances that stay unheard, and how few make most of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evenhand.analysis.metrics.accumulators import Ints, Measured, Ratio, Tally, ratio
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.metric import metric
from evenhand.sim.lifecycle.codes import CANNOT_PAY
from evenhand.sim.scenario.vocabulary import N_VALID, REMORSE

MALICIOUS = REMORSE + 2


def _per_thousand(cells: Cells, first: int, last: int) -> Ratio:
    """Claims whose true cause is one of these, for every thousand orders."""
    cause = cells["cause"]
    return ratio(1000.0 * cells.count((first <= cause) & (cause <= last)), cells.orders())


@metric("Valid claims per 1000 orders", unit="per 1000 orders", by=("merchant_group",))
def valid_claims_per_thousand_orders(cells: Cells) -> Tally:
    """Claims with a real grievance for every thousand orders.

    Formula: 1000 x valid disputes / orders; n = orders. Counts disputes noticed before the horizon, so a
    short run reads low. 0 means that no grievance was brought forward. Unit: per 1000 orders.
    Source: the true cause in the records; see `voice_share` for the grievances behind it.
    """
    return _per_thousand(cells, 0, N_VALID - 1)


@metric(
    "Claims of remorse per 1000 orders", unit="per 1000 orders", by=("merchant_group",), direction="lower"
)
def remorse_claims_per_thousand_orders(cells: Cells) -> Tally:
    """Claims of buyers who merely changed their minds, for every thousand orders.

    Formula: 1000 x disputes out of remorse / orders; n = orders. Counts disputes noticed before the
    horizon. 0 means that there were none. Unit: per 1000 orders. Source: the true cause in the records.
    """
    return _per_thousand(cells, REMORSE, REMORSE)


@metric("Abusive claims per 1000 orders", unit="per 1000 orders", by=("merchant_group",), direction="lower")
def abusive_claims_per_thousand_orders(cells: Cells) -> Tally:
    """Made-up claims, opportunistic or malicious, for every thousand orders.

    Formula: 1000 x made-up disputes / orders; n = orders. Counts disputes noticed before the horizon.
    0 means that there were none. Unit: per 1000 orders. Source: the true cause in the records.
    """
    return _per_thousand(cells, REMORSE + 1, MALICIOUS)


@metric(
    "Opportunistic claims per 1000 orders", unit="per 1000 orders", by=("merchant_group",), direction="lower"
)
def opportunistic_claims_per_thousand_orders(cells: Cells) -> Tally:
    """Claims made up where an occasion offers itself, for every thousand orders.

    Formula: 1000 x opportunistic disputes / orders; n = orders. Counts disputes noticed before the
    horizon. 0 means that there were none. Unit: per 1000 orders. Source: the true cause in the records;
    with `malicious_claims_per_thousand_orders` it makes `abusive_claims_per_thousand_orders`.
    """
    return _per_thousand(cells, REMORSE + 1, REMORSE + 1)


@metric("Malicious claims per 1000 orders", unit="per 1000 orders", by=("merchant_group",), direction="lower")
def malicious_claims_per_thousand_orders(cells: Cells) -> Tally:
    """Claims made up on purpose, to harm or to gain, for every thousand orders.

    Formula: 1000 x malicious disputes / orders; n = orders. Counts disputes noticed before the horizon.
    0 means that there were none. Unit: per 1000 orders. Source: the true cause in the records.
    """
    return _per_thousand(cells, MALICIOUS, MALICIOUS)


@metric("Grievances brought forward", by=("merchant_group",), direction="higher")
def voice_share(cells: Cells) -> Tally:
    """Share of real grievances that the buyer complained of.

    Formula: valid disputes / (valid disputes + grievances nobody heard of). Counts grievances noticed
    before the horizon, open disputes too. 1 means that everybody complains who has a reason, as where
    claims are not a choice. Unit: share. Source: voice and exit in Hirschman (1970); TARP's studies of
    who complains.
    """
    voiced, silent = cells.count(cells.valid), cells.of_merchants("silent")
    return ratio(voiced, voiced + silent)


@metric("Claims under a shut gate", direction="lower")
def gated_share(cells: Cells) -> Tally:
    """Share of claims by buyers whose record barred them from the platform when they complained.

    Formula: gated disputes / disputes. Counts every dispute, open ones too; 0 where no policy bars
    anybody. Unit: share. Source: `gated` in the records. NaN with n = 0 where claims are not a choice
    (`behaviour.claims`): then nobody looks at his own record.
    """
    return cells.share(np.asarray(cells["gated"], np.bool_), ~np.isnan(cells["expected_chance"]))


@metric("Filings by claims firms")
def represented_share(cells: Cells) -> Tally:
    """Share of filings that a professional representative made for the buyer.

    Formula: represented filings / filings. Counts every filing, open ones too. Unit: share. Source:
    `represented` in the records; of the UK Financial Ombudsman's new cases .49 were represented in July to
    September 2024, .09 a year later, under a fee. NaN with n = 0 where nothing was filed, or the scenario has
    no claims firms (`behaviour.representatives`).
    """
    firms = cells.run.scenario.behaviour.representatives.enabled
    return cells.share(np.asarray(cells["represented"], np.bool_), cells.filed & firms)


@metric("Given up for want of money", direction="lower")
def beyond_means_share(cells: Cells) -> Tally:
    """Share of disputes that the buyer gave up because he could not pay the fee for filing.

    Formula: disputes given up for that reason / disputes. Counts every dispute, open ones too; see
    `abandoned_share` for all that were given up. 0 means that nobody was kept out by the fee alone.
    Unit: share. Source: the reason in the records; access to justice and court fees.
    """
    return cells.share(np.asarray(cells["reason"] == CANNOT_PAY), cells.everyone)


@dataclass(frozen=True, eq=False)
class Concentration:
    """Claims by cell and buyer: the cell and the buyer of each claim, and how many buyers there are."""

    cells: int
    buyers: int
    keys: Ints

    def join(self, later: Concentration) -> Concentration:
        """Those of both."""
        return Concentration(self.cells, self.buyers, np.concatenate([self.keys, later.keys]))

    def measured(self) -> Measured:
        """The share of the claims of each cell that the busiest hundredth of all buyers made."""
        found, times = np.unique(self.keys, return_counts=True)
        cell, top = found // self.buyers, max(1, self.buyers // 100)
        value, n = np.full(self.cells, np.nan), np.bincount(cell, weights=times, minlength=self.cells)
        for c in np.unique(cell):
            mine = np.sort(times[cell == c])[::-1]
            value[c] = mine[:top].sum() / mine.sum()
        return Measured(value, n.astype(np.int64))


@metric("Abuse by the busiest 1 % of buyers", by=("merchant_group",), pooled=False)
def abuse_concentration(cells: Cells) -> Tally:
    """Share of made-up claims that come from the hundredth of buyers who made most of them.

    Formula: made-up claims of the busiest 1 % of all buyers / made-up claims; n = made-up claims. Counts
    every dispute, open ones too. With few claims a buyer it is high by luck alone: compare under one
    scenario. 1 means that all abuse is theirs. Unit: share. Source: concentration ratio; NaN with n = 0
    where nobody made anything up.
    """
    mine = cells["cause"] > REMORSE
    buyers = cells.run.scenario.buyers.count
    return Concentration(cells.size, buyers, cells.index[mine] * buyers + cells["buyer"][mine])
