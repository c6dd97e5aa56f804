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
    skips: Annotated[bool, Mark.RECORDED]
    effort: Annotated[float, Mark.RECORDED]
    filing_delay: float
    platform_patience: float
    buyer_guess: float
    buyer_strength: Annotated[float, Mark.RECORDED]
    buyer_weight: Annotated[float, Mark.RECORDED]
    buyer_kinds: Annotated[int, Mark.RECORDED]
    buyer_withholds: Annotated[bool, Mark.RECORDED]
    buyer_forges: Annotated[bool, Mark.RECORDED]
    supplements: bool
    supplement_delay: float
    supplement_weight: Annotated[float, Mark.RECORDED]
    ship_delay: float
    confirm_delay: float
    merchant_strength: Annotated[float, Mark.RECORDED]
    merchant_weight: Annotated[float, Mark.RECORDED]
    merchant_kinds: Annotated[int, Mark.RECORDED]
    merchant_withholds: Annotated[bool, Mark.RECORDED]
    merchant_forge_luck: float
    evidence_delay: float
    stonewall_luck: float
    ignore_luck: float
    extension_luck: float
    concede_luck: float
    screening_hours: float
    screening_stays: float


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


class Reading(NamedTuple):
    """What a model makes of one decision on a dispute, and what comes of it when it asks for more."""

    own: float
    audit_luck: float
    answer_luck: float
    answer_delay: float
    answer_weight: float


class Level(NamedTuple):
    """One decision on a dispute: the first, or a review."""

    arbiter: int
    service: float
    stays: float
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


class Shift(NamedTuple):
    """From this hour on a desk has so many staff."""

    at: float
    desk: Wide
    staff: Wide


class Habits(NamedTuple):
    """The constants that stages read: settings of a scenario, by path (see `sim.scenario.settings`).

    The first two are of the run.
    """

    open_loop: bool
    days: int
    orders_per_day: float
    optimism: float
    merchant_cost: float
    point_value: float
    hostile_penalty: float
    concede_share: float
    review_propensity: float
    forgery_shift: float
    load_effect: float
    novice_factor: float
    cases_to_learn: float
    model_reading: float
    model_hours: float
    model_answers: float
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
    `votes[d * seats + first_seat[k] + s]`, day t of calendar c is `days[c * habits.days + t]`.
    """

    cases: Sequence[Case]
    talks: Sequence[Talk]
    meetings: Sequence[Meeting]
    accords: Sequence[Accord]
    levels: Sequence[Level]
    readings: Sequence[Reading]
    votes: Sequence[Vote]
    buyers: Sequence[Buyer]
    merchants: Sequence[Merchant]
    arbiter_level: Sequence[float]
    arbiter_pattern: Sequence[float]
    model_shared: Sequence[float]
    """The error that the model makes in all cases of buyer group g and claim c: at g x causes + c."""
    model_spread: Sequence[float]
    """The spread of its error in each of them by itself."""
    days: Sequence[Day]
    shifts: Sequence[Shift]
    """Changes of staff, in order of their hours."""
    market_time: Sequence[float]
    concession: Sequence[float]
    logistic: Sequence[float]
    first_seat: Sequence[int]
    rounds: int
    meetings_each: int
    accords_each: int
    levels_each: int
    readings_each: int
    seats: int
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
    "talks": Talk,
    "meetings": Meeting,
    "accords": Accord,
    "levels": Level,
    "readings": Reading,
    "votes": Vote,
}
"""The parts of a world that belong to disputes, and grow with their number."""


def rows_each(world: World) -> dict[str, int]:
    """How many rows of each such part one dispute has."""
    levels = world.levels_each
    return {
        "cases": 1,
        "talks": world.rounds,
        "meetings": world.meetings_each,
        "accords": world.accords_each,
        "levels": levels,
        "readings": world.readings_each,
        "votes": world.seats,
    }


def with_record(world: World) -> World:
    """The world with its constants as one record: a pointer, where a tuple is thirty arguments of a stage."""
    habits: Any = np.array([tuple(world.habits)], dtype_of(Habits))[0]
    return world._replace(habits=habits)
