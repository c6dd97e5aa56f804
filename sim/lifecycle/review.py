"""After a ruling: either side may ask for a review, inside a window, if it is worth it."""

from __future__ import annotations

from evenhand.sim.jit.compile import long
from evenhand.sim.lifecycle.artefacts import kinds_sent
from evenhand.sim.lifecycle.bargaining import (
    borne,
    buyer_opinion,
    merchant_opinion,
    right_to_return,
)
from evenhand.sim.lifecycle.codes import BY_RULING, FINAL, REVIEW, REVIEW_REQUESTED, RULED, RULING_FINAL
from evenhand.sim.lifecycle.decision_rule import Award
from evenhand.sim.lifecycle.enforcement import enforce
from evenhand.sim.lifecycle.opinions import at_risk, buyer_appeals, hear_ruling, merchant_appeals
from evenhand.sim.lifecycle.rule_variants import row_of
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import (
    Transition,
    chance_of,
    deadline,
    level_of,
    log_event,
    log_event_by,
    next_level_of,
    stage,
    stake,
    wait,
)
from evenhand.sim.policy.compile import BUYER, MERCHANT, NOBODY, REVIEW_WINDOW, PolicyRules
from evenhand.sim.sampling.world_rows import World


@stage
def announce(
    d: int, now: float, verdict: Award, world: World, policy: PolicyRules, state: State
) -> Transition:
    """Write the ruling down, settle the fee of the review that led to it, and open the next window.

    Where the platform makes good what a review takes back, the buyer keeps the share and the
    merchant is spared the difference.
    """
    mine = state.disputes[d]
    charged = verdict.share
    if mine.reviews == 0:
        mine.ruled_at = now
        mine.first_upheld = verdict.upheld
        mine.first_share = verdict.share
    else:
        settle_fee(d, verdict.share, world, policy, state)
        if policy.rules[mine.row].platform_after_review and charged < mine.share:
            charged = mine.share
    mine.last_ruled_at = now
    mine.upheld = verdict.upheld
    mine.share = charged
    mine.spared = charged - verdict.share
    mine.pending = RULED
    mine.reason = BY_RULING
    if world.habits.opinions_enabled:
        hear_ruling(d, world, policy, state)
    return await_review(d, now, world, policy, state)


@stage
def review_fee(d: int, row: int, world: World, policy: PolicyRules) -> float:
    """What a request for a review under these rules costs."""
    rules = policy.rules[row]
    fee = rules.review_fee_fixed + rules.review_fee_share * world.cases[d].amount
    return fee + rules.review_fee_per_seat * rules.seats if rules.review_decider_panel else fee


@stage
def charge(d: int, buyer: bool, fee: float, state: State) -> None:
    """Add a fee to what the buyer or the merchant has paid, or take it off."""
    mine = state.disputes[d]
    if buyer:
        mine.buyer_fees += fee
    else:
        mine.merchant_fees += fee


@stage
def settle_fee(d: int, share: float, world: World, policy: PolicyRules, state: State) -> None:
    """Where the loser pays, a request that helped the asker is paid by the other side.

    Where both sides have put a fee up, the one that wins the review has its own back.
    """
    mine = state.disputes[d]
    rules = policy.rules[mine.row]
    fee = review_fee(d, mine.row, world, policy)
    held = mine.share - mine.spared
    by_buyer = mine.asker == BUYER
    won = share > held if by_buyer else share < held
    if rules.review_match_share > 0.0:
        if won:
            charge(d, by_buyer, -fee, state)
        else:
            charge(d, not by_buyer, -fee * rules.review_match_share, state)
    elif rules.review_loser_pays and won:
        charge(d, by_buyer, -fee, state)
        charge(d, not by_buyer, fee, state)


@stage
def buyer_asks(d: int, row: int, world: World, policy: PolicyRules, state: State) -> bool:
    """Whether the buyer wants a review: allowed, something new where needed, and worth the fee."""
    case, mine = world.cases[d], state.disputes[d]
    rules = policy.rules[row]
    level = world.levels[next_level_of(d, world, state)]
    if not rules.review_who_buyer or (rules.review_new_evidence and not level.buyer_finds):
        return False
    if level.buyer_asks_luck >= world.habits.review_propensity:
        return False
    new = level.buyer_new if level.buyer_finds and rules.review_admit_new else 0.0
    if world.habits.opinions_enabled:
        fee = review_fee(d, row, world, policy)
        return buyer_appeals(d, row, new, fee, world, policy, state)
    opinion = buyer_opinion(d, row, world, policy) + new
    win = chance_of(world, opinion, rules.decision_standard)
    right = right_to_return(d, row, world, policy)
    has = mine.share if mine.share > right else right
    gain = win * (stake(d, row, world, policy) - has) * case.amount
    return gain > at_risk(review_fee(d, row, world, policy), win, row, policy) + case.effort


@stage
def was_heard(d: int, state: State) -> bool:
    """Whether the merchant has had its turn before the ruling."""
    mine = state.disputes[d]
    return mine.answered or mine.silence == MERCHANT


@stage
def merchant_asks(d: int, row: int, world: World, policy: PolicyRules, state: State) -> bool:
    """Whether the merchant wants a review, on the same terms."""
    case, mine = world.cases[d], state.disputes[d]
    rules = policy.rules[row]
    level = world.levels[next_level_of(d, world, state)]
    something_new = level.merchant_finds or not was_heard(d, state)
    if not rules.review_who_merchant or (rules.review_new_evidence and not something_new):
        return False
    if level.merchant_asks_luck >= world.habits.review_propensity:
        return False
    new = level.merchant_new if level.merchant_finds and rules.review_admit_new else 0.0
    if world.habits.opinions_enabled:
        fee = review_fee(d, row, world, policy)
        return merchant_appeals(d, row, new, fee, world, policy, state)
    opinion = merchant_opinion(d, row, 0.0, world, policy) + new
    win = 1.0 - chance_of(world, opinion, rules.decision_standard)
    at_stake = borne(d, row, mine.share - mine.spared, world, policy, state) * case.amount
    gain = win * (at_stake + rules.points_loss * world.habits.point_value)
    return gain > at_risk(review_fee(d, row, world, policy), win, row, policy) + world.habits.merchant_cost


@stage
def await_review(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """Wait for the first request, or for the window to close; a tie of requests goes to the buyer.

    Window, fee and who may ask are those of the review that is to come. A request exactly at the end
    of the window is in time.
    """
    mine = state.disputes[d]
    if mine.reviews + 1 >= policy.levels:
        return ruling_final(d, now, world, policy, state)
    mine.coming_row = row_of(policy, long(mine.version), long(mine.exceptions), mine.reviews + 1)
    row = mine.coming_row  # read back, so that it has the type of any other row and all compiles once
    if mine.reviews >= policy.rules[row].review_limit:
        return ruling_final(d, now, world, policy, state)
    level = world.levels[next_level_of(d, world, state)]
    closes = deadline(world, policy, row, REVIEW_WINDOW, now)
    mine.asker, delay = NOBODY, closes - now
    if mine.share > mine.spared and now + level.merchant_asks_after <= closes:
        if merchant_asks(d, row, world, policy, state):
            mine.asker, delay = MERCHANT, level.merchant_asks_after
    whole = stake(d, row, world, policy)
    first = mine.asker == NOBODY or level.buyer_asks_after <= delay
    if mine.share < whole and first and now + level.buyer_asks_after <= closes:
        if buyer_asks(d, row, world, policy, state):
            mine.asker, delay = BUYER, level.buyer_asks_after
    if mine.asker == NOBODY:
        if not policy.rules[row].review_suspends:
            return ruling_final(d, now, world, policy, state)
        return wait(FINAL, delay)
    return wait(REVIEW, delay)


@stage
def review_requested(d: int, now: float, world: World, policy: PolicyRules, state: State) -> bool:
    """The request is in: the fee is paid, and either side's new evidence joins the file.

    A merchant that was not heard before brings its evidence now. Says whether the other side must
    put up a fee too.
    """
    _case, mine = world.cases[d], state.disputes[d]
    mine.reviews += 1
    if mine.reviews == 1:
        mine.review_by = mine.asker
    mine.row = row_of(policy, long(mine.version), long(mine.exceptions), long(mine.reviews))
    rules = policy.rules[mine.row]
    level = world.levels[level_of(d, world, state)]
    charge(d, mine.asker == BUYER, review_fee(d, mine.row, world, policy), state)
    if mine.asker == MERCHANT and not was_heard(d, state):
        mine.merchant_sent = kinds_sent(d, mine.row, world, policy)
        mine.merchant_showed = mine.merchant_sent > 0
    if level.buyer_finds and rules.review_admit_new:
        mine.new_evidence += level.buyer_new
    if level.merchant_finds and rules.review_admit_new:
        mine.new_evidence += level.merchant_new
    log_event_by(d, now, REVIEW_REQUESTED, long(mine.asker), state)
    return rules.review_match_share > 0.0


@stage
def ruling_final(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """Nobody asks for more, or nobody may: the ruling is carried out."""
    state.disputes[d].final_at = now
    log_event(d, now, RULING_FINAL, state)
    return enforce(d, now, world, policy, state)
