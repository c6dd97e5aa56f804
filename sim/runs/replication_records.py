"""Parts of the records: what one replication, or some of its disputes, leave behind."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from evenhand.sim.lifecycle.initial_state import first_rating
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


def desk_columns(state: State, replication: int) -> Columns:
    """One row a desk: staff, and who was there at the end."""
    desks: Any = state.desks
    n = len(desks)
    return {
        "replication": np.full(n, replication, np.int32),
        "desk": np.arange(n, dtype=np.int32),
        **{name: desks[name].copy() for name in ("staff", "busy", "waiting")},
    }
