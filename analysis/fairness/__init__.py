"""Two-sided fairness: measures against the known truth, with intervals that resample merchants."""

from analysis.fairness.catalogue import FAIRNESS, markdown, measure
from analysis.fairness.grid import Grid, grid
from analysis.fairness.impossibility import Identity, implied_fpr, impossibility
from analysis.fairness.inequality import lorenz
from analysis.fairness.measure import Measure
from analysis.fairness.pairs import chilling, feedback_share
from analysis.fairness.panel import AUDITED, Entry, panel
from analysis.fairness.resample import ClusterEstimate, infer
from analysis.fairness.study import Answer, Study
from analysis.rates import RATES, Rate

__all__ = [
    "AUDITED", "FAIRNESS", "RATES", "Answer", "ClusterEstimate", "Entry", "Grid", "Identity", "Measure",
    "Rate", "Study", "chilling", "feedback_share", "grid", "implied_fpr", "impossibility", "infer",
    "lorenz", "markdown", "measure", "panel",
]  # fmt: skip
