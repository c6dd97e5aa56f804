"""A scenario: what the world is like before any rule acts."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from evenhand.locale.current import gettext
from evenhand.sim.scenario.base import Model
from evenhand.sim.scenario.behaviour import Behaviour
from evenhand.sim.scenario.candidates import too_many
from evenhand.sim.scenario.deciders import Arbiters, Desks, Jurors
from evenhand.sim.scenario.decision_model import DecisionModel
from evenhand.sim.scenario.distributions import Law
from evenhand.sim.scenario.market import Calendar, Causes, Market
from evenhand.sim.scenario.people import Buyers, Evidence, Merchants
from evenhand.sim.scenario.suggest import did_you_mean
from evenhand.sim.scenario.units import MOST_DAYS, Hours


class Scenario(
    Model,
    units={"days": "days"},
):
    """What the world is like: market, people, habits, and the capacity of those who decide."""

    kind: Literal["scenario"] = "scenario"
    """Always `scenario`: what sort of file this is."""
    name: str = ""
    """Short name; empty = the name of the file."""
    title: str
    """One line that says what this world is."""
    description: str = ""
    """What it was made from, and for what it may be used."""
    currency: str = "CNY"
    """Currency of all amounts, as a code such as CNY; for display only."""
    days: Annotated[int, Field(strict=True, ge=1, le=MOST_DAYS)]
    """Length of a run in days, start-up included, unless asked for otherwise."""
    start_up: Hours = 0.0
    """Days at the beginning of a run that are simulated and not counted, as in 90 d."""
    calendar: Calendar
    """The first day, weekends and holidays."""
    market: Market
    """Orders: how many, when, how dear, how long on their way."""
    causes: Causes
    """What goes wrong with orders, how often, and who is at fault."""
    buyers: Buyers
    """How many buyers there are, and the groups they fall into."""
    merchants: Merchants
    """How many merchants there are, how sales are spread over them, and their groups."""
    evidence: Evidence
    """Who holds which evidence, and what weakens it."""
    desks: Desks
    """The platform's staff: how many, when they work, how long a case takes."""
    arbiters: Arbiters
    """How staff who decide differ from each other and from themselves."""
    model: DecisionModel = DecisionModel()
    """A model that decides, where the policy asks one."""
    jurors: Jurors
    """The pool from which panels are drawn."""
    shipping: Law
    """From a ruling that asks for the goods back to their dispatch by the buyer."""
    confirming: Law
    """From that dispatch to the merchant's confirmation."""
    review_request: Law
    """From a ruling to the loser's request for a review."""
    behaviour: Behaviour = Behaviour()
    """How people bargain, and what outcomes do to them."""

    @model_validator(mode="after")
    def _groups_there(self) -> Scenario:
        for name in self.model.by_group:
            if name not in self.buyers.groups:
                near = did_you_mean(name, self.buyers.groups)
                raise ValueError(
                    gettext("model.by_group: no group of buyers is called {name!r}{near}").format(
                        name=name, near=near
                    )
                )
        return self

    @model_validator(mode="after")
    def _starts_up(self) -> Scenario:
        if self.start_up % 24:
            raise ValueError(
                gettext("start_up: must be whole days, found {start_up:g} h").format(start_up=self.start_up)
            )
        if self.start_up >= 24 * self.days:
            raise ValueError(
                gettext("start_up: must be shorter than the run of {days} d, found {start_up:g} d").format(
                    days=self.days, start_up=self.start_up / 24
                )
            )
        return self

    @model_validator(mode="after")
    def _bounded(self) -> Scenario:
        if said := too_many(self, self.days):
            raise ValueError(gettext("market: {said}").format(said=said))
        if self.behaviour.representatives.enabled and not self.behaviour.claims.enabled:
            raise ValueError(gettext("behaviour.representatives: needs behaviour.claims, and that is off"))
        responds = self.behaviour.care.enabled or self.behaviour.standing.enabled
        lacking = [name for name, group in self.merchants.groups.items() if group.rest is None]
        if responds and lacking:
            raise ValueError(
                gettext("merchants.groups.{what}: care and standing need `rest`").format(what=lacking[0])
            )
        return self

    @property
    def start(self) -> date:
        """First day of the run."""
        return self.calendar.start

    @property
    def buyer_groups(self) -> tuple[str, ...]:
        """Names of the buyer groups, in the order of their numbers in the records."""
        return tuple(self.buyers.groups)

    @property
    def merchant_groups(self) -> tuple[str, ...]:
        """Names of the merchant groups, in the order of their numbers in the records."""
        return tuple(self.merchants.groups)

    @property
    def categories(self) -> tuple[str, ...]:
        """Names of the categories of goods, in the order of their numbers in the records."""
        return tuple(self.market.categories) or ("",)

    def group_titles(self) -> dict[str, str]:
        """Titles of all groups by name, for reports."""
        titles = {name: group.title or name for name, group in self.buyers.groups.items()}
        return titles | {name: group.title or name for name, group in self.merchants.groups.items()}
