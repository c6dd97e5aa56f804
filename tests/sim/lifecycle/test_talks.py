"""Talks about remedies: round sums, the choice of a remedy, its consequences, and whom what helps."""

from __future__ import annotations

from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from evenhand.sim.lifecycle import codes
from evenhand.sim.lifecycle.remedies import cost_to_merchant, worth_to_buyer, worth_to_owner
from evenhand.sim.lifecycle.reservations import Picture
from evenhand.sim.lifecycle.rounding import round_sum_from, round_sum_to, unit_of
from evenhand.sim.lifecycle.talks import Offer, accepts, propose
from evenhand.sim.runs.records import Run
from evenhand.sim.sampling.evidence import logistic_table
from evenhand.sim.sampling.world import habits_of, manners_of
from evenhand.sim.sampling.world_rows import Manner
from evenhand.sim.scenario.vocabulary import (
    COUPON,
    NOTHING,
    PARTIAL,
    REFUND,
    REMEDIES,
    REPLACEMENT,
    RETURN,
)
from tests.support import invariants, talking
from tests.support.runs import compiled, differing, simpy
from tests.support.signs import talks as signs
from tests.support.signs.effect import hold, interval
from tests.support.signs.talks import worth_by_world

POLICIES: dict[str, dict[str, Any]] = {
    "as it is": {},
    "by right": talking.BY_RIGHT,
    "mediation": {"mediation": {"rounds": 3, "push": 0.3, "give_up": 0.5}},
    "offers": {"offers": {"enabled": True, "officer_needs": "either"}},
    "platform pays": {"funding": {"platform_below": 150, "platform_cap": 40}},
    "part of it": {"decision": {"remedy": "proportional"}, "returns": {"freight": "buyer"}},
    "loser pays": {"screening": {"filing_fee": 8, "loser_pays": True, "merchant_fee": 1}},
    "no talks": {"negotiation": {"rounds": 0, "required": False}, "returns": {"no_reason": True}},
}
"""Rules under which the same choice is made in other places, or for other reasons."""


@cache
def run_of(name: str) -> Run:
    """Two replications of the talking market under one of these."""
    return compiled(talking.scenario(), talking.rules(POLICIES[name]), seed=13, replications=2)


@pytest.mark.parametrize("name", POLICIES)
def test_both_engines_agree_to_the_bit(name: str) -> None:
    """The choice of a remedy is arithmetic that both engines do in the same order."""
    slow = simpy(talking.scenario(), talking.rules(POLICIES[name]), seed=13, replications=2)
    assert differing(run_of(name), slow) == []


@pytest.mark.parametrize("name", POLICIES)
@pytest.mark.parametrize("invariant", invariants.ALL, ids=lambda some: some.__name__)
def test_accounts_are_in_order(invariant: Any, name: str) -> None:
    """Remedies in kind, returns by agreement and returns by right leave no hole in the accounts."""
    invariant(run_of(name))


def test_every_remedy_is_agreed_upon_somewhere() -> None:
    """A remedy that nobody ever agrees upon is not offered."""
    found = {
        name: set(np.unique(d["remedy"][d["ending"] == codes.SETTLED])) for name, d in disputes().items()
    }
    assert set.union(*found.values()) >= set(range(len(REMEDIES))) - {NOTHING}, found
    by_right = disputes()["by right"]["reason"] == codes.RETURNED_BY_RIGHT
    assert by_right.sum() > 10


def disputes() -> dict[str, dict[str, NDArray[Any]]]:
    """The disputes of all of them."""
    return {name: run_of(name).disputes for name in POLICIES}


@pytest.mark.parametrize("name", POLICIES)
def test_a_remedy_is_what_was_paid_and_what_moved(name: str) -> None:
    """Money back, goods back and value agree with the remedy on record, in every closed dispute."""
    run = run_of(name)
    d, habits = run.disputes, run.scenario.behaviour.talks
    closed, price = d["ending"] != codes.OPEN, d["amount"]
    remedy = d["remedy"]
    whole = (remedy == RETURN) | (remedy == REFUND)
    assert np.allclose(d["refund"][closed & whole], price[closed & whole])
    part = closed & (remedy == PARTIAL)
    assert ((d["refund"] > 0) & (d["refund"] < price))[part].all()
    rest = closed & ~whole & (remedy != PARTIAL)
    assert (d["refund"][rest] == 0).all()
    freight = d["buyer_freight"] + d["merchant_freight"]
    assert (freight[closed & (remedy == RETURN)] == run.policy.returns.freight_cost).all()
    assert (freight[closed & (remedy != RETURN)] == 0).all()
    back = closed & (remedy == RETURN)
    worth = d["loss"] * price - habits.hassle - d["buyer_freight"]
    assert np.allclose(d["buyer_value"][back], worth[back])
    costs = (1 - d["salvage"]) * price + habits.handling + d["merchant_freight"] - d["platform_paid"]
    assert np.allclose(d["merchant_cost"][back], costs[back])
    assert np.isnan(d["buyer_value"][~closed]).all()
    agreed = closed & (d["ending"] == codes.SETTLED) & (remedy == PARTIAL)
    assert np.allclose(d["refund"][agreed], d["agreed"][agreed])


def test_goods_that_are_not_sent_back_are_not_paid_for() -> None:
    """An agreed return goes through the windows of a return; who keeps the goods has no remedy."""
    policy = talking.rules({"windows": {"ship": "1 d"}})
    d = compiled(talking.scenario(), policy, seed=13, replications=2).disputes
    kept = (d["ending"] == codes.SETTLED) & (d["reason"] == codes.GOODS_KEPT)
    assert kept.sum() > 20
    assert (d["remedy"][kept] == NOTHING).all()
    assert (d["refund"][kept] == 0).all()
    assert (d["buyer_value"][kept] == 0).all()


# --- the switch ----------------------------------------------------------------------------------------


def test_the_switch_moves_the_talks_and_nobodys_luck() -> None:
    """With people frozen the same disputes arise with the same truths and delays, whatever talks are of."""
    on, off = (
        compiled(
            talking.scenario({"behaviour": {"talks": {"enabled": enabled}}}),
            talking.rules(),
            seed=3,
            open_loop=True,
        ).disputes
        for enabled in (True, False)
    )
    drawn = (
        "position",
        "order_at",
        "delivery",
        "inspection",
        "buyer",
        "merchant",
        "cause",
        "claimed",
        "valid",
        "amount",
        "deserved",
        "severity",
        "loss",
        "shown_severity",
        "adequate",
        "salvage",
        "goods",
        "hostile",
        "effort",
        "buyer_weight",
        "merchant_weight",
        "buyer_kinds",
        "merchant_kinds",
    )
    assert [name for name in drawn if on[name].tobytes() != off[name].tobytes()] == []
    in_kind = {REPLACEMENT, COUPON, RETURN}
    assert in_kind <= set(on["remedy"][on["ending"] == codes.SETTLED].tolist())
    assert not in_kind & set(off["remedy"][off["ending"] == codes.SETTLED].tolist())


def test_no_share_of_the_price_comes_from_a_constant() -> None:
    """A share of a limit that is often the whole makes a heap; a choice among remedies makes none."""

    def heap(run: Run) -> float:
        d = run.disputes
        settled = d["ending"] == codes.SETTLED
        part = settled & (d["share"] > 0) & (d["share"] < 1)
        shares, counts = np.unique(np.round(d["share"][part], 3), return_counts=True)
        assert len(shares) > 20
        return float(counts.max() / settled.sum())

    assert heap(run_of("as it is")) < 0.1
    off = talking.scenario({"behaviour": {"talks": {"enabled": False}}})
    assert heap(compiled(off, talking.rules(), seed=13, replications=2)) > 0.1


def test_hostile_merchants_are_hostile_as_often_as_their_group_is() -> None:
    """The merchant's tone is a draw of the dispute, by group."""
    d = run_of("as it is").disputes
    assert abs(d["merchant_hostile"].mean() - 0.2) < 4 * np.sqrt(0.16 / len(d["amount"]))


# --- small cases on paper ------------------------------------------------------------------------------


def bench(**case: Any) -> tuple[Any, Any]:
    """A world of one dispute and rules for it, as stages see them under SimPy."""
    scenario = talking.scenario()
    row: dict[str, Any] = {
        "amount": 100.0,
        "in_hand": True,
        "claimed": 0,
        "goods": 0,
        "merchant": 0,
        "style": 1,
        "rounding": 0,
        "demand_luck": 0.9,
        "shown_severity": 0.8,
        "loss": 0.8,
        "severity": 0.8,
        "seems_salvage": 0.5,
    }
    manners = [Manner(*one) for one in manners_of(scenario).tolist()]
    world = SimpleNamespace(
        cases=[SimpleNamespace(**(row | case))],
        merchants=[SimpleNamespace(ill_will=0.5)],
        habits=habits_of(scenario, 10, None),
        manners=manners,
        logistic=logistic_table(),
    )
    rules = SimpleNamespace(
        returns_required=True, returns_exempt=0, returns_freight_merchant=True, returns_freight_cost=10.0
    )
    return world, SimpleNamespace(rules=[rules])


SEEN = Picture(harm=0.8, salvage=0.5, hope=40.0, by_right=0.0, limit=90.0)
"""A merchant that believes in a harm of 80 and thinks that the buyer expects 40."""


@given(
    least=st.floats(0.01, 5000),
    habit=st.integers(0, 3),
    price=st.floats(5, 10_000),
)
def test_a_round_sum_is_the_nearest_step_on_its_side(least: float, habit: int, price: float) -> None:
    """Rounded up it is enough, and one step less is not; rounded down it is within, and one more is not."""
    world, _ = bench(rounding=habit, amount=price)
    unit = unit_of(0, least, world)
    up, down = round_sum_from(0, least, world), round_sum_to(0, least, world)
    assert up >= least * (1 - 1e-8)
    assert up - unit < least * (1 + 1e-8)
    assert down <= least * (1 + 1e-8)
    assert down + unit > least * (1 - 1e-8)
    assert abs(up / unit - round(up / unit)) < 1e-9


def test_steps_of_money_grow_with_the_sum() -> None:
    """People count in fives, tens, fifties and hundreds."""
    coarse, fine = bench(rounding=2)[0], bench(rounding=3)[0]
    sums = (10.0, 40.0, 200.0, 700.0, 3000.0)
    assert [unit_of(0, some, coarse) for some in sums] == [5, 10, 50, 100, 100]
    assert [unit_of(0, some, fine) for some in sums] == [5, 10, 10, 50, 100]
    assert unit_of(0, 40.0, bench(rounding=1)[0]) == 5.0


def test_the_worth_and_the_cost_of_remedies_are_as_on_paper() -> None:
    """Price 100, loss .8, salvage .5, freight 10 by the merchant, hassle 3, handling 5, goods cost .6."""
    world, policy = bench()
    worth = [worth_to_buyer(k, 30.0, 0.8, 0, 0, world, policy) for k in range(len(REMEDIES))]
    cost = [cost_to_merchant(k, 30.0, 0.5, 0, 0, world, policy) for k in range(len(REMEDIES))]
    assert worth == pytest.approx([0, 77, 100, 30, 69, 53, 6])
    assert cost == pytest.approx([0, 65, 100, 30, 55, 39, 6])
    late, policy = bench(in_hand=False, claimed=2)
    assert worth_to_buyer(5, 0.0, 1.0, 0, 0, late, policy) == pytest.approx(74)
    assert cost_to_merchant(5, 0.0, 0.9, 0, 0, late, policy) == pytest.approx(5)
    assert cost_to_merchant(REFUND, 0.0, 0.9, 0, 0, late, policy) == pytest.approx(10)


def test_the_cheapest_remedy_that_will_do_is_proposed() -> None:
    """Need 45: a part of 50 costs 65, half of the harm of 30 that is left included, a replacement 60.5."""
    world, policy = bench(style=0, demand_luck=0.9)
    offer = propose(SEEN, 45.0, 90.0, 0, 0, 0, world, policy)
    assert offer == Offer(REPLACEMENT, 0.0, PARTIAL, codes.CHEAPEST)


def test_what_is_asked_for_is_granted_if_it_is_hardly_dearer() -> None:
    """A fair merchant grants the return, 65 + half of 3, because it is within .18 of the price of 60.5."""
    world, policy = bench(style=1)
    offer = propose(SEEN, 45.0, 90.0, 0, 0, 0, world, policy)
    assert offer == Offer(RETURN, 0.0, REPLACEMENT, codes.GRANTED)


def test_where_nothing_will_do_it_is_the_most_within_the_limit() -> None:
    """Limit 50: part a costs a + half of (80 - a), so a = 20 and in tenths 20; a coupon is worth less."""
    world, policy = bench(style=0)
    offer = propose(SEEN, 75.0, 50.0, 0, 0, 0, world, policy)
    assert offer == Offer(PARTIAL, 20.0, COUPON, codes.MOST)


def test_worthless_returns_are_not_taken_by_abusers() -> None:
    """A negative ask must not make a buyer take what is worth less than nothing to him."""
    world, policy = bench(loss=0.0)
    offer = Offer(RETURN, 0.0, -1, codes.CHEAPEST)
    assert not accepts(offer, -5.0, -5.0, 0, 0, world, policy)
    assert accepts(offer._replace(remedy=REFUND), -5.0, -5.0, 0, 0, world, policy)


def test_another_piece_of_what_he_dislikes_is_worth_nothing_to_a_buyer() -> None:
    """Remorse is no defect: the same goods again are trouble, and the price is worth what he dislikes."""
    world, policy = bench(loss=0.6, severity=0.0)
    assert worth_to_owner(REPLACEMENT, 0.0, 0, 0, world, policy) == pytest.approx(-3)
    assert worth_to_owner(RETURN, 0.0, 0, 0, world, policy) == pytest.approx(57)


# --- whom what helps: paired worlds --------------------------------------------------------------------


def test_calm_buyers_get_more() -> None:
    """Sign 7: a hostile tone costs the buyer who has a case, evidence apart."""
    hold(signs.calm())


def test_courteous_merchants_lose_less() -> None:
    """Sign 8: a hostile tone makes buyers hold out, so honest grievances cost the merchant more."""
    hold(signs.courtesy())


def test_remedies_follow_what_is_deserved() -> None:
    """Sign 15: deserved full, half, nothing: what buyers have in the end is worth less and less."""
    hold(signs.remedies())


def test_styles_settle_the_more_the_more_generous_they_are() -> None:
    """Tough, fair, generous: what a style adds to need and limit shows."""
    run = compiled(talking.scenario(), talking.rules(), seed=31, replications=12, days=45)
    d = run.disputes
    met = d["rounds"] > 0
    settled = ((d["ending"] == codes.SETTLED) & np.isnan(d["filed_at"])).astype(float)
    by_style = [worth_by_world(run, met & (d["style"] == k), settled) for k in range(3)]
    for k in (0, 1):
        low, high = interval(by_style[k + 1] - by_style[k])
        assert low > 0, f"style {k + 1} over {k}: {low:.4f} to {high:.4f}"


def test_made_up_claims_are_for_harms_like_those_of_their_kind() -> None:
    """What the evidence seems to speak for differs between claims, in hand; the rest is for the whole."""
    d = compiled(talking.scenario(), talking.rules(), seed=3, days=90).disputes
    made_up = ~d["valid"].astype(bool)
    in_hand = made_up & d["in_hand"].astype(bool)
    assert in_hand.sum() > 100
    assert 0.2 < (d["shown"][in_hand] < 0.7).mean() < 0.9
    assert (d["shown"][made_up & ~in_hand] > 0.5).all()
