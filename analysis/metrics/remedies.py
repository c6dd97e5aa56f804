"""Which remedies people get, whether they fit the harm, and what they are worth. The truth is known here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from evenhand.analysis.metrics.accumulators import Floats, Mask, Measured, Tally
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.metric import metric
from evenhand.sim.lifecycle.codes import SETTLED
from evenhand.sim.scenario.vocabulary import (
    FITS_FULL,
    FITS_HALF,
    PARTIAL,
    REFUND,
    REPAIR,
    REPLACEMENT,
    RETURN,
)

_PER_MILLE = 1000


def fits(cells: Cells) -> Mask:
    """Disputes whose remedy fits the harm: a kind that is adequate, a part of the price near the harm."""
    bands = cells.run.scenario.behaviour.talks.adequate
    remedy, harm = cells["remedy"], cells["severity"]
    within = np.where(harm < bands.small_below, bands.small_near, bands.near)
    off = np.abs(cells["refund"] / cells["amount"] - harm)
    return np.asarray(((cells["adequate"] >> remedy) & 1 > 0) & ((remedy != PARTIAL) | (off <= within)))


def _share_that_fits(cells: Cells, of: Mask) -> Tally:
    return cells.share(fits(cells), cells.closed & of)


@metric("Remedy fits the harm", direction="higher")
def remedy_adequacy(cells: Cells) -> Tally:
    """Share of disputes whose remedy fits the harm, nothing for no harm included.

    Formula: adequate / closed. A great harm asks for the money or whole goods, a middling one for these, a
    repair or about its share of the price, a small one for a coupon, little money or nothing
    (`behaviour.talks.adequate`). Counts every closed dispute, however it ended. 1 means that all got what
    fits. Unit: share. Source: the severity in the records. NaN with n = 0 where nothing has ended.
    """
    return _share_that_fits(cells, cells.everyone)


@metric("Remedy fits a great harm", direction="higher")
def remedy_adequacy_full(cells: Cells) -> Tally:
    """Share of grievances that deserve everything whose remedy is the money back or whole goods.

    Formula: adequate / closed, of those with a harm from `causes.*.full_from` on. Counts every closed
    dispute of these. 1 means that all got it. Unit: share. Source: the severity in the records. NaN with
    n = 0 where there are none.
    """
    return _share_that_fits(cells, np.asarray(cells["adequate"] == FITS_FULL))


@metric("Remedy fits a middling harm", direction="higher")
def remedy_adequacy_half(cells: Cells) -> Tally:
    """Share of middling grievances whose remedy fits: about their share of the price, a repair, or more.

    Formula: adequate / closed, of those with a harm below `causes.*.full_from` that is not small. Counts
    every closed dispute of these. 1 means that all got it. Unit: share. Source: the severity in the
    records. NaN with n = 0 where there are none.
    """
    return _share_that_fits(cells, np.asarray(cells["adequate"] == FITS_HALF))


@metric("Remedy fits a small harm", direction="higher")
def remedy_adequacy_small(cells: Cells) -> Tally:
    """Share of small grievances that ended with little: a coupon, about the harm in money, or nothing.

    Formula: adequate / closed, of valid grievances with a harm below `talks.adequate.small_below`. Counts
    every closed dispute of these. Below 1 small things are paid for as if they were great. Unit: share.
    Source: the severity in the records. NaN with n = 0 where there are none.
    """
    small = (cells["adequate"] != FITS_FULL) & (cells["adequate"] != FITS_HALF)
    return _share_that_fits(cells, np.asarray(cells.valid & small))


@metric("Next to nothing for no harm", direction="higher")
def remedy_adequacy_none(cells: Cells) -> Tally:
    """Share of claims without a grievance that got nothing, or next to nothing.

    Formula: adequate / closed, of groundless claims. Counts every closed dispute of these, and a return
    without a reason as more than nothing, though the law may give a right to it. 1 means that claims
    without ground do not pay. Unit: share. Source: the truth. NaN with n = 0 where there are none.
    """
    return _share_that_fits(cells, ~cells.valid)


def _settled_with(cells: Cells, *remedies: int) -> Tally:
    return cells.share(np.isin(cells["remedy"], remedies), cells.ended(SETTLED))


@metric("Settlements: goods back for the money")
def settled_return_share(cells: Cells) -> Tally:
    """Share of settlements in which the goods go back and the price is refunded.

    Formula: returns / settled. Counts every settlement, before and after filing, returns by right too. 1
    means that all end so. Unit: share. Source: the remedy in the records. NaN with n = 0 where nothing was
    settled.
    """
    return _settled_with(cells, RETURN)


@metric("Settlements: refund, goods kept")
def settled_refund_share(cells: Cells) -> Tally:
    """Share of settlements in which the whole price is refunded and nothing comes back.

    Formula: whole refunds without return / settled. Counts every settlement; goods that never arrived are
    among them. Unit: share. Source: the remedy in the records. NaN with n = 0 where nothing was settled.
    """
    return _settled_with(cells, REFUND)


@metric("Settlements: part of the price")
def settled_partial_share(cells: Cells) -> Tally:
    """Share of settlements for a part of the price.

    Formula: partial refunds / settled. Counts every settlement; goods are kept. Unit: share. Source: the
    remedy in the records. NaN with n = 0 where nothing was settled.
    """
    return _settled_with(cells, PARTIAL)


@metric("Settlements: whole goods")
def settled_goods_share(cells: Cells) -> Tally:
    """Share of settlements by a replacement, a repair, or goods that are sent again.

    Formula: (replacements + repairs) / settled. Counts every settlement; no money moves in these. Unit:
    share. Source: the remedy in the records. NaN with n = 0 where nothing was settled.
    """
    return _settled_with(cells, REPLACEMENT, REPAIR)


@metric("Settlers' net benefit", unit="share of amount")
def settlers_benefit(cells: Cells) -> Tally:
    """What a settlement is worth to the buyer, as a share of the price.

    Formula: mean of (value of the remedy / amount), with freight and trouble of a return off, and what the
    goods that go back were worth to him. Counts every settlement. 1 means that it is worth the price. Unit:
    share of amount. Source: the values in the records. NaN with n = 0 where nothing was settled.
    """
    return cells.mean(cells["buyer_value"] / cells["amount"], cells.ended(SETTLED))


def _parts(cells: Cells) -> Mask:
    return np.asarray(cells.ended(SETTLED) & (cells["remedy"] == PARTIAL))


def _round_by(cells: Cells, unit: float) -> Tally:
    steps = cells["refund"] / unit
    return cells.share(np.abs(steps - np.round(steps)) < 1e-6, _parts(cells))


@metric("Partial settlements in tens")
def round_tens_share(cells: Cells) -> Tally:
    """Share of partial settlements that are a multiple of ten.

    Formula: multiples of 10 / partial settlements. Counts settlements for part of the price. Published: .42
    of the settled amounts of New York City's mediation, where a tenth would be chance. Unit: share. Source:
    consumer mediation log of New York City. NaN with n = 0 where there are none.
    """
    return _round_by(cells, 10.0)


@metric("Partial settlements in fifties")
def round_fifties_share(cells: Cells) -> Tally:
    """Share of partial settlements that are a multiple of fifty.

    Formula: multiples of 50 / partial settlements. Counts settlements for part of the price. Published: .27
    in New York City's mediation, whose amounts are larger. Unit: share. Source: consumer mediation log of
    New York City. NaN with n = 0 where there are none.
    """
    return _round_by(cells, 50.0)


@metric("Partial settlements in hundreds")
def round_hundreds_share(cells: Cells) -> Tally:
    """Share of partial settlements that are a multiple of a hundred.

    Formula: multiples of 100 / partial settlements. Counts settlements for part of the price. Published: .20
    in New York City's mediation, whose amounts are larger. Unit: share. Source: consumer mediation log of
    New York City. NaN with n = 0 where there are none.
    """
    return _round_by(cells, 100.0)


@dataclass(frozen=True, eq=False)
class Commonest:
    """How often each share of the price was agreed upon, to a thousandth, and of how many settlements."""

    shares: Floats
    """Shape (cells, 1001)."""
    settled: Floats

    def join(self, later: Commonest) -> Commonest:
        """The counts of both."""
        return Commonest(self.shares + later.shares, self.settled + later.settled)

    def measured(self) -> Measured:
        """The count of the commonest, as a share of the settlements."""
        undefined = np.full(len(self.settled), np.nan)
        most = self.shares.max(axis=1)
        value = np.divide(most, self.settled, out=undefined, where=self.settled > 0)
        return Measured(value, self.settled.astype(np.int64))


@metric("Commonest partial share", direction="lower", pooled=False)
def commonest_part_share(cells: Cells) -> Tally:
    """Share of settlements that agree on one and the same part of the price, the commonest one.

    Formula: most frequent share of the price, to a thousandth, among partial settlements / settled. Counts
    every settlement. Near 0 no share comes from a constant; much above .1 something sets it. Unit: share.
    Source: heaps in amounts that people agree upon. NaN with n = 0 where nothing was settled.
    """
    parts = _parts(cells)
    at = np.round(_PER_MILLE * cells["share"][parts]).astype(np.int64)
    found = np.bincount(cells.index[parts] * (_PER_MILLE + 1) + at, minlength=cells.size * (_PER_MILLE + 1))
    shares = found.reshape(cells.size, _PER_MILLE + 1).astype(np.float64)
    return Commonest(shares, cells.count(cells.ended(SETTLED)))
