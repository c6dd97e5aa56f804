"""What becomes of filings before anybody rules, and which losers ask for more. The truth is known here."""

from __future__ import annotations

import numpy as np

from evenhand.analysis.metrics.accumulators import Mask, Tally
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.metric import metric
from evenhand.sim.lifecycle.codes import INADMISSIBLE, NO_REASON, PERFORMED, SETTLED, WITHDRAWN
from evenhand.sim.policy.compile import BUYER, MERCHANT


@metric("Settled after filing")
def settled_after_filing_share(cells: Cells) -> Tally:
    """Share of filings that ended by agreement, with or without a mediator, or by late performance.

    Formula: (filed and settled) / filed. Counts every filing, open ones too. 1 means that nobody had to be
    judged. Unit: share. Source: the ending in the records. NaN with n = 0 where nothing was filed.
    """
    return cells.share(cells.ended(SETTLED), cells.filed)


@metric("Performed after filing")
def performed_share(cells: Cells) -> Tally:
    """Share of filings that ended because the merchant did at last what it should have done.

    Formula: performed / filed; these are part of `settled_after_filing_share`. Counts every filing, open
    ones too. Unit: share. Source: the reason in the records. NaN with n = 0 where nothing was filed.
    """
    return cells.share(np.asarray(cells["reason"] == PERFORMED), cells.filed)


@metric("Withdrawn after filing")
def withdrawn_after_filing_share(cells: Cells) -> Tally:
    """Share of filings that the buyer withdrew.

    Formula: withdrawn / filed. Counts every filing, open ones too. Published: about .01 of complaints in
    New York City's mediation. Unit: share. Source: the ending in the records. NaN with n = 0 where nothing
    was filed.
    """
    return cells.share(cells.ended(WITHDRAWN), cells.filed)


def _sent_back(cells: Cells) -> Mask:
    return np.asarray(cells["sent_back_for"] != NO_REASON)


@metric("Sent back to be cured")
def sent_back_share(cells: Cells) -> Tally:
    """Share of filings that were sent back with the reason why they could not be admitted.

    Formula: sent back / filed. Counts every filing, open ones too. 0 where the policy knows no cure. Unit:
    share. Source: the reason in the records. NaN with n = 0 where nothing was filed.
    """
    return cells.share(_sent_back(cells), cells.filed)


@metric("Cured", direction="higher")
def cured_share(cells: Cells) -> Tally:
    """Share of filings sent back whose buyers brought what was missing.

    Formula: cured / sent back. Counts every filing that was sent back, open ones too. 1 means that nobody
    lost a claim by its form. Unit: share. Source: the records. NaN with n = 0 where none was sent back.
    """
    return cells.share(np.asarray(cells["cured"], np.bool_), _sent_back(cells))


@metric("Valid filings not admitted", direction="lower")
def valid_not_admitted_share(cells: Cells) -> Tally:
    """Share of filings about real grievances that were not heard.

    Formula: inadmissible / filed, of valid ones. Counts every valid filing, open ones too. 0 means that no
    real grievance was lost at the door. Unit: share. Source: ending and truth in the records. NaN with
    n = 0 where none was filed.
    """
    return cells.share(cells.ended(INADMISSIBLE), cells.filed & cells.valid)


def _lost_all(cells: Cells, wronged: bool) -> Mask:
    """Disputes whose first ruling gave one side everything, against the truth or with it."""
    share = cells["first_share"]
    against_truth = (share > 0) != cells.valid
    return np.asarray(((share == 0) | (share >= 1)) & (against_truth == wronged))


def _loser_asked(cells: Cells) -> Mask:
    loser = np.where(cells["first_share"] == 0, BUYER, MERCHANT)
    return np.asarray(cells["review_by"] == loser)


@metric("Reviews by losers who were wronged", direction="higher")
def review_share_wronged(cells: Cells) -> Tally:
    """Share of first rulings against the truth whose loser asked for a review.

    Formula: asked by the loser / ruled for one side entirely, against the truth. Counts first rulings for
    the whole or for nothing, whose review may still be to come. 1 means that everybody who was wronged
    speaks up. Unit: share. Source: Shaw, Wild and Colquitt (2003) for what reasons do to it. NaN with n = 0
    where there are none.
    """
    return cells.share(_loser_asked(cells), _lost_all(cells, wronged=True))


@metric("Reviews by losers who were rightly refused", direction="lower")
def review_share_rightly_refused(cells: Cells) -> Tally:
    """Share of first rulings with the truth whose loser asked for a review.

    Formula: asked by the loser / ruled for one side entirely, with the truth. Counts first rulings for the
    whole or for nothing, whose review may still be to come. 0 means that nobody asks in vain. Unit: share.
    Source: Shaw, Wild and Colquitt (2003) for what reasons do to it. NaN with n = 0 where there are none.
    """
    return cells.share(_loser_asked(cells), _lost_all(cells, wronged=False))


@metric("Rulings for the buyer carried out", direction="higher")
def compliance_share(cells: Cells) -> Tally:
    """Share of decisions for the buyer that the merchant carried out, or had to.

    Formula: carried out / decided for the buyer after filing. Counts disputes ended by a ruling or a default
    that followed a filing. 1 where rulings bind. Unit: share. Source: the records. NaN with n = 0 where
    nothing was decided for a buyer.
    """
    won = cells.decided & cells.filed & cells.upheld
    return cells.share(~np.asarray(cells["defied"], np.bool_), won)
