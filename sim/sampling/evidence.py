"""Evidence as signal detection in log odds: what a party holds, what it weighs, what beliefs mean.

Evidence of strength d about a valid claim weighs N(+d^2/2, d^2) nats towards the buyer, about a claim
that is not valid N(-d^2/2, d^2): a calibrated log-likelihood ratio (Green & Swets 1966; Good 1950).
Independent pieces add, so strengths add in squares.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from evenhand.sim.jit.compile import jit
from evenhand.sim.sampling.world_rows import World

_LIMIT, _PER_NAT = 16, 64
_DECAY_LIMIT, _DECAY_STEPS = 16, 64


@jit
def weight_of(valid: bool, strength: float, normal: float) -> float:
    """Log odds towards the buyer of evidence of some strength, from a standard normal."""
    drift = (0.5 if valid else -0.5) * strength * strength
    return drift + strength * normal


def logistic_table() -> NDArray[np.float64]:
    """The logistic function from -16 to 16 nats, 64 steps a nat; stages interpolate."""
    return np.asarray(expit(np.arange(-_LIMIT * _PER_NAT, _LIMIT * _PER_NAT + 2) / _PER_NAT))


@jit
def chance(world: World, log_odds: float) -> float:
    """Probability that belongs to log odds, from the table; its error is below 1e-5."""
    if log_odds <= -16.0:
        return world.logistic[0]
    if log_odds >= 16.0:
        return world.logistic[2048]
    at = (log_odds + 16.0) * 64.0
    below = int(at)
    low = world.logistic[below]
    return low + (at - below) * (world.logistic[below + 1] - low)


def decay_table() -> NDArray[np.float64]:
    """e to the power of minus u for u from 0 to 16, 64 steps a unit; stages interpolate."""
    return np.asarray(np.exp(-np.arange(_DECAY_LIMIT * _DECAY_STEPS + 2) / _DECAY_STEPS))


@jit
def faded(world: World, u: float) -> float:
    """What is left of 1 after u memories: e to the power of minus u, 0 from 16 on, within 4e-5."""
    if u <= 0.0:
        return 1.0
    if u >= 16.0:
        return 0.0
    at = u * 64.0
    below = int(at)
    high = world.decay[below]
    return high + (at - below) * (world.decay[below + 1] - high)


def faded_all(world: World, u: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same of many at once, after a run: from the same table, by straight lines."""
    table = np.asarray(world.decay)
    return np.asarray(np.interp(u, np.arange(len(table)) / _DECAY_STEPS, table, right=0.0))
