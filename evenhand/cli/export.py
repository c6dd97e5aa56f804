"""`evenhand export`: the event log of a run for the tools of process mining."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TextIO

from evenhand.analysis.eventlog import BadLog, Case, RunLog, open_run_log, write_csv, write_ocel, write_xes
from evenhand.analysis.eventlog.columns import chosen
from evenhand.analysis.eventlog.ocel_out import NEEDS
from evenhand.analysis.eventlog.table_out import HEAD, rows_of
from evenhand.analysis.runs.atomic import whole
from evenhand.cli.progress import progress
from evenhand.cli.spreadsheet import check_library, write_xlsx
from evenhand.errors import UsageError
from evenhand.locale.current import gettext, gettext_noop
from evenhand.sim.scenario.units import within_days
from evenhand.storage.output_path import check_file

SUFFIX = {"xes": ".xes", "ocel": ".sqlite", "csv": ".csv", "xlsx": ".xlsx"}
FILES = {"ocel": "an OCEL log is a database", "xlsx": "a workbook is packed"}
"""Formats that the screen cannot take, and why."""
SCREEN = "-"
STDOUT = gettext_noop("--out - writes to the screen or a pipe")


def carry_out(
    folder: Path, to: str, out: str | None, start: str | None, *, truth: bool, force: bool, verify: bool
) -> None:
    """Write the log of a run. Raises UsageError, OSError."""
    if out == SCREEN and to in FILES:
        raise UsageError(
            gettext("--out: '-' is for xes and csv; {files} and needs a file").format(files=FILES[to])
        )
    if truth and to in {"csv", "xlsx"}:
        raise UsageError(
            gettext("--truth: is for xes and ocel; a table of events has no room for what disputes are")
        )
    if to == "xlsx":
        check_library()
    path = Path(out) if out else Path(f"{folder.resolve().name}{SUFFIX[to]}")
    if out != SCREEN:
        check_file(path, force=force, inputs=[folder], instead="" if to in FILES else STDOUT)
    try:
        log = open_run_log(folder, verify=verify)
    except BadLog as error:
        raise UsageError(str(error)) from error
    begins = _start(start) if start else log.start
    if out == SCREEN:
        _write(log, to, sys.stdout, begins, log.cases(_columns(to, truth)))
        return
    with _told(log, to, truth) as cases:
        if to == "xlsx":
            write_xlsx(HEAD, rows_of(cases, begins), path)
        elif to == "ocel":
            with whole(path) as temporary:
                write_ocel(cases, begins, temporary, truth=truth)
        else:
            with whole(path) as temporary, temporary.open("w", encoding="utf-8", newline="") as file:
                _write(log, to, file, begins, cases)
    print(gettext("wrote {n_events:,} events to {path}").format(n_events=log.n_events, path=path))


def _columns(to: str, truth: bool) -> tuple[str, ...]:
    if to in {"csv", "xlsx"}:
        return ()
    return tuple(dict.fromkeys([*chosen(truth=truth), *(NEEDS if to == "ocel" else ())]))


def _write(log: RunLog, to: str, file: TextIO, start: datetime, cases: Iterable[Case]) -> None:
    if to == "xes":
        write_xes(
            cases,
            start,
            file,
            name=gettext("{title} in {title_2}").format(title=log.policy.title, title_2=log.scenario.title),
        )
    else:
        write_csv(cases, start, file)


def _start(text: str) -> datetime:
    try:
        start = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(
            gettext("--start: must be a date or time such as 2025-09-01, found '{text}'").format(text=text)
        ) from None
    try:
        within_days(start.date())
    except ValueError as error:
        raise UsageError(gettext("--start: {error}, found '{text}'").format(error=error, text=text)) from None
    return start.replace(tzinfo=None) - (start.utcoffset() or (start - start))


@contextmanager
def _told(log: RunLog, to: str, truth: bool) -> Iterator[Iterator[Case]]:
    """The cases of a run, with a word about how far they are."""
    with progress(100) as tell:
        yield _counted(log.cases(_columns(to, truth)), log.n_events, tell)


def _counted(cases: Iterable[Case], events: int, tell: Callable[[str, int], None]) -> Iterator[Case]:
    done, told = 0, -1
    for case in cases:
        percent = 100 * done // events
        if percent > told:
            told = percent
            tell(gettext("{percent} % of {events:,} events").format(percent=percent, events=events), percent)
        yield case
        done += len(case.events)
