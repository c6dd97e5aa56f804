"""Metrics of one replication, whose records nobody needs."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.outcomes import outcomes
from sim.policy import Policy
from sim.replications import gather
from sim.scenario import Scenario
from sim.trials import replicate


def measure(
    scenario: Scenario, policy: Policy, metrics: Sequence[str], *, seed: int, days: int, clock: str,
    replication: int,
) -> dict[str, float]:  # fmt: skip
    """Simulate one replication, whatever its number, and give its metrics, NaN where undefined.

    Scenario, policy, days and clock are such as `sim.replications.plan` lets pass. Raises ValueError
    for an unknown metric.
    """
    part = replicate(scenario, policy, seed, replication, days, clock)
    found = outcomes(gather([part], scenario, policy, seed, days, clock), metrics)
    return {name: float(found[name].per_replication[0]) for name in metrics}
