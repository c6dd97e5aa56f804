"""Sensitivity: which settings move a metric, how, and how much of its spread each of them explains."""

from analysis.sensitivity.response import Response, response
from analysis.sensitivity.sobol import DUMMY, Index, indices, sobol
from analysis.sensitivity.tornado import End, Swing, tornado

__all__ = [
    "DUMMY", "End", "Index", "Response", "Swing", "indices", "response", "sobol", "tornado",
]  # fmt: skip
