"""Reads OCEL 2.0 in SQLite along one type of object: a case is such an object with its events."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

from evenhand.analysis.eventlog.log import EPOCH, BadLog, Case, Event, hours_since
from evenhand.locale.current import gettext

DISPUTE = "dispute"
_WHO = ("resource", "org:resource")
"""Attributes of events that say who did it."""


@dataclass(frozen=True)
class OcelLog:
    """A file in OCEL 2.0; `of` is the type of object whose events make a case."""

    path: Path
    of: str = DISPUTE

    @property
    def start(self) -> datetime:
        """Hours count from 1970."""
        return EPOCH

    def cases(self, attributes: Sequence[str] = ()) -> Iterator[Case]:
        """All objects of the type that have events, with their last known attributes. Raises BadLog."""
        try:
            # read only; immutable would skip locks that another reader needs
            with closing(sqlite3.connect(f"{self.path.resolve().as_uri()}?mode=ro", uri=True)) as database:
                yield from self._cases(database, attributes)
        except sqlite3.Error as error:
            raise BadLog(
                gettext("'{path}' is not OCEL 2.0 in SQLite: {error}").format(path=self.path, error=error)
            ) from error

    def _cases(self, database: sqlite3.Connection, attributes: Sequence[str]) -> Iterator[Case]:
        self._check(database)
        values = _Last(_values(database, self.of, attributes))
        for name, rows in groupby(database.execute(_events(database), (self.of,)), lambda row: row[0]):
            events = tuple(Event(kind, self._hours(when, name), who or "") for _, kind, when, who in rows)
            yield Case(name, events, values.of(name))

    def _check(self, database: sqlite3.Connection) -> None:
        kinds = [kind for (kind,) in database.execute("select ocel_type from object_map_type order by 1")]
        if self.of not in kinds:
            raise BadLog(
                gettext("'{path}' has no objects of type '{of}'; there are {kinds}").format(
                    path=self.path, of=self.of, kinds=", ".join(kinds)
                )
            )

    def _hours(self, text: str, case: str) -> float:
        try:
            return hours_since(EPOCH, datetime.fromisoformat(text))
        except (ValueError, TypeError, OverflowError):
            raise BadLog(
                gettext("'{path}', object {case}: '{text}' is no time").format(
                    path=self.path, case=case, text=text
                )
            ) from None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _columns(database: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in database.execute(f"pragma table_info({_quoted(table)})")]


def _events(database: sqlite3.Connection) -> str:
    """A query for the events of all objects of a type, object by object, in time; ties as they are stored."""
    parts = []
    for number, (kind,) in enumerate(database.execute("select ocel_type_map from event_map_type").fetchall()):
        table = f"event_{kind}"
        who = next((_quoted(name) for name in _WHO if name in _columns(database, table)), "null")
        parts.append(f"select ocel_id, ocel_time, {who} as who, {number} as part from {_quoted(table)}")  # noqa: S608
    if not parts:
        raise BadLog(gettext("the log has no types of events"))
    times = " union all ".join(parts)
    return f"""
        select distinct link.ocel_object_id, event.ocel_type, times.ocel_time, times.who
        from object join event_object link on link.ocel_object_id = object.ocel_id
        join event on event.ocel_id = link.ocel_event_id
        join ({times}) times on times.ocel_id = event.ocel_id
        where object.ocel_type = ?
        order by link.ocel_object_id, times.ocel_time, event.rowid
    """  # noqa: S608  # names of tables that the file itself lists


def _values(database: sqlite3.Connection, of: str, wanted: Sequence[str]) -> Iterator[tuple[str, str, Any]]:
    """(object, attribute, value) in order of objects and of time, of the attributes that there are."""
    (table,) = database.execute(
        "select ocel_type_map from object_map_type where ocel_type = ?", (of,)
    ).fetchone()
    names = [name for name in wanted if name in _columns(database, f"object_{table}")]
    if names:
        chosen = ", ".join(_quoted(name) for name in names)
        query = f"select ocel_id, {chosen} from {_quoted(f'object_{table}')} order by ocel_id, ocel_time"  # noqa: S608
        for name, *row in database.execute(query):
            for field, value in zip(names, row, strict=True):
                yield name, field, value


class _Last:
    """The last value of every attribute, for objects that are asked for in order of their names."""

    def __init__(self, values: Iterator[tuple[str, str, Any]]) -> None:
        self._groups = groupby(values, lambda row: row[0])
        self._name = ""
        self._known: dict[str, Any] = {}

    def of(self, name: str) -> dict[str, Any]:
        while self._name < name:
            found = next(self._groups, None)
            if found is None:
                break
            self._name, rows = found
            self._known = {}
            for _, field, value in rows:
                if value is not None or field not in self._known:
                    self._known[field] = value
        return self._known if self._name == name else {}
