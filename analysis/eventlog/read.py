"""Opens a log of any kind: a run, or a file by its suffix."""

from __future__ import annotations

from pathlib import Path

from evenhand.analysis.eventlog.log import BadLog, Log
from evenhand.analysis.eventlog.ocel_in import DISPUTE, OcelLog
from evenhand.analysis.eventlog.rundir import open_run_log
from evenhand.analysis.eventlog.source import TABLES
from evenhand.analysis.eventlog.table_in import Mapping, open_table
from evenhand.analysis.eventlog.xes_in import XesLog
from evenhand.locale.current import gettext

XES = (".xes", ".xes.gz")
OCEL = (".sqlite", ".sqlite3", ".db", ".ocel")


def open_log(path: Path, mapping: Mapping | None = None, of: str = DISPUTE, *, verify: bool = True) -> Log:
    """Open a log; `mapping` is for tables, its transition for XES too, `of` for OCEL, `verify` for runs.

    Raises BadLog for what cannot be one.
    """
    if path.is_dir():
        return open_run_log(path, verify=verify)
    if not path.is_file():
        raise BadLog(gettext("'{path}' is neither a file nor a folder").format(path=path))
    name = path.name.lower()
    if name.endswith(XES):
        return XesLog(path, (mapping or Mapping()).transition)
    if name.endswith(OCEL):
        return OcelLog(path, of)
    if name.endswith(TABLES):
        return open_table(path, mapping or Mapping())
    known = ", ".join((*XES, *OCEL, *TABLES))
    raise BadLog(
        gettext("'{path}': a log is the folder of a run, or a file that ends in {known}").format(
            path=path, known=known
        )
    )
