"""Drawing the potential grievances of a world: who, why, how much, with which evidence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sim import draws
from sim.causes import (
    EVIDENCE_KINDS,
    FAULTS,
    GOODS,
    GROUNDLESS_CAUSES,
    N_CAUSES,
    N_VALID,
    REMORSE,
    VALID_CAUSES,
)
from sim.draws import Draw, Luck
from sim.evidence import weights
from sim.laws import Amount, Law
from sim.layout import Case
from sim.people import BuyerGroup, MerchantGroup
from sim.population import Population, by_group, pick
from sim.rows import table
from sim.scenario import Scenario

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Parties(NamedTuple):
    """Who meets whom in each case, by number and by group."""

    buyer: Ints
    merchant: Ints
    buyer_group: Ints
    merchant_group: Ints
    cause: Ints


def law_by_group(laws: Sequence[Law | Amount], group: Ints, u: Floats) -> Floats:
    """Values whose law depends on a group."""
    if all(law == laws[0] for law in laws):
        return laws[0].quantile(u)
    values = np.empty(len(group))
    for number, law in enumerate(laws):
        mine = np.flatnonzero(group == number)
        values[mine] = law.quantile(u[mine])
    return values


def draw_parties(people: Population, luck: Luck, n: int) -> Parties:
    """Merchant by size and problems, cause by the merchant's rates, buyer by activity.

    A made-up claim is that of a dishonest buyer: there, dishonesty weighs as much as activity.
    """
    total = people.cause_rate.sum(axis=1)
    merchant = pick(np.cumsum(people.merchant_share * total), luck.uniforms(draws.MERCHANT, 0, n))
    rising = np.cumsum(people.cause_rate, axis=1)[merchant]
    u = luck.uniforms(draws.CAUSE, 0, n)
    cause = np.minimum((rising <= (u * total[merchant])[:, None]).sum(axis=1), N_CAUSES - 1)
    u = luck.uniforms(draws.BUYER, 0, n)
    crowd = people.crowd
    buyer = crowd.who(u, crowd.activity)
    made_up = np.flatnonzero(cause > REMORSE)
    buyer[made_up] = crowd.who(u[made_up], crowd.activity * crowd.temptation)
    return Parties(buyer, merchant, people.buyers["group"][buyer], people.merchants["group"][merchant], cause)


def draw_claims(scenario: Scenario, who: Parties, luck: Luck) -> dict[str, Any]:
    """The truth of each case, and what the buyer claims instead where there is no grievance."""
    n, cause = len(who.cause), who.cause
    grievances = [scenario.causes.grievance(name) for name in VALID_CAUSES]
    groundless = [scenario.causes.groundless(name) for name in GROUNDLESS_CAUSES]
    valid = cause < N_VALID
    u = luck.uniforms(draws.FAULT, 0, n)
    shares = [[getattr(g.fault, name) for name in FAULTS] for g in grievances]
    rising = np.cumsum(shares + [[0.0, 0.0, 0.0, 1.0]] * len(groundless), axis=1)[cause]
    fault = np.minimum((rising <= u[:, None]).sum(axis=1), len(FAULTS) - 1)
    u = luck.uniforms(draws.DESERVED, 0, n)
    full, low, high = (
        by_group(cause, [getattr(g, field) for g in grievances] + [0.0] * len(groundless))
        for field in ("full_share", "partial_low", "partial_high")
    )
    # The uniform above `full` is stretched over the partial shares: one draw, one value.
    part = low + (high - low) * (u - full) / np.where(full < 1, 1 - full, 1)
    deserved = np.where(valid, np.where(u < full, 1.0, part), 0.0)
    claims = np.zeros((len(groundless), N_VALID))
    for row, some in zip(claims, groundless, strict=True):
        row[:] = [some.claimed_as.get(name, 0.0) for name in VALID_CAUSES]
    rising = (np.cumsum(claims, axis=1) / claims.sum(axis=1)[:, None])[np.maximum(cause - N_VALID, 0)]
    u = luck.uniforms(draws.CLAIMED, 0, n)
    pretended = np.minimum((rising <= u[:, None]).sum(axis=1), N_VALID - 1)
    noise = scenario.evidence.extent_sd * ndtri(luck.uniforms(draws.EXTENT, 0, n))
    weights_of_goods = [scenario.market.goods.get(kind, 0.0) for kind in GOODS]
    in_hand = by_group(cause, [g.goods_in_hand for g in grievances] + [g.goods_in_hand for g in groundless])
    return {
        "cause": cause,
        "claimed": np.where(valid, cause, pretended),
        "valid": valid,
        "fault": fault,
        "deserved": deserved,
        "shown": np.clip(np.where(valid, deserved, 1.0) + noise, 0.01, 1.0),
        "in_hand": luck.uniforms(draws.IN_HAND, 0, n) < in_hand,
        "goods": pick(np.cumsum(weights_of_goods), luck.uniforms(draws.GOODS, 0, n)),
    }


def kinds_held(
    scenario: Scenario, base: dict[Any, float], skill: Floats, claimed: Ints, draw: Draw, luck: Luck
) -> tuple[Floats, Ints]:
    """Strength of the evidence a side holds, and which kinds as a bit mask."""
    n = len(claimed)
    squares, mask = np.zeros(n), np.zeros(n, np.int64)
    for slot, kind in enumerate(EVIDENCE_KINDS):
        u = luck.uniforms(draw, 0, n, slot)
        strength = by_group(
            claimed,
            [scenario.causes.grievance(c).evidence.get(kind, 0.0) for c in VALID_CAUSES],
        )
        held = (u < base.get(kind, 0.0) * skill) & (strength > 0)
        squares += np.where(held, strength * strength, 0.0)
        mask |= held.astype(np.int64) << slot
    return np.sqrt(squares), mask


def draw_buyer_side(scenario: Scenario, who: Parties, claims: dict[str, Any], luck: Luck) -> dict[str, Any]:
    """What the buyer does and holds, apart from the rounds."""
    n, g = len(who.buyer), who.buyer_group
    groups: list[BuyerGroup] = list(scenario.buyers.groups.values())
    e, b = scenario.evidence, scenario.behaviour.bargaining

    def chance(draw: Draw, values: list[float]) -> NDArray[np.bool_]:
        return np.asarray(luck.uniforms(draw, 0, n) < by_group(g, values))

    inspection = law_by_group([x.promptness for x in groups], g, luck.uniforms(draws.INSPECTION, 0, n))
    hostile = ~chance(draws.COMPOSURE, [x.composure for x in groups])
    prompt = e.late_inspection_half / (e.late_inspection_half + inspection)
    skill = by_group(g, [x.evidence_skill for x in groups]) * prompt
    strength, kinds = kinds_held(
        scenario, dict(e.held_by_buyer), skill, claims["claimed"], draws.BUYER_HOLDS, luck
    )
    strength = strength * prompt * np.where(hostile, e.hostile_factor, 1.0)
    normal = ndtri(luck.uniforms(draws.BUYER_EVIDENCE, 0, n))
    forges = [0.0] * N_VALID + [scenario.causes.groundless(c).forges for c in GROUNDLESS_CAUSES]
    more = ndtri(luck.uniforms(draws.SUPPLEMENT, 0, n))
    extra = np.full(n, e.supplement_strength)
    effort = law_by_group(
        [x.effort for x in groups],
        g,
        luck.uniforms(draws.EFFORT, 0, n),
    )
    return {
        "inspection": inspection,
        "hostile": hostile,
        "skips": chance(draws.SKIPS, [x.skips_negotiation for x in groups]),
        "effort": effort,
        "filing_delay": law_by_group(
            [x.filing_delay for x in groups], g, luck.uniforms(draws.FILING_DELAY, 0, n)
        ),
        "platform_patience": law_by_group(
            [x.platform_patience for x in groups], g, luck.uniforms(draws.STAYS, 0, n)
        ),
        "buyer_guess": b.opinion_sd * ndtri(luck.uniforms(draws.BUYER_GUESS, 0, n)),
        "buyer_strength": strength,
        "buyer_weight": weights(claims["valid"], strength, normal),
        "buyer_kinds": kinds,
        "buyer_withholds": chance(draws.BUYER_WITHHOLDS, [x.strategic for x in groups]),
        "buyer_forges": luck.uniforms(draws.BUYER_FORGES, 0, n) < by_group(who.cause, forges),
        "supplements": luck.uniforms(draws.SUPPLEMENTS, 0, n) < e.supplement_share,
        "supplement_delay": e.supplement_delay.quantile(luck.uniforms(draws.SUPPLEMENT_DELAY, 0, n)),
        "supplement_weight": weights(claims["valid"], extra, more),
        "ship_delay": scenario.shipping.quantile(luck.uniforms(draws.SHIPPING, 0, n)),
    }


def draw_merchant_side(
    scenario: Scenario, people: Population, who: Parties, claims: dict[str, Any], luck: Luck
) -> dict[str, Any]:
    """What the merchant does and holds, apart from the rounds."""
    n, g = len(who.merchant), who.merchant_group
    groups: list[MerchantGroup] = list(scenario.merchants.groups.values())
    skill = by_group(g, [x.record_keeping for x in groups])
    strength, kinds = kinds_held(
        scenario, dict(scenario.evidence.held_by_merchant), skill, claims["claimed"],
        draws.MERCHANT_HOLDS, luck,
    )  # fmt: skip
    normal = ndtri(luck.uniforms(draws.MERCHANT_EVIDENCE, 0, n))
    withholds = luck.uniforms(draws.MERCHANT_WITHHOLDS, 0, n)
    delay = law_by_group([x.reply for x in groups], g, luck.uniforms(draws.EVIDENCE_DELAY, 0, n))
    return {
        "merchant_strength": strength,
        "merchant_weight": weights(claims["valid"], strength, normal),
        "merchant_kinds": kinds,
        "merchant_withholds": withholds < by_group(g, [x.strategic for x in groups]),
        "merchant_forge_luck": luck.uniforms(draws.MERCHANT_FORGES, 0, n),
        "evidence_delay": delay * people.reply_factor[who.merchant],
        "stonewall_luck": luck.uniforms(draws.STONEWALLS, 0, n),
        "ignore_luck": luck.uniforms(draws.IGNORES, 0, n),
        "extension_luck": luck.uniforms(draws.EXTENSION, 0, n),
        "concede_luck": luck.uniforms(draws.CONCEDES, 0, n),
        "confirm_delay": scenario.confirming.quantile(luck.uniforms(draws.CONFIRMING, 0, n)),
    }


def draw_cases(scenario: Scenario, people: Population, luck: Luck, times: Floats) -> NDArray[Any]:
    """All candidates in the order of their arrival, as `Case` rows."""
    n = len(times)
    who = draw_parties(people, luck, n)
    claims = draw_claims(scenario, who, luck)
    dearer = [group.amount_factor for group in scenario.merchants.groups.values()]
    amount = scenario.market.amount.quantile(luck.uniforms(draws.AMOUNT, 0, n))
    return table(
        Case, n, order_at=times, buyer=who.buyer, merchant=who.merchant,
        happens=luck.uniforms(draws.HAPPENS, 0, n),
        delivery=scenario.market.delivery.quantile(luck.uniforms(draws.DELIVERY, 0, n)),
        amount=np.maximum(amount * by_group(who.merchant_group, dearer), 0.01),
        screening_hours=scenario.desks.screening.service.quantile(
            luck.uniforms(draws.SCREENING_TIME, 0, n)
        ),
        **claims,
        **draw_buyer_side(scenario, who, claims, luck),
        **draw_merchant_side(scenario, people, who, claims, luck),
    )  # fmt: skip
