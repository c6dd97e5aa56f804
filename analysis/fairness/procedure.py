"""How people are treated on the way to a decision (P1, P2, P4, P5, P7, P8, P12)."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.fairness.measure import fairness
from evenhand.analysis.fairness.money import burdens, wrongful_losses
from evenhand.analysis.fairness.study import Answer, Study, counts, quotient, suffixed
from evenhand.analysis.metrics.accumulators import Floats, Mask
from evenhand.analysis.metrics.queueing import open_hours
from evenhand.analysis.metrics.rates import RATES
from evenhand.sim.lifecycle.codes import DEFAULTED, INADMISSIBLE, RULED
from evenhand.sim.policy.compile import start_hour
from evenhand.sim.policy.policy import Policy, filed_under
from evenhand.sim.scenario.units import Window

_BUSINESS = -1
"""The calendar of business days, as `analysis.metrics.queueing` counts calendars."""


def forms(study: Study) -> tuple[list[Policy], NDArray[Any]]:
    """The rules of each version and kind of case, and under which of them each dispute was filed."""
    return filed_under(study.run.policy, study["version"], study["exceptions"])


@fairness("P1", "Voice", "share", "filings that were decided or not admitted")
def voice(study: Study, by: str | None = None) -> Answer:
    """Share of filings in which a side's own statement was there and somebody read it, and the gap.

    Formula: V_b = P(a ruling fell), V_m = P(a ruling fell and the merchant had answered), and
    V_b - V_m. The filing is the buyer's statement; nobody reads one when silence decides before a
    ruling or the filing is not admitted; a ruling that is lost for an unpaid fee was one. 1: all were
    heard; a gap above 0: buyers are heard more often. Source: Thibaut and Walker (1975); Lind and Tyler
    (1988).
    """
    cells, groups = study.cells, study.groups(by)
    among = cells.filed & (cells.decided | cells.ended(INADMISSIBLE))
    read = among & cells.heard
    buyer, n = study.split(groups, read), study.split(groups, among)
    merchant = study.split(groups, read & study["answered"].astype(np.bool_))
    return {
        **study.ratios(suffixed("voice_buyer", groups), buyer, n, "share"),
        **study.ratios(suffixed("voice_merchant", groups), merchant, n, "share"),
        **study.ratios(
            suffixed("voice_gap_buyer_minus_merchant", groups), buyer - merchant, n, "difference of shares"
        ),
    }


@fairness("P2", "Right of reply", "share", "filings decided by a ruling or a default")
def right_of_reply(study: Study, by: str | None = None, hours: float = 24.0) -> Answer:
    """Share of decided filings in which a side could answer everything that spoke against it.

    Formula, merchant: (it answered, or its window was `hours` or longer) and no rebuttal by the buyer,
    to which there is no reply. Buyer: the merchant showed nothing, or the policy gives a rebuttal
    window of `hours` or longer. For either side: no new evidence in a review whose sum speaks against
    it, which is never sent out. 1: nothing was decided on what a side had not been able to answer.
    Source: audi alteram partem; UNCITRAL Technical Notes on ODR (2016).
    """
    cells, groups, new = study.cells, study.groups(by), study["new_evidence"]
    plans, form = forms(study)
    answering = np.array([p.windows.merchant_evidence.hours >= hours for p in plans])[form]
    rebutting = np.array([p.answer.supplement and p.windows.buyer_evidence.hours >= hours for p in plans])
    merchant = (study["answered"] | answering) & ~study["supplemented"] & ~(new > 0)
    buyer = (~study["merchant_showed"] | rebutting[form]) & ~(new < 0)
    among = cells.filed & cells.decided
    n = study.split(groups, among)
    found: Answer = {}
    for side, had in (("buyer", buyer), ("merchant", merchant)):
        names = suffixed(f"right_of_reply_{side}", groups)
        found |= study.ratios(names, study.split(groups, among & had), n, "share")
    return found


@fairness("P4", "Decided by silence", "share", "decided by a ruling or a default")
def defaults(study: Study, by: str | None = None) -> Answer:
    """Share of decisions that silence made, those against the truth, and their part of all wrong money.

    Formula: P(V = 1); P(V = 1, D differs from Y); sum of wrongful losses in defaults / sum of all
    wrongful losses of decided disputes. 0: nobody lost by silence, or nobody wrongly so.
    Source: confusion matrix of the defaults.
    """
    cells, groups = study.cells, study.groups(by)
    by_buyer, by_merchant = wrongful_losses(study)
    loss = by_buyer + by_merchant
    decided, silent = cells.decided, cells.ended(DEFAULTED)
    return {
        **study.ratios(suffixed("default", groups), *counts(study, RATES["default"], groups), unit="share"),
        **study.ratios(
            suffixed("wrongful_default", groups),
            *counts(study, RATES["wrongful_default"], groups),
            unit="share",
        ),
        **study.ratios(
            suffixed("default_part_of_losses", groups),
            study.split(groups, silent, loss),
            study.split(groups, decided, loss),
            "share of loss",
            counts=study.split(groups, decided),
        ),
    }


def usable_hours(study: Study, start: Floats, window: str) -> Floats:
    """Hours of business days inside each dispute's window, NaN where it never opened.

    Extensions that were granted are not in the records and not counted.
    """
    plans, form = forms(study)
    windows: list[Window] = [getattr(plan.windows, window) for plan in plans]
    hours = np.array([w.hours for w in windows])[form]
    business = np.array([w.business for w in windows])[form]
    begun = open_hours(study.run, _BUSINESS, np.where(np.isnan(start), 0.0, start))
    over = open_hours(study.run, _BUSINESS, np.where(np.isnan(start), 0.0, start + hours))
    return np.where(np.isnan(start), np.nan, np.where(business, hours, over - begun))


@fairness("P5", "Equality of arms: windows", "share", "filings that the merchant answered")
def window_equality(study: Study, by: str | None = None) -> Answer:
    """How equal the time is that both sides have to answer the other's evidence.

    Formula: mean of min(w_b, w_m) / max(w_b, w_m), w in hours of business days: the merchant's window
    from admission, the buyer's rebuttal window from the merchant's answer, 0 if the policy hears none.
    1: the same time for both; 0: one side has none. Filings in which neither window has an hour are
    left out. Source: Dombo Beheer v. the Netherlands (ECtHR 1993), paragraph 33.
    """
    groups = study.groups(by)
    plans, form = forms(study)
    hears = np.array([plan.answer.supplement for plan in plans])[form]
    merchant = usable_hours(study, study["screened_at"], "merchant_evidence")
    buyer = np.where(hears, usable_hours(study, study["answered_at"], "buyer_evidence"), 0.0)
    buyer = np.where(np.isnan(study["answered_at"]), np.nan, buyer)
    longest = np.maximum(buyer, merchant)
    known = ~np.isnan(longest) & (longest > 0)
    equal = quotient(np.minimum(buyer, merchant), np.where(known, longest, 0.0))
    return study.ratios(
        suffixed("window_equality", groups),
        study.split(groups, known, np.where(known, equal, 0.0)),
        study.split(groups, known),
        "share",
    )


@fairness("P7", "Burden of the procedure", "currency", "disputes that have ended")
def burden(study: Study, by: str | None = None) -> Answer:
    """What the procedure costs each side of a dispute, in money and as a part of the claims.

    Formula: mean of effort (of a filing; the merchant's cost of an answer) + fees + freight, and the
    sum of it / sum of the amounts; mean rounds of talks; mean hours from opening to close. 0: the
    procedure costs nothing. Source: costs of access to justice.
    """
    groups, closed = study.groups(by), study.cells.closed
    n, amount = study.split(groups, closed), study.split(groups, closed, study["amount"])
    found: Answer = {}
    for side, cost in zip(("buyer", "merchant"), burdens(study), strict=True):
        total = study.split(groups, closed, cost)
        found |= study.ratios(suffixed(f"burden_{side}", groups), total, n, "currency")
        part = suffixed(f"burden_{side}_of_claim", groups)
        found |= study.ratios(part, total, amount, "share of amount", counts=n)
    spent = np.where(closed, study["closed_at"] - study["opened_at"], 0.0)
    rounds = study.split(groups, closed, study["rounds"])
    found |= study.ratios(suffixed("rounds_of_talks", groups), rounds, n, "count")
    hours = study.split(groups, closed, spent)
    return found | study.ratios(suffixed("hours_to_close", groups), hours, n, "h", in_line=True)


@fairness("P8", "Correctability", "share", "disputes ended by a ruling")
def correctability(study: Study, by: str | None = None) -> Answer:
    """Whether reviews turn wrong first rulings and leave right ones alone.

    Formula: P(overturned | first ruling wrong), P(overturned | first ruling right), and the net gain
    (wrong ones turned - right ones turned) / rulings; wrong: the first winner is not who should have
    won; overturned: as in `reversal_share`. 1, 0 and the first error rate would be a perfect review; a net
    gain below 0 means that reviews do harm. By group it shows who can afford to ask. Source: Leventhal
    (1980).
    """
    cells, groups = study.cells, study.groups(by)
    ruled, turned = cells.ended(RULED), cells.overturned
    wrong = study["first_upheld"].astype(np.bool_) != cells.valid

    def count(which: Mask) -> Floats:
        return study.split(groups, ruled & which)

    helped, harmed = count(wrong & turned), count(~wrong & turned)
    return {
        **study.ratios(suffixed("wrong_overturned", groups), helped, count(wrong), "share"),
        **study.ratios(suffixed("right_overturned", groups), harmed, count(~wrong), "share"),
        **study.ratios(
            suffixed("net_correction", groups),
            helped - harmed,
            count(cells.everyone),
            "difference of shares",
        ),
    }


@fairness("P12", "Judged under rules changed after filing", "share", "filings")
def rule_instability(study: Study, by: str | None = None) -> Answer:
    """Share of filings judged, or still to be judged, under rules that began after they were filed.

    Formula: P(start of the version on record > time of filing). 0: no reform reached back; above 0:
    a retroactive reform did. Source: non-retroactivity; Fuller (1964).
    """
    groups, filed = study.groups(by), study.cells.filed
    starts = [
        start_hour(study.run.scenario, reform.starts) if reform else -np.inf
        for reform, _ in study.run.policy.versions()
    ]
    later = np.array(starts)[study["version"]] > np.where(filed, study["filed_at"], np.inf)
    return study.ratios(
        suffixed("judged_under_later_rules", groups),
        study.split(groups, filed & later),
        study.split(groups, filed),
        "share",
    )
