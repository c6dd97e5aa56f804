"""Drawing what a dispute has more than once: rounds of talks, mediation, decisions, votes.

Slots are drawn one by one, so that a policy with more of them meets the same first ones.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from sim import draws
from sim.draws import SLOTS_PER_LEVEL, Draw, Luck
from sim.evidence import weights
from sim.grievances import law_by_group
from sim.laws import NEVER
from sim.layout import Accord, Level, Meeting, Talk, Vote
from sim.population import Population
from sim.rows import table
from sim.scenario import Scenario

Rows = NDArray[Any]


def _reply(
    scenario: Scenario, people: Population, cases: Rows, luck: Luck, draw: Draw, slot: int
) -> NDArray[np.float64]:
    """The merchant's delay in one round: the law of its group times its own factor."""
    group = people.merchants["group"][cases["merchant"]]
    laws = [g.reply for g in scenario.merchants.groups.values()]
    delay = law_by_group(laws, group, luck.uniforms(draw, 0, len(cases), slot))
    return np.asarray(delay * people.reply_factor[cases["merchant"]])


def draw_talks(scenario: Scenario, people: Population, cases: Rows, luck: Luck, rounds: int) -> Rows:
    """Rounds of negotiation; row k of dispute d is at d x rounds + k."""
    n, rows = len(cases), table(Talk, len(cases) * rounds)
    spread = scenario.behaviour.bargaining.opinion_sd
    patience = [g.patience for g in scenario.buyers.groups.values()]
    group = people.buyers["group"][cases["buyer"]]
    for k in range(rounds):
        mine = rows[k::rounds]
        mine["reply"] = _reply(scenario, people, cases, luck, draws.REPLY, k)
        mine["patience"] = law_by_group(patience, group, luck.uniforms(draws.PATIENCE, 0, n, k))
        mine["guess"] = spread * ndtri(luck.uniforms(draws.MERCHANT_GUESS, 0, n, k))
    return rows


def draw_meetings(scenario: Scenario, people: Population, cases: Rows, luck: Luck, rounds: int) -> Rows:
    """Rounds of mediation; row k of dispute d is at d x rounds + k."""
    n, rows = len(cases), table(Meeting, len(cases) * rounds)
    spread = scenario.behaviour.bargaining.opinion_sd
    desk = scenario.desks.mediation or scenario.desks.decision
    for k in range(rounds):
        mine = rows[k::rounds]
        mine["service"] = desk.service.quantile(luck.uniforms(draws.MEDIATION_TIME, 0, n, k))
        mine["reply"] = _reply(scenario, people, cases, luck, draws.MEDIATED_REPLY, k)
        mine["guess"] = spread * ndtri(luck.uniforms(draws.MEDIATED_GUESS, 0, n, k))
    return rows


def draw_accords(scenario: Scenario, people: Population, cases: Rows, luck: Luck, each: int) -> Rows:
    """Consents and offers taken; the row of dispute d is at d x each, and each is 1 or 0."""
    n, rows = len(cases) * each, table(Accord, len(cases) * each)
    if not each:
        return rows
    group = people.buyers["group"][cases["buyer"]]
    filing = [g.filing_delay for g in scenario.buyers.groups.values()]
    rows["merchant_luck"] = luck.uniforms(draws.MERCHANT_CONSENTS, 0, n)
    rows["merchant_reply"] = _reply(scenario, people, cases, luck, draws.MERCHANT_CONSENT_DELAY, 0)
    rows["buyer_luck"] = luck.uniforms(draws.BUYER_CONSENTS, 0, n)
    rows["buyer_reply"] = law_by_group(filing, group, luck.uniforms(draws.BUYER_CONSENT_DELAY, 0, n))
    for name, draw in (
        ("buyer_takes", draws.OFFER_TAKEN_BY_BUYER), ("merchant_takes", draws.OFFER_TAKEN_BY_MERCHANT),
    ):  # fmt: skip
        rows[name] = scenario.review_request.quantile(luck.uniforms(draw, 0, n))
    return rows


def draw_levels(scenario: Scenario, cases: Rows, luck: Luck, levels: int, *, panels: bool) -> Rows:
    """Decisions; row k of dispute d is at d x levels + k; 0 is the first, k the k-th review."""
    n, rows = len(cases), table(Level, len(cases) * levels)
    some, evidence = scenario.arbiters, scenario.evidence
    strength = np.full(n, evidence.new_evidence_strength)
    for k in range(levels):
        mine = rows[k::levels]
        desk = scenario.desks.review if k else scenario.desks.decision

        def u(draw: Draw, slot: int = k) -> NDArray[np.float64]:
            return luck.uniforms(draw, 0, n, slot)

        mine["arbiter"] = np.floor(u(draws.ARBITER) * some.count)
        mine["service"] = desk.service.quantile(u(draws.DECISION_TIME))
        mine["occasion"] = some.occasion_sd * ndtri(u(draws.OCCASION))
        if panels:
            mine["shared"] = scenario.jurors.shared_sd * ndtri(u(draws.SHARED_IMPRESSION))
        mine["check_luck"] = u(draws.CHECKED)
        mine["detect_buyer_luck"] = u(draws.DETECTED_BUYER)
        mine["detect_merchant_luck"] = u(draws.DETECTED_MERCHANT)
        if k == 0:
            continue  # what follows belongs to the request that led to this decision
        mine["buyer_asks_luck"] = u(draws.BUYER_ASKS)
        mine["merchant_asks_luck"] = u(draws.MERCHANT_ASKS)
        mine["buyer_asks_after"] = scenario.review_request.quantile(u(draws.BUYER_ASKS_AFTER))
        mine["merchant_asks_after"] = scenario.review_request.quantile(u(draws.MERCHANT_ASKS_AFTER))
        mine["buyer_finds"] = u(draws.BUYER_FINDS) < evidence.new_evidence_share
        mine["merchant_finds"] = u(draws.MERCHANT_FINDS) < evidence.new_evidence_share
        mine["buyer_new"] = weights(cases["valid"], strength, ndtri(u(draws.BUYER_NEW)))
        mine["merchant_new"] = weights(cases["valid"], strength, ndtri(u(draws.MERCHANT_NEW)))
    return rows


def draw_votes(
    scenario: Scenario, n: int, luck: Luck, levels: int, seats: int, *, sealed: bool = False
) -> Rows:
    """Seats; seat s of level k of dispute d is at (d x levels + k) x seats + s.

    When a vote is opened is only drawn where votes are sealed.
    """
    rows = table(Vote, n * levels * seats)
    jurors = scenario.jurors
    for k in range(levels):
        for s in range(seats):
            mine, slot = rows[k * seats + s :: levels * seats], k * SLOTS_PER_LEVEL + s
            comes = luck.uniforms(draws.TURNOUT, 0, n, slot) < jurors.turnout
            delay = jurors.vote_delay.quantile(luck.uniforms(draws.VOTE_DELAY, 0, n, slot))
            mine["delay"] = np.where(comes, delay, NEVER)
            if sealed:
                opens = luck.uniforms(draws.REVEALS, 0, n, slot) < jurors.reveals
                takes = jurors.vote_delay.quantile(luck.uniforms(draws.REVEAL_DELAY, 0, n, slot))
                mine["reveal"] = np.where(opens, takes, NEVER)
            of_buyers = luck.uniforms(draws.SIDE, 0, n, slot) < jurors.buyer_share
            mine["own_side"] = np.where(of_buyers, 1.0, -1.0)
            mine["experience"] = jurors.experience.quantile(luck.uniforms(draws.EXPERIENCE, 0, n, slot))
            mine["impression"] = jurors.noise_sd * ndtri(luck.uniforms(draws.IMPRESSION, 0, n, slot))
    return rows
