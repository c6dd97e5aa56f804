"""What each remedy is worth to a buyer and costs a merchant, in money."""

from __future__ import annotations

from evenhand.sim.lifecycle.rule_variants import has
from evenhand.sim.lifecycle.transitions import stage
from evenhand.sim.policy.compile import PolicyRules
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.vocabulary import (
    COUPON,
    DURABLE,
    LATE_DISPATCH,
    NOTHING,
    PARTIAL,
    REFUND,
    REPAIR,
    REPLACEMENT,
    RETURN,
)


@stage
def must_come_back(d: int, row: int, world: World, policy: PolicyRules) -> bool:
    """Whether the platform gives the whole amount back only for the goods."""
    case, rules = world.cases[d], policy.rules[row]
    return rules.returns_required and case.in_hand and not has(rules.returns_exempt, case.claimed)


@stage
def possible(remedy: int, d: int, world: World) -> bool:
    """Whether a remedy fits the case: what is not in hand cannot come back, nor be kept for less."""
    case = world.cases[d]
    if remedy in (RETURN, PARTIAL, REPLACEMENT):
        return case.in_hand
    if remedy == REPAIR and case.in_hand:
        return case.goods == DURABLE and case.amount > world.habits.repair_from
    return True


@stage
def worth_to_buyer(
    remedy: int, back: float, loss: float, d: int, row: int, world: World, policy: PolicyRules
) -> float:
    """What a remedy is worth to a buyer to whom the goods are worth less by this share of the price.

    `back` is the money of a partial refund; goods that are kept without a remedy are worth nothing more.
    """
    case, habits, rules = world.cases[d], world.habits, policy.rules[row]
    price = case.amount
    if remedy == RETURN:
        freight = 0.0 if rules.returns_freight_merchant else rules.returns_freight_cost
        return loss * price - habits.hassle - freight
    if remedy == REFUND:
        return price
    if remedy == PARTIAL:
        return back
    if remedy == REPLACEMENT:
        return habits.worth_replacement * loss * price - habits.hassle
    if remedy == REPAIR:
        if case.in_hand:
            return habits.worth_repair * loss * price - habits.hassle - habits.repair_wait
        if case.claimed == LATE_DISPATCH:
            return habits.late_resend * price
        return habits.worth_resend * price - habits.resend_wait
    if remedy == COUPON:
        return habits.worth_coupon * price
    return 0.0


@stage
def worth_to_owner(remedy: int, back: float, d: int, row: int, world: World, policy: PolicyRules) -> float:
    """What a remedy is worth to the buyer of a dispute, in truth.

    Who merely dislikes what he bought is not helped by another piece of it.
    """
    case = world.cases[d]
    loss = case.severity if remedy in (REPLACEMENT, REPAIR) else case.loss
    return worth_to_buyer(remedy, back, loss, d, row, world, policy)


@stage
def cost_to_merchant(
    remedy: int, back: float, salvage: float, d: int, row: int, world: World, policy: PolicyRules
) -> float:
    """What a remedy costs the merchant to whom returned goods are worth this share of the price."""
    case, habits, rules = world.cases[d], world.habits, policy.rules[row]
    price, freight = case.amount, rules.returns_freight_cost
    if remedy == RETURN:
        carriage = freight if rules.returns_freight_merchant else 0.0
        return price - salvage * price + habits.handling + carriage
    if remedy == REFUND:  # goods that have not left yet are still the merchant's
        late = case.claimed == LATE_DISPATCH and not case.in_hand
        return price - salvage * price if late else price
    if remedy == PARTIAL:
        return back
    if remedy == REPLACEMENT:
        made = habits.goods_cost * price + habits.replacement_freight * freight + habits.handling
        return made - 0.5 * salvage * price
    if remedy == REPAIR:
        if case.in_hand:
            return habits.repair_cost * price + habits.repair_freight * freight + habits.handling
        if case.claimed == LATE_DISPATCH:
            return habits.late_cost * price
        return habits.goods_cost * price + freight
    if remedy == COUPON:
        return habits.coupon_cost * price + habits.coupon_charge
    return 0.0


@stage
def believed_salvage(d: int, harm: float, world: World) -> float:
    """What returned goods would be worth to a merchant who believes in this harm, as a share of the price."""
    case = world.cases[d]
    if not case.in_hand:
        return case.seems_salvage
    return case.seems_salvage * (1.0 - world.habits.condition_loss * harm)


@stage
def given_as(share: float, d: int, row: int, world: World, policy: PolicyRules) -> int:
    """The remedy that a share of the amount comes to: the whole of it needs the goods back, or does not."""
    if share <= 0.0:
        return NOTHING
    if share < 1.0:
        return PARTIAL
    return RETURN if must_come_back(d, row, world, policy) else REFUND
