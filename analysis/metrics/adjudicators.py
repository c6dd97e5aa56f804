"""Who decides, how often wrongly, at what cost, and who does not wait for it."""

from __future__ import annotations

import numpy as np

from evenhand.analysis.metrics.accumulators import Floats, Mask, Tally, ratio
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.metric import metric
from evenhand.analysis.metrics.queueing import staffed_hours
from evenhand.sim.lifecycle.codes import (
    BY_DESK,
    BY_MODEL,
    BY_PANEL,
    DECIDER_OVERDUE,
    MEDIATION,
    RULED,
    TIRED_OF_WAITING,
)
from evenhand.sim.scenario.vocabulary import DESKS


def by_model(cells: Cells) -> Mask:
    """Disputes that a ruling of the model ended."""
    return np.asarray(cells.ended(RULED) & (cells["decider"] == BY_MODEL))


def by_person(cells: Cells) -> Mask:
    """Disputes that a ruling of an arbiter or a panel ended."""
    return np.asarray(cells.ended(RULED) & np.isin(cells["decider"], (BY_DESK, BY_PANEL)))


def _audited(cells: Cells) -> Mask:
    return np.asarray(cells["audited"], np.bool_)


@metric("Ruled by the model")
def model_share(cells: Cells) -> Tally:
    """Share of rulings that the model made by itself.

    Formula: last ruling by the model / ruled. Counts disputes ended by a ruling; those of which the model
    was not sure, and audited ones, are a person's. 0 where the rules ask no model. Unit: share. Source:
    the decider in the records. NaN with n = 0 where nothing ended by a ruling.
    """
    return cells.share(by_model(cells), cells.ended(RULED))


@metric("Ruled by people")
def person_share(cells: Cells) -> Tally:
    """Share of rulings that an arbiter or a panel made.

    Formula: last ruling by a desk or a panel / ruled. Counts disputes ended by a ruling; what is left is
    ruled by a rule or the model. Unit: share. Source: the decider in the records. NaN with n = 0 where
    nothing ended by a ruling.
    """
    return cells.share(by_person(cells), cells.ended(RULED))


@metric("Model's rulings that people look at")
def audit_share(cells: Cells) -> Tally:
    """Share of the disputes of which the model was sure that a person decided in its place.

    Formula: audited / (the model was sure at least once). Counts every such dispute, open ones too. Unit:
    share. Source: the audits in the records. NaN with n = 0 where no model was asked, or it was never sure.
    """
    return cells.share(_audited(cells), ~np.isnan(cells["model_share"]))


@metric("Audits that turn the model's ruling", direction="lower")
def audit_reversal_share(cells: Cells) -> Tally:
    """Share of audits in which the person names another winner than the model would have.

    Formula: (first ruling for the buyer is not the model's) / audited and ruled on without a review. Counts
    such disputes, open ones too. People err too: this is disagreement, not the model's error. Unit: share.
    Source: the audits in the records. NaN with n = 0 where nothing was audited.
    """
    once = _audited(cells) & cells.heard & (cells["reviews"] == 0)
    turned = cells["first_upheld"].astype(np.bool_) != (cells["model_share"] > 0)
    return cells.share(turned, once)


@metric("Wrong rulings by the model", direction="lower")
def wrong_by_model(cells: Cells) -> Tally:
    """Share of the model's rulings that name the wrong winner.

    Formula: (upheld is not valid) / last ruling by the model. Counts disputes ended by a ruling. How much
    it differs between worlds tells of errors that all cases of a kind share: see the values of the
    replications. Unit: share. Source: the truth, which is known here. NaN with n = 0 where it made none.
    """
    return cells.share(cells.upheld != cells.valid, by_model(cells))


@metric("Wrong rulings by people", direction="lower")
def wrong_by_person(cells: Cells) -> Tally:
    """Share of the rulings of arbiters and panels that name the wrong winner.

    Formula: (upheld is not valid) / last ruling by a desk or a panel. Counts disputes ended by a ruling.
    Beside a model people have the harder cases. Unit: share. Source: the truth, which is known here. NaN
    with n = 0 where they made none.
    """
    return cells.share(cells.upheld != cells.valid, by_person(cells))


@metric("Left the line of a desk", direction="lower")
def left_queue_share(cells: Cells) -> Tally:
    """Share of filings that the buyer gave up in the line of a desk.

    Formula: withdrawn, tired of waiting / filed. Counts every filing, open ones too; a request for a
    review that was given up is not counted. Unit: share. Source: abandonment in queueing theory (Palm
    1946). NaN with n = 0 where nothing was filed.
    """
    return cells.share(cells["reason"] == TIRED_OF_WAITING, cells.filed)


@metric("Not taken up in time", direction="lower")
def overdue_share(cells: Cells) -> Tally:
    """Share of filings that the platform's own deadline ended.

    Formula: ended because nobody took them up in time / filed. Counts every filing, open ones too. 0
    where the rules have no such deadline. Unit: share. Source: the reason in the records. NaN with n = 0
    where nothing was filed.
    """
    return cells.share(cells["reason"] == DECIDER_OVERDUE, cells.filed)


@metric("Filings against monitored merchants")
def monitored_share(cells: Cells) -> Tally:
    """Share of filings against a merchant that had too many for its orders in the period before.

    Formula: filed while monitored / filed. Counts every filing, open ones too. 0 where the rules monitor
    nobody. Unit: share. Source: the monitoring in the records. NaN with n = 0 where nothing was filed.
    """
    return cells.share(np.asarray(cells["monitored"], np.bool_), cells.filed)


@metric("Payroll for a dispute", unit="currency", by=(), direction="lower")
def payroll_per_dispute(cells: Cells) -> Tally:
    """What the staff of all desks cost for one dispute, time without work included.

    Formula: sum over desks of staff x open hours before the horizon x hourly cost / disputes; staff by
    day, shifts included. Mediators count where the rules have mediation. Counts every dispute. Unit:
    currency of the scenario. Source: see `platform_cost_per_dispute`, which counts time at work only. NaN
    with n = 0 where there are no disputes.
    """
    return ratio(payroll(cells), cells.count(cells.everyone))


def payroll(cells: Cells) -> Floats:
    """What the staff of all desks are paid in every cell, time without work included."""
    desks, plans = cells.run.scenario.desks, [plan for _, plan in cells.run.policy.versions()]
    mediated = any(plan.mediation.rounds for plan in plans)
    there = [
        desk
        for desk, name in enumerate(DESKS)
        if getattr(desks, name) is not None and (desk != MEDIATION or mediated)
    ]
    hours = np.sum([staffed_hours(cells, desk) for desk in there], axis=0)
    return np.asarray(hours * desks.hourly_cost, np.float64)


@metric("Cost of a ruling by the model", unit="currency", direction="lower")
def cost_per_model_ruling(cells: Cells) -> Tally:
    """What the calls of the model cost for each ruling that it made.

    Formula: calls x cost of a call / last rulings by the model. Counts calls in every dispute: those that
    ended with a person's ruling were made too. Unit: currency of the scenario. Source: calls in the
    records. NaN with n = 0 where the model made no ruling.
    """
    spent = cells["model_calls"] * cells.run.scenario.model.cost
    return ratio(cells.total(spent, cells.everyone), cells.count(by_model(cells)))


@metric("Cost of a ruling by people", unit="currency", direction="lower")
def cost_per_person_ruling(cells: Cells) -> Tally:
    """What arbiters and jurors cost for each ruling that they made.

    Formula: ((decision + review hours) x hourly cost + votes x vote cost + fees paid to jurors) / last
    rulings by a desk or a panel. Counts the work on every dispute; time without work costs nothing here.
    Unit: currency of the scenario. Source: hours and votes in the records. NaN with n = 0 where people made
    no ruling.
    """
    desks = cells.run.scenario.desks
    spent = (cells["decision_hours"] + cells["review_hours"]) * desks.hourly_cost
    spent = spent + cells["votes"] * desks.vote_cost + cells["juror_pay"]
    return ratio(cells.total(spent, cells.everyone), cells.count(by_person(cells)))
