"""What the rules make of people: trust, exit, learning, deterrence, survivors (Y1, Y2, Y3, Y5, Y6)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evenhand.analysis.fairness.measure import fairness
from evenhand.analysis.fairness.money import check_side
from evenhand.analysis.fairness.study import Answer, Groups, Study, counts, quotient, suffixed
from evenhand.analysis.metrics.accumulators import Floats, Mask
from evenhand.analysis.metrics.rates import rate_of
from evenhand.sim.policy.policy import filed_under
from evenhand.sim.sampling.population import draw_buyers
from evenhand.sim.sampling.streams import Luck


class BuyerColumns(NamedTuple):
    """The buyer of each dispute: trust before and after its end, and whether he left before or with it.

    Of disputes that have not ended, all is NaN or False. With behaviour frozen nobody leaves.
    """

    before: Floats
    after: Floats
    gone: Mask
    leaves: Mask


def buyers(study: Study) -> BuyerColumns:
    """Follow every buyer through the ends of his disputes, in their order.

    The buyers are drawn again from the run's seed: their first trust and the trust below which each
    of them leaves are not in the records.
    """
    n = len(study.cluster)
    found = BuyerColumns(
        np.full(n, np.nan), study["trust_after"], np.zeros(n, np.bool_), np.zeros(n, np.bool_)
    )
    for number in study.cells.numbers:
        mine = (study["replication"] == number) & study.cells.closed
        rows = np.flatnonzero(mine)
        rows = rows[np.lexsort((study["closed_at"][rows], study["buyer"][rows]))]
        who, after = study["buyer"][rows], study["trust_after"][rows]
        drawn, _ = draw_buyers(study.run.scenario, Luck(study.run.seed, int(number)))
        again = np.concatenate([[False], who[1:] == who[:-1]])[: len(rows)]
        previous = np.concatenate([[np.nan], after[:-1]])[: len(rows)]
        found.before[rows] = np.where(again, previous, drawn["trust"][who])
        if study.run.open_loop:
            continue
        below = after < drawn["exit_below"][who]
        times = np.cumsum(below) - below  # at or before the row above, other buyers included
        start = np.maximum.accumulate(np.where(again, 0, np.arange(len(rows))))
        gone = times > times[start] if len(rows) else below
        found.gone[rows], found.leaves[rows] = gone, below & ~gone
    return found


def _refused(study: Study) -> tuple[Mask, Mask]:
    """Filings refused wrongly and rightly."""
    refused = study.cells.filed & study.cells.decided & ~study.cells.upheld
    return refused & study.cells.valid, refused & ~study.cells.valid


@fairness(
    "Y1", "Trust lost by wrong and by right refusals", "trust", "filings refused by a ruling or a default"
)
def trust_loss(study: Study) -> Answer:
    """How much a refusal moves a buyer's trust in the platform, wrong refusals against right ones.

    Formula: mean of trust after - before the end of the dispute, after wrong and after right refusals,
    and the first less the second. Below 0 trust is lost; a difference of 0: people do not feel whether
    a refusal was just. The path over time is `analysis.metrics.time_series.trust`. Source: Tyler (1990).
    """
    people = buyers(study)
    change = np.where(study.cells.closed, people.after - people.before, 0.0)
    wrong, right = _refused(study)
    code = np.where(wrong, 0, np.where(right, 1, -1)).astype(np.int64)
    groups = Groups(("wrongly_refused", "rightly_refused"), code)
    among = study.cells.closed
    sums, n = study.split(groups, among, change), study.split(groups, among)
    names = "trust_change_{group}_minus_{reference}"
    return {
        **study.ratios(suffixed("trust_change", groups), sums, n, "trust"),
        **study.contrasts(groups, "rightly_refused", names, sums, n, "trust"),
    }


@fairness("Y2", "Exit", "share", "ended disputes of buyers still there; all merchants")
def exits(study: Study, reference: str | None = None) -> Answer:
    """Chance that a buyer leaves the market with the end of a dispute, and share of merchants gone.

    Formula: hazard = leaves / ended disputes of buyers who were still there, for every buyer group,
    after wrong refusals and after right ones; merchants gone at the horizon / merchants, for every
    group and less the reference's. 0: nobody left; always 0 where behaviour is frozen.
    Source: Hirschman (1970).
    """
    people = buyers(study)
    there = study.cells.closed & ~people.gone
    found: Answer = {}
    wrong, right = _refused(study)
    cause = Groups(
        ("wrongly_refused", "rightly_refused"), np.where(wrong, 0, np.where(right, 1, -1)).astype(np.int64)
    )
    for groups, name in ((study.groups("buyer_group"), "exit_hazard"), (cause, "exit_hazard_after")):
        top = study.split(groups, there & people.leaves)
        found |= study.ratios(suffixed(name, groups), top, study.split(groups, there), "share")
    merchants = study.run.merchants
    labels = study.run.labels("merchant_group")
    own = (merchants["merchant_group"][:, None] == np.arange(len(labels))).astype(np.float64)
    left = own * ~merchants["active"].astype(np.bool_)[:, None]
    groups = Groups(labels, np.empty(0, np.int64))
    names = "merchants_gone_gap_{group}_minus_{reference}"
    found |= study.ratios(suffixed("merchants_gone", groups), left, own, "share")
    return found | study.contrasts(groups, reference, names, left, own, "difference of shares")


def _halves(study: Study, time: Floats) -> Groups:
    """First and second half of what is counted of the run by some time."""
    late = (time > sum(study.cells.hours) / 2).astype(np.int64)
    return Groups(("early", "late"), np.where(np.isnan(time), -1, late))


@fairness("Y3", "Learning to game the rules", "difference of shares", "filings of either half of the run")
def gaming_drift(study: Study) -> Answer:
    """Whether forgery, claims without grievance and answers at the last moment grow during the run.

    Formula: share among the filings of the second half less the first half's: forged evidence of buyers
    (filings) and of merchants (answers), filings without a grievance, and answers in the last tenth of
    the merchant's window (its length on the calendar; answers after it had an extension and count).
    Above 0: it grows. 0: nobody learns to game. Source: strategic classification; Hardt et al. (2016).
    """
    halves, filed = _halves(study, study["filed_at"]), study.cells.filed
    answered = filed & study["answered"].astype(np.bool_)
    plans, form = filed_under(study.run.policy, study["version"], study["exceptions"])
    windows = [p.windows.merchant_evidence for p in plans]
    hours = np.array([w.hours for w in windows])[form]
    calendar = ~np.array([w.business for w in windows])[form]
    taken = np.where(answered, study["answered_at"] - study["screened_at"], 0.0)
    kinds: dict[str, tuple[Mask, Mask]] = {
        "forged_by_buyer": (study["buyer_forges"].astype(np.bool_), filed),
        "forged_by_merchant": (study["merchant_forged"].astype(np.bool_), answered),
        "groundless": (~study.cells.valid, filed),
        "last_moment": (taken >= 0.9 * hours, answered & calendar),
    }
    found: Answer = {}
    for name, (of, among) in kinds.items():
        found |= study.contrasts(
            halves,
            "early",
            name + "_drift_{group}_minus_{reference}",
            study.split(halves, among & of),
            study.split(halves, among),
            "difference of shares",
        )
    return found


@fairness("Y5", "Deterrence", "ratio", "all merchants; disputes of either half of the run")
def deterrence(study: Study) -> Answer:
    """What the rules have made of defects and of false claims by the end of the run.

    Formula: sum of orders x (rate of problems at the end / at the start) / orders, of all merchants and
    of each group; groundless among the disputes of the second half less the first half's. 1 and 0:
    nothing has changed; below 1 merchants have mended their ways, above 0 false claims have spread.
    Source: Becker (1968).
    """
    merchants, labels = study.run.merchants, study.run.labels("merchant_group")
    orders = merchants["orders"].astype(np.float64)[:, None]
    own = (merchants["merchant_group"][:, None] == np.arange(len(labels))).astype(np.float64)
    own = np.hstack([np.ones_like(orders), own]) * orders
    groups = Groups(("", *labels), np.empty(0, np.int64))
    halves, everyone = _halves(study, study["opened_at"]), study.cells.everyone
    drift = study.contrasts(
        halves,
        "early",
        "groundless_disputes_{group}_minus_{reference}",
        study.split(halves, ~study.cells.valid),
        study.split(halves, everyone),
        "difference of shares",
    )
    problem = merchants["problem"][:, None]
    return study.ratios(suffixed("problems_left", groups), own * problem, own, "ratio") | drift


@fairness("Y6", "Survivor bias", "difference of shares", "those of the chosen rate")
def survivor_bias(study: Study, rate: str = "wrongful_denial", side: str = "buyer") -> Answer:
    """How much a rate changes when those who have left the market are not asked any more.

    Formula: p over disputes of buyers (or merchants) still there at the horizon, p over everybody who
    ever came, and the first less the second. Below 0: the rules look better than they were, because
    those whom they hurt are gone. 0: no such bias. Source: survivor bias; Hirschman (1970).
    """
    check_side(side)
    chosen, one = rate_of(rate), study.groups(None)
    tops, bottoms = counts(study, chosen, one)
    present = _present(study, side)
    among = chosen.among(study.cells) & present
    still = study.split(one, among & chosen.of(study.cells)), study.split(one, among)

    def difference(w: Floats) -> Floats:
        return quotient(w @ still[0], w @ still[1]) - quotient(w @ tops, w @ bottoms)

    n, clusters = np.array([int(still[1].sum())]), np.array([int((still[1] > 0).sum())])
    name = f"{chosen.short}_present_minus_all"
    return {
        **study.ratios([f"{chosen.short}_all"], tops, bottoms, "share"),
        **study.ratios([f"{chosen.short}_present"], *still, unit="share"),
        **study.infer(difference, [name], n, clusters, "difference of shares"),
    }


def _present(study: Study, side: str) -> Mask:
    """Disputes whose buyer, or merchant, is still in the market at the horizon."""
    if side == "merchant":
        return np.asarray(study.run.merchants["active"][study.cluster], np.bool_)
    people = buyers(study)
    width = 1 + int(study["buyer"].max(initial=0))
    key = study.cells.position(study["replication"]) * width + study["buyer"]
    gone = np.zeros(int(key.max(initial=0)) + 1, np.bool_)
    gone[key[people.leaves]] = True
    return np.asarray(~gone[key])
