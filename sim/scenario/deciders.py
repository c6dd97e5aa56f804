"""Those who decide: desks with staff and hours, arbiters with their noise, and a pool of jurors."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated

from pydantic import Field, model_validator

from evenhand.locale.current import gettext
from evenhand.sim.scenario.base import Model
from evenhand.sim.scenario.distributions import Law
from evenhand.sim.scenario.market import Weekday
from evenhand.sim.scenario.units import Day, Factor, NotNegative, Positive, Share, Spread

Hour = Annotated[float, Field(strict=True, ge=0, le=24)]


class Shift(Model, units={"staff": "people"}):
    """Other staff for some days, such as those of a festival."""

    first: Day
    """First day."""
    last: Day
    """Last day, included."""
    staff: Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
    """How many work at once on these days; those who leave at midnight finish what they are at."""

    @model_validator(mode="after")
    def _in_order(self) -> Shift:
        if self.last < self.first:
            raise ValueError(
                gettext("last: must not be before first, found {first} to {last}").format(
                    first=self.first, last=self.last
                )
            )
        return self


class Desk(
    Model,
    units={"staff": "people", "opens": "hour of the day", "closes": "hour of the day"},
):
    """Staff who take cases one at a time, each from start to end, in their working hours."""

    staff: Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
    """How many work at once."""
    shifts: tuple[Shift, ...] = ()
    """Days with other staff, in order of time."""
    opens: Hour = 0.0
    """Hour of the day at which work starts."""
    closes: Hour = 24.0
    """Hour of the day at which work ends; before `opens`: on the next day, of a shift that began in time."""
    days: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    """Working days; holidays are off where `works_on_holidays` is false."""
    works_on_holidays: bool = True
    """Whether the desk is open on holidays."""
    service: Law
    """Working time on one case."""

    @model_validator(mode="after")
    def _open_some_time(self) -> Desk:
        if self.opens == self.closes:
            raise ValueError(
                gettext("must not open when it closes, found {opens:g} to {closes:g}").format(
                    opens=self.opens, closes=self.closes
                )
            )
        if not self.days:
            raise ValueError(gettext("days: at least one working day"))
        for before, after in pairwise(self.shifts):
            if after.first <= before.last:
                raise ValueError(
                    gettext("shifts: {first} is not after {last}, the end of the one before").format(
                        first=after.first, last=before.last
                    )
                )
        return self


class Arbiters(
    Model,
    units={
        "count": "people",
        "level_sd": "nats",
        "pattern_sd": "nats",
        "occasion_sd": "nats",
        "load_effect": "nats a case",
        "novice_factor": "times the experienced",
        "cases_to_learn": "cases",
    },
):
    """How those at the desks differ from each other and from themselves (Kahneman et al. 2021)."""

    count: Annotated[int, Field(strict=True, ge=1, le=100_000)]
    """How many arbiters share the work; which of them gets a case is a draw."""
    level_sd: Spread = 0.0
    """Spread of the arbiters' overall leaning, in nats."""
    pattern_sd: Spread = 0.0
    """Spread of an arbiter's leaning by cause, in nats."""
    occasion_sd: Spread = 0.0
    """Spread from one occasion to the next, in nats."""
    load_effect: Factor = 0.0
    """Growth of the occasion noise for each case that waits for one member of staff."""
    novice_factor: Annotated[float, Field(strict=True, ge=1, le=10)] = 1.0
    """Occasion noise of a beginner relative to an experienced arbiter."""
    cases_to_learn: Positive = 100.0
    """Cases after which half of the beginner's extra noise is gone."""


class Jurors(
    Model,
    units={
        "pool": "people",
        "noise_sd": "nats",
        "shared_sd": "nats",
        "bias": "nats",
        "bias_half": "cases",
        "experience": "cases",
        "herding": "nats",
        "stake_pull": "nats a unit of money",
    },
):
    """The pool from which panels are drawn."""

    pool: Annotated[int, Field(strict=True, ge=1, le=100_000_000)]
    """How many jurors are enrolled."""
    buyer_share: Share = 0.5
    """Share of the pool who are buyers; the others are merchants."""
    noise_sd: Spread = 1.0
    """Spread of a juror's own impression, in nats."""
    shared_sd: Spread = 0.0
    """Spread of an impression that all jurors of a case share, in nats; it does not average out."""
    lean: Spread = Field(default=0.0, alias="bias")
    """How far a juror without experience leans to the own side, in nats."""
    experience: Law
    """Cases that a juror has judged before."""
    lean_half: Positive = Field(default=10.0, alias="bias_half")
    """Cases after which half of the bias is gone."""
    turnout: Share = 1.0
    """Chance that an invited juror votes at all."""
    vote_delay: Law
    """From the invitation to the vote, and from there to its opening where votes are sealed."""
    reveals: Share = 1.0
    """Chance that a juror opens a sealed vote."""
    herding: Spread = 0.0
    """How far a juror who sees the votes before follows them, in nats where all are for one side."""
    stake_pull: Spread = 0.0
    """How far a juror leans to the verdict that the file lets expect, in nats for each unit of money that
    a vote against it costs; where the file leaves no doubt."""


class Desks(
    Model,
    units={"hourly_cost": "money an hour", "vote_cost": "money a vote"},
):
    """The desks of the platform."""

    screening: Desk
    """Staff who look whether a filing may be heard."""
    decision: Desk
    """Staff who decide cases the first time."""
    review: Desk
    """Staff who decide reviews."""
    mediation: Desk | None = None
    """Mediators; needed by policies with mediation rounds."""
    hourly_cost: NotNegative = 0.0
    """What an hour of staff costs the platform."""
    vote_cost: NotNegative = 0.0
    """What a juror's vote costs the platform."""
