"""Voice, reply, silence, windows, burden, reviews, queues and access, against tables worked out on paper."""

from __future__ import annotations

import math

import numpy as np
import pytest

from evenhand import sim
from evenhand.analysis.fairness import Answer, measure
from evenhand.analysis.fairness.waiting import overtaken
from evenhand.sim.lifecycle.codes import REASONS
from evenhand.sim.runs.records import Run
from evenhand.sim.scenario.vocabulary import CAUSES
from tests.analysis.fairness.test_fairness import court
from tests.support import small
from tests.support.handmade import row

NAN = float("nan")
FILED = {"filed_at": 1.0, "screened_at": 2.0}
RULED = {**FILED, "ruled_at": 9.0}
KEPT = REASONS.index("goods not sent back")


def values(answer: Answer) -> dict[str, tuple[float, int]]:
    return {key: (one.value, one.n) for key, one in answer.items()}


@pytest.fixture(scope="module")
def simulated() -> Run:
    return sim.simulate(small.scenario(), small.policy(), seed=8, replications=2, days=50, engine="simpy")


def test_a_voice_is_a_statement_that_somebody_read():
    """Four filings: heard on both sides, on one, silence decided, not admitted; the last never got there."""
    rows = [
        row("ruled", **RULED, answered=True),
        row("ruled", **RULED),
        row("defaulted", **FILED),
        row("inadmissible", **FILED),
        row("settled"),
    ]
    assert values(measure(court(rows), "voice")) == {
        "voice_buyer": (2 / 4, 4),
        "voice_merchant": (1 / 4, 4),
        "voice_gap_buyer_minus_merchant": (1 / 4, 4),
    }


def test_a_right_of_reply_needs_a_window_and_no_last_word():
    """The policy gives 72 h to both: answers are heard, but rebuttals and new evidence in reviews are not."""
    rows = [
        row("ruled", **RULED, answered=True, merchant_showed=True),
        row("ruled", **RULED, answered=True, supplemented=True),
        row("ruled", **RULED, new_evidence=1.0),
        row("ruled", **RULED, new_evidence=-1.0),
        row("defaulted", **FILED),
    ]
    assert values(measure(court(rows), "right_of_reply")) == {
        "right_of_reply_buyer": (4 / 5, 5),
        "right_of_reply_merchant": (3 / 5, 5),
    }
    deaf = small.policy({"answer": {"supplement": False}, "windows": {"merchant_evidence": "12 h"}})
    assert values(measure(court(rows, policy=deaf), "right_of_reply")) == {
        "right_of_reply_buyer": (3 / 5, 5),
        "right_of_reply_merchant": (1 / 5, 5),
    }


def test_silence_answers_for_its_part_of_the_wrong_money():
    """One of three decisions is a default, a wrong one, and it costs 60 of 100."""
    rows = [
        row(
            "defaulted", **FILED, valid=False, deserved=0.0, upheld=True, refund=60.0, share=1.0, amount=60.0
        ),
        row("ruled", **RULED, amount=40.0),
        row("ruled", **RULED, upheld=True, refund=100.0, share=1.0),
    ]
    assert values(measure(court(rows), "defaults")) == {
        "default": (1 / 3, 3),
        "wrongful_default": (1 / 3, 3),
        "default_part_of_losses": (pytest.approx(0.6), 3),
    }


def test_windows_are_compared_in_hours_of_business_days():
    """The run starts on a Monday: 48 h from Friday on hold 24 h of business, 24 h from Thursday on all."""
    policy = small.policy({"windows": {"merchant_evidence": "24 h", "buyer_evidence": "48 h"}})
    rows = [
        row("ruled", filed_at=70.0, screened_at=72.0, answered_at=96.0),
        row("ruled", filed_at=1.0, screened_at=0.0, answered_at=0.0),
        row("ruled", filed_at=1.0, screened_at=0.0),
    ]
    assert values(measure(court(rows, policy=policy), "window_equality")) == {
        "window_equality": (pytest.approx((1 + 24 / 48) / 2), 2)
    }
    deaf = small.policy({"answer": {"supplement": False}})
    assert measure(court(rows, policy=deaf), "window_equality")["window_equality"].value == 0.0


def test_burdens_are_effort_fees_and_freight():
    """Effort 5 for each of two filings, the merchant's answer 5, fees and freight as they stand."""
    rows = [
        row(
            "ruled",
            **RULED,
            answered=True,
            buyer_fees=3.0,
            merchant_freight=8.0,
            closed_at=20.0,
            amount=150.0,
        ),
        {**row("ruled", **RULED, closed_at=30.0, amount=50.0), "rounds": 2},
    ]
    assert values(measure(court(rows), "burden")) == {
        "burden_buyer": (13 / 2, 2),
        "burden_buyer_of_claim": (13 / 200, 2),
        "burden_merchant": (13 / 2, 2),
        "burden_merchant_of_claim": (13 / 200, 2),
        "rounds_of_talks": (1.0, 2),
        "hours_to_close": (25.0, 2),
    }


def test_reviews_are_judged_by_what_they_turn():
    """Three wrong first rulings, one turned; two right ones, one of them spoilt: a net gain of nothing."""
    rows = [
        row("ruled", **RULED, upheld=True),
        row("ruled", **RULED),
        row("ruled", **RULED),
        row("ruled", **RULED, upheld=True, first_upheld=True),
        row("ruled", **RULED, first_upheld=True),
    ]
    assert values(measure(court(rows), "correctability")) == {
        "wrong_overturned": (1 / 3, 3),
        "right_overturned": (1 / 2, 2),
        "net_correction": (0.0, 5),
    }


@pytest.mark.process
def test_rules_that_reach_back_are_seen(simulated):
    """A retroactive reform on day 3 judges what was filed on day 1 and not what is filed on day 4."""
    reform = {"starts": 3, "retroactive": True, "changes": {"decision": {"standard": 0.6}}}
    policy = small.policy({"reforms": [reform]})
    rows = [
        row("ruled", filed_at=24.0, version=1),
        row("ruled", filed_at=96.0, version=1),
        row("ruled", filed_at=24.0),
        row("open", filed_at=30.0, version=1),
    ]
    assert values(measure(court(rows, policy=policy), "rule_instability")) == {
        "judged_under_later_rules": (2 / 4, 4)
    }
    assert measure(simulated, "rule_instability")["judged_under_later_rules"].value == 0.0
    for back, expected in ((True, True), (False, False)):
        plan = small.policy({"reforms": [{**reform, "starts": 20, "retroactive": back}]})
        run = sim.simulate(small.scenario(), plan, seed=8, days=40, engine="simpy")
        found = measure(run, "rule_instability")["judged_under_later_rules"]
        assert (found.value > 0) is expected


def test_waiting_is_measured_in_hours_of_work_and_in_who_came_later():
    """Stays of 10 and 4 hours for 2 hours of work each; the second came later and left earlier."""
    rows = [
        row("ruled", **FILED, handed_at=1.0, ruled_at=11.0, decision_hours=2.0),
        row("ruled", **FILED, handed_at=2.0, ruled_at=6.0, decision_hours=2.0),
        row("ruled", **FILED, handed_at=2.0, ruled_at=2.0),
    ]
    assert values(measure(court(rows), "queue_justice", by=None)) == {
        "slowdown": (3.5, 2),
        "overtaken": (0.5, 2),
    }


def test_overtaking_is_counted_pair_by_pair():
    """Against all pairs of 200 cases, ties included."""
    rng = np.random.default_rng(3)
    since = np.round(rng.uniform(0, 50, 200))
    until = since + np.round(rng.exponential(10, 200))
    expected = ((since[None, :] > since[:, None]) & (until[None, :] < until[:, None])).sum(axis=1)
    assert np.array_equal(overtaken(since, until), expected)


def test_open_filings_count_as_long_as_they_were_seen():
    """Closed after 10, 20 and 30 h, one still open after 15 h: S falls to 3/4, 3/8, 0."""
    rows = [row("ruled", filed_at=0.0, closed_at=c) for c in (10.0, 20.0, 30.0)]
    rows.append(row("open", filed_at=225.0))
    found = measure(court(rows, days=10), "timeliness", limit=25.0)
    assert values(found) == {
        "median_hours": (20.0, 4),
        "p90_hours": (30.0, 4),
        "mean_hours_to_limit": (pytest.approx(10 + 10 * 3 / 4 + 5 * 3 / 8), 4),
        "beyond_limit": (pytest.approx(3 / 8), 4),
    }
    halves = [row("ruled", filed_at=0.0, closed_at=c) for c in (10.0, 20.0, 30.0, 40.0)]
    assert measure(court(halves), "timeliness")["median_hours"].value == 20.0, "half are over by then"
    unseen = measure(court([row("open", filed_at=0.0)], days=10), "timeliness", limit=300.0)
    assert all(math.isnan(one.value) for one in unseen.values())


LOST = [
    row("settled", share=0.8),
    row("settled", share=0.2),
    row("abandoned"),
    row("lapsed"),
    row("withdrawn", **FILED),
    row("inadmissible", **FILED),
    row("ruled", **RULED),
    row("ruled", **RULED, upheld=True, share=1.0),
    row("ruled", **RULED, upheld=True, reason=KEPT),
    row("defaulted", **FILED, upheld=True, share=1.0),
    row("open", **FILED),
    row("abandoned", valid=False, cause="remorse", deserved=0.0),
]
"""Ten valid grievances that ended: three are helped, the others are lost at every stage once or twice."""


def test_people_are_lost_at_the_stage_where_they_gave_up():
    """One each of ten; who has no grievance and who is not done yet does not count."""
    assert values(measure(court(LOST), "giving_up")) == {
        "abandoned": (0.1, 10),
        "missed_window": (0.1, 10),
        "withdrew": (0.1, 10),
        "kept_goods": (0.1, 10),
    }


def test_the_way_to_a_remedy_multiplies_to_what_arrives(simulated):
    """9/10 x 7/9 x 5/7 x 4/5 x 3/4 = 3/10, and 1 - 3/10 is effective denial, in every group."""
    found = values(measure(court(LOST), "remedy_stages"))
    assert found == {
        "through_settle": (pytest.approx(9 / 10), 10),
        "through_file": (pytest.approx(7 / 9), 9),
        "through_stay": (pytest.approx(5 / 7), 7),
        "through_win": (pytest.approx(4 / 5), 5),
        "through_collect": (pytest.approx(3 / 4), 4),
    }
    assert values(measure(court(LOST), "effective_denial")) == {"efn": (pytest.approx(0.7), 10)}
    stages, denied = (
        measure(simulated, name, by="buyer_group") for name in ("remedy_stages", "effective_denial")
    )
    for group in simulated.labels("buyer_group"):
        through = [one.value for key, one in stages.items() if key.endswith(group)]
        assert math.prod(through) == pytest.approx(1 - denied[f"efn_{group}"].value)


def test_effective_denial_is_contrasted_by_group():
    """Helped: one of one regular buyer, none of one new buyer."""
    rows = [row("abandoned", buyer_group=0), row("settled", share=1.0, buyer_group=1)]
    found = measure(court(rows), "effective_denial_gap", reference="regular")
    assert found["efn_gap_new_minus_regular"].value == 1.0
    assert math.isnan(found["efn_gap_power_minus_regular"].value)


def test_a_claim_is_worth_filing_from_its_burden_over_its_hope():
    """Filings cost 5 and 8 and bring 1 and 1/2 of the amount: 13 / 1.5."""
    rows = [
        row("ruled", **RULED, share=1.0),
        row("ruled", **RULED, share=0.5, buyer_fees=3.0),
        row("abandoned"),
    ]
    found = measure(court(rows), "filing_threshold")
    assert values(found)["filing_threshold_new"] == (pytest.approx(13 / 1.5), 2)
    assert found["filing_threshold_new"].unit == "CNY"


def test_filings_with_and_without_a_grievance_are_told_apart():
    """One of two groundless disputes and two of three valid ones were filed."""
    void = {"valid": False, "cause": "remorse"}
    rows = [
        row("ruled", **RULED, **void),
        row("abandoned", **void),
        row("ruled", **RULED),
        row("withdrawn", **FILED),
        row("lapsed"),
    ]
    assert values(measure(court(rows), "filing_rates")) == {"nuisance": (1 / 2, 2), "filing": (2 / 3, 3)}


def test_settlements_are_measured_by_what_rulings_bring_the_same_truth():
    """Valid claims win 3/4 on average and settle at 60 of 100; groundless ones 1/4, at 10 of 40."""
    void = {"valid": False, "deserved": 0.0}
    rows = [
        row("ruled", **RULED, share=1.0),
        row("ruled", **RULED, share=0.5),
        row("settled", refund=60.0, share=0.6),
        row("ruled", **RULED, **void, share=0.25),
        row("settled", **void, amount=40.0, refund=10.0, share=0.25),
    ]
    found = measure(court(rows), "settlement_ratio")
    assert values(found)["settlement_ratio_new"] == (pytest.approx(70 / (75 + 10)), 2)
    assert math.isnan(found["settlement_ratio_power"].value)


def test_causes_are_a_grouping_like_any_other(simulated):
    """Fourteen labels or two: every measure takes any grouping."""
    found = measure(simulated, "voice", by="cause")
    assert f"voice_buyer_{CAUSES[0]}" in found
    assert sum(one.n for key, one in found.items() if key.startswith("voice_buyer_")) == (
        measure(simulated, "voice")["voice_buyer"].n
    )
