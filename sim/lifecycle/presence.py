"""Buyers come and go: who is away, whose trust grows back, who stops buying because he was let down."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand.sim.jit.compile import long
from evenhand.sim.lifecycle.sales import is_counted
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import stage
from evenhand.sim.sampling.evidence import faded, faded_all
from evenhand.sim.sampling.world_rows import World

MONTH = 730.5
"""Hours."""


@stage
def chance_present(b: int, now: float, world: World, state: State) -> float:
    """Chance that a buyer is buying now: p_rest + (p_then - p_rest) x exp(-(leaves + returns) t).

    Each leaves and returns at constant rates, solved exactly between two times that he is looked for.
    """
    customer, habits = state.buyers[b], world.habits
    pace = habits.claims_leaves + habits.claims_returns
    rest = habits.claims_returns / pace
    was = 1.0 if customer.active else 0.0
    return rest + (was - rest) * faded(world, pace / MONTH * (now - customer.seen_at))


@stage
def hours_buying(b: int, now: float, world: World, state: State) -> float:
    """Expected hours of buying since the buyer was last looked for, as far as they are counted.

    The integral of `chance_present`: p_rest x t + (p_then - p_rest) x (exp(-k u) - exp(-k v)) / k, where
    k = leaves + returns, and u and v are the hours at which the counted part begins and ends.
    """
    customer, habits = state.buyers[b], world.habits
    first = customer.seen_at if customer.seen_at > habits.counted_since else habits.counted_since
    last = now if now < habits.counted_until else habits.counted_until
    if first >= last:
        return 0.0
    pace = (habits.claims_leaves + habits.claims_returns) / MONTH
    rest = habits.claims_returns / MONTH / pace
    was = 1.0 if customer.active else 0.0
    fading = faded(world, pace * (first - customer.seen_at)) - faded(world, pace * (last - customer.seen_at))
    return rest * (last - first) + (was - rest) * fading / pace


@stage
def grow_trust(b: int, now: float, world: World, state: State) -> None:
    """Orders that went well since the buyer was last seen bring his trust back; see `good_trust`."""
    customer, habits = state.buyers[b], world.habits
    if customer.active and not habits.open_loop:
        orders = world.buyers[b].activity * habits.orders_each * (now - customer.seen_at) / 24.0
        grown = 1.0 - faded(world, habits.claims_good_order * orders)
        customer.trust += grown * (world.buyers[b].good_trust - customer.trust)
    if habits.claims_leaves > 0.0:
        customer.buying += hours_buying(b, now, world, state)
    customer.seen_at = now


@stage
def is_here(d: int, now: float, world: World, state: State) -> bool:
    """Whether the buyer of a case is buying now; to ask again at the same time changes nothing.

    With `behaviour.claims` who is away comes back in time, else who left stays away. That he was away is
    noted as well as that he was here: chances of those looked for would rise otherwise. Why he is looked
    for must not depend on him, so this is asked last.
    """
    case, habits = world.cases[d], world.habits
    customer = state.buyers[case.buyer]
    if habits.claims_enabled:
        here = habits.claims_leaves <= 0.0 or case.present < chance_present(
            long(case.buyer), now, world, state
        )
        grow_trust(long(case.buyer), now, world, state)
        customer.active = here
    return customer.active


@stage
def maybe_leave(d: int, now: float, hurt: float, world: World, state: State) -> None:
    """A buyer who was let down stops buying for a while, the likelier the less trust he has left."""
    case, habits = world.cases[d], world.habits
    customer = state.buyers[case.buyer]
    if habits.claims_leaves > 0.0 and case.hurt_luck < habits.claims_leaves_hurt * hurt * (
        1.0 - customer.trust
    ):
        grow_trust(long(case.buyer), now, world, state)
        if customer.active and is_counted(now, world):
            customer.let_down += 1
        customer.active = False


def buying_at_the_end(world: World, state: State, horizon: float) -> NDArray[np.float64]:
    """Expected counted hours of buying of each buyer until the horizon; shape (buyers,).

    Works on arrays after a run: what `grow_trust` has counted, and the time since, as in `hours_buying`.
    """
    became: Any = state.buyers
    habits, seen = world.habits, became["seen_at"]
    pace = (habits.claims_leaves + habits.claims_returns) / MONTH
    rest = habits.claims_returns / MONTH / pace
    last = min(horizon, habits.counted_until)
    first = np.minimum(np.maximum(seen, habits.counted_since), last)
    until = np.maximum(last - seen, first - seen)
    fading = faded_all(world, pace * (first - seen)) - faded_all(world, pace * until)
    return np.asarray(became["buying"] + rest * (last - first) + (became["active"] - rest) * fading / pace)
