"""A policy: the arbitration rule set, as plain data; one schema for every system.

The words and the fields follow the common vocabulary of real rule sets; a field that a system does
not know is left at its default, which does nothing.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from sim.causes import ValidCause
from sim.model import Model
from sim.units import Hours, Nats, NotNegative, Positive, Share, Window, WindowField

MAX_SEATS = 1023
MAX_ROUNDS = 20
MAX_REVIEWS = 10


class Windows(Model):
    """How long each side has at each step. What comes exactly at the end is in time."""

    file: WindowField = Window(15 * 24.0)
    """From delivery to the application for intervention."""
    negotiate: WindowField = Window(5 * 24.0)
    """For all rounds of negotiation together."""
    merchant_reply: WindowField = Window(48.0)
    """For the merchant's answer in one round of negotiation."""
    escalate: WindowField = Window(7 * 24.0)
    """From the end of negotiation to the application for intervention."""
    merchant_evidence: WindowField = Window(72.0)
    """For the merchant's statement and evidence."""
    buyer_evidence: WindowField = Window(72.0)
    """For the buyer's rebuttal, where the policy hears one."""
    mediate: WindowField = Window(30 * 24.0)
    """For all rounds of mediation together."""
    ship: WindowField = Window(7 * 24.0)
    """For the buyer to send the goods back."""
    confirm: WindowField = Window(10 * 24.0)
    """For the merchant to confirm returned goods."""
    review: WindowField = Window(7 * 24.0)
    """From a ruling to the request for its review."""


class Negotiation(Model):
    """Talks between buyer and merchant before the platform is asked."""

    required: bool = True
    """A filing that skipped them is not admitted."""
    rounds: Annotated[int, Field(strict=True, ge=0, le=MAX_ROUNDS)] = 2
    """Messages and answers at most; 0 = straight to the platform."""
    silence: Literal["escalate", "refund"] = "escalate"
    """A merchant who lets the reply window close: the buyer may file, or is refunded at once."""


class Screening(Model):
    """Whether a filing may be heard."""

    mode: Literal["desk", "automatic"] = "desk"
    minimum_evidence: Annotated[int, Field(strict=True, ge=0, le=6)] = 0
    """Kinds of evidence that a filing must come with."""
    request_cap: Annotated[int, Field(strict=True, ge=1)] | None = None
    """Filings of one buyer in one period; none = no cap."""
    request_period: Hours = 90 * 24.0
    """Length of such a period."""
    abuse_limit: Annotated[int, Field(strict=True, ge=1)] | None = None
    """Forgeries and lost filings on record from which a buyer is not heard; none = no gate."""
    filing_fee: NotNegative = 0.0
    """Paid by the buyer to the platform."""


class Answer(Model):
    """The respondent's turn, and what silence means."""

    silence: Literal["buyer_wins", "adverse_inference", "decide_on_file", "close"] = "buyer_wins"
    inference: Nats = 1.5
    """Log odds towards the buyer when silence is an adverse inference."""
    extension_share: Share = 0.0
    """Chance that a merchant who is late asks for, and is granted, an extension."""
    extension: Hours = 0.0
    supplement: bool = True
    """The buyer may rebut the merchant's evidence."""


class Mediation(Model):
    """Negotiation under the platform's eyes, after filing: each round takes a mediator's time."""

    rounds: Annotated[int, Field(strict=True, ge=0, le=MAX_ROUNDS)] = 0
    push: Annotated[float, Field(strict=True, ge=0, le=1)] = 0.0
    """Share of the gap between the two sides that a mediator closes in each round."""
    give_up: Share = 1.0
    """Gap that is left, as a share of the amount, above which a mediator closes the talks at once."""


class Burden(Model):
    """Who must prove what: where a case stands before any evidence."""

    prior: Annotated[float, Field(strict=True, gt=0, lt=1)] = 0.5
    """Chance that the buyer is right before the burden and the evidence."""
    weight: Nats = 0.5
    """Log odds against the side that bears the burden."""
    default: Literal["buyer", "merchant", "nobody"] = "buyer"
    by_cause: dict[ValidCause, Literal["buyer", "merchant", "nobody"]] = Field(default_factory=dict)
    """Where a cause has a rule of its own."""


class Automatic(Model):
    """Cases that a rule decides at once, on their file, without an arbiter."""

    enabled: bool = False
    max_amount: NotNegative = 0.0
    """Only cases up to this amount."""
    margin: NotNegative = 0.0
    """Only where belief and standard of proof are at least so far apart, in nats."""
    max_buyer_strikes: Annotated[int, Field(strict=True, ge=0)] = 0
    """Only buyers with at most so many strikes on record."""
    causes: tuple[ValidCause, ...] = ()
    """Only these claims; empty = all."""


class Panel(Model):
    """Jurors who vote."""

    size: Annotated[int, Field(strict=True, ge=1, le=MAX_SEATS)] = 31
    majority: Annotated[float, Field(strict=True, ge=0.5, lt=1)] = 0.5
    """A side needs more than this share of the votes cast."""
    quorum: Annotated[int, Field(strict=True, ge=1, le=MAX_SEATS)] = 1
    """Votes without which there is no verdict."""
    early_stop: bool = True
    """Voting ends when one side can no longer be beaten."""
    voting: WindowField = Window(48.0)
    fallback: Literal["desk", "buyer", "merchant"] = "desk"
    """What happens without a verdict."""

    @model_validator(mode="after")
    def _quorum_fits(self) -> Panel:
        if self.quorum > self.size:
            raise ValueError(f"quorum must not exceed the size {self.size}, found {self.quorum}")
        return self


class Checks(Model):
    """Checks for forged evidence."""

    share: Share = 0.0
    """Share of cases checked."""
    detection: Share = 0.0
    """Chance that a check finds a forgery."""
    hours: Hours = 0.0
    """Working time of a check."""
    inference: Nats = 2.0
    """Log odds against a party whose forgery was found."""


class History(Model):
    """What the parties' records count for, in nats for a record that could not be better or worse."""

    buyer: Nats = 0.0
    merchant: Nats = 0.0


class Decision(Model):
    """How a case is decided the first time."""

    decider: Literal["desk", "panel"] = "desk"
    discipline: Literal["fifo", "largest_amount", "smallest_amount", "oldest_order"] = "fifo"
    """Who is next at the desk."""
    standard: Annotated[float, Field(strict=True, gt=0, lt=1)] = 0.5
    """Standard of proof: the buyer wins above this chance of being right."""
    band: NotNegative = 0.0
    """Width, in nats to either side of the standard, in which the refund is partial."""
    partial_share: Share = 0.5
    """Refund inside that band, as a share."""
    remedy: Literal["full", "proportional"] = "full"
    """A winner gets all, or the share of which the evidence shows the damage."""
    thin_inference: Nats = 0.0
    """Log odds against a side that shows no evidence at all."""
    history: History = History()
    automatic: Automatic = Automatic()
    panel: Panel = Panel()
    checks: Checks = Checks()


class Review(Model):
    """A second look at a ruling."""

    limit: Annotated[int, Field(strict=True, ge=0, le=MAX_REVIEWS)] = 1
    """Reviews of one dispute at most, both sides together."""
    who: tuple[Literal["buyer", "merchant"], ...] = ("buyer", "merchant")
    new_evidence: bool = True
    """A request without new evidence is not possible."""
    decider: Literal["desk", "panel"] = "desk"
    other_arbiter: bool = True
    """Not by the arbiter who ruled before."""
    size_factor: Annotated[float, Field(strict=True, ge=1, le=10)] = 1.0
    size_plus: Annotated[int, Field(strict=True, ge=0, le=100)] = 0
    """A panel of n grows to size_factor x n + size_plus."""
    fee_share: Share = 0.0
    """Fee for a request, as a share of the amount ..."""
    fee_fixed: NotNegative = 0.0
    """... plus this."""
    loser_pays: bool = False
    """The fee is given back if the request succeeds."""
    deference: Nats = 0.0
    """Log odds in favour of the ruling under review."""

    @model_validator(mode="after")
    def _somebody(self) -> Review:
        if self.limit and not self.who:
            raise ValueError("who: must name 'buyer', 'merchant' or both while limit is above 0")
        return self


class Returns(Model):
    """Whether a refund needs the goods back."""

    required: bool = False
    """A full refund of goods in hand is paid after they are back."""
    exempt: tuple[ValidCause, ...] = ("counterfeit", "lost_or_damaged", "late_dispatch")
    """Claims that are refunded without a return."""
    freight: Literal["buyer", "merchant"] = "merchant"
    freight_cost: NotNegative = 0.0


class Funding(Model):
    """Who pays the refund."""

    payer: Literal["merchant", "platform"] = "merchant"
    platform_below: NotNegative = 0.0
    """Refunds up to this amount are the platform's ..."""
    platform_if_rating: Annotated[float, Field(strict=True, ge=0, le=1)] = 1.0
    """... where the merchant's rating is at least this."""


class Sanctions(Model):
    """What an ending does to the records of the parties."""

    rating_step: Share = 0.05
    """How far one ended filing moves the merchant's rating."""
    rating_half_life: Hours = 0.0
    """Time in which half of what a rating has lost or won is forgotten; 0 = never."""
    points_loss: NotNegative = 0.0
    """Penalty points for a lost ruling."""
    points_default: NotNegative = 0.0
    """Penalty points for silence."""
    points_forgery: NotNegative = 0.0
    """Penalty points for forged evidence."""
    points_limit: Positive | None = None
    """Points at which a merchant is suspended, and the count starts again; none = never."""
    suspension: Hours = 7 * 24.0
    strike_for_loss: bool = False
    """A buyer's lost filing is a strike; a forgery always is."""


class Reform(Model):
    """A change of the policy from a date on."""

    starts: date | Annotated[int, Field(strict=True, ge=0)]
    """A date, or a day of the run."""
    retroactive: bool = False
    """Also for disputes filed before."""
    changes: dict[str, Any]
    """Fields that change, as they stand in a policy file."""


class Policy(Model):
    """The arbitration rule set."""

    kind: Literal["policy"] = "policy"
    name: str = ""
    """Short name; empty = the name of the file."""
    title: str
    """One line that says whose rules these are."""
    description: str = ""
    """What they were made from."""
    windows: Windows = Windows()
    negotiation: Negotiation = Negotiation()
    screening: Screening = Screening()
    answer: Answer = Answer()
    mediation: Mediation = Mediation()
    burden: Burden = Burden()
    decision: Decision = Decision()
    review: Review = Review()
    returns: Returns = Returns()
    funding: Funding = Funding()
    sanctions: Sanctions = Sanctions()
    reforms: tuple[Reform, ...] = ()

    @model_validator(mode="after")
    def _panels_fit(self) -> Policy:
        largest = max(self.panel_sizes())
        if largest > MAX_SEATS:
            raise ValueError(f"review: panels grow to {largest} seats; allowed are {MAX_SEATS}")
        return self

    def panel_sizes(self) -> tuple[int, ...]:
        """Seats of the panel at the first decision and at each review."""
        sizes = [self.decision.panel.size]
        for _ in range(self.review.limit):
            sizes.append(int(sizes[-1] * self.review.size_factor) + self.review.size_plus)
        return tuple(sizes)

    def uses_panel(self) -> bool:
        """Whether any decision is by a panel."""
        by_review = self.review.limit > 0 and self.review.decider == "panel"
        return self.decision.decider == "panel" or by_review

    def versions(self) -> tuple[tuple[Reform | None, Policy], ...]:
        """The policy as it stands at first and after each reform, in order of their dates given."""
        versions: list[tuple[Reform | None, Policy]] = [(None, self)]
        data = self.model_dump(exclude={"reforms"})
        for reform in self.reforms:
            data = merge(data, reform.changes)
            versions.append((reform, Policy.model_validate(data)))
        return tuple(versions)


def merge(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Lay changed fields over a mapping; nested mappings are merged, everything else is replaced."""
    merged = dict(base)
    for key, value in changes.items():
        old = merged.get(key)
        merged[key] = merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged
