"""The market of a scenario: its calendar, its orders, and what goes wrong with them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from evenhand.locale.current import gettext
from evenhand.sim.scenario.base import Model
from evenhand.sim.scenario.distributions import Amount, Harm, Law
from evenhand.sim.scenario.units import Day, Factor, NotNegative, Positive, Share, Spread
from evenhand.sim.scenario.vocabulary import Cause, EvidenceKind, Goods, ValidCause

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Calendar(Model):
    """Which day the run starts on, and which days are not business days."""

    start: Day
    """First day of the run; hour 0 is its midnight."""
    weekend: tuple[Weekday, ...] = ("sat", "sun")
    """Days of the week that are not business days."""
    holidays: tuple[Day, ...] = ()
    """Further days that are not business days."""


class Festival(
    Model,
    units={"factor": "times the usual"},
):
    """Days on which orders are a multiple of the usual."""

    name: str
    """Name of the festival; for display only."""
    first: Day
    """First day of the festival."""
    last: Day
    """Last day of the festival, included."""
    factor: Annotated[float, Field(strict=True, gt=0, le=1000)]
    """Orders relative to an ordinary day."""

    @model_validator(mode="after")
    def _in_order(self) -> Festival:
        if self.last < self.first:
            raise ValueError(
                gettext("last day {last} is before first day {first}").format(
                    last=self.last, first=self.first
                )
            )
        return self


class Weekdays(
    Model,
    units={
        "mon": "weight",
        "tue": "weight",
        "wed": "weight",
        "thu": "weight",
        "fri": "weight",
        "sat": "weight",
        "sun": "weight",
    },
):
    """Relative weights of the days of the week; only their ratios count."""

    mon: NotNegative = 1.0
    """Weight of Mondays, relative to the other days."""
    tue: NotNegative = 1.0
    """Weight of Tuesdays, relative to the other days."""
    wed: NotNegative = 1.0
    """Weight of Wednesdays, relative to the other days."""
    thu: NotNegative = 1.0
    """Weight of Thursdays, relative to the other days."""
    fri: NotNegative = 1.0
    """Weight of Fridays, relative to the other days."""
    sat: NotNegative = 1.0
    """Weight of Saturdays, relative to the other days."""
    sun: NotNegative = 1.0
    """Weight of Sundays, relative to the other days."""

    @model_validator(mode="after")
    def _some(self) -> Weekdays:
        if sum(self.weights()) <= 0:
            raise ValueError(gettext("at least one weekday must have a weight above 0"))
        return self

    def weights(self) -> tuple[float, ...]:
        """The weights from Monday to Sunday."""
        return (self.mon, self.tue, self.wed, self.thu, self.fri, self.sat, self.sun)


PerThousand = Annotated[float, Field(strict=True, ge=0, le=1000)]
"""No order has more than one of a kind."""


class Category(
    Model,
    units={"share": "weight", "causes": "times the usual", "amount_factor": "times the market's"}
    | {"salvage": "share of the amount", "freight": "times the policy's"},
):
    """A category of goods: how dear, what goes wrong with it, what it is worth when it comes back."""

    share: NotNegative
    """Weight among the orders."""
    amount: Amount | None = None
    """Money at stake in an order; none = as in the market."""
    amount_factor: Positive = 1.0
    """Times this."""
    causes: dict[Cause, Factor] = Field(default_factory=dict)
    """How often a cause is brought forward, relative to other categories; overall rates stay as declared."""
    salvage: Share = 0.0
    """What undamaged goods are worth to the merchant when they come back."""
    condition: Share = 0.0
    """How much of that is lost with the severity of the harm."""
    goods: Goods | None = None
    """The kind of goods, for rules that tell goods apart; none = by the weights of `market.goods`."""
    freight: Factor = 1.0
    """Freight of a return, relative to what the policy says."""

    def weight(self, cause: str) -> float:
        """How many of what is brought forward with this cause, relative to other categories."""
        return self.share * next((factor for name, factor in self.causes.items() if name == cause), 1.0)


def _ordinary() -> dict[Goods, float]:
    return {"ordinary": 1.0}


class Market(
    Model,
    units={"orders_per_day": "orders a day", "hours": "weight", "burst_shape": "shape", "goods": "weight"},
):
    """Orders: how many, when, how dear, how long on their way."""

    orders_per_day: Annotated[float, Field(strict=True, gt=0, le=1e9)]
    """Mean orders of an ordinary day, all merchants together."""
    weekdays: Weekdays = Weekdays()
    """Orders by day of the week."""
    hours: Annotated[tuple[NotNegative, ...], Field(min_length=24, max_length=24)] = (1.0,) * 24
    """Orders by hour of the day, 24 relative weights."""
    festivals: tuple[Festival, ...] = ()
    """Days on which orders are a multiple of the usual, such as sales."""
    burst_shape: Annotated[float, Field(strict=True, ge=0.01, le=1e6)] | None = None
    """Common day-to-day factor of all orders: gamma with mean 1 and this shape; none = no bursts."""
    amount: Amount
    """Money at stake in an order of an average merchant."""
    delivery: Law
    """From order to delivery."""
    goods: dict[Goods, NotNegative] = Field(default_factory=_ordinary)
    """What is ordered, for rules that tell goods apart: relative weights."""
    categories: Annotated[dict[str, Category], Field(max_length=100)] = Field(default_factory=dict)
    """Categories of goods by name; none = all goods are alike, and worthless when they come back."""

    @model_validator(mode="after")
    def _some_hour(self) -> Market:
        if sum(self.hours) <= 0:
            raise ValueError(gettext("hours: at least one hour must have a weight above 0"))
        if sum(self.goods.values()) <= 0:
            raise ValueError(gettext("goods: at least one kind must have a weight above 0"))
        if self.categories and sum(one.share for one in self.categories.values()) <= 0:
            raise ValueError(gettext("categories: at least one must have a share above 0"))
        return self


class FaultShares(Model):
    """Who is at fault in truth; shares that sum to one."""

    merchant: Share = 0.0
    """Share in which the merchant is at fault."""
    carrier: Share = 0.0
    """Share in which the carrier is at fault."""
    nobody: Share = 0.0
    """Share in which nobody is at fault."""
    buyer: Share = 0.0
    """Share in which the buyer is at fault."""

    @model_validator(mode="after")
    def _sum_to_one(self) -> FaultShares:
        total = self.merchant + self.carrier + self.nobody + self.buyer
        if abs(total - 1) > 1e-6:
            raise ValueError(gettext("shares must sum to 1, found {total:g}").format(total=total))
        return self


class Grievance(
    Model,
    units={"per_thousand_orders": "per 1,000 orders", "evidence": "sigmas"},
):
    """A cause with a valid grievance: how often, who is at fault, what is deserved."""

    per_thousand_orders: PerThousand
    """Potential grievances for 1000 orders of an average merchant."""
    fault: FaultShares
    """Who is at fault in truth; the shares sum to 1."""
    full_share: Share = 1.0
    """Share of these grievances that deserve the whole amount back."""
    partial_low: Share = 0.3
    """The others deserve a share of the amount drawn evenly between this and `partial_high`."""
    partial_high: Share = 0.8
    """Highest share of the amount that such a grievance deserves."""
    severity: Harm | None = None
    """How bad the harm is, as a share of the value; none: as bad as the share that is deserved."""
    full_from: Share = 0.6
    """Severity from which the whole amount is deserved; below, the severity is. Needs `severity`."""
    goods_in_hand: Share = 1.0
    """Share in which the buyer has goods that could be returned."""
    evidence: dict[EvidenceKind, Spread]
    """Strength (d', in sigmas of log odds) of each kind of evidence for this cause."""
    salvage: Share = 0.0
    """What goods are worth to the merchant that come back undamaged, as a share of the price."""

    @model_validator(mode="after")
    def _in_order(self) -> Grievance:
        if self.partial_low > self.partial_high:
            raise ValueError(gettext("partial_low must not be above partial_high"))
        return self


class Groundless(
    Model,
    units={"per_thousand_orders": "per 1,000 orders", "claimed_as": "weight"},
):
    """A kind of claim without a valid grievance, and what it pretends to be."""

    per_thousand_orders: PerThousand
    """Candidates for 1000 orders; remorse as it is, the other two thinned by the buyers' honesty."""
    claimed_as: dict[ValidCause, NotNegative]
    """What such a claim says it is: relative weights."""
    goods_in_hand: Share = 1.0
    """Share in which the buyer has goods that could be returned."""
    forges: Share = 0.0
    """Share of these claims that come with forged evidence."""
    dislike: Harm | None = None
    """How much less the goods are worth to a buyer who regrets the purchase; none: nothing."""
    salvage: Share = 0.0
    """What goods are worth to the merchant that come back undamaged, as a share of the price."""

    @model_validator(mode="after")
    def _some(self) -> Groundless:
        if sum(self.claimed_as.values()) <= 0:
            raise ValueError(gettext("claimed_as: at least one cause must have a weight above 0"))
        return self


class Causes(Model):
    """Everything that is brought forward: eight grievances and three kinds of claims without one."""

    quality_defect: Grievance
    """The goods have a defect."""
    not_as_described: Grievance
    """The goods are not what was described."""
    late_dispatch: Grievance
    """The merchant sent the goods too late."""
    return_refused: Grievance
    """The merchant refuses a return that it owes."""
    promise_broken: Grievance
    """A promise such as a gift or a price guarantee was not kept."""
    lost_or_damaged: Grievance
    """The goods were lost or damaged on their way."""
    counterfeit: Grievance
    """The goods are fakes."""
    false_advertising: Grievance
    """The advertisement was misleading."""
    remorse: Groundless
    """Claims of buyers who merely changed their minds."""
    opportunistic: Groundless
    """Claims made up because the occasion was there."""
    malicious: Groundless
    """Claims made up on purpose, to harm or to gain."""

    def grievance(self, cause: str) -> Grievance:
        """A cause with a valid grievance, by name."""
        found = getattr(self, cause)
        assert isinstance(found, Grievance)
        return found

    def groundless(self, cause: str) -> Groundless:
        """A kind of claim without one, by name."""
        found = getattr(self, cause)
        assert isinstance(found, Groundless)
        return found

    def per_thousand(self, cause: str) -> float:
        """Candidates for 1000 orders, of either kind."""
        return float(getattr(self, cause).per_thousand_orders)
