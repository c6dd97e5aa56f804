"""What each side can expect from the platform, in money: below it, nobody settles.

As in bargaining over shares (Landes 1971; Gould 1973; Shavell 1982), but for remedies that the two
sides value differently. A merchant does not know what the buyer expects; it has a picture of it.
"""

from __future__ import annotations

from typing import NamedTuple

from evenhand.sim.lifecycle.artefacts import buyer_known, known_to_both
from evenhand.sim.lifecycle.bargaining import platform_part
from evenhand.sim.lifecycle.remedies import believed_salvage, cost_to_merchant, given_as, worth_to_buyer
from evenhand.sim.lifecycle.representation import own_fee, trouble
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import stage, stake, was_filed
from evenhand.sim.policy.compile import PolicyRules
from evenhand.sim.sampling.evidence import chance
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.vocabulary import N_CAUSES


class Chances(NamedTuple):
    """A party's chances of the whole and of a part."""

    full: float
    half: float


class Picture(NamedTuple):
    """How a merchant sees the case; money and shares."""

    harm: float
    """The harm that it believes in: what is shown, times how far it believes it."""
    salvage: float
    """What returned goods would be worth to it."""
    hope: float
    """What it thinks the buyer expects from the platform, less his trouble."""
    by_right: float
    """What a return without a reason would be worth to the buyer."""
    limit: float
    """What no settlement would cost it."""


@stage
def odds_at(gap: float, row: int, world: World, policy: PolicyRules) -> Chances:
    """The chances of one who sees the case so far above the standard of proof.

    A ruling that does not bind counts by the chance that the merchant carries it out.
    """
    band = policy.rules[row].decision_band
    kept = 1.0 if policy.rules[row].decision_binding else world.habits.complies
    if band <= 0.0:
        return Chances(kept * chance(world, gap), 0.0)
    full = chance(world, gap - band)
    return Chances(kept * full, kept * (chance(world, gap + band) - full))


@stage
def awarded(share: float, loss: float, d: int, row: int, world: World, policy: PolicyRules) -> float:
    """What a ruling for this share of the amount is worth to a buyer with this loss."""
    remedy = given_as(share, d, row, world, policy)
    return worth_to_buyer(remedy, share * world.cases[d].amount, loss, d, row, world, policy)


@stage
def award_costs(
    share: float, salvage: float, d: int, row: int, world: World, policy: PolicyRules, state: State
) -> float:
    """What the merchant itself bears of such a ruling."""
    back = share * world.cases[d].amount
    remedy = given_as(share, d, row, world, policy)
    cost = cost_to_merchant(remedy, back, salvage, d, row, world, policy)
    cost -= platform_part(d, row, back, world, policy, state)
    return cost if cost > 0.0 else 0.0


@stage
def worth_by_right(d: int, row: int, loss: float, world: World, policy: PolicyRules) -> float:
    """What a return without a reason is worth to a buyer, who bears its freight; 0 = no such right."""
    case, rules = world.cases[d], policy.rules[row]
    if not (rules.returns_no_reason and case.in_hand):
        return 0.0
    worth = loss * case.amount - world.habits.hassle - rules.returns_freight_cost
    return worth if worth > 0.0 else 0.0


@stage
def expected_award(
    odds: Chances, loss: float, by_right: float, d: int, row: int, world: World, policy: PolicyRules
) -> float:
    """What the platform is expected to bring the buyer, by chance of the whole, of a part, of nothing."""
    whole = stake(d, row, world, policy)
    part = whole * policy.rules[row].decision_partial_share
    value = odds.full * awarded(whole, loss, d, row, world, policy)
    if odds.half > 0.0:
        value += odds.half * awarded(part, loss, d, row, world, policy)
    value += (1.0 - odds.full - odds.half) * by_right
    return value if value > by_right else by_right


@stage
def fee_at_risk(odds: Chances, row: int, policy: PolicyRules) -> float:
    """What the fee for filing costs a buyer with these chances."""
    rules = policy.rules[row]
    if rules.screening_loser_pays:
        return rules.filing_fee * (1.0 - odds.full - 0.5 * odds.half)
    return rules.filing_fee


@stage
def talked_about(d: int, row: int, world: World, policy: PolicyRules, state: State) -> float:
    """`known_to_both`, which every round of talks asks for more than once: once for a row of rules."""
    mine = state.disputes[d]
    if mine.known_row != row:
        mine.known = known_to_both(d, row, world, policy)
        mine.known_row = row
    return mine.known


@stage
def buyers_odds(d: int, row: int, world: World, policy: PolicyRules, state: State) -> Chances:
    """The buyer's own chances: the evidence, the rules as far as he knows them, a guess, optimism.

    What only the merchant holds he knows once the merchant has answered, in talks or on the file.
    """
    case, mine = world.cases[d], state.disputes[d]
    if mine.heard or mine.answered:
        known = talked_about(d, row, world, policy, state)
    else:
        known = buyer_known(d, row, world, policy)
    prior = policy.prior[row * N_CAUSES + case.claimed] * world.buyers[case.buyer].knowledge
    opinion = known + prior + case.buyer_guess + world.habits.optimism
    return odds_at(opinion - policy.rules[row].decision_standard, row, world, policy)


@stage
def hope_of_buyer(d: int, row: int, world: World, policy: PolicyRules, state: State) -> float:
    """What going to the platform, or staying there, is worth to the buyer; below 0 he lets it be."""
    case = world.cases[d]
    odds = buyers_odds(d, row, world, policy, state)
    by_right = worth_by_right(d, row, case.loss, world, policy)
    hope = expected_award(odds, case.loss, by_right, d, row, world, policy)
    hope *= state.buyers[case.buyer].trust
    if was_filed(d, state):
        return hope
    return hope - trouble(d, world, state) - own_fee(d, fee_at_risk(odds, row, policy), state)


@stage
def picture_of(d: int, row: int, guess: float, world: World, policy: PolicyRules, state: State) -> Picture:
    """What the merchant makes of the case in this round, by its guess."""
    case, habits, rules = world.cases[d], world.habits, policy.rules[row]
    known = talked_about(d, row, world, policy, state) + guess
    harm = chance(world, known + habits.credence)
    if case.in_hand:
        harm *= case.shown_severity
    salvage = believed_salvage(d, harm, world)
    by_right = worth_by_right(d, row, harm, world, policy)
    prior, standard = policy.prior[row * N_CAUSES + case.claimed], rules.decision_standard
    theirs = known + prior * habits.mean_knowledge + 0.5 * habits.optimism - standard
    odds = odds_at(theirs, row, world, policy)
    hope = habits.mean_trust * expected_award(odds, harm, by_right, d, row, world, policy)
    files = 1.0
    if not was_filed(d, state):
        hope -= habits.mean_effort + fee_at_risk(odds, row, policy)
        unsure = habits.uncertainty * case.amount + 0.5 * habits.mean_effort
        files = chance(world, hope / (habits.file_scale * unsure))
    odds = odds_at(known + prior - habits.optimism - standard, row, world, policy)
    limit = files * ruled_costs(d, row, odds, harm, salvage, by_right, world, policy, state)
    limit += (1.0 - files) * left_alone(d, row, harm, salvage, by_right, world, policy)
    if case.hostile:
        limit *= 1.0 - habits.hostile_penalty
    return Picture(harm, salvage, hope, by_right, limit)


@stage
def returned_costs(d: int, salvage: float, world: World) -> float:
    """What a return without a reason costs the merchant."""
    price = world.cases[d].amount
    return price - salvage * price + world.habits.handling


@stage
def ruled_costs(
    d: int,
    row: int,
    odds: Chances,
    harm: float,
    salvage: float,
    by_right: float,
    world: World,
    policy: PolicyRules,
    state: State,
) -> float:
    """What an intervention costs a merchant that sees these chances: awards, work, rating, ill will."""
    case, habits, rules = world.cases[d], world.habits, policy.rules[row]
    whole = stake(d, row, world, policy)
    part = whole * rules.decision_partial_share
    cost = odds.full * award_costs(whole, salvage, d, row, world, policy, state)
    cured = odds.full * awarded(whole, harm, d, row, world, policy)
    if odds.half > 0.0:
        cost += odds.half * award_costs(part, salvage, d, row, world, policy, state)
        cured += odds.half * awarded(part, harm, d, row, world, policy)
    penalty = rules.points_loss * habits.point_value
    if rules.screening_loser_pays:
        penalty += rules.filing_fee
    cost += habits.merchant_cost + habits.rating_cost + (odds.full + 0.5 * odds.half) * penalty
    if not was_filed(d, state):
        cost += rules.merchant_fee
    if by_right > 0.0:
        cost += (1.0 - odds.full - odds.half) * returned_costs(d, salvage, world)
    uncured = harm * case.amount - cured
    return cost + world.merchants[case.merchant].ill_will * uncured if uncured > 0.0 else cost


@stage
def left_alone(
    d: int, row: int, harm: float, salvage: float, by_right: float, world: World, policy: PolicyRules
) -> float:
    """What a buyer who does not go to the platform costs: he returns the goods, or bears a grudge."""
    if by_right > 0.0:
        return returned_costs(d, salvage, world)
    case = world.cases[d]
    return world.merchants[case.merchant].ill_will * harm * case.amount
