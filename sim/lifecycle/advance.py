"""The lifecycle as one function: what a dispute does when it wakes up."""

from __future__ import annotations

from sim.layout import World
from sim.lifecycle import codes
from sim.lifecycle.answer import answered, silent, supplemented, withdraw
from sim.lifecycle.closing import confirmed, not_shipped, shipped
from sim.lifecycle.consent import consented, not_consented
from sim.lifecycle.decide import assign, rule
from sim.lifecycle.filing import file, lapse, screened
from sim.lifecycle.matching import await_match, fee_matched, fee_not_matched
from sim.lifecycle.mediate import convene, mediation_over, met
from sim.lifecycle.moves import Move, keep_up, stage, stop
from sim.lifecycle.negotiate import (
    hear_offer,
    noticed,
    order_placed,
    reply_lapsed,
    talks_failed,
    talks_over,
)
from sim.lifecycle.offers import improved, offer_taken, offers_over
from sim.lifecycle.panel import invite
from sim.lifecycle.review import review_requested, ruling_final
from sim.lifecycle.verdict import votes_counted
from sim.rules import PolicyRules
from sim.state import State


@stage
def advance(at: int, d: int, now: float, world: World, policy: PolicyRules, state: State) -> Move:
    """Do what is due at this stage, and say what comes next."""
    if at == codes.ORDER:
        return order_placed(d, now, world, state)
    if at == codes.NOTICE:
        return noticed(d, now, world, policy, state)
    keep_up(d, now, world, policy, state)
    if at <= codes.LAPSE:
        return before_filing(at, d, now, world, policy, state)
    if at <= codes.OFFERS_OVER:
        return before_decision(at, d, now, world, policy, state)
    return decision_and_after(at, d, now, world, policy, state)


@stage
def before_filing(at: int, d: int, now: float, world: World, policy: PolicyRules, state: State) -> Move:
    """Talks, and the way to the platform."""
    if at == codes.HEAR_OFFER:
        return hear_offer(d, now, world, policy, state)
    if at == codes.REPLY_LAPSED:
        return reply_lapsed(d, now, world, policy, state)
    if at == codes.TALKS_FAILED:
        return talks_failed(d, now, world, policy, state)
    if at == codes.TALKS_OVER:
        return talks_over(d, now, world, policy, state)
    if at == codes.FILE:
        return file(d, now, world, policy, state)
    return lapse(d, now, world, policy, state)


@stage
def before_decision(at: int, d: int, now: float, world: World, policy: PolicyRules, state: State) -> Move:
    """Screening, the merchant's turn, mediation."""
    if at == codes.SCREENED:
        return screened(d, now, world, policy, state)
    if at == codes.CONSENTED:
        return consented(d, now, world, policy, state)
    if at == codes.NO_CONSENT:
        return not_consented(d, now, world, policy, state)
    if at == codes.ANSWER:
        return answered(d, now, world, policy, state)
    if at == codes.SILENCE:
        return silent(d, now, world, policy, state)
    if at == codes.WITHDRAW:
        return withdraw(d, now, world, policy, state)
    if at == codes.SUPPLEMENT:
        return supplemented(d, now, world, policy, state)
    if at == codes.CONVENE:
        return convene(d, world, state)
    if at == codes.MEET:
        return met(d, now, world, policy, state)
    if at == codes.MEDIATION_OVER:
        return mediation_over(d, now, world, policy, state)
    return between_offers(at, d, now, world, policy, state)


@stage
def between_offers(at: int, d: int, now: float, world: World, policy: PolicyRules, state: State) -> Move:
    """Offers side by side."""
    if at == codes.OFFER_IMPROVED:
        return improved(d, now, world, policy, state)
    if at == codes.OFFICER_CALLED:
        return assign(d, now, world, policy, state)
    if at == codes.OFFER_TAKEN:
        return offer_taken(d, now, world, policy, state)
    return offers_over(d, now, world, policy, state)


@stage
def decision_and_after(at: int, d: int, now: float, world: World, policy: PolicyRules, state: State) -> Move:
    """Rulings, reviews, returns."""
    if at == codes.CALL_PANEL:
        return invite(d, now, world, policy, state)
    if at == codes.RULE:
        return rule(d, now, world, policy, state)
    if at == codes.COUNT_VOTES:
        return votes_counted(d, now, world, policy, state)
    if at == codes.REVIEW:
        if review_requested(d, now, world, policy, state):
            return await_match(d, now, world, policy, state)
        return assign(d, now, world, policy, state)
    if at == codes.FEE_MATCHED:
        fee_matched(d, now, world, policy, state)
        return assign(d, now, world, policy, state)
    if at == codes.FEE_NOT_MATCHED:
        return fee_not_matched(d, now, world, policy, state)
    if at == codes.FINAL:
        return ruling_final(d, now, world, policy, state)
    if at == codes.SHIPPED:
        return shipped(d, now, world, policy, state)
    if at == codes.NOT_SHIPPED:
        return not_shipped(d, now, world, policy, state)
    if at == codes.CONFIRMED or at == codes.CONFIRM_LAPSED:
        return confirmed(d, now, at == codes.CONFIRMED, world, policy, state)
    return stop()
