"""Standing is a rate over orders relative to all merchants; sales and the rating follow it."""

from __future__ import annotations

import numpy as np

from evenhand.sim.lifecycle.sales import by_standing
from evenhand.sim.lifecycle.standing import fade, take_stand
from evenhand.sim.lifecycle.state import MarketState, MerchantState
from tests.sim.lifecycle.test_care import fresh
from tests.support import respond, small
from tests.support.runs import compiled
from tests.support.signs import care as signs
from tests.support.signs.effect import hold


def test_sums_fade_to_what_flows_in_times_the_memory() -> None:
    """At a constant rate the sum is orders a day x memory, however often it is brought up to date."""
    world, _ = fresh(respond.scenario(respond.STANDING))
    often, seldom = MerchantState(), MerchantState()
    for _ in range(4000):
        fade(often, 0.25, 7.0, 960.0, world)
    for _ in range(50):
        fade(seldom, 20.0, 7.0, 960.0, world)
    assert np.isclose(often.mark_orders, 7.0 * 40, rtol=1e-6)
    assert np.isclose(seldom.mark_orders, 7.0 * 40, rtol=1e-6)


def test_a_standing_is_marks_for_an_order_beside_those_of_all() -> None:
    """Three times the marks of all, seen beside as many orders at the mean, is a standing of two."""
    world, state = fresh(respond.scenario(respond.STANDING))
    state.market[0] = MarketState(marks=10.0, mark_orders=1000.0)
    shop = state.merchants[0]
    shop.marks, shop.mark_orders = 3.0, 100.0
    take_stand(0, world, state)
    declared = world.merchants[0].rating
    assert np.isclose(shop.standing, 2.0)
    assert np.isclose(shop.rating, declared / (declared + (1 - declared) * 2.0))


def test_declared_sales_are_those_at_rest() -> None:
    """At its own rest point a merchant sells what the scenario declares, whatever its standing there."""
    world, state = fresh(respond.scenario(respond.STANDING))
    for m in range(len(world.merchants)):
        assert by_standing(m, world, state) == 1.0
    state.merchants[0].standing += 1.0
    assert by_standing(0, world, state) < 1.0


def test_the_worst_shops_stand_worst_size_held_fixed() -> None:
    """Sign 12: a standing follows the true problem rate between shops of one size."""
    hold(signs.standing())


def test_a_policy_that_keeps_no_ratings_leaves_no_marks() -> None:
    """Where `rating_step` is 0 nobody's standing moves."""
    quiet = small.policy({"sanctions": {"rating_step": 0.0}})
    run = compiled(respond.scenario(respond.STANDING), quiet, days=60, seed=2)
    assert run.disputes["mark"].sum() == 0.0
