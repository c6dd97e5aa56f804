"""The arms audit: more evidence helps as signal detection says, and never hurts by a rule."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from evenhand import scenarios
from evenhand.analysis.counterfactual import arms
from evenhand.analysis.counterfactual.evidence_effect import BY, EARLIER, twins
from evenhand.sim.sampling.streams import Luck
from evenhand.sim.sampling.world import Extent, draw_world
from tests.support import court, small

CALM = "tmall_unresponsive"
SHIPPED = [(CALM, "tmall", 45), (CALM, "wechat_shop_2024", 30), ("nyc_mediation", "mediation", 180)]


@pytest.mark.process
def test_the_gain_of_evidence_follows_from_signal_detection() -> None:
    """delta more nats win a buyer Phi((+-d^2/2 + delta) / d) - Phi(+-d/2), and a merchant as much."""
    strength, delta = 1.0, 0.7
    scenario = court.scenario(court.strength(buyer=strength))
    found = arms(scenario, court.policy(), delta=delta, replications=2, days=60, engine="simpy")
    gains = [norm.cdf(s * strength / 2 + delta / strength) - norm.cdf(s * strength / 2) for s in (1, -1)]
    expected = float(np.mean(gains))
    for side in ("buyer", "merchant"):
        rise = found.of("wins", side)
        assert rise.n > 2000
        assert abs(rise.value - expected) < 3 * np.sqrt(expected * (1 - expected) / rise.n)
        assert found.of("unit", side).value == delta
        assert (found.of("backfires", side).per_replication == 0).all()
    ratio = found.of("leverage_ratio").per_replication
    gained = [found.of("wins", side).per_replication for side in ("merchant", "buyer")]
    assert np.allclose(ratio, gained[0] / gained[1])
    assert ratio.mean() == pytest.approx(1, abs=0.15)


@pytest.mark.process
def test_who_answers_at_once_cannot_answer_earlier() -> None:
    """No delay, no effect: exactly 0."""
    found = arms(court.scenario(court.strength(1.0)), court.policy(), replications=2, days=20, engine="simpy")
    assert (found.of("wins", EARLIER).per_replication == 0).all()
    assert (found.of("refund", EARLIER).per_replication == 0).all()


def test_a_unit_is_the_spread_of_what_a_side_holds() -> None:
    """One standard deviation of its weights, towards the side itself; others stay as they are."""
    scenario, policy = small.scenario(), small.policy()
    world: Any = draw_world(scenario, Extent.of(policy), Luck(1, 0), 20)
    buyer, merchant, earlier = twins(world, "sd")
    for twin, side, sign in ((buyer, "buyer", 1), (merchant, "merchant", -1)):
        cases: Any = twin.world.cases
        held = world.cases[f"{side}_kinds"] > 0
        assert twin.unit == pytest.approx(world.cases[f"{side}_weight"][held].std())
        moved = cases[f"{side}_weight"] - world.cases[f"{side}_weight"]
        assert np.allclose(moved, sign * twin.unit)
        assert (cases[f"{side}_kinds"] > 0).all()
        assert (cases[f"{side}_kinds"][held] == world.cases[f"{side}_kinds"][held]).all()
        unmoved = set(cases.dtype.names) - {f"{side}_weight", f"{side}_kinds"}
        assert all((cases[name] == world.cases[name]).all() for name in unmoved)
    sooner: Any = earlier.world.cases
    assert np.allclose(sooner["evidence_delay"], np.maximum(world.cases["evidence_delay"] - 24, 0))


@pytest.mark.process
@pytest.mark.parametrize(("scenario", "policy", "days"), SHIPPED)
def test_no_shipped_policy_punishes_evidence_by_its_rules(scenario: str, policy: str, days: int) -> None:
    """More evidence for a side may come to nothing, but must not turn its win into a loss."""
    found = arms(
        scenarios.load(scenario), scenarios.policy(policy), replications=1, days=days, engine="simpy", seed=3
    )
    for side in ("buyer", "merchant"):
        assert found.of("wins", side).n > 20
        assert found.of("backfires_by_rule", side).value == 0


def test_a_rule_that_rewards_thin_files_is_caught() -> None:
    """Who has nothing gets a bonus and loses it with the first photo: evidence turns wins into losses."""
    perverse = court.policy({"decision": {"thin_inference": -2.0}})
    scenario = court.scenario(court.strength(merchant=0.5))
    found = arms(scenario, perverse, delta=0.1, replications=2, days=20, engine="simpy")
    assert found.of("backfires_by_rule", "buyer").value > 0.3
    assert found.of("backfires_by_rule", "buyer").value == found.of("backfires", "buyer").value


@pytest.mark.process
def test_the_reasons_share_out_all_backfires() -> None:
    """Every win lost has one reason."""
    found = arms(small.scenario(), small.policy(), replications=2, days=60, engine="simpy")
    for part in ("buyer", "merchant", EARLIER):
        reasons = sum(found.of(f"backfires_by_{reason}", part).per_replication for reason in BY)
        assert np.allclose(reasons, found.of("backfires", part).per_replication, rtol=0, atol=1e-12)


@pytest.mark.process
def test_a_merchant_may_gain_by_letting_buyers_wait() -> None:
    """Where impatient buyers withdraw, answering a day earlier costs the merchant: the audit says so."""
    waits = {"law": "constant", "value": "60 h"}
    buyers = {"all": {"platform_patience": {"law": "constant", "value": "50 h"}}}
    scenario = court.scenario(
        {
            **court.strength(2.0),
            "buyers": {"groups": buyers},
            "merchants": {"groups": {"all": {"reply": waits}}},
        }
    )
    policy = court.policy({"windows": {"merchant_evidence": "72 h"}})
    found = arms(scenario, policy, replications=2, days=20, engine="simpy")
    assert found.of("backfires_by_withdrawal", EARLIER).value > 0.4
    assert found.of("wins", EARLIER).value < -0.4


@pytest.mark.parametrize("delta", [0.0, -1.0, 25.0])
def test_a_unit_is_above_nothing(delta: float) -> None:
    """A negative unit would exchange the two sides without a word."""
    with pytest.raises(ValueError, match="delta: must be 'sd' or above 0"):
        arms(small.scenario(), small.policy(), delta=delta)
