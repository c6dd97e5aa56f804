"""Every metric against a table that was worked out on paper, and what becomes of empty cells."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from evenhand import analysis
from evenhand.analysis import METRICS
from evenhand.analysis.metrics.groupby import Cells
from evenhand.sim.lifecycle.codes import (
    BY_DESK,
    BY_MODEL,
    BY_PANEL,
    CANNOT_PAY,
    DECIDER_OVERDUE,
    FILED_TOO_LATE,
    NOT_COMPLIED,
    PERFORMED,
    TALKS_SKIPPED,
    TIRED_OF_WAITING,
    TOO_LITTLE_EVIDENCE,
)
from evenhand.sim.policy.compile import BUYER, MERCHANT
from evenhand.sim.runs.records import Run
from evenhand.sim.scenario.vocabulary import FITS_HALF, FITS_SMALL, PARTIAL, REFUND, RETURN
from tests.support import handmade, respond, small
from tests.support.handmade import Row, row
from tests.support.runs import PARTS

REMORSE = {"cause": "remorse", "valid": False, "deserved": 0.0, "severity": 0.0, "adequate": FITS_SMALL}
OCCASION = {**REMORSE, "cause": "opportunistic"}
SPITE = {**REMORSE, "cause": "malicious"}
WHOLE = {"share": 1.0, "remedy": REFUND, "refund": 100.0}
FILED = {"filed_at": 5.0, "screening_hours": 0.5}
RULED = {**FILED, "decision_hours": 2.0}
WEIGHED = {"buyer_strength": 1.0, "buyer_weight": 0.3, "merchant_strength": 1.0}
REVIEWED = {"reviews": 1, "review_hours": 3.0}


def settled_up(made: Row) -> Row:
    """The dispute with what follows from it: the harm, and what the remedy is worth and costs."""
    made |= {"loss": made["severity"], "effort": 5.0}
    if not math.isnan(made["closed_at"]):
        money = {"buyer_value": made["refund"], "merchant_cost": made["refund"] - made["platform_paid"]}
        made |= {name: value for name, value in money.items() if math.isnan(made[name])}
    return made


ROWS = [
    row(
        "ruled",
        **RULED,
        closed_at=10,
        handed_at=6,
        ruled_at=10,
        upheld=True,
        **WHOLE,
        mediation_hours=0.5,
        votes=10,
        answered=True,
        mark=1.0,
        merchant_paid=100.0,
        merchant_freight=12.0,
        merchant_salvage=30.0,
        answer_costs=7.0,
        first_upheld=True,
        first_share=1.0,
        sent_back_for=TOO_LITTLE_EVIDENCE,
        cured=True,
        decider=BY_DESK,
        audited=True,
        model_share=0.0,
        model_calls=1,
        checks=1,
        check_costs=3.0,
        buyer_found_out=True,
        platform_saw=4,
    ),
    row(
        "ruled",
        **RULED,
        **REVIEWED,
        closed_at=20,
        handed_at=7,
        ruled_at=9,
        first_upheld=True,
        first_share=1.0,
        review_by=MERCHANT,
        answered=True,
        mark=0.2,
        decider=BY_DESK,
        audited=True,
        model_share=1.0,
        model_calls=1,
        merchant_forged=True,
        **WEIGHED,
        merchant_weight=0.5,
    ),
    row(
        "ruled",
        **RULED,
        **REMORSE,
        closed_at=30,
        handed_at=8,
        ruled_at=20,
        upheld=True,
        first_upheld=True,
        first_share=1.0,
        **{**WHOLE, "remedy": RETURN},
        salvage=0.6,
        platform_paid=50.0,
        decider=BY_MODEL,
        model_share=1.0,
        model_calls=1,
        buyer_forges=True,
        **WEIGHED,
        merchant_weight=-0.5,
    ),
    row(
        "ruled",
        **RULED,
        **REVIEWED,
        **REMORSE,
        closed_at=40,
        handed_at=9,
        ruled_at=12,
        first_share=0.0,
        review_by=BUYER,
        sent_back_for=TALKS_SKIPPED,
        cured=True,
        buyer_fees=4.0,
        decider=BY_PANEL,
        checks=2,
        buyer_forges=True,
        buyer_found_out=True,
        **WEIGHED,
        merchant_weight=0.1,
    ),
    row(
        "ruled",
        **RULED,
        **REVIEWED,
        closed_at=50,
        handed_at=30,
        ruled_at=40,
        upheld=True,
        first_share=0.0,
        review_by=BUYER,
        share=0.4,
        deserved=0.8,
        merchant_fees=8.0,
        severity=0.5,
        adequate=FITS_HALF,
        remedy=PARTIAL,
        refund=40.0,
        answered=True,
        mark=0.5,
        decider=BY_MODEL,
        model_share=0.4,
        model_calls=2,
    ),
    row("defaulted", **FILED, closed_at=60, upheld=True, silence=2, reason=DECIDER_OVERDUE, **WHOLE),
    row("defaulted", **OCCASION, closed_at=70, upheld=True, gated=True, expected_chance=0.5, **WHOLE),
    row("settled", closed_at=80, share=0.45, remedy=PARTIAL, refund=45.0, expected_chance=0.5),
    row("abandoned", closed_at=90, severity=0.1, adequate=FITS_SMALL, reason=CANNOT_PAY),
    row("lapsed", closed_at=100),
    row(
        "withdrawn",
        **FILED,
        **SPITE,
        closed_at=110,
        reason=TIRED_OF_WAITING,
        sent_back_for=TOO_LITTLE_EVIDENCE,
    ),
    row(
        "inadmissible",
        **FILED,
        closed_at=120,
        monitored=True,
        reason=FILED_TOO_LATE,
        represented=True,
        firm_work=8.0,
        firm_fees=6.0,
    ),
    row("open", **FILED, handed_at=35, upheld=True, share=1.0, monitored=True),
]
TABLE = [settled_up(made) for made in ROWS]
"""Thirteen disputes. Decided: rows 1 to 7, of them 1, 2, 5, 6 valid; row 5 got half; the last is open."""

GOING = {"behaviour": {"representatives": {"enabled": True}, "claims": {"leaves": 0.04}}}
MARKET = respond.scenario(*respond.ALL, respond.CLAIMS, GOING)
HANDLING = MARKET.behaviour.bargaining.merchant_cost
FIRMS = MARKET.behaviour.representatives
BUYERS = 40 * len(MARKET.buyer_groups)
ON_PAPER = {
    "disputes": (13, 13),
    "disputes_per_thousand_orders": (26, 500),
    "settled_share": (1 / 13, 13),
    "abandoned_share": (1 / 13, 13),
    "lapsed_share": (1 / 13, 13),
    "withdrawn_share": (1 / 13, 13),
    "filed_share": (9 / 13, 13),
    "inadmissible_share": (1 / 13, 13),
    "default_share": (2 / 13, 13),
    "ruled_share": (5 / 13, 13),
    "open_share": (1 / 13, 13),
    "buyer_missed_share": (2 / 13, 13),
    "merchant_missed_share": (1 / 13, 13),
    "buyer_win_share": (5 / 7, 7),
    "wrongful_denial_rate": (1 / 4, 4),
    "wrongful_grant_rate": (2 / 3, 3),
    "wrongful_default_share": (1 / 2, 2),
    "effective_denial_rate": (5 / 8, 8),
    "review_share": (3 / 5, 5),
    "reversal_share": (2 / 3, 3),
    "refund_bias": ((0 - 1 + 1 + 0 - 0.4 + 0 + 1) / 7, 7),
    "refund_absolute_error": ((0 + 1 + 1 + 0 + 0.4 + 0 + 1) / 7, 7),
    "remedy_adequacy": (6 / 12, 12),
    "remedy_adequacy_full": (2 / 6, 6),
    "remedy_adequacy_half": (1, 1),
    "remedy_adequacy_small": (1, 1),
    "remedy_adequacy_none": (2 / 4, 4),
    "settled_return_share": (0, 1),
    "settled_refund_share": (0, 1),
    "settled_partial_share": (1, 1),
    "settled_goods_share": (0, 1),
    "settlers_benefit": (0.45, 1),
    "round_tens_share": (0, 1),
    "round_fifties_share": (0, 1),
    "round_hundreds_share": (0, 1),
    "commonest_part_share": (1, 1),
    "forgery_found_share": (1 / 3, 3),
    "forgery_missed_share": (2 / 3, 3),
    "false_alarm_share": (1 / 2, 2),
    "platform_evidence_share": (1 / 5, 5),
    "readings_agree_share": (2 / 3, 3),
    "median_hours_to_close": (70, 13),
    "p90_hours_to_close": (120, 13),
    "median_hours_after_filing": (45, 9),
    "staff_hours_per_filing": ((9 * 0.5 + 5 * 2 + 3 * 3 + 0.5) / 9, 9),
    "desk_utilisation": (10 / (2 * 9 * 8), 5),
    "backlog_peak": (3, 6),
    "problem_rate": (18, 500),
    "care": ((300 * 1.0 + 200 * 0.5) / 500, 500),
    "contest_share": (3 / 4, 4),
    "marks_per_problem": (1.7 / 9, 9),
    "rating_lost_per_hundred_problems": (100 * 0.1 / 9, 9),
    "merchant_cost_per_order": ((8 + 100 + 12 - 30) / 500, 500),
    "suspensions_per_month": (1 / (2 * 10 / (365 / 12)), 2),
    "exits_per_month": (4 / (2 * 10 / (365 / 12)), 2),
    "entries_per_month": (2 / (2 * 10 / (365 / 12)), 2),
    "buyer_exits_per_month": (3 * 2.5 / (BUYERS * 10 / (365 / 12)), BUYERS),
    "buyers_let_down_per_month": ((0 + 1 + 2) / (BUYERS * 10 / (365 / 12)), BUYERS),
    "buyer_returns_per_month": (3 * 1.5 / (BUYERS * 10 / (365 / 12)), BUYERS),
    "valid_claims_per_thousand_orders": (18, 500),
    "remorse_claims_per_thousand_orders": (4, 500),
    "abusive_claims_per_thousand_orders": (4, 500),
    "opportunistic_claims_per_thousand_orders": (2, 500),
    "malicious_claims_per_thousand_orders": (2, 500),
    "voice_share": (1, 9),
    "abuse_concentration": (1, 2),
    "gated_share": (1 / 2, 2),
    "beyond_means_share": (1 / 13, 13),
    "represented_share": (1 / 9, 9),
    "platform_cost_per_dispute": ((24 * 40 + 10 * 0.2 + 5 * 2 + 3 + 50 - 4 - 8 - 6) / 13, 13),
    "settled_after_filing_share": (0, 9),
    "performed_share": (0, 9),
    "withdrawn_after_filing_share": (1 / 9, 9),
    "sent_back_share": (3 / 9, 9),
    "cured_share": (2 / 3, 3),
    "valid_not_admitted_share": (1 / 6, 6),
    "review_share_wronged": (1 / 2, 2),
    "review_share_rightly_refused": (2 / 3, 3),
    "compliance_share": (1, 4),
    "model_share": (2 / 5, 5),
    "person_share": (3 / 5, 5),
    "audit_share": (2 / 4, 4),
    "audit_reversal_share": (1, 1),
    "wrong_by_model": (1 / 2, 2),
    "wrong_by_person": (1 / 3, 3),
    "left_queue_share": (1 / 9, 9),
    "overdue_share": (1 / 9, 9),
    "monitored_share": (2 / 9, 9),
    "buyer_loss_per_dispute": ((175 + 7 * 5 + 5 * FIRMS.effort + 4) / 12, 12),
    "merchant_loss_per_dispute": ((465 + 7 + 2 * HANDLING + 8) / 12, 12),
    "social_cost_per_order": (
        (
            (175 + 8 * 5 + 5 * FIRMS.effort + 50)
            + (465 + 7 + 2 * HANDLING)
            + FIRMS.cost
            + (24 * 40 + 10 * 0.2 + 5 * 2 + 3 + 50 - 30)
        )
        / 500,
        500,
    ),
    "payroll_per_dispute": ((10 * 12 + 2 * 9 * 8 + 10 * 9) * 40 / 13, 13),
    "cost_per_model_ruling": (5 * 2 / 2, 2),
    "cost_per_person_ruling": (((5 * 2 + 3 * 3) * 40 + 10 * 0.2) / 3, 3),
}
"""Harm less remedy is 100 in rows 2, 10 and 12, -100 in 3 and 7, 10 in 5 and 9, 55 in 8; the platform has 30
of the goods of row 3; harm of 50 stayed silent; a firm made one filing, and paid its fee. First rulings
were right in rows 1, 2 and 4, wrong in 3 and 5, and the losers of 2, 4 and 5 asked for a review. Value and
count: ten days from a Monday are eight working days of nine hours for a staff of two."""

OF_MERCHANTS = {
    **{name: of for name, of in ON_PAPER.items() if name.endswith("_per_month") or name == "care"},
    "buyer_exits_per_month": (9 / (BUYERS * 10 / (365 / 12)), BUYERS),
    "problem_rate": (0, 500),
    "social_cost_per_order": (50 / 500, 500),
    "merchant_cost_per_order": (0, 500),
}
for _name in ("buyers_let_down_per_month", "buyer_returns_per_month"):
    del OF_MERCHANTS[_name]
"""Metrics of people and orders, which need no dispute: value and count of one replication. Nobody comes back
where claims are no choice."""


WITHOUT = {
    "gated_share": "claims",
    "marks_per_problem": "standing",
    "entries_per_month": "turnover",
    "buyers_let_down_per_month": "claims",
    "buyer_returns_per_month": "claims",
    "represented_share": "representatives",
}
"""Metrics of records that only a mechanism makes, by the mechanism."""


@pytest.fixture(scope="module")
def simulated() -> Run:
    from evenhand import sim

    policy = small.policy({"answer": {"silence": "buyer_wins"}, "screening": {"not_admitted": "cure"}})
    return sim.simulate(respond.everything(GOING), policy, seed=3, replications=3, days=40, engine="simpy")


@pytest.fixture(scope="module")
def by_model() -> Run:
    from evenhand import sim

    policy = small.policy({"decision": {"decider": "model", "model": {"audit_share": 0.2}}})
    return sim.simulate(small.scenario(), policy, seed=3, replications=3, days=40, engine="simpy")


@pytest.fixture(scope="module")
def nothing() -> Run:
    return handmade.run([], replications=3, scenario=respond.scenario())


def test_the_table_on_paper_has_every_metric():
    """A metric that nobody has worked out by hand may count anything."""
    assert ON_PAPER.keys() == METRICS.keys()


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_is_what_paper_says(name):
    """The numbers of a report rest on these few lines."""
    found = analysis.outcomes(handmade.run(TABLE, scenario=MARKET), [name])[name]
    value, n = ON_PAPER[name]
    assert found.value == pytest.approx(value, rel=1e-12)
    assert found.n == n
    assert found.ci is None, "one replication has no interval"


@pytest.mark.parametrize("name", WITHOUT)
def test_what_a_scenario_does_not_have_is_undefined_and_not_zero(name):
    """A market without marks, gates or newcomers says nothing of them: 0 would look like a finding."""
    found = analysis.outcomes(handmade.run([settled_up(row("ruled", **RULED))]), [name])[name]
    assert not getattr(small.scenario().behaviour, WITHOUT[name]).enabled
    assert math.isnan(found.value)
    assert found.n == 0


def test_merchants_who_left_for_good_are_exits_where_nobody_follows():
    """Without turnover the first of two merchants is gone by the end: one exit in two places."""
    found = analysis.outcomes(handmade.run([row("open")]), ["exits_per_month"])["exits_per_month"]
    assert (found.value, found.n) == pytest.approx((1 / (2 * 10 / (365 / 12)), 2))


def test_buyers_who_left_for_good_are_exits_where_claims_are_no_choice():
    """Of forty buyers in each of three groups 37 still buy in the end; nobody comes back."""
    found = analysis.outcomes(handmade.run([row("open")]), ["buyer_exits_per_month"])["buyer_exits_per_month"]
    assert (found.value, found.n) == pytest.approx((9 / (120 * 10 / (365 / 12)), 120))


def test_problems_that_nobody_hears_of_are_problems():
    """Nine valid claims and three silent grievances of 500 orders; only the claims are brought forward."""
    names = ["problem_rate", "valid_claims_per_thousand_orders", "rating_lost_per_hundred_problems"]
    found = analysis.outcomes(handmade.run(TABLE, silent=(1, 2)), names)
    assert [found[name].value for name in names] == pytest.approx([24, 18, 100 * 0.1 / 12])
    assert found[names[2]].n == 12


def test_filings_end_by_agreement_by_performance_or_by_a_ruling_that_may_be_defied():
    """Settled before and after filing, once by performance; of two rulings for buyers one is defied."""
    rows = [
        row("settled"),
        row("settled", **FILED),
        row("settled", **FILED, reason=PERFORMED),
        row("ruled", **RULED, upheld=True, share=0.4, first_share=0.4, review_by=BUYER),
        row("ruled", **RULED, upheld=True, first_share=1.0, defied=True, reason=NOT_COMPLIED),
        row("defaulted", upheld=True, share=1.0),
    ]
    found = analysis.outcomes(handmade.run(rows))
    told = {name: (found[name].value, found[name].n) for name in ("performed_share", "compliance_share")}
    assert told == {"performed_share": (1 / 4, 4), "compliance_share": (1 / 2, 2)}
    assert (found["settled_after_filing_share"].value, found["settled_after_filing_share"].n) == (2 / 4, 4)
    assert (found["review_share_rightly_refused"].value, found["review_share_rightly_refused"].n) == (0, 1)
    assert found["review_share_wronged"].n == 0, "a ruling for a part has no loser"


def test_a_claims_firm_costs_society_its_work_and_saves_the_buyer_trouble():
    """Its fee and its part of the refund move money; who is represented has less trouble."""
    won = {**FILED, "refund": 100.0, "merchant_paid": 100.0}
    firm = {"represented": True, "firm_fees": 6.0, "firm_work": 8.0, "commission": 30.0}
    rows = row("ruled", **won), row("ruled", **won, **firm)
    found = [analysis.outcomes(handmade.run([settled_up(made)], scenario=MARKET)) for made in rows]
    moved = {name: found[1][name].value - found[0][name].value for name in found[0]}
    saved = 5 * (1 - FIRMS.effort)
    assert moved["buyer_loss_per_dispute"] == pytest.approx(30 - saved)
    assert moved["platform_cost_per_dispute"] == pytest.approx(-6)
    assert moved["social_cost_per_order"] == pytest.approx((8 - saved) / 500)


def test_refunds_and_fees_move_money_and_cost_society_nothing():
    """More refund and more fees: the sides' losses change, their sum does not."""
    plain, paid = (
        row("ruled"),
        row("ruled", refund=100.0, merchant_paid=100.0, buyer_fees=3.0, merchant_fees=9.0),
    )
    found = [analysis.outcomes(handmade.run([settled_up(made)])) for made in (plain, paid)]
    moved = {name: found[1][name].value - found[0][name].value for name in found[0]}
    assert moved["buyer_loss_per_dispute"] == pytest.approx(-100 + 3)
    assert moved["merchant_loss_per_dispute"] == pytest.approx(100 + 9)
    assert moved["social_cost_per_order"] == pytest.approx(0, abs=1e-12)


def test_metrics_split_by_the_category_of_the_goods():
    """Categories are the scenario's own words."""
    rows = [row("settled", category=1), row("open", category=0), row("settled", category=1)]
    found = analysis.outcomes_by(
        handmade.run(rows, scenario=respond.scenario()), "category", ["settled_share"]
    )
    assert {name: one["settled_share"].n for name, one in found.items()} == {"clothes": 1, "cameras": 2}
    assert [one["settled_share"].value for one in found.values()] == [0.0, 1.0]


def test_silent_grievances_count_against_voice_by_merchant_group():
    """Nine valid disputes and three grievances nobody heard of; the second group has silent ones only."""
    run = handmade.run(TABLE, silent=(1, 2))
    assert analysis.outcomes(run, ["voice_share"])["voice_share"].value == pytest.approx(9 / 12)
    by_group = analysis.outcomes_by(run, "merchant_group", ["voice_share"])
    assert [one["voice_share"].value for one in by_group.values()] == [pytest.approx(9 / 10), 0.0]


def test_abuse_is_concentrated_where_few_buyers_make_most_of_it():
    """The busiest hundredth of 2000 buyers are 20: one with eleven claims and 19 of the 29 with one."""
    rows = [row("open", **OCCASION, buyer=7)] * 11 + [row("open", **SPITE, buyer=100 + k) for k in range(29)]
    found = analysis.outcomes(handmade.run([*rows, row("open")]), ["abuse_concentration"])
    assert found["abuse_concentration"].value == pytest.approx(30 / 40)
    assert found["abuse_concentration"].n == 40


def test_the_handmade_columns_are_those_of_a_real_run(simulated):
    """A table made of columns that no run has would prove nothing."""
    assert handmade.DEFAULTS.keys() <= simulated.disputes.keys()
    for name, column in handmade.run(TABLE).disputes.items():
        assert column.dtype.kind == simulated.disputes[name].dtype.kind, name


@pytest.mark.parametrize("name", METRICS)
def test_a_run_without_disputes_has_no_rates_but_counts_of_nothing(name, nothing):
    """No disputes: a rate is undefined, which is not zero; how many there were is known, and is zero."""
    found = analysis.outcomes(nothing, [name])[name]
    if name in OF_MERCHANTS:
        assert (found.value, found.n) == pytest.approx((OF_MERCHANTS[name][0], 3 * OF_MERCHANTS[name][1]))
        return
    by_order = name.endswith("_per_thousand_orders")
    assert found.n == (1500 if by_order else 0)
    if by_order or name in {"disputes", "desk_utilisation", "backlog_peak"}:
        assert found.value == 0.0
        assert found.replications == 3
    else:
        assert math.isnan(found.value)
        assert found.ci is None
        assert (found.replications, found.undefined) == (0, 3)


@pytest.mark.parametrize("name", METRICS)
def test_a_metric_says_what_it_is(name, simulated, by_model):
    """Formula, who is counted, unit and source stand in the docstring, as reports show them."""
    one = METRICS[name]
    assert one.name == name
    text = " ".join(one.explanation.split())
    for word in ("Formula:", "Counts ", "Source:", f"Unit: {one.unit}"):
        assert word in text
    assert one.sentence.endswith(".")
    assert len(one.sentence) < 130
    assert one.title[0].isupper()
    found = analysis.outcomes(by_model if "model" in name or "audit" in name else simulated, [name])[name]
    assert len(found.per_replication) == 3
    assert found.unit == ("CNY" if one.unit == "currency" else one.unit)
    assert math.isfinite(found.value)
    assert found.ci is not None
    assert found.ci[0] <= found.value <= found.ci[1]
    assert found.n > 0


def test_a_run_gives_all_metrics_in_the_order_of_the_registry(simulated):
    """Tables and manifests list them as they come."""
    assert list(analysis.outcomes(simulated)) == list(METRICS)
    assert list(analysis.outcomes(simulated, ["open_share", "disputes"])) == ["open_share", "disputes"]


def test_the_value_is_the_pooled_ratio_of_sums():
    """A replication weighs as many cases as it counts, one without a case nothing; counts are means."""
    granted = {"upheld": True, "share": 1.0}
    rows = [
        row("ruled", replication=0, **granted),
        row("ruled", replication=0, **granted),
        row("ruled", replication=0),
        row("ruled", replication=2, **granted),
    ]
    found = analysis.outcomes(handmade.run(rows, replications=3))["buyer_win_share"]
    np.testing.assert_array_equal(found.per_replication, [2 / 3, np.nan, 1.0])
    assert found.value == pytest.approx(3 / 4)
    assert found.contributions[[0, 2]].mean() == pytest.approx(3 / 4)
    assert (found.n, found.replications, found.undefined) == (4, 2, 1)
    assert analysis.outcomes(handmade.run(rows, replications=3))["disputes"].value == 4 / 3


def test_a_metric_splits_by_group():
    """Rows of the table go to the group that their column names, the rest is NaN with n = 0."""
    rows = [r | {"buyer_group": 2 if r["valid"] else 0} for r in TABLE]
    found = analysis.outcomes_by(handmade.run(rows), "buyer_group")
    assert list(found) == ["new", "regular", "power"]
    assert found["power"]["wrongful_denial_rate"].value == 1 / 4
    assert found["new"]["wrongful_grant_rate"].value == 2 / 3
    assert found["regular"]["disputes"].value == 0
    assert math.isnan(found["regular"]["settled_share"].value)
    by_cause = analysis.outcomes_by(handmade.run(rows), "cause")
    assert by_cause["remorse"]["buyer_win_share"].value == 1 / 2
    assert by_cause["remorse"]["wrongful_denial_rate"].n == 0


def test_groups_keep_their_replications_apart():
    """A group's spread over replications is its own, not that of its neighbour."""
    rows = [
        row("settled", replication=0, buyer_group=0),
        row("open", replication=0, buyer_group=1),
        row("open", replication=1, buyer_group=0),
        row("open", replication=2, buyer_group=1),
        row("settled", replication=2, buyer_group=1),
    ]
    found = analysis.outcomes_by(handmade.run(rows, replications=3), "buyer_group")
    per_group = {group: found[group]["settled_share"].per_replication for group in found}
    np.testing.assert_array_equal(per_group["new"], [1, 0, np.nan])
    np.testing.assert_array_equal(per_group["regular"], [0, np.nan, 0.5])
    assert [found[group]["disputes"].n for group in found] == [2, 3, 0]


def test_orders_are_counted_for_each_group_of_merchants():
    """A big group with many disputes may still be the better one for each order."""
    rows = [row("settled", merchant_group=0), row("settled", merchant_group=1), row("open")]
    found = analysis.outcomes_by(handmade.run(rows), "merchant_group")
    rates = {group: found[group]["disputes_per_thousand_orders"].value for group in found}
    assert rates == pytest.approx({"flagship": 2000 / 300, "small": 1000 / 200})


@pytest.mark.parametrize("column", ["buyer_group", "merchant_group", "cause", "claimed"])
def test_groups_add_up_to_the_whole(column, simulated):
    """Each case is in exactly one group, so counts add up, and rates do when weighted by them."""
    whole, parts = analysis.outcomes(simulated), analysis.outcomes_by(simulated, column)
    for name in next(iter(parts.values())):
        assert sum(part[name].n for part in parts.values()) == whole[name].n, name
    for name in ("disputes", "platform_cost_per_dispute", "refund_bias", "staff_hours_per_filing"):
        single = simulated_once(simulated)
        one, split = analysis.outcomes(single, [name])[name], analysis.outcomes_by(single, column, [name])
        weights = [1 if name == "disputes" else part[name].n for part in split.values()]
        terms = [
            part[name].value * w for part, w in zip(split.values(), weights, strict=True) if part[name].n
        ]
        assert sum(terms) == pytest.approx(one.value * (1 if name == "disputes" else one.n)), name


def simulated_once(run: Run) -> Run:
    """The first replication of a run alone."""
    from dataclasses import replace

    def first(columns):
        return {name: values[columns["replication"] == 0] for name, values in columns.items()}

    tables = {name: first(getattr(run, name)) for name in PARTS}
    return replace(run, replications=1, **tables)


@pytest.mark.parametrize("column", [None, "cause"])
@pytest.mark.parametrize("many", [100, 10**6])
def test_counting_cell_by_cell_is_counting(column, many, simulated, monkeypatch):
    """Large cells whose rows lie together are counted one by one, others by their numbers."""
    monkeypatch.setattr("evenhand.analysis.metrics.groupby.MANY", many)
    cells = Cells(simulated, column)
    assert (cells._stretches is not None) == (column is None and many == 100)
    for which in (cells.everyone, ~cells.everyone, cells.valid, cells.filed):
        expected = np.bincount(cells.index, weights=which, minlength=cells.size)
        assert cells.count(which).tolist() == expected.tolist()


def test_all_endings_and_the_open_add_up_to_one(simulated):
    """Every dispute drawn is accounted for."""
    found = analysis.outcomes(simulated)
    endings = ("settled", "lapsed", "abandoned", "withdrawn", "inadmissible", "default", "ruled", "open")
    assert sum(found[f"{name}_share"].value for name in endings) == pytest.approx(1.0, abs=1e-12)


def test_errors_and_base_rate_are_tied_by_chouldechovas_identity(simulated):
    """FPR = p / (1 - p) x (1 - PPV) / PPV x (1 - FNR): both error rates count the same disputes."""
    once = simulated_once(simulated)
    found = analysis.outcomes(once)
    d = once.disputes
    decided = np.isin(d["ending"], [6, 7])
    base = d["valid"][decided].mean()
    right = d["valid"][decided & d["upheld"]].mean()
    denial, charge = found["wrongful_denial_rate"].value, found["wrongful_grant_rate"].value
    assert 0 < charge < 1
    assert charge == pytest.approx(base / (1 - base) * (1 - right) / right * (1 - denial), rel=1e-12)


def test_a_manifest_has_plain_numbers_and_null_for_the_undefined(simulated, nothing):
    """JSON knows no NaN, and a reader of another language should not meet one."""
    written = analysis.manifest_metrics(analysis.outcomes(simulated))
    assert json.loads(json.dumps(written, allow_nan=False)) == written
    assert written["disputes"].keys() == {"value", "ci", "n", "unit"}
    assert len(written["disputes"]["ci"]) == 2
    empty = analysis.manifest_metrics(analysis.outcomes(nothing))
    assert empty["ruled_share"] == {"value": None, "ci": None, "n": 0, "unit": "share"}


def test_unknown_names_and_columns_are_refused_with_a_hint(simulated):
    """A misspelt metric must not be skipped in silence."""
    with pytest.raises(ValueError, match="no metric 'setled_share'; did you mean 'settled_share'"):
        analysis.outcomes(simulated, ["setled_share"])
    with pytest.raises(ValueError, match=r"column must be one of buyer_group, .* found 'colour'"):
        analysis.outcomes_by(simulated, "colour")
    with pytest.raises(ValueError, match="backlog_peak cannot be split by cause"):
        analysis.outcomes_by(simulated, "cause", ["backlog_peak"])
