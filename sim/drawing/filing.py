"""What a dispute meets at the platform: answers, mediation, consents, decisions, votes.

Nothing of it is read before the filing. Slots (rounds, levels, seats) are drawn one by one, so that
a policy with more of them meets the same first ones.
"""

from __future__ import annotations

from sim import draws
from sim.drawing.complaint import draw_return, reply, value
from sim.drawing.philox import seldom
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
        world, long(odds.screening_service), seldom(world, draws.SCREENING_TIME, i, 0)
    )
    case.platform_patience = value(world, long(traits.platform_patience), seldom(world, draws.STAYS, i, 0))
    case.supplements = seldom(world, draws.SUPPLEMENTS, i, 0) < odds.supplement_share
    case.supplement_delay = value(
        world, long(odds.supplement_delay), seldom(world, draws.SUPPLEMENT_DELAY, i, 0)
    )
    case.evidence_delay = reply(world, d, seldom(world, draws.EVIDENCE_DELAY, i, 0))
    case.merchant_forge_luck = seldom(world, draws.MERCHANT_FORGES, i, 0)
    case.stonewall_luck = seldom(world, draws.STONEWALLS, i, 0)
    case.extension_luck = seldom(world, draws.EXTENSION, i, 0)
    case.concede_luck = seldom(world, draws.CONCEDES, i, 0)


@jit
def draw_meetings(world: Draft, d: int, i: int) -> None:
    """Rounds of mediation; row k of dispute d is at d x rounds + k."""
    odds = world.book.odds[0]
    for k in range(world.meetings_each):
        meeting = world.meetings[d * world.meetings_each + k]
        meeting.service = value(
            world, long(odds.mediation_service), seldom(world, draws.MEDIATION_TIME, i, k)
        )
        meeting.reply = reply(world, d, seldom(world, draws.MEDIATED_REPLY, i, k))
        meeting.guess = odds.opinion_sd * ndtri(seldom(world, draws.MEDIATED_GUESS, i, k))


@jit
def draw_accord(world: Draft, d: int, i: int) -> None:
    """Consents and offers taken, where the policy knows them."""
    if world.accords_each == 0:
        return
    row, request = world.accords[d], long(world.book.odds[0].review_request)
    filing = world.book.buyer_groups[world.buyers[world.cases[d].buyer].group].filing_delay
    row.merchant_luck = seldom(world, draws.MERCHANT_CONSENTS, i, 0)
    row.merchant_reply = reply(world, d, seldom(world, draws.MERCHANT_CONSENT_DELAY, i, 0))
    row.buyer_luck = seldom(world, draws.BUYER_CONSENTS, i, 0)
    row.buyer_reply = value(world, long(filing), seldom(world, draws.BUYER_CONSENT_DELAY, i, 0))
    row.buyer_takes = value(world, request, seldom(world, draws.OFFER_TAKEN_BY_BUYER, i, 0))
    row.merchant_takes = value(world, request, seldom(world, draws.OFFER_TAKEN_BY_MERCHANT, i, 0))


@jit
def draw_level(world: Draft, d: int, i: int, k: int) -> None:
    """Decision k: 0 is the first, k the k-th review, with the request that leads to it."""
    row, odds, valid = world.levels[d * world.levels_each + k], world.book.odds[0], world.cases[d].valid
    row.arbiter = int(seldom(world, draws.ARBITER, i, k) * odds.arbiters_count)
    desk = long(odds.review_service if k > 0 else odds.decision_service)
    row.service = value(world, desk, seldom(world, draws.DECISION_TIME, i, k))
    row.occasion = odds.occasion_sd * ndtri(seldom(world, draws.OCCASION, i, k))
    row.shared = (
        odds.shared_sd * ndtri(seldom(world, draws.SHARED_IMPRESSION, i, k)) if world.seats > 0 else 0.0
    )
    row.check_luck = seldom(world, draws.CHECKED, i, k)
    row.detect_buyer_luck = seldom(world, draws.DETECTED_BUYER, i, k)
    row.detect_merchant_luck = seldom(world, draws.DETECTED_MERCHANT, i, k)
    if k == 0:
        return
    request, strength = long(odds.review_request), odds.new_evidence_strength
    row.buyer_asks_luck = seldom(world, draws.BUYER_ASKS, i, k)
    row.merchant_asks_luck = seldom(world, draws.MERCHANT_ASKS, i, k)
    row.buyer_asks_after = value(world, request, seldom(world, draws.BUYER_ASKS_AFTER, i, k))
    row.merchant_asks_after = value(world, request, seldom(world, draws.MERCHANT_ASKS_AFTER, i, k))
    row.buyer_finds = seldom(world, draws.BUYER_FINDS, i, k) < odds.new_evidence_share
    row.merchant_finds = seldom(world, draws.MERCHANT_FINDS, i, k) < odds.new_evidence_share
    row.buyer_new = weight_of(valid, strength, ndtri(seldom(world, draws.BUYER_NEW, i, k)))
    row.merchant_new = weight_of(valid, strength, ndtri(seldom(world, draws.MERCHANT_NEW, i, k)))


@jit
def draw_vote(world: Draft, at: int, i: int, slot: int) -> None:
    """One juror's seat, whose row is `at`; when a vote is opened is only drawn where votes are sealed."""
    row, odds = world.votes[at], world.book.odds[0]
    row.delay = row.reveal = NEVER
    if seldom(world, draws.TURNOUT, i, slot) < odds.turnout:
        row.delay = value(world, long(odds.vote_delay), seldom(world, draws.VOTE_DELAY, i, slot))
    if world.sealed and seldom(world, draws.REVEALS, i, slot) < odds.reveals:
        row.reveal = value(world, long(odds.vote_delay), seldom(world, draws.REVEAL_DELAY, i, slot))
    row.own_side = 1.0 if seldom(world, draws.SIDE, i, slot) < odds.jurors_buyer_share else -1.0
    row.experience = value(world, long(odds.experience), seldom(world, draws.EXPERIENCE, i, slot))
    row.impression = odds.noise_sd * ndtri(seldom(world, draws.IMPRESSION, i, slot))


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
