"""Event logs: a run's own and those of the world, and whether due process is kept in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.lazy import lazy

if TYPE_CHECKING:
    from evenhand.analysis.eventlog.conformance_check import Checker, Tally, Violation
    from evenhand.analysis.eventlog.conformance_rules import Rule, Rules
    from evenhand.analysis.eventlog.log import BadLog, Case, Event, Log
    from evenhand.analysis.eventlog.memory import MemoryLog
    from evenhand.analysis.eventlog.ocel_out import write_ocel
    from evenhand.analysis.eventlog.read import open_log
    from evenhand.analysis.eventlog.rundir import RunLog, open_run_log
    from evenhand.analysis.eventlog.table_in import Mapping
    from evenhand.analysis.eventlog.table_out import write_csv
    from evenhand.analysis.eventlog.xes_out import write_xes

__all__ = [
    "BadLog",
    "Case",
    "Checker",
    "Event",
    "Log",
    "Mapping",
    "MemoryLog",
    "Rule",
    "Rules",
    "RunLog",
    "Tally",
    "Violation",
    "open_log",
    "open_run_log",
    "write_csv",
    "write_ocel",
    "write_xes",
]

__getattr__, __dir__ = lazy(
    __name__,
    __all__,
    {
        "log": ("BadLog", "Case", "Event", "Log"),
        "conformance_check": ("Checker", "Tally", "Violation"),
        "table_in": ("Mapping",),
        "memory": ("MemoryLog",),
        "conformance_rules": ("Rule", "Rules"),
        "rundir": ("RunLog", "open_run_log"),
        "read": ("open_log",),
        "table_out": ("write_csv",),
        "ocel_out": ("write_ocel",),
        "xes_out": ("write_xes",),
    },
)
