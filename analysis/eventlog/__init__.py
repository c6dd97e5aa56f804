"""Event logs: a run's own and those of the world, in the formats of process mining."""

from analysis.eventlog.log import BadLog, Case, Event, Log
from analysis.eventlog.memory import MemoryLog
from analysis.eventlog.ocel_out import write_ocel
from analysis.eventlog.read import open_log
from analysis.eventlog.rundir import RunLog, open_run_log
from analysis.eventlog.table_in import Mapping
from analysis.eventlog.table_out import write_csv
from analysis.eventlog.xes_out import write_xes

__all__ = [
    "BadLog", "Case", "Event", "Log", "Mapping", "MemoryLog", "RunLog", "open_log", "open_run_log",
    "write_csv", "write_ocel", "write_xes",
]  # fmt: skip
