"""The book of a world: all that drawing a dispute needs to know of scenario and people, as flat rows.

`law` numbers are positions in `Book.laws`; arrays called `ends` say where each of several shares ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sim.rows import Wide

MEMO_SLOTS = 8
"""The first slots of each draw, which most disputes have."""
COMING = 8
"""Candidates whose parties are known at once: those who come and those who are fetched ahead."""


class LawRow(NamedTuple):
    """One law; see `sim.drawing.laws`."""

    kind: int
    scale: float
    shape: float
    first: int
    steps: int


class Odds(NamedTuple):
    """What is the same for everybody: chances and spreads, and then laws by number."""

    late_half: float
    hostile_factor: float
    extent_sd: float
    opinion_sd: float
    supplement_share: float
    supplement_strength: float
    new_evidence_share: float
    new_evidence_strength: float
    occasion_sd: float
    shared_sd: float
    noise_sd: float
    turnout: float
    reveals: float
    of_buyers: float
    arbiters: int
    amount: int
    delivery: int
    supplement_delay: int
    shipping: int
    confirming: int
    review_request: int
    screening: int
    decision: int
    review: int
    mediation: int
    vote_delay: int
    experience: int


class BuyerTraits(NamedTuple):
    """A group of buyers; first its laws, by number."""

    promptness: int
    patience: int
    platform_patience: int
    filing_delay: int
    effort: int
    composure: float
    skips: float
    strategic: float
    skill: float


class Crowd(NamedTuple):
    """A group of buyers as uniforms fall on its members; each stands for so much of the whole."""

    begin: float
    end: float
    each: float
    first: int
    size: int


class MerchantTraits(NamedTuple):
    """A group of merchants; `reply` is a law, by number."""

    reply: int
    record_keeping: float
    strategic: float
    amount_factor: float


class CauseTraits(NamedTuple):
    """A cause; groundless ones deserve nothing. Laws by number, -1 where there is none."""

    full_share: float
    partial_low: float
    partial_high: float
    in_hand: float
    forges: float
    full_from: float
    severity: int
    dislike: int


class Parties(NamedTuple):
    """Who meets whom over what at a position, and the luck that decides whether it happens."""

    position: Wide
    merchant: int
    cause: int
    buyer: int
    happens: float


class Book(NamedTuple):
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
    laws: Sequence[LawRow]
    steps: Sequence[float]
    buyer_groups: Sequence[BuyerTraits]
    ordering: Sequence[Crowd]
    """Who complains with a reason, or out of remorse: by group."""
    tempted: Sequence[Crowd]
    """Who makes up a claim."""
    members: Sequence[int]
    """Buyers, group after group."""
    merchant_groups: Sequence[MerchantTraits]
    reply_factor: Sequence[float]
    causes: Sequence[CauseTraits]
    cause_ends: Sequence[float]
    """Of merchant m from m x causes on."""
    fault_ends: Sequence[float]
    claimed_ends: Sequence[float]
    goods_ends: Sequence[float]
    held_by_buyer: Sequence[float]
    held_by_merchant: Sequence[float]
    strengths: Sequence[float]
    """Of each kind of evidence: of claim c from c x kinds on."""
