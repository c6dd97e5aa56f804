"""Every part of the feedback matters, in the direction it should, and none of it in an open loop."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from evenhand.sim.lifecycle import codes
from evenhand.sim.policy.compile import MERCHANT
from evenhand.sim.runs.records import Run
from tests.support import patch, small
from tests.support.runs import compiled, differing

GROUPS = ("flagship", "small")
PANEL = {"decision": {"decider": "panel", "panel": {"size": 5}}}
OFF: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "trust": ({"behaviour": {"trust": {"rate": 0}}}, {}),
    "learning from losses": ({"merchants": {"groups": {g: {"learning": 0} for g in GROUPS}}}, {}),
    "deterrence": ({"behaviour": {"learning": {"deterrence": 0}}}, {}),
    "emboldening": ({"behaviour": {"learning": {"emboldening": 0}}}, {}),
    "habit": ({"behaviour": {"habit": {"gain": 0, "loss": 0}}}, {}),
    "exit of buyers": ({"behaviour": {"exit": {"buyer_trust": 0}}}, {}),
    "exit of merchants": ({"behaviour": {"exit": {"merchant_rating": 0}}}, {}),
    "ranking": ({"behaviour": {"ranking": {"slope": 0}}}, {}),
    "suspension": ({"behaviour": {"ranking": {"suspended": 1}}}, {}),
    "load": ({"arbiters": {"load_effect": 0}}, {}),
    "novices": ({"arbiters": {"novice_factor": 1}}, {}),
    "jurors' learning": ({"jurors": {"pool": 100_000_000}}, PANEL),
}
BUSY = {
    "buyers": {"count": 150},
    "jurors": {"pool": 50, "bias": 2},
    "behaviour": {"trust": {"rate": 0.5}, "exit": {"buyer_trust": 0.8, "merchant_rating": 0.75}},
    "merchants": {"groups": {g: {"forges": 0.9} for g in GROUPS}},
    "arbiters": {"load_effect": 0.5, "novice_factor": 3},
}
"""Few buyers who come back, and strong effects: a small run in which everything happens."""


def run(scenario: dict[str, Any], policy: dict[str, Any], **arguments: Any) -> Run:
    return compiled(
        patch.scenario(patch.lay_over(BUSY, scenario)), small.policy(policy), **{"seed": 7, **arguments}
    )


@pytest.mark.parametrize("name", OFF)
def test_each_part_of_the_feedback_matters(name: str) -> None:
    """What is computed and never read would leave the records as they are."""
    off, policy = OFF[name]
    assert differing(run({}, policy, replications=6), run(off, policy, replications=6)) != []


@pytest.mark.parametrize(
    "change",
    [
        {"trust": {"rate": 0.9, "outcome_weight": 0.1, "process_weight": 0.9, "slow_after": 5}},
        {"learning": {"problem_floor": 0.9, "reply_floor": 0.9, "deterrence": 0.9, "emboldening": 0.9}},
        {"habit": {"gain": 1, "loss": 0.9}},
        {"exit": {"buyer_trust": 1, "merchant_rating": 1}},
        {"ranking": {"slope": 5, "lowest": 0.1, "suspended": 0}},
    ],
)
def test_in_an_open_loop_behaviour_has_no_effect(change: dict[str, Any]) -> None:
    """`open_loop` freezes people: what a policy does to them is then its first effect alone."""
    frozen = run({}, {}, open_loop=True)
    assert frozen.open_loop
    assert differing(frozen, run({"behaviour": change}, {}, open_loop=True)) == []
    assert differing(run({}, {}), run({"behaviour": change}, {})) != []


def test_open_loop_may_be_asked_for_in_the_scenario_or_in_the_call() -> None:
    """Both ways are the same switch."""
    by_file = run({"behaviour": {"open_loop": True}}, {})
    assert by_file.open_loop
    assert differing(by_file, run({}, {}, open_loop=True)) == []
    assert differing(run({"behaviour": {"open_loop": True}}, {}, open_loop=False), run({}, {})) == []


def test_in_an_open_loop_nobody_changes() -> None:
    """Trust, sales, habits and problems stay where they began; the platform's own notes move on."""
    frozen = run({}, {}, open_loop=True)
    assert (frozen.merchants["problem"] == 1).all()
    assert (frozen.merchants["reply"] == 1).all()
    assert (frozen.merchants["sales"] == 1).all()
    assert frozen.merchants["active"].all()
    closed = frozen.disputes["ending"] != codes.OPEN
    assert (frozen.disputes["trust_after"][closed] == 0.8).all()
    assert (frozen.merchants["rating"] != frozen.merchants["start_rating"]).any()


def test_a_slow_procedure_costs_trust() -> None:
    """To be heard late is to be heard less (Lind and Tyler 1988): same cases, slower desk, less trust."""
    weight = {"behaviour": {"trust": {"outcome_weight": 0, "process_weight": 1, "slow_after": 48}}}
    slow = {"desks": {"decision": {"service": {"law": "constant", "value": "4 h"}}}}
    prompt, late = (run(scenario, {}).disputes for scenario in (weight, patch.lay_over(weight, slow)))
    ruled = [d["dispute"][(d["ending"] == codes.RULED) & ~np.isnan(d["closed_at"])] for d in (prompt, late)]
    both = np.intersect1d(*ruled)
    assert len(both) > 50
    before, after = (d["trust_after"][np.isin(d["dispute"], both)] for d in (prompt, late))
    assert (after - before).mean() < -0.01


def test_a_procedure_without_a_hearing_costs_all_its_part_of_trust() -> None:
    """Who is not admitted had no voice: with process alone, trust falls to (1 - rate) of what it was."""
    weight = {
        "behaviour": {"trust": {"outcome_weight": 0, "process_weight": 1, "rate": 0.5}},
        "buyers": {"count": 100_000},
    }
    d = run(weight, {"screening": {"minimum_evidence": 6}}).disputes
    refused = d["ending"] == codes.INADMISSIBLE
    assert refused.sum() > 50
    assert np.median(d["trust_after"][refused]) == pytest.approx(0.4)


def test_trust_rises_with_the_outcome() -> None:
    """With outcome alone, who got all trusts more than before and who got nothing less."""
    weight = {
        "behaviour": {"trust": {"outcome_weight": 1, "process_weight": 0, "rate": 0.5}},
        "buyers": {"count": 100_000},
    }
    d = run(weight, {}).disputes
    ruled = d["ending"] == codes.RULED
    got = d["share"][ruled]
    assert np.median(d["trust_after"][ruled][got == 1]) == pytest.approx(0.9)
    assert np.median(d["trust_after"][ruled][got == 0]) == pytest.approx(0.4)


def test_merchants_who_lose_have_fewer_problems_and_answer_sooner() -> None:
    """Each loss takes the same share off both, down to their floors and no further."""
    floors = {"problem_floor": 0.4, "reply_floor": 0.2}
    strong = {
        "merchants": {"groups": {g: {"learning": 0.5} for g in GROUPS}},
        "behaviour": {"learning": floors, "exit": {"merchant_rating": 0}},
    }
    some = run(strong, {})
    d, m = some.disputes, some.merchants
    filed = ~np.isnan(d["filed_at"])
    lost = (np.isin(d["ending"], [codes.RULED, codes.DEFAULTED]) & d["upheld"]) | (
        (d["ending"] == codes.SETTLED) & filed
    )
    losses = np.bincount(d["merchant"][lost], minlength=len(m["merchant"]))
    np.testing.assert_allclose(m["problem"], np.maximum(0.5**losses, 0.4))
    np.testing.assert_allclose(m["reply"], np.maximum(0.5**losses, 0.2))
    assert losses.max() > 2


def test_a_rating_moves_by_its_step_to_what_each_filing_says() -> None:
    """Up to 1 for a case won, to the middle for one settled, down to 0 for one lost; else it stays."""
    some = run({}, {"sanctions": {"rating_step": 0.1}})
    d, m = some.disputes, some.merchants
    rating = m["start_rating"].copy()
    filed = ~np.isnan(d["filed_at"]) & (d["ending"] != codes.OPEN)
    kinds = set()
    for i in sorted(np.flatnonzero(filed), key=lambda i: d["closed_at"][i]):
        decided = d["ending"][i] in {codes.RULED, codes.DEFAULTED}
        goal = 1.0 - d["upheld"][i] if decided else 0.5 if d["ending"][i] == codes.SETTLED else None
        seller = d["merchant"][i]
        if goal is not None:
            rating[seller] += 0.1 * (goal - rating[seller])
        assert d["rating_after"][i] == pytest.approx(rating[seller])
        kinds.add(goal)
    assert kinds == {0.0, 0.5, 1.0, None}
    np.testing.assert_allclose(m["rating"], rating)


def test_a_rating_forgets_half_of_its_change_in_its_half_life() -> None:
    """Of a change t hours ago, h / (h + t) is left when the next filing ends."""
    step, half = 0.2, 100.0
    some = run({}, {"sanctions": {"rating_step": step, "rating_half_life": half}})
    d = some.disputes
    moves = np.isin(d["ending"], [codes.RULED, codes.DEFAULTED, codes.SETTLED])
    filed = np.flatnonzero(~np.isnan(d["filed_at"]) & moves)
    seller = np.bincount(d["merchant"][filed]).argmax()
    everything = ~np.isnan(d["filed_at"]) & (d["ending"] != codes.OPEN) & (d["merchant"] == seller)
    rating, since, start = 0.8, 0.0, 0.8
    for i in sorted(np.flatnonzero(everything), key=lambda i: d["closed_at"][i]):
        rating = start + (rating - start) * half / (half + d["closed_at"][i] - since)
        since = d["closed_at"][i]
        if i in filed:
            goal = 0.5 if d["ending"][i] == codes.SETTLED else 1.0 - d["upheld"][i]
            rating += step * (goal - rating)
        assert d["rating_after"][i] == pytest.approx(rating)


def test_ranking_follows_the_rating_within_its_bounds() -> None:
    """Sales are 1 + slope x change of rating, between lowest and highest; who left sells nothing."""
    bounds = {"slope": 3, "lowest": 0.7, "highest": 1.2}
    some = run({"behaviour": {"ranking": bounds, "exit": {"merchant_rating": 0.8}}}, {})
    m = some.merchants
    expected = np.clip(1 + 3 * (m["rating"] - m["start_rating"]), 0.7, 1.2)
    stayed = m["active"]
    assert 0 < stayed.sum() < len(stayed)
    np.testing.assert_allclose(m["sales"][stayed], expected[stayed])
    assert (m["sales"][~stayed] == 0).all()


def test_who_left_meets_no_new_disputes_and_sells_nothing_more() -> None:
    """Exit is for good; a suspension later on does not bring a merchant back."""
    leaves = {"behaviour": {"exit": {"merchant_rating": 1}}}
    some = run(leaves, {"sanctions": {"points_limit": 2}})
    d, e = some.disputes, some.events
    left = np.flatnonzero(e["activity"] == codes.MERCHANT_LEFT)
    assert len(left) > 5
    for merchant, when in zip(e["resource"][left], e["time"][left], strict=True):
        assert (d["order_at"][d["merchant"] == merchant] <= when).all()
    suspended = np.flatnonzero(e["activity"] == codes.MERCHANT_SUSPENDED)
    merchant_of = dict(zip(d["dispute"], d["merchant"], strict=True))
    gone = dict(zip(e["resource"][left], e["time"][left], strict=True))
    for case, when in zip(e["case"][suspended], e["time"][suspended], strict=True):
        assert when <= gone.get(merchant_of[case], np.inf)
    stay = run({"behaviour": {"exit": {"merchant_rating": 0}}}, {"sanctions": {"points_limit": 2}})
    assert some.merchants["orders"].sum() < stay.merchants["orders"].sum()


def test_penalty_points_add_up_and_suspend_at_the_limit() -> None:
    """Points for lost rulings, silence and forgery; at the limit the count starts again."""
    sanctions = {"points_loss": 2, "points_default": 3, "points_forgery": 12}
    free = run(
        {"behaviour": {"exit": {"merchant_rating": 0}}}, {"sanctions": {**sanctions, "points_limit": None}}
    )
    d = free.disputes
    decided = np.isin(d["ending"], [codes.RULED, codes.DEFAULTED])
    closed = (d["ending"] != codes.OPEN) & ~np.isnan(d["filed_at"])
    points = 2 * (decided & d["upheld"]) + 3 * (closed & (d["silence"] == MERCHANT))
    points = points + 12 * (closed & d["merchant_found_out"])
    owed = np.bincount(d["merchant"], points, minlength=len(free.merchants["points"]))
    np.testing.assert_allclose(free.merchants["points"], owed)
    limited = run(
        {"behaviour": {"exit": {"merchant_rating": 0}}}, {"sanctions": {**sanctions, "points_limit": 12}}
    )
    assert (limited.merchants["points"] < 12).all()
    assert (limited.events["activity"] == codes.MERCHANT_SUSPENDED).any()


def test_habits_raise_and_lower_groundless_claims() -> None:
    """A policy that pays groundless claims gets more of them, one that does not gets fewer."""
    gullible = {"decision": {"standard": 0.1}, "answer": {"silence": "buyer_wins"}}
    habit = {"behaviour": {"habit": {"gain": 1, "loss": 0}, "exit": {"buyer_trust": 0}}}
    stays = {"behaviour": {"habit": {"gain": 0, "loss": 0}, "exit": {"buyer_trust": 0}}}
    drops = {"behaviour": {"habit": {"gain": 0, "loss": 0.9}, "exit": {"buyer_trust": 0}}}
    counts = [
        (~run(some, gullible, replications=12).disputes["valid"]).sum() for some in (drops, stays, habit)
    ]
    assert counts[0] < 0.97 * counts[1]
    assert counts[1] < 0.97 * counts[2]
