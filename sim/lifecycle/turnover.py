"""Turnover: shops open and close; those in bad faith come back under another name.

A merchant is a place in the market with a size and a kind; the shops in it follow each other. Chance has
given each of them the hazard that it can take (`World.lives`); it is spent sooner at a bad standing. What
happens between two moments at which somebody looks at the shop is noticed at the second.
"""

from __future__ import annotations

from evenhand.sim.lifecycle.sales import is_counted, market_time, ranking_moves, sell, sells
from evenhand.sim.lifecycle.state import INFINITE, State
from evenhand.sim.lifecycle.transitions import stage
from evenhand.sim.sampling.world_rows import World

RAMP = 8.0
"""Times the time of a newcomer after which it is one no more."""


@stage
def life_of(m: int, world: World, state: State) -> int:
    """The row in `World.lives` of the shop that is there, or was last."""
    life, last = state.merchants[m].life, world.lives_each - 1
    return m * world.lives_each + (life if life < last else last)


@stage
def same_shop(d: int, world: World, state: State) -> bool:
    """Whether the shop of a dispute is still the one in that merchant's place."""
    return state.disputes[d].life == state.merchants[world.cases[d].merchant].life


@stage
def close_down(m: int, now: float, mean: float, world: World, state: State) -> None:
    """A shop closes; the next one opens after a time with this mean."""
    seller = state.merchants[m]
    sells(m, now, 0.0, world, state)
    seller.active = False
    seller.suspended_until = 0.0
    if is_counted(now, world):
        seller.exits += 1
    seller.vacant_until = now + mean * world.lives[life_of(m, world, state)].succession


@stage
def open_up(m: int, at: float, world: World, state: State) -> None:
    """Another shop opens, with the care that was declared and no history."""
    seller = state.merchants[m]
    sell(m, at, world, state)
    seller.life += 1
    seller.lasts = INFINITE
    if seller.life < world.lives_each - 1:
        seller.lasts = world.lives[life_of(m, world, state)].lasts
    if is_counted(at, world):
        seller.entries += 1
    seller.active = True
    seller.problem = seller.reply = seller.forging = seller.standing = 1.0
    seller.rating = world.merchants[m].rating
    seller.points = seller.spent = 0.0
    seller.struck = 0
    seller.cost = seller.cost_orders = seller.marks = seller.mark_orders = 0.0
    seller.counted_at = market_time(at, world)
    seller.counted_sold = seller.sold
    seller.seen_at = seller.entered_at = at
    seller.vacant_until = 0.0
    ranking_moves(m, at, world, state)


@stage
def present(m: int, now: float, world: World, state: State) -> bool:
    """Whether a merchant is in the market now; its time may have come, or that of its successor."""
    seller, habits = state.merchants[m], world.habits
    if not habits.turnover_enabled:
        return seller.active
    if not seller.active:
        if not 0.0 < seller.vacant_until <= now:
            return False
        open_up(m, seller.vacant_until, world, state)
    risk = 0.7 + 0.3 * seller.standing
    if risk > 3.0:
        risk = 3.0
    if not habits.open_loop:
        seller.spent += world.merchants[m].exit_rate * risk * (now - seller.seen_at)
    seller.seen_at = now
    if seller.spent >= seller.lasts:
        close_down(m, now, habits.newcomer_after, world, state)
    elif now - seller.entered_at < RAMP * habits.young_time:  # never where it was there at the start: NaN
        ranking_moves(m, now, world, state)
    return seller.active


@stage
def change_name(m: int, now: float, world: World, state: State) -> bool:
    """Whether a merchant in bad faith gives up a name that was suspended too often, to take another."""
    seller, habits = state.merchants[m], world.habits
    if not (habits.turnover_enabled and world.merchants[m].bad_faith and seller.active):
        return False
    if habits.open_loop or seller.struck < habits.leaves_after or seller.life >= world.lives_each - 1:
        return False
    back = world.lives[life_of(m, world, state)].back_luck < habits.comes_back
    if back and is_counted(now, world):
        seller.comebacks += 1
    close_down(m, now, habits.comeback_after if back else habits.newcomer_after, world, state)
    return True
