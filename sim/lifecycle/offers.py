"""Offers side by side: the buyer's, the merchant's and, when these have not met, an officer's.

The officer's offer is what the ruling would be; it becomes the ruling where nobody takes it in time.
"""

from __future__ import annotations

from evenhand.sim.jit.compile import long
from evenhand.sim.lifecycle.bargaining import asked_by_buyer, concession, limit_of_merchant
from evenhand.sim.lifecycle.codes import (
    BY_DESK,
    BY_NOBODY,
    OFFER_IMPROVED,
    OFFER_TAKEN,
    OFFER_TAKEN_EVENT,
    OFFERS_LAID_OPEN,
    OFFERS_MET,
    OFFERS_OVER,
    OFFICER_CALLED,
    OFFICER_OFFERED,
    OFFICERS_OFFER,
    RULED_EVENT,
)
from evenhand.sim.lifecycle.decision_rule import Award
from evenhand.sim.lifecycle.enforcement import agree, settle
from evenhand.sim.lifecycle.review import announce
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.talks import bid, gives_award, takes_award
from evenhand.sim.lifecycle.transitions import (
    Transition,
    accord_of,
    deadline,
    log_event,
    log_event_by,
    stage,
    wait,
)
from evenhand.sim.policy.compile import ACCEPT_WINDOW, OFFERS_WINDOW, PolicyRules
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.settings import UNLIMITED


@stage
def lay_open(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """Both sides' offers stand on the page; the merchant may better its own once before the officer comes.

    A better offer that comes exactly at the end of the window is in time.
    """
    mine = state.disputes[d]
    log_event(d, now, OFFERS_LAID_OPEN, state)
    mine.offers_until = deadline(world, policy, mine.row, OFFERS_WINDOW, now)
    if world.habits.talks_enabled:
        made = bid(d, long(mine.round), 0.0, 1.0, world, policy, state)
        if made.taken:
            remedy, back = made.offer.remedy, made.offer.back
            return agree(d, now, remedy, back, OFFERS_MET, world, policy, state)
    elif offers_meet(d, 0, world, policy, state):
        return settle(d, now, mine.offer, OFFERS_MET, world, policy, state)
    delay = world.accords[accord_of(d, world)].merchant_takes
    if now + delay <= mine.offers_until:
        return wait(OFFER_IMPROVED, delay)
    return wait(OFFICER_CALLED, mine.offers_until - now)


@stage
def offers_meet(d: int, better: int, world: World, policy: PolicyRules, state: State) -> bool:
    """Whether the merchant's offer, so many steps after the talks, is what the buyer asks."""
    mine = state.disputes[d]
    mine.offer = limit_of_merchant(d, mine.row, 0.0, world, policy, state) * concession(
        world, mine.round + better
    )
    return mine.offer > 0.0 and mine.offer >= asked_by_buyer(d, mine.row, world, policy, state)


@stage
def improved(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """The merchant has gone one step further."""
    mine = state.disputes[d]
    if world.habits.talks_enabled:
        made = bid(d, long(mine.round + 1), 0.0, 1.0, world, policy, state)
        if made.taken:
            remedy, back = made.offer.remedy, made.offer.back
            return agree(d, now, remedy, back, OFFERS_MET, world, policy, state)
    elif offers_meet(d, 1, world, policy, state):
        return settle(d, now, mine.offer, OFFERS_MET, world, policy, state)
    left = mine.offers_until - now
    return wait(OFFICER_CALLED, left if left > 0.0 else 0.0)


@stage
def officer_offers(
    d: int, now: float, verdict: Award, world: World, policy: PolicyRules, state: State
) -> Transition:
    """The officer's offer joins theirs; a side takes it if it is no worse than what it held out for.

    An offer taken exactly at the end of the window is taken in time.
    """
    mine = state.disputes[d]
    accord = world.accords[accord_of(d, world)]
    mine.decider = BY_NOBODY
    mine.officer_share = verdict.share
    log_event_by(d, now, OFFICER_OFFERED, long(mine.arbiter), state)
    closes = deadline(world, policy, mine.row, ACCEPT_WINDOW, now)
    by_buyer, by_merchant = UNLIMITED, UNLIMITED
    if world.habits.talks_enabled:
        liked = takes_award(d, mine.row, verdict.share, world, policy, state)
        bearable = gives_award(d, mine.row, verdict.share, world, policy, state)
    else:
        liked = verdict.share >= asked_by_buyer(d, mine.row, world, policy, state)
        bearable = verdict.share <= limit_of_merchant(d, mine.row, 0.0, world, policy, state)
    if liked:
        by_buyer = accord.buyer_takes
    if bearable:
        by_merchant = accord.merchant_takes
    first, last = (by_buyer, by_merchant) if by_buyer < by_merchant else (by_merchant, by_buyer)
    taken = first if policy.rules[mine.row].officer_needs_either else last
    if now + taken <= closes:
        return wait(OFFER_TAKEN, taken)
    return wait(OFFERS_OVER, closes - now)


@stage
def offer_taken(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """Enough sides have taken the officer's offer."""
    log_event(d, now, OFFER_TAKEN_EVENT, state)
    return settle(d, now, state.disputes[d].officer_share, OFFICERS_OFFER, world, policy, state)


@stage
def offers_over(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """Nobody took it: it is the ruling."""
    mine = state.disputes[d]
    mine.decider = BY_DESK
    log_event_by(d, now, RULED_EVENT, long(mine.arbiter), state)
    verdict = Award(mine.officer_share > 0.0, mine.officer_share)
    return announce(d, now, verdict, world, policy, state)
