"""Gates for regression tests: has a metric really moved, and by more than anybody minds?"""

from evenhand.analysis.gate.looks import looks
from evenhand.analysis.gate.measure import Measured, measure
from evenhand.analysis.gate.sequence import examine
from evenhand.analysis.gate.tost import ERROR, changed, equivalent, level, paired
from evenhand.analysis.gate.verdict import Finding, Findings, Gauge, Reading, Role, Verdict, judge

__all__ = [
    "ERROR",
    "Finding",
    "Findings",
    "Gauge",
    "Measured",
    "Reading",
    "Role",
    "Verdict",
    "changed",
    "equivalent",
    "examine",
    "judge",
    "level",
    "looks",
    "measure",
    "paired",
]
