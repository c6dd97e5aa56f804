"""The flip audit: an attribute switched on one causal path moves what that path moves, and nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import norm

from evenhand.analysis.counterfactual import Findings, flip
from evenhand.analysis.counterfactual.causal_paths import (
    LEFT_ALONE,
    MOVED,
    Attribute,
    as_if,
    members,
    side_of,
    switched,
)
from evenhand.sim.policy.policy import Policy
from evenhand.sim.sampling.streams import Luck
from evenhand.sim.sampling.world import Extent, draw_world
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.scenario import Scenario
from tests.support import court, patch, small
from tests.support import evidence as shared

DAYS = 30
SLOW = {"law": "lognormal", "median": "90 h", "sigma": 0.8}
UNLIKE: dict[str, Any] = {
    "buyers": {
        "groups": {
            "power": {
                "promptness": {"law": "exponential", "mean": "3 h"},
                "patience": SLOW,
                "platform_patience": SLOW,
                "clarity": 0.5,
                "keeps_packaging": 0.4,
                "filing_delay": SLOW,
                "composure": 0.4,
                "honesty": 0.5,
                "strategic": 0.9,
                "trust": 0.5,
                "skips_negotiation": 0.6,
                "effort": {"median": 90, "sigma": 0.1},
            }
        }
    },
    "merchants": {
        "groups": {
            "flagship": {
                "reply": SLOW,
                "service": 0.6,
                "forges": 0.7,
                "strategic": 0.8,
                "rating": 0.3,
                "learning": 0.2,
                "amount_factor": 3.0,
            }
        }
    },
}
"""Groups that differ in every trait."""
MANY = 100_000
ALONE: dict[str, Any] = {
    "desks": {name: {"staff": MANY} for name in ("screening", "decision", "review", "mediation")},
    "arbiters": {"load_effect": 0, "novice_factor": 1},
    "behaviour": {"exit": {"merchant_rating": 0}},
}
"""Nobody waits for anybody, and no arbiter learns."""
NO_RECORDS: dict[str, Any] = {"decision": {"history": {"buyer": 0, "merchant": 0}}}


def audit(
    scenario: Scenario, policy: Policy, attribute: Attribute = "merchant.group", **arguments: Any
) -> Findings:
    """A small audit of the usual two groups."""
    from_, to = ("small", "flagship") if attribute == "merchant.group" else ("new", "power")
    usual = {"replications": 2, "days": DAYS, "engine": "simpy", "one_by_one": 0}
    return flip(scenario, policy, attribute, from_, to, **{**usual, **arguments})


def differing(one: World, other: World, table: str) -> set[str]:
    """Names of the columns of a table of two worlds that differ."""
    a, b = getattr(one, table), getattr(other, table)
    return {name for name in a.dtype.names if a[name].tobytes() != b[name].tobytes()}


@pytest.mark.process
@pytest.mark.parametrize("attribute", list(MOVED))
def test_every_column_that_a_group_changes_is_on_a_path_or_left_alone(attribute: Attribute) -> None:
    """A new trait that no path carries would silently be left out of every audit.

    Some are drawn only where evidence is shared, others only where it is not.
    """
    policy, luck, side = small.policy({"mediation": {"rounds": 2}}), Luck(3, 0), side_of(attribute)
    from_, to = ("small", "flagship") if attribute == "merchant.group" else ("new", "power")
    tables = {
        "cases": "cases",
        "artefacts": "artefacts",
        "talks": "talks",
        "meetings": "meetings",
        side: "people",
    }
    changed: dict[str, set[str]] = {table: set() for table in tables}
    for evidence in ({}, shared.SCENARIO):
        scenario = patch.scenario(patch.lay_over(evidence, UNLIKE))
        world = draw_world(scenario, Extent.of(policy), luck, DAYS)
        other = as_if(scenario, world, luck, attribute, from_, to)
        for table in tables:
            changed[table] |= differing(world, other, table) - LEFT_ALONE[attribute]
        for table in ({"buyers", "merchants"} - {side}) | {"levels", "votes"}:
            assert not differing(world, other, table)
    for table, ours in tables.items():
        carried = {name for moved in MOVED[attribute].values() for name in getattr(moved, ours)}
        assert changed[table] == carried, table


def test_only_the_persons_concerned_are_switched() -> None:
    """Everybody else keeps every column, to the last bit."""
    scenario, policy = patch.scenario(UNLIKE), small.policy()
    luck = Luck(3, 0)
    world = draw_world(scenario, Extent.of(policy), luck, DAYS)
    who = members(scenario, world, "merchant.group", "small")
    other = as_if(scenario, world, luck, "merchant.group", "small", "flagship")
    made: Any = switched(world, other, "merchant.group", ["evidence", "delay"], who)
    drawn: Any = world
    mine = who[drawn.cases["merchant"]]
    assert (made.cases[~mine] == drawn.cases[~mine]).all()
    assert (made.merchants[~who] == drawn.merchants[~who]).all()
    assert (made.cases["evidence_delay"][mine] != drawn.cases["evidence_delay"][mine]).all()
    assert (made.merchants["rating"] == drawn.merchants["rating"]).all(), "not on these paths"


def all_zero(
    found: Findings, measures: tuple[str, ...] = ("rulings_changed", "buyer_wins", "refund")
) -> bool:
    """Whether every replication of every part is exactly 0."""
    parts = [one for one in found.findings if one.measure.name in measures]
    return bool(parts) and all((one.estimate.per_replication == 0).all() for one in parts)


@pytest.mark.process
def test_what_a_decider_cannot_see_changes_nothing_on_the_arbiters_path() -> None:
    """Design 6.7: exactly zero where the policy does not look at the rating, and not where it does."""
    scenario = patch.scenario(UNLIKE)
    everything = ("rulings_changed", "rulings_gone", "buyer_wins", "refund", "others_changed", "others_moved")
    blind = audit(scenario, small.policy(NO_RECORDS), paths=["arbiter"])
    assert blind.of("rulings_changed", "arbiter").n > 20
    assert all_zero(blind, everything)
    looks = small.policy({"decision": {"history": {"merchant": 3}}})
    assert audit(scenario, looks, paths=["arbiter"]).of("rulings_changed", "arbiter").value > 0


@pytest.mark.process
def test_no_case_file_shows_a_buyers_group() -> None:
    """A buyer's record with the platform is empty for all at the start, so the path carries nothing."""
    looks = small.policy({"decision": {"history": {"buyer": 3, "merchant": 3}}})
    assert all_zero(audit(patch.scenario(UNLIKE), looks, "buyer.group", paths=["arbiter"]))


@pytest.mark.process
def test_groups_that_differ_in_name_only_can_be_switched_without_effect() -> None:
    """Title and share are no traits."""
    same = small.SCENARIO["merchants"]["groups"]["small"]
    scenario = small.scenario(
        {"merchants": {"groups": {"flagship": {**same, "share": 0.2, "record_keeping": 1.0}}}}
    )
    assert all_zero(audit(scenario, small.policy(), paths=["arbiter", "evidence", "delay", "filing"]))


@pytest.mark.process
@pytest.mark.parametrize("attribute", list(MOVED))
def test_without_capacity_limits_no_other_dispute_changes(attribute: Attribute) -> None:
    """Design 6.7: spill-over is exactly 0, whether all are switched or one."""
    scenario = patch.scenario(patch.lay_over(UNLIKE, ALONE))
    found = audit(scenario, small.policy(NO_RECORDS), attribute, one_by_one=3, days=90)
    assert found.of("rulings_changed", "all paths").value > 0, "the switch does something"
    for measure in ("others_changed", "others_moved", "spill_over"):
        assert found.of(measure).n > 100
        assert all_zero(found, (measure,))


@pytest.mark.process
def test_a_queue_carries_the_switch_to_others() -> None:
    """The measure of spill-over can be something else than 0."""
    busy = {"desks": {"decision": {"service": {"law": "constant", "value": "8 h"}, "staff": 1}}}
    crowded = patch.scenario(patch.lay_over(UNLIKE, busy))
    found = audit(crowded, small.policy(NO_RECORDS), one_by_one=12)
    assert found.of("others_moved").value > 0.01
    assert found.of("spill_over").value > 0


@pytest.mark.process
def test_the_waterfall_adds_up_and_one_path_has_no_interaction() -> None:
    """The bars end where the total stands, in every replication."""
    scenario = patch.scenario(UNLIKE)
    found = audit(scenario, small.policy())
    for measure in ("buyer_wins", "refund"):
        parts = [
            found.of(measure, part).per_replication
            for part in ("arbiter", "evidence", "delay", "filing", "interaction")
        ]
        total = found.of(measure, "all paths").per_replication
        assert np.allclose(np.sum(parts, axis=0), total, rtol=0, atol=1e-12)
    alone = audit(scenario, small.policy(), paths=["evidence"])
    assert (alone.of("refund", "interaction").per_replication == 0).all()
    assert alone.of("refund", "evidence").value == found.of("refund", "evidence").value


@pytest.mark.process
def test_the_flip_rate_follows_from_signal_detection() -> None:
    """Who had no evidence always lost; with evidence of strength d wins Phi(d/2), or Phi(-d/2) if wrong."""
    strength, valid = 1.2, 0.7
    buyers = court.SCENARIO["buyers"]["groups"]["all"]
    scenario = court.scenario(
        patch.lay_over(
            court.strength(buyer=strength),
            {
                "causes": {
                    "quality_defect": {"per_thousand_orders": 1000 * valid},
                    "opportunistic": {"per_thousand_orders": 1000 * (1 - valid)},
                },
                "buyers": {
                    "groups": {
                        "all": {"share": 0.5},
                        "bare": {**buyers, "share": 0.5, "evidence_skill": 0},
                    }
                },
            },
        )
    )
    found = flip(
        scenario, court.policy(), "buyer.group", "bare", "all", replications=2, days=60, engine="simpy"
    )
    expected = valid * norm.cdf(strength / 2) + (1 - valid) * norm.cdf(-strength / 2)
    for measure, part in (("rulings_changed", "all paths"), ("buyer_wins", "evidence")):
        rate = found.of(measure, part)
        assert rate.n > 1000
        assert abs(rate.value - expected) < 3 * np.sqrt(expected * (1 - expected) / rate.n)
    assert found.of("spill_over").value == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"attribute": "merchant.size"}, "attribute: must be one of merchant.group, buyer.group"),
        ({"to": "large"}, "must be one of flagship, small, found 'large'"),
        ({"to": "small"}, "two groups"),
        ({"paths": ["luck"]}, "must be some of arbiter, evidence, delay, filing, found 'luck'"),
        ({"paths": []}, "found none"),
        ({"one_by_one": -1}, "0 or more"),
        ({"replications": 0}, "1 or more"),
        ({"engine": "sand"}, "must be one of auto"),
    ],
)
def test_what_cannot_be_switched_is_said(arguments: dict[str, Any], said: str) -> None:
    """The name, the value found, and what is allowed."""
    usual: dict[str, Any] = {"attribute": "merchant.group", "from_": "small", "to": "flagship", "days": 30}
    with pytest.raises(ValueError, match=said):
        flip(small.scenario(), small.policy(), **{**usual, **arguments})


@pytest.mark.process
def test_no_number_depends_on_the_engine_and_behaviour_may_be_left_free() -> None:
    """The same findings from both engines; with feedback, a switch also changes who comes to dispute."""
    scenario = patch.scenario(UNLIKE)
    frozen = audit(scenario, small.policy(), one_by_one=2)
    assert audit(scenario, small.policy(), one_by_one=2, engine="numba").rows() == frozen.rows()
    assert audit(scenario, small.policy(), one_by_one=2, open_loop=None).rows() != frozen.rows()
