"""How long disputes take, and what they cost the platform in hours, queues and money."""

from __future__ import annotations

import numpy as np

from evenhand.analysis.metrics.accumulators import Floats, Tally, ratio
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.metric import metric
from evenhand.analysis.metrics.queueing import peak, utilisation
from evenhand.analysis.metrics.survival import hours_until
from evenhand.sim.lifecycle.codes import DECISION

_STAFF_HOURS = ("screening_hours", "decision_hours", "review_hours", "mediation_hours")


@metric("Median time to close", unit="h", direction="lower", pooled=False)
def median_hours_to_close(cells: Cells) -> Tally:
    """Hours from the opening of a dispute to the time by which half of them have ended.

    Formula: the first t at which the Kaplan-Meier curve is 0.5 or less. Counts every dispute from
    `opened_at`; those still open at the horizon are censored, not dropped, so slow rules do not look
    fast. 0 means that half end at once. Unit: h. Source: Kaplan and Meier (1958). NaN where the
    curve of any replication does not come down so far in time.
    """
    return hours_until(cells, 0.5, "opened_at", "closed_at")


@metric("Time by which 90 % are closed", unit="h", direction="lower", pooled=False)
def p90_hours_to_close(cells: Cells) -> Tally:
    """Hours from the opening of a dispute to the time by which nine in ten have ended.

    Formula: the first t at which the Kaplan-Meier curve is 0.1 or less. Counts every dispute from
    `opened_at`; those still open at the horizon are censored, not dropped. Unit: h. Source: Kaplan
    and Meier (1958). NaN where the curve of any replication does not come down so far in time.
    """
    return hours_until(cells, 0.9, "opened_at", "closed_at")


@metric("Median time after filing", unit="h", direction="lower", pooled=False)
def median_hours_after_filing(cells: Cells) -> Tally:
    """Hours from the filing of a dispute to the time by which half of the filings have ended.

    Formula: the first t at which the Kaplan-Meier curve is 0.5 or less. Counts every filing from
    `filed_at`, those not admitted too; filings still open at the horizon are censored. Unit: h.
    Source: Kaplan and Meier (1958). NaN where the curve of any replication does not come down so far in time.
    """
    return hours_until(cells, 0.5, "filed_at", "closed_at")


def staff_hours(cells: Cells) -> Floats:
    """Working hours of all desks in every cell."""
    hours = np.sum([cells[name] for name in _STAFF_HOURS], axis=0)
    return cells.total(hours, cells.everyone)


def platform_cost(cells: Cells) -> Floats:
    """What each dispute has cost the platform so far, fees off: staff, jurors, model, refunds it pays."""
    desks = cells.run.scenario.desks
    cash = cells["votes"] * desks.vote_cost + cells["juror_pay"] + cells["platform_paid"]
    cash = cash + cells["model_calls"] * cells.run.scenario.model.cost + cells["check_costs"]
    fees = cells["buyer_fees"] + cells["merchant_fees"] + cells["firm_fees"]
    hours = np.sum([cells[name] for name in _STAFF_HOURS], axis=0)
    return np.asarray(hours * desks.hourly_cost + cash - fees, np.float64)


@metric("Staff hours for a filing", unit="h", direction="lower")
def staff_hours_per_filing(cells: Cells) -> Tally:
    """Working hours of all desks for one filing.

    Formula: (screening + decision + review + mediation hours) / filings. Counts every filing, open
    ones too; a piece of work is counted when it is done, so what is under way at the horizon is
    missing. Time without work is not counted, and jurors' time is not staff's. Unit: h.
    Source: the hours in the records. NaN with n = 0 where nothing was filed.
    """
    return ratio(staff_hours(cells), cells.count(cells.filed))


@metric("Use of the decision desk", by=(), pooled=False)
def desk_utilisation(cells: Cells) -> Tally:
    """Share of the decision desk's time that was spent on cases.

    Formula: decision hours / (staff x open hours before the horizon); n = cases that it decided.
    Counts first decisions at a desk; reviews, screening and mediation have desks of their own. Work
    under way at the horizon is missing. 1 means that nobody was ever idle, and queues grow; 0 with
    n = 0 that no case came to the desk. Unit: share. Source: utilisation of a multi-server queue.
    """
    return utilisation(cells, DECISION)


@metric("Longest queue at the decision desk", unit="count", by=(), direction="lower", pooled=False)
def backlog_peak(cells: Cells) -> Tally:
    """Most filings at the decision desk at any one time, waiting or in work.

    Formula: max over time of (handed to the desk - ruled by it); n = filings handed to it. Counts
    first decisions, and cases still at the desk at the horizon. 0 with n = 0 where no case came to
    the desk. Unit: count. Source: the number in system of queueing theory.
    """
    return peak(cells, DECISION)


@metric("Cost to the platform for a dispute", unit="currency", direction="lower")
def platform_cost_per_dispute(cells: Cells) -> Tally:
    """What one dispute costs the platform: staff, jurors, model and refunds it pays, less fees it takes.

    Formula: (staff hours x hourly cost + votes x vote cost + calls of the model x cost of a call + fees paid
    to jurors + costs of detectors + refunds paid by the platform - fees of all sides) / disputes. Counts
    every dispute, open and never filed ones too, with what has been spent so far. Below 0 the fees exceed
    the costs. Staff who wait for work cost nothing here (see `payroll_per_dispute`). Unit: currency of the
    scenario. Source: the platform's side of the costs of justice. NaN with n = 0 where there are no disputes.
    """
    return ratio(cells.total(platform_cost(cells), cells.everyone), cells.count(cells.everyone))
