"""What a run has done so far: mutable rows, written by the stages only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, NamedTuple

from evenhand.sim.jit.structs import Mark
from evenhand.sim.sampling.world_rows import World

NAN = float("nan")
INFINITE = float("inf")


@dataclass(slots=True)
class Progress:
    """How far one dispute has come, and all that a record says about it.

    Every field is a column of the records, but for those marked as working memory.
    """

    number: Annotated[int, Mark.UNRECORDED] = 0
    exists: Annotated[bool, Mark.UNRECORDED] = False
    ending: int = 0
    pending: Annotated[int, Mark.UNRECORDED] = 0
    version: int = 0
    exceptions: int = 0
    row: Annotated[int, Mark.UNRECORDED] = 0
    coming_row: Annotated[int, Mark.UNRECORDED] = 0
    round: Annotated[int, Mark.UNRECORDED] = 0
    meeting: Annotated[int, Mark.UNRECORDED] = 0
    reviews: int = 0
    asker: Annotated[int, Mark.UNRECORDED] = 0
    request: Annotated[int, Mark.UNRECORDED] = 0
    opened_at: float = NAN
    talks_over_at: float = NAN
    filed_at: float = NAN
    screened_at: float = NAN
    answered_at: float = NAN
    ready_at: float = NAN
    handed_at: float = NAN
    ruled_at: float = NAN
    last_ruled_at: float = NAN
    final_at: float = NAN
    closed_at: float = NAN
    decider: int = 0
    arbiter: int = -1
    silence: int = 0
    reason: int = 0
    answered: bool = False
    supplemented: bool = False
    rebutted: bool = False
    uncooperative: bool = False
    buyer_sent: int = 0
    merchant_sent: int = 0
    platform_saw: int = 0
    buyer_showed: bool = False
    merchant_showed: bool = False
    merchant_forged: bool = False
    buyer_found_out: bool = False
    merchant_found_out: bool = False
    checks: int = 0
    check_asked: int = 0
    check_costs: float = 0.0
    new_evidence: float = 0.0
    term_prior: float = NAN
    term_history: float = NAN
    term_buyer: float = NAN
    term_merchant: float = NAN
    term_silence: float = NAN
    term_platform: float = NAN
    term_noise: float = NAN
    belief: float = NAN
    standard: float = NAN
    coming_for_buyer: Annotated[int, Mark.UNRECORDED] = 0
    coming_for_merchant: Annotated[int, Mark.UNRECORDED] = 0
    absent: Annotated[int, Mark.UNRECORDED] = 0
    votes_buyer: int = 0
    votes_merchant: int = 0
    upheld: bool = False
    first_upheld: bool = False
    share: float = 0.0
    instructed: Annotated[float, Mark.UNRECORDED] = NAN
    first_share: float = NAN
    offer: float = NAN
    refund: float = 0.0
    merchant_paid: float = 0.0
    platform_paid: float = 0.0
    buyer_fees: float = 0.0
    merchant_fees: float = 0.0
    buyer_freight: float = 0.0
    merchant_freight: float = 0.0
    screening_hours: float = 0.0
    decision_hours: float = 0.0
    review_hours: float = 0.0
    mediation_hours: float = 0.0
    votes: int = 0
    trust_after: float = NAN
    rating_after: float = NAN
    care_after: float = NAN
    talks_until: Annotated[float, Mark.UNRECORDED] = NAN
    mediate_until: Annotated[float, Mark.UNRECORDED] = NAN
    offers_until: Annotated[float, Mark.UNRECORDED] = NAN
    officer_share: float = NAN
    no_reason: bool = False
    share_on_merits: Annotated[float, Mark.UNRECORDED] = 0.0
    spared: float = 0.0
    merchant_salvage: float = 0.0
    came_back: Annotated[bool, Mark.UNRECORDED] = False
    care_cost: float = 0.0
    mark: float = 0.0
    answer_saves: float = NAN
    answer_costs: float = NAN
    life: Annotated[int, Mark.UNRECORDED] = 0
    juror_pay: float = 0.0
    stakes_lost: float = 0.0
    expected_chance: float = NAN
    net_gain: float = NAN
    gated: bool = False
    remedy: int = 0
    agreed: float = NAN
    buyer_value: float = NAN
    merchant_cost: float = NAN
    offer_need: float = NAN
    offer_limit: float = NAN
    offer_ask: float = NAN
    offer_worth: float = NAN
    leaves_at: Annotated[float, Mark.UNRECORDED] = INFINITE
    overdue: Annotated[bool, Mark.UNRECORDED] = False
    left_at: float = NAN
    model_calls: int = 0
    model_share: float = NAN
    model_asked: Annotated[int, Mark.UNRECORDED] = -1
    requested: int = 0
    audited: bool = False
    monitored: bool = False
    represented: bool = False
    firm_due: Annotated[float, Mark.UNRECORDED] = NAN
    firm_fees: float = 0.0
    firm_work: float = 0.0
    unread: Annotated[bool, Mark.UNRECORDED] = False
    heard: Annotated[bool, Mark.UNRECORDED] = False
    known: Annotated[float, Mark.UNRECORDED] = NAN
    known_row: Annotated[int, Mark.UNRECORDED] = -1
    weighed: Annotated[bool, Mark.UNRECORDED] = False
    quiet: Annotated[bool, Mark.UNRECORDED] = False
    commission: float = 0.0
    sent_back_for: int = 0
    cured: bool = False
    review_by: int = 0
    buyer_opinion: float = NAN
    buyer_persuaded: float = 0.0
    buyer_review_gain: float = NAN
    buyer_review_cost: float = NAN
    merchant_opinion: float = NAN
    merchant_persuaded: float = 0.0
    merchant_review_gain: float = NAN
    merchant_review_cost: float = NAN
    parting: Annotated[int, Mark.UNRECORDED] = 0
    parts_remedy: Annotated[int, Mark.UNRECORDED] = 0
    parts_back: Annotated[float, Mark.UNRECORDED] = 0.0
    parts_after: float = NAN
    settle_rate: float = NAN
    withdraw_rate: float = NAN
    perform_rate: float = NAN
    ignoring_cost: float = NAN
    settling_cost: float = NAN
    judged_cost: float = NAN
    defied: bool = False
    hearings: int = 0


@dataclass(slots=True)
class BuyerState:
    """What a buyer has become."""

    trust: float = 0.0
    active: bool = True
    boldness: float = 1.0
    filings: int = 0
    wins: int = 0
    strikes: int = 0
    period: int = -1
    requests: int = 0
    record: int = 0
    recent_filings: int = 0
    recent_refunds: int = 0
    recent_strikes: int = 0
    seen_at: float = 0.0
    buying: float = 0.0
    let_down: int = 0
    own_claims: float = 0.0
    own_granted: float = 0.0
    made_up: float = 0.0
    made_up_granted: float = 0.0
    claimed_at: float = 0.0


@dataclass(slots=True)
class MerchantState:
    """What a merchant has become."""

    rating: float = 0.0
    rated_at: float = 0.0
    active: bool = True
    problem: float = 1.0
    reply: float = 1.0
    forging: float = 1.0
    sales: float = 1.0
    points: float = 0.0
    suspended_until: float = 0.0
    sold: float = 0.0
    sold_until: float = 0.0
    sold_counted: float = 0.0
    silent: int = 0
    silent_loss: float = 0.0
    cost: float = 0.0
    cost_orders: float = 0.0
    marks: float = 0.0
    mark_orders: float = 0.0
    counted_at: float = 0.0
    counted_sold: float = 0.0
    standing: float = 1.0
    life: int = 0
    lasts: float = INFINITE
    spent: float = 0.0
    seen_at: float = 0.0
    entered_at: float = NAN
    vacant_until: float = 0.0
    struck: int = 0
    suspensions: int = 0
    exits: int = 0
    entries: int = 0
    comebacks: int = 0
    watch_period: int = -1
    watch_filings: int = 0
    watch_sold: float = 0.0
    watch_since: float = 0.0
    monitored: bool = False
    times_above: int = 0


@dataclass(slots=True)
class MarketState:
    """What all merchants together have become: fading sums of what each remembers, and sales."""

    sales: float = 1.0
    cost: float = 0.0
    cost_orders: float = 0.0
    marks: float = 0.0
    mark_orders: float = 0.0
    counted_at: float = 0.0


@dataclass(slots=True)
class DeskState:
    """A desk as the engine keeps it; stages may read how many wait."""

    staff: int = 0
    busy: int = 0
    waiting: int = 0


@dataclass(slots=True)
class Hearsay:
    """What is told of claims of one kind in one group of buyers: sums that fade, and since when."""

    claims: float = 0.0
    granted: float = 0.0
    at: float = 0.0


@dataclass(slots=True)
class FirmState:
    """A claims firm's filings of the period, and what its claims got: sums that fade, and since when."""

    period: int = -1
    filings: int = 0
    claims: float = 0.0
    granted: float = 0.0
    at: float = 0.0


class State(NamedTuple):
    """All that a run changes. An event is a row: case, time, activity, resource (-1 = nobody)."""

    disputes: Sequence[Progress]
    buyers: Sequence[BuyerState]
    merchants: Sequence[MerchantState]
    market: Sequence[MarketState]
    """One row."""
    desks: Sequence[DeskState]
    hearsay: Sequence[Hearsay]
    """Of kind k in group g of buyers at `hearsay[g * 4 + k]`."""
    firms: Sequence[FirmState]
    arbiter_cases: Any
    events: Any
    counters: Any


EVENTS, JURY_CASES, DONE, SLOTS, ROOM, FIRST, JURY_PERIOD, JURY_SEATS = range(8)
"""Positions in `State.counters`: events noted and cases decided by panels; for the Numba engine how its
tables are laid out (see `sim.engine.slots`); for the cap on jurors the period and the seats taken in it."""
EVENT_FIELDS = 4


def most_events(world: World) -> int:
    """A bound on the events of one dispute: every stage notes a fixed number, rounds included."""
    each = 6 + 5 * (world.readings_each > 0)
    return 32 + 3 * world.hearings + 2 * world.rounds + 2 * world.meetings_each + each * world.levels_each
