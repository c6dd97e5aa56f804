"""Bargaining in the shadow of the policy: what each side expects, asks and offers.

A side settles when the deal is no worse than what it expects from the platform, costs included
(Landes 1971; Gould 1973; Shavell 1982). So every rule that moves the outcome moves settlements.
"""

from __future__ import annotations

from evenhand.sim.lifecycle.artefacts import buyer_known, known_to_both
from evenhand.sim.lifecycle.representation import own_fee, trouble
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import chance_of, stage, stake, was_filed
from evenhand.sim.policy.compile import PolicyRules, Rules
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.vocabulary import N_CAUSES


@stage
def buyer_opinion(d: int, row: int, world: World, policy: PolicyRules) -> float:
    """Where the buyer thinks the case stands, in nats towards himself.

    He knows his own evidence, the rules as far as he knows rules, and overrates himself.
    """
    case = world.cases[d]
    knowledge = world.buyers[case.buyer].knowledge
    prior = policy.prior[row * N_CAUSES + case.claimed] * knowledge
    return prior + buyer_known(d, row, world, policy) + case.buyer_guess + world.habits.optimism


@stage
def merchant_opinion(d: int, row: int, guess: float, world: World, policy: PolicyRules) -> float:
    """Where the merchant thinks it stands: has seen the buyer's evidence and knows its own."""
    case = world.cases[d]
    prior = policy.prior[row * N_CAUSES + case.claimed]
    return prior + known_to_both(d, row, world, policy) + guess - world.habits.optimism


@stage
def right_to_return(d: int, row: int, world: World, policy: PolicyRules) -> float:
    """What a return without a reason is worth to the buyer, as a share of the amount; 0 = no such right."""
    case = world.cases[d]
    rules = policy.rules[row]
    freight = rules.returns_freight_cost * case.freight
    if not (rules.returns_no_reason and case.in_hand) or freight >= case.amount:
        return 0.0
    return 1.0 - freight / case.amount


@stage
def expected(d: int, row: int, win: float, world: World, policy: PolicyRules) -> float:
    """The share of the amount that the platform would give a buyer who wins with this chance."""
    return win * stake(d, row, world, policy) + (1.0 - win) * right_to_return(d, row, world, policy)


@stage
def platform_part(d: int, row: int, refund: float, world: World, policy: PolicyRules, state: State) -> float:
    """How much of a refund that is not agreed upon the platform pays."""
    rules = policy.rules[row]
    covered = (
        refund <= rules.platform_below
        and state.merchants[world.cases[d].merchant].rating >= rules.platform_if_rating
    )
    if not (rules.funding_payer_platform or covered):
        return 0.0
    return refund if refund < rules.platform_cap else rules.platform_cap


@stage
def borne(d: int, row: int, share: float, world: World, policy: PolicyRules, state: State) -> float:
    """What the merchant itself would bear of a share that the platform awards."""
    amount = world.cases[d].amount
    part = platform_part(d, row, share * amount, world, policy, state)
    return share - part / amount if part > 0.0 else share


@stage
def filing_cost(rules: Rules, win: float) -> float:
    """What the fee for filing costs a buyer who wins with this chance."""
    if rules.screening_loser_pays:
        return rules.filing_fee * (1.0 - win)
    return rules.filing_fee - rules.filing_credit * win


@stage
def asked_by_buyer(d: int, row: int, world: World, policy: PolicyRules, state: State) -> float:
    """The least share of the amount for which the buyer settles.

    The trouble and the fee of filing count while they can still be spared.
    """
    case = world.cases[d]
    rules = policy.rules[row]
    win = chance_of(world, buyer_opinion(d, row, world, policy), rules.decision_standard)
    hoped = expected(d, row, win, world, policy) * state.buyers[case.buyer].trust
    spared = 0.0
    if not was_filed(d, state):
        spared = trouble(d, world, state) + own_fee(d, filing_cost(rules, win), state)
    ask = hoped - spared / case.amount
    if case.hostile:
        ask *= 1.0 + world.habits.hostile_penalty
    if ask > 1.0:
        return 1.0
    return ask if ask > 0.0 else 0.0


@stage
def limit_of_merchant(
    d: int, row: int, guess: float, world: World, policy: PolicyRules, state: State
) -> float:
    """The greatest share of the amount that the merchant would give rather than be intervened."""
    case = world.cases[d]
    rules = policy.rules[row]
    opinion = merchant_opinion(d, row, guess, world, policy)
    lose = chance_of(world, opinion, rules.decision_standard)
    penalty = rules.points_loss * world.habits.point_value
    if rules.screening_loser_pays:
        penalty += rules.filing_fee
    spared = 0.0 if was_filed(d, state) else rules.merchant_fee
    cost = (world.habits.merchant_cost + spared + lose * penalty) / case.amount
    goodwill = lose * world.merchants[case.merchant].service  # for a buyer whom the merchant believes
    pays = borne(d, row, stake(d, row, world, policy), world, policy, state)
    in_any_case = 0.0
    if right_to_return(d, row, world, policy) > 0.0:
        in_any_case = borne(d, row, 1.0, world, policy, state)
    limit = lose * pays + (1.0 - lose) * in_any_case + cost + goodwill
    if case.hostile:
        limit *= 1.0 - world.habits.hostile_penalty
    return limit if limit < 1.0 else 1.0


@stage
def grants(d: int, world: World) -> bool:
    """Whether the merchant grants the claim as a rule of its house (`behaviour.grants`)."""
    case = world.cases[d]
    granting = world.merchants[case.merchant].grants
    return granting > 0.0 and case.grant_luck < granting


@stage
def concession(world: World, round_: int) -> float:
    """Share of its limit that a merchant offers in this round."""
    last = len(world.concession) - 1
    return world.concession[round_ if round_ < last else last]
