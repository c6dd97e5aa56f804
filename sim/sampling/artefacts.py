"""Evidence as things: what of each kind there is in a dispute, who holds it, and what it weighs.

An artefact has one weight, whoever shows it: that of `sim.sampling.evidence` for the strength of its kind
about the claimed cause. Both sides may hold a copy; the platform holds the original of its own records.
"""

from __future__ import annotations

from math import sqrt

from evenhand.sim.jit.compile import jit, long
from evenhand.sim.sampling import streams
from evenhand.sim.sampling.evidence import weight_of
from evenhand.sim.sampling.philox import likely, uniform
from evenhand.sim.sampling.special import ndtri
from evenhand.sim.sampling.world_rows import Draft
from evenhand.sim.scenario.vocabulary import (
    EVIDENCE_KINDS,
    MERCHANT_FORGES,
    OF_BUYER,
    OF_PLATFORM,
    PACKAGING,
    PHOTO,
    VIDEO,
    VOUCHER,
)

_KINDS = len(EVIDENCE_KINDS)


@jit
def promptness(world: Draft, d: int) -> float:
    """How much of what a buyer could have is left when he looks: half after `late_inspection_half`."""
    half = world.parameters.odds[0].late_inspection_half
    return float(half / (half + world.cases[d].inspection))


@jit
def draw_artefacts(world: Draft, d: int, i: int) -> None:
    """All that there is about dispute d, whose parties and truth are drawn, by the luck of position i."""
    case, odds = world.cases[d], world.parameters.odds[0]
    traits = world.parameters.buyer_groups[world.buyers[case.buyer].group]
    case.unclear = not likely(world, streams.CLARITY, i, 0, traits.clarity)
    case.packaging = likely(world, streams.PACKAGING, i, 0, traits.keeps_packaging)
    by_video = likely(world, streams.FORGED_KIND, i, 0, odds.forged_videos)
    case.buyer_forged_kind = VIDEO if by_video else PHOTO
    case.machine_made = case.buyer_forges and likely(world, streams.MACHINE_MADE, i, 0, odds.machine_made)
    case.merchant_forged_kind = forged_record(world, d, i)
    case.buyer_kinds = case.merchant_kinds = case.platform_kinds = case.kinds_at_issue = 0
    case.buyer_shows = case.buyer_later = case.merchant_shows = 0
    case.buyer_strength = case.merchant_strength = case.buyer_weight = case.merchant_weight = 0.0
    case.buyer_brings = case.merchant_brings = 0.0
    first = long(case.claimed) * _KINDS
    for kind in range(_KINDS):
        if world.parameters.strengths[first + kind] > 0.0:
            case.kinds_at_issue = case.kinds_at_issue | 1 << kind
            draw_artefact(world, d, i, kind, world.parameters.strengths[first + kind])
    case.buyer_strength, case.merchant_strength = sqrt(case.buyer_strength), sqrt(case.merchant_strength)


@jit
def draw_alarms(world: Draft, d: int, i: int) -> None:
    """What detectors would make of the genuine things, which only matters once the platform looks."""
    for kind in range(world.artefacts_each):
        if world.cases[d].kinds_at_issue >> kind & 1:
            luck = uniform(world, streams.FALSE_ALARM, i, kind)
            world.artefacts[d * world.artefacts_each + kind].alarm_luck = luck


@jit
def forged_record(world: Draft, d: int, i: int) -> int:
    """The record that the merchant would forge: one of those that matter to the claim, each as likely."""
    first, found, u = long(world.cases[d].claimed) * _KINDS, 0, uniform(world, streams.FORGED_RECORD, i, 0)
    for kind in range(_KINDS):
        if MERCHANT_FORGES >> kind & 1 and world.parameters.strengths[first + kind] > 0.0:
            found += 1
    at, chosen = int(u * found), VOUCHER
    for kind in range(_KINDS):
        if MERCHANT_FORGES >> kind & 1 and world.parameters.strengths[first + kind] > 0.0:
            if at == 0:
                chosen = kind
            at -= 1
    return chosen


@jit
def draw_artefact(world: Draft, d: int, i: int, kind: int, strength: float) -> None:
    """The artefact of one kind: who has it, what it weighs, and who brings it of himself.

    What a buyer makes or keeps is the weaker, and the likelier to be missing, the later he looks.
    """
    case, parameters = world.cases[d], world.parameters
    skill = parameters.buyer_groups[world.buyers[case.buyer].group].evidence_skill
    records = parameters.merchant_groups[world.merchants[case.merchant].group].record_keeping
    fresh = promptness(world, d) if OF_BUYER >> kind & 1 else 1.0
    by_buyer = uniform(world, streams.BUYER_HAS, i, kind) < parameters.held_by_buyer[kind] * skill * fresh
    if kind == PACKAGING:
        by_buyer = case.packaging
    by_merchant = uniform(world, streams.MERCHANT_HAS, i, kind) < parameters.held_by_merchant[kind] * records
    if not (by_buyer or by_merchant or OF_PLATFORM >> kind & 1):
        return
    if by_buyer:
        strength *= fresh
    row = world.artefacts[d * world.artefacts_each + kind]
    row.weight = weight_of(case.valid, strength, ndtri(uniform(world, streams.ARTEFACT, i, kind)))
    row.seen_luck = uniform(world, streams.PLATFORM_SEES, i, kind)
    case.platform_kinds = case.platform_kinds | (1 << kind & OF_PLATFORM)
    if by_buyer:
        give_buyer(world, d, i, kind, strength)
    if by_merchant:
        give_merchant(world, d, kind, strength)


@jit
def give_buyer(world: Draft, d: int, i: int, kind: int, strength: float) -> None:
    """The buyer has it; he shows it unless it would hurt and he knows better, or forges one like it.

    He brings it with the filing if he knows that the rules want it, else with a rebuttal.
    """
    case, known = world.cases[d], world.parameters.odds[0].brings
    weight = world.artefacts[d * world.artefacts_each + kind].weight
    case.buyer_kinds = case.buyer_kinds | 1 << kind
    case.buyer_weight += weight
    case.buyer_strength += strength * strength
    if (case.buyer_withholds and weight < 0.0) or (case.buyer_forges and kind == case.buyer_forged_kind):
        return
    known += (1.0 - known) * world.buyers[case.buyer].knowledge
    if likely(world, streams.BROUGHT, i, kind, known):
        case.buyer_shows = case.buyer_shows | 1 << kind
        case.buyer_brings += weight
    else:
        case.buyer_later = case.buyer_later | 1 << kind


@jit
def give_merchant(world: Draft, d: int, kind: int, strength: float) -> None:
    """The merchant has it, and shows it unless it would hurt and it knows better."""
    case = world.cases[d]
    weight = world.artefacts[d * world.artefacts_each + kind].weight
    case.merchant_kinds = case.merchant_kinds | 1 << kind
    case.merchant_weight += weight
    case.merchant_strength += strength * strength
    if case.merchant_withholds and weight > 0.0:
        return
    case.merchant_shows = case.merchant_shows | 1 << kind
    if not case.buyer_shows >> kind & 1:
        case.merchant_brings += weight
