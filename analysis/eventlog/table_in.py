"""Reads an event log from a flat table, one row an event, columns named by a mapping."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from evenhand.analysis.eventlog.log import EPOCH, BadLog, Case, Event
from evenhand.analysis.eventlog.moments import (
    ASK,
    WHICH,
    Order,
    Unit,
    hours_sql,
    is_number,
    is_year_last,
    order_of,
    unit_of,
)
from evenhand.analysis.eventlog.rundir import database, stream
from evenhand.analysis.eventlog.source import Source, open_source
from evenhand.locale.current import gettext

GUESSES = {
    "case": (
        *("case:concept:name", "case", "case_id", "caseid", "case id", "dispute", "dispute_id"),
        *("案件编号", "案件号", "案件", "案号", "案", "纠纷编号", "工单号", "编号"),
    ),
    "activity": ("concept:name", "activity", "event", "action", "status", "活动", "事件", "步骤", "操作"),
    "time": (
        *("time:timestamp", "time", "timestamp", "date", "datetime", "complete timestamp"),
        *("时间", "日期", "发生时间", "操作时间"),
    ),
    "resource": ("org:resource", "resource", "user", "actor", "agent", "处理人", "操作人", "人员"),
    "lifecycle": ("lifecycle:transition", "lifecycle", "transition"),
}
"""Names that columns often have, those of XES first; capitals do not count."""
NEEDED = ("case", "activity", "time")


@dataclass(frozen=True)
class Mapping:
    """Which column is what; without a name it is guessed."""

    case: str | None = None
    activity: str | None = None
    time: str | None = None
    resource: str | None = None
    lifecycle: str | None = None
    unit: Unit | None = None
    """What numbers in the time count; None = what the whole column leaves no doubt about."""
    dates: Order | None = None
    """What dates that end with their year begin with; None = what the whole column leaves no doubt about."""
    transition: str = "complete"
    """Events that count where a column says where in a lifecycle they stand; `all` = every one."""


@dataclass(frozen=True)
class TableLog:
    """A table of events; a case's rows may stand anywhere."""

    path: Path
    source: Source
    columns: dict[str, str]
    """Column of the file for case, activity, time and, where it has them, resource and lifecycle."""
    unit: Unit | None = None
    dates: Order | None = None
    transition: str = "complete"

    @property
    def start(self) -> datetime:
        """Hours count from 1970."""
        return EPOCH

    @property
    def notes(self) -> list[str]:
        """What was taken for granted when the table was read."""
        return list(self.source.notes)

    def cases(self, attributes: Sequence[str] = ()) -> Iterator[Case]:
        """All cases in order of their names, events in time; an attribute is a case's first value. BadLog."""
        known = [name for name in attributes if name in self.source.names]
        name = None
        unit, dates = self._certain()
        for name, rows in groupby(self._rows(self._query(known, unit, dates)), lambda row: row[0]):
            yield self._case(name, list(rows), known, unit)
        if name is None:
            self._refuse_empty()

    def _rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query on the file. Raises BadLog with the line where a row is broken."""
        try:
            yield from stream(query, [str(self.source.file)])
        except BadLog as error:
            cause = error.__cause__
            if isinstance(cause, duckdb.Error):
                raise BadLog(self.source.broken(cause)) from cause
            raise

    def _certain(self) -> tuple[Unit | None, Order | None]:
        """The unit of numbers and the order of dates, as told or as the column leaves no doubt about."""
        text, file = _text(self.columns["time"]), [str(self.source.file)]
        try:
            with database() as connection:
                unit = self.unit or unit_of(connection, self.source.sql, file, text)
                return unit, self.dates or order_of(connection, self.source.sql, file, text)
        except duckdb.Error as error:
            raise BadLog(self.source.broken(error)) from error

    def _query(self, known: Sequence[str], unit: Unit | None, dates: Order | None) -> str:
        case, activity = (quoted(self.columns[part]) for part in ("case", "activity"))
        time = _text(self.columns["time"])
        who = quoted(self.columns["resource"]) if "resource" in self.columns else "null"
        extra = "".join(f", {quoted(name)}" for name in known)
        # rows keep their order where times tie
        return f"""
            with numbered as (select *, row_number() over () as place from {self.source.sql})
            select cast({case} as varchar) as name, cast({activity} as varchar),
                {hours_sql(time, unit, dates, zones=True)} as hours, trim(cast({who} as varchar)), place,
                {time}, {is_number(time)}, {is_year_last(time) if dates is None else "false"} {extra}
            from numbered {self._some()} order by name, hours, place
        """  # noqa: S608  # names of columns that the file has

    def _some(self) -> str:
        """Which rows are events: those of one transition, and those that name none."""
        if "lifecycle" not in self.columns or self.transition.lower() == "all":
            return ""
        word = self.transition.lower().replace("'", "''")
        cell = f"lower(trim(cast({quoted(self.columns['lifecycle'])} as varchar)))"
        return f"where coalesce({cell}, '') in ('', '{word}')"

    def _refuse_empty(self) -> None:
        """Say why no row is left. Raises BadLog."""
        if self._some() and next(self._rows(f"select 1 from {self.source.sql} limit 1"), None):  # noqa: S608
            column = self.columns["lifecycle"]
            raise BadLog(
                gettext(
                    "'{path}' has no rows whose {column} is '{transition}'; use --lifecycle all, or name the "
                    "one that counts"
                ).format(path=self.path, column=column, transition=self.transition)
            )
        raise BadLog(gettext("'{path}' has no rows").format(path=self.path))

    def _case(self, name: str, rows: list[tuple[Any, ...]], known: Sequence[str], unit: Unit | None) -> Case:
        events = []
        for case, activity, at, who, place, written, number, either, *_ in rows:
            for part, value in zip(NEEDED, (case, activity, at), strict=True):
                if value is None:
                    why = ""
                    if part == "time" and written:
                        asked = ASK if number and unit is None else WHICH if either else gettext("no time")
                        why = gettext(": '{written}' is {asked}").format(written=written, asked=asked)
                    column = self.columns[part]
                    where = self.source.place(place, column)
                    raise BadLog(
                        gettext("{where}: column '{column}' has no {part} that can be read{why}").format(
                            where=where, column=column, part=part, why=why
                        )
                    )
            events.append(Event(activity, at, who or ""))
        firsts = {
            field: next((row[8 + k] for row in rows if row[8 + k] is not None), None)
            for k, field in enumerate(known)
        }
        return Case(name, tuple(events), firsts)


def open_table(path: Path, mapping: Mapping) -> TableLog:
    """Find the columns of a table. Raises BadLog that says which columns there are."""
    source = open_source(path)
    there = source.names
    lower = {name.lower(): name for name in reversed(there)}
    chosen = {}
    for part, guesses in GUESSES.items():
        asked = getattr(mapping, part)
        if asked is not None and asked not in there:
            raise BadLog(
                gettext("'{path}' has no column '{asked}' for the {part}; there are {there}").format(
                    path=path, asked=asked, part=part, there=", ".join(there)
                )
            )
        found = asked or next((lower[guess] for guess in guesses if guess in lower), None)
        if found is None and part in NEEDED:
            raise BadLog(
                gettext(
                    "'{path}': which column is the {part}? Name it with --{part}; there are {there}"
                ).format(path=path, part=part, there=", ".join(there))
            )
        if found is not None:
            chosen[part] = found
    return TableLog(path, source, chosen, mapping.unit, mapping.dates, mapping.transition)


def quoted(name: str) -> str:
    """A column's name as SQL has it."""
    return '"' + name.replace('"', '""') + '"'


def _text(name: str) -> str:
    """A column as text."""
    return f"cast({quoted(name)} as varchar)"
