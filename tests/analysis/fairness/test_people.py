"""What rules make of people, what feedback adds, and what beliefs are worth."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from evenhand import sim
from evenhand.analysis.fairness import Study, chilling, feedback_share, measure
from evenhand.analysis.fairness.people import buyers
from evenhand.sim.lifecycle.codes import ACTIVITIES
from evenhand.sim.runs.records import Run
from evenhand.sim.sampling.population import draw_buyers
from evenhand.sim.sampling.streams import Luck
from tests.analysis.fairness.test_fairness import court
from tests.support import handmade, small
from tests.support.handmade import Row, row

FILED = {"filed_at": 1.0, "screened_at": 2.0}
RULED = {**FILED, "ruled_at": 9.0}
HARSH = {"behaviour": {"trust": {"rate": 0.6}, "exit": {"buyer_trust": 0.9, "merchant_rating": 0.9}}}
"""A world in which many leave."""


def life(
    *, days: int = 60, open_loop: bool | None = None, seed: int = 4, fee: float = 0.0, **world: object
) -> Run:
    policy = small.policy({"screening": {"filing_fee": fee}})
    return sim.simulate(
        small.scenario({**HARSH, **world}),
        policy,
        seed=seed,
        replications=3,
        days=days,
        engine="simpy",
        open_loop=open_loop,
    )


@pytest.fixture(scope="module")
def harsh() -> Run:
    return life()


def test_trust_is_followed_from_dispute_to_dispute():
    """Buyer 0 starts at the trust that the world drew, then has what his last dispute left him."""
    rows = [
        row("ruled", **RULED, closed_at=10.0, trust_after=0.5),
        row("ruled", **RULED, closed_at=30.0, trust_after=0.2),
        row("ruled", **RULED, closed_at=20.0, trust_after=0.4, valid=False),
        row("open", **FILED),
    ]
    run = court(rows)
    drawn, _ = draw_buyers(run.scenario, Luck(run.seed, 0))
    first = float(drawn["trust"][0])
    people = buyers(Study(replace(run, open_loop=True)))
    assert people.before[:3] == pytest.approx([first, 0.4, 0.5])
    assert math.isnan(people.before[3])
    found = measure(replace(run, open_loop=True), "trust_loss")
    assert found["trust_change_wrongly_refused"].value == pytest.approx(((0.5 - first) + (0.2 - 0.4)) / 2)
    assert found["trust_change_rightly_refused"].value == pytest.approx(0.4 - 0.5)
    key = "trust_change_wrongly_refused_minus_rightly_refused"
    assert found[key].value == pytest.approx((0.3 - first) / 2 + 0.1)


@pytest.mark.process
def test_those_who_leave_are_those_whom_the_event_log_saw_leave(harsh):
    """Exits are worked out from trust; the log, which the measure does not read, has them too."""
    left = harsh.events["activity"] == ACTIVITIES.index("buyer left")
    log = set(
        zip(harsh.events["replication"][left].tolist(), harsh.events["resource"][left].tolist(), strict=True)
    )
    study = Study(harsh)
    people = buyers(study)
    found = set(
        zip(study["replication"][people.leaves].tolist(), study["buyer"][people.leaves].tolist(), strict=True)
    )
    assert len(found) > 20
    assert found == log
    assert people.leaves.sum() == len(log), "everybody leaves once"


@pytest.mark.process
def test_exit_is_a_hazard_and_merchants_are_counted_by_group(harsh):
    """Leaves over ended disputes of those still there; gone over all merchants, 36 and 144 of them."""
    study = Study(harsh)
    people = buyers(study)
    found = measure(harsh, "exits")
    there = study.cells.closed & ~people.gone & (study["buyer_group"] == 1)
    assert found["exit_hazard_regular"].value == pytest.approx(people.leaves[there].mean())
    assert found["exit_hazard_regular"].n == there.sum()
    gone = ~harsh.merchants["active"]
    small_ones = harsh.merchants["merchant_group"] == 1
    assert found["merchants_gone_small"].value == pytest.approx(gone[small_ones].mean())
    gap = gone[small_ones].mean() - gone[~small_ones].mean()
    assert found["merchants_gone_gap_small_minus_flagship"].value == pytest.approx(gap)
    frozen = measure(life(open_loop=True), "exits")
    assert {one.value for one in frozen.values()} == {0.0}


def test_survivors_speak_better_of_the_rules(harsh):
    """Those who left had lost; a rate over those who stayed is over fewer disputes and lower."""
    found = measure(harsh, "survivor_bias")
    assert found["fnr_present"].n < found["fnr_all"].n
    difference = found["fnr_present"].value - found["fnr_all"].value
    assert found["fnr_present_minus_all"].value == pytest.approx(difference)
    assert difference < 0
    run = court(
        [row("ruled", **RULED), row("ruled", **RULED, merchant=1, upheld=True)], active=[True, False, True]
    )
    merchants = measure(run, "survivor_bias", side="merchant")
    assert (merchants["fnr_all"].value, merchants["fnr_present"].value) == (0.5, 1.0)


def test_drift_is_the_second_half_less_the_first():
    """Ten days: filings on day 1 and on day 9. The window of 72 h has its last tenth from 64.8 h on."""
    early = {"filed_at": 24.0, "screened_at": 25.0}
    late = {"filed_at": 130.0, "screened_at": 131.0}
    rows: list[Row] = [
        {**row("ruled", **early), "buyer_forges": False},
        row("ruled", **early, answered=True, answered_at=30.0),
        {**row("ruled", **late), "buyer_forges": True},
        row("ruled", **late, answered=True, answered_at=200.0, merchant_forged=True, valid=False),
    ]
    found = measure(court(rows), "gaming_drift")
    assert {key: (one.value, one.n) for key, one in found.items()} == {
        "forged_by_buyer_drift_late_minus_early": (0.5, 4),
        "forged_by_merchant_drift_late_minus_early": (1.0, 2),
        "groundless_drift_late_minus_early": (0.5, 4),
        "last_moment_drift_late_minus_early": (1.0, 2),
    }


def test_deterrence_is_weighted_by_orders():
    """Problems fell to half at the flagship and stayed at one of two equal shops: 5/6 over all orders."""
    rows = [row("ruled", opened_at=1.0), row("ruled", opened_at=200.0, valid=False)]
    found = measure(court(rows, problem=[0.5, 1.0, 1.0]), "deterrence")
    assert {key: one.value for key, one in found.items()} == pytest.approx(
        {
            "problems_left": 2.5 / 3,
            "problems_left_flagship": 0.5,
            "problems_left_small": 1.0,
            "groundless_disputes_late_minus_early": 1.0,
        }
    )


@pytest.mark.process
def test_feedback_share_is_the_part_of_a_gap_that_frozen_people_do_not_make(harsh):
    """Ratio of both gaps; the same run twice has no share, frozen and free are told apart."""
    frozen = life(open_loop=True)
    found = feedback_share(harsh, frozen, "wrongful_denial_gap")
    ((key, one),) = found.items()
    assert key == "feedback_share_of_fnr_gap_small_minus_flagship"
    free = measure(harsh, "wrongful_denial_gap")["fnr_gap_small_minus_flagship"].value
    held = measure(frozen, "wrongful_denial_gap")["fnr_gap_small_minus_flagship"].value
    assert one.value == pytest.approx((free - held) / free)
    assert one.ci is not None
    none = feedback_share(replace(frozen, open_loop=False), frozen, "wrongful_denial_gap")[key]
    assert (none.value, none.ci) == (0.0, None)
    with pytest.raises(ValueError, match="a run with feedback first and a frozen one second"):
        feedback_share(frozen, harsh, "wrongful_denial_gap")
    other = replace(frozen, policy=small.policy({"review": {"limit": 0}}))
    with pytest.raises(ValueError, match="two runs of the same policy"):
        feedback_share(harsh, other, "wrongful_denial_gap")
    with pytest.raises(ValueError, match="the same seed, found 4 and 5"):
        feedback_share(harsh, life(open_loop=True, seed=5), "wrongful_denial_gap")


def test_a_fee_keeps_people_away_and_no_fee_nobody(harsh):
    """Chilling is the drop in filings of the valid; a run against itself has none, with no spread."""
    dear = life(fee=20.0)
    found = chilling(harsh, dear)
    counted = [measure(run, "filing_rates")["filing"].n for run in (harsh, dear)]
    assert found["chilling"].n == sum(counted)
    assert set(found) == {"nuisance_deterred", "chilling"}
    assert found["chilling"].value > 0.02
    assert found["chilling"].ci is not None
    assert found["chilling"].ci[0] > 0
    same = chilling(harsh, harsh)["chilling"]
    assert (same.value, same.ci) == (0.0, (0.0, 0.0))


def test_calibration_is_worked_out_bin_by_bin():
    """Beliefs of 0.25 and 0.85: 1 of 4 and 1 of 2 valid, so one bin is right and one is off by 0.35."""

    def at(belief: float, valid: bool) -> Row:
        return row("ruled", **RULED, belief=math.log(belief / (1 - belief)), valid=valid)

    rows = [at(0.25, v) for v in (True, False, False, False)] + [at(0.85, v) for v in (True, False)]
    found = measure(court(rows), "calibration_error")["calibration_error_flagship"]
    assert (found.value, found.n) == (pytest.approx(2 / 6 * 0.35), 6)


def test_the_line_of_calibration_passes_through_two_points():
    """At log odds -1 one of four is valid, at +1 three of four: slope ln 3, intercept 0."""
    rows = [row("ruled", **RULED, belief=-1.0, valid=v) for v in (True, False, False, False)]
    rows += [row("ruled", **RULED, belief=1.0, valid=v) for v in (False, True, True, True)]
    found = measure(court(rows), "calibration_line")
    assert found["calibration_slope_flagship"].value == pytest.approx(math.log(3))
    assert found["calibration_intercept_flagship"].value == pytest.approx(0.0, abs=1e-9)
    clear = court([row("ruled", **RULED, belief=-1.0, valid=False), row("ruled", **RULED, belief=1.0)])
    assert math.isnan(measure(clear, "calibration_line")["calibration_slope_flagship"].value)


def evidence(weights: list[float], upheld: list[bool]) -> Run:
    """Rulings on evidence of the buyer of these weights."""
    return court(
        [
            row("ruled", **RULED, term_buyer=w, term_merchant=0.0, term_silence=0.0, upheld=u)
            for w, u in zip(weights, upheld, strict=True)
        ]
    )


def test_consistency_leaves_the_case_itself_out():
    """Two pairs of like cases with one nearest neighbour each: 1 when pairs agree, 0 when they never do."""
    near = [0.0, 0.1, 5.0, 5.1]
    one = {"neighbours": 1}
    agree = measure(evidence(near, [True, True, False, False]), "consistency", **one)["consistency"]
    differ = measure(evidence(near, [True, False, True, False]), "consistency", **one)["consistency"]
    assert (agree.value, agree.n, differ.value) == (1.0, 4, 0.0)
    few = measure(evidence(near, [True] * 4), "consistency", neighbours=4)["consistency"]
    assert math.isnan(few.value), "four cases have three neighbours each"
    alike = measure(evidence([2.0] * 4, [True, True, False, False]), "consistency", **one)["consistency"]
    assert alike.value == pytest.approx(1 / 3), "with like evidence all others are near: 1 of 3 agrees"


def test_consistency_sees_evidence_and_nothing_else():
    """Groups, amounts and truths may be turned over: the number stays."""
    run = sim.simulate(small.scenario(), small.policy(), seed=6, days=50, engine="simpy")
    rng = np.random.default_rng(0)
    changed = {
        name: rng.permutation(run.disputes[name])
        for name in ("buyer_group", "amount", "valid", "claimed", "belief")
    }
    other = replace(run, disputes={**run.disputes, **changed})
    assert (
        measure(other, "consistency")["consistency"].value == measure(run, "consistency")["consistency"].value
    )


def test_repeat_players_are_told_by_their_past():
    """The n-th filing of a merchant is lost by the buyer ever more: the slope is negative."""
    rows = [
        row(
            "ruled",
            filed_at=float(i),
            ruled_at=i + 0.5,
            merchant=m,
            upheld=i < 3,
            valid=i % 2 == 0,
            term_buyer=float((i * 7 + m) % 5),
            term_merchant=0.0,
            term_silence=0.0,
        )
        for m in range(3)
        for i in range(8)
    ]
    found = measure(court(rows), "repeat_player")["repeat_player_slope"]
    assert found.value < -0.2
    assert found.n == 24
    assert found.clusters == 3


def test_the_handmade_columns_are_those_of_a_real_run(harsh):
    """Columns that the tables add must exist in real records, and be of the same kind."""
    run = court([row("ruled")])
    for name, column in run.disputes.items():
        assert column.dtype.kind == harsh.disputes[name].dtype.kind, name
    assert run.merchants.keys() <= harsh.merchants.keys()
    assert handmade.DEFAULTS.keys() < run.disputes.keys()
