"""Feedback of an ending: merchants learn, trust and habits change, some leave, ranking moves sales.

With `behaviour.open_loop` nothing in this file changes anybody.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand.sim.jit.compile import long
from evenhand.sim.lifecycle.claiming import spread_word
from evenhand.sim.lifecycle.codes import BUYER_LEFT, INADMISSIBLE, LAPSED, MERCHANT_LEFT, SETTLED, WITHDRAWN
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import log_event_by, stage, stake, was_decided, was_filed
from evenhand.sim.policy.compile import PolicyRules
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.vocabulary import N_VALID, NOTHING, REPAIR, REPLACEMENT


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
def sell(m: int, now: float, world: World, state: State) -> None:
    """Count what a merchant has sold until now, before its sales change; suspension included."""
    seller = state.merchants[m]
    since = seller.sold_until
    if since < seller.suspended_until and not world.habits.open_loop:
        until = seller.suspended_until if seller.suspended_until < now else now
        low = world.habits.ranking_suspended
        seller.sold += low * (market_time(until, world) - market_time(since, world))
        since = until
    seller.sold += seller.sales * (market_time(now, world) - market_time(since, world))
    seller.sold_until = now


def sold_at_the_end(world: World, state: State, horizon: float) -> NDArray[np.float64]:
    """Market time that each merchant has sold in, weighted by its sales; shape (merchants,).

    Works on arrays after a run: what `sell` has counted, and the time since.
    """
    became: Any = state.merchants
    clock = np.asarray(world.market_time)
    since, until = became["sold_until"], np.maximum(became["suspended_until"], 0.0)
    if world.habits.open_loop:
        until = np.zeros_like(until)
    until = np.clip(until, since, horizon)

    def at(hours: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.interp(hours, np.arange(len(clock)), clock))

    slow = world.habits.ranking_suspended * (at(until) - at(since))
    return np.asarray(became["sold"] + slow + became["sales"] * (clock[-1] - at(until)))


@stage
def trust_moves(d: int, now: float, world: World, policy: PolicyRules, state: State) -> None:
    """The buyer's trust moves towards what the platform gave: outcome and procedure, weighted.

    Procedure is having been heard, and soon (Thibaut & Walker 1975; Lind & Tyler 1988).
    """
    case, mine = world.cases[d], state.disputes[d]
    customer, habits = state.buyers[case.buyer], world.habits
    if was_filed(d, state) and mine.ending != WITHDRAWN:
        hoped = stake(d, mine.row, world, policy)
        outcome = mine.share / hoped if mine.share < hoped else 1.0
        if mine.remedy in (REPLACEMENT, REPAIR):
            outcome = 1.0  # whole goods are what was hoped for
        voice = 0.0 if mine.ending == INADMISSIBLE or mine.ending == LAPSED else 1.0
        speed = habits.slow_after / (habits.slow_after + (now - mine.filed_at))
        felt = habits.outcome_weight * outcome + habits.process_weight * voice * speed
        customer.trust += habits.trust_rate * (felt - customer.trust)


@stage
def settlement_counts(d: int, world: World, state: State) -> None:
    """A grievance put right without the platform moves trust as an outcome there would."""
    case, mine, habits = world.cases[d], state.disputes[d], world.habits
    customer = state.buyers[case.buyer]
    if not was_filed(d, state) and case.valid and mine.share > 0.0:
        felt = mine.share / case.loss if mine.share < case.loss else 1.0
        customer.trust += habits.trust_rate * habits.outcome_weight * (felt - customer.trust)


@stage
def habit_forms(d: int, world: World, state: State) -> None:
    """A groundless claim that paid makes the next one likelier, one that failed less so."""
    case, mine, habits = world.cases[d], state.disputes[d], world.habits
    customer = state.buyers[case.buyer]
    if case.cause < N_VALID:
        return
    if mine.share > 0.0 or mine.remedy != NOTHING:
        customer.boldness *= 1.0 + habits.habit_gain
        if customer.boldness > habits.habit_ceiling:
            customer.boldness = habits.habit_ceiling
    else:
        customer.boldness *= 1.0 - habits.habit_loss


@stage
def merchant_learns(d: int, world: World, state: State) -> None:
    """Who lost has fewer problems and answers sooner; who was found out forges less, or more if not."""
    case, mine, habits = world.cases[d], state.disputes[d], world.habits
    seller, traits = state.merchants[case.merchant], world.merchants[case.merchant]
    decided = was_decided(d, state)
    if (decided and mine.upheld) or (mine.ending == SETTLED and was_filed(d, state)):
        seller.problem *= 1.0 - traits.learning
        if seller.problem < habits.problem_floor:
            seller.problem = habits.problem_floor
        seller.reply *= 1.0 - traits.learning
        if seller.reply < habits.reply_floor:
            seller.reply = habits.reply_floor
    if mine.merchant_found_out:
        seller.forging *= 1.0 - habits.deterrence
    elif mine.merchant_forged and decided and not mine.upheld:
        seller.forging *= 1.0 + habits.emboldening


@stage
def ranking_moves(d: int, now: float, world: World, state: State) -> None:
    """The rating moves the merchant's place in the ranking, and so its sales."""
    m, habits = world.cases[d].merchant, world.habits
    seller = state.merchants[m]
    if not seller.active:
        return
    ranked = 1.0 + habits.ranking_slope * (seller.rating - world.merchants[m].rating)
    if ranked < habits.ranking_lowest:
        ranked = habits.ranking_lowest
    if ranked > habits.ranking_highest:
        ranked = habits.ranking_highest
    sell(m, now, world, state)
    seller.sales = ranked


@stage
def some_leave(d: int, now: float, world: World, state: State) -> None:
    """A buyer without trust and a merchant without a rating leave the market for good."""
    case = world.cases[d]
    customer, seller = state.buyers[case.buyer], state.merchants[case.merchant]
    for_good = customer.active and not world.habits.claims_enabled
    if for_good and customer.trust < world.buyers[case.buyer].exit_below:
        customer.active = False
        log_event_by(d, now, BUYER_LEFT, long(case.buyer), state)
    if seller.active and seller.rating < world.merchants[case.merchant].exit_below:
        seller.active = False
        seller.sales = 0.0
        seller.suspended_until = 0.0
        log_event_by(d, now, MERCHANT_LEFT, long(case.merchant), state)


@stage
def react(d: int, now: float, world: World, policy: PolicyRules, state: State) -> None:
    """Everything that an ended dispute does to its people, unless behaviour is frozen."""
    case, mine = world.cases[d], state.disputes[d]
    if not world.habits.open_loop:
        trust_moves(d, now, world, policy, state)
        if world.habits.claims_enabled:
            settlement_counts(d, world, state)
            spread_word(d, now, world, state)
        else:
            habit_forms(d, world, state)
        merchant_learns(d, world, state)
        ranking_moves(d, now, world, state)
        some_leave(d, now, world, state)
    mine.trust_after = state.buyers[case.buyer].trust
    if mine.rating_after != mine.rating_after:  # NaN: this ending did not touch the rating
        mine.rating_after = state.merchants[case.merchant].rating
