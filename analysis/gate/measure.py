"""Metrics of one replication, whose records nobody needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from evenhand.analysis.gate.verdict import Reading
from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.metric import Metric
from evenhand.analysis.metrics.overload import flow
from evenhand.analysis.metrics.registry import outcomes
from evenhand.sim.runs.trial import Trial


class Measured(NamedTuple):
    """One replication: its metrics, and what came to its desks (see `metrics.overload.flow`)."""

    readings: dict[str, Reading]
    flow: Floats


def measure(trial: Trial, metrics: Sequence[str | Metric], replication: int) -> Measured:
    """Simulate one replication, whatever its number, and give its metrics.

    Raises ValueError for an unknown metric.
    """
    run = trial.one(replication)
    found = outcomes(run, metrics)
    readings = {name: Reading(float(one.per_replication[0]), one.n) for name, one in found.items()}
    return Measured(readings, flow(Cells(run)))
