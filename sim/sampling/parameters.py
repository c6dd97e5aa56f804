"""Sampling parameters: what drawing a dispute reads of scenario and people, as flat rows.

`law` numbers are positions in `Parameters.distributions`; arrays called `ends` say where each of several
shares ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from evenhand.sim.jit.structs import Wide

MEMO_SLOTS = 8
"""The first slots of each draw, which most disputes have."""
COMING = 8
"""Candidates whose parties are known at once: those who come and those who are fetched ahead."""


class DistributionRow(NamedTuple):
    """One law; see `sim.sampling.inverse_cdf`."""

    kind: int
    scale: float
    shape: float
    first: int
    steps: int


class Odds(NamedTuple):
    """What is the same for everybody: settings of a scenario, by path (see `sim.scenario.settings`).

    Chances and spreads, and then distributions by number; 0 for one that the scenario lacks.
    """

    late_inspection_half: float
    hostile_factor: float
    extent_sd: float
    opinion_sd: float
    supplement_share: float
    supplement_strength: float
    rebuttal_share: float
    rebuttal_strength: float
    brings: float
    forged_videos: float
    machine_made: float
    new_evidence_share: float
    new_evidence_strength: float
    occasion_sd: float
    shared_sd: float
    noise_sd: float
    turnout: float
    reveals: float
    jurors_buyer_share: float
    arbiters_count: int
    talks_enabled: bool
    tough_share: float
    fair_share: float
    rounding_tenths: float
    rounding_twentieths: float
    rounding_coarse: float
    condition_loss: float
    small_below: float
    market_amount: int
    market_delivery: int
    supplement_delay: int
    shipping: int
    confirming: int
    review_request: int
    screening_service: int
    decision_service: int
    review_service: int
    mediation_service: int
    model_answer_delay: int
    model_answer_strength: float
    vote_delay: int
    experience: int
    claims_purse: int
    claims_enabled: bool
    representatives_enabled: bool
    representatives_reach: float
    notice_sd: float
    contest_answer_cost: int
    contest_first_cost: int
    cure_strength: float
    opinions_enabled: bool
    buyer_effort: int
    merchant_effort: int
    consent_ignoring: int
    grants_share: float


class BuyerTraits(NamedTuple):
    """A group of buyers: settings of `sim.scenario.people.BuyerGroup`; first its distributions, by number."""

    promptness: int
    patience: int
    platform_patience: int
    filing_delay: int
    effort: int
    queue_patience: int
    """-1 where they wait as long as it takes."""
    composure: float
    clarity: float
    keeps_packaging: float
    skips_negotiation: float
    strategic: float
    evidence_skill: float


class CrowdRow(NamedTuple):
    """A group of buyers as uniforms fall on its members; each stands for so much of the whole."""

    begin: float
    end: float
    each: float
    first: int
    size: int


class MerchantTraits(NamedTuple):
    """A group of merchants: settings of `sim.scenario.people.MerchantGroup`; `reply` is a law, by number."""

    reply: int
    record_keeping: float
    strategic: float
    amount_factor: float
    hostile: float


class CauseTraits(NamedTuple):
    """A cause: settings of `sim.scenario.market.Grievance` or `Groundless`; 0 for what the other one has.

    Distributions by number, -1 where there is none.
    """

    full_share: float
    partial_low: float
    partial_high: float
    goods_in_hand: float
    forges: float
    full_from: float
    salvage: float
    severity: int
    dislike: int


class CategoryTraits(NamedTuple):
    """A category of goods: settings of `sim.scenario.market.Category`.

    `amount` is a law, by number; `kind` the number of a kind of goods, -1 where it is drawn.
    """

    amount: int
    kind: int
    amount_factor: float
    salvage: float
    condition: float
    freight: float


class Parties(NamedTuple):
    """Who meets whom over what at a position, and the luck that decides whether it happens."""

    position: Wide
    merchant: int
    cause: int
    buyer: int
    happens: float
    present: float
    buyer_luck: float
    maybe: bool
    """Whether anything seemed to come of it when its merchant was looked at: worth fetching what it needs."""


class Weights(NamedTuple):
    """How a buyer is found among many of different weights."""

    ends: Sequence[float]
    """Where each buyer's weight ends, rising; empty where those of a group weigh the same."""
    guide: Sequence[int]
    """The buyer on whom the beginning of each of so many equal parts falls."""


class Parameters(NamedTuple):
    """Everything, as arrays."""

    key: Any
    """Of the replication's generator: two words."""
    memo: Any
    """The last position of each group of four draws, plus one, and its four numbers; of slot s of group g
    at g x MEMO_SLOTS + s. Forgetting it would change nothing but speed."""
    coming: Any
    """The parties of the candidates that are next, that of arrival i at i modulo `COMING`."""
    positions: Any
    """Positions of the candidates of the block that arrives."""
    odds: Sequence[Odds]
    """One row."""
    distributions: Sequence[DistributionRow]
    steps: Sequence[float]
    buyer_groups: Sequence[BuyerTraits]
    ordering: Sequence[CrowdRow]
    """Who complains with a reason, or out of remorse: by group."""
    tempted: Sequence[CrowdRow]
    """Who makes up a claim."""
    members: Sequence[int]
    """Buyers, group after group."""
    ordering_each: Weights
    """The same as `ordering`, where buyers of a group differ."""
    tempted_each: Weights
    """The same as `tempted`, where buyers of a group differ."""
    merchant_groups: Sequence[MerchantTraits]
    reply_factor: Sequence[float]
    causes: Sequence[CauseTraits]
    cause_ends: Sequence[float]
    """Of merchant m from m x causes on."""
    fault_ends: Sequence[float]
    claimed_ends: Sequence[float]
    goods_ends: Sequence[float]
    categories: Sequence[CategoryTraits]
    category_ends: Sequence[float]
    """Of cause c from c x categories on."""
    firm_ends: Sequence[float]
    """Where the offers of each claims firm end; empty where there are none."""
    held_by_buyer: Sequence[float]
    held_by_merchant: Sequence[float]
    strengths: Sequence[float]
    """Of each kind of evidence: of claim c from c x kinds on."""
