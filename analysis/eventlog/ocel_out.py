"""An event log as OCEL 2.0 in SQLite: disputes, orders, buyers, merchants and arbiters as objects.

Tables and names follow the specification (Berti et al. 2023, arXiv 2403.01975, section on SQLite). What
changes during a run is kept as changes: how a dispute ended, and a merchant's rating.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from itertools import count, islice
from pathlib import Path
from typing import Any

from evenhand.analysis.eventlog.actors import role_of
from evenhand.analysis.eventlog.columns import TRUTH
from evenhand.analysis.eventlog.log import Case, Event, moment

FROM_THE_START = "1970-01-01T00:00:00Z"
"""When an object has a value that it always had."""
ENDS = ("ending", "reason", "decider", "upheld", "share", "refund", "reviews")
"""What a dispute has from its end on."""
NEEDS = (
    "buyer",
    "merchant",
    "buyer_group",
    "merchant_group",
    "claimed",
    "amount",
    "closed_at",
    "filed_at",
    "start_rating",
    "rating_after",
    *ENDS,
)
OBJECTS: dict[str, dict[str, str]] = {
    "dispute": {
        "claimed": "TEXT",
        "ending": "TEXT",
        "reason": "TEXT",
        "decider": "TEXT",
        "upheld": "BOOLEAN",
        "share": "REAL",
        "refund": "REAL",
        "reviews": "INTEGER",
        "cause": "TEXT",
        "valid": "BOOLEAN",
        "fault": "TEXT",
        "deserved": "REAL",
    },
    "order": {"amount": "REAL"},
    "buyer": {"group": "TEXT"},
    "merchant": {"group": "TEXT", "rating": "REAL"},
    "arbiter": {},
}
ABOUT_THE_ORDER = {"complained", "filed", "goods sent", "return confirmed", "refunded"}
BATCH = 2_000
"""Cases written at once."""
_TABLES = """
create table event (ocel_id text primary key, ocel_type text);
create table object (ocel_id text primary key, ocel_type text);
create table event_object (ocel_event_id text, ocel_object_id text, ocel_qualifier text,
                           primary key (ocel_event_id, ocel_object_id, ocel_qualifier));
create table object_object (ocel_source_id text, ocel_target_id text, ocel_qualifier text,
                            primary key (ocel_source_id, ocel_target_id, ocel_qualifier));
create table event_map_type (ocel_type text primary key, ocel_type_map text);
create table object_map_type (ocel_type text primary key, ocel_type_map text);
"""
Rows = dict[str, list[tuple[Any, ...]]]
"""Rows to insert, by statement."""


def write_ocel(cases: Iterable[Case], start: datetime, path: Path, *, truth: bool) -> None:
    """Write cases with the attributes `NEEDS` (and those of the truth) into a new file.

    Raises OSError where the disk does not take them.
    """
    try:
        with closing(sqlite3.connect(path)) as database:
            _Book(database, start, truth).write(iter(cases))
            database.commit()
    except sqlite3.Error as error:
        raise OSError(f"{path}: {error}") from error


def squeezed(name: str) -> str:
    """A type's name as part of a table's name: 'reply window closed' is ReplyWindowClosed."""
    return "".join(word.capitalize() for word in name.split())


class _Book:
    """The database while it is written."""

    def __init__(self, database: sqlite3.Connection, start: datetime, truth: bool) -> None:
        self.database = database
        self.start = start
        self.hidden = () if truth else TRUTH
        self.numbers = count(1)
        self.seen: set[str] = set()

    def write(self, cases: Iterator[Case]) -> None:
        self.database.executescript(f"pragma journal_mode = off; pragma synchronous = off; {_TABLES}")
        for kind in OBJECTS:
            self._object_table(kind)
        while batch := list(islice(cases, BATCH)):
            rows: Rows = {}
            for case in batch:
                self._case(case, rows)
            for statement, values in rows.items():
                self.database.executemany(statement, values)

    def fields(self, kind: str) -> dict[str, str]:
        return {name: of for name, of in OBJECTS[kind].items() if name not in self.hidden}

    def _object_table(self, kind: str) -> None:
        own = "".join(f', "{name}" {of}' for name, of in self.fields(kind).items())
        self.database.execute(
            f'create table "object_{squeezed(kind)}" '
            f"(ocel_id text, ocel_time text, ocel_changed_field text{own})"
        )
        self.database.execute(
            f'create index "object_{squeezed(kind)}_id" on "object_{squeezed(kind)}" (ocel_id)'
        )
        self.database.execute("insert into object_map_type values (?, ?)", (kind, squeezed(kind)))

    def _event_table(self, activity: str) -> None:
        if activity in self.seen:
            return
        self.seen.add(activity)
        self.database.execute(
            f'create table "event_{squeezed(activity)}" '
            "(ocel_id text primary key, ocel_time text, resource text, role text)"
        )
        self.database.execute("insert into event_map_type values (?, ?)", (activity, squeezed(activity)))

    def _when(self, hours: float) -> str:
        return moment(self.start, hours).isoformat(timespec="microseconds") + "Z"

    def _case(self, case: Case, rows: Rows) -> None:
        """A dispute with its order and its people, and everything that happened in it."""
        known = case.attributes
        run = case.name.partition("-")[0]
        ids = {
            "dispute": f"dispute {case.name}",
            "order": f"order {case.name}",
            "buyer": f"buyer {run}-{known['buyer']}",
            "merchant": f"merchant {run}-{known['merchant']}",
        }
        self._objects(ids, known, rows)
        for event in case.events:
            self._event(event, ids, run, rows)

    def _objects(self, ids: dict[str, str], known: dict[str, Any], rows: Rows) -> None:
        given = {
            "dispute": {name: known.get(name) for name in self.fields("dispute") if name not in ENDS},
            "order": {"amount": known["amount"]},
            "buyer": {"group": known["buyer_group"]},
            "merchant": {"group": known["merchant_group"], "rating": known["start_rating"]},
        }
        for kind, values in given.items():
            self._object(kind, ids[kind], tuple(values.items()), rows)
        for source, target, how in (
            ("dispute", "order", "about"),
            ("order", "buyer", "placed by"),
            ("order", "merchant", "sold by"),
        ):
            rows.setdefault("insert into object_object values (?, ?, ?)", []).append(
                (ids[source], ids[target], how)
            )
        if known["closed_at"] is not None:
            when = self._when(known["closed_at"])
            for name in ENDS:
                self._changed("dispute", ids["dispute"], name, known[name], when, rows)
            if known["filed_at"] is not None or known["ending"] == "defaulted":
                self._changed("merchant", ids["merchant"], "rating", known["rating_after"], when, rows)

    def _object(self, kind: str, name: str, values: Sequence[tuple[str, Any]], rows: Rows) -> None:
        """An object and what it always had; one that is there already stays as it is."""
        rows.setdefault("insert or ignore into object values (?, ?)", []).append((name, kind))
        names = "".join(f', "{field}"' for field, _ in values)
        marks = ", ?" * len(values)
        table = f'"object_{squeezed(kind)}"'
        statement = (
            f"insert into {table} (ocel_id, ocel_time{names}) select ?, ?{marks} "  # noqa: S608
            f"where not exists (select 1 from {table} where ocel_id = ?)"
        )
        rows.setdefault(statement, []).append((name, FROM_THE_START, *(value for _, value in values), name))

    def _changed(self, kind: str, name: str, field: str, value: Any, when: str, rows: Rows) -> None:
        if value is None:
            return
        statement = (
            f'insert into "object_{squeezed(kind)}" (ocel_id, ocel_time, ocel_changed_field, "{field}") '  # noqa: S608
            "values (?, ?, ?, ?)"
        )
        rows.setdefault(statement, []).append((name, when, field, value))

    def _event(self, event: Event, ids: dict[str, str], run: str, rows: Rows) -> None:
        self._event_table(event.activity)
        name, role = f"e{next(self.numbers)}", role_of(event)
        rows.setdefault("insert into event values (?, ?)", []).append((name, event.activity))
        statement = f'insert into "event_{squeezed(event.activity)}" values (?, ?, ?, ?)'  # noqa: S608
        rows.setdefault(statement, []).append((name, self._when(event.time), event.resource, role))
        linked = [(ids["dispute"], "case")]
        if role in ids:
            linked.append((ids[role], "actor"))
        if event.activity in ABOUT_THE_ORDER:
            linked.append((ids["order"], "order"))
        if event.resource.startswith("arbiter "):
            arbiter = f"arbiter {run}-{event.resource.partition(' ')[2]}"
            self._object("arbiter", arbiter, (), rows)
            linked.append((arbiter, "actor"))
        rows.setdefault("insert into event_object values (?, ?, ?)", []).extend(
            (name, other, how) for other, how in linked
        )
