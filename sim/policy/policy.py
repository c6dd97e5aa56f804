"""A policy: the arbitration rule set, as plain data; one schema for every system."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field, ValidationError, model_validator

from evenhand.locale.current import gettext
from evenhand.sim.policy.adjudication import MAX_REVIEWS, MAX_SEATS, Burden, Decision, Review
from evenhand.sim.policy.evidence import CaseEvidence
from evenhand.sim.policy.exceptions import MAX_EXCEPTIONS, ExceptionRule
from evenhand.sim.policy.monitoring import Monitoring
from evenhand.sim.policy.procedure import Answer, Consent, Mediation, Negotiation, Offers, Screening, Windows
from evenhand.sim.scenario.base import Model
from evenhand.sim.scenario.settings import Read
from evenhand.sim.scenario.units import MOST_DAYS, Day, Hours, NotNegative, Positive, Share
from evenhand.sim.scenario.vocabulary import ValidCause


class Returns(
    Model,
    units={"freight_cost": "money"},
    labels={
        "required": "Goods must come back",
        "exempt": "Claims without return",
        "no_reason": "Return without a reason",
        "freight": "Who pays the freight",
        "freight_cost": "Cost of the freight",
    },
):
    """Whether a refund needs the goods back."""

    required: bool = False
    """A full refund of goods in hand is paid after they are back."""
    exempt: tuple[ValidCause, ...] = ("counterfeit", "lost_or_damaged", "late_dispatch")
    """Claims that are refunded without a return."""
    freight: Literal["buyer", "merchant"] = "merchant"
    """Who pays for sending the goods back."""
    freight_cost: NotNegative = 0.0
    """What it costs to send the goods back."""
    no_reason: bool = False
    """A buyer who has the goods may send them back for a full refund without being right; who does not
    win on the merits pays the freight."""


class Funding(
    Model,
    units={"platform_below": "money", "platform_if_rating": "rating", "platform_cap": "money"},
    labels={
        "payer": "Who pays the refund",
        "platform_below": "Platform pays up to",
        "platform_if_rating": "If the rating is at least",
        "platform_cap": "Platform pays at most",
        "platform_after_review": "Platform pays reversed refunds",
        "provisional": "Provisional credit",
    },
):
    """Who pays the refund."""

    payer: Literal["merchant", "platform"] = "merchant"
    """`merchant`: the merchant pays the refunds; `platform`: the platform pays them all."""
    platform_below: NotNegative = 0.0
    """The platform pays refunds up to this amount to customers of merchants rated well enough; 0 = none."""
    platform_if_rating: Annotated[float, Field(strict=True, ge=0, le=1)] = 0.0
    """Rating from which refunds up to `platform_below` are the platform's."""
    platform_cap: Annotated[Positive | None, Read.NO_LIMIT] = None
    """Of a refund that is the platform's, it pays at most this and the merchant the rest; none = all."""
    platform_after_review: bool = False
    """A refund that a review takes back stays with the buyer, and the platform pays it."""
    provisional: bool = False
    """The buyer is lent the amount from the filing to the end, and so does not give up while waiting for
    the merchant or a desk; a refund sets the loan off, and else it goes back."""


class Sanctions(
    Model,
    units={
        "rating_step": "rating",
        "points_loss": "points",
        "points_default": "points",
        "points_forgery": "points",
        "points_limit": "points",
    },
    labels={
        "points_loss": "Points for a lost ruling",
        "points_default": "Points for silence",
        "points_forgery": "Points for forgery",
        "points_limit": "Points that suspend",
        "suspension": "Length of a suspension",
        "strike_for_loss": "A lost filing is a strike",
    },
):
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
    """How long a merchant is suspended who has reached the limit of points."""
    strike_for_loss: bool = False
    """A buyer's lost filing is a strike; a forgery always is."""
    monitoring: Monitoring = Monitoring()
    """A threshold on a merchant's filings for each order, with consequences."""


class Reform(
    Model,
    units={"starts": "date or day"},
):
    """A change of the policy from a date on."""

    starts: Day | Annotated[int, Field(strict=True, ge=0, le=MOST_DAYS)]
    """A date, or a day of the run."""
    retroactive: bool = False
    """Also for disputes filed before. Reforms build on each other: with this one, those before it reach
    older filings too."""
    changes: dict[str, Any]
    """Fields that change, as they stand in a policy file."""


class Step(NamedTuple):
    """The rules of one decision on a dispute, and the seats of a panel that takes it."""

    plan: Policy
    seats: int

    def by_panel(self, review: int) -> bool:
        """Whether a panel takes it, as the first decision (0) or as a review."""
        return (self.plan.review.decider if review else self.plan.decision.decider) == "panel"


class Policy(Model):
    """The arbitration rule set."""

    kind: Literal["policy"] = "policy"
    """Always `policy`: what sort of file this is."""
    name: str = ""
    """Short name; empty = the name of the file."""
    title: str
    """One line that says whose rules these are."""
    description: str = ""
    """What they were made from."""
    windows: Windows = Windows()
    """How long each side has at each step."""
    negotiation: Negotiation = Negotiation()
    """Talks between buyer and merchant before the platform is asked."""
    screening: Screening = Screening()
    """Whether a filing may be heard, and what it costs."""
    consent: Consent = Consent()
    """Whether both sides must agree to the procedure."""
    answer: Answer = Answer()
    """The merchant's turn to answer, and what silence means."""
    mediation: Mediation = Mediation()
    """Talks led by a mediator of the platform, after the filing."""
    offers: Offers = Offers()
    """Offers of both sides and of an officer, side by side."""
    evidence: CaseEvidence = CaseEvidence()
    """What joins the file beside what the parties send."""
    burden: Burden = Burden()
    """Who must prove what, before any evidence is seen."""
    decision: Decision = Decision()
    """Who decides, and how sure they must be."""
    review: Review = Review()
    """Whether and how a ruling can be looked at again."""
    returns: Returns = Returns()
    """Whether a refund needs the goods back, and who pays the freight."""
    funding: Funding = Funding()
    """Who pays the refund."""
    sanctions: Sanctions = Sanctions()
    """What an outcome does to the records of both sides."""
    exceptions: Annotated[dict[str, ExceptionRule], Field(max_length=MAX_EXCEPTIONS)] = Field(
        default_factory=dict
    )
    """Cases for which some fields are different, by name; where several fit, later ones are laid over."""
    reforms: tuple[Reform, ...] = ()
    """Changes of these rules from a date on, in the order of their dates."""

    @model_validator(mode="after")
    def _panels_fit(self) -> Policy:
        largest = max(step.seats for steps in self.steps for step in steps)
        if largest > MAX_SEATS:
            raise ValueError(
                gettext("review: panels grow to {largest} seats; allowed are {max_seats}").format(
                    largest=largest, max_seats=MAX_SEATS
                )
            )
        return self

    @property
    def steps(self) -> tuple[tuple[Step, ...], ...]:
        """The rules of each decision, the first one and each review, by which exceptions fit a case.

        Row m is for cases that fit the exceptions whose bits are set in m; bit j stands for the j-th
        of `by_case`. Reforms are left aside. Raises ValueError where changes do not go together.
        """
        if not self.exceptions:
            return (self._decisions(0),)
        key = repr(self)
        if key not in _STEPS:
            while len(_STEPS) >= _STEPS_KEPT:
                del _STEPS[next(iter(_STEPS))]
            _STEPS[key] = tuple(self._decisions(mask) for mask in range(1 << len(self.by_case)))
        return _STEPS[key]

    @property
    def by_case(self) -> tuple[str, ...]:
        """Names of the exceptions that depend on the case, not on the review alone."""
        return tuple(name for name, one in self.exceptions.items() if one.when.by_case())

    def form(self, exceptions: int, review: int) -> Policy:
        """The rules for the cases that fit these exceptions (as on record), from so many reviews on."""
        steps = self.steps[exceptions]
        return steps[min(review, len(steps) - 1)].plan

    def _decisions(self, mask: int) -> tuple[Step, ...]:
        """The first decision and its reviews; a court that was jumped to is not left again."""
        fits = {name for bit, name in enumerate(self.by_case) if mask >> bit & 1}
        fits |= {name for name in self.exceptions if name not in self.by_case}
        steps: list[Step] = []
        while len(steps) <= MAX_REVIEWS:
            before = steps[-1].seats if steps else None
            due = {name for name in fits if self.exceptions[name].when.review <= len(steps)}
            here = {name for name in due if not self.exceptions[name].when.seats}
            plan = self.under(here)
            most = max([plan.seats_after(before), *(step.seats for step in steps)])
            higher = {name for name in due - here if self.exceptions[name].when.seats <= most}
            plan = self.under(here | higher) if higher else plan
            seats = plan.seats_after(before)
            if steps and plan.review.limit < len(steps):
                break
            steps.append(Step(plan, seats))
        return tuple(steps)

    def seats_after(self, before: int | None) -> int:
        """Seats of a panel that follows one of so many; of the first panel where there is none."""
        if before is None:
            return self.decision.panel.size
        return self.review.panel_size or int(before * self.review.size_factor) + self.review.size_plus

    def under(self, names: Collection[str]) -> Policy:
        """The policy with the changes of these exceptions laid over it, and no exceptions or reforms.

        Raises ValueError, naming the exceptions, where the changes do not go together.
        """
        if not names:
            return self if not self.exceptions else self.model_copy(update={"exceptions": {}, "reforms": ()})
        chosen = [name for name in self.exceptions if name in names]
        data = self.model_dump(exclude={"exceptions", "reforms"})
        for name in chosen:
            data = merge(data, self.exceptions[name].changes)
        try:
            return Policy.model_validate(data)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise ValueError(
                gettext("exceptions: {chosen}: {where}: {msg}").format(
                    chosen=", ".join(chosen), where=where, msg=first["msg"]
                )
            ) from None

    def versions(self) -> tuple[tuple[Reform | None, Policy], ...]:
        """The policy as it stands at first and after each reform, in order of their dates given."""
        versions: list[tuple[Reform | None, Policy]] = [(None, self)]
        data = self.model_dump(exclude={"reforms"})
        for reform in self.reforms:
            data = merge(data, reform.changes)
            versions.append((reform, Policy.model_validate(data)))
        return tuple(versions)


def filed_under(policy: Policy, version: Any, exceptions: Any) -> tuple[list[Policy], Any]:
    """The rules of each version and kind of case up to the first ruling, and which of them each dispute
    was under, as positions in the list; `version` and `exceptions` are columns of the records."""
    versions = [plan.steps for _, plan in policy.versions()]
    kinds = max(len(steps) for steps in versions)
    forms = [steps[mask % len(steps)][0].plan for steps in versions for mask in range(kinds)]
    return forms, version * kinds + exceptions


_STEPS: dict[str, tuple[tuple[Step, ...], ...]] = {}
"""The steps of policies met lately: with exceptions they take a while to work out."""
_STEPS_KEPT = 64


def merge(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Lay changed fields over a mapping; nested mappings are merged, everything else is replaced."""
    merged = dict(base)
    for key, value in changes.items():
        old = merged.get(key)
        merged[key] = merge(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged
