"""Buyers come and go: who is away, whose trust grows back, who stops buying because he was let down."""

from __future__ import annotations

from evenhand.sim.jit.compile import long
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import stage
from evenhand.sim.sampling.evidence import faded
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
def grow_trust(b: int, now: float, world: World, state: State) -> None:
    """Orders that went well since the buyer was last seen bring his trust back; see `good_trust`."""
    customer, habits = state.buyers[b], world.habits
    if customer.active and not habits.open_loop:
        orders = world.buyers[b].activity * habits.orders_each * (now - customer.seen_at) / 24.0
        grown = 1.0 - faded(world, habits.claims_good_order * orders)
        customer.trust += grown * (world.buyers[b].good_trust - customer.trust)
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
        customer.active = False
