"""What merchants and their market remember, as fading sums: costs of disputes, marks, and orders.

A sum S of what happens at times t is S = sum of exp(-(now - t) / memory). It is brought up to date when
a dispute of the merchant ends; orders need no events, because they are known from sales and the market's
own time, in which all memories run.
"""

from __future__ import annotations

from typing import Any

from evenhand.sim.lifecycle.care import believed_cost, care_moves
from evenhand.sim.lifecycle.codes import SETTLED
from evenhand.sim.lifecycle.sales import market_time, sell
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import stage, was_decided, was_filed
from evenhand.sim.policy.compile import PolicyRules
from evenhand.sim.sampling.evidence import faded
from evenhand.sim.sampling.world_rows import World

MEAN_LIFE = 1.4426950408889634
"""Mean life of what fades, for a half-life of 1."""


@stage
def fade(row: Any, days: float, orders: float, window: float, world: World) -> None:
    """Let the sums of a merchant or the market fade over some days with so many orders each."""
    memory = world.habits.care_memory
    kept = faded(world, 24.0 * days / memory)
    row.cost *= kept
    row.cost_orders = row.cost_orders * kept + orders * memory / 24.0 * (1.0 - kept)
    kept = faded(world, 24.0 * days / window)
    row.marks *= kept
    row.mark_orders = row.mark_orders * kept + orders * window / 24.0 * (1.0 - kept)


@stage
def bring_up_to_date(m: int, now: float, window: float, world: World, state: State) -> float:
    """Let the sums of a merchant and of its market fade until now; gives the merchant's days since.

    `window` is the memory of marks, in hours.
    """
    seller, market = state.merchants[m], state.market[0]
    clock = market_time(now, world)
    days = clock - market.counted_at
    if days > 0.0:
        fade(market, days, world.habits.orders_per_day * market.sales, window, world)
        market.counted_at = clock
    days = clock - seller.counted_at
    if days <= 0.0:
        return 0.0
    sell(m, now, world, state)
    orders = world.merchants[m].orders * (seller.sold - seller.counted_sold) / days
    fade(seller, days, orders if orders > 0.0 else 0.0, window, world)
    seller.counted_at = clock
    seller.counted_sold = seller.sold
    return days


@stage
def mark_of(d: int, world: World, policy: PolicyRules, state: State) -> float:
    """What an ended dispute counts against the merchant; nothing where the policy keeps no ratings."""
    mine, habits = state.disputes[d], world.habits
    if policy.rules[mine.row].rating_step <= 0.0:
        return 0.0
    if was_decided(d, state):
        return 1.0 if mine.upheld else habits.refused_mark
    return habits.settled_mark if mine.ending == SETTLED and was_filed(d, state) else 0.0


@stage
def take_stand(m: int, world: World, state: State) -> None:
    """Standing of a merchant from its marks for an order, and the rating that policies read.

    A standing z at a group's rating r gives r / (r + (1 - r) z): the odds fall with it.
    """
    seller, market, weight = state.merchants[m], state.market[0], world.habits.standing_peers_weight
    peers = market.marks / market.mark_orders if market.mark_orders > 0.0 else 0.0
    orders = seller.mark_orders + weight
    if peers > 0.0 and orders > 0.0:
        seller.standing = (seller.marks + weight * peers) / orders / peers
    else:
        seller.standing = 1.0
    declared = world.merchants[m].rating
    odds = declared + (1.0 - declared) * seller.standing
    seller.rating = declared / odds if odds > 0.0 else declared


@stage
def remember(d: int, now: float, world: World, policy: PolicyRules, state: State) -> None:
    """An ended dispute enters the merchant's accounts: care moves for the time since the last one, then
    the cost and the marks of this one count."""
    mine, m, habits = state.disputes[d], world.cases[d].merchant, world.habits
    seller, market = state.merchants[m], state.market[0]
    half = policy.rules[mine.row].rating_half_life
    window = half * MEAN_LIFE if half > 0.0 else habits.standing_memory
    days = bring_up_to_date(m, now, window, world, state)
    if habits.care_enabled:
        mine.care_cost = believed_cost(d, world, policy, state)
        if not habits.open_loop:
            care_moves(m, 24.0 * days, world, state)
        seller.cost += mine.care_cost
        market.cost += mine.care_cost
    if habits.standing_enabled:
        mine.mark = mark_of(d, world, policy, state)
        seller.marks += mine.mark
        market.marks += mine.mark
        take_stand(m, world, state)
