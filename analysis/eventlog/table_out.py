"""An event log as a flat table: one row an event, ready for CSV or a sheet."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TextIO

from evenhand.analysis.eventlog.actors import role_of
from evenhand.analysis.eventlog.log import Case, moment

HEAD = ("case", "activity", "time", "resource", "role")


def write_csv(cases: Iterable[Case], start: datetime, out: TextIO) -> None:
    """Write case, activity, time (ISO 8601, UTC), resource and role; a case's events stand together."""
    table = csv.writer(out, lineterminator="\n")
    table.writerow(HEAD)
    for case, activity, when, *who in rows_of(cases, start):
        table.writerow((case, activity, when.isoformat(timespec="microseconds") + "Z", *who))


def rows_of(cases: Iterable[Case], start: datetime) -> Iterator[tuple[str, str, datetime, str, str]]:
    """The rows of the table, with times in UTC."""
    for case in cases:
        for event in case.events:
            when = moment(start, event.time)
            yield case.name, event.activity, when, event.resource, role_of(event)
