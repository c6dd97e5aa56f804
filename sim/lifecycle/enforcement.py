"""Carrying an outcome out: a settlement, the return of the goods."""

from __future__ import annotations

from evenhand.sim.jit.compile import long
from evenhand.sim.lifecycle.bargaining import right_to_return
from evenhand.sim.lifecycle.closing import end
from evenhand.sim.lifecycle.codes import (
    CONFIRM_LAPSED,
    CONFIRMATION_LAPSED,
    CONFIRMED,
    GOODS_KEPT,
    GOODS_NOT_SENT,
    GOODS_SENT,
    NOT_COMPLIED,
    NOT_COMPLIED_EVENT,
    NOT_SHIPPED,
    RETURN_CONFIRMED,
    RETURN_DUE,
    RETURNED_BY_RIGHT,
    RETURNING_BY_RIGHT,
    SETTLED,
    SETTLED_EVENT,
    SHIPPED,
)
from evenhand.sim.lifecycle.remedies import given_as
from evenhand.sim.lifecycle.rule_variants import has
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import (
    Transition,
    accord_of,
    deadline,
    log_event,
    stage,
    wait,
    was_filed,
)
from evenhand.sim.policy.compile import CONFIRM_WINDOW, SHIP_WINDOW, PolicyRules
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.vocabulary import NOTHING, PARTIAL, REFUND, RETURN


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
def defies(d: int, world: World, policy: PolicyRules, state: State) -> bool:
    """Whether the merchant does not carry out what the platform has decided, because it need not."""
    if policy.rules[state.disputes[d].row].decision_binding or not was_filed(d, state):
        return False
    return world.accords[accord_of(d, world)].comply_luck >= world.habits.complies


@stage
def enforce(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """Carry an outcome out; a full refund may need the goods back first."""
    case, mine = world.cases[d], state.disputes[d]
    rules = policy.rules[mine.row]
    if mine.share > 0.0 and defies(d, world, policy, state):
        mine.defied = True
        mine.share = 0.0
        mine.reason = NOT_COMPLIED
        log_event(d, now, NOT_COMPLIED_EVENT, state)
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
