"""The lifecycle as one function: what a dispute does when it wakes up.

A dispute goes through these steps, each of which names the stage that it may wake up to:

 1. ORDER             the order is placed; whether it goes wrong depends on what has happened so far
 2. NOTICE            the buyer notices, and complains to the merchant or goes to the platform
 3. HEAR_OFFER        the merchant answers with an offer, round by round
    REPLY_LAPSED      ... or lets its window close
    TALKS_FAILED      ... or the buyer loses patience
    TALKS_OVER        ... or the window of the talks closes
 4. FILE, LAPSE       the buyer files, or the window closes before
 5. SCREENED          the platform admits the filing or not
    CURED, NOT_CURED, TALKED_FIRST    ... or sends it back, and the buyer brings what it lacked
 6. CONSENTED, NO_CONSENT    where the procedure needs consent
 7. ANSWER, SILENCE, WITHDRAW    the merchant's turn, while the buyer may give up
 8. SUPPLEMENT, REBUT the buyer's rebuttal, and the merchant's answer to it
 9. CONVENE, MEET, MEDIATION_OVER    mediation, round by round
10. OFFER_IMPROVED, OFFICER_CALLED, OFFER_TAKEN, OFFERS_OVER    offers side by side
11. RULE              a desk decides; CALL_PANEL and COUNT_VOTES where a panel does, MODEL_RULES and
                      MODEL_ANSWERED where a model does
    HEARING_DUE       ... or hears it once more
    PARTED            the parties end the case while it waits, in steps 5 to 11
    LEFT_QUEUE        ... or the buyer, or the platform's own time, leaves the line of a desk
12. REVIEW, FEE_MATCHED, FEE_NOT_MATCHED    a review, back to step 11; FINAL where nobody asks
13. SHIPPED, NOT_SHIPPED    the goods go back where the refund needs it
    RETURN_DUE        ... also by agreement, or by right
14. CONFIRMED, CONFIRM_LAPSED    the merchant confirms, and the refund is due

Whatever ends a dispute goes through `sim.lifecycle.closing.end`: money, sanctions, rating, and what the
people make of it. Before any stage from step 3 on a retroactive reform takes hold (`keep_up`).
"""

from __future__ import annotations

from evenhand.sim.lifecycle import codes
from evenhand.sim.lifecycle.answer import answered, rebutted, silent, supplemented, withdraw
from evenhand.sim.lifecycle.consent import consented, not_consented
from evenhand.sim.lifecycle.cure import cured, not_cured, talked_first
from evenhand.sim.lifecycle.decision import assign, hand_to_desk, rule
from evenhand.sim.lifecycle.enforcement import await_goods, confirmed, not_shipped, shipped
from evenhand.sim.lifecycle.fee_matching import await_match, fee_matched, fee_not_matched
from evenhand.sim.lifecycle.filing import file, lapse, screened
from evenhand.sim.lifecycle.leaving import left_queue
from evenhand.sim.lifecycle.machine import model_rules, request_met
from evenhand.sim.lifecycle.mediation import convene, mediation_over, met
from evenhand.sim.lifecycle.negotiation import (
    hear_offer,
    noticed,
    order_placed,
    reply_lapsed,
    talks_failed,
    talks_over,
)
from evenhand.sim.lifecycle.offers import improved, offer_taken, offers_over
from evenhand.sim.lifecycle.panel import invite
from evenhand.sim.lifecycle.review import review_requested, ruling_final
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import Transition, keep_up, stage, stop
from evenhand.sim.lifecycle.verdict import votes_counted
from evenhand.sim.lifecycle.waiting import parted
from evenhand.sim.policy.compile import PolicyRules
from evenhand.sim.sampling.world_rows import World


@stage
def advance(at: int, d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
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
def before_filing(at: int, d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
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
def before_decision(
    at: int, d: int, now: float, world: World, policy: PolicyRules, state: State
) -> Transition:
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
    if at == codes.REBUT:
        return rebutted(d, now, world, policy, state)
    if at == codes.CONVENE:
        return convene(d, world, state)
    if at == codes.MEET:
        return met(d, now, world, policy, state)
    if at == codes.MEDIATION_OVER:
        return mediation_over(d, now, world, policy, state)
    return between_offers(at, d, now, world, policy, state)


@stage
def between_offers(
    at: int, d: int, now: float, world: World, policy: PolicyRules, state: State
) -> Transition:
    """Offers side by side."""
    if at == codes.OFFER_IMPROVED:
        return improved(d, now, world, policy, state)
    if at == codes.OFFICER_CALLED:
        return assign(d, now, world, policy, state)
    if at == codes.OFFER_TAKEN:
        return offer_taken(d, now, world, policy, state)
    return offers_over(d, now, world, policy, state)


@stage
def decision_and_after(
    at: int, d: int, now: float, world: World, policy: PolicyRules, state: State
) -> Transition:
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
    if at == codes.RETURN_DUE:
        return await_goods(d, now, world, policy, state)
    if at == codes.SHIPPED:
        return shipped(d, now, world, policy, state)
    if at == codes.NOT_SHIPPED:
        return not_shipped(d, now, world, policy, state)
    if at == codes.LEFT_QUEUE:
        return left_queue(d, now, world, policy, state)
    if at == codes.MODEL_RULES:
        return model_rules(d, now, world, policy, state)
    if at == codes.MODEL_ANSWERED:
        return request_met(d, now, world, policy, state)
    if at == codes.HEARING_DUE:
        return hand_to_desk(d, now, world, policy, state)
    if at == codes.PARTED:
        return parted(d, now, world, policy, state)
    if at == codes.CURED:
        return cured(d, now, world, policy, state)
    if at == codes.NOT_CURED:
        return not_cured(d, now, world, policy, state)
    if at == codes.TALKED_FIRST:
        return talked_first(d, now, world, policy, state)
    if at == codes.CONFIRMED or at == codes.CONFIRM_LAPSED:
        return confirmed(d, now, at == codes.CONFIRMED, world, policy, state)
    return stop()
