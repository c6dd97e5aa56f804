"""What a world holds: immutable rows drawn before any rule acts. Hours, money, nats, shares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple

import numpy as np

from evenhand.sim.jit.structs import Mark, Wide, dtype_of
from evenhand.sim.sampling.parameters import Book


class Case(NamedTuple):
    """One potential grievance and everything about it that no rule can change.

    Fields marked as recorded are columns of the records too.
    """

    position: Annotated[Wide, Mark.RECORDED]
    """Of its luck: the merchant, and the place among that merchant's candidates."""
    order_at: Annotated[float, Mark.RECORDED]
    delivery: Annotated[float, Mark.RECORDED]
    inspection: Annotated[float, Mark.RECORDED]
    buyer: Annotated[int, Mark.RECORDED]
    merchant: Annotated[int, Mark.RECORDED]
    cause: Annotated[int, Mark.RECORDED]
    claimed: Annotated[int, Mark.RECORDED]
    valid: Annotated[bool, Mark.RECORDED]
    fault: Annotated[int, Mark.RECORDED]
    amount: Annotated[float, Mark.RECORDED]
    deserved: Annotated[float, Mark.RECORDED]
    shown: Annotated[float, Mark.RECORDED]
    severity: Annotated[float, Mark.RECORDED]
    """How bad the harm is in truth, as a share of the value; without goods in hand 1, groundless 0."""
    loss: Annotated[float, Mark.RECORDED]
    """What the goods are worth less to the buyer: the severity, or how much he dislikes them."""
    shown_severity: Annotated[float, Mark.RECORDED]
    """The severity as others see it."""
    in_hand: Annotated[bool, Mark.RECORDED]
    goods: Annotated[int, Mark.RECORDED]
    happens: float
    hostile: Annotated[bool, Mark.RECORDED]
    unclear: Annotated[bool, Mark.RECORDED]
    packaging: Annotated[bool, Mark.RECORDED]
    skips: Annotated[bool, Mark.RECORDED]
    effort: Annotated[float, Mark.RECORDED]
    filing_delay: float
    platform_patience: float
    buyer_guess: float
    buyer_strength: Annotated[float, Mark.RECORDED]
    buyer_weight: Annotated[float, Mark.RECORDED]
    buyer_kinds: Annotated[int, Mark.RECORDED]
    buyer_withholds: Annotated[bool, Mark.RECORDED]
    buyer_shows: int
    """Shared evidence: the kinds that he brings with his filing, as bits."""
    buyer_brings: float
    """Their weight."""
    buyer_later: int
    """The kinds that he only thinks of when he rebuts."""
    buyer_forges: Annotated[bool, Mark.RECORDED]
    buyer_forged_kind: Annotated[int, Mark.RECORDED]
    machine_made: Annotated[bool, Mark.RECORDED]
    platform_kinds: Annotated[int, Mark.RECORDED]
    supplements: bool
    supplement_delay: float
    supplement_weight: Annotated[float, Mark.RECORDED]
    ship_delay: float
    confirm_delay: float
    merchant_strength: Annotated[float, Mark.RECORDED]
    merchant_weight: Annotated[float, Mark.RECORDED]
    merchant_kinds: Annotated[int, Mark.RECORDED]
    merchant_withholds: Annotated[bool, Mark.RECORDED]
    merchant_shows: int
    """Shared evidence: the kinds that it would answer with, whatever the rules ask for."""
    merchant_brings: float
    """The weight of those that the buyer does not bring."""
    merchant_forged_kind: Annotated[int, Mark.RECORDED]
    merchant_rebuts: bool
    rebuttal_delay: float
    rebuttal_weight: float
    merchant_forge_luck: float
    evidence_delay: float
    stonewall_luck: float
    ignore_luck: float
    extension_luck: float
    concede_luck: float
    screening_hours: float


class Artefact(NamedTuple):
    """One kind of evidence about a dispute, where evidence is shared; undefined where nobody has it."""

    weight: float
    """Nats towards the buyer, whoever shows it."""
    seen_luck: float
    """Compared with the chance that the platform looks at its own record."""
    alarm_luck: float
    """Compared with the chance that a detector takes the genuine thing for a forgery."""


class Talk(NamedTuple):
    """One round of negotiation of a dispute."""

    reply: float
    patience: float
    guess: float


class Meeting(NamedTuple):
    """One round of mediation of a dispute."""

    service: float
    reply: float
    guess: float


class Accord(NamedTuple):
    """What each side makes of a procedure that needs consent, and when each takes an offer."""

    merchant_luck: float
    merchant_reply: float
    buyer_luck: float
    buyer_reply: float
    buyer_takes: float
    merchant_takes: float


class Level(NamedTuple):
    """One decision on a dispute: the first, or a review."""

    arbiter: int
    service: float
    occasion: float
    shared: float
    check_luck: float
    detect_buyer_luck: float
    detect_merchant_luck: float
    buyer_asks_luck: float
    merchant_asks_luck: float
    buyer_asks_after: float
    merchant_asks_after: float
    buyer_finds: bool
    merchant_finds: bool
    buyer_new: float
    merchant_new: float


class Vote(NamedTuple):
    """One juror's seat in one decision; delays are beyond any horizon for one who stays away."""

    delay: float
    reveal: float
    own_side: float
    experience: float
    impression: float


class Buyer(NamedTuple):
    """A buyer's traits."""

    group: int
    knowledge: float
    trust: float
    exit_below: float


class Merchant(NamedTuple):
    """A merchant's traits."""

    group: int
    sales: float
    service: float
    never_replies: float
    forges: float
    rating: float
    learning: float
    exit_below: float


class Day(NamedTuple):
    """One day of a calendar: open from when to when, and open hours before it."""

    opens: float
    closes: float
    before: float


class Habits(NamedTuple):
    """The constants that stages read: settings of a scenario, by path (see `sim.scenario.settings`).

    The first two are of the run.
    """

    open_loop: bool
    days: int
    optimism: float
    merchant_cost: float
    point_value: float
    hostile_penalty: float
    concede_share: float
    review_propensity: float
    forgery_shift: float
    unclear_factor: float
    emotional_cost: float
    load_effect: float
    novice_factor: float
    cases_to_learn: float
    lean: float
    lean_half: float
    jurors_pool: float
    herding: float
    stake_pull: float
    merchant_consents: float
    buyer_consents: float
    trust_rate: float
    outcome_weight: float
    process_weight: float
    slow_after: float
    problem_floor: float
    reply_floor: float
    deterrence: float
    emboldening: float
    habit_gain: float
    habit_loss: float
    habit_ceiling: float
    ranking_slope: float
    ranking_lowest: float
    ranking_highest: float
    ranking_suspended: float


class World(NamedTuple):
    """One drawn instance of a scenario; no policy has touched it.

    Rows with a slot are flat: round k of dispute d is `talks[d * rounds + k]`, seat s of level k is
    `votes[d * seats + first_seat[k] + s]`, kind k of evidence is `artefacts[d * artefacts_each + k]`, day t
    of calendar c is `days[c * habits.days + t]`.
    """

    cases: Sequence[Case]
    artefacts: Sequence[Artefact]
    talks: Sequence[Talk]
    meetings: Sequence[Meeting]
    accords: Sequence[Accord]
    levels: Sequence[Level]
    votes: Sequence[Vote]
    buyers: Sequence[Buyer]
    merchants: Sequence[Merchant]
    arbiter_level: Sequence[float]
    arbiter_pattern: Sequence[float]
    days: Sequence[Day]
    market_time: Sequence[float]
    concession: Sequence[float]
    logistic: Sequence[float]
    first_seat: Sequence[int]
    rounds: int
    meetings_each: int
    accords_each: int
    levels_each: int
    seats: int
    artefacts_each: int
    """Kinds of evidence where it is shared; 0 where it is separate."""
    sealed: bool
    habits: Habits
    book: Book
    """What luck and scenario have for those who arise."""
    on_demand: bool = True
    """Whether rows are drawn when a dispute gets there, or stand there already."""


Draft = Any
"""A world whose rows are being drawn; only compiled code can write them."""

ROWS: dict[str, type] = {
    "cases": Case,
    "artefacts": Artefact,
    "talks": Talk,
    "meetings": Meeting,
    "accords": Accord,
    "levels": Level,
    "votes": Vote,
}
"""The parts of a world that belong to disputes, and grow with their number."""


def rows_each(world: World) -> dict[str, int]:
    """How many rows of each such part one dispute has."""
    levels = world.levels_each
    return {
        "cases": 1,
        "artefacts": world.artefacts_each,
        "talks": world.rounds,
        "meetings": world.meetings_each,
        "accords": world.accords_each,
        "levels": levels,
        "votes": world.seats,
    }


def with_record(world: World) -> World:
    """The world with its constants as one record: a pointer, where a tuple is thirty arguments of a stage."""
    habits: Any = np.array([tuple(world.habits)], dtype_of(Habits))[0]
    return world._replace(habits=habits)
