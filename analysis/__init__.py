"""Pure functions of records: outcomes and comparisons, fairness, counterfactuals, gates, reports.

What most people need first is here by name; the rest is in modules that are loaded when they are used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.analysis import notebook as _notebook  # noqa: F401  # attaches `plot` and tables
from evenhand.analysis.compare import compare
from evenhand.lazy import lazy

if TYPE_CHECKING:
    from evenhand.analysis import (
        advise,
        calibration,
        charts,
        counterfactual,
        eventlog,
        experiments,
        fairness,
        gate,
        metrics,
        policy_timeline,
        report,
        runs,
        search,
    )
    from evenhand.analysis.compare import Comparison, Difference, Selection, Undecidable, select
    from evenhand.analysis.compare.rest import Rest, Trend, rest
    from evenhand.analysis.experiments import sweep
    from evenhand.analysis.metrics.accounts import Accounts, accounts
    from evenhand.analysis.metrics.estimate import Estimate
    from evenhand.analysis.metrics.groups import MetricFrame, metric_frame
    from evenhand.analysis.metrics.metric import Metric, metric
    from evenhand.analysis.metrics.overload import overloads
    from evenhand.analysis.metrics.queueing import utilisation_by_desk
    from evenhand.analysis.metrics.registry import METRICS, manifest_metrics, outcomes, outcomes_by
    from evenhand.analysis.metrics.survival import Curve, survival
    from evenhand.analysis.metrics.time_series import Series
    from evenhand.analysis.metrics.within import gap, within
    from evenhand.analysis.runs.many import open_runs

__all__ = [
    "METRICS",
    "Accounts",
    "Comparison",
    "Curve",
    "Difference",
    "Estimate",
    "Metric",
    "MetricFrame",
    "Rest",
    "Selection",
    "Series",
    "Trend",
    "Undecidable",
    "accounts",
    "advise",
    "calibration",
    "charts",
    "compare",
    "counterfactual",
    "eventlog",
    "experiments",
    "fairness",
    "gap",
    "gate",
    "manifest_metrics",
    "metric",
    "metric_frame",
    "metrics",
    "open_runs",
    "outcomes",
    "outcomes_by",
    "overloads",
    "policy_timeline",
    "report",
    "rest",
    "runs",
    "search",
    "select",
    "survival",
    "sweep",
    "utilisation_by_desk",
    "within",
]

__getattr__, __dir__ = lazy(
    __name__,
    __all__,
    {
        "compare": ("Comparison", "Difference", "Selection", "Undecidable", "select"),
        "metrics.accounts": ("Accounts", "accounts"),
        "compare.rest": ("Rest", "Trend", "rest"),
        "metrics.survival": ("Curve", "survival"),
        "metrics.estimate": ("Estimate",),
        "metrics.registry": ("METRICS", "manifest_metrics", "outcomes", "outcomes_by"),
        "metrics.metric": ("Metric", "metric"),
        "metrics.within": ("gap", "within"),
        "metrics.groups": ("MetricFrame", "metric_frame"),
        "metrics.time_series": ("Series",),
        "runs.many": ("open_runs",),
        "experiments": ("sweep",),
        "metrics.overload": ("overloads",),
        "metrics.queueing": ("utilisation_by_desk",),
    },
    modules=(
        "advise",
        "calibration",
        "charts",
        "counterfactual",
        "eventlog",
        "experiments",
        "fairness",
        "gate",
        "metrics",
        "policy_timeline",
        "report",
        "runs",
        "search",
    ),
)
