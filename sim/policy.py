"""A policy: the arbitration rule set, as plain data; one schema for every system."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field, ValidationError, model_validator

from sim.adjudication import MAX_REVIEWS, MAX_SEATS, Burden, Decision, Review
from sim.causes import ValidCause
from sim.exceptions import MAX_EXCEPTIONS, ExceptionRule
from sim.model import Model
from sim.procedure import Answer, Consent, Mediation, Negotiation, Offers, Screening, Windows
from sim.settings import Read
from sim.units import Hours, NotNegative, Positive, Share


class Returns(Model):
    """Whether a refund needs the goods back."""

    required: bool = False
    """A full refund of goods in hand is paid after they are back."""
    exempt: tuple[ValidCause, ...] = ("counterfeit", "lost_or_damaged", "late_dispatch")
    """Claims that are refunded without a return."""
    freight: Literal["buyer", "merchant"] = "merchant"
    freight_cost: NotNegative = 0.0
    no_reason: bool = False
    """A buyer who has the goods may send them back for a full refund without being right; who does not
    win on the merits pays the freight."""


class Funding(Model):
    """Who pays the refund."""

    payer: Literal["merchant", "platform"] = "merchant"
    platform_below: NotNegative = 0.0
    """Refunds up to this amount are the platform's ..."""
    platform_if_rating: Annotated[float, Field(strict=True, ge=0, le=1)] = 0.0
    """... where the merchant's rating is at least this."""
    platform_cap: Annotated[Positive | None, Read.NO_LIMIT] = None
    """Of a refund that is the platform's, it pays at most this and the merchant the rest; none = all."""
    platform_after_review: bool = False
    """A refund that a review takes back stays with the buyer, and the platform pays it."""


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
    name: str = ""
    """Short name; empty = the name of the file."""
    title: str
    """One line that says whose rules these are."""
    description: str = ""
    """What they were made from."""
    windows: Windows = Windows()
    negotiation: Negotiation = Negotiation()
    screening: Screening = Screening()
    consent: Consent = Consent()
    answer: Answer = Answer()
    mediation: Mediation = Mediation()
    offers: Offers = Offers()
    burden: Burden = Burden()
    decision: Decision = Decision()
    review: Review = Review()
    returns: Returns = Returns()
    funding: Funding = Funding()
    sanctions: Sanctions = Sanctions()
    exceptions: Annotated[dict[str, ExceptionRule], Field(max_length=MAX_EXCEPTIONS)] = Field(
        default_factory=dict
    )
    """Cases for which some fields are different, by name; where several fit, later ones are laid over."""
    reforms: tuple[Reform, ...] = ()

    @model_validator(mode="after")
    def _panels_fit(self) -> Policy:
        largest = max(step.seats for steps in self.steps for step in steps)
        if largest > MAX_SEATS:
            raise ValueError(f"review: panels grow to {largest} seats; allowed are {MAX_SEATS}")
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
            raise ValueError(f"exceptions: {', '.join(chosen)}: {where}: {first['msg']}") from None

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
