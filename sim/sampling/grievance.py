"""From the order to the end of the talks: the truth of a case, what each side holds, rounds of talks."""

from __future__ import annotations

from math import sqrt
from typing import Any

from evenhand.sim.jit.compile import jit, long
from evenhand.sim.sampling import streams
from evenhand.sim.sampling.artefacts import draw_artefacts, promptness
from evenhand.sim.sampling.evidence import weight_of
from evenhand.sim.sampling.inverse_cdf import fallen_on, quantile
from evenhand.sim.sampling.philox import likely, uniform
from evenhand.sim.sampling.special import ndtri
from evenhand.sim.sampling.world_rows import Draft
from evenhand.sim.scenario.vocabulary import (
    EVIDENCE_KINDS,
    FAULTS,
    FITS_FULL,
    FITS_HALF,
    FITS_SMALL,
    GOODS,
    LATE_DISPATCH,
    N_VALID,
    PHOTO,
    VALID_CAUSES,
    VOUCHER,
)

_FAULTS, _GOODS, _KINDS, _CLAIMS = len(FAULTS), len(GOODS), len(EVIDENCE_KINDS), len(VALID_CAUSES)


@jit
def value(world: Draft, law: int, u: float) -> float:
    """The hours or money that a uniform stands for under a law, by its number."""
    parameters = world.parameters
    return quantile(parameters.distributions[law], parameters.steps, u)


@jit
def reply(world: Draft, d: int, u: float) -> float:
    """The merchant's delay: the law of its group times its own factor."""
    m = world.cases[d].merchant
    law = world.parameters.merchant_groups[world.merchants[m].group].reply
    return float(value(world, long(law), u) * world.parameters.reply_factor[m])


@jit
def kinds_held(world: Draft, base: Any, skill: float, claimed: int, draw: int, i: int) -> tuple[float, int]:
    """Strength of the evidence a side holds, and which kinds as a bit mask."""
    squares, mask = 0.0, 0
    for kind in range(_KINDS):
        strength = world.parameters.strengths[claimed * _KINDS + kind]
        if strength > 0.0 and uniform(world, draw, i, kind) < base[kind] * skill:
            squares += strength * strength
            mask += 1 << kind
    return sqrt(squares), mask


@jit
def draw_truth(world: Draft, d: int, i: int) -> None:
    """What is deserved and who is at fault, and what is claimed where there is no grievance."""
    case, parameters = world.cases[d], world.parameters
    cause = long(case.cause)
    traits = parameters.causes[cause]
    case.valid = cause < N_VALID
    u = uniform(world, streams.FAULT, i, 0)
    case.fault = fallen_on(parameters.fault_ends, cause * _FAULTS, _FAULTS, u)
    case.claimed, case.deserved, extent = cause, 0.0, 1.0
    case.in_hand = likely(world, streams.IN_HAND, i, 0, traits.goods_in_hand)
    if cause < N_VALID and traits.severity >= 0:
        harm = value(world, long(traits.severity), uniform(world, streams.SEVERITY, i, 0))
        extent = harm if case.in_hand and harm < traits.full_from else 1.0
        case.deserved = extent
    elif cause < N_VALID:
        # The uniform above `full_share` is stretched over the partial shares: one draw, one value.
        u, extent = uniform(world, streams.DESERVED, i, 0), 1.0
        if u >= traits.full_share:
            width = traits.partial_high - traits.partial_low
            extent = traits.partial_low + width * (u - traits.full_share) / (1.0 - traits.full_share)
        case.deserved = extent
    else:
        first = (cause - N_VALID) * _CLAIMS
        u = uniform(world, streams.CLAIMED, i, 0) * parameters.claimed_ends[first + _CLAIMS - 1]
        case.claimed = fallen_on(parameters.claimed_ends, first, _CLAIMS, u)
        extent = pretended(world, d, i)
    case.shown = extent
    draw_harm(world, d, i)
    draw_goods(world, d, i)


@jit
def pretended(world: Draft, d: int, i: int) -> float:
    """The share that a claim without a grievance is for: a harm as claims of its kind have, else all."""
    case = world.cases[d]
    traits = world.parameters.causes[case.claimed]
    if traits.severity < 0 or not case.in_hand:
        return 1.0
    harm = value(world, long(traits.severity), uniform(world, streams.SEVERITY, i, 0))
    return harm if harm < traits.full_from else 1.0


@jit
def draw_goods(world: Draft, d: int, i: int) -> None:
    """Category and kind of the goods, and what they would be worth to the merchant if they came back."""
    case, parameters = world.cases[d], world.parameters
    n = len(parameters.categories)
    first, u = long(case.cause) * n, uniform(world, streams.CATEGORY, i, 0)
    case.category = fallen_on(parameters.category_ends, first, n, u * parameters.category_ends[first + n - 1])
    category = parameters.categories[case.category]
    u = uniform(world, streams.GOODS, i, 0) * parameters.goods_ends[_GOODS - 1]
    case.goods = category.kind if category.kind >= 0 else fallen_on(parameters.goods_ends, 0, _GOODS, u)
    case.freight = category.freight
    if n > 1:  # a market with categories: what comes back is worth what its category says, not its cause
        case.seems_salvage = category.salvage
        case.salvage = 0.0
        if case.in_hand or case.claimed == LATE_DISPATCH:
            case.salvage = category.salvage * (1.0 - category.condition * case.severity)


@jit
def draw_harm(world: Draft, d: int, i: int) -> None:
    """How bad it is in truth, to the buyer, and in the eyes of others, who see it as a claim of its cause.

    What has not arrived is lost as a whole.
    """
    case, parameters = world.cases[d], world.parameters
    traits, looks_like = parameters.causes[case.cause], parameters.causes[case.claimed]
    u = uniform(world, streams.SEVERITY, i, 0)
    seems = value(world, long(looks_like.severity), u) if looks_like.severity >= 0 else 1.0
    if case.valid and looks_like.severity < 0:
        seems = case.deserved
    case.severity = seems if case.valid else 0.0
    case.loss = case.severity
    if traits.dislike >= 0:
        case.loss = value(world, long(traits.dislike), uniform(world, streams.DISLIKE, i, 0))
    if not case.in_hand:
        seems = 1.0
        if case.valid:
            case.severity = case.loss = 1.0
    case.salvage = 0.0
    if case.in_hand:
        case.salvage = traits.salvage * (1.0 - parameters.odds[0].condition_loss * case.severity)
    elif case.claimed == LATE_DISPATCH:
        case.salvage = traits.salvage
    case.seems_salvage = looks_like.salvage
    case.adequate = adequate_for(case.severity, traits.full_from, parameters.odds[0].small_below)
    case.shown_severity = seems


@jit
def draw_looks(world: Draft, d: int, i: int) -> None:
    """What the harm, and what is deserved, look like to others; until here they were as they are."""
    case = world.cases[d]
    off = world.parameters.odds[0].extent_sd * ndtri(uniform(world, streams.EXTENT, i, 0))
    shown = case.shown + off
    case.shown = 1.0 if shown > 1.0 else max(shown, 0.01)
    shown = case.shown_severity + off
    case.shown_severity = 1.0 if shown > 1.0 or not case.in_hand else max(shown, 0.01)


@jit
def adequate_for(severity: float, full_from: float, small_below: float) -> int:
    """Which remedies fit a harm, as a bit mask over `REMEDIES`; a partial one only if it is near the harm."""
    if severity <= 0.0 or severity < small_below:
        return FITS_SMALL
    return FITS_FULL if severity >= full_from else FITS_HALF


@jit
def draw_manner(world: Draft, d: int, i: int) -> None:
    """How the sides talk, where talks are about remedies."""
    case, odds = world.cases[d], world.parameters.odds[0]
    case.style = case.rounding = 0
    case.demand_luck = 1.0
    case.merchant_hostile = False
    if not odds.talks_enabled:
        return
    u = uniform(world, streams.STYLE, i, 0)
    case.style = 0 if u < odds.tough_share else (1 if u < odds.tough_share + odds.fair_share else 2)
    u = uniform(world, streams.ROUNDING, i, 0) - odds.rounding_tenths
    if u >= 0.0:
        case.rounding = 1
        u -= odds.rounding_twentieths
        if u >= 0.0:
            case.rounding = 2 if u < odds.rounding_coarse else 3
    case.demand_luck = uniform(world, streams.DEMAND, i, 0)
    hostile = world.parameters.merchant_groups[world.merchants[case.merchant].group].hostile
    case.merchant_hostile = likely(world, streams.MERCHANT_TONE, i, 0, hostile)


@jit
def draw_order(world: Draft, d: int, i: int) -> None:
    """The order: what it costs, when it is looked at, and the buyer's trouble with complaining."""
    case, parameters = world.cases[d], world.parameters
    traits = parameters.buyer_groups[world.buyers[case.buyer].group]
    seller = parameters.merchant_groups[world.merchants[case.merchant].group]
    category = parameters.categories[case.category]
    amount = value(world, long(category.amount), uniform(world, streams.AMOUNT, i, 0))
    case.amount = max(0.01, amount * seller.amount_factor * category.amount_factor)
    law = long(parameters.odds[0].market_delivery)
    case.delivery = value(world, law, uniform(world, streams.DELIVERY, i, 0))
    case.inspection = value(world, long(traits.promptness), uniform(world, streams.INSPECTION, i, 0))
    case.effort = value(world, long(traits.effort), uniform(world, streams.EFFORT, i, 0))


@jit
def draw_manner_of_buyer(world: Draft, d: int, i: int) -> None:
    """How the buyer goes about it, apart from the rounds."""
    case, odds = world.cases[d], world.parameters.odds[0]
    traits = world.parameters.buyer_groups[world.buyers[case.buyer].group]
    case.skips = likely(world, streams.SKIPS, i, 0, traits.skips_negotiation)
    case.filing_delay = value(world, long(traits.filing_delay), uniform(world, streams.FILING_DELAY, i, 0))
    more = ndtri(uniform(world, streams.SUPPLEMENT, i, 0))
    case.supplement_weight = weight_of(case.valid, odds.supplement_strength, more)


@jit
def draw_buyer_side(world: Draft, d: int, i: int) -> None:
    """What the buyer thinks, and would do with what he holds."""
    case, odds = world.cases[d], world.parameters.odds[0]
    traits = world.parameters.buyer_groups[world.buyers[case.buyer].group]
    case.hostile = uniform(world, streams.COMPOSURE, i, 0) >= traits.composure
    case.buyer_guess = odds.opinion_sd * ndtri(uniform(world, streams.BUYER_GUESS, i, 0))
    case.buyer_withholds = likely(world, streams.BUYER_WITHHOLDS, i, 0, traits.strategic)
    case.buyer_forges = likely(world, streams.BUYER_FORGES, i, 0, world.parameters.causes[case.cause].forges)


@jit
def draw_merchant_side(world: Draft, d: int, i: int) -> None:
    """What the merchant would do with what it holds."""
    case = world.cases[d]
    traits = world.parameters.merchant_groups[world.merchants[case.merchant].group]
    case.merchant_withholds = likely(world, streams.MERCHANT_WITHHOLDS, i, 0, traits.strategic)


@jit
def draw_separate_evidence(world: Draft, d: int, i: int) -> None:
    """What each side holds, as one weight of its own, where evidence is not shared."""
    case, odds, claimed = world.cases[d], world.parameters.odds[0], long(world.cases[d].claimed)
    buyer = world.parameters.buyer_groups[world.buyers[case.buyer].group]
    merchant = world.parameters.merchant_groups[world.merchants[case.merchant].group]
    prompt = promptness(world, d)
    strength, case.buyer_kinds = kinds_held(
        world, world.parameters.held_by_buyer, buyer.evidence_skill * prompt, claimed, streams.BUYER_HOLDS, i
    )
    strength *= prompt
    if case.hostile:
        strength *= odds.hostile_factor
    case.buyer_strength = strength
    case.buyer_weight = weight_of(case.valid, strength, ndtri(uniform(world, streams.BUYER_EVIDENCE, i, 0)))
    strength, case.merchant_kinds = kinds_held(
        world, world.parameters.held_by_merchant, merchant.record_keeping, claimed, streams.MERCHANT_HOLDS, i
    )
    case.merchant_strength = strength
    case.merchant_weight = weight_of(
        case.valid, strength, ndtri(uniform(world, streams.MERCHANT_EVIDENCE, i, 0))
    )
    case.unclear, case.packaging, case.machine_made = False, True, False
    case.buyer_forged_kind, case.merchant_forged_kind = PHOTO, VOUCHER
    case.platform_kinds = case.kinds_at_issue = case.buyer_shows = case.buyer_later = case.merchant_shows = 0
    case.buyer_brings = case.merchant_brings = 0.0


@jit
def draw_talk(world: Draft, d: int, i: int, k: int) -> None:
    """Round k of the talks, if the policy has so many."""
    if k >= world.rounds:
        return
    case, talk = world.cases[d], world.talks[d * world.rounds + k]
    patience = world.parameters.buyer_groups[world.buyers[case.buyer].group].patience
    talk.reply = reply(world, d, uniform(world, streams.REPLY, i, k))
    talk.patience = value(world, long(patience), uniform(world, streams.PATIENCE, i, k))
    talk.guess = world.parameters.odds[0].opinion_sd * ndtri(uniform(world, streams.MERCHANT_GUESS, i, k))


@jit
def draw_return(world: Draft, d: int, i: int) -> None:
    """How long the goods need, should they go back."""
    case, odds = world.cases[d], world.parameters.odds[0]
    case.ship_delay = value(world, long(odds.shipping), uniform(world, streams.SHIPPING, i, 0))
    case.confirm_delay = value(world, long(odds.confirming), uniform(world, streams.CONFIRMING, i, 0))


@jit
def draw_choice(world: Draft, d: int, i: int) -> None:
    """What decides whether the buyer claims, whether he stays, who would file for him."""
    case, odds = world.cases[d], world.parameters.odds[0]
    if odds.claims_enabled:
        case.claim_luck = uniform(world, streams.CLAIMS, i, 0)
        case.hurt_luck = uniform(world, streams.HURT, i, 0)
    else:
        case.claim_luck = case.hurt_luck = 0.0
    case.firm = -1
    if odds.representatives_enabled and likely(world, streams.FIRM_OFFERS, i, 0, odds.representatives_reach):
        ends = world.parameters.firm_ends
        n = len(ends)
        case.firm = fallen_on(ends, 0, n, uniform(world, streams.FIRM, i, 0) * ends[n - 1])


@jit
def draw_complaint(world: Draft, d: int, i: int) -> None:
    """What decides whether the buyer of dispute d complains, whose parties are drawn, by position i."""
    draw_truth(world, d, i)
    draw_order(world, d, i)
    draw_choice(world, d, i)


@jit
def draw_holdings(world: Draft, d: int, i: int) -> None:
    """What decides whether a claim that may be worth it is: what there is to show; the order is drawn."""
    draw_looks(world, d, i)
    draw_buyer_side(world, d, i)
    draw_merchant_side(world, d, i)
    if world.artefacts_each > 0:
        draw_artefacts(world, d, i)
    else:
        draw_separate_evidence(world, d, i)


@jit
def draw_conduct(world: Draft, d: int, i: int) -> None:
    """What is met by those who complain: what the buyer can pay, how the sides talk."""
    odds = world.parameters.odds[0]
    world.cases[d].purse = 0.0
    if odds.claims_enabled:
        world.cases[d].purse = value(world, long(odds.claims_purse), uniform(world, streams.PURSE, i, 0))
    draw_manner_of_buyer(world, d, i)
    world.cases[d].ignore_luck = uniform(world, streams.IGNORES, i, 0)
    if world.parameters.odds[0].grants_share > 0.0:
        world.cases[d].grant_luck = uniform(world, streams.GRANTS, i, 0)
    draw_manner(world, d, i)
    draw_talk(world, d, i, 0)


@jit
def draw_evidence(world: Draft, d: int, i: int) -> None:
    """All that is met by those who complain, at once; the order's rows are drawn."""
    draw_holdings(world, d, i)
    draw_conduct(world, d, i)
