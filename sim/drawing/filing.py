"""What a dispute meets at the platform: answers, mediation, consents, decisions, votes.

Nothing of it is read before the filing. Slots (rounds, levels, seats) are drawn one by one, so that
a policy with more of them meets the same first ones.
"""

from __future__ import annotations

from sim import draws
from sim.drawing.complaint import draw_return, reply, value
from sim.drawing.philox import uniform
from sim.drawing.special import ndtri
from sim.draws import SLOTS_PER_LEVEL
from sim.evidence import weight_of
from sim.jitted import jit, long
from sim.laws import NEVER
from sim.layout import Draft


@jit
def draw_hearing(world: Draft, d: int, i: int) -> None:
    """Screening, and what the parties do while the case is open."""
    case, odds = world.cases[d], world.book.odds[0]
    traits = world.book.buyer_groups[world.buyers[case.buyer].group]
    case.screening_hours = value(
        world, long(odds.screening_service), uniform(world, draws.SCREENING_TIME, i, 0)
    )
    case.platform_patience = value(world, long(traits.platform_patience), uniform(world, draws.STAYS, i, 0))
    case.supplements = uniform(world, draws.SUPPLEMENTS, i, 0) < odds.supplement_share
    case.supplement_delay = value(
        world, long(odds.supplement_delay), uniform(world, draws.SUPPLEMENT_DELAY, i, 0)
    )
    case.evidence_delay = reply(world, d, uniform(world, draws.EVIDENCE_DELAY, i, 0))
    case.merchant_forge_luck = uniform(world, draws.MERCHANT_FORGES, i, 0)
    case.stonewall_luck = uniform(world, draws.STONEWALLS, i, 0)
    case.extension_luck = uniform(world, draws.EXTENSION, i, 0)
    case.concede_luck = uniform(world, draws.CONCEDES, i, 0)


@jit
def draw_meetings(world: Draft, d: int, i: int) -> None:
    """Rounds of mediation; row k of dispute d is at d x rounds + k."""
    odds = world.book.odds[0]
    for k in range(world.meetings_each):
        meeting = world.meetings[d * world.meetings_each + k]
        meeting.service = value(
            world, long(odds.mediation_service), uniform(world, draws.MEDIATION_TIME, i, k)
        )
        meeting.reply = reply(world, d, uniform(world, draws.MEDIATED_REPLY, i, k))
        meeting.guess = odds.opinion_sd * ndtri(uniform(world, draws.MEDIATED_GUESS, i, k))


@jit
def draw_accord(world: Draft, d: int, i: int) -> None:
    """Consents and offers taken, where the policy knows them."""
    if world.accords_each == 0:
        return
    row, request = world.accords[d], long(world.book.odds[0].review_request)
    filing = world.book.buyer_groups[world.buyers[world.cases[d].buyer].group].filing_delay
    row.merchant_luck = uniform(world, draws.MERCHANT_CONSENTS, i, 0)
    row.merchant_reply = reply(world, d, uniform(world, draws.MERCHANT_CONSENT_DELAY, i, 0))
    row.buyer_luck = uniform(world, draws.BUYER_CONSENTS, i, 0)
    row.buyer_reply = value(world, long(filing), uniform(world, draws.BUYER_CONSENT_DELAY, i, 0))
    row.buyer_takes = value(world, request, uniform(world, draws.OFFER_TAKEN_BY_BUYER, i, 0))
    row.merchant_takes = value(world, request, uniform(world, draws.OFFER_TAKEN_BY_MERCHANT, i, 0))


@jit
def draw_level(world: Draft, d: int, i: int, k: int) -> None:
    """Decision k: 0 is the first, k the k-th review, with the request that leads to it."""
    row, odds, valid = world.levels[d * world.levels_each + k], world.book.odds[0], world.cases[d].valid
    row.arbiter = int(uniform(world, draws.ARBITER, i, k) * odds.arbiters_count)
    desk = long(odds.review_service if k > 0 else odds.decision_service)
    row.service = value(world, desk, uniform(world, draws.DECISION_TIME, i, k))
    row.occasion = odds.occasion_sd * ndtri(uniform(world, draws.OCCASION, i, k))
    row.shared = (
        odds.shared_sd * ndtri(uniform(world, draws.SHARED_IMPRESSION, i, k)) if world.seats > 0 else 0.0
    )
    row.check_luck = uniform(world, draws.CHECKED, i, k)
    row.detect_buyer_luck = uniform(world, draws.DETECTED_BUYER, i, k)
    row.detect_merchant_luck = uniform(world, draws.DETECTED_MERCHANT, i, k)
    if k == 0:
        return
    request, strength = long(odds.review_request), odds.new_evidence_strength
    row.buyer_asks_luck = uniform(world, draws.BUYER_ASKS, i, k)
    row.merchant_asks_luck = uniform(world, draws.MERCHANT_ASKS, i, k)
    row.buyer_asks_after = value(world, request, uniform(world, draws.BUYER_ASKS_AFTER, i, k))
    row.merchant_asks_after = value(world, request, uniform(world, draws.MERCHANT_ASKS_AFTER, i, k))
    row.buyer_finds = uniform(world, draws.BUYER_FINDS, i, k) < odds.new_evidence_share
    row.merchant_finds = uniform(world, draws.MERCHANT_FINDS, i, k) < odds.new_evidence_share
    row.buyer_new = weight_of(valid, strength, ndtri(uniform(world, draws.BUYER_NEW, i, k)))
    row.merchant_new = weight_of(valid, strength, ndtri(uniform(world, draws.MERCHANT_NEW, i, k)))


@jit
def draw_vote(world: Draft, at: int, i: int, slot: int) -> None:
    """One juror's seat, whose row is `at`; when a vote is opened is only drawn where votes are sealed."""
    row, odds = world.votes[at], world.book.odds[0]
    row.delay = row.reveal = NEVER
    if uniform(world, draws.TURNOUT, i, slot) < odds.turnout:
        row.delay = value(world, long(odds.vote_delay), uniform(world, draws.VOTE_DELAY, i, slot))
    if world.sealed and uniform(world, draws.REVEALS, i, slot) < odds.reveals:
        row.reveal = value(world, long(odds.vote_delay), uniform(world, draws.REVEAL_DELAY, i, slot))
    row.own_side = 1.0 if uniform(world, draws.SIDE, i, slot) < odds.jurors_buyer_share else -1.0
    row.experience = value(world, long(odds.experience), uniform(world, draws.EXPERIENCE, i, slot))
    row.impression = odds.noise_sd * ndtri(uniform(world, draws.IMPRESSION, i, slot))


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
    draw_return(world, d, i)
    draw_meetings(world, d, i)
    draw_accord(world, d, i)
    for k in range(world.levels_each):
        draw_level(world, d, i, k)
    draw_votes(world, d, i)
