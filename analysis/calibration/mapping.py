"""What a log says where: which column is what, and what its values mean in the words of the model."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, Field, model_validator

from evenhand.analysis.eventlog.amounts import Decimal
from evenhand.analysis.eventlog.moments import Order, Unit
from evenhand.locale.current import gettext
from evenhand.sim.scenario.base import Model
from evenhand.sim.scenario.vocabulary import ENDINGS, ValidCause

Outcome = Literal[
    "settled",
    "ruled buyer",
    "ruled merchant",
    "defaulted buyer",
    "defaulted merchant",
    "withdrawn",
    "abandoned",
    "lapsed",
    "inadmissible",
    "open",
    "ignore",
]
"""How a dispute ended, and for whom where both are possible; `ignore` leaves a row out on purpose."""
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
Role = Literal["opened", "filed", "answered", "ruled", "review", "closed"]
ROLES: tuple[Role, ...] = get_args(Role)
ENDING = {word: ENDINGS.index(word.split()[0]) for word in OUTCOMES if word != "ignore"}
BUYER_GETS = ("settled", "ruled buyer", "defaulted buyer")
"""Outcomes that leave the buyer with something."""


class Columns(Model):
    """Which column of the log holds what; what is not given is not known."""

    id: str = ""
    """Which dispute a row is: of rows with the same name the first counts, the others are left out."""
    opened: str = ""
    """When the dispute begins; in an event log, activities may say it instead."""
    closed: str = ""
    """When it ends; empty cells are disputes that are still open."""
    filed: str = ""
    """When it reached the platform, in logs that begin with a complaint."""
    answered: str = ""
    """When the merchant answered; empty cells = not until the end."""
    ruled: str = ""
    """When it was first decided."""
    review: str = ""
    """When a review was asked for."""
    review_asked: str = ""
    """Whether a review was asked for, yes or no, where the log has no time of it."""
    outcome: str = ""
    """How it ended; `outcomes` says what each value means."""
    cause: str = ""
    """What the buyer complains of; `causes` says what each value means."""
    merchant: str = ""
    """Who it is against: any name or number."""
    amount: str = ""
    """Money at stake."""
    paid: str = ""
    """Money that the buyer got, where the log does not say what was at stake."""


class EventColumns(Model):
    """The columns of an event log."""

    case: str = "case"
    activity: str = "activity"
    time: str = "time"
    lifecycle: str = ""
    """The transition of an activity; empty = `lifecycle:transition`, where the log has it."""
    transition: str = "complete"
    """The events that count, by that column, or `all`."""


def _time_format(text: str) -> str:
    """Raise ValueError for a format that strptime does not know."""
    import duckdb

    from evenhand.analysis.runs.database import connect

    if text:
        try:
            with connect() as database:
                database.execute("SELECT try_strptime('', ?)", [text]).fetchall()
        except duckdb.Error:
            raise ValueError(
                gettext("must be a format such as %d.%m.%Y %H:%M, as strptime knows it")
            ) from None
    return text


class Mapping(Model):
    """How to read a log."""

    kind: Literal["mapping"] = "mapping"
    format: Literal["table", "events"] = "table"
    """One row a dispute, or one row an event."""
    title: str = ""
    """What the log is; the title of the scenario that is made from it."""
    source: str = ""
    """Where it comes from, as it is to stand beside every number."""
    currency: str = ""
    time_format: Annotated[str, AfterValidator(_time_format)] = ""
    """How times are written, as strptime knows it (%d.%m.%Y); empty = year, month, day, and a clock
    or none."""
    dates: Order | None = None
    """What dates that end with their year begin with, the day or the month, where it is not certain."""
    unit: Unit | None = None
    """What numbers in columns of times count, where it is not certain."""
    decimal: Decimal | None = None
    """The sign before decimals, where the column does not show it."""
    begins_with: Literal["filing", "complaint"] = "filing"
    """What the first time of a row is: the filing with the platform, or the complaint to the merchant."""
    sampled_by: Literal["opening", "closing"] = "opening"
    """Which day decided that a dispute is in the log; `closing` logs hold no open disputes."""
    first: date | None = None
    """First day of the log, where that is not the first day on which something happened."""
    last: date | None = None
    """Last day of the log; disputes without an end were still open then."""
    columns: Columns = Columns()
    events: EventColumns = EventColumns()
    activities: dict[Role, tuple[str, ...]] = Field(default_factory=dict)
    """In an event log: the activities that mark each moment; the first of them counts, for `closed` the
    last."""
    outcomes: dict[str, Outcome] = Field(default_factory=dict)
    """What the values of the outcome mean. In an event log names of activities may stand here too, for cases
    whose outcome the column does not give: the first one listed that a case has is its outcome."""
    other_outcomes: Outcome | None = None
    """What all other values mean; none = they are mistakes in the row."""
    causes: dict[str, ValidCause] = Field(default_factory=dict)
    """What the values of the cause mean."""
    other_causes: ValidCause | None = None
    """What all other values mean; none = the cause is not known."""

    @model_validator(mode="after")
    def _enough(self) -> Mapping:
        begins = self.columns.opened or (self.format == "events" and self.activities.get("opened"))
        if not begins:
            raise ValueError(
                gettext("columns: 'opened' must be given: calibration needs to know when disputes begin")
            )
        if self.columns.outcome and not (self.outcomes or self.other_outcomes):
            raise ValueError(gettext("outcomes: must say what the values of the outcome mean"))
        if self.columns.cause and not (self.causes or self.other_causes):
            raise ValueError(gettext("causes: must say what the values of the cause mean"))
        if self.sampled_by == "closing" and not (self.columns.closed or self.activities.get("closed")):
            raise ValueError(gettext("sampled_by: a log sampled by closing needs the column 'closed'"))
        return self
