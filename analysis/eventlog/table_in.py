"""Reads an event log from a flat table, CSV or Parquet: one row an event, columns named by a mapping."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from evenhand.analysis.eventlog.log import EPOCH, BadLog, Case, Event
from evenhand.analysis.eventlog.rundir import stream
from evenhand.analysis.runs.bounds import TooLarge, check_width
from evenhand.analysis.runs.database import connect

GUESSES = {
    "case": ("case", "case_id", "caseid", "case:concept:name", "case id", "dispute", "dispute_id"),
    "activity": ("activity", "concept:name", "event", "action", "status"),
    "time": ("time", "timestamp", "time:timestamp", "date", "datetime", "complete timestamp"),
    "resource": ("resource", "org:resource", "user", "actor", "agent"),
}
"""Names that columns often have, likeliest first; capitals do not count."""
NEEDED = ("case", "activity", "time")


@dataclass(frozen=True)
class Mapping:
    """Which column is what; without a name it is guessed."""

    case: str | None = None
    activity: str | None = None
    time: str | None = None
    resource: str | None = None


@dataclass(frozen=True)
class TableLog:
    """A table of events. Times are dates, ISO 8601, or hours as numbers; a case's rows may stand anywhere."""

    path: Path
    columns: dict[str, str]
    """Column of the file for case, activity, time and, where it has one, resource."""

    @property
    def start(self) -> datetime:
        """Hours count from 1970."""
        return EPOCH

    def cases(self, attributes: Sequence[str] = ()) -> Iterator[Case]:
        """All cases in order of their names, events in time; an attribute is a case's first value. BadLog."""
        known = [name for name in attributes if name in names(self.path)]
        name = None
        for name, rows in groupby(stream(self._query(known), [str(self.path)]), lambda row: row[0]):
            yield self._case(name, list(rows), known)
        if name is None:
            raise BadLog(f"'{self.path}' has no rows")

    def _query(self, known: Sequence[str]) -> str:
        case, activity, time = (_quoted(self.columns[part]) for part in NEEDED)
        who = _quoted(self.columns["resource"]) if "resource" in self.columns else "null"
        extra = "".join(f", {_quoted(name)}" for name in known)
        # rows keep their order where times tie
        hours = f"epoch(try_cast(cast({time} as varchar) as timestamptz)) / 3600"
        return f"""
            with numbered as (select *, row_number() over () as place from {_source(self.path)})
            select cast({case} as varchar) as name, cast({activity} as varchar),
                coalesce(try_cast({time} as double), {hours}) as hours, cast({who} as varchar), place {extra}
            from numbered order by name, hours, place
        """  # noqa: S608  # names of columns that the file has

    def _case(self, name: str, rows: list[tuple[Any, ...]], known: Sequence[str]) -> Case:
        events = []
        for case, activity, at, who, place, *_ in rows:
            for part, value in zip(NEEDED, (case, activity, at), strict=True):
                if value is None:
                    column = self.columns[part]
                    raise BadLog(
                        f"'{self.path}', row {place}: column '{column}' has no {part} that can be read"
                    )
            events.append(Event(activity, at, who or ""))
        firsts = {
            field: next((row[5 + k] for row in rows if row[5 + k] is not None), None)
            for k, field in enumerate(known)
        }
        return Case(name, tuple(events), firsts)


def open_table(path: Path, mapping: Mapping) -> TableLog:
    """Find the columns of a table. Raises BadLog that says which columns there are."""
    there = names(path)
    lower = {name.lower(): name for name in there}
    chosen = {}
    for part, guesses in GUESSES.items():
        asked = getattr(mapping, part)
        if asked is not None and asked not in there:
            raise BadLog(f"'{path}' has no column '{asked}' for the {part}; there are {', '.join(there)}")
        found = asked or next((lower[guess] for guess in guesses if guess in lower), None)
        if found is None and part in NEEDED:
            raise BadLog(
                f"'{path}': which column is the {part}? Name it with --{part}; there are {', '.join(there)}"
            )
        if found is not None:
            chosen[part] = found
    return TableLog(path, chosen)


def names(path: Path) -> list[str]:
    """The columns of a table. Raises BadLog, for an empty file too, of which DuckDB makes a column."""
    if path.suffix != ".parquet" and _is_empty(path):
        raise BadLog(f"'{path}' is empty: the first line must name the columns")
    try:
        with connect() as database:
            found = database.execute(f"select * from {_source(path)} limit 0", [str(path)])  # noqa: S608
            columns = [column[0] for column in found.description or ()]
            check_width(path, len(columns), "columns")
            return columns
    except (duckdb.Error, TooLarge) as error:
        raise BadLog(f"'{path}' is not a table of events: {str(error).splitlines()[0]}") from error


def _is_empty(path: Path) -> bool:
    """Whether a text file has nothing but white space, packed or not; what cannot be read is not empty."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
            return not file.read(2**16).removeprefix(b"\xef\xbb\xbf").strip()
    except (OSError, EOFError):
        return False


def _source(path: Path) -> str:
    if path.suffix == ".parquet":
        return "read_parquet(?)"
    return "read_csv(?, header = true, all_varchar = true, null_padding = false)"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
