"""Pure functions of records: outcomes and comparisons, fairness, audits, attribution, gates, reports.

What most people need first is here by name; the rest is in modules that are loaded when they are used:
`analysis.fairness`, `analysis.audit`, `analysis.attribution`, `analysis.gate`, `analysis.report`,
`analysis.sweeps`, `analysis.sensitivity`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from analysis import notebook as _notebook  # noqa: F401  # attaches `plot` and the tables of notebooks
from analysis.compare import Comparison, Difference, Selection, Undecidable, compare, select
from analysis.desks import utilisation_by_desk
from analysis.estimate import Estimate
from analysis.groups import MetricFrame, metric_frame
from analysis.metric import Metric
from analysis.outcomes import METRICS, manifest_metrics, outcomes, outcomes_by
from analysis.runs.many import open_runs
from analysis.series import Series
from analysis.survival import Curve, survival

if TYPE_CHECKING:
    from analysis import attribution, audit, fairness, gate, report, sensitivity, sweeps
    from analysis.sweeps import sweep

__all__ = [
    "METRICS",
    "Comparison",
    "Curve",
    "Difference",
    "Estimate",
    "Metric",
    "MetricFrame",
    "Selection",
    "Series",
    "Undecidable",
    "attribution",
    "audit",
    "compare",
    "fairness",
    "gate",
    "manifest_metrics",
    "metric",
    "metric_frame",
    "open_runs",
    "outcomes",
    "outcomes_by",
    "report",
    "select",
    "sensitivity",
    "survival",
    "sweep",
    "sweeps",
    "utilisation_by_desk",
]  # fmt: skip

_MODULES = ("attribution", "audit", "fairness", "gate", "report", "sensitivity", "sweeps")


def __getattr__(name: str) -> Any:
    """Load a module when it is first asked for (PEP 562): charts and the compiler take a while."""
    if name in _MODULES:
        return import_module(f"analysis.{name}")
    if name == "sweep":
        return import_module("analysis.sweeps").sweep
    raise AttributeError(f"module 'analysis' has no attribute {name!r}")


def __dir__() -> list[str]:
    """Everything that can be asked for."""
    return sorted({*globals(), *__all__})
