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
def is_present(d: int, now: float, world: World, state: State) -> bool:
    """Whether the buyer of a case is buying now.

    With `behaviour.claims` each buyer leaves and returns at constant rates, solved exactly between two times
    that he is seen: p = p_rest + (p_then - p_rest) x exp(-(leaves + returns) t). Else who left stays away.
    """
    case, habits = world.cases[d], world.habits
    customer = state.buyers[case.buyer]
    if not habits.claims_enabled or habits.claims_leaves <= 0.0:
        return customer.active
    pace = habits.claims_leaves + habits.claims_returns
    rest = habits.claims_returns / pace
    was = 1.0 if customer.active else 0.0
    return case.present < rest + (was - rest) * faded(world, pace / MONTH * (now - customer.seen_at))


@stage
def grow_trust(b: int, now: float, world: World, state: State) -> None:
    """Orders that went well since the buyer was last seen bring his trust back towards where it was."""
    customer, habits = state.buyers[b], world.habits
    orders = world.buyers[b].orders * (now - customer.seen_at) / 24.0
    grown = 1.0 - faded(world, habits.claims_good_order * orders)
    customer.trust += grown * (world.buyers[b].trust - customer.trust)
    customer.seen_at = now


@stage
def is_seen(d: int, now: float, world: World, state: State) -> None:
    """The buyer has ordered, so he is here."""
    case, habits = world.cases[d], world.habits
    if not habits.claims_enabled:
        return
    customer = state.buyers[case.buyer]
    customer.active = True
    if habits.open_loop:
        customer.seen_at = now
    else:
        grow_trust(long(case.buyer), now, world, state)


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
