"""Comparing policies in the same worlds: paired differences, how many worlds, and which policy is best."""

from analysis.compare.comparison import Comparison, Stop
from analysis.compare.contest import Undecidable, select
from analysis.compare.difference import Difference
from analysis.compare.study import compare
from analysis.compare.winner import Selection

__all__ = ["Comparison", "Difference", "Selection", "Stop", "Undecidable", "compare", "select"]
