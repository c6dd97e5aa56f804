"""Matching the fee of a review: the other side puts its part up in time, or loses the case."""

from __future__ import annotations

from evenhand.sim.jit.compile import long
from evenhand.sim.lifecycle.bargaining import buyer_opinion, merchant_opinion
from evenhand.sim.lifecycle.codes import (
    BY_SILENCE,
    DEFAULTED,
    FEE_MATCHED,
    FEE_MATCHED_EVENT,
    FEE_NOT_MATCHED,
    FEE_NOT_MATCHED_EVENT,
    FEE_UNMATCHED,
)
from evenhand.sim.lifecycle.enforcement import enforce
from evenhand.sim.lifecycle.review import charge, review_fee
from evenhand.sim.lifecycle.rule_variants import row_of
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import (
    Transition,
    chance_of,
    deadline,
    level_of,
    log_event,
    stage,
    stake,
    wait,
)
from evenhand.sim.policy.compile import BUYER, MATCH_WINDOW, MERCHANT, NOBODY, PolicyRules
from evenhand.sim.sampling.world_rows import World


@stage
def await_match(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """Wait for the other side's part of the fee, which it has back if it wins; at the end is in time."""
    mine = state.disputes[d]
    level = world.levels[level_of(d, world, state)]
    closes = deadline(world, policy, mine.row, MATCH_WINDOW, now)
    delay = level.merchant_asks_after if mine.asker == BUYER else level.buyer_asks_after
    if now + delay <= closes and worth_matching(d, world, policy, state):
        return wait(FEE_MATCHED, delay)
    return wait(FEE_NOT_MATCHED, closes - now)


@stage
def worth_matching(d: int, world: World, policy: PolicyRules, state: State) -> bool:
    """Whether the other side has more to keep by the review than its part of the fee may cost."""
    case, mine = world.cases[d], state.disputes[d]
    rules = policy.rules[mine.row]
    fee = review_fee(d, mine.row, world, policy) * rules.review_match_share
    if mine.asker == BUYER:
        opinion = merchant_opinion(d, mine.row, 0.0, world, policy)
        keeps = 1.0 - chance_of(world, opinion, rules.decision_standard)
        held = stake(d, mine.row, world, policy) - mine.share
    else:
        keeps = chance_of(world, buyer_opinion(d, mine.row, world, policy), rules.decision_standard)
        held = mine.share
    return keeps * held * case.amount > (1.0 - keeps) * fee


@stage
def fee_matched(d: int, now: float, world: World, policy: PolicyRules, state: State) -> None:
    """Both fees are there: the review takes place."""
    mine = state.disputes[d]
    part = review_fee(d, mine.row, world, policy) * policy.rules[mine.row].review_match_share
    charge(d, mine.asker != BUYER, part, state)
    log_event(d, now, FEE_MATCHED_EVENT, state)


@stage
def fee_not_matched(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """No fee, no defence: the asker wins without a review, and has the fee back."""
    mine = state.disputes[d]
    charge(d, mine.asker == BUYER, -review_fee(d, mine.row, world, policy), state)
    mine.upheld = mine.asker == BUYER
    mine.share = stake(d, mine.row, world, policy) if mine.upheld else 0.0
    mine.spared = 0.0
    mine.reviews -= 1
    mine.row = row_of(policy, long(mine.version), long(mine.exceptions), long(mine.reviews))
    if mine.asker == BUYER:
        mine.silence = MERCHANT
    elif mine.silence == NOBODY:  # an earlier silence of the merchant stays on its record
        mine.silence = BUYER
    mine.decider = BY_SILENCE
    mine.reason = FEE_UNMATCHED
    mine.pending = DEFAULTED
    mine.final_at = now
    log_event(d, now, FEE_NOT_MATCHED_EVENT, state)
    return enforce(d, now, world, policy, state)
