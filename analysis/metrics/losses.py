"""What disputes cost each side and everybody together: refunds and fees move money, the rest is used up."""

from __future__ import annotations

import numpy as np

from evenhand.analysis.metrics.accumulators import Floats, Tally, ratio
from evenhand.analysis.metrics.costs import platform_cost
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.metric import metric
from evenhand.sim.scenario.vocabulary import RETURN


def trouble_of_filing(cells: Cells) -> Floats:
    """What filing each dispute was to its buyer in trouble; a claims firm takes most of it off him."""
    firms = cells.run.scenario.behaviour.representatives
    left = np.where(np.asarray(cells["represented"], np.bool_), firms.effort, 1.0)
    return np.asarray(np.where(cells.filed, left * cells["effort"], 0.0), np.float64)


def harm_left(cells: Cells) -> Floats:
    """What of a real grievance's harm the remedy of each dispute leaves, when it has ended; else 0.

    Below 0 the remedy is worth more: who claims without a grievance, out of remorse too, is measured
    against keeping what he bought.
    """
    left = np.where(cells.valid, cells["loss"], 0.0) * cells["amount"] - cells["buyer_value"]
    return np.asarray(np.where(cells.closed, left, 0.0), np.float64)


def buyer_loss(cells: Cells) -> Floats:
    """What each dispute has cost its buyer so far: harm less remedy, trouble, fees, a claims firm's part.

    Below 0 he gained.
    """
    paid = cells["buyer_fees"] + cells["commission"]
    return np.asarray(harm_left(cells) + trouble_of_filing(cells) + paid, np.float64)


def firm_loss(cells: Cells) -> Floats:
    """What each dispute has cost the claims firm so far: its work and fees, less its part."""
    return np.asarray(cells["firm_work"] + cells["firm_fees"] - cells["commission"], np.float64)


def of_answers(cells: Cells) -> Floats:
    """What answering each filing has cost its merchant."""
    handling = cells.run.scenario.behaviour.bargaining.merchant_cost
    compared = cells["answer_costs"]
    answered = np.asarray(cells["answered"], np.bool_)
    return np.asarray(np.where(answered, np.where(np.isnan(compared), handling, compared), 0.0), np.float64)


def of_remedies(cells: Cells) -> Floats:
    """What the remedy of each dispute costs its merchant when it has ended.

    Goods that come back to it are off; they are the platform's so far as that paid the refund.
    """
    cost = cells["merchant_cost"] + platforms_goods(cells)
    return np.asarray(np.where(cells.closed, cost, 0.0), np.float64)


def merchant_loss(cells: Cells) -> Floats:
    """What each dispute has cost its merchant so far: the remedy, its answer, fees."""
    return np.asarray(of_remedies(cells) + of_answers(cells) + cells["merchant_fees"], np.float64)


def platform_loss(cells: Cells) -> Floats:
    """What each dispute has cost the platform so far, less fees and what came back to it."""
    return platform_cost(cells) - np.where(cells.closed, platforms_goods(cells), 0.0)


def platforms_goods(cells: Cells) -> Floats:
    """What returned goods are worth to the platform, which has them so far as it paid the refund."""
    refund = cells["refund"]
    share = np.divide(cells["platform_paid"], refund, out=np.zeros(len(refund)), where=refund > 0)
    back = cells["remedy"] == RETURN
    return np.where(back, cells["salvage"] * cells["amount"] * share, 0.0)


@metric("Buyers' loss for a dispute", unit="currency", direction="lower")
def buyer_loss_per_dispute(cells: Cells) -> Tally:
    """What a dispute costs its buyer in the end: the harm, his trouble and fees, less the remedy.

    Formula: mean of (harm of a real grievance - worth of the remedy + trouble of filing + fees + what a
    claims firm keeps). Counts closed disputes, however they ended; below 0 a buyer gains, as by a groundless
    claim that is paid. Unit: currency of the scenario. Source: harm, `buyer_value`, `effort`, `commission`
    and fees in the records. NaN with n = 0 where nothing has ended.
    """
    return cells.mean(buyer_loss(cells), cells.closed)


@metric("Merchants' loss for a dispute", unit="currency", direction="lower")
def merchant_loss_per_dispute(cells: Cells) -> Tally:
    """What a dispute costs its merchant in the end: the remedy, its answer, and fees.

    Formula: mean of (cost of the remedy + cost of an answer + fees), goods that come back off. Counts closed
    disputes, however they ended, and remedies in kind at what they cost; `merchant_cost_per_order` has the
    money paid alone, over all orders. Unit: currency of the scenario. Source: `merchant_cost`,
    `answer_costs` and fees in the records. NaN with n = 0 where nothing has ended.
    """
    return cells.mean(merchant_loss(cells), cells.closed)


@metric("Cost to society for an order", unit="currency", by=("merchant_group",), direction="lower")
def social_cost_per_order(cells: Cells) -> Tally:
    """What disputes cost buyers, merchants, claims firms and platform together, for every order.

    Formula: sum of the losses of all four / orders; n = orders. Refunds and fees move money from one to
    another and fall out; what is left is harm, goods and freight wasted, trouble, and work. Counts every
    dispute with what it has cost so far, and the harm of grievances that nobody heard of; what care costs
    is not on record. Staff who wait for work cost nothing here (see `payroll_per_dispute`). Unit: currency
    of the scenario. Source: social costs of accidents and their administration (Calabresi 1970). NaN with
    n = 0 where there are no orders.
    """
    losses = buyer_loss(cells) + merchant_loss(cells) + firm_loss(cells) + platform_loss(cells)
    return ratio(cells.total(losses, cells.everyone) + cells.of_merchants("silent_loss"), cells.orders())
