"""Closing: the return of the goods, who pays, what it does to the records of both sides."""

from __future__ import annotations

from evenhand.sim.jit.compile import long
from evenhand.sim.lifecycle.bargaining import platform_part, right_to_return
from evenhand.sim.lifecycle.care import points_due
from evenhand.sim.lifecycle.codes import (
    CONFIRM_LAPSED,
    CONFIRMATION_LAPSED,
    CONFIRMED,
    DEFAULTED,
    FORGERY_FOUND,
    GOODS_KEPT,
    GOODS_NOT_SENT,
    GOODS_SENT,
    MERCHANT_LEFT,
    MERCHANT_SUSPENDED,
    NOT_SHIPPED,
    REFUNDED,
    RETURN_CONFIRMED,
    RETURN_DUE,
    RETURNED_BY_RIGHT,
    RETURNING_BY_RIGHT,
    RULED,
    SETTLED,
    SETTLED_EVENT,
    SHIPPED,
)
from evenhand.sim.lifecycle.feedback import react
from evenhand.sim.lifecycle.remedies import cost_to_merchant, given_as, worth_to_owner
from evenhand.sim.lifecycle.rule_variants import has, recall
from evenhand.sim.lifecycle.sales import sales, sell
from evenhand.sim.lifecycle.standing import remember
from evenhand.sim.lifecycle.state import BuyerState, State
from evenhand.sim.lifecycle.transitions import (
    Transition,
    closed,
    deadline,
    log_event,
    log_event_by,
    stage,
    wait,
    was_decided,
    was_filed,
)
from evenhand.sim.lifecycle.turnover import change_name, same_shop
from evenhand.sim.policy.compile import BUYER, CONFIRM_WINDOW, MERCHANT, SHIP_WINDOW, PolicyRules
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.vocabulary import NOTHING, PARTIAL, REFUND, RETURN

__all__ = [
    "agree",
    "await_goods",
    "confirmed",
    "end",
    "enforce",
    "not_shipped",
    "return_by_right",
    "sales",
    "settle",
    "shipped",
]


@stage
def settle(
    d: int, now: float, share: float, reason: int, world: World, policy: PolicyRules, state: State
) -> Transition:
    """The sides agree on a share; the merchant pays it, for the goods where talks are about remedies."""
    mine = state.disputes[d]
    if world.habits.talks_enabled:
        remedy = given_as(share, d, mine.row, world, policy)
        return agree(d, now, remedy, share * world.cases[d].amount, reason, world, policy, state)
    mine.share = share
    mine.reason = reason
    log_event(d, now, SETTLED_EVENT, state)
    return end(d, now, SETTLED, world, policy, state)


@stage
def agree(
    d: int, now: float, remedy: int, back: float, reason: int, world: World, policy: PolicyRules, state: State
) -> Transition:
    """The sides agree on a remedy; `back` is the money of a partial refund. A return has still to be made."""
    case, mine = world.cases[d], state.disputes[d]
    mine.remedy = remedy
    mine.reason = reason
    mine.agreed = 0.0
    if remedy in (RETURN, REFUND):
        mine.share = 1.0
        mine.agreed = case.amount
    elif remedy == PARTIAL:
        mine.share = back / case.amount
        mine.agreed = back
    log_event(d, now, SETTLED_EVENT, state)
    if remedy != RETURN:
        return end(d, now, SETTLED, world, policy, state)
    mine.pending = SETTLED
    return wait(RETURN_DUE, 0.0)


@stage
def return_by_right(d: int, now: float, state: State) -> Transition:
    """The buyer returns the goods without a reason, at his own cost; nobody has to agree."""
    mine = state.disputes[d]
    mine.remedy = RETURN
    mine.reason = RETURNED_BY_RIGHT
    mine.no_reason = True
    mine.share = 1.0
    mine.pending = SETTLED
    log_event(d, now, RETURNING_BY_RIGHT, state)
    return wait(RETURN_DUE, 0.0)


@stage
def enforce(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """Carry an outcome out; a full refund may need the goods back first."""
    case, mine = world.cases[d], state.disputes[d]
    rules = policy.rules[mine.row]
    exempt = has(rules.returns_exempt, case.claimed)
    if mine.share < 1.0 and mine.share < right_to_return(d, mine.row, world, policy):
        mine.share_on_merits = mine.share
        mine.share = 1.0
        mine.no_reason = True
        exempt = False
    full = mine.share >= 1.0
    needed = rules.returns_required or mine.no_reason
    if not (needed and full and case.in_hand) or exempt:
        return end(d, now, long(mine.pending), world, policy, state)
    return await_goods(d, now, world, policy, state)


@stage
def await_goods(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """The goods are to go back inside their window; sent exactly at its end they are in time."""
    case, mine = world.cases[d], state.disputes[d]
    closes = deadline(world, policy, mine.row, SHIP_WINDOW, now)
    if now + case.ship_delay <= closes:
        return wait(SHIPPED, case.ship_delay)
    return wait(NOT_SHIPPED, closes - now)


@stage
def shipped(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """The goods are on their way back; the merchant confirms, or its silence does."""
    case, mine = world.cases[d], state.disputes[d]
    rules = policy.rules[mine.row]
    freight = rules.returns_freight_cost * case.freight
    if rules.returns_freight_merchant and not mine.no_reason:
        mine.merchant_freight += freight
    else:
        mine.buyer_freight += freight
    mine.remedy = RETURN
    log_event(d, now, GOODS_SENT, state)
    closes = deadline(world, policy, mine.row, CONFIRM_WINDOW, now)
    if now + case.confirm_delay <= closes:
        return wait(CONFIRMED, case.confirm_delay)
    return wait(CONFIRM_LAPSED, closes - now)


@stage
def confirmed(
    d: int, now: float, in_time: bool, world: World, policy: PolicyRules, state: State
) -> Transition:
    """The merchant has the goods, or let its window close: either way the refund is due."""
    log_event(d, now, RETURN_CONFIRMED if in_time else CONFIRMATION_LAPSED, state)
    state.disputes[d].came_back = True
    return end(d, now, long(state.disputes[d].pending), world, policy, state)


@stage
def not_shipped(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """The buyer kept the goods past the window: there is no refund but what was won without a return."""
    mine = state.disputes[d]
    log_event(d, now, GOODS_NOT_SENT, state)
    mine.share = mine.share_on_merits
    mine.remedy = NOTHING
    mine.no_reason = False
    mine.reason = GOODS_KEPT
    return end(d, now, long(mine.pending), world, policy, state)


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
        mine.buyer_fees -= rules.filing_credit
    else:
        mine.merchant_fees -= rules.merchant_credit
    if not rules.screening_loser_pays:
        return
    if mine.ending == DEFAULTED and rules.answer_fee > 0.0 and not mine.answered:
        mine.buyer_fees -= rules.filing_fee
        return
    answering = rules.answer_fee if mine.answered else 0.0
    due = rules.filing_fee if rules.filing_fee > answering else answering
    if mine.upheld:
        mine.buyer_fees -= rules.filing_fee
        mine.merchant_fees += due - answering
    else:
        mine.merchant_fees -= answering
        mine.buyer_fees += due - rules.filing_fee


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
    take_stock(d, world, policy, state)
    if was_filed(d, state) or ending == DEFAULTED:
        sanction(d, now, world, policy, state)
        if not world.habits.standing_enabled and same_shop(d, world, state):
            rate(d, now, world, policy, state)
    if (world.habits.care_enabled or world.habits.standing_enabled) and same_shop(d, world, state):
        remember(d, now, world, policy, state)
    react(d, now, world, policy, state)
    return closed(d, now, state)
