"""Shipped scenarios in a size that SimPy walks in a second."""

from __future__ import annotations

from evenhand import scenarios
from evenhand.sim.scenario.scenario import Scenario

ORDERS_PER_DAY = 400
"""Few enough for every shipped policy; a panel of dozens draws many votes."""


def small_market(world: str, orders_per_day: float = ORDERS_PER_DAY) -> Scenario:
    """A shipped scenario with fewer orders, where it has many; all of its days count."""
    whole = scenarios.load(world)
    fewer = min(whole.market.orders_per_day, orders_per_day)
    market = whole.market.model_copy(update={"orders_per_day": fewer})
    return whole.model_copy(update={"market": market, "start_up": 0.0})


def tenth(whole: Scenario) -> Scenario:
    """A scenario with a tenth of its orders and of its buyers, so that each of them orders as often."""
    market = whole.market.model_copy(update={"orders_per_day": whole.market.orders_per_day / 10})
    buyers = whole.buyers.model_copy(update={"count": whole.buyers.count // 10})
    return whole.model_copy(update={"market": market, "buyers": buyers})
