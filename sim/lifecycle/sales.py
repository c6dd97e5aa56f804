"""What a merchant sells: its place in the ranking, suspensions, and the first weeks of a newcomer."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import stage
from evenhand.sim.sampling.evidence import faded
from evenhand.sim.sampling.world_rows import World


@stage
def sales(m: int, now: float, world: World, state: State) -> float:
    """Sales of a merchant relative to its start: its ranking, or a trickle while suspended."""
    seller = state.merchants[m]
    if now < seller.suspended_until and not world.habits.open_loop:
        return world.habits.ranking_suspended
    return seller.sales


@stage
def market_time(now: float, world: World) -> float:
    """The market's own time: hours weighted by how many orders the market makes in them."""
    hour = int(now)
    last = len(world.market_time) - 2
    if hour > last:
        return world.market_time[last + 1]
    low = world.market_time[hour]
    return low + (now - hour) * (world.market_time[hour + 1] - low)


@stage
def counted_time(since: float, until: float, world: World) -> float:
    """Market time between two hours, as far as it lies in the hours that are counted."""
    habits = world.habits
    first = since if since > habits.counted_since else habits.counted_since
    last = until if until < habits.counted_until else habits.counted_until
    return market_time(last, world) - market_time(first, world) if first < last else 0.0


@stage
def is_counted(now: float, world: World) -> bool:
    """Whether what happens now is counted; it is not in start-up, nor after the days of a cohort."""
    return world.habits.counted_since <= now < world.habits.counted_until


@stage
def sell(m: int, now: float, world: World, state: State) -> None:
    """Count what a merchant has sold until now, before its sales change; suspension included."""
    seller = state.merchants[m]
    since = seller.sold_until
    if since < seller.suspended_until and not world.habits.open_loop:
        until = seller.suspended_until if seller.suspended_until < now else now
        low = world.habits.ranking_suspended
        seller.sold += low * (market_time(until, world) - market_time(since, world))
        seller.sold_counted += low * counted_time(since, until, world)
        since = until
    seller.sold += seller.sales * (market_time(now, world) - market_time(since, world))
    seller.sold_counted += seller.sales * counted_time(since, now, world)
    seller.sold_until = now


def sold_at_the_end(world: World, state: State, horizon: float) -> NDArray[np.float64]:
    """Counted market time that each merchant has sold in, weighted by its sales; shape (merchants,).

    Works on arrays after a run: what `sell` has counted, and the time since.
    """
    became: Any = state.merchants
    clock = np.asarray(world.market_time)
    since, until = became["sold_until"], np.maximum(became["suspended_until"], 0.0)
    if world.habits.open_loop:
        until = np.zeros_like(until)
    until = np.clip(until, since, horizon)

    def at(hours: Any) -> NDArray[np.float64]:
        kept = np.clip(hours, world.habits.counted_since, world.habits.counted_until)
        return np.asarray(np.interp(kept, np.arange(len(clock)), clock))

    slow = world.habits.ranking_suspended * (at(until) - at(since))
    return np.asarray(became["sold_counted"] + slow + became["sales"] * (at(len(clock) - 1.0) - at(until)))


@stage
def sells(m: int, now: float, sales: float, world: World, state: State) -> None:
    """From now on a merchant has these sales; what it sold until now is counted first."""
    seller = state.merchants[m]
    sell(m, now, world, state)
    state.market[0].sales += world.merchants[m].sales * (sales - seller.sales)
    seller.sales = sales


@stage
def by_standing(m: int, world: World, state: State) -> float:
    """Sales at a merchant's standing relative to those at rest, which are what the scenario declares."""
    habits = world.habits
    top = 1.0 + habits.elasticity * (world.merchants[m].rest_standing - 1.0)
    bottom = 1.0 + habits.elasticity * (state.merchants[m].standing - 1.0)
    return top / bottom if top < habits.ranking_highest * bottom else habits.ranking_highest


@stage
def known(m: int, now: float, world: World, state: State) -> float:
    """What a newcomer sells of what an old shop of its standing would."""
    seller, habits = state.merchants[m], world.habits
    if seller.entered_at != seller.entered_at:
        return 1.0
    return 1.0 - habits.young_sales * faded(world, (now - seller.entered_at) / habits.young_time)


@stage
def ranking_moves(m: int, now: float, world: World, state: State) -> None:
    """Rating or standing moves the merchant's place in the ranking, and so its sales."""
    seller, habits = state.merchants[m], world.habits
    if not seller.active:
        return
    if habits.standing_enabled:
        ranked = by_standing(m, world, state)
    else:
        ranked = 1.0 + habits.ranking_slope * (seller.rating - world.merchants[m].rating)
    if ranked < habits.ranking_lowest:
        ranked = habits.ranking_lowest
    if ranked > habits.ranking_highest:
        ranked = habits.ranking_highest
    sells(m, now, ranked * known(m, now, world, state), world, state)
