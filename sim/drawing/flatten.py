"""Writing the book of a world: first its scenario, and then the people of a replication."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.causes import EVIDENCE_KINDS, FAULTS, GOODS, GROUNDLESS_CAUSES, VALID_CAUSES
from sim.drawing.book import Book, BuyerTraits, CauseTraits, Crowd, MerchantTraits, Odds
from sim.drawing.laws import Laws
from sim.population import Population
from sim.rows import dtype_of
from sim.scenario import Scenario

Floats = NDArray[np.float64]


def write_book(scenario: Scenario) -> Book:
    """All that drawing a dispute reads of a scenario; laws and groups are in its order."""
    laws = Laws([], [])
    causes, evidence = scenario.causes, scenario.evidence
    grievances = [causes.grievance(name) for name in VALID_CAUSES]
    groundless = [causes.groundless(name) for name in GROUNDLESS_CAUSES]
    traits = [
        CauseTraits(
            g.full_share, g.partial_low, g.partial_high, g.goods_in_hand, 0.0, g.full_from,
            laws.add(g.severity) if g.severity else -1, -1,
        )
        for g in grievances
    ]  # fmt: skip
    traits += [
        CauseTraits(
            0.0, 0.0, 0.0, g.goods_in_hand, g.forges, 1.0, -1, laws.add(g.dislike) if g.dislike else -1
        )
        for g in groundless
    ]
    faults = [[getattr(g.fault, name) for name in FAULTS] for g in grievances]
    faults += [[float(name == "buyer") for name in FAULTS]] * len(groundless)
    claims = np.array([[g.claimed_as.get(name, 0.0) for name in VALID_CAUSES] for g in groundless])
    columns: dict[str, Any] = {
        "odds": _table(Odds, [_odds(scenario, laws)]),
        "buyer_groups": _table(BuyerTraits, [
            BuyerTraits(
                laws.add(g.promptness), laws.add(g.patience), laws.add(g.platform_patience),
                laws.add(g.filing_delay), laws.add(g.effort),
                g.composure, g.skips_negotiation, g.strategic, g.evidence_skill,
            )
            for g in scenario.buyers.groups.values()
        ]),
        "merchant_groups": _table(MerchantTraits, [
            MerchantTraits(laws.add(g.reply), g.record_keeping, g.strategic, g.amount_factor)
            for g in scenario.merchants.groups.values()
        ]),
        "causes": _table(CauseTraits, traits),
        "fault_ends": np.cumsum(faults, axis=1).reshape(-1),
        "claimed_ends": np.cumsum(claims, axis=1).reshape(-1),
        "goods_ends": np.cumsum([scenario.market.goods.get(kind, 0.0) for kind in GOODS]),
        "held_by_buyer": np.array([evidence.held_by_buyer.get(kind, 0.0) for kind in EVIDENCE_KINDS]),
        "held_by_merchant": np.array([evidence.held_by_merchant.get(kind, 0.0) for kind in EVIDENCE_KINDS]),
        "strengths": np.array([g.evidence.get(kind, 0.0) for g in grievances for kind in EVIDENCE_KINDS]),
    }  # fmt: skip
    blank: dict[str, Any] = {name: () for name in Book._fields if name not in columns}
    blank["positions"] = np.empty(0, np.int64)
    return Book(**{**blank, **columns, "laws": laws.table(), "steps": np.array(laws.steps, float)})


def of_people(book: Book, people: Population) -> Book:
    """The book with its people."""
    crowd = people.crowd
    columns: dict[str, Any] = {
        "ordering": _crowd(people, crowd.activity),
        "tempted": _crowd(people, crowd.activity * crowd.temptation),
        "members": crowd.members.astype(np.int32),
        "reply_factor": people.reply_factor,
        "cause_ends": np.cumsum(people.cause_rate, axis=1).reshape(-1),
    }
    return book._replace(**columns)


def _odds(scenario: Scenario, laws: Laws) -> Odds:
    evidence, jurors, desks = scenario.evidence, scenario.jurors, scenario.desks
    return Odds(
        late_half=evidence.late_inspection_half, hostile_factor=evidence.hostile_factor,
        extent_sd=evidence.extent_sd, opinion_sd=scenario.behaviour.bargaining.opinion_sd,
        supplement_share=evidence.supplement_share, supplement_strength=evidence.supplement_strength,
        new_evidence_share=evidence.new_evidence_share,
        new_evidence_strength=evidence.new_evidence_strength,
        occasion_sd=scenario.arbiters.occasion_sd, shared_sd=jurors.shared_sd, noise_sd=jurors.noise_sd,
        turnout=jurors.turnout, reveals=jurors.reveals, of_buyers=jurors.buyer_share,
        arbiters=scenario.arbiters.count,
        amount=laws.add(scenario.market.amount), delivery=laws.add(scenario.market.delivery),
        supplement_delay=laws.add(evidence.supplement_delay), shipping=laws.add(scenario.shipping),
        confirming=laws.add(scenario.confirming), review_request=laws.add(scenario.review_request),
        screening=laws.add(desks.screening.service), decision=laws.add(desks.decision.service),
        review=laws.add(desks.review.service),
        mediation=laws.add((desks.mediation or desks.decision).service),
        vote_delay=laws.add(jurors.vote_delay), experience=laws.add(jurors.experience),
    )  # fmt: skip


def _crowd(people: Population, weight: Floats) -> NDArray[Any]:
    """Groups of buyers whose members weigh so much each."""
    crowd = people.crowd
    ends = np.cumsum(crowd.sizes * weight)
    each = np.where(weight > 0, weight, 1.0)
    columns = ends - crowd.sizes * weight, ends, each, crowd.first, crowd.sizes
    return _table(Crowd, list(zip(*(column.tolist() for column in columns), strict=True)))


def _table(row: type, rows: list[Any]) -> NDArray[Any]:
    return np.array([tuple(one) for one in rows], dtype_of(row))
