"""A model that decides: what it may do by itself, what its shared errors mean, and what it leaves alone."""

from __future__ import annotations

from math import erfc, log, sqrt
from typing import Any

import numpy as np
import pytest

from evenhand.sim.lifecycle import codes
from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.vocabulary import VALID_CAUSES
from tests.support import patch, small
from tests.support.invariants import check
from tests.support.runs import compiled, differing, simpy
from tests.support.signs import machine as signs
from tests.support.signs.machine import judged, wrong_by_world


@pytest.mark.parametrize(("reading", "error"), [(1.0, 0.0), (0.5, 0.8), (1.0, 1.5)])
def test_the_model_errs_as_signal_detection_says(reading: float, error: float) -> None:
    """Evidence of strength d is N(d^2/2, d^2) nats; error adds variance, and reading less scales both.

    Wrong where r (d^2/2 + d z) + e y < 0: the chance is the normal tail of r d^2 / 2 over the root of
    r^2 d^2 + e^2.
    """
    d = 1.5
    wrong = wrong_by_world(judged({"reading": reading, "own_error": error}, replications=20))
    theory = 0.5 * erfc(reading * d * d / 2 / sqrt(reading**2 * d**2 + error**2) / sqrt(2))
    standard_error = wrong.std(ddof=1) / sqrt(len(wrong))
    assert standard_error < theory / 20
    assert abs(wrong.mean() - theory) < 3.5 * standard_error, (wrong.mean(), theory, standard_error)


@pytest.mark.process
def test_shared_errors_leave_the_mean_and_spread_worlds_apart() -> None:
    """Sign 10: the same mean error with errors shared or not, and more spread between worlds if shared."""
    error, spread = signs.shared_errors()
    assert error.holds, error
    assert error.high - error.low < 0.04, error
    assert spread.value > 3.0, spread
    assert spread.holds, spread


def test_another_version_makes_other_errors_and_moves_nothing_else() -> None:
    """A version is a slot of one draw: the world around it is the same to the bit."""
    one, other = (judged({"shared_error": 2.0, "version": v}, replications=4) for v in (1, 2))
    moved = {"upheld", "first_upheld", "share", "first_share", "belief", "term_noise", "model_share"}
    changed = [name.split(".")[1] for name in differing(one, other) if name.startswith("disputes.")]
    assert {"term_noise", "upheld"} <= set(changed)
    follows = {
        "refund",
        "remedy",
        "buyer_value",
        "merchant_paid",
        "merchant_cost",
        "rating_after",
        "trust_after",
    }
    assert set(changed) <= moved | follows


def test_a_model_that_is_never_asked_moves_nothing() -> None:
    """What it is like is of no consequence where people decide."""
    wild = {"model": {"shared_error": 5.0, "own_error": 3.0, "hours": 9, "cost": 7, "answers": 1.0}}
    plain = compiled(small.scenario(), small.policy(), seed=3)
    assert differing(plain, compiled(small.scenario(wild), small.policy(), seed=3)) == []


def test_below_its_confidence_a_person_decides() -> None:
    """The surer it has to be, the fewer it rules; those that it rules are as sure as they must be."""
    shares = []
    for confidence in (0.5, 0.7, 0.9):
        d = judged({"own_error": 0.5}, replications=3, model={"sure_from": confidence}).disputes
        ruled = d["ending"] == codes.RULED
        machine = d["decider"] == codes.BY_MODEL
        assert np.array_equal(machine[ruled], ~np.isnan(d["model_share"][ruled]))
        needed = log(confidence / (1 - confidence))
        assert (np.abs(d["belief"] - d["standard"])[machine & ruled] >= needed - 1e-12).all()
        assert (d["decision_hours"][machine] == 0).all()
        shares.append(machine[ruled].mean())
    assert shares[0] == 1.0 > shares[1] > shares[2] > 0.0, shares


def test_audits_are_a_persons_and_leave_what_the_model_said_on_record() -> None:
    """A tenth is audited, whatever the model says; the person's ruling holds."""
    d = judged({"own_error": 2.0}, replications=6, model={"audit_share": 0.1}).disputes
    ruled = d["ending"] == codes.RULED
    audited = d["audited"] & ruled
    share, n = audited[ruled].mean(), ruled.sum()
    assert abs(share - 0.1) < 3.5 * sqrt(0.09 / n)
    assert (d["decider"][audited] == codes.BY_DESK).all()
    turned = (d["first_upheld"] != (d["model_share"] > 0))[audited]
    assert 0.02 < turned.mean() < 0.6
    wrong = [
        (d["upheld"] != d["valid"])[ruled & (d["decider"] == who)].mean()
        for who in (codes.BY_MODEL, codes.BY_DESK)
    ]
    assert wrong[0] > wrong[1] + 0.05, "an arbiter without noise does better than this model"


def test_requests_bring_evidence_in_time_or_pass_the_case_on() -> None:
    """More requests answered: more ruled by the model, and fewer of them wrong; nobody who is late counts."""
    found = []
    for answers, delay in ((0.0, 5.0), (1.0, 5.0), (1.0, 50.0)):
        model = {
            "answers": answers,
            "answer_strength": 2.0,
            "answer_delay": {"law": "constant", "value": delay},
        }
        d = judged(
            model, replications=4, model={"sure_from": 0.8, "requests": True, "request_hours": 48}
        ).disputes
        ruled = d["ending"] == codes.RULED
        asked = d["requested"] > 0
        assert asked.any()
        assert np.isin(d["requested"], (0, 1, 2)).all()
        assert (d["model_calls"][asked & ruled] == 2).all()
        took = (d["ruled_at"] - d["ready_at"])[asked & ruled]
        assert (took >= min(delay, 48.0) - 1e-9).all()
        found.append(
            ((d["decider"] == codes.BY_MODEL)[ruled].mean(), (d["upheld"] == d["valid"])[ruled].mean())
        )
    assert found[1][0] > found[0][0] + 0.1, found
    assert found[1][1] > found[0][1] + 0.02, found
    assert found[2] == pytest.approx(found[0], abs=0.002)


def test_the_policy_scales_the_noise_of_those_who_decide() -> None:
    """Rules that are easier to apply: half the noise is half the noise, of arbiters and of the model."""
    for decider in ("desk", "model"):
        runs = [
            compiled(
                small.scenario({"model": {"own_error": 1.0}, "arbiters": {"load_effect": 0}}),
                small.policy({"decision": {"decider": decider, "noise_factor": f}, "review": {"limit": 0}}),
                seed=1,
            )
            for f in (1.0, 0.5)
        ]
        noise = [
            dict(zip(r.disputes["dispute"].tolist(), r.disputes["term_noise"].tolist(), strict=True))
            for r in runs
        ]
        first = runs[0].disputes
        opening = first["dispute"][np.argsort(first["ruled_at"])[:5]].tolist()  # before worlds drift apart
        both = [number for number in opening if number in noise[1]]
        assert len(both) >= 3
        for number in both:
            assert noise[1][number] == pytest.approx(0.5 * noise[0][number], rel=0.05)


MODELS: dict[str, dict[str, Any]] = {
    "all": {"decision": {"decider": "model"}},
    "sure and audited": {"decision": {"decider": "model", "model": {"sure_from": 0.7, "audit_share": 0.2}}},
    "requests": {"decision": {"decider": "model", "model": {"sure_from": 0.85, "requests": True}}},
    "reviews": {"review": {"decider": "model", "new_evidence": False, "limit": 2}},
    "both": {
        "decision": {"decider": "model", "model": {"sure_from": 0.8, "requests": True}},
        "review": {"decider": "model", "new_evidence": False, "limit": 2},
    },
}
ERRING = {
    "model": {
        "shared_error": 0.5,
        "own_error": 0.6,
        "by_cause": {"late_dispatch": 0.2},
        "by_group": {"new": 2},
        "hours": 0.1,
        "answers": 0.7,
        "answer_strength": 1.0,
        "answer_delay": {"law": "lognormal", "median": "30 h", "sigma": 1},
    },
}


@pytest.mark.parametrize("name", MODELS)
def test_both_engines_agree_where_a_model_decides(name: str) -> None:
    """One lifecycle, two engines; all money and every dispute accounted for."""
    scenario, policy = patch.scenario(ERRING), small.policy(MODELS[name])
    fast = compiled(scenario, policy, seed=3, days=45)
    assert differing(fast, simpy(scenario, policy, seed=3, days=45)) == []
    check(fast)
    assert (fast.events["activity"] == codes.MODEL_RULED).sum() > 5


def test_errors_are_as_large_as_the_claim_and_the_group_say() -> None:
    """Twice the error for new buyers, none for late dispatch."""
    model = {"model": {"own_error": 1.0, "by_cause": {"late_dispatch": 0.0}, "by_group": {"new": 2.0}}}
    scenario, policy = small.scenario(model), small.policy({"decision": {"decider": "model"}})
    d = compiled(scenario, policy, seed=1, replications=6).disputes
    machine = d["decider"] == codes.BY_MODEL
    late = d["claimed"] == VALID_CAUSES.index("late_dispatch")
    assert (d["term_noise"][machine & late] == 0).all()
    spread = [d["term_noise"][machine & ~late & (d["buyer_group"] == g)].std() for g in (0, 1)]
    assert spread[0] / spread[1] == pytest.approx(2.0, rel=0.15), spread


def test_a_group_that_is_not_there_is_refused() -> None:
    """A misspelt group would have the errors of all others."""
    with pytest.raises(
        ValueError, match=r"model\.by_group: no group of buyers is called 'nwe'; did you mean 'new'"
    ):
        small.scenario({"model": {"by_group": {"nwe": 2.0}}})
    assert isinstance(small.scenario({"model": {"by_group": {"new": 2.0}}}), Scenario)
    assert isinstance(small.policy(MODELS["all"]), Policy)
