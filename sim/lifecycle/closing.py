"""Closing a dispute: who pays, and what it does to the records of both sides."""

from __future__ import annotations

from evenhand.sim.jit.compile import long
from evenhand.sim.lifecycle.bargaining import platform_part
from evenhand.sim.lifecycle.care import points_due
from evenhand.sim.lifecycle.codes import (
    DEFAULTED,
    FORGERY_FOUND,
    MERCHANT_LEFT,
    MERCHANT_SUSPENDED,
    REFUNDED,
    RULED,
    SETTLED,
)
from evenhand.sim.lifecycle.feedback import react
from evenhand.sim.lifecycle.remedies import cost_to_merchant, worth_to_owner
from evenhand.sim.lifecycle.representation import charge_filing, filing_credit, keep_commission
from evenhand.sim.lifecycle.rule_variants import recall
from evenhand.sim.lifecycle.sales import is_counted, sell
from evenhand.sim.lifecycle.standing import remember
from evenhand.sim.lifecycle.state import BuyerState, State
from evenhand.sim.lifecycle.transitions import (
    Transition,
    closed,
    log_event,
    log_event_by,
    stage,
    was_decided,
    was_filed,
)
from evenhand.sim.lifecycle.turnover import change_name, same_shop
from evenhand.sim.policy.compile import BUYER, MERCHANT, PolicyRules
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.vocabulary import NOTHING, PARTIAL, REFUND, RETURN


@stage
def pay(d: int, now: float, world: World, policy: PolicyRules, state: State) -> None:
    """The refund is paid: by the platform where the policy funds it and as far, else by the merchant.

    What a review took back and the buyer keeps is the platform's in any case. Goods that came back are
    worth their salvage to who paid.
    """
    case, mine = world.cases[d], state.disputes[d]
    mine.refund = mine.share * case.amount
    if mine.refund <= 0.0:
        return
    if mine.ending != SETTLED:
        part = platform_part(d, mine.row, mine.refund, world, policy, state)
        mine.platform_paid = part if part > 0.0 else mine.spared * case.amount
    mine.merchant_paid = mine.refund - mine.platform_paid
    if mine.came_back:
        mine.merchant_salvage = case.salvage * case.amount * (mine.merchant_paid / mine.refund)
    log_event(d, now, REFUNDED, state)


@stage
def strike(customer: BuyerState) -> None:
    """One more strike on a buyer's record."""
    customer.strikes += 1
    customer.recent_strikes += 1


@stage
def settle_filing_fees(d: int, policy: PolicyRules, state: State) -> None:
    """The winner has its credit back; where the loser pays, it has nothing to pay for filing or answering.

    The loser bears the greater of the two fees. Where both sides must deposit a fee and the merchant
    did not, nobody has been asked to judge, and the buyer's goes back.
    """
    mine = state.disputes[d]
    rules = policy.rules[mine.row]
    if mine.upheld:
        charge_filing(d, -filing_credit(d, policy, state), state)
    else:
        mine.merchant_fees -= rules.merchant_credit
    if not rules.screening_loser_pays:
        return
    if mine.ending == DEFAULTED and rules.answer_fee > 0.0 and not mine.answered:
        charge_filing(d, -rules.filing_fee, state)
        return
    answering = rules.answer_fee if mine.answered else 0.0
    due = rules.filing_fee if rules.filing_fee > answering else answering
    if mine.upheld:
        charge_filing(d, -rules.filing_fee, state)
        mine.merchant_fees += due - answering
    else:
        mine.merchant_fees -= answering
        charge_filing(d, due - rules.filing_fee, state)


@stage
def sanction(d: int, now: float, world: World, policy: PolicyRules, state: State) -> None:
    """Points and suspension for the merchant, strikes for the buyer; records of both sides."""
    case, mine = world.cases[d], state.disputes[d]
    rules = policy.rules[mine.row]
    seller, customer = state.merchants[case.merchant], state.buyers[case.buyer]
    decided = was_decided(d, state)
    recall(customer, now, rules.record_window)
    if decided and was_filed(d, state):
        settle_filing_fees(d, policy, state)
    if mine.refund > 0.0 and was_filed(d, state):
        customer.recent_refunds += 1
    if decided and mine.upheld and was_filed(d, state):  # only filings make a buyer's record
        customer.wins += 1
    if mine.ending == RULED and not mine.upheld and rules.strike_for_loss:
        strike(customer)
    if same_shop(d, world, state):
        seller.points += points_due(d, policy, state)
    if mine.buyer_found_out:
        strike(customer)
    if mine.merchant_found_out or mine.buyer_found_out:
        log_event_by(d, now, FORGERY_FOUND, MERCHANT if mine.merchant_found_out else BUYER, state)
    if seller.active and rules.points_limit > 0.0 and seller.points >= rules.points_limit:
        sell(case.merchant, now, world, state)
        seller.points = 0.0
        seller.suspended_until = now + rules.suspension
        if is_counted(now, world):
            seller.suspensions += 1
        seller.struck += 1
        log_event(d, now, MERCHANT_SUSPENDED, state)
        if change_name(case.merchant, now, world, state):
            log_event_by(d, now, MERCHANT_LEFT, long(case.merchant), state)


@stage
def rate(d: int, now: float, world: World, policy: PolicyRules, state: State) -> None:
    """A filing moves the merchant's rating: up if it won, to the middle if it settled, else down.

    What was before is forgotten in part first: of a change t hours ago, h / (h + t) is left, where h
    is the half-life. A hyperbola, because stages take no exponentials; it is applied when the
    merchant's next filing ends.
    """
    mine, m = state.disputes[d], world.cases[d].merchant
    seller, start = state.merchants[m], world.merchants[m].rating
    step = policy.rules[mine.row].rating_step
    half = policy.rules[mine.row].rating_half_life
    if half > 0.0:
        seller.rating = start + (seller.rating - start) * half / (half + (now - seller.rated_at))
    seller.rated_at = now
    decided = was_decided(d, state)
    if decided:
        seller.rating += step * ((0.0 if mine.upheld else 1.0) - seller.rating)
    elif mine.ending == SETTLED:
        seller.rating += step * (0.5 - seller.rating)
    mine.rating_after = seller.rating


@stage
def take_stock(d: int, world: World, policy: PolicyRules, state: State) -> None:
    """What the buyer got, what it is worth to him, and what it cost the merchant, in truth.

    Freight is counted as it fell; trouble and fees of the procedure are not part of a remedy.
    """
    case, mine = world.cases[d], state.disputes[d]
    if mine.remedy == NOTHING:
        mine.remedy = REFUND if mine.share >= 1.0 else (PARTIAL if mine.share > 0.0 else NOTHING)
    remedy = long(mine.remedy)
    if remedy == RETURN:
        mine.buyer_value = case.loss * case.amount - world.habits.hassle - mine.buyer_freight
        mine.merchant_cost = (
            (1.0 - case.salvage) * case.amount + world.habits.handling + mine.merchant_freight
        )
    else:
        mine.buyer_value = worth_to_owner(remedy, mine.refund, d, mine.row, world, policy)
        mine.merchant_cost = cost_to_merchant(remedy, mine.refund, case.salvage, d, mine.row, world, policy)
    mine.merchant_cost -= mine.platform_paid


@stage
def end(d: int, now: float, ending: int, world: World, policy: PolicyRules, state: State) -> Transition:
    """Close the dispute: money, sanctions, rating, and what the people make of it."""
    mine = state.disputes[d]
    mine.ending = ending
    pay(d, now, world, policy, state)
    keep_commission(d, now, world, state)
    take_stock(d, world, policy, state)
    if was_filed(d, state) or ending == DEFAULTED:
        sanction(d, now, world, policy, state)
        if not world.habits.standing_enabled and same_shop(d, world, state):
            rate(d, now, world, policy, state)
    if (world.habits.care_enabled or world.habits.standing_enabled) and same_shop(d, world, state):
        remember(d, now, world, policy, state)
    react(d, now, world, policy, state)
    return closed(d, now, state)
