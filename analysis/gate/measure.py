"""Metrics of one replication, whose records nobody needs."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.gate.verdict import Reading
from analysis.outcomes import outcomes
from sim.replications import gather
from sim.trials import Trial


def measure(
    trial: Trial, metrics: Sequence[str], *, seed: int, clock: str, replication: int
) -> dict[str, Reading]:
    """Simulate one replication, whatever its number, and give its metrics.

    Days and clock are such as `sim.replications.plan` lets pass. Raises ValueError for an unknown metric.
    """
    part = trial.replicate(seed, replication, clock)
    found = outcomes(gather([part], trial.scenario, trial.policy, seed, trial.days, clock), metrics)
    return {name: Reading(float(found[name].per_replication[0]), found[name].n) for name in metrics}
