"""An event log as a flat table: one row an event, in CSV."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import datetime
from typing import TextIO

from evenhand.analysis.eventlog.actors import role_of
from evenhand.analysis.eventlog.log import Case, moment

HEAD = ("case", "activity", "time", "resource", "role")


def write_csv(cases: Iterable[Case], start: datetime, out: TextIO) -> None:
    """Write case, activity, time (ISO 8601, UTC), resource and role; a case's events stand together."""
    table = csv.writer(out, lineterminator="\n")
    table.writerow(HEAD)
    for case in cases:
        for event in case.events:
            when = moment(start, event.time).isoformat(timespec="microseconds") + "Z"
            table.writerow((case.name, event.activity, when, event.resource, role_of(event)))
