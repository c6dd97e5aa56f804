"""Wrong decisions for either side, and their gaps between groups (G1 to G8)."""

from __future__ import annotations

import numpy as np

from evenhand.analysis.fairness.measure import fairness
from evenhand.analysis.fairness.spread import corrected_spread, spread_parts
from evenhand.analysis.fairness.study import Answer, Groups, Study, counts, quotient, suffixed
from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.metrics.rates import RATES

DECIDED = "decided by a ruling or a default"


def _rate(study: Study, name: str, by: str | None) -> Answer:
    groups = study.groups(by)
    return study.ratios(
        suffixed(RATES[name].short, groups), *counts(study, RATES[name], groups), unit="share"
    )


def _gap(study: Study, name: str, by: str, reference: str | None) -> Answer:
    groups = study.groups(by)
    tops, bottoms = counts(study, RATES[name], groups)
    names = RATES[name].short + "_gap_{group}_minus_{reference}"
    return study.contrasts(groups, reference, names, tops, bottoms, "difference of shares")


@fairness("G1", "Valid claims refused", "share", DECIDED)
def wrongful_denial(study: Study, by: str | None = None) -> Answer:
    """Share of valid claims that were refused, of everybody or of each group.

    Formula: FNR = P(D = 0 | Y = 1). 0: no buyer who was right was turned away; 1: all were. Those who
    gave up before are not in it, see `effective_denial`. Source: confusion matrix.
    """
    return _rate(study, "wrongful_denial", by)


@fairness("G1", "Gap in valid claims refused", "difference of shares", DECIDED)
def wrongful_denial_gap(study: Study, by: str = "merchant_group", reference: str | None = None) -> Answer:
    """Share of valid claims refused in each group less that of the reference group.

    Formula: FNR_g - FNR_reference. Above 0 buyers who are right fare worse in the group, below 0
    better, 0 the same. Source: confusion matrix; Hardt, Price and Srebro (2016).
    """
    return _gap(study, "wrongful_denial", by, reference)


@fairness("G2", "Groundless claims granted", "share", DECIDED)
def wrongful_grant(study: Study, by: str | None = None) -> Answer:
    """Share of groundless claims that were granted, of everybody or of each group.

    Formula: FPR = P(D = 1 | Y = 0). 0: no innocent merchant was charged; 1: all were.
    Source: confusion matrix.
    """
    return _rate(study, "wrongful_grant", by)


@fairness("G2", "Gap in groundless claims granted", "difference of shares", DECIDED)
def wrongful_grant_gap(study: Study, by: str = "merchant_group", reference: str | None = None) -> Answer:
    """Share of groundless claims granted in each group less that of the reference group.

    Formula: FPR_g - FPR_reference. Above 0 innocent merchants fare worse in the group, below 0
    better, 0 the same. Source: confusion matrix; Hardt, Price and Srebro (2016).
    """
    return _gap(study, "wrongful_grant", by, reference)


@fairness("G3", "Balance of errors between the sides", "log ratio", DECIDED)
def side_balance(study: Study, cost_buyer: float = 1.0, cost_merchant: float = 1.0) -> Answer:
    """Which side bears the errors: the log ratio of both error rates, and their cost for a decision.

    Formula: log(FNR / FPR), and c_b FNR P(Y = 1) - c_m FPR P(Y = 0). Above 0 buyers bear more of the
    errors, below 0 merchants do, 0 is even; infinite or NaN where a side has no error. `cost_buyer`
    and `cost_merchant` weigh an error. Source: the ratio of Blackstone (1769) as a log ratio.
    """
    one = study.groups(None)
    parts = [counts(study, RATES[name], one) for name in ("wrongful_denial", "wrongful_grant")]
    sums = np.hstack([column for pair in parts for column in pair])

    def ratio(w: Floats) -> Floats:
        refused, valid, granted, groundless = (w @ sums).T
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.log(quotient(refused, valid) / quotient(granted, groundless))[:, None])

    def cost(w: Floats) -> Floats:
        refused, valid, granted, groundless = (w @ sums).T
        return quotient(cost_buyer * refused - cost_merchant * granted, valid + groundless)[:, None]

    decided = sums[:, [1]] + sums[:, [3]]
    n, clusters = np.rint(decided.sum(axis=0)).astype(np.int64), (decided > 0).sum(axis=0)
    return {
        **study.infer(ratio, ["side_balance_log_ratio"], n, clusters, "log ratio"),
        **study.infer(cost, ["side_balance_cost"], n, clusters, "cost per decision"),
    }


@fairness("G4", "Equalised odds", "difference of shares", DECIDED)
def equalized_odds(study: Study, by: str = "merchant_group", reference: str | None = None) -> Answer:
    """Whether the same truth meets the same treatment: gaps in both rates, and one corrected spread.

    Formula: TPR_g - TPR_reference and FPR_g - FPR_reference, never only their mean, and
    `equalized_odds_spread` = max(tau_TPR, tau_FPR) with tau of `spread`, where the literature has
    max(|dTPR|, |dFPR|), which chance alone keeps above 0. 0: the same for all; a gap of 1: decided by
    group alone. Source: Hardt, Price and Srebro (2016); fairlearn; measures C.3 for the correction.
    """
    gaps = {
        **_gap(study, "true_grant", by, reference),
        **_gap(study, "wrongful_grant", by, reference),
    }
    groups = study.groups(by)
    parts = [spread_parts(*counts(study, RATES[name], groups)) for name in ("true_grant", "wrongful_grant")]

    def largest(w: Floats) -> Floats:
        both = np.stack([corrected_spread(one, w) for one in parts])
        return np.asarray(both.max(axis=0)[:, None])  # NaN if either is not defined

    n = np.array([sum(one.n for one in parts)])
    clusters = np.array([min(one.clusters for one in parts)])
    return gaps | study.infer(largest, ["equalized_odds_spread"], n, clusters, "index")


@fairness("G5", "Equal opportunity for each side", "difference of shares", DECIDED)
def equal_opportunity(
    study: Study, reference_buyer: str | None = None, reference_merchant: str | None = None
) -> Answer:
    """Each side's own right by its own groups: valid claims granted, groundless ones refused.

    Formula: TPR_g - TPR_reference over buyer groups, TNR_g - TNR_reference over merchant groups.
    Above 0 the group gets its right more often, 0 as often. Source: Hardt, Price and Srebro (2016).
    """
    return {
        **_gap(study, "true_grant", "buyer_group", reference_buyer),
        **_gap(study, "true_refusal", "merchant_group", reference_merchant),
    }


@fairness("G6", "Gap in decisions for the buyer", "difference of shares", DECIDED)
def demographic_parity(study: Study, by: str = "merchant_group", reference: str | None = None) -> Answer:
    """Share of decisions for the buyer in each group less the reference's, and the same gap in truth.

    Formula: P(D = 1 | g) - P(D = 1 | reference), and beside it P(Y = 1 | g) - P(Y = 1 | reference): a
    gap in wins means something only where the base rates are equal. 0: as many wins.
    Source: Feldman et al. (2015).
    """
    return {**_gap(study, "buyer_win", by, reference), **_gap(study, "base_rate", by, reference)}


@fairness("G7", "Like cases alike", "difference of shares", "rulings, in bands of evidence and of amount")
def conditional_parity(study: Study, by: str = "merchant_group", reference: str | None = None) -> Answer:
    """Gap in decisions for the buyer between cases with like evidence on file and like amounts.

    Formula: sum_s w_s (P(D = 1 | g, s) - P(D = 1 | reference, s)) over the bands s (quarters of the
    evidence on file x quarters of the amount) in which both have cases, w_s the share of both groups'
    cases that lie in s; n = those cases. 0: like cases alike; above 0 the group's buyers win more of
    them. Wide bands leave some of the difference in evidence inside. Source: Corbett-Davies et al.
    (2017); conditional demographic disparity.
    """
    groups = study.groups(by)
    at = study.reference(groups, reference)
    evidence, claim = study.groups("evidence_band"), study.groups("claim_band")
    k, strata = len(groups.labels), len(evidence.labels) * len(claim.labels)
    stratum = np.where(evidence.code < 0, -1, evidence.code * len(claim.labels) + claim.code)
    fine = Groups(("",) * (k * strata), np.where(stratum < 0, -1, groups.code * strata + stratum))
    ruled = ~np.isnan(study.evidence) & study.cells.decided
    tops, bottoms = study.split(fine, ruled & study.cells.upheld), study.split(fine, ruled)
    others = [i for i in range(k) if i != at]

    def statistic(w: Floats) -> Floats:
        won, n = ((w @ part).reshape(len(w), k, strata) for part in (tops, bottoms))
        rate, both = quotient(won, n), n + n[:, [at]]
        shared = (n > 0) & (n[:, [at]] > 0)
        weight = np.where(shared, both, 0.0)
        gap = np.where(shared, rate - rate[:, [at]], 0.0)
        return quotient((weight * gap).sum(axis=2), weight.sum(axis=2))[:, others]

    cases = bottoms.reshape(study.size, k, strata)
    total = cases.sum(axis=0)
    shared = (total > 0) & (total[at] > 0)
    n = np.where(shared, total + total[at], 0).sum(axis=1).astype(np.int64)
    found = ((cases * shared).sum(axis=2) > 0).sum(axis=0)
    own = np.array([((cases[:, at] * shared[i]).sum(axis=1) > 0).sum() for i in range(k)])
    reference_label = groups.labels[at]
    names = [f"conditional_win_gap_{groups.labels[i]}_minus_{reference_label}" for i in others]
    return study.infer(statistic, names, n[others], np.minimum(found, own)[others], "difference of shares")


@fairness("G8", "Predictive parity", "difference of shares", "decided for the buyer")
def predictive_parity(study: Study, by: str = "merchant_group", reference: str | None = None) -> Answer:
    """Whether wins are equally deserved: valid claims among those granted, against the reference.

    Formula: P(Y = 1 | D = 1, g) - P(Y = 1 | D = 1, reference). Above 0 the group's wins are more often
    deserved. Where base rates differ it cannot be 0 together with `equalized_odds`, see
    `impossibility`. Source: Chouldechova (2017).
    """
    return _gap(study, "predictive_value", by, reference)
