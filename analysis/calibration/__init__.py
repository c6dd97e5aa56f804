"""Calibration: a scenario from a real log, what the log cannot say, and how near the two are.

`read_log` reads a log as a `Mapping` says, `calibrate` makes a scenario from it, `judge` scores scenarios
on a log; `analysis.report` draws what came out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.lazy import lazy

if TYPE_CHECKING:
    from evenhand.analysis.calibration.calibration import Calibration, calibrate
    from evenhand.analysis.calibration.judged import Judged, judge
    from evenhand.analysis.calibration.log import Log, read_log
    from evenhand.analysis.calibration.mapping import Mapping
    from evenhand.analysis.calibration.search import NoSearch
    from evenhand.analysis.eventlog.log import BadLog

__all__ = ["BadLog", "Calibration", "Judged", "Log", "Mapping", "NoSearch", "calibrate", "judge", "read_log"]

__getattr__, __dir__ = lazy(
    __name__,
    __all__,
    {
        "table": ("BadLog",),
        "calibration": ("Calibration", "calibrate"),
        "judged": ("Judged", "judge"),
        "log": ("Log", "read_log"),
        "mapping": ("Mapping",),
        "search": ("NoSearch",),
    },
)
