"""The event log of a run folder, streamed: DuckDB reads and sorts it, a batch of rows is held at a time.

One part of a run holds whole replications, so parts are read one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from evenhand.analysis.eventlog.actors import resource_of
from evenhand.analysis.eventlog.log import BadLog, Case, Event
from evenhand.analysis.runs.database import connect, interruptible
from evenhand.analysis.runs.folder import BadRun, files, read_manifest
from evenhand.analysis.runs.scratch import scratch
from evenhand.analysis.runs.seals import check_finished
from evenhand.locale.current import gettext
from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.scenario import Scenario

BATCH = 20_000
MEMORY = "1GB"
"""What DuckDB may hold; the rest of a sort goes to a temporary folder."""
NEEDED = ("events", "disputes", "merchants")


@dataclass(frozen=True)
class RunLog:
    """The folder of a finished run. Hours count from the first day of its scenario."""

    folder: Path
    scenario: Scenario
    policy: Policy
    n_events: int

    @property
    def start(self) -> datetime:
        """Midnight of the scenario's first day."""
        return datetime.combine(self.scenario.start, time())

    def parts(self) -> Iterator[dict[str, list[str]]]:
        """The files of the tables that are needed, a part of the run at a time, in order."""
        paths = {table: files(self.folder, table) for table in NEEDED}
        for part in dict.fromkeys(path.parent for path in paths["events"]):
            yield {table: [str(path) for path in paths[table] if path.parent == part] for table in NEEDED}

    def cases(self, attributes: Sequence[str] = ()) -> Iterator[Case]:
        """All disputes with events, replication by replication, with columns of their records.

        A column that only the merchants' table has is that of the dispute's merchant.
        """
        for tables in self.parts():
            known = _known(attributes, tables)
            chosen = "".join(f', {table}."{name}"' for name, table in known.items())
            query = f"""
                select e.replication, e."case", e.time, e.activity, e.resource, d.buyer, d.merchant {chosen}
                from read_parquet(?, file_row_number = true, filename = true) e
                join read_parquet(?) d on d.replication = e.replication and d.dispute = e."case"
                join read_parquet(?) m on m.replication = e.replication and m.merchant = d.merchant
                order by e.replication, e."case", e.time, length(e.filename), e.filename, e.file_row_number
            """  # noqa: S608  # names of columns that the file has
            found = stream(query, [tables[table] for table in NEEDED])
            for (replication, number), rows in groupby(found, lambda row: (row[0], row[1])):
                yield _case(f"{replication}-{number}", list(rows), tuple(known))


def _known(attributes: Sequence[str], tables: dict[str, list[str]]) -> dict[str, str]:
    """The attributes that there are, and whether the dispute's record has them or its merchant's."""
    disputes, merchants = columns(tables["disputes"][0]), columns(tables["merchants"][0])
    where = {name: "d" if name in disputes else "m" for name in attributes}
    return {name: table for name, table in where.items() if table == "d" or name in merchants}


def _case(name: str, rows: list[tuple[Any, ...]], known: Sequence[str]) -> Case:
    events = tuple(
        Event(activity, at, resource_of(activity, number, buyer, merchant))
        for _, _, at, activity, number, buyer, merchant, *_ in rows
    )
    return Case(name, events, dict(zip(known, rows[0][7:], strict=True)))


def open_run_log(folder: Path, *, verify: bool = True) -> RunLog:
    """Open the log of a finished run; with `verify`, every file must be as it was written.

    Raises BadLog where the folder is none, has a file that is not, or kept no events.
    """
    try:
        manifest = read_manifest(folder, verify=verify)
        if verify:
            check_finished(folder, manifest)
        scenario = Scenario.model_validate(manifest["scenario"]["model"])
        policy = Policy.model_validate(manifest["policy"]["model"])
        log = RunLog(folder, scenario, policy, manifest["rows"]["events"])
    except BadRun as error:
        raise BadLog(str(error)) from error
    except (ValueError, KeyError, TypeError) as error:
        raise BadLog(
            gettext("'{folder}' cannot be read: its manifest is damaged or is not that of a run").format(
                folder=folder
            )
        ) from error
    if not log.n_events:
        raise BadLog(gettext("'{folder}' kept no events: run it again and keep them").format(folder=folder))
    return log


def columns(path: str) -> list[str]:
    """The names of a Parquet file's columns. Raises BadLog."""
    try:
        with connect() as connection:
            return list(connection.read_parquet(path).columns)
    except duckdb.Error as error:
        raise BadLog(
            gettext("the log cannot be read: {what}").format(what=str(error).splitlines()[0])
        ) from error


@contextmanager
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    """A database in memory with a bound, which sorts large tables in a temporary folder."""
    with scratch() as spill:
        settings: dict[str, Any] = {"memory_limit": MEMORY, "temp_directory": str(spill)}
        with connect(**settings) as connection:
            connection.execute("set TimeZone = 'UTC'")  # a time without a zone is taken as it stands
            yield connection


def stream(query: str, arguments: Sequence[Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of a query, a batch at a time. Raises BadLog where a file is damaged or missing."""
    try:
        with database() as connection:
            interruptible(connection, lambda: connection.execute(query, arguments))
            while rows := interruptible(connection, lambda: connection.fetchmany(BATCH)):
                yield from rows
    except duckdb.Error as error:
        raise BadLog(
            gettext("the log cannot be read: {what}").format(what=str(error).splitlines()[0])
        ) from error
