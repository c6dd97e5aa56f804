"""Round sums: people who offer part of the price think in tenths of it or in round money."""

from __future__ import annotations

from evenhand.sim.lifecycle.transitions import stage
from evenhand.sim.sampling.world_rows import World

_TOLERANCE = 1e-9
"""Of a unit: what a rounding of the last digit must not move to the next one."""


@stage
def unit_of(d: int, sum_: float, world: World) -> float:
    """The step in which a merchant of this habit thinks about a sum of this size, in money."""
    case = world.cases[d]
    if case.rounding < 2:
        return case.amount / (10.0 if case.rounding == 0 else 20.0)
    coarse = case.rounding == 2
    if sum_ < 15.0:
        return 5.0
    if sum_ < 60.0:
        return 10.0
    if sum_ < 250.0:
        return 50.0 if coarse else 10.0
    if sum_ < 1000.0:
        return 100.0 if coarse else 50.0
    return 100.0


@stage
def round_sum_from(d: int, least: float, world: World) -> float:
    """The smallest round sum of at least so much, and of one step at least."""
    unit = unit_of(d, least, world)
    steps = int(least / unit - _TOLERANCE) + 1 if least > 0.0 else 1
    return steps * unit


@stage
def round_sum_to(d: int, most: float, world: World) -> float:
    """The greatest round sum of at most so much; 0 where not even one step fits."""
    if most <= 0.0:
        return 0.0
    unit = unit_of(d, most, world)
    return int(most / unit + _TOLERANCE) * unit
