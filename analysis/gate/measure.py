"""Metrics of one replication, whose records nobody needs."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.outcomes import outcomes
from sim.trial import Trial


def measure(trial: Trial, metrics: Sequence[str], replication: int) -> dict[str, float]:
    """Simulate one replication, whatever its number, and give its metrics, NaN where undefined.

    Raises ValueError for an unknown metric.
    """
    found = outcomes(trial.one(replication), metrics)
    return {name: float(found[name].per_replication[0]) for name in metrics}
