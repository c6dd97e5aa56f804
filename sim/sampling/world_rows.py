"""What a world holds: immutable rows drawn before any rule acts. Hours, money, nats, shares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, NamedTuple

import numpy as np

from evenhand.sim.jit.structs import Mark, Wide, dtype_of
from evenhand.sim.sampling.habits import Habits
from evenhand.sim.sampling.parameters import Parameters


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
    adequate: Annotated[int, Mark.RECORDED]
    """Remedies that fit the harm in truth, as bits; a partial refund only near to it."""
    salvage: Annotated[float, Mark.RECORDED]
    """What the goods are worth to the merchant when they come back, as a share of the price."""
    seems_salvage: float
    """The same as the claim has it, for undamaged goods."""
    in_hand: Annotated[bool, Mark.RECORDED]
    goods: Annotated[int, Mark.RECORDED]
    category: Annotated[int, Mark.RECORDED]
    """Of the goods; see `market.categories`."""
    freight: float
    """Freight of a return, relative to what the policy says."""
    happens: float
    present: float
    claim_luck: float
    purse: float
    hurt_luck: float
    firm: int
    """The claims firm that offers to represent the buyer; -1 = none does."""
    hostile: Annotated[bool, Mark.RECORDED]
    merchant_hostile: Annotated[bool, Mark.RECORDED]
    style: Annotated[int, Mark.RECORDED]
    rounding: int
    demand_luck: float
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
    kinds_at_issue: int
    """Shared evidence: the kinds that bear on the claim, as bits."""
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
    grant_luck: float
    """Compared with the merchant's chance to grant a claim; drawn where any does."""
    extension_luck: float
    concede_luck: float
    answer_cost: float
    """What it costs the merchant to answer a filing, as money."""
    first_cost: float
    """What it costs more where the merchant keeps no desk for disputes."""
    contest_guess: float
    screening_hours: float
    screening_stays: float


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
    """What each side makes of what not every policy has: consent, offers, cures, rulings that do not bind."""

    merchant_luck: float
    merchant_reply: float
    buyer_luck: float
    buyer_reply: float
    buyer_takes: float
    merchant_takes: float
    ignoring: float
    """What it costs the merchant to ignore a notice, as a share of the harm."""
    cure_luck: float
    cure_delay: float
    cure_weight: float
    """Of the evidence that cures a filing."""
    comply_luck: float


class Pause(NamedTuple):
    """What would end one wait of a case with the platform, if the parties do."""

    lasts: float
    """Hazard that it can take, exponential with mean 1."""
    how_luck: float


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
    buyer_effort: float
    """Trouble of a request, relative to that of filing."""
    merchant_effort: float
    """The same, as money."""


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
    activity: float
    """Orders relative to the average buyer's."""
    present: bool
    """Whether the buyer buys at the start."""
    good_trust: float
    """Trust towards which good orders bring the buyer; see `sim.sampling.buyers_at_rest`."""
    own_claims: float
    """Valid claims that the buyer remembers at the start, faded, and what they got; then groundless ones."""
    own_granted: float
    made_up: float
    made_up_granted: float


class Merchant(NamedTuple):
    """A merchant's traits."""

    group: int
    sales: float
    service: float
    never_replies: float
    grants: float
    """Chance to grant a claim as a rule of the house."""
    forges: float
    rating: float
    learning: float
    exit_below: float
    ill_will: float
    orders: float
    """Orders of an ordinary day."""
    price: float
    """Mean money of an order."""
    rest_cost: float
    """Running cost of disputes for an order at the rest point, as money; see `sim.sampling.rest_point`."""
    rest_marks: float
    """Marks for an order at the rest point."""
    rest_standing: float
    problems: float
    """Declared grievances for an order."""
    own_cost: float
    """What problems cost the merchant in any case, for an order, as money."""
    care_cost: float
    """Marginal cost of care at the declared problem rate, for an order, as money."""
    care_floor: float
    bad_faith: bool
    keeps_desk: bool
    exit_rate: float
    """Hazard of leaving for an hour, at average standing."""
    vacant_until: float
    """Hour until which the shop is empty at first; 0 = it is open."""


class Life(NamedTuple):
    """One shop in a merchant's place: how long it lasts, and who comes after it."""

    lasts: float
    """Hazard that it can take, exponential with mean 1."""
    succession: float
    """Time to the next one, relative to the mean."""
    back_luck: float


class Manner(NamedTuple):
    """How a style gives way in one round, and how far the buyer holds out in it."""

    margin: float
    limit: float
    tolerance: float
    aspiration: float


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


class ClaimRow(NamedTuple):
    """How one kind of claimant responds: settings of `sim.scenario.claims.ClaimKind`."""

    middle: float
    slope: float
    low: float
    high: float
    effort: float
    spare: float
    bonus: float
    gated: float
    chance: float


class Told(NamedTuple):
    """What is told at the start of the claims of one kind in one group of buyers."""

    claims: float
    granted: float


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
    pauses: Sequence[Pause]
    levels: Sequence[Level]
    readings: Sequence[Reading]
    votes: Sequence[Vote]
    buyers: Sequence[Buyer]
    merchants: Sequence[Merchant]
    lives: Sequence[Life]
    """Life k of the shops of merchant m is `lives[m * lives_each + k]`."""
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
    manners: Sequence[Manner]
    """Of style s in round j: at s x `ROUNDS_APART` + j."""
    logistic: Sequence[float]
    decay: Sequence[float]
    """Of e to the power of minus u, see `sim.sampling.evidence.faded`."""
    claim_kinds: Sequence[ClaimRow]
    told: Sequence[Told]
    """Of kind k in group g of buyers at `told[g * 4 + k]`."""
    first_seat: Sequence[int]
    rounds: int
    meetings_each: int
    accords_each: int
    pauses_each: int
    levels_each: int
    readings_each: int
    hearings: int
    """Hearings of one case at most."""
    seats: int
    lives_each: int
    artefacts_each: int
    """Kinds of evidence where it is shared; 0 where it is separate."""
    sealed: bool
    habits: Habits
    parameters: Parameters
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
    "pauses": Pause,
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
        "artefacts": world.artefacts_each,
        "talks": world.rounds,
        "meetings": world.meetings_each,
        "accords": world.accords_each,
        "pauses": world.pauses_each,
        "levels": levels,
        "readings": world.readings_each,
        "votes": world.seats,
    }


def with_record(world: World) -> World:
    """The world with its constants as one record: a pointer, where a tuple is thirty arguments of a stage."""
    habits: Any = np.array([tuple(world.habits)], dtype_of(Habits))[0]
    return world._replace(habits=habits)
