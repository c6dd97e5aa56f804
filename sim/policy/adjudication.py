"""How a policy decides: burdens, standard, deciders, checks, and reviews."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from evenhand.locale.current import gettext
from evenhand.sim.policy.evidence import Checks
from evenhand.sim.policy.machine import Machine
from evenhand.sim.scenario.base import Model
from evenhand.sim.scenario.settings import Read
from evenhand.sim.scenario.units import (
    Count,
    Factor,
    Hours,
    Limit,
    Nats,
    NotNegative,
    Share,
    Window,
    WindowField,
)
from evenhand.sim.scenario.vocabulary import ValidCause

MAX_SEATS = 1023
MAX_REVIEWS = 10
MAX_HEARINGS = 20


class Burden(
    Model,
    units={"prior": "chance", "weight": "nats"},
    labels={
        "prior": "Chance at the start",
        "default": "Who bears the burden",
        "weight": "Weight of the burden",
        "by_cause": "Burden by cause",
    },
):
    """Who must prove what: where a case stands before any evidence."""

    prior: Annotated[float, Field(strict=True, gt=0, lt=1)] = 0.5
    """Chance that the buyer is right before the burden and the evidence."""
    weight: Nats = 0.5
    """Log odds against the side that bears the burden."""
    default: Literal["buyer", "merchant", "nobody"] = "buyer"
    """Who must prove the case unless the cause has a rule of its own: doubt goes against that side, or
    against neither (`nobody`)."""
    by_cause: dict[ValidCause, Literal["buyer", "merchant", "nobody"]] = Field(default_factory=dict)
    """Where a cause has a rule of its own."""


class Automatic(
    Model,
    units={"max_amount": "money", "margin": "nats", "max_buyer_strikes": "strikes"},
    labels={
        "enabled": "Decide clear cases by rule",
        "ex_parte": "Ex parte: before the merchant is heard",
        "margin": "How clear a case must be",
        "max_amount": "Up to this amount",
        "causes": "Only for these claims",
    },
):
    """Cases that a rule decides at once, on their file, without an arbiter."""

    enabled: bool = False
    """Whether clear cases are decided by rule."""
    max_amount: NotNegative = 0.0
    """Only cases up to this amount."""
    margin: NotNegative = 0.0
    """Only where belief and standard of proof are at least so far apart, in nats."""
    max_buyer_strikes: Count = 0
    """Only buyers with at most so many strikes on record."""
    causes: Annotated[tuple[ValidCause, ...], Read.EMPTY_IS_ALL] = ()
    """Only these claims; empty = all."""
    ex_parte: bool = False
    """A clear case is decided for the buyer at screening, before the merchant is asked; its evidence
    comes with its request for a review."""


class Panel(
    Model,
    units={
        "size": "seats",
        "quorum": "votes",
        "stake": "money",
        "fee": "money a vote",
        "training": "cases",
        "cap": "cases",
    },
    labels={
        "size": "Seats",
        "visible": "Jurors see earlier votes",
        "reveal": "Time to open votes",
        "cap": "Cases of a juror at most",
        "cap_period": "Period of that limit",
        "fallback": "If there is no verdict",
        "eligible": "Share of jurors who may sit",
        "training": "Training cases",
    },
):
    """Jurors who vote."""

    size: Annotated[int, Field(strict=True, ge=1, le=MAX_SEATS)] = 31
    """Seats of the first panel."""
    majority: Annotated[float, Field(strict=True, ge=0.5, lt=1)] = 0.5
    """A side needs more than this share of the votes cast."""
    quorum: Annotated[int, Field(strict=True, ge=1, le=MAX_SEATS)] = 1
    """Votes without which there is no verdict."""
    early_stop: bool = True
    """Voting ends when one side can no longer be beaten."""
    voting: WindowField = Window(48.0)
    """How long jurors have to vote."""
    fallback: Literal["desk", "buyer", "merchant"] = "desk"
    """What happens without a verdict: `desk`: staff decide; `buyer` or `merchant`: that side wins."""
    reveal: WindowField = Window(0.0)
    """Where votes are sealed: for the jurors to open them after the voting; who does not has not voted.
    0 = votes are not sealed."""
    visible: bool = False
    """Jurors see the votes before theirs (scenario: jurors.herding)."""
    stake: NotNegative = 0.0
    """Money that a juror puts at risk."""
    slashed: Share = 1.0
    """Share of the stake that goes from those who voted against the verdict, or not, to those with it."""
    fee: NotNegative = 0.0
    """What each vote cast brings the jurors who voted with the verdict."""
    eligible: Annotated[float, Field(strict=True, gt=0, le=1)] = 1.0
    """Share of the pool that may sit."""
    training: NotNegative = 0.0
    """Cases judged as an exercise before the first vote; they count as experience."""
    cap: Limit | None = None
    """Cases that a juror may sit on in one period; none = no cap. Panels beyond it wait."""
    cap_period: Hours = 12.0
    """Length of such a period."""

    @model_validator(mode="after")
    def _quorum_fits(self) -> Panel:
        if self.quorum > self.size:
            raise ValueError(
                gettext("quorum must not exceed the size {size}, found {quorum}").format(
                    size=self.size, quorum=self.quorum
                )
            )
        return self


class History(
    Model,
    units={"buyer": "nats", "merchant": "nats"},
    labels={"buyer": "Weight of the buyer's record", "merchant": "Weight of the merchant's record"},
):
    """What the parties' records count for, in nats for a record that could not be better or worse."""

    buyer: Nats = 0.0
    """How far the worst possible record counts against the buyer; 0 = records do not count."""
    merchant: Nats = 0.0
    """How far the worst possible record counts against the merchant; 0 = records do not count."""


class Hearings(
    Model,
    units={"number": "hearings"},
    labels={
        "number": "Hearings of a case",
        "gap": "Time between hearings",
        "order": "Who is heard next",
    },
):
    """Sittings of a desk on one case, before its first ruling; its work is spread evenly over them."""

    number: Annotated[int, Field(strict=True, ge=1, le=MAX_HEARINGS)] = 1
    """How many a case has."""
    gap: Hours = 0.0
    """From one hearing to the earliest time of the next."""
    order: Literal["hearing", "case"] = "hearing"
    """`hearing`: each waits its turn like a new case; `case`: cases that have begun are heard before those
    that have not."""


class Decision(
    Model,
    units={
        "standard": "chance",
        "band": "nats",
        "thin_inference": "nats",
        "priority": "class",
        "noise_factor": "times the noise",
    },
    labels={
        "decider": "Who decides",
        "discipline": "Order of the queue",
        "priority": "Class in the queue",
        "deadline": "Time to decide",
        "overdue": "If that time is over",
        "noise_factor": "Noise of those who decide",
        "standard": "Standard of proof",
        "band": "Zone of partial refunds",
        "partial_share": "Refund in that zone",
        "thin_inference": "Weight of no evidence",
        "reasons": "Reasons for a ruling",
        "binding": "Rulings bind",
    },
):
    """How a case is decided the first time."""

    decider: Literal["desk", "panel", "model"] = "desk"
    """`desk`: one member of staff; `panel`: jurors who vote; `model`: a model, as far as it is sure."""
    discipline: Literal["fifo", "largest_amount", "smallest_amount", "oldest_order", "shortest"] = "fifo"
    """Who is next at the desk. `fifo`: the case that has waited longest; `largest_amount`: the most money;
    `smallest_amount`: the least money; `oldest_order`: the case whose order is oldest; `shortest`: the least
    work."""
    priority: Annotated[int, Field(strict=True, ge=0, le=9)] = 0
    """Class in the queue of a desk: lower classes are served first, whatever the discipline; exceptions
    name the cases."""
    deadline: Hours = 0.0
    """How long the platform has to take up a case for its first decision at a desk; 0 = as long as it
    takes."""
    overdue: Literal["buyer_wins", "close"] = "buyer_wins"
    """What happens to a case that nobody has taken up by then. `buyer_wins`: the full refund; `close`: it is
    closed without one."""
    noise_factor: Factor = 1.0
    """Size of the errors of arbiters and of the model, relative to those of the scenario; less than 1 for
    rules that are easier to apply."""
    standard: Annotated[float, Field(strict=True, gt=0, lt=1), Read.LOG_ODDS] = 0.5
    """Standard of proof: the buyer wins above this chance of being right."""
    band: NotNegative = 0.0
    """Width, in nats to either side of the standard, in which the refund is partial."""
    partial_share: Share = 0.5
    """Refund inside that band, as a share."""
    remedy: Literal["full", "proportional"] = "full"
    """A winner gets all, or the share of which the evidence shows the damage."""
    thin_inference: Nats = 0.0
    """Log odds against a side that shows no evidence at all."""
    reasons: Literal["none", "short", "full"] = "short"
    """What a ruling says of why. `none`: nothing; `short`: a line; `full`: an answer to what was brought
    forward. It moves the losers' opinions where these can be moved (`behaviour.after_filing.opinions`)."""
    binding: bool = True
    """Whether the merchant must carry a ruling out, and a default after filing; false = it does with the
    chance `behaviour.after_filing.complies`, and what is expected of a ruling counts by that."""
    history: History = History()
    """What the records of both sides count for."""
    automatic: Automatic = Automatic()
    """Clear cases that a rule decides at once."""
    panel: Panel = Panel()
    """The jury: its size, majority and rules of voting."""
    model: Machine = Machine()
    """A model that decides: when it is trusted, looked at, and may request more."""
    checks: Checks = Checks()
    """Checks for forged evidence."""
    hearings: Hearings = Hearings()
    """Sittings of a desk before the first ruling."""


class Review(
    Model,
    units={
        "limit": "reviews",
        "size_factor": "times the seats",
        "size_plus": "seats",
        "panel_size": "seats",
        "fee_fixed": "money",
        "fee_per_seat": "money a seat",
        "match_share": "share of the fee",
        "deference": "nats",
    },
    labels={
        "who": "Who may ask",
        "limit": "Reviews at most",
        "decider": "Who decides a review",
        "suspends": "Ruling waits for the review",
        "admit_new": "New evidence is admitted",
        "new_evidence": "New evidence is required",
        "other_arbiter": "By another arbiter",
        "size_factor": "Panel growth (times)",
        "size_plus": "Panel growth (seats more)",
        "panel_size": "Seats of a fixed panel",
        "loser_pays": "Fee only if it fails",
    },
):
    """A second look at a ruling."""

    limit: Annotated[int, Field(strict=True, ge=0, le=MAX_REVIEWS)] = 1
    """Reviews of one dispute at most, both sides together."""
    who: tuple[Literal["buyer", "merchant"], ...] = ("buyer", "merchant")
    """Which sides may ask for a review: `buyer`, `merchant` or both."""
    suspends: bool = True
    """A ruling is carried out when its review can no longer be asked for; false = at once, where nobody
    will ask."""
    new_evidence: bool = True
    """A request without new evidence is not possible."""
    admit_new: bool = True
    """New evidence joins the file; false = the file is closed."""
    decider: Literal["desk", "panel", "model"] = "desk"
    """`desk`: one member of staff; `panel`: jurors who vote; `model`: a model, as far as it is sure."""
    other_arbiter: bool = True
    """Not by the arbiter who ruled before."""
    size_factor: Annotated[float, Field(strict=True, ge=1, le=10)] = 1.0
    """Each further panel has this many times the seats of the one before, plus `size_plus`."""
    size_plus: Annotated[int, Field(strict=True, ge=0, le=100)] = 0
    """Seats that each further panel has more than `size_factor` times the one before."""
    panel_size: Annotated[int, Field(strict=True, ge=1, le=MAX_SEATS)] | None = None
    """Seats of the panel where it does not grow from the one before; none = it grows."""
    fee_share: Share = 0.0
    """Fee for a request as a share of the amount; `fee_fixed` and `fee_per_seat` are added to it."""
    fee_fixed: NotNegative = 0.0
    """Fixed part of the fee for a request."""
    fee_per_seat: NotNegative = 0.0
    """Part of the fee for a request for each seat of the panel that is asked for."""
    match_share: NotNegative = 0.0
    """What the other side must put up for the ruling to be reviewed at all, as a share of the fee; who
    does not loses the case. 0 = nothing."""
    loser_pays: bool = False
    """The fee is given back if the request succeeds."""
    deference: Nats = 0.0
    """Log odds in favour of the ruling under review."""

    @model_validator(mode="after")
    def _somebody(self) -> Review:
        if self.limit and not self.who:
            raise ValueError(gettext("who: must name 'buyer', 'merchant' or both while limit is above 0"))
        if self.new_evidence and not self.admit_new:
            raise ValueError(gettext("new_evidence: must be false where admit_new is false"))
        return self
