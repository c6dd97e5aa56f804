"""What a policy cannot see makes no difference, and one dispute's luck is no other's business."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from evenhand.sim.policy.policy import Policy
from evenhand.sim.sampling.streams import Luck
from evenhand.sim.sampling.world import Extent, draw_world
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.scenario import Scenario
from tests.support import patch, small
from tests.support.runs import changed_disputes, outcome, with_cases

DAYS = 60
MANY = 100_000
"""Staff enough for nobody ever to wait."""

UNCOUPLED: dict[str, Any] = {
    "behaviour": {"open_loop": True},
    "desks": {name: {"staff": MANY} for name in ("screening", "decision", "review", "mediation")},
    "arbiters": {"load_effect": 0, "novice_factor": 1},
    "jurors": {"bias": 0},
}
"""No feedback, no queues, nobody whose experience is shared."""
NO_RECORDS: dict[str, Any] = {"decision": {"history": {"buyer": 0, "merchant": 0}}}
"""Rules that do not look at what the parties did before."""
COUNTS = ("request", "rating_after")
"""Notes of where a party's record stood; the rules above do not read them."""


@pytest.fixture(scope="module")
def market() -> tuple[Scenario, Policy, World]:
    scenario, policy = small.scenario(), small.policy()
    return scenario, policy, draw_world(scenario, Extent.of(policy), Luck(21, 0), DAYS)


@pytest.mark.parametrize("who", ["buyers", "merchants"])
def test_flipping_a_group_changes_nothing_on_the_arbiters_path(
    market: tuple[Scenario, Policy, World], who: str
) -> None:
    """A group is a word in the report: whatever differs between groups differs by their traits."""
    scenario, policy, world = market
    people: Any = getattr(world, who).copy()
    people["group"] = people["group"].max() - people["group"]
    assert (people["group"] != getattr(world, who)["group"]).any()
    flipped = outcome(world._replace(**{who: people}), scenario, policy, DAYS)
    assert len(changed_disputes(outcome(world, scenario, policy, DAYS), flipped)) == 0


def test_what_only_the_buyer_knows_does_not_reach_a_ruling() -> None:
    """On one file there is one ruling: what he knew of the rules acts before it, not on it."""
    scenario, policy = small.scenario(UNCOUPLED), small.policy(NO_RECORDS)
    world = draw_world(scenario, Extent.of(policy), Luck(22, 0), DAYS)
    buyers: Any = world.buyers
    buyers = buyers.copy()
    buyers["knowledge"] = 1 - buyers["knowledge"] / 2
    one: Any = outcome(world, scenario, policy, DAYS).disputes
    other: Any = outcome(world._replace(buyers=buyers), scenario, policy, DAYS).disputes
    both = ~np.isnan(one["ruled_at"]) & ~np.isnan(other["ruled_at"])
    assert both.sum() > 50
    assert (one["ending"] != other["ending"]).any(), "the trait does matter before"
    assert np.array_equal(one["first_share"][both], other["first_share"][both])


def shifted(world: World, d: int, **luck: float) -> World:
    """The same world, but for some luck of one dispute."""
    columns: Any = {}
    for name, value in luck.items():
        cases: Any = world.cases
        columns[name] = cases[name].copy()
        columns[name][d] = value
    return with_cases(world, **columns)


def ruled_ones(state: Any, count: int) -> NDArray[np.int64]:
    """Some disputes, spread over the run, that were ruled on."""
    ruled = np.flatnonzero(~np.isnan(state.disputes["ruled_at"]))
    assert len(ruled) > count
    return np.asarray(ruled[np.linspace(0, len(ruled) - 1, count).astype(int)])


LUCK: list[dict[str, float]] = [
    {"buyer_weight": 9.0},
    {"buyer_weight": -9.0},
    {"merchant_weight": 9.0},
    {"evidence_delay": 0.5},
    {"stonewall_luck": 0.0},
    {"filing_delay": 90.0},
    {"happens": 1.0},
    {"screening_hours": 5.0},
]


@pytest.mark.parametrize("decider", ["desk", "panel"])
@pytest.mark.parametrize("luck", LUCK, ids=lambda some: next(iter(some)))
def test_without_capacity_limits_one_disputes_luck_changes_no_other_dispute(
    luck: dict[str, float], decider: str
) -> None:
    """Zero others, exactly: this is what draws keyed by their owner buy (a shared stream moved 38 %)."""
    changes = {"decision": {"decider": decider, "panel": {"size": 5}, **NO_RECORDS["decision"]}}
    scenario, policy = small.scenario(UNCOUPLED), small.policy(changes)
    world = draw_world(scenario, Extent.of(policy), Luck(23, 0), DAYS)
    base = outcome(world, scenario, policy, DAYS)
    touched = 0
    for d in ruled_ones(base, 6):
        changed = changed_disputes(base, outcome(shifted(world, d, **luck), scenario, policy, DAYS), COUNTS)
        assert changed.tolist() in ([], [d])
        touched += len(changed)
    assert touched >= 3


@pytest.mark.parametrize(
    "coupling",
    [
        {"desks": {"decision": {"staff": 1, "service": {"median": "5 h"}}}},
        {"behaviour": {"open_loop": False}},
        {"arbiters": {"novice_factor": 3}},
        {"jurors": {"bias": 5, "pool": 1}},
    ],
)
def test_capacity_feedback_and_shared_experience_do_couple_disputes(coupling: dict[str, Any]) -> None:
    """Each of the things that the test above switches off would have made it fail."""
    decider = "panel" if "jurors" in coupling else "desk"
    changes = {"decision": {"decider": decider, "panel": {"size": 5}, **NO_RECORDS["decision"]}}
    scenario = small.scenario(patch.lay_over(UNCOUPLED, coupling))
    policy = small.policy(changes)
    world = draw_world(scenario, Extent.of(policy), Luck(23, 0), DAYS)
    base = outcome(world, scenario, policy, DAYS)
    merchant: Any = world.cases
    merchant = merchant["merchant"]
    strangers = 0
    for d in ruled_ones(base, 12):
        luck = {"happens": 1.0}
        changed = changed_disputes(base, outcome(shifted(world, d, **luck), scenario, policy, DAYS))
        strangers += sum(merchant[i] != merchant[d] for i in changed)
    assert strangers > 0
