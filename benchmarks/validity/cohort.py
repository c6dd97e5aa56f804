"""Filings of a first part of a run, followed to its end: what a tribunal's own statistics count."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.validity.finding import Figure, over_worlds
from benchmarks.validity.worlds import laid_over, lived
from evenhand import scenarios, sim
from evenhand.sim.runs.records import Columns

Rule = Callable[[Columns], NDArray[np.bool_]]
DAYS, FOLLOWED = 540, 240
"""Length of a run, and how long the last filing that counts is followed."""
CALM, PEOPLE = "tmall_unresponsive", "tmall"
"""Where a study is judged, and where it is run once more: the same market, whose people respond."""
ELSEWHERE = "nyc_mediation"
"""Where it is also run, not judged: parties of a public mediator instead of a marketplace."""
SHARES = {CALM: 0.1, PEOPLE: 0.1, ELSEWHERE: 0.3}
"""Of the orders of each scenario, so that there are enough filings and no more."""


def market(name: str) -> sim.Scenario:
    """A shipped scenario with fewer orders and no festivals: worlds that take little time.

    Where claims are a choice, buyers are fewer too, so that each orders as often and has as much to go by.
    """
    shipped = scenarios.load(name)
    fewer = shipped.market.orders_per_day * SHARES[name]
    changes: dict[str, Any] = {"market": {"orders_per_day": fewer, "festivals": []}}
    if shipped.behaviour.claims.enabled:
        changes["buyers"] = {"count": round(shipped.buyers.count * SHARES[name])}
    return laid_over(shipped, changes)


def endings(
    market_name: str, policy: sim.Policy, rules: Mapping[str, Rule], worlds: int
) -> tuple[dict[str, list[float]], list[float], list[int]]:
    """The share of each kind of ending among the filings that ended, by world; mean days to it; filings.

    A filing that is still open at the end of the run is not among them.
    """
    shares: dict[str, list[float]] = {name: [] for name in rules}
    stays: list[float] = []
    counts: list[int] = []
    for disputes in lived(market(market_name), policy, worlds, DAYS):
        filed, closed = disputes["filed_at"], disputes["closed_at"]
        counted = (filed < 24.0 * (DAYS - FOLLOWED)) & ~np.isnan(closed)
        for name, rule in rules.items():
            shares[name].append(float(rule(disputes)[counted].mean()) if counted.any() else float("nan"))
        stays.append(float((closed - filed)[counted].mean()) / 24 if counted.any() else float("nan"))
        counts.append(int(counted.sum()))
    return shares, stays, counts


def shares_in(
    market_name: str,
    policy: sim.Policy,
    rules: Mapping[str, Rule],
    told: Mapping[str, tuple[str, str, tuple[float, float]]],
    worlds: int,
) -> list[Figure]:
    """A figure for each kind of ending: its name, what is published, and what is near that."""
    shares, _, counts = endings(market_name, policy, rules, worlds)
    return [
        over_worlds(name, published, shares[key], counts, "share", near)
        for key, (name, published, near) in told.items()
    ]
