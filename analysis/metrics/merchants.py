"""What merchants make of the rules: care, contests, what disputes cost them, who enters and leaves."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.metrics.accumulators import Floats, Tally, ratio
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.metric import metric
from evenhand.sim.policy.compile import MERCHANT

_GROUP = ("merchant_group",)
DAYS_A_MONTH = 365 / 12


def real_problems(cells: Cells) -> Floats:
    """True grievances in every cell, voiced or not; only merchants are known of those that are not."""
    return cells.count(cells.valid) + cells.of_merchants("silent")


@metric("Problem rate", unit="per 1000 orders", by=_GROUP, direction="lower")
def problem_rate(cells: Cells) -> Tally:
    """Real grievances for every thousand orders, those that nobody hears of included.

    Formula: 1000 x (valid disputes + grievances nobody heard of) / orders; n = orders. Counts grievances
    that were noticed before the horizon, open ones too; `valid_claims_per_thousand_orders` has those that
    were brought forward. 0 means that no order went wrong. Unit: per 1000 orders. Source: the truth in the
    records. NaN with n = 0 where there are no orders.
    """
    return ratio(1000.0 * real_problems(cells), cells.orders())


@metric("Care, as the problem rate it leaves", unit="ratio", by=_GROUP, direction="lower")
def care(cells: Cells) -> Tally:
    """Problem rate of merchants at the end, relative to what the scenario declares.

    Formula: sum of orders x `problem` / orders; n = orders. Counts every merchant, large ones more. 1
    means that care is as declared, 0.5 that half of the problems are avoided, 2 twice as many.
    Unit: ratio. Source: `problem` in the merchants' records. NaN with n = 0 where there are no orders.
    """
    merchants = cells.run.merchants
    return ratio(cells.over_merchants(merchants["orders"] * merchants["problem"]), cells.orders())


@metric("Filings contested")
def contest_share(cells: Cells) -> Tally:
    """Share of filings with a merchant's turn in which the merchant answered.

    Formula: answered / (answered + merchant silent after filing). Counts filings whose turn is over; a
    merchant that conceded did neither, nor did one whose buyer withdrew first. 1 means that no filing
    goes by default. Unit: share. Source: `answered` and `silence` in the records. NaN with n = 0 where
    nobody had a turn.
    """
    answered = np.asarray(cells["answered"], np.bool_)
    silent = cells.filed & (cells["silence"] == MERCHANT)
    return cells.share(answered, answered | silent)


@metric("Marks for a real problem", unit="ratio")
def marks_per_problem(cells: Cells) -> Tally:
    """How much of a merchant's true problems reaches its rating.

    Formula: marks of all disputes / disputes with a valid grievance; n = the latter. Counts every
    dispute. A filing that is upheld is one mark. 0 means that the rating knows nothing of the problems.
    Unit: ratio. Source: `mark` in the records. NaN with n = 0 where no grievance was real, or no marks are
    kept (`behaviour.standing`).
    """
    kept = cells.everyone & cells.run.scenario.behaviour.standing.enabled
    return ratio(cells.total(cells["mark"], kept), cells.count(cells.valid & kept))


@metric("Rating lost for 100 real problems", unit="rating", by=_GROUP)
def rating_lost_per_hundred_problems(cells: Cells) -> Tally:
    """Rating that merchants lose during the run for every hundred true problems of theirs.

    Formula: 100 x sum of (rating at the start - at the end) / (valid disputes + grievances nobody heard
    of); n = the latter. Counts every merchant the same, a shop that took another's place with its own
    rating; ratings run from 0 to 1. Below 0 ratings rose; where it is alike in all groups, the rating tells
    bad merchants from good ones. Unit: rating. Source: ratings in the merchants' records. NaN with n = 0
    where no grievance was real.
    """
    merchants = cells.run.merchants
    lost = cells.over_merchants(merchants["start_rating"] - merchants["rating"])
    return ratio(100.0 * lost, real_problems(cells))


@metric("Cost of disputes to merchants for an order", unit="currency", by=_GROUP, direction="lower")
def merchant_cost_per_order(cells: Cells) -> Tally:
    """What disputes cost merchants for every order: refunds, fees and freight, less what comes back.

    Formula: sum of (refunds paid by the merchant + its fees + its freight - salvage) / orders; n = orders.
    Counts every dispute with what has been paid so far; handling and sanctions are not money paid.
    Unit: currency of the scenario. Source: the payments in the records. NaN with n = 0 where there are
    no orders.
    """
    paid = cells["merchant_paid"] + cells["merchant_fees"] + cells["merchant_freight"]
    return ratio(cells.total(paid - cells["merchant_salvage"], cells.everyone), cells.orders())


def a_month(cells: Cells, times: Floats, among: Floats) -> Tally:
    """How often something happened in a month to each of so many; n = how many there are."""
    since, until = cells.hours
    months = (until - since) / 24 / DAYS_A_MONTH
    return ratio(times, among * months, among)


def _a_month(cells: Cells, times: NDArray[Any], *, known: bool = True) -> Tally:
    """The same of merchants' places, empty ones too."""
    places = cells.over_merchants(np.full(len(times), float(known)))
    return a_month(cells, cells.over_merchants(times), places)


@metric("Suspensions of a merchant a month", unit="count", by=_GROUP, pooled=False)
def suspensions_per_month(cells: Cells) -> Tally:
    """Suspensions for every merchant's place and month.

    Formula: suspensions / (places x months); n = places. Counts all places, empty ones too. 0 means that
    nobody was suspended. Unit: count. Source: `suspensions` in the merchants' records.
    """
    return _a_month(cells, cells.run.merchants["suspensions"])


@metric("Merchants that leave a month", by=_GROUP, pooled=False)
def exits_per_month(cells: Cells) -> Tally:
    """Shops that closed, for every merchant's place and month; those that changed their name too.

    Formula: exits / (places x months); n = places. Counts all places, empty ones too. 0 means that nobody
    left. Where merchants do not enter (`behaviour.turnover`), those who have left for good by the end.
    Unit: share. Source: `exits` and `active` in the merchants' records; compare Cabral and Hortacsu (2010),
    4.6 to 5.9 % on eBay.
    """
    merchants = cells.run.merchants
    if cells.run.scenario.behaviour.turnover.enabled:
        return _a_month(cells, merchants["exits"])
    return _a_month(cells, ~np.asarray(merchants["active"], np.bool_))


@metric("Merchants that enter a month", by=_GROUP, pooled=False)
def entries_per_month(cells: Cells) -> Tally:
    """Shops that opened, for every merchant's place and month; those under another name too.

    Formula: entries / (places x months); n = places. Counts all places, empty ones too. At rest as many
    enter as leave. Unit: share. Source: `entries` in the merchants' records. NaN with n = 0 where
    merchants do not enter (`behaviour.turnover`).
    """
    merchants = cells.run.merchants
    return _a_month(cells, merchants["entries"], known=cells.run.scenario.behaviour.turnover.enabled)
