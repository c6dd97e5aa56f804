"""Who gets to a remedy at all, and where the others are lost (A1 to A5)."""

from __future__ import annotations

import numpy as np

from evenhand.analysis.fairness.measure import fairness
from evenhand.analysis.fairness.money import burdens
from evenhand.analysis.fairness.study import Answer, Study, counts, quotient, suffixed
from evenhand.analysis.metrics.accumulators import Floats, Mask
from evenhand.analysis.metrics.rates import RATES
from evenhand.sim.lifecycle.codes import ABANDONED, GOODS_KEPT, INADMISSIBLE, LAPSED, SETTLED, WITHDRAWN

VALID = "ended disputes with a valid grievance, filed or not"


@fairness("A1", "Giving up, by stage", "share", VALID)
def giving_up(study: Study, by: str | None = None) -> Answer:
    """Share of valid grievances that the buyer let go, at each stage.

    Formula: P(W = 1 | Y = 1) with W = found it not worth filing; missed a window; withdrew a filing; won
    and kept the goods past the return window. 0: nobody who was right gave up. Compare groups: rules
    that tire people out show here, not in errors. Source: Felstiner, Abel and Sarat (1980-81).
    """
    cells, groups = study.cells, study.groups(by)
    among = cells.closed & cells.valid
    n = study.split(groups, among)
    stages = {
        "abandoned": cells.ended(ABANDONED),
        "missed_window": cells.ended(LAPSED),
        "withdrew": cells.ended(WITHDRAWN),
        "kept_goods": _kept(study),
    }
    found: Answer = {}
    for name, which in stages.items():
        found |= study.ratios(suffixed(name, groups), study.split(groups, among & which), n, "share")
    return found


def _kept(study: Study) -> Mask:
    """Disputes won and lost again because the goods were not sent back."""
    return np.asarray(study["reason"] == GOODS_KEPT)


@fairness("A2", "Effective denial", "share", VALID)
def effective_denial(study: Study, by: str | None = None) -> Answer:
    """Share of valid grievances without an adequate remedy, whatever the reason.

    Formula: P(refund share < 0.5 x deserved share | Y = 1), = 1 - the product of `remedy_stages`. 0: all
    who were right were helped; 1: none. Unlike `wrongful_denial` it does not improve when people give
    up. Source: Felstiner, Abel and Sarat (1980-81), the stages as one rate.
    """
    groups = study.groups(by)
    rate = RATES["effective_denial"]
    return study.ratios(suffixed(rate.short, groups), *counts(study, rate, groups), unit="share")


@fairness("A2", "Gap in effective denial", "difference of shares", VALID)
def effective_denial_gap(study: Study, by: str = "buyer_group", reference: str | None = None) -> Answer:
    """Share of valid grievances without adequate remedy in each group less that of the reference.

    Formula: EFN_g - EFN_reference. Above 0 the group's people who are right get less help, 0 as much.
    Source: as `effective_denial`.
    """
    groups = study.groups(by)
    rate = RATES["effective_denial"]
    names = rate.short + "_gap_{group}_minus_{reference}"
    return study.contrasts(
        groups, reference, names, *counts(study, rate, groups), unit="difference of shares"
    )


@fairness("A2", "Way to a remedy, by stage", "share", VALID)
def remedy_stages(study: Study, by: str | None = None) -> Answer:
    """Share of valid grievances that come through each stage on the way to an adequate remedy.

    Formula: (reached the stage - lost there) / reached, for settle (lost: settled for too little), file
    (abandoned, window missed), stay (withdrew, not admitted), win (decided for too little), collect
    (kept the goods); who settles well is lost nowhere. Their product is 1 - `effective_denial`. 1: the
    stage loses nobody. Source: Felstiner, Abel and Sarat (1980-81).
    """
    cells, groups = study.cells, study.groups(by)
    among = cells.closed & cells.valid
    denied = among & RATES["effective_denial"].of(cells)
    stage = {
        "settle": cells.ended(SETTLED),
        "file": cells.ended(ABANDONED) | cells.ended(LAPSED),
        "stay": cells.ended(WITHDRAWN) | cells.ended(INADMISSIBLE),
        "win": cells.decided & ~_kept(study),
        "collect": _kept(study),
    }
    reached, found = study.split(groups, among), Answer()
    for name, which in stage.items():
        through = reached - study.split(groups, denied & which)
        found |= study.ratios(suffixed(f"through_{name}", groups), through, reached, "share")
        reached = through
    return found


@fairness("A3", "Smallest claim worth filing", "currency", "filings that have ended")
def filing_threshold(study: Study, by: str = "buyer_group") -> Answer:
    """Amount from which filing pays on average: below it the burden eats the refund.

    Formula: the a with a E[share | filed] = mean burden of the buyer, the mean share of filings ended
    in the group taken as what a filer may expect. 0: even the smallest claim is worth it; NaN where no
    filing brought anything. Those who file are not like those who do not. Source: rational access;
    Posner (1973).
    """
    groups, ended = study.groups(by), study.cells.filed & study.cells.closed
    cost, n = study.split(groups, ended, burdens(study)[0]), study.split(groups, ended)
    share = study.split(groups, ended, study["share"])
    return study.ratios(suffixed("filing_threshold", groups), cost, share, "currency", counts=n)


@fairness("A4", "Filing without and with a grievance", "share", "ended disputes, filed or not")
def filing_rates(study: Study, by: str | None = None) -> Answer:
    """Share of groundless disputes that were filed, and of valid ones.

    Formula: P(F = 1 | Y = 0) [nuisance] and P(F = 1 | Y = 1) [filing]. Nuisance 0: nobody files without a
    grievance; filing 1: everybody files who has one. What a fee does to both, `chilling` tells from two
    runs. Source: Rosenberg and Shavell (1985) on nuisance suits.
    """
    groups, found = study.groups(by), Answer()
    for name in ("nuisance_filing", "valid_filing"):
        names = suffixed(RATES[name].short, groups)
        found |= study.ratios(names, *counts(study, RATES[name], groups), unit="share")
    return found


@fairness("A5", "Settlements in the shadow of rulings", "ratio", "ended disputes that settled")
def settlement_ratio(study: Study, by: str | None = "buyer_group") -> Answer:
    """What settlements bring in relation to what a decision would have brought the same people.

    Formula: sum of settled refunds / sum over them of amount x mean share decided in the same group with
    the same truth. 1: as much; below 1 buyers sell their claims cheaply, above 1 merchants pay for
    peace. Who settles may differ from who goes on in ways that this does not see. NaN where no
    decision is there to compare with. Source: Mnookin and Kornhauser (1979); Gabuthy (2003).
    """
    groups, cells = study.groups(by), study.cells
    k, parts = len(groups.labels), list[Floats]()
    settled = cells.ended(SETTLED)
    for truth in (cells.valid, ~cells.valid):
        decided = cells.decided & truth
        parts += [study.split(groups, decided, study["share"]), study.split(groups, decided)]
        parts += [study.split(groups, settled & truth, study["amount"])]
    sums = np.hstack([*parts, study.split(groups, settled, study["refund"])])

    def statistic(w: Floats) -> Floats:
        s1, n1, a1, s0, n0, a0, refund = np.moveaxis((w @ sums).reshape(len(w), 7, k), 1, 0)
        due = [np.where(a > 0, a * quotient(s, n), 0.0) for s, n, a in ((s1, n1, a1), (s0, n0, a0))]
        return quotient(refund, due[0] + due[1])

    n = study.split(groups, settled)
    return study.infer(
        statistic,
        suffixed("settlement_ratio", groups),
        np.rint(n.sum(axis=0)).astype(np.int64),
        (n > 0).sum(axis=0),
        "ratio",
    )
