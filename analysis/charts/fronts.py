"""Which policies are on the front: not beaten in one of two metrics without being better in the other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DRAWS = 2000


def on_front(costs: Floats) -> NDArray[np.bool_]:
    """Who is beaten by nobody; `costs` has shape (..., policies, metrics), lower is better.

    One beats another that is no better in any metric and worse in one; equals do not beat each other.
    """
    one, other = costs[..., :, None, :], costs[..., None, :, :]
    beats = np.logical_and(np.all(one <= other, axis=-1), np.any(one < other, axis=-1))
    return np.asarray(~np.any(beats, axis=-2))


def front_probability(values: Floats, higher: tuple[bool, ...], *, seed: int, draws: int = DRAWS) -> Floats:
    """How sure it is that each policy is on the front, one number a policy.

    `values` has shape (worlds, policies, metrics); `higher` says of each metric whether more of it is
    better. Formula: share of resamples of the worlds, drawn with replacement and with all policies
    together, in whose means the policy is beaten by none. A world with a NaN is left out; NaN with
    fewer than two worlds. Source: Efron and Tibshirani (1993) for the bootstrap.
    """
    known = values[~np.isnan(values).any(axis=(1, 2))]
    worlds, policies = len(known), values.shape[1]
    if worlds < 2:
        return np.full(policies, np.nan)
    costs = known * np.where(higher, -1.0, 1.0)
    rng = np.random.default_rng([seed, 0x9A2E70])
    times = rng.multinomial(worlds, np.full(worlds, 1 / worlds), size=draws)
    means = np.tensordot(times, costs, axes=1) / worlds
    # All means are sums in the same order, so that equal policies stay equal and share the front.
    return np.asarray(on_front(means).mean(axis=0))
