"""Calibration: a scenario from a real log, what the log cannot say, and how near the two are.

`read_log` reads a log as a `Mapping` says, `calibrate` makes a scenario from it, `judge` scores scenarios
on a log, `calibration_page` and `check_page` draw what came out.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from analysis.calibration.calibration import Calibration, calibrate
    from analysis.calibration.judged import Judged, judge
    from analysis.calibration.log import Log, read_log
    from analysis.calibration.mapping import Mapping
    from analysis.calibration.page import calibration_page, check_page
    from analysis.calibration.search import NoSearch
    from analysis.calibration.table import BadLog

__all__ = [
    "BadLog", "Calibration", "Judged", "Log", "Mapping", "NoSearch", "calibrate", "calibration_page",
    "check_page", "judge", "read_log",
]  # fmt: skip

_HOMES = {
    "Calibration": "calibration", "calibrate": "calibration", "Judged": "judged", "judge": "judged",
    "Log": "log", "read_log": "log", "Mapping": "mapping", "calibration_page": "page", "check_page": "page",
    "NoSearch": "search", "BadLog": "table",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load a name when it is first used: comparisons need the seeds of searches and no charts."""
    if name not in _HOMES:
        raise AttributeError(f"module 'analysis.calibration' has no attribute {name!r}")
    return getattr(import_module(f"analysis.calibration.{_HOMES[name]}"), name)
