"""Evidence is things: one artefact of a dispute has one weight, whoever shows it."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import norm

from evenhand.sim.scenario.vocabulary import EVIDENCE_KINDS, kinds_mask
from tests.support import patch, small
from tests.support.evidence import POLICY, SCENARIO
from tests.support.runs import compiled, differing, simpy
from tests.support.signs.artefacts import both_hold, kinds, rule_on, weights_apart
from tests.support.signs.effect import hold

DAYS = 200


def upheld(strength: float, valid: bool, gap: float = 0.0) -> float:
    """Chance that the buyer wins: Phi((+-d^2/2 + gap) / d) (Green and Swets 1966)."""
    drift = strength**2 / 2 if valid else -(strength**2) / 2
    return float(norm.cdf((drift + gap) / strength))


def assert_rate(found: NDArray[np.bool_], expected: float) -> None:
    """Within 3.5 binomial standard errors."""
    error = np.sqrt(expected * (1 - expected) / len(found))
    assert abs(found.mean() - expected) < 3.5 * error, (found.mean(), expected, len(found))


@pytest.mark.parametrize("strength", [0.5, 1.5])
def test_what_both_sides_show_counts_once(strength: float) -> None:
    """Two copies of one chat log are as strong as one, d, and not sqrt(2) d as two weights would be."""
    both = kinds({"chat_log": 1}, {"chat_log": 1}, chat_log=strength)
    d = rule_on(both)
    for valid in (True, False):
        assert_rate(d["upheld"][d["valid"] == valid], upheld(strength, valid))
    assert (d["term_merchant"] == 0).all(), "a copy adds nothing to what the buyer has shown"
    separate = rule_on(patch.lay_over(both, {"evidence": {"model": "separate"}}))
    assert_rate(separate["upheld"][separate["valid"]], upheld(np.sqrt(2) * strength, True))


@pytest.mark.parametrize("sees", [0.0, 0.4, 1.0])
def test_the_platform_sees_its_records_as_often_as_the_policy_says(sees: float) -> None:
    """What nobody shows is decided on all the same where the platform looks; a tie is no win."""
    policy = {"evidence": {"platform_sees": {"product_page": sees}}}
    d = rule_on(kinds({}, {}, product_page=1.2), policy)
    seen = d["platform_saw"] > 0
    assert_rate(seen, sees) if 0 < sees < 1 else None
    assert seen.mean() == sees or 0 < sees < 1
    assert not d["upheld"][~seen].any()
    for valid in (True, False):
        among = seen & (d["valid"] == valid)
        if among.any():
            assert_rate(d["upheld"][among], upheld(1.2, valid))
    assert np.array_equal(d["belief"], d["term_platform"])


def test_strengths_of_different_things_add_in_squares() -> None:
    """Buyer's photo, merchant's voucher and the platform's order record: d = sqrt of the sum of squares."""
    things = kinds({"photo": 1}, {"purchase_voucher": 1}, photo=0.8, purchase_voucher=1.0, order_record=0.6)
    d = rule_on(things, {"evidence": {"platform_sees": {"order_record": 1}}})
    for valid in (True, False):
        assert_rate(d["upheld"][d["valid"] == valid], upheld(np.sqrt(2.0), valid))


def test_both_sides_weigh_the_same_thing_alike() -> None:
    """Sign 14: sides that hold the same things hold the same weight, to the bit; apart, signs often differ.

    Where each side has a weight of its own for the same chat log, as in the separate model, the signs
    differ in a share of cases that signal detection gives: 2 p (1 - p), p the chance of a right sign.
    """
    hold(weights_apart())
    apart = both_hold("separate")
    differ = (apart["buyer_weight"] > 0) != (apart["merchant_weight"] > 0)
    right = upheld(np.hypot(0.5, 0.3), valid=True)
    assert_rate(differ, 2 * right * (1 - right))


def test_who_knows_the_rules_brings_what_they_want() -> None:
    """The chance to bring a piece is b + (1 - b) x knowledge; what was not brought is not on the file."""
    things = patch.lay_over(
        kinds({"photo": 1}, {}, photo=1.0),
        {"evidence": {"brings": 0.4}, "buyers": {"groups": {"all": {"knowledge": 0.5}}}},
    )
    d = rule_on(things)
    brought = d["buyer_sent"] == kinds_mask("photo")
    assert_rate(brought, 0.4 + 0.6 * 0.5)
    assert np.array_equal(brought, d["buyer_showed"])
    assert (d["term_buyer"][~brought] == 0).all()
    assert (d["term_buyer"][brought] == d["buyer_weight"][brought]).all()


def test_a_rebuttal_brings_what_was_forgotten_and_clears_up_what_was_unclear() -> None:
    """An unclear filing counts by its factor until then; the merchant may answer the rebuttal in turn."""
    things = patch.lay_over(
        kinds({"photo": 1, "chat_log": 1}, {}, photo=1.0, chat_log=1.0),
        {
            "evidence": {
                "brings": 0.5,
                "unclear_factor": 0.4,
                "supplement_share": 0.5,
                "supplement_strength": 0.7,
                "rebuttal_share": 0.5,
                "rebuttal_strength": 0.6,
            },
            "buyers": {"groups": {"all": {"knowledge": 0, "clarity": 0.5}}},
        },
    )
    d = rule_on(things, {"answer": {"supplement": True, "rebuttal": True}})
    rebutted, unclear = d["supplemented"], d["unclear"]
    assert_rate(rebutted, 0.5)
    assert_rate(unclear, 0.5)
    everything = d["buyer_weight"] + d["supplement_weight"]
    assert np.allclose(d["term_buyer"][rebutted], everything[rebutted])
    full = ~rebutted & (d["buyer_sent"] == d["buyer_kinds"])
    assert np.allclose(d["term_buyer"][full & ~unclear], d["buyer_weight"][full & ~unclear])
    assert np.allclose(d["term_buyer"][full & unclear], 0.4 * d["buyer_weight"][full & unclear])
    assert_rate(d["rebutted"][rebutted], 0.5)
    assert not d["rebutted"][~rebutted].any()
    assert (d["term_merchant"][~d["rebutted"]] == 0).all()
    spread = d["term_merchant"][d["rebutted"] & d["valid"]]
    assert abs(spread.mean() - 0.6**2 / 2) < 4 * 0.6 / np.sqrt(len(spread)), "N(d^2/2, d^2) for a valid claim"
    deaf = rule_on(things, {"answer": {"supplement": True}})
    assert not deaf["rebutted"].any(), "only where the policy hears it"


def test_not_to_cooperate_counts_against_a_merchant() -> None:
    """Who lacks what is asked for is charged its weight; who keeps it back does so only if it hurts more."""
    things = patch.lay_over(
        kinds({}, {"quality_record": 0.7}, quality_record=1.5),
        {"merchants": {"groups": {"all": {"strategic": 1}}}},
    )
    asked = {"answer": {"requested": ["quality_record"], "non_cooperation": 0.8}}
    d = rule_on(things, asked)
    has, sent = d["merchant_kinds"] > 0, d["merchant_sent"] > 0
    assert_rate(has, 0.7)
    assert np.array_equal(sent, has & (d["merchant_weight"] <= 0.8))
    assert np.array_equal(d["uncooperative"], ~sent)
    assert (d["term_silence"] == np.where(sent, 0.0, 0.8)).all()
    free = rule_on(things)
    assert np.array_equal(free["merchant_sent"] > 0, has & (free["merchant_weight"] <= 0.0))
    assert not free["uncooperative"].any()


def test_packaging_is_kept_or_lost_and_missed_where_the_rules_need_it() -> None:
    """The buyer who kept it has a thing to show; who lost it is charged where the claim needs it."""
    things = patch.lay_over(
        kinds({}, {}, packaging=1.0), {"buyers": {"groups": {"all": {"keeps_packaging": 0.6}}}}
    )
    needs = {"evidence": {"packaging_causes": ["quality_defect"], "packaging_inference": 0.7}}
    d = rule_on(things, needs)
    kept = d["packaging"]
    assert_rate(kept, 0.6)
    assert np.array_equal(d["buyer_kinds"] == kinds_mask("packaging"), kept)
    assert (d["term_buyer"][~kept] == -0.7).all()
    assert (d["term_buyer"][kept] == d["buyer_weight"][kept]).all()
    assert (rule_on(things)["term_buyer"][~kept] == 0).all()


def test_an_emotional_filing_costs_sympathy_and_no_evidence() -> None:
    """Tone and clarity are two things: the evidence of an angry buyer weighs what it weighs."""
    things = patch.lay_over(
        kinds({"photo": 1}, {}, photo=1.0),
        {
            "evidence": {"emotional_cost": 0.3, "hostile_factor": 0.2},
            "buyers": {"groups": {"all": {"composure": 0.5}}},
        },
    )
    d = rule_on(things)
    assert_rate(d["hostile"], 0.5)
    assert np.allclose(d["term_buyer"], d["buyer_weight"] - np.where(d["hostile"], 0.3, 0.0))
    assert np.allclose(d["buyer_strength"], 1.0)


@pytest.mark.parametrize("machine", [0.0, 0.5])
def test_detectors_find_and_cry_wolf_as_often_as_the_policy_says(machine: float) -> None:
    """Misses and false alarms by kind: of what machines made it finds another share, and it costs a look."""
    things = patch.lay_over(
        kinds({"photo": 1}, {}, photo=1.0),
        {
            "causes": {"opportunistic": {"forges": 0.5}},
            "evidence": {"forgery_shift": 2, "machine_made": machine},
        },
    )
    detector = {"detection": 0.8, "machine_made": 0.3, "false_alarms": 0.15, "cost": 2.5}
    checks = {"share": 1.0, "detection": 0.1, "inference": 3, "detectors": {"photo": detector}}
    d = rule_on(things, {"decision": {"checks": checks}})
    forged, by_machine = d["buyer_forges"], d["machine_made"]
    found = d["buyer_found_out"]
    assert_rate(found[forged & ~by_machine], 0.8)
    if machine:
        assert_rate(by_machine[forged], machine)
        assert_rate(found[by_machine], 0.3)
    assert not by_machine[~forged].any()
    assert_rate(found[~forged], 0.15)
    assert (d["term_buyer"][found] == -3.0).all(), "an honest buyer is treated as the forger is"
    assert (d["checks"] == 1).all()
    assert (d["check_costs"] == 2.5).all()
    hidden = forged & ~found
    assert np.allclose(d["term_buyer"][hidden], 2.0), "the forged photo is shown, and not the true one"


def test_a_merchant_forges_the_records_that_matter() -> None:
    """Of the kinds it can forge those that the claim is decided on, each as often; detectors are by kind."""
    things = patch.lay_over(
        kinds({"photo": 1}, {}, photo=1.0, dispatch_record=0.5, quality_record=0.5),
        {"merchants": {"groups": {"all": {"forges": 1}}}, "evidence": {"forgery_shift": 1}},
    )
    detectors = {"dispatch_record": {"detection": 1.0}, "quality_record": {"detection": 0.0}}
    d = rule_on(things, {"decision": {"checks": {"share": 1.0, "detectors": detectors}}})
    forged = d["merchant_forged"]
    assert forged.sum() > 500
    by_record = d["merchant_forged_kind"] == EVIDENCE_KINDS.index("dispatch_record")
    assert_rate(by_record, 0.5)
    assert set(d["merchant_forged_kind"]) == {EVIDENCE_KINDS.index(kind) for kind in detectors}
    assert np.array_equal(d["merchant_found_out"], forged & by_record)


def test_a_side_asks_for_a_check_where_that_is_worth_its_fee() -> None:
    """The dearer the request, the fewer ask; only where the policy lets them; it is they who pay."""
    things = patch.lay_over(
        kinds({"photo": 1}, {"quality_record": 1}, photo=1.0, quality_record=1.0),
        {"causes": {"opportunistic": {"forges": 0.5}}, "evidence": {"forgery_shift": 2}},
    )
    asked = []
    for fee in (0.0, 10.0, 30.0):
        checks = {"detection": 0.7, "on_request": True, "request_fee": fee}
        d = rule_on(things, {"decision": {"checks": checks}})
        asked.append((d["check_asked"] > 0).mean())
        assert np.array_equal(d["checks"], (d["check_asked"] > 0).astype(int))
        assert (d["merchant_fees"] == np.where(d["check_asked"] == 2, fee, 0.0)).all()
        assert (d["buyer_fees"] == np.where(d["check_asked"] == 1, fee, 0.0)).all()
        if fee == 0.0:
            forged = d["buyer_forges"] & (d["check_asked"] == 2)
            assert_rate(d["buyer_found_out"][forged], 0.7)
    assert asked[0] > asked[1] > asked[2] > 0
    deaf = rule_on(things, {"decision": {"checks": {"detection": 0.7}}})
    assert not deaf["checks"].any()


def test_sharing_evidence_moves_nobody_elses_luck() -> None:
    """The switch changes what the parties hold and show; who meets whom, over what, and how long stays."""
    still = {"behaviour": {"open_loop": True}}
    one = compiled(small.scenario(still), small.policy(), seed=5, days=40).disputes
    other = compiled(
        small.scenario(patch.lay_over(SCENARIO, still)), small.policy(), seed=5, days=40
    ).disputes
    evidence = {"buyer_kinds", "buyer_strength", "buyer_weight", "merchant_kinds", "merchant_weight"}
    assert all(one[name].tobytes() != other[name].tobytes() for name in evidence)
    drawn = ["dispute", "order_at", "opened_at", "buyer", "merchant", "cause", "claimed", "valid", "amount"]
    drawn += ["deserved", "severity", "shown", "loss", "inspection", "hostile", "effort", "skips", "in_hand"]
    drawn += ["buyer_withholds", "merchant_withholds", "buyer_forges", "supplement_weight", "fault", "goods"]
    assert [name for name in drawn if one[name].tobytes() != other[name].tobytes()] == []


@pytest.mark.parametrize("decider", ["desk", "panel"])
def test_both_engines_agree_to_the_bit(decider: str) -> None:
    """With everything about evidence on: shared, seen, asked for, rebutted, checked and forged."""
    panel = {"decision": {"decider": decider, "panel": {"size": 5}}}
    scenario, policy = small.scenario(SCENARIO), small.policy(patch.lay_over(POLICY, panel))
    one = compiled(scenario, policy, seed=5, days=40, replications=2)
    assert differing(one, simpy(scenario, policy, seed=5, days=40, replications=2)) == []
    d = one.disputes
    for column in ("unclear", "machine_made", "rebutted", "uncooperative", "platform_saw", "buyer_forges"):
        assert d[column].any(), column
    if decider == "desk":
        assert d["checks"].any()
        assert {0, 1, 2} == set(d["check_asked"].tolist())
