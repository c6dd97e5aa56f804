"""Comparing policies in the same worlds: paired differences, how many worlds, and which policy is best."""

from evenhand.analysis.compare.comparison import Comparison, Stop
from evenhand.analysis.compare.contest import Undecidable, select
from evenhand.analysis.compare.difference import Difference
from evenhand.analysis.compare.study import compare, compare_experiments
from evenhand.analysis.compare.winner import Selection

__all__ = [
    "Comparison",
    "Difference",
    "Selection",
    "Stop",
    "Undecidable",
    "compare",
    "compare_experiments",
    "select",
]
