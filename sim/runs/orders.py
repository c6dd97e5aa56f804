"""How many orders there were: what disputes are measured against."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, pdtr

from evenhand.sim.sampling import streams
from evenhand.sim.sampling.streams import Luck
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.scenario import Scenario


def count_orders(scenario: Scenario, world: World, sold: NDArray[np.float64], luck: Luck) -> Any:
    """Orders of each merchant: Poisson counts for what it could sell in the market time it sold in.

    `sold` is the merchant's market time weighted by its sales, up to the horizon; shape (merchants,).
    """
    merchants: Any = world.merchants
    mean = scenario.market.orders_per_day * merchants["sales"] * sold
    return poisson_quantile(luck.uniforms(streams.ORDERS, 0, len(mean)), mean)


def poisson_quantile(u: NDArray[np.float64], mean: NDArray[np.float64]) -> NDArray[np.int64]:
    """The least counts that Poisson counts of these means stay at or below with a chance of at least u.

    Begins where Cornish and Fisher (1938) end, with what skewness adds to the normal quantile, and looks
    on from there.
    """
    z = ndtri(u)
    count = np.maximum(np.floor(mean + np.sqrt(mean) * z + (z * z - 1.0) / 6.0), 0.0)
    while (less := (count > 0.0) & (pdtr(count - 1.0, mean) >= u)).any():
        count -= less
    while (more := pdtr(count, mean) < u).any():
        count += more
    return count.astype(np.int64)
