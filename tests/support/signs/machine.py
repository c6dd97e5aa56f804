"""Sign 10: a model whose errors are shared errs as often, and spreads worlds further apart."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import stats

from evenhand.sim.lifecycle import codes
from evenhand.sim.runs.records import Run
from tests.support import court, patch
from tests.support.runs import compiled
from tests.support.signs.effect import Effect, Floats

WORLDS = 60


def judged(machine: dict[str, Any], days: int = 60, replications: int = WORLDS, **policy: Any) -> Run:
    """A court in which every buyer has evidence of strength 1.5 and a model decides."""
    scenario = court.scenario(patch.lay_over(court.strength(buyer=1.5), {"model": machine}))
    rules = court.policy({"decision": {"decider": "model", **policy}})
    return compiled(scenario, rules, seed=2, replications=replications, days=days, events=False)


def wrong_by_world(run: Run) -> Floats:
    """Share of wrong rulings in each replication."""
    d = run.disputes
    ruled = d["ending"] == codes.RULED
    wrong = d["upheld"] != d["valid"]
    return np.array([wrong[ruled & (d["replication"] == k)].mean() for k in range(run.replications)])


def shared_errors() -> list[Effect]:
    """Mean error and variance between worlds, errors shared beside errors of one's own.

    The court has one claim and one group of buyers, so that all its cases are of one kind. The ratio of
    variances of two normal samples has Fisher's distribution.
    """
    shared = wrong_by_world(judged({"shared_error": 0.8}))
    own = wrong_by_world(judged({"own_error": 0.8}))
    ratio = float(shared.var(ddof=1) / own.var(ddof=1))
    low, high = (ratio / stats.f.ppf(p, WORLDS - 1, WORLDS - 1) for p in (0.975, 0.025))
    return [
        Effect.over(
            "wrong rulings: shared less own errors",
            shared - own,
            "points",
            above=-0.005,
            below=0.005,
            touches=True,
        ),
        Effect("variance between worlds: shared over own", ratio, low, high, WORLDS, "ratio", above=1.9),
    ]
