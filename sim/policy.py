"""A policy: the arbitration rule set, as plain data; one schema for every system."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from sim.adjudication import MAX_SEATS, Burden, Decision, Review
from sim.causes import ValidCause
from sim.model import Model
from sim.procedure import Answer, Mediation, Negotiation, Screening, Windows
from sim.units import Hours, NotNegative, Positive, Share


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
    platform_if_rating: Annotated[float, Field(strict=True, ge=0, le=1)] = 0.0
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
    """Also for disputes filed before. Reforms build on each other: with this one, those before it reach
    older filings too."""
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
