"""The loops audit: what feedback adds is free less frozen in the same world, and 0 where there is none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from evenhand.analysis import outcomes_by
from evenhand.analysis.counterfactual import loops
from evenhand.analysis.counterfactual.feedback_effect import GAPS, _share
from evenhand.sim.runs.runner import simulate
from tests.support import small

STILL: dict[str, Any] = {
    "trust": {"rate": 0},
    "habit": {"gain": 0, "loss": 0},
    "exit": {"buyer_trust": 0, "merchant_rating": 0},
    "ranking": {"slope": 0},
}
DENIED = [("effective_denial_rate", "buyer_group")]


@pytest.mark.process
def test_behaviour_without_feedback_adds_nothing() -> None:
    """Frozen and free are then the same run: exactly 0 in every gap."""
    groups = {name: {"learning": 0} for name in small.SCENARIO["merchants"]["groups"]}
    scenario = small.scenario(
        {
            "behaviour": {**STILL, "learning": {"deterrence": 0, "emboldening": 0}},
            "merchants": {"groups": groups},
        }
    )
    policy = small.policy({"sanctions": {"points_limit": None}})
    found = loops(scenario, policy, replications=2, days=40, engine="simpy")
    added = [one.estimate for one in found.findings if one.measure.name.endswith(".added")]
    assert len(added) == len(GAPS) * 1.5, "two of the three buyer groups, one of the two merchant groups"
    assert all((np.nan_to_num(one.per_replication) == 0).all() for one in added)


@pytest.mark.process
def test_gaps_are_those_of_the_two_runs() -> None:
    """Group less reference, frozen and free, as `outcomes_by` has them."""
    scenario, policy = small.scenario(), small.policy()
    usual: dict[str, Any] = {"replications": 3, "days": 60, "engine": "simpy"}
    found = loops(scenario, policy, DENIED, reference={"buyer_group": "regular"}, **usual)
    metric, column = DENIED[0]
    for name, open_loop in (("frozen", True), ("free", False)):
        groups = outcomes_by(simulate(scenario, policy, open_loop=open_loop, **usual), column, [metric])
        for group in ("new", "power"):
            gap = groups[group][metric].per_replication - groups["regular"][metric].per_replication
            one = found.of(f"{metric}.{name}", f"buyer: {group} - regular")
            assert np.array_equal(one.per_replication, gap)
            assert one.value == pytest.approx(groups[group][metric].value - groups["regular"][metric].value)
    part = "buyer: new - regular"
    added, free, frozen = (found.of(f"{metric}.{name}", part) for name in ("added", "free", "frozen"))
    assert np.allclose(added.per_replication, free.per_replication - frozen.per_replication)
    assert (added.per_replication != 0).any(), "feedback does something here"
    assert found.of(f"{metric}.feedback_share", part).value == pytest.approx(added.value / free.value)


def test_fiellers_interval_covers_the_ratio_of_means() -> None:
    """Over 2,000 toy studies of 12 replications, 93 to 97 % of the 95 % intervals hold the true share."""
    rng, inside, found = np.random.default_rng(8), 0, 0
    for _ in range(2000):
        free = rng.normal(0.10, 0.05, 12)
        added = 0.3 * free + rng.normal(0.0, 0.02, 12)
        share = _share(added, free, 12)
        if share.ci:
            found += 1
            inside += share.ci[0] <= 0.3 <= share.ci[1]
    assert found > 1950
    assert 0.93 < inside / found < 0.97


def test_a_share_of_nothing_has_no_interval() -> None:
    """Where the free gap may be 0, any share is possible; where it is 0, none is defined."""
    free = np.array([0.1, -0.1, 0.05, -0.06])
    assert _share(free / 2, free, 4).ci is None
    assert np.isnan(_share(np.zeros(3), np.zeros(3), 3).value)
    steady = _share(np.array([0.02, 0.04, 0.03]), np.array([0.04, 0.08, 0.06]), 3)
    assert steady.value == pytest.approx(0.5)
    assert steady.ci == pytest.approx((0.5, 0.5))


def test_unknown_columns_groups_and_metrics_are_refused() -> None:
    """With what is allowed."""
    scenario, policy = small.scenario(), small.policy()
    with pytest.raises(ValueError, match="column must be one of"):
        loops(scenario, policy, [("wrongful_denial_rate", "colour")])
    with pytest.raises(ValueError, match="must be one of new, regular, power, found 'old'"):
        loops(scenario, policy, DENIED, reference={"buyer_group": "old"})
    with pytest.raises(ValueError, match="no metric 'wrong'"):
        loops(scenario, policy, [("wrong", "buyer_group")], replications=1, days=20, engine="simpy")
