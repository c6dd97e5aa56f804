"""Periods: the dates of disputes and events, and questions about some of them only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple, Self

from evenhand.analysis.runs.folder import Manifest
from evenhand.locale.current import gettext
from evenhand.sim.runs.cohort import Cohort, Counted

DATES = {
    "disputes": {
        "ordered_on": "order_at",
        "opened_on": "opened_at",
        "filed_on": "filed_at",
        "closed_on": "closed_at",
    },
    "events": {"happened_on": "time"},
}
"""Columns of dates by table, and the hours from the start that they are made of."""
_OF_PERIOD = {"disputes": "opened_on", "events": "happened_on"}
_HOUR = 3_600_000_000


class Period(NamedTuple):
    """Days of the scenario's calendar; the last one is left out, None = without an end."""

    first: date | None = None
    until: date | None = None

    @classmethod
    def read(cls, first: str | None, until: str | None) -> Self:
        """Read both as people write them, 2025-11-01, or 2025-11 for its first day. Raises ValueError."""
        found = cls(_date("--from", first), _date("--until", until))
        if found.first and found.until and found.first >= found.until:
            raise ValueError(
                gettext("--until: must be after --from, which is {first}, found {until}").format(
                    first=found.first, until=found.until
                )
            )
        return found

    def where(self, table: str) -> str:
        """The condition on the rows of a table, as SQL; empty where all are meant."""
        column = _OF_PERIOD.get(table)
        ends = [(">=", self.first), ("<", self.until)]
        said = [f"{column} {sign} date '{day}'" for sign, day in ends if column and day]
        return " and ".join(said)


def dated(table: str, head: Manifest) -> Iterator[str]:
    """The columns of a table that a run's calendar gives, as SQL; of disputes also whether they count."""
    model = head["scenario"]["model"]
    start = date.fromisoformat(model["calendar"]["start"])
    for name, hours in DATES.get(table, {}).items():
        moment = f"timestamp '{start}' + to_microseconds(({hours} * {_HOUR})::bigint)"
        yield f"({moment})::date as {name}"
    if table == "disputes":
        cohort = head.get("cohort")
        rule = Counted(float(model.get("start_up") or 0.0), float("inf"))
        if cohort:
            kept = Cohort.read(cohort)
            rule = Counted(24.0 * kept.first, 24.0 * kept.until, kept.by)
        at = "order_at" if rule.by == "order" else "filed_at"
        yield f"coalesce({at} >= {rule.since} and {at} < '{rule.until}'::double, false) as counted"


def _date(option: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(f"{text}-01" if len(text) == len("2025-11") else text)
    except ValueError:
        raise ValueError(
            gettext("{option}: must be a date such as 2025-11-01, or a month, found '{text}'").format(
                option=option, text=text
            )
        ) from None
