"""Care: merchants move their problem rate to where another unit of care costs what it saves them.

The running cost of disputes for an order, D, is a merchant's own, mixed with that of its peers; the
marginal cost of care at a problem rate x is k / x^2, where k makes the declared rate the rest point
(`sim.sampling.rest_point`). Then x moves by (M - D) / (M + D) of the time that has passed, relative to
the time that a merchant needs; so costs that fall let care slacken, and no step overshoots.
"""

from __future__ import annotations

from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import stage, was_decided, was_filed
from evenhand.sim.policy.compile import MERCHANT, PolicyRules
from evenhand.sim.sampling.evidence import faded
from evenhand.sim.sampling.world_rows import World


@stage
def points_due(d: int, policy: PolicyRules, state: State) -> float:
    """Penalty points for what the merchant lost, left unanswered, or forged."""
    mine = state.disputes[d]
    rules = policy.rules[mine.row]
    points = 0.0
    if was_decided(d, state) and mine.upheld:
        points += rules.points_loss
    if mine.silence == MERCHANT:
        points += rules.points_default
    if mine.merchant_found_out:
        points += rules.points_forgery
    return points


@stage
def handling(d: int, world: World, state: State) -> float:
    """What the handling of a filing costs the merchant: its answer, where contesting is a choice."""
    case, mine = world.cases[d], state.disputes[d]
    if not was_filed(d, state):
        return 0.0
    if not world.habits.contest_enabled:
        return world.habits.merchant_cost
    if not mine.answered:
        return 0.0
    return case.answer_cost + (0.0 if world.merchants[case.merchant].keeps_desk else case.first_cost)


@stage
def believed_cost(d: int, world: World, policy: PolicyRules, state: State) -> float:
    """Money that a dispute cost the merchant, as far as it puts it down to its own care.

    A grievance counts as a whole, a groundless claim in part: a merchant cannot always tell.
    """
    mine, habits = state.disputes[d], world.habits
    money = mine.merchant_paid + mine.merchant_fees + mine.merchant_freight - mine.merchant_salvage
    money += handling(d, world, state)
    if was_filed(d, state) or mine.silence == MERCHANT:
        money += points_due(d, policy, state) * habits.point_value
    return money if world.cases[d].valid else habits.misattributed * money


@stage
def running_cost(m: int, world: World, state: State) -> float:
    """What disputes cost a merchant for an order, as it believes: D."""
    seller, traits, habits, market = state.merchants[m], world.merchants[m], world.habits, state.market[0]
    weight = habits.care_peers_weight
    peers = market.cost / market.cost_orders if market.cost_orders > 0.0 else traits.rest_cost
    orders = seller.cost_orders + weight
    cost = (seller.cost + weight * peers) / orders if orders > 0.0 else peers
    cost += traits.own_cost * seller.problem
    if habits.standing_enabled:
        lost = habits.elasticity * habits.standing_margin * habits.reputation_weight * seller.standing
        cost += lost * traits.price
    return cost if cost > 0.0 else 0.0


@stage
def moved(level: float, step: float, cost: float, care_cost: float, floor: float, ceiling: float) -> float:
    """A level of problems or delay after a step to where its marginal cost of care meets the cost."""
    marginal = care_cost / (level * level)
    if marginal + cost > 0.0:
        level *= 1.0 + step * (marginal - cost) / (marginal + cost)
    if level < floor:
        return floor
    return level if level < ceiling else ceiling


@stage
def care_moves(m: int, hours: float, world: World, state: State) -> None:
    """Care of a merchant after so many hours in which disputes cost it what they did."""
    seller, traits, habits = state.merchants[m], world.merchants[m], world.habits
    if habits.honesty_response > 0.0:
        seller.forging = 1.0 + (seller.forging - 1.0) * faded(world, hours / habits.honesty_response)
    if traits.bad_faith:
        return
    cost = running_cost(m, world, state)
    step = 1.0 - faded(world, hours / habits.care_response)
    seller.problem = moved(
        seller.problem, step, cost, traits.care_cost, traits.care_floor, habits.problem_ceiling
    )
    step *= habits.answers_response
    if step > 1.0:
        step = 1.0
    seller.reply = moved(
        seller.reply, step, cost, traits.care_cost, habits.answers_floor, habits.answers_ceiling
    )
