"""Audits that only a simulator can do: the same luck again, with one thing changed."""

from analysis.audit import notebook as _notebook  # noqa: F401  # attaches `plot` and the tables
from analysis.audit.arms import arms
from analysis.audit.findings import Finding, Findings, Measure
from analysis.audit.flip import flip
from analysis.audit.loops import loops
from analysis.audit.noise import noise
from analysis.audit.panel import for_panel
from analysis.audit.paths import MOVED, PATHS

__all__ = ["MOVED", "PATHS", "Finding", "Findings", "Measure", "arms", "flip", "for_panel", "loops", "noise"]
