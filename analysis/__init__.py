"""Pure functions of records: outcomes with their intervals, survival curves, series over time."""

from analysis.compare import Comparison, Difference, Selection, Undecidable, compare, select
from analysis.desks import utilisation_by_desk
from analysis.estimate import Estimate
from analysis.metric import Metric
from analysis.outcomes import METRICS, manifest_metrics, outcomes, outcomes_by
from analysis.series import Series
from analysis.survival import Curve, survival

__all__ = [
    "METRICS", "Comparison", "Curve", "Difference", "Estimate", "Metric", "Selection", "Series",
    "Undecidable", "compare", "manifest_metrics", "outcomes", "outcomes_by", "select", "survival",
    "utilisation_by_desk",
]  # fmt: skip
