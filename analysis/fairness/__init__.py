"""Two-sided fairness: measures against the known truth, with intervals that resample merchants."""

from evenhand.analysis.fairness.catalogue import FAIRNESS, markdown, measure
from evenhand.analysis.fairness.grid import Grid, grid
from evenhand.analysis.fairness.impossibility import Identity, implied_fpr, impossibility
from evenhand.analysis.fairness.inequality import lorenz
from evenhand.analysis.fairness.measure import Measure
from evenhand.analysis.fairness.pairs import chilling, feedback_share
from evenhand.analysis.fairness.panel import AUDITED, Entry, panel
from evenhand.analysis.fairness.resample import ClusterEstimate, infer
from evenhand.analysis.fairness.study import Answer, Study
from evenhand.analysis.metrics.rates import RATES, Rate

__all__ = [
    "AUDITED",
    "FAIRNESS",
    "RATES",
    "Answer",
    "ClusterEstimate",
    "Entry",
    "Grid",
    "Identity",
    "Measure",
    "Rate",
    "Study",
    "chilling",
    "feedback_share",
    "grid",
    "implied_fpr",
    "impossibility",
    "infer",
    "lorenz",
    "markdown",
    "measure",
    "panel",
]
