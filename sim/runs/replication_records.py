"""Parts of the records: what one replication, or some of its disputes, leave behind."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from evenhand.sim.lifecycle.initial_state import first_rating
from evenhand.sim.lifecycle.presence import MONTH, buying_at_the_end
from evenhand.sim.lifecycle.sales import sold_at_the_end
from evenhand.sim.lifecycle.state import State
from evenhand.sim.runs.orders import count_orders
from evenhand.sim.runs.records import Columns
from evenhand.sim.sampling.streams import Luck
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.scenario import Scenario

_BECAME = (
    *("rating", "active", "problem", "reply", "sales", "points"),
    *("standing", "life", "suspensions", "exits", "entries", "comebacks"),
)
"""What became of a merchant, as its record says it."""


class Part(NamedTuple):
    """Some of the records of one replication; a table without columns says nothing of it."""

    disputes: Columns
    events: Columns
    merchants: Columns
    desks: Columns
    buyers: Columns


def merchant_columns(scenario: Scenario, world: World, state: State, luck: Luck, horizon: float) -> Columns:
    """One row a merchant: traits, what became of it, and its orders."""
    traits: Any = world.merchants
    became: Any = state.merchants
    sold = sold_at_the_end(world, state, horizon)
    n = len(traits)
    return {
        "replication": np.full(n, luck.replication, np.int32),
        "merchant": np.arange(n, dtype=np.int32),
        "merchant_group": traits["group"].copy(),
        "orders": count_orders(scenario, world, sold, luck),
        "start_rating": first_rating(world),
        "declared_problems": traits["problems"].copy(),
        "silent": became["silent"].copy(),
        "silent_loss": became["silent_loss"].copy(),
        **{name: became[name].copy() for name in _BECAME},
    }


def buyer_columns(scenario: Scenario, world: World, state: State, luck: Luck, horizon: float) -> Columns:
    """One row a group of buyers: how many there are, buy at the end, stop buying and come back.

    Who stops by himself and who comes back is expected of the two rates, since nobody sees it: the hours of
    buying times `leaves`, and those away times `returns`. Who was let down is counted one by one.
    """
    traits: Any = world.buyers
    became: Any = state.buyers
    habits, groups = world.habits, len(scenario.buyer_groups)

    def of_groups(values: Any) -> Any:
        return np.bincount(traits["group"], weights=values, minlength=groups)

    buyers = np.bincount(traits["group"], minlength=groups)
    let_down = of_groups(became["let_down"])
    leaves = returns = np.zeros(groups)
    if habits.claims_enabled and habits.claims_leaves > 0.0:
        hours = max(0.0, min(horizon, habits.counted_until) - habits.counted_since)
        buying = of_groups(buying_at_the_end(world, state, horizon))
        leaves = habits.claims_leaves * buying / MONTH
        returns = habits.claims_returns * (buyers * hours - buying) / MONTH
    return {
        "replication": np.full(groups, luck.replication, np.int32),
        "buyer_group": np.arange(groups, dtype=traits["group"].dtype),
        "buyers": buyers.astype(np.int32),
        "active": of_groups(became["active"]).astype(np.int32),
        "let_down": let_down.astype(np.int32),
        "exits": leaves + let_down,
        "returns": returns,
    }


def desk_columns(state: State, replication: int) -> Columns:
    """One row a desk: staff, and who was there at the end."""
    desks: Any = state.desks
    n = len(desks)
    return {
        "replication": np.full(n, replication, np.int32),
        "desk": np.arange(n, dtype=np.int32),
        **{name: desks[name].copy() for name in ("staff", "busy", "waiting")},
    }
