"""Feedback of an ending: merchants learn, trust and habits change, some leave, ranking moves sales.

With `behaviour.open_loop` nothing in this file changes anybody.
"""

from __future__ import annotations

from evenhand.sim.jit.compile import long
from evenhand.sim.lifecycle.claiming import granted, spread_word
from evenhand.sim.lifecycle.codes import BUYER_LEFT, INADMISSIBLE, LAPSED, MERCHANT_LEFT, SETTLED, WITHDRAWN
from evenhand.sim.lifecycle.sales import ranking_moves, sells
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import log_event_by, stage, stake, was_decided, was_filed
from evenhand.sim.lifecycle.turnover import same_shop
from evenhand.sim.policy.compile import PolicyRules
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.vocabulary import N_VALID, NOTHING, REPAIR, REPLACEMENT


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
    case, share, habits = world.cases[d], granted(d, world, state), world.habits
    customer = state.buyers[case.buyer]
    if not was_filed(d, state) and case.valid and share > 0.0:
        felt = share / case.loss if share < case.loss else 1.0
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
    """Who lost has fewer problems and answers sooner; who was found out forges less, or more if not.

    Where care follows costs (`sim.lifecycle.care`), problems and answers are moved there.
    """
    case, mine, habits = world.cases[d], state.disputes[d], world.habits
    seller, traits = state.merchants[case.merchant], world.merchants[case.merchant]
    decided = was_decided(d, state)
    lost = (decided and mine.upheld) or (mine.ending == SETTLED and was_filed(d, state))
    if lost and not habits.care_enabled:
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
def some_leave(d: int, now: float, world: World, state: State) -> None:
    """A buyer without trust and a merchant without a rating leave the market for good.

    Where merchants enter and leave (`sim.lifecycle.turnover`), they leave there.
    """
    case = world.cases[d]
    customer, seller = state.buyers[case.buyer], state.merchants[case.merchant]
    for_good = customer.active and not world.habits.claims_enabled
    if for_good and customer.trust < world.buyers[case.buyer].exit_below:
        customer.active = False
        log_event_by(d, now, BUYER_LEFT, long(case.buyer), state)
    if world.habits.turnover_enabled or not same_shop(d, world, state):
        return
    if seller.active and seller.rating < world.merchants[case.merchant].exit_below:
        sells(case.merchant, now, 0.0, world, state)
        seller.active = False
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
        if same_shop(d, world, state):
            merchant_learns(d, world, state)
            ranking_moves(case.merchant, now, world, state)
        some_leave(d, now, world, state)
    mine.care_after = state.merchants[case.merchant].problem
    mine.trust_after = state.buyers[case.buyer].trust
    if mine.rating_after != mine.rating_after:  # NaN: this ending did not touch the rating
        mine.rating_after = state.merchants[case.merchant].rating
