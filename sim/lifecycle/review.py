"""After a ruling: either side may ask for a review, inside a window, if it is worth it."""

from __future__ import annotations

from sim.layout import World
from sim.lifecycle.bargain import buyer_opinion, merchant_opinion
from sim.lifecycle.closing import enforce
from sim.lifecycle.codes import BY_RULING, FINAL, REVIEW, REVIEW_REQUESTED, RULED, RULING_FINAL
from sim.lifecycle.moves import Move, chance_of, deadline, note, stage, stake, wait
from sim.rules import BUYER, MERCHANT, NOBODY, PolicyRules
from sim.rules import REVIEW as REVIEW_WINDOW
from sim.ruling import Award
from sim.state import State


@stage
def announce(d: int, now: float, verdict: Award, world: World, policy: PolicyRules, state: State) -> Move:
    """Write the ruling down, settle the fee of the review that led to it, and open the next window."""
    mine = state.disputes[d]
    if mine.reviews == 0:
        mine.ruled_at = now
        mine.first_upheld = verdict.upheld
        mine.first_share = verdict.share
    else:
        settle_fee(d, verdict.share, world, policy, state)
    mine.last_ruled_at = now
    mine.upheld = verdict.upheld
    mine.share = verdict.share
    mine.pending = RULED
    mine.reason = BY_RULING
    return await_review(d, now, world, policy, state)


@stage
def review_fee(d: int, world: World, policy: PolicyRules, state: State) -> float:
    """What a request costs."""
    rules = policy.rules[state.disputes[d].version]
    return rules.fee_fixed + rules.fee_share * world.cases[d].amount


@stage
def settle_fee(d: int, share: float, world: World, policy: PolicyRules, state: State) -> None:
    """Where the loser pays, a request that helped the asker is paid by the other side."""
    mine = state.disputes[d]
    if not policy.rules[mine.version].loser_pays:
        return
    fee = review_fee(d, world, policy, state)
    if mine.asker == BUYER and share > mine.share:
        mine.buyer_fees -= fee
        mine.merchant_fees += fee
    elif mine.asker == MERCHANT and share < mine.share:
        mine.merchant_fees -= fee
        mine.buyer_fees += fee


@stage
def buyer_asks(d: int, world: World, policy: PolicyRules, state: State) -> bool:
    """Whether the buyer wants a review: allowed, something new where needed, and worth the fee."""
    case, mine = world.cases[d], state.disputes[d]
    rules = policy.rules[mine.version]
    level = world.levels[d * world.levels_each + mine.reviews + 1]
    if not rules.buyer_may_ask or (rules.needs_new_evidence and not level.buyer_finds):
        return False
    if level.buyer_asks_luck >= world.habits.review_propensity:
        return False
    new = level.buyer_new if level.buyer_finds else 0.0
    opinion = buyer_opinion(d, mine.version, world, policy) + new
    win = chance_of(world, opinion, rules.threshold)
    gain = win * (stake(d, mine.version, world, policy) - mine.share) * case.amount
    return gain > review_fee(d, world, policy, state) + case.effort


@stage
def merchant_asks(d: int, world: World, policy: PolicyRules, state: State) -> bool:
    """Whether the merchant wants a review, on the same terms."""
    case, mine = world.cases[d], state.disputes[d]
    rules = policy.rules[mine.version]
    level = world.levels[d * world.levels_each + mine.reviews + 1]
    if not rules.merchant_may_ask or (rules.needs_new_evidence and not level.merchant_finds):
        return False
    if level.merchant_asks_luck >= world.habits.review_propensity:
        return False
    new = level.merchant_new if level.merchant_finds else 0.0
    opinion = merchant_opinion(d, mine.version, 0.0, world, policy) + new
    win = 1.0 - chance_of(world, opinion, rules.threshold)
    gain = win * (mine.share * case.amount + rules.points_loss * world.habits.point_value)
    return gain > review_fee(d, world, policy, state) + world.habits.merchant_cost


@stage
def await_review(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Move:
    """Wait for the first request, or for the window to close; a tie of requests goes to the buyer.

    A request exactly at the end of the window is in time.
    """
    mine = state.disputes[d]
    rules = policy.rules[mine.version]
    if mine.reviews >= rules.reviews:
        return ruling_final(d, now, world, policy, state)
    level = world.levels[d * world.levels_each + mine.reviews + 1]
    closes = deadline(world, policy, mine.version, REVIEW_WINDOW, now)
    mine.asker, delay = NOBODY, closes - now
    if mine.share > 0.0 and now + level.merchant_asks_after <= closes:
        if merchant_asks(d, world, policy, state):
            mine.asker, delay = MERCHANT, level.merchant_asks_after
    whole = stake(d, mine.version, world, policy)
    first = mine.asker == NOBODY or level.buyer_asks_after <= delay
    if mine.share < whole and first and now + level.buyer_asks_after <= closes:
        if buyer_asks(d, world, policy, state):
            mine.asker, delay = BUYER, level.buyer_asks_after
    if mine.asker == NOBODY:
        return wait(FINAL, delay)
    return wait(REVIEW, delay)


@stage
def review_requested(d: int, now: float, world: World, policy: PolicyRules, state: State) -> None:
    """The request is in: the fee is paid, and either side's new evidence joins the file."""
    mine = state.disputes[d]
    mine.reviews += 1
    level = world.levels[d * world.levels_each + mine.reviews]
    fee = review_fee(d, world, policy, state)
    if mine.asker == BUYER:
        mine.buyer_fees += fee
    else:
        mine.merchant_fees += fee
    if level.buyer_finds:
        mine.new_evidence += level.buyer_new
    if level.merchant_finds:
        mine.new_evidence += level.merchant_new
    note(state, d, now, REVIEW_REQUESTED, mine.asker)


@stage
def ruling_final(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Move:
    """Nobody asks for more, or nobody may: the ruling is carried out."""
    state.disputes[d].final_at = now
    note(state, d, now, RULING_FINAL, -1)
    return enforce(d, now, world, policy, state)
