"""Bargaining in the shadow of the policy: what each side expects, asks and offers.

A side settles when the deal is no worse than what it expects from the platform, costs included
(Landes 1971; Gould 1973; Shavell 1982). So every rule that moves the outcome moves settlements.
"""

from __future__ import annotations

from sim.causes import N_CAUSES
from sim.layout import World
from sim.lifecycle.moves import chance_of, stage, stake, was_filed
from sim.rules import PolicyRules
from sim.state import State


@stage
def shown_by_buyer(d: int, world: World) -> float:
    """Weight of what the buyer shows: all of it, or nothing where it would hurt and he knows better."""
    case = world.cases[d]
    weight = case.buyer_weight
    if case.buyer_withholds and weight < 0.0:
        weight = 0.0
    if case.buyer_forges:
        weight += world.habits.forgery_shift
    return weight


@stage
def buyer_opinion(d: int, version: int, world: World, policy: PolicyRules) -> float:
    """Where the buyer thinks the case stands, in nats towards himself.

    He knows his own evidence, the rules as far as he knows rules, and overrates himself.
    """
    case = world.cases[d]
    knowledge = world.buyers[case.buyer].knowledge
    prior = policy.prior[version * N_CAUSES + case.claimed] * knowledge
    return prior + shown_by_buyer(d, world) + case.buyer_guess + world.habits.optimism


@stage
def merchant_opinion(d: int, version: int, guess: float, world: World, policy: PolicyRules) -> float:
    """Where the merchant thinks it stands: has seen the buyer's evidence and knows its own."""
    case = world.cases[d]
    prior = policy.prior[version * N_CAUSES + case.claimed]
    known = shown_by_buyer(d, world) + case.merchant_weight
    return prior + known + guess - world.habits.optimism


@stage
def asked_by_buyer(d: int, version: int, world: World, policy: PolicyRules, state: State) -> float:
    """The least share of the amount for which the buyer settles.

    The trouble and the fee of filing count while they can still be spared.
    """
    case = world.cases[d]
    rules = policy.rules[version]
    win = chance_of(world, buyer_opinion(d, version, world, policy), rules.threshold)
    hoped = win * stake(d, version, world, policy) * state.buyers[case.buyer].trust
    spared = 0.0 if was_filed(d, state) else case.effort + rules.filing_fee
    ask = hoped - spared / case.amount
    if case.hostile:
        ask *= 1.0 + world.habits.hostile_penalty
    if ask > 1.0:
        return 1.0
    return ask if ask > 0.0 else 0.0


@stage
def limit_of_merchant(d: int, version: int, guess: float, world: World, policy: PolicyRules) -> float:
    """The greatest share of the amount that the merchant would give rather than be intervened."""
    case = world.cases[d]
    rules = policy.rules[version]
    opinion = merchant_opinion(d, version, guess, world, policy)
    lose = chance_of(world, opinion, rules.threshold)
    penalty = rules.points_loss * world.habits.point_value
    cost = (world.habits.merchant_cost + lose * penalty) / case.amount
    goodwill = lose * world.merchants[case.merchant].service  # for a buyer whom the merchant believes
    limit = lose * stake(d, version, world, policy) + cost + goodwill
    if case.hostile:
        limit *= 1.0 - world.habits.hostile_penalty
    return limit if limit < 1.0 else 1.0


@stage
def concession(world: World, round_: int) -> float:
    """Share of its limit that a merchant offers in this round."""
    last = len(world.concession) - 1
    return world.concession[round_ if round_ < last else last]
