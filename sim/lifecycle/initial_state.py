"""Where a run begins: the state of a world before anything has happened."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand.sim.jit.structs import fresh, table
from evenhand.sim.lifecycle.state import (
    EVENT_FIELDS,
    INFINITE,
    BuyerState,
    DeskState,
    FirmState,
    Hearsay,
    MarketState,
    MerchantState,
    Progress,
    State,
    most_events,
)
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.vocabulary import DESKS


def fresh_state(world: World, staff: NDArray[np.int32], *, events: bool) -> State:
    """The state of a whole world before anything has happened; without `events` none are kept."""
    n = len(world.cases)
    disputes: Any = fresh(Progress, n, number=np.arange(n))
    return fresh_people(world, staff)._replace(
        disputes=disputes, events=np.empty((n * most_events(world) if events else 0, EVENT_FIELDS))
    )


def fresh_people(world: World, staff: NDArray[np.int32]) -> State:
    """The state of the people of a world, without disputes."""
    buyers: Any = world.buyers
    merchants: Any = world.merchants
    told: Any = world.told
    rows: dict[str, Any] = {
        "disputes": fresh(Progress, 0),
        "buyers": fresh_buyers(world, buyers),
        **fresh_market(world, merchants),
        "desks": table(DeskState, len(DESKS), staff=staff),
        "hearsay": fresh(
            Hearsay, len(told), claims=told["claims"], granted=told["granted"], at=world.habits.case_time
        ),
        "firms": fresh(FirmState, len(world.parameters.firm_ends)),
    }
    return State(
        **rows,
        arbiter_cases=np.zeros(len(world.arbiter_level), np.int64),
        events=np.empty((0, EVENT_FIELDS)),
        counters=np.zeros(8, np.int64),
    )


def fresh_buyers(world: World, buyers: Any) -> Any:
    """Buyers with what they remember; that fades, as what is told, from when the first disputes end."""
    past = ("own_claims", "own_granted", "made_up", "made_up_granted")
    return fresh(
        BuyerState,
        len(buyers),
        trust=buyers["trust"],
        active=buyers["present"],
        claimed_at=world.habits.case_time,
        **{name: buyers[name] for name in past},
    )


def first_rating(world: World) -> NDArray[np.float64]:
    """Rating of each merchant at the start: declared for its group, or that of its standing at rest."""
    merchants: Any = world.merchants
    declared = merchants["rating"]
    if not world.habits.standing_enabled:
        return np.asarray(declared.copy())
    return np.asarray(declared / (declared + (1.0 - declared) * merchants["rest_standing"]))


def fresh_market(world: World, merchants: Any) -> dict[str, Any]:
    """Merchants and their market at the rest point, with what they remember; see `sim.sampling.rest_point`.

    Memories begin to run where the first disputes end, after `care.case_time`.
    """
    habits = world.habits
    hours = min(int(habits.case_time), len(world.market_time) - 1)
    counted, open_ = world.market_time[hours], merchants["vacant_until"] <= 0.0
    cost_orders = merchants["orders"] * habits.care_memory / 24.0
    mark_orders = merchants["orders"] * habits.standing_memory / 24.0
    sums = {
        "cost": cost_orders * merchants["rest_cost"],
        "cost_orders": cost_orders,
        "marks": mark_orders * merchants["rest_marks"],
        "mark_orders": mark_orders,
    }
    lives: Any = world.lives
    lasts = lives["lasts"][:: world.lives_each] if world.lives_each > 1 else INFINITE
    rows = fresh(
        MerchantState,
        len(merchants),
        rating=first_rating(world),
        standing=merchants["rest_standing"],
        active=open_,
        sales=np.where(open_, 1.0, 0.0),
        vacant_until=merchants["vacant_until"],
        counted_at=counted,
        counted_sold=counted,
        lasts=lasts,
        **sums,
    )
    totals = {name: float(column.sum()) for name, column in sums.items()}
    sales = float(merchants["sales"] @ rows["sales"])
    return {"merchants": rows, "market": fresh(MarketState, 1, counted_at=counted, sales=sales, **totals)}
