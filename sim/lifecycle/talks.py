"""Talks about remedies: the merchant proposes the cheapest that it thinks will do, the buyer takes it or not.

`propose` and `accepts` take reservations as they are, so that talks, mediation and settlements after the
filing are one choice.
"""

from __future__ import annotations

from typing import NamedTuple

from evenhand.sim.lifecycle.bargaining import grants
from evenhand.sim.lifecycle.codes import CHEAPEST, GRANTED, MOST, NOTHING_NEEDED
from evenhand.sim.lifecycle.remedies import (
    cost_to_merchant,
    must_come_back,
    possible,
    worth_to_buyer,
    worth_to_owner,
)
from evenhand.sim.lifecycle.reservations import (
    Picture,
    award_costs,
    awarded,
    expected_award,
    hope_of_buyer,
    odds_at,
    picture_of,
    talked_about,
    worth_by_right,
)
from evenhand.sim.lifecycle.rounding import round_sum_from, round_sum_to
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import stage, stake
from evenhand.sim.policy.compile import PolicyRules
from evenhand.sim.sampling.world_rows import Manner, World
from evenhand.sim.scenario.settings import UNLIMITED
from evenhand.sim.scenario.talks import ROUNDS_APART
from evenhand.sim.scenario.vocabulary import (
    COUPON,
    N_CAUSES,
    N_VALID,
    NOTHING,
    PARTIAL,
    REFUND,
    REPAIR,
    REPLACEMENT,
    RETURN,
)

_ALMOST = 0.95
"""A part of the price from this share on is no part: the whole is offered."""
_NONE = -1


class Offer(NamedTuple):
    """What a merchant proposes, and why; `back` is the money of a partial refund."""

    remedy: int
    back: float
    runner_up: int
    """The next best remedy that would have done; -1 = none."""
    ground: int
    """Position in `codes.GROUNDS`."""


class Priced(NamedTuple):
    """A remedy as the merchant sees it: money back, worth to the buyer, cost with the ill will it leaves."""

    back: float
    value: float
    cost: float


@stage
def as_number(offer: Offer) -> int:
    """An offer as the number of its event: remedy, ground, runner-up, each in a digit of base 8."""
    return offer.remedy + 8 * offer.ground + 64 * (offer.runner_up + 1)


@stage
def manner_of(d: int, round_: int, world: World) -> Manner:
    """How the merchant of a dispute bargains in a round."""
    step = round_ if round_ < ROUNDS_APART else ROUNDS_APART - 1
    return world.manners[world.cases[d].style * ROUNDS_APART + step]


@stage
def priced(
    remedy: int, back: float, seen: Picture, d: int, row: int, world: World, policy: PolicyRules
) -> Priced:
    """A remedy as the merchant sees it."""
    case = world.cases[d]
    value = worth_to_buyer(remedy, back, seen.harm, d, row, world, policy)
    cost = cost_to_merchant(remedy, back, seen.salvage, d, row, world, policy)
    uncured = seen.harm * case.amount - value
    if uncured > 0.0:
        cost += world.merchants[case.merchant].ill_will * uncured
    return Priced(back, value, cost)


@stage
def wish(loss: float, d: int, row: int, world: World, policy: PolicyRules) -> float:
    """What a buyer with this loss would like best, of what he may ask for."""
    if not world.cases[d].in_hand:
        return world.cases[d].amount
    returned = worth_to_buyer(RETURN, 0.0, loss, d, row, world, policy)
    replaced = worth_to_buyer(REPLACEMENT, 0.0, loss, d, row, world, policy)
    return returned if returned > replaced else replaced


@stage
def held_out(hope: float, wished: float, far: float, by_right: float) -> float:
    """What a buyer holds out for, part of the way from what he expects to what he would like."""
    ask = hope + far * (wished - hope) if wished > hope else hope
    return ask if ask > by_right else by_right


@stage
def needed(seen: Picture, d: int, row: int, round_: int, world: World, policy: PolicyRules) -> float:
    """What the merchant thinks it takes in this round, by its style."""
    manner = manner_of(d, round_, world)
    wished = wish(seen.harm, d, row, world, policy)
    need = held_out(seen.hope, wished, manner.aspiration, seen.by_right)
    return need + manner.margin * world.habits.uncertainty * world.cases[d].amount


@stage
def demanded(seen: Picture, d: int, row: int, world: World, policy: PolicyRules) -> int:
    """What the buyer asks for: a part for a small harm, goods, or his money back."""
    case, habits = world.cases[d], world.habits
    if not case.in_hand:
        return REPAIR if case.demand_luck < habits.wants_resend else REFUND
    if case.shown_severity < habits.asks_part_below:
        return PARTIAL
    if case.demand_luck < habits.wants_replacement:
        return REPLACEMENT
    if not must_come_back(d, row, world, policy):
        return REFUND
    returned = cost_to_merchant(RETURN, 0.0, seen.salvage, d, row, world, policy)
    return REFUND if case.amount <= returned else RETURN


@stage
def what_is_asked(seen: Picture, d: int, row: int, world: World, policy: PolicyRules) -> Offer:
    """What a merchant offers that grants the claim: the demand, whatever it costs."""
    case = world.cases[d]
    demand = demanded(seen, d, row, world, policy)
    back = round_sum_from(d, case.shown_severity * case.amount, world) if demand == PARTIAL else 0.0
    if back >= _ALMOST * case.amount:
        return Offer(REFUND, 0.0, _NONE, GRANTED)
    return Offer(demand, back, _NONE, GRANTED)


@stage
def most_in_part(seen: Picture, limit: float, d: int, world: World) -> float:
    """The greatest round sum within the limit, ill will about the rest of the harm counted."""
    case = world.cases[d]
    will, harm = world.merchants[case.merchant].ill_will, seen.harm * case.amount
    most = limit
    if limit < harm:
        most = (limit - will * harm) / (1.0 - will) if will < 1.0 else 0.0
    return round_sum_to(d, most, world)


@stage
def propose(
    seen: Picture,
    need: float,
    limit: float,
    d: int,
    row: int,
    round_: int,
    world: World,
    policy: PolicyRules,
) -> Offer:
    """The cheapest remedy that is worth what the buyer needs and costs no more than the limit.

    What the buyer asks for is granted if it is within the limit, credible, and not dearer by more than the
    style tolerates. Where nothing will do it is the most valuable within the limit. Of equals the first.
    """
    case, habits = world.cases[d], world.habits
    manner = manner_of(d, round_, world)
    best, second, best_cost, second_cost = _NONE, _NONE, UNLIMITED, UNLIMITED
    most, most_value, part = NOTHING, 0.0, 0.0
    for remedy in range(COUPON + 1):
        if not possible(remedy, d, world):
            continue
        back = round_sum_from(d, need, world) if remedy == PARTIAL else 0.0
        if remedy == PARTIAL and back >= _ALMOST * case.amount:
            continue
        as_seen = priced(remedy, back, seen, d, row, world, policy)
        if as_seen.cost > limit:
            continue
        if as_seen.value > most_value and remedy != PARTIAL:
            most, most_value = remedy, as_seen.value
        does = as_seen.value >= need
        if remedy == NOTHING:
            does = seen.hope <= 0.0 and need <= 1.5 * habits.uncertainty * case.amount
        if not does:
            continue
        if as_seen.cost < best_cost:
            second, second_cost = best, best_cost
            best, best_cost = remedy, as_seen.cost
            if remedy == PARTIAL:
                part = back
        elif as_seen.cost < second_cost:
            second, second_cost = remedy, as_seen.cost
    demand = demanded(seen, d, row, world, policy)
    back = round_sum_from(d, case.shown_severity * case.amount, world) if demand == PARTIAL else 0.0
    if seen.harm > 0.5 * case.shown_severity and back < _ALMOST * case.amount:
        as_seen = priced(demand, back, seen, d, row, world, policy)
        near = best == _NONE or as_seen.cost - best_cost <= manner.tolerance * case.amount
        if as_seen.cost <= limit and near:
            return Offer(demand, back, best, GRANTED)
    if best != _NONE:
        ground = NOTHING_NEEDED if best == NOTHING else CHEAPEST
        return Offer(best, part if best == PARTIAL else 0.0, second, ground)
    if case.in_hand:
        back = most_in_part(seen, limit, d, world)
        if back > most_value and back < _ALMOST * case.amount:
            return Offer(PARTIAL, back, most, MOST)
    return Offer(most, 0.0, _NONE, MOST)


@stage
def asked(hope: float, d: int, row: int, round_: int, world: World, policy: PolicyRules) -> float:
    """What the buyer asks in this round: what he expects, and part of the way to what he would like."""
    case, habits = world.cases[d], world.habits
    far = manner_of(d, round_, world).aspiration
    if case.cause >= N_VALID:
        far *= habits.groundless_aspiration
        wished = case.amount
        if must_come_back(d, row, world, policy):
            wished = habits.groundless_wish * case.shown_severity * case.amount
            returned = worth_to_buyer(RETURN, 0.0, case.loss, d, row, world, policy)
            wished = returned if returned > wished else wished
    else:
        wished = wish(case.loss, d, row, world, policy)
    ask = held_out(hope, wished, far, worth_by_right(d, row, case.loss, world, policy))
    if ask > 0.0 and (case.hostile or case.merchant_hostile):
        ask *= 1.0 + habits.hostile_penalty
    return ask


@stage
def accepts(
    offer: Offer, ask: float, hope: float, d: int, row: int, world: World, policy: PolicyRules
) -> bool:
    """Whether the buyer takes an offer: worth what he asks, or what he called for and better than waiting."""
    value = worth_to_owner(offer.remedy, offer.back, d, row, world, policy)
    return value > 0.0 and (value >= ask or (offer.ground == GRANTED and value >= hope))


class Bid(NamedTuple):
    """An offer, and whether it is taken."""

    offer: Offer
    taken: bool
    gap: float
    """What the buyer asks above what he is offered, in money."""
    need: float
    limit: float
    ask: float
    worth: float
    seen: Picture
    """What the merchant made of the case, and what the buyer hopes for, from which all this follows."""
    hope: float


@stage
def bid(
    d: int, round_: int, guess: float, apart: float, world: World, policy: PolicyRules, state: State
) -> Bid:
    """One round, with what was weighed kept for the record; see `struck`."""
    mine = state.disputes[d]
    made = struck(d, round_, guess, apart, world, policy, state)
    mine.offer_need = made.need
    mine.offer_limit = made.limit
    mine.offer_ask = made.ask
    mine.offer_worth = made.worth
    mine.offer = made.offer.back / world.cases[d].amount
    if made.offer.remedy == RETURN or made.offer.remedy == REFUND:
        mine.offer = 1.0
    return made


@stage
def struck(
    d: int, round_: int, guess: float, apart: float, world: World, policy: PolicyRules, state: State
) -> Bid:
    """What a round comes to: the merchant proposes, and the buyer takes it or does not.

    A mediator has moved both sides towards what the whole file suggests; `apart` is the share of the way
    that is left, 1 where there is none.
    """
    case, row = world.cases[d], state.disputes[d].row
    seen = picture_of(d, row, guess, world, policy, state)
    limit = seen.limit * manner_of(d, round_, world).limit
    need = needed(seen, d, row, round_, world, policy)
    hope = hope_of_buyer(d, row, world, policy, state)
    ask = asked(hope, d, row, round_, world, policy)
    if apart < 1.0:
        file = talked_about(d, row, world, policy, state) + policy.prior[row * N_CAUSES + case.claimed]
        odds = odds_at(file - policy.rules[row].decision_standard, row, world, policy)
        fair = expected_award(odds, case.loss, 0.0, d, row, world, policy)
        whole = stake(d, row, world, policy)
        due = (odds.full + 0.5 * odds.half) * award_costs(whole, seen.salvage, d, row, world, policy, state)
        ask = nearer(ask, fair, apart) if ask > fair else ask
        need = nearer(need, fair, apart) if need > fair else need
        limit = nearer(limit, due, apart) if limit < due else limit
    if grants(d, world):
        offer = what_is_asked(seen, d, row, world, policy)
    else:
        offer = propose(seen, need, limit, d, row, round_, world, policy)
    worth = worth_to_owner(offer.remedy, offer.back, d, row, world, policy)
    taken = accepts(offer, ask, hope, d, row, world, policy)
    return Bid(offer, taken, ask - worth, need, limit, ask, worth, seen, hope)


@stage
def nearer(mark: float, fair: float, apart: float) -> float:
    """A mark of which only a share of its way to what is fair is left."""
    return fair + apart * (mark - fair)


@stage
def takes_award(d: int, row: int, share: float, world: World, policy: PolicyRules, state: State) -> bool:
    """Whether a share that somebody else proposes is worth to the buyer what he expects."""
    hope = hope_of_buyer(d, row, world, policy, state)
    ask = asked(hope, d, row, ROUNDS_APART, world, policy)
    return awarded(share, world.cases[d].loss, d, row, world, policy) >= ask


@stage
def gives_award(d: int, row: int, share: float, world: World, policy: PolicyRules, state: State) -> bool:
    """Whether it costs the merchant no more than going on."""
    seen = picture_of(d, row, 0.0, world, policy, state)
    return award_costs(share, seen.salvage, d, row, world, policy, state) <= seen.limit
