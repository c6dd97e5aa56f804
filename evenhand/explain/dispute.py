"""One dispute of a run: its record in words, its events, and its people's earlier disputes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import exp, isnan
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evenhand.errors import UsageError
from evenhand.locale.current import gettext
from evenhand.locale.formats import moment
from evenhand.locale.words import in_words
from evenhand.sim.lifecycle.codes import ACTIVITIES, CLOSED_EVENT
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.records import LABELS, Run
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.vocabulary import EVIDENCE_KINDS


class StoryEvent(NamedTuple):
    """An entry of the event log; `resource` is a desk, an arbiter, a count or a side, by activity."""

    at: float
    activity: str
    resource: int


@dataclass(frozen=True)
class StoryOfDispute:
    """One dispute. `d["column"]` is a value of its record, as a word where the number stands for one."""

    run: Run
    row: int
    events: tuple[StoryEvent, ...]

    def __getitem__(self, column: str) -> Any:
        value = self.run.disputes[column][self.row].item()
        if column in LABELS or column.endswith("_group"):
            return self.run.labels(column)[value]
        return value

    def happened(self, column: str) -> bool:
        """Whether a time, or a figure that comes with one, has a value."""
        return not isnan(self[column])

    def count(self, activity: str) -> int:
        """How often something happened."""
        return sum(event.activity == activity for event in self.events)

    @property
    def scenario(self) -> Scenario:
        """The world of the run."""
        return self.run.scenario

    @property
    def policy(self) -> Policy:
        """The rules that the dispute was under, reforms and exceptions included."""
        version: int = self["version"]
        return self.run.policy.versions()[version][1].form(self["exceptions"], self["reviews"])

    @property
    def filed(self) -> bool:
        """Whether it came before the platform."""
        return self.happened("filed_at")

    @property
    def silent(self) -> bool:
        """Whether the merchant let the window for its evidence close; a later silence may be the buyer's."""
        return self.count("stayed silent") > 0

    @property
    def panels(self) -> list[str]:
        """What happened to panels, in order: 'panel invited', 'no verdict', 'panel ruled'."""
        told = ("panel invited", "no verdict", "panel ruled")
        return [event.activity for event in self.events if event.activity in told]

    @property
    def panel_is_out(self) -> bool:
        """Whether a panel votes at the end of the run; its votes are on record, but not yet counted."""
        return self.panels[-1:] == ["panel invited"]

    @property
    def rulings(self) -> int:
        """How often it was ruled on, reviews included."""
        return sum(self.count(what) for what in ("ruled", "ruled by rule", "panel ruled", "model ruled"))

    def date(self, hours: float) -> str:
        """A time of the run as weekday, date and time of day."""
        start: date = self.scenario.start
        return moment(datetime.combine(start, time()) + timedelta(hours=hours))

    def money(self, amount: float) -> str:
        """An amount in the currency of the scenario."""
        return f"{self.scenario.currency} {amount:,.2f}"

    def part(self, share: float) -> str:
        """A share of the amount, as share and as money."""
        return f"{100 * share:.0f} % ({self.money(share * self['amount'])})"

    def standing(self, person: str, after: str) -> tuple[float, float]:
        """Trust of the buyer or rating of the merchant, before and after this dispute was closed.

        Before it comes what the same person's last closed dispute left, or else what the person began
        with.
        """
        run, replication = self.run, self["replication"]
        log = run.events
        closed = (log["replication"] == replication) & (log["activity"] == CLOSED_EVENT)
        cases = log["case"][closed]
        earlier = cases[: np.flatnonzero(cases == self["dispute"])[0]]
        rows = _rows(run, replication)[np.isin(run.disputes["dispute"][_rows(run, replication)], earlier)]
        rows = rows[run.disputes[person][rows] == self[person]]
        if not len(rows):
            return self._began(person), self[after]
        left = dict(zip(run.disputes["dispute"][rows], run.disputes[after][rows], strict=True))
        last = next(case for case in earlier[::-1] if case in left)
        return float(left[last]), self[after]

    def _began(self, person: str) -> float:
        if person == "buyer":
            return self.scenario.buyers.groups[self["buyer_group"]].trust
        table = self.run.merchants
        mine = (table["replication"] == self["replication"]) & (table["merchant"] == self["merchant"])
        return float(table["start_rating"][mine][0])


def find(run: Run, dispute: int, replication: int) -> StoryOfDispute:
    """Find a dispute by its number. Raises UsageError that says which numbers there are."""
    there = np.unique(run.merchants["replication"])  # one world of a comparison has the number it has there
    if replication not in there:
        allowed = (
            str(there[0])
            if len(there) == 1
            else gettext("0 to {replications}").format(replications=run.replications - 1)
        )
        raise UsageError(
            gettext("--replication: must be {allowed} in this run, found {replication}").format(
                allowed=allowed, replication=replication
            )
        )
    rows = _rows(run, replication)
    numbers = run.disputes["dispute"][rows]
    at = np.flatnonzero(numbers == dispute)
    if not len(at):
        raise UsageError(_not_found(numbers, dispute, replication))
    log = run.events
    mine = np.flatnonzero((log["replication"] == replication) & (log["case"] == dispute))
    events = tuple(
        StoryEvent(float(log["time"][i]), ACTIVITIES[log["activity"][i]], int(log["resource"][i]))
        for i in mine
    )
    return StoryOfDispute(run, int(rows[at[0]]), events)


def _rows(run: Run, replication: int) -> NDArray[np.intp]:
    return np.flatnonzero(run.disputes["replication"] == replication)


def _not_found(numbers: NDArray[np.int32], dispute: int, replication: int) -> str:
    if not len(numbers):
        return gettext("replication {replication} has no disputes at all").format(replication=replication)
    near = np.sort(numbers[np.argsort(np.abs(numbers - float(dispute)), kind="stable")[:2]])
    return gettext(
        "no dispute {dispute} in replication {replication}: numbers run from {min} to {max}, not "
        "all are used; nearest are {map}"
    ).format(
        dispute=dispute,
        replication=replication,
        min=numbers.min(),
        max=numbers.max(),
        map=gettext(" and ").join(map(str, near)),
    )


def kinds(mask: int) -> str:
    """The kinds of evidence in a bit mask, in words."""
    held = [in_words(kind) for slot, kind in enumerate(EVIDENCE_KINDS) if mask >> slot & 1]
    return ", ".join(held) or gettext("nothing")


def chance(nats: float) -> float:
    """The probability that log odds stand for."""
    return 1 / (1 + exp(-nats)) if nats > -700 else 0.0
