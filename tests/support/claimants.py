"""A small market where claims are a choice, and what two rule sets make of it, world by world."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from evenhand.sim.policy.policy import Policy, merge
from evenhand.sim.runs.records import Run
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.vocabulary import REMORSE, VALID_CAUSES
from tests.support import small
from tests.support.runs import compiled

Floats = NDArray[np.float64]
ON: dict[str, Any] = {
    "behaviour": {
        "claims": {
            "enabled": True,
            "returned": 0.625,
            "escalated": 0.2,
            "good_order": 0.03,
            "valid": {"chance": 0.6, "known": 0.6},
        },
        "learning": {"deterrence": 0.0, "emboldening": 0.0},
        "exit": {"merchant_rating": 0.0},
        "ranking": {"slope": 0.0},
    },
    "causes": {
        "remorse": {"dislike": {"a": 2.0, "b": 2.0}},
        **{cause: {"per_thousand_orders": 2.5} for cause in VALID_CAUSES},
    },
    "buyers": {
        "activity_spread": 0.9,
        "proneness": {"sigma": 1.0, "serial_share": 0.005, "serial_rate": 80.0},
    },
    "merchants": {"groups": {name: {"learning": 0.0} for name in ("flagship", "small")}},
}
"""Claims respond; merchants do not, so that what moves is the buyers' doing."""
EVEN = {"buyers": {"activity_spread": 0.0, "proneness": {"sigma": 0.0, "serial_share": 0.0}}}
"""Nobody claims, or orders, more than others of his group."""
YEAR = 365
REPLICATIONS = 6


def market(changes: dict[str, Any] | None = None) -> Scenario:
    """The small market with claims as a choice, with changed fields."""
    return small.scenario(merge(ON, changes or {}))


def lived(scenario: Scenario, policy: Policy, years: int = 2, **how: Any) -> Run:
    """Some years in a few worlds."""
    how = {"seed": 41, "replications": REPLICATIONS, "events": False} | how
    return compiled(scenario, policy, days=years * YEAR + 30, **how)


def claims(run: Run, kinds: str, year: int | None = None, *, filed: bool = False) -> Floats:
    """Claims about orders of one year, or all, by world: 'valid', 'remorse', 'made up' or 'groundless'."""
    columns, cause = run.disputes, run.disputes["cause"]
    mine = {
        "valid": cause < REMORSE,
        "remorse": cause == REMORSE,
        "made up": cause > REMORSE,
        "groundless": cause >= REMORSE,
    }[kinds]
    if year is not None:
        mine = mine & (columns["order_at"] // (24 * YEAR) == year)
    if filed:
        mine = mine & np.isfinite(columns["filed_at"])
    return np.bincount(columns["replication"][mine], minlength=run.replications).astype(float)


def interval(values: Floats) -> tuple[float, float]:
    """Ends of the 95 % t interval of the mean over worlds."""
    half = stats.t.ppf(0.975, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values))
    return float(values.mean() - half), float(values.mean() + half)
