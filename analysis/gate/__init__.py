"""Gates for regression tests: has a metric really moved, and by more than anybody minds?"""

from analysis.gate.looks import looks
from analysis.gate.measure import measure
from analysis.gate.sequence import examine
from analysis.gate.tost import ERROR, changed, equivalent, level, paired
from analysis.gate.verdict import Finding, Gauge, Reading, Role, Verdict, judge

__all__ = [
    "ERROR", "Finding", "Gauge", "Reading", "Role", "Verdict",
    "changed", "equivalent", "examine", "judge", "level", "looks", "measure", "paired",
]  # fmt: skip
