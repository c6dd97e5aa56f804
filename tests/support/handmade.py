"""Runs written down row by row, so that every metric can be worked out on paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

import numpy as np

from evenhand.sim.jit.structs import Mark, marked
from evenhand.sim.lifecycle.codes import ACTIVITIES
from evenhand.sim.lifecycle.state import Progress
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.records import Run
from evenhand.sim.runs.trial import staff_of
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.vocabulary import CAUSES, DESKS, ENDINGS, FITS_FULL
from tests.support import small

_CASE = {
    "replication": 0,
    "dispute": 0,
    "buyer": 0,
    "merchant": 0,
    "buyer_group": 0,
    "merchant_group": 0,
    "cause": 0,
    "claimed": 0,
    "valid": True,
    "amount": 100.0,
    "deserved": 1.0,
    "severity": 1.0,
    "adequate": FITS_FULL,
    "loss": 0.0,
    "effort": 0.0,
    "salvage": 0.0,
    "category": 0,
    "buyer_forges": False,
    "buyer_strength": 0.0,
    "buyer_weight": 0.0,
    "merchant_strength": 0.0,
    "merchant_weight": 0.0,
}
_PROGRESS = {f.name: f.default for f in fields(Progress) if f.name not in marked(Progress, Mark.UNRECORDED)}
DEFAULTS: dict[str, Any] = {**_CASE, **_PROGRESS, "opened_at": 0.0}
"""A dispute of which nothing has been said yet."""

Row = dict[str, Any]


def row(ending: str, **changes: Any) -> Row:
    """A dispute that ended like this at hour 10, unless it says otherwise; causes by name."""
    made: Row = {"ending": ENDINGS.index(ending), "closed_at": np.nan if ending == "open" else 10.0}
    made |= changes
    for name in ("cause", "claimed"):
        if name in made:
            made[name] = CAUSES.index(made[name])
    return {**DEFAULTS, **made}


def run(
    rows: Sequence[Row],
    *,
    replications: int = 1,
    days: int = 10,
    orders: Sequence[int] = (300, 200),
    silent: Sequence[int] = (0, 0),
    scenario: Scenario | None = None,
    events: Sequence[tuple[int, int, float, str, int]] = (),
    policy: Policy | None = None,
) -> Run:
    """A run of these disputes in the small scenario, or another one with two groups of merchants.

    `orders` are those of the merchants, the first in group 0 and the others in group 1; `silent` are the
    grievances of their customers that nobody heard of, the last number for all that follow; `events` are
    (replication, case, time, activity, resource).
    """
    scenario = scenario or small.scenario()
    n, groups = len(orders), len(scenario.buyer_groups)
    disputes = {name: np.array([r[name] for r in rows], type(d)) for name, d in DEFAULTS.items()}
    disputes["dispute"] = np.arange(len(rows))
    log = list(zip(*events, strict=True)) or [()] * 5
    return Run(
        scenario=scenario,
        policy=policy or small.policy(),
        seed=1,
        replications=replications,
        days=days,
        engine="simpy",
        open_loop=False,
        disputes=disputes,
        events={
            "replication": np.array(log[0], int),
            "case": np.array(log[1], int),
            "time": np.array(log[2], float),
            "activity": np.array([ACTIVITIES.index(str(a)) for a in log[3]], int),
            "resource": np.array(log[4], int),
        },
        merchants={
            "replication": np.repeat(np.arange(replications), n),
            "merchant": np.tile(np.arange(n), replications),
            "merchant_group": np.tile(np.minimum(np.arange(n), 1), replications),
            "orders": np.tile(orders, replications),
            "silent": np.tile([silent[min(m, len(silent) - 1)] for m in range(n)], replications),
            "silent_loss": np.tile(np.arange(n) * 50.0, replications),
            "start_rating": np.full(n * replications, 0.8),
            "rating": np.tile(np.linspace(0.7, 0.8, n), replications),
            "active": np.tile(np.arange(n) > 0, replications),
            "problem": np.tile(np.linspace(1.0, 0.5, n), replications),
            "suspensions": np.tile(np.arange(n), replications),
            "exits": np.full(n * replications, 2),
            "life": np.ones(n * replications, int),
            "entries": np.ones(n * replications, int),
        },
        desks={
            "replication": np.repeat(np.arange(replications), len(DESKS)),
            "desk": np.tile(np.arange(len(DESKS)), replications),
            "staff": np.tile(staff_of(scenario), replications),
        },
        buyers={
            "replication": np.repeat(np.arange(replications), groups),
            "buyer_group": np.tile(np.arange(groups), replications),
            "buyers": np.full(groups * replications, 40),
            "active": np.full(groups * replications, 37),
            "let_down": np.tile(np.arange(groups), replications),
            "exits": np.full(groups * replications, 2.5),
            "returns": np.full(groups * replications, 1.5),
        },
    )
