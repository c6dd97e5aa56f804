"""Who wins, how often wrongly, and what reviews change. The truth is known, because it is simulated."""

from __future__ import annotations

import numpy as np

from evenhand.analysis.metrics.accumulators import Tally
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.metric import metric
from evenhand.analysis.metrics.rates import RATES
from evenhand.sim.lifecycle.codes import DEFAULTED, RULED


@metric("Won by the buyer")
def buyer_win_share(cells: Cells) -> Tally:
    """Share of decided disputes that the buyer won, in whole or in part.

    Formula: upheld / (ruled + defaulted). Counts disputes ended by a ruling or a default, in their
    final instance; a buyer who won but kept the goods past the return window has won. 1 means that
    buyers always win, which is neither good nor bad without the truth. Unit: share.
    Source: selection rate; Feldman et al. (2015).
    """
    return RATES["buyer_win"].share(cells)


@metric("Valid claims refused", direction="lower")
def wrongful_denial_rate(cells: Cells) -> Tally:
    """Share of valid claims that a ruling or a default refused.

    0 means that no buyer who was right was turned away; 1 that all were. Counts disputes ended by
    a ruling or a default; see `effective_denial_rate` for those who gave up before.
    Formula: FN / (FN + TP). Unit: share. Source: confusion matrix; Hardt, Price and Srebro (2016) for
    its use by group. NaN with n = 0 where no valid claim was decided.
    """
    return RATES["wrongful_denial"].share(cells)


@metric("Groundless claims granted", direction="lower")
def wrongful_grant_rate(cells: Cells) -> Tally:
    """Share of claims without a valid grievance that a ruling or a default granted.

    0 means that no merchant was charged without reason; 1 that all were. Counts disputes ended by
    a ruling or a default. Formula: FP / (FP + TN). Unit: share. Source: confusion matrix; Hardt,
    Price and Srebro (2016). NaN with n = 0 where no groundless claim was decided.
    """
    return RATES["wrongful_grant"].share(cells)


@metric("Defaults against the truth", direction="lower")
def wrongful_default_share(cells: Cells) -> Tally:
    """Share of defaults whose outcome differs from the truth.

    Formula: (defaulted and upheld is not valid) / defaulted. Counts disputes that silence ended.
    0 means that silence always spoke the truth. Unit: share. Source: confusion matrix of the
    defaults. NaN with n = 0 where nothing ended by default.
    """
    return cells.share(cells.upheld != cells.valid, cells.ended(DEFAULTED))


@metric("Valid grievances without remedy", direction="lower")
def effective_denial_rate(cells: Cells) -> Tally:
    """Share of valid grievances that got less than half of what was deserved, at any stage.

    0 means that every buyer who was right was helped, 1 that none was. Counts all ended disputes
    with a valid grievance, whichever way they ended: settled for little, abandoned, lapsed, not
    admitted, refused, or won and lost again by keeping the goods past the return window. Open
    disputes are not counted. Formula: P(share < 0.5 x deserved | valid, ended). Unit: share.
    Source: the stages of Felstiner, Abel and Sarat (1980-81), from grievance to remedy, as one rate.
    NaN with n = 0 where no valid grievance has ended.
    """
    return RATES["effective_denial"].share(cells)


@metric("Rulings reviewed")
def review_share(cells: Cells) -> Tally:
    """Share of rulings that were reviewed at least once.

    Formula: (ruled with a review) / ruled. Counts disputes ended by a ruling; a review that is still
    open is not counted. 0 means that nobody asked. Unit: share. Source: the reviews in the records.
    NaN with n = 0 where nothing ended by a ruling.
    """
    return cells.share(cells.reviewed, cells.ended(RULED))


@metric("Reviews that turned the ruling")
def reversal_share(cells: Cells) -> Tally:
    """Share of reviewed rulings in which the last decision names another winner than the first.

    Formula: (upheld is not first upheld) / reviewed rulings. Counts disputes ended by a ruling with
    a review; a review that only changes the amount is no reversal. High means that first rulings do
    not last; whether for the better, the errors say. Unit: share. Source: correctability in
    Leventhal (1980). NaN with n = 0 where no review has ended.
    """
    return cells.share(cells.overturned, cells.reviewed)


@metric("Refund too high (+) or too low (-)", unit="share of amount")
def refund_bias(cells: Cells) -> Tally:
    """Mean of what buyers got less what they deserved, as a share of the amount.

    0 means that errors cancel out, above 0 that merchants pay too much, below 0 that buyers get too
    little. Counts disputes ended by a ruling or a default. Formula: mean(share - deserved). Unit: share
    of amount. Source: mean error. NaN with n = 0 where nothing was decided.
    """
    return cells.mean(cells["share"] - cells["deserved"], cells.decided)


@metric("Error of the refund", unit="share of amount", direction="lower")
def refund_absolute_error(cells: Cells) -> Tally:
    """Mean distance of what buyers got from what they deserved, as a share of the amount.

    0 means that every refund was right, 1 that all were as wrong as they can be. Counts disputes
    ended by a ruling or a default. Formula: mean |share - deserved|. Unit: share of amount.
    Source: mean absolute error. NaN with n = 0 where nothing was decided.
    """
    return cells.mean(np.abs(cells["share"] - cells["deserved"]), cells.decided)
