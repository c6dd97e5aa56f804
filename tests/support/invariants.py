"""What must hold of the records of any run (design, section 6): used on chosen and generated policies."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand.sim.lifecycle import codes
from evenhand.sim.policy.compile import MERCHANT, start_hour
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.records import Run
from evenhand.sim.scenario.units import Window
from evenhand.sim.scenario.vocabulary import ENDINGS
from tests.support.naive import window_closes

STAMPS = (
    "order_at",
    "opened_at",
    "talks_over_at",
    "filed_at",
    "screened_at",
    "answered_at",
    "ready_at",
    "ruled_at",
    "last_ruled_at",
    "final_at",
    "closed_at",
)


def every_dispute_is_accounted_for(run: Run) -> None:
    """Each dispute has one ending, open while and only while it has not closed."""
    d = run.disputes
    counts = np.bincount(d["ending"], minlength=len(ENDINGS))
    assert len(counts) == len(ENDINGS)
    assert counts.sum() == len(run)
    assert np.array_equal(d["ending"] == codes.OPEN, np.isnan(d["closed_at"]))
    filed, defaulted = ~np.isnan(d["filed_at"]), d["ending"] == codes.DEFAULTED
    lapsed = (d["ending"] == codes.LAPSED) & (d["reason"] != codes.NOBODY_CONSENTED)
    assert not (filed & (lapsed | (d["ending"] == codes.ABANDONED))).any()
    assert filed[np.isin(d["ending"], [codes.INADMISSIBLE, codes.WITHDRAWN, codes.RULED])].all()
    assert (d["decider"][defaulted] == codes.BY_SILENCE).all()
    rulers = [codes.BY_RULE, codes.BY_DESK, codes.BY_PANEL, codes.BY_MODEL]
    assert np.isin(d["decider"][d["ending"] == codes.RULED], rulers).all()
    assert (d["reason"][~np.isin(d["ending"], [codes.OPEN])] != codes.NO_REASON).all()


def money_adds_up(run: Run) -> None:
    """What buyers get is what merchants and the platform pay, to the last bit; fees change hands whole."""
    d = run.disputes
    closed = d["ending"] != codes.OPEN
    assert np.allclose(d["refund"], d["merchant_paid"] + d["platform_paid"], rtol=1e-12, atol=1e-9)
    assert np.array_equal(d["refund"][closed], (d["share"] * d["amount"])[closed])
    assert (d["refund"][~closed] == 0).all()
    assert ((d["share"] >= 0) & (d["share"] <= 1)).all()
    fundings = {(p.funding.platform_cap, p.funding.platform_after_review) for p in plans(run)}
    if fundings == {(None, False)}:
        assert ((d["merchant_paid"] == 0) | (d["platform_paid"] == 0)).all()
    assert (d["platform_paid"][d["ending"] == codes.SETTLED] == 0).all()
    unpaid = [codes.LAPSED, codes.ABANDONED, codes.WITHDRAWN, codes.INADMISSIBLE]
    assert (d["refund"][np.isin(d["ending"], unpaid)] == 0).all()
    if not run.policy.reforms and not run.policy.exceptions:
        _fees_add_up(run)


def plans(run: Run) -> list[Policy]:
    """The rules of every version, kind of case and decision."""
    return [step.plan for _, p in run.policy.versions() for steps in p.steps for step in steps]


def _fees_add_up(run: Run) -> None:
    """What both sides pay is what is due; where both deposit, winners have theirs back."""
    d, policy = run.disputes, run.policy
    filed = ~np.isnan(d["filed_at"])
    filing, answering = policy.screening.filing_fee, np.where(d["answered"], policy.answer.fee, 0.0)
    own = policy.screening.represented
    if own.enabled:  # a firm within its allowance pays nothing, so what it paid says what is due
        filing = np.where(d["represented"], 0.0, filing)
    entrance = np.where(filed, filing + policy.screening.merchant_fee + answering, 0.0)
    judged = filed & np.isin(d["ending"], [codes.RULED, codes.DEFAULTED])
    if policy.screening.loser_pays:
        entrance = np.where(judged, entrance - np.minimum(filing, answering), entrance)
        if policy.answer.fee > 0:
            unpaid = filed & (d["ending"] == codes.DEFAULTED) & ~d["answered"]
            entrance = np.where(unpaid, policy.screening.merchant_fee, entrance)
    credit = np.where(d["represented"], 0.0, 1.0) if own.enabled else 1.0
    back = np.where(d["upheld"], credit * policy.screening.filing_credit, policy.screening.merchant_credit)
    entrance = entrance - np.where(judged, back, 0.0)
    entrance = entrance + np.where(d["monitored"], policy.sanctions.monitoring.fee, 0.0)
    review = policy.review
    each = review.fee_fixed + review.fee_share * d["amount"]
    by_panel = review.fee_per_seat if review.decider == "panel" else 0.0
    seats = np.cumsum([0, *(step.seats for step in policy.steps[0][1:])])
    asked = d["reviews"] * each + by_panel * seats[d["reviews"]]
    paid = d["buyer_fees"] + d["merchant_fees"] + (0.0 if own.enabled else d["firm_fees"])
    assert (d["firm_fees"][~d["represented"].astype(bool)] == 0).all()
    assert (d["firm_fees"] <= (own.fee if own.enabled else np.inf)).all()
    assert (d["commission"] <= d["refund"]).all()
    slack = (1 + review.match_share) * (asked + each) if review.match_share else 0.0
    assert (paid >= entrance + (0.0 if review.match_share else asked) - 1e-9).all()
    assert (paid <= entrance + asked + slack + 1e-9).all()
    assert (np.minimum(d["buyer_fees"], d["merchant_fees"]) >= -1e-9).all()
    freight = d["buyer_freight"] + d["merchant_freight"]
    factors = [one.freight for one in run.scenario.market.categories.values()] or [1.0]
    whole = policy.returns.freight_cost * np.array(factors)[d["category"]]
    assert ((freight == 0.0) | (freight == whole)).all()


def times_are_in_order(run: Run) -> None:
    """What happened to a dispute happened in the order of the stages, and before the horizon."""
    d = run.disputes
    latest = np.full(len(run), -np.inf)
    for name in STAMPS:
        happened = ~np.isnan(d[name])
        assert (d[name][happened] >= latest[happened]).all(), name
        assert (d[name][happened] < run.horizon).all(), name
        latest = np.where(happened, d[name], latest)


def events_are_in_order(run: Run) -> None:
    """The log never goes back in time, tells of every close, and stays below its bound."""
    e, d = run.events, run.disputes
    for replication in range(run.replications):
        mine = e["replication"] == replication
        assert (np.diff(e["time"][mine]) >= 0).all()
        cases = d["dispute"][d["replication"] == replication]
        assert np.isin(e["case"][mine], cases).all()
        closed = np.sort(e["case"][mine & (e["activity"] == codes.CLOSED_EVENT)])
        ended = (d["replication"] == replication) & (d["ending"] != codes.OPEN)
        assert np.array_equal(closed, d["dispute"][ended])
        counts = np.bincount(e["case"][mine])
        assert counts.max(initial=0) <= most_events_of(run)


def most_events_of(run: Run) -> int:
    """The bound that the room for events is made for."""
    forms = plans(run)
    by_model = any("model" in (p.decision.decider, p.review.decider) for p in forms)
    return (
        32
        + 3 * max(p.decision.hearings.number for p in forms)
        + 2 * max(p.negotiation.rounds for p in forms)
        + 2 * max(p.mediation.rounds for p in forms)
        + (11 if by_model else 6) * max(len(steps) for _, p in run.policy.versions() for steps in p.steps)
    )


def _closing(run: Run, windows: Any, name: str, start: float, version: int) -> float:
    span: Window = getattr(windows[version], name)
    return window_closes(run.scenario, span, start)


def nobody_defaults_early(run: Run) -> None:
    """Silence costs a merchant the case only after the whole of its own window, whichever it was."""
    d = run.disputes
    windows = [plan.windows for _, plan in run.policy.versions()]
    if any(reform.retroactive for reform in run.policy.reforms):
        return  # the version on record need not be the one that set the window
    if run.policy.exceptions:
        return  # the windows depend on the case; see the tests of exceptions
    after_filing = (d["ending"] == codes.DEFAULTED) & ~np.isnan(d["filed_at"])
    for i in np.flatnonzero(after_filing & (d["reason"] == codes.SILENT_AFTER_FILING)):
        closes = _closing(run, windows, "merchant_evidence", d["screened_at"][i], d["version"][i])
        assert d["closed_at"][i] >= closes - 1e-6
    e = run.events
    for i in np.flatnonzero(d["reason"] == codes.SILENT_IN_TALKS):
        mine = (e["case"] == d["dispute"][i]) & (e["replication"] == d["replication"][i])
        lapsed = e["time"][mine & (e["activity"] == codes.REPLY_WINDOW_CLOSED)][0]
        begun = e["time"][mine & np.isin(e["activity"], [codes.COMPLAINED, codes.REPLIED])][-1]
        closes = _closing(run, windows, "merchant_reply", begun, d["version"][i])
        assert abs(lapsed - closes) < 1e-6


def nobody_is_ruled_unheard(run: Run) -> None:
    """Before a ruling the merchant has answered, or its window has closed and it was silent."""
    d = run.disputes
    ruled = ~np.isnan(d["ruled_at"])
    if any(plan.decision.automatic.ex_parte for plan in plans(run)):
        ruled &= d["answered"] | (d["silence"] == MERCHANT)  # this policy rules ex parte
    heard, silent = ~np.isnan(d["answered_at"]), d["silence"] == MERCHANT
    assert (heard | silent)[ruled].all()
    assert (d["ready_at"][ruled] <= d["ruled_at"][ruled]).all()
    assert np.array_equal(d["answered"], heard & ~_conceded(run))


def _conceded(run: Run) -> NDArray[np.bool_]:
    """Disputes in which the merchant gave in; what was conceded for the goods may have ended otherwise."""
    d, e = run.disputes, run.events
    gave_in = e["activity"] == codes.CONCEDED
    whose = set(zip(e["replication"][gave_in].tolist(), e["case"][gave_in].tolist(), strict=True))
    all_ = zip(d["replication"].tolist(), d["dispute"].tolist(), strict=True)
    return np.array([one in whose for one in all_], bool)


def reforms_leave_older_filings_alone(run: Run) -> None:
    """A dispute is under the rules of the day it was filed, unless a later reform is retroactive."""
    if any(reform.retroactive for reform in run.policy.reforms):
        return
    d = run.disputes
    starts = [start_hour(run.scenario, reform.starts) for reform in run.policy.reforms]
    filed = ~np.isnan(d["filed_at"])
    since = np.where(filed, d["filed_at"], d["opened_at"])
    assert np.array_equal(d["version"], np.searchsorted(starts, since, "right"))


def rates_stay_in_bounds(run: Run) -> None:
    """Trust and ratings are shares, whatever happens; hours and fees are not negative."""
    d, m = run.disputes, run.merchants
    for column in (d["trust_after"], d["rating_after"]):
        known = column[~np.isnan(column)]
        assert ((known >= 0) & (known <= 1)).all()
    assert np.array_equal(np.isnan(d["trust_after"]), d["ending"] == codes.OPEN)
    assert ((m["rating"] >= 0) & (m["rating"] <= 1)).all()
    assert (m["orders"] >= 0).all()
    for name in ("screening_hours", "decision_hours", "review_hours", "mediation_hours", "votes"):
        assert (d[name] >= 0).all()


ALL = (
    every_dispute_is_accounted_for,
    money_adds_up,
    times_are_in_order,
    events_are_in_order,
    nobody_defaults_early,
    nobody_is_ruled_unheard,
    reforms_leave_older_filings_alone,
    rates_stay_in_bounds,
)


def check(run: Run) -> None:
    """All of them; a run that broke one is named by the assertion."""
    for invariant in ALL:
        invariant(run)
