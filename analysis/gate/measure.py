"""Metrics of one replication, whose records nobody needs."""

from __future__ import annotations

from collections.abc import Sequence

from evenhand.analysis.gate.verdict import Reading
from evenhand.analysis.metrics.metric import Metric
from evenhand.analysis.metrics.registry import outcomes
from evenhand.sim.runs.trial import Trial


def measure(trial: Trial, metrics: Sequence[str | Metric], replication: int) -> dict[str, Reading]:
    """Simulate one replication, whatever its number, and give its metrics.

    Raises ValueError for an unknown metric.
    """
    found = outcomes(trial.one(replication), metrics)
    return {name: Reading(float(one.per_replication[0]), one.n) for name, one in found.items()}
