"""Metrics of one replication after the other, simulated when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis.outcomes import outcomes
from sim.policy import Policy
from sim.replications import gather, iterate
from sim.scenario import Scenario


def measure(
    scenario: Scenario, policy: Policy, metrics: Sequence[str], *, seed: int, days: int, most: int
) -> Iterator[dict[str, float]]:
    """Give the metrics of each of at most `most` replications, NaN where undefined.

    No records are kept, so a long gate needs no more memory than a short one. Raises DoesNotFit where
    scenario and policy cannot run together, ValueError for an unknown metric.
    """
    for part in iterate(scenario, policy, seed=seed, replications=most, days=days):
        run = gather([part], scenario, policy, seed, days, "auto")
        found = outcomes(run, metrics)
        yield {name: float(found[name].per_replication[0]) for name in metrics}
