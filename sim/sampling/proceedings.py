"""What a dispute meets at the platform: answers, mediation, consents, decisions, votes.

Nothing of it is read before the filing. Slots (rounds, levels, seats) are drawn one by one, so that
a policy with more of them meets the same first ones.
"""

from __future__ import annotations

from math import log1p

from evenhand.sim.jit.compile import jit, long
from evenhand.sim.sampling import streams
from evenhand.sim.sampling.artefacts import draw_alarms
from evenhand.sim.sampling.evidence import weight_of
from evenhand.sim.sampling.grievance import draw_return, reply, value
from evenhand.sim.sampling.philox import likely, uniform
from evenhand.sim.sampling.special import ndtri
from evenhand.sim.sampling.streams import SLOTS_PER_LEVEL
from evenhand.sim.sampling.world_rows import Draft
from evenhand.sim.scenario.distributions import NEVER

WAITS = 3
"""Waits of every case that is filed: for screening, the answer, a desk; those after meetings follow, and then
two for each further hearing."""
HEARINGS_FROM = 1024
"""Slot of the first of these last, so that rounds of mediation do not move their luck."""


@jit
def patience(world: Draft, d: int, i: int, number: int) -> float:
    """Hours that the buyer waits in a line; number 0 is that of screening, k + 1 that of decision k."""
    traits = world.parameters.buyer_groups[world.buyers[world.cases[d].buyer].group]
    if traits.queue_patience < 0:
        return NEVER
    return value(world, long(traits.queue_patience), uniform(world, streams.QUEUE_PATIENCE, i, number))


@jit
def draw_hearing(world: Draft, d: int, i: int) -> None:
    """Screening, and what the parties do while the case is open."""
    case, odds = world.cases[d], world.parameters.odds[0]
    traits = world.parameters.buyer_groups[world.buyers[case.buyer].group]
    case.screening_hours = value(
        world, long(odds.screening_service), uniform(world, streams.SCREENING_TIME, i, 0)
    )
    case.screening_stays = patience(world, d, i, 0)
    case.platform_patience = value(world, long(traits.platform_patience), uniform(world, streams.STAYS, i, 0))
    case.supplements = uniform(world, streams.SUPPLEMENTS, i, 0) < odds.supplement_share
    case.supplement_delay = value(
        world, long(odds.supplement_delay), uniform(world, streams.SUPPLEMENT_DELAY, i, 0)
    )
    case.evidence_delay = reply(world, d, uniform(world, streams.EVIDENCE_DELAY, i, 0))
    case.merchant_forge_luck = uniform(world, streams.MERCHANT_FORGES, i, 0)
    case.stonewall_luck = uniform(world, streams.STONEWALLS, i, 0)
    case.extension_luck = uniform(world, streams.EXTENSION, i, 0)
    case.concede_luck = uniform(world, streams.CONCEDES, i, 0)
    answer, first = long(odds.contest_answer_cost), long(odds.contest_first_cost)
    case.answer_cost = value(world, answer, uniform(world, streams.ANSWER_COST, i, 0))
    case.first_cost = value(world, first, uniform(world, streams.FIRST_COST, i, 0))
    case.contest_guess = odds.notice_sd * ndtri(uniform(world, streams.CONTEST_GUESS, i, 0))
    case.rebuttal_delay = case.rebuttal_weight = 0.0
    case.merchant_rebuts = likely(world, streams.MERCHANT_REBUTS, i, 0, odds.rebuttal_share)
    if case.merchant_rebuts:
        case.rebuttal_delay = reply(world, d, uniform(world, streams.REBUTTAL_DELAY, i, 0))
        more = ndtri(uniform(world, streams.REBUTTAL, i, 0))
        case.rebuttal_weight = weight_of(case.valid, odds.rebuttal_strength, more)


@jit
def draw_meetings(world: Draft, d: int, i: int) -> None:
    """Rounds of mediation; row k of dispute d is at d x rounds + k."""
    odds = world.parameters.odds[0]
    for k in range(world.meetings_each):
        meeting = world.meetings[d * world.meetings_each + k]
        meeting.service = value(
            world, long(odds.mediation_service), uniform(world, streams.MEDIATION_TIME, i, k)
        )
        meeting.reply = reply(world, d, uniform(world, streams.MEDIATED_REPLY, i, k))
        meeting.guess = odds.opinion_sd * ndtri(uniform(world, streams.MEDIATED_GUESS, i, k))


@jit
def draw_accord(world: Draft, d: int, i: int) -> None:
    """Consents, offers taken, cures and compliance, where the policy knows any of them."""
    if world.accords_each == 0:
        return
    row, request = world.accords[d], long(world.parameters.odds[0].review_request)
    filing = world.parameters.buyer_groups[world.buyers[world.cases[d].buyer].group].filing_delay
    row.merchant_luck = uniform(world, streams.MERCHANT_CONSENTS, i, 0)
    row.merchant_reply = reply(world, d, uniform(world, streams.MERCHANT_CONSENT_DELAY, i, 0))
    row.buyer_luck = uniform(world, streams.BUYER_CONSENTS, i, 0)
    row.buyer_reply = value(world, long(filing), uniform(world, streams.BUYER_CONSENT_DELAY, i, 0))
    row.buyer_takes = value(world, request, uniform(world, streams.OFFER_TAKEN_BY_BUYER, i, 0))
    row.merchant_takes = value(world, request, uniform(world, streams.OFFER_TAKEN_BY_MERCHANT, i, 0))
    odds = world.parameters.odds[0]
    row.ignoring = value(world, long(odds.consent_ignoring), uniform(world, streams.IGNORING, i, 0))
    row.cure_luck = uniform(world, streams.CURES, i, 0)
    row.cure_delay = value(world, long(filing), uniform(world, streams.CURE_DELAY, i, 0))
    more = ndtri(uniform(world, streams.CURE_EVIDENCE, i, 0))
    row.cure_weight = weight_of(world.cases[d].valid, odds.cure_strength, more)
    row.comply_luck = uniform(world, streams.COMPLIES, i, 0)


@jit
def draw_pause(world: Draft, d: int, i: int, k: int) -> None:
    """What would end wait k, if people do not let it take its course."""
    row = world.pauses[d * world.pauses_each + k]
    others = WAITS + world.meetings_each
    slot = k if k < others else HEARINGS_FROM + k - others
    row.lasts = -log1p(-uniform(world, streams.PARTS, i, slot))
    row.how_luck = uniform(world, streams.PARTS_HOW, i, slot)


@jit
def draw_level(world: Draft, d: int, i: int, k: int) -> None:
    """Decision k: 0 is the first, k the k-th review, with the request that leads to it."""
    row, odds, valid = world.levels[d * world.levels_each + k], world.parameters.odds[0], world.cases[d].valid
    row.arbiter = int(uniform(world, streams.ARBITER, i, k) * odds.arbiters_count)
    desk = long(odds.review_service if k > 0 else odds.decision_service)
    row.service = value(world, desk, uniform(world, streams.DECISION_TIME, i, k))
    row.stays = patience(world, d, i, k + 1)
    row.occasion = odds.occasion_sd * ndtri(uniform(world, streams.OCCASION, i, k))
    row.shared = (
        odds.shared_sd * ndtri(uniform(world, streams.SHARED_IMPRESSION, i, k)) if world.seats > 0 else 0.0
    )
    row.check_luck = uniform(world, streams.CHECKED, i, k)
    row.detect_buyer_luck = uniform(world, streams.DETECTED_BUYER, i, k)
    row.detect_merchant_luck = uniform(world, streams.DETECTED_MERCHANT, i, k)
    if k == 0:
        return
    request, strength = long(odds.review_request), odds.new_evidence_strength
    row.buyer_asks_luck = uniform(world, streams.BUYER_ASKS, i, k)
    row.merchant_asks_luck = uniform(world, streams.MERCHANT_ASKS, i, k)
    row.buyer_asks_after = value(world, request, uniform(world, streams.BUYER_ASKS_AFTER, i, k))
    row.merchant_asks_after = value(world, request, uniform(world, streams.MERCHANT_ASKS_AFTER, i, k))
    row.buyer_finds = uniform(world, streams.BUYER_FINDS, i, k) < odds.new_evidence_share
    row.merchant_finds = uniform(world, streams.MERCHANT_FINDS, i, k) < odds.new_evidence_share
    row.buyer_new = weight_of(valid, strength, ndtri(uniform(world, streams.BUYER_NEW, i, k)))
    row.merchant_new = weight_of(valid, strength, ndtri(uniform(world, streams.MERCHANT_NEW, i, k)))
    if odds.opinions_enabled:
        tries, costs = long(odds.buyer_effort), long(odds.merchant_effort)
        row.buyer_effort = value(world, tries, uniform(world, streams.BUYER_REVIEW_EFFORT, i, k))
        row.merchant_effort = value(world, costs, uniform(world, streams.MERCHANT_REVIEW_EFFORT, i, k))


@jit
def draw_reading(world: Draft, d: int, i: int, k: int) -> None:
    """What a model makes of decision k, where the policy asks one."""
    row, odds = world.readings[d * world.readings_each + k], world.parameters.odds[0]
    row.own = ndtri(uniform(world, streams.MODEL_OWN, i, k))
    row.audit_luck = uniform(world, streams.AUDITED, i, k)
    row.answer_luck = uniform(world, streams.REQUEST_ANSWERED, i, k)
    row.answer_delay = value(
        world, long(odds.model_answer_delay), uniform(world, streams.REQUEST_DELAY, i, k)
    )
    normal = ndtri(uniform(world, streams.REQUEST_EVIDENCE, i, k))
    row.answer_weight = weight_of(world.cases[d].valid, odds.model_answer_strength, normal)


@jit
def draw_vote(world: Draft, at: int, i: int, slot: int) -> None:
    """One juror's seat, whose row is `at`; when a vote is opened is only drawn where votes are sealed."""
    row, odds = world.votes[at], world.parameters.odds[0]
    row.delay = row.reveal = NEVER
    if uniform(world, streams.TURNOUT, i, slot) < odds.turnout:
        row.delay = value(world, long(odds.vote_delay), uniform(world, streams.VOTE_DELAY, i, slot))
    if world.sealed and uniform(world, streams.REVEALS, i, slot) < odds.reveals:
        row.reveal = value(world, long(odds.vote_delay), uniform(world, streams.REVEAL_DELAY, i, slot))
    row.own_side = 1.0 if uniform(world, streams.SIDE, i, slot) < odds.jurors_buyer_share else -1.0
    row.experience = value(world, long(odds.experience), uniform(world, streams.EXPERIENCE, i, slot))
    row.impression = odds.noise_sd * ndtri(uniform(world, streams.IMPRESSION, i, slot))


@jit
def draw_votes(world: Draft, d: int, i: int) -> None:
    """Seats of the panels, by level; all those of dispute d from d x seats on."""
    level = 0
    for seat in range(world.seats):
        while level + 1 < world.levels_each and seat >= world.first_seat[level + 1]:
            level += 1
        slot = level * SLOTS_PER_LEVEL + seat - world.first_seat[level]
        draw_vote(world, d * world.seats + seat, i, slot)


@jit
def draw_filing(world: Draft, d: int, i: int) -> None:
    """All of it, for the row of dispute d whose complaint is drawn, by the luck of position i."""
    draw_hearing(world, d, i)
    draw_alarms(world, d, i)
    draw_return(world, d, i)
    draw_meetings(world, d, i)
    draw_accord(world, d, i)
    for k in range(world.pauses_each):
        draw_pause(world, d, i, k)
    for k in range(world.levels_each):
        draw_level(world, d, i, k)
    for k in range(world.readings_each):
        draw_reading(world, d, i, k)
    draw_votes(world, d, i)
