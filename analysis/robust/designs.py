"""Where a robustness study looks: steps for screening, futures that fill the space, single beliefs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evenhand.analysis.metrics.accumulators import Floats, Ints

LEVELS = 4
"""Of a belief in screening: -1, -1/3, 1/3 and 1; a step goes over two of the three gaps (Morris 1991)."""
STEP = 4.0 / 3.0
DUMMIES = 3
"""Factors of a screening that change nothing but the worlds: the floor of luck."""
ALONE = (-1.0, -0.5, 0.5, 1.0)
"""Positions at which the strongest beliefs are tried alone; weaker ones at both ends."""
_SEED_OF_SCREEN = 0x5C4EE4


class Screen(NamedTuple):
    """Points of a screening: from every start one step along each belief, and dummies in other worlds.

    `z` has a row a point; row 0 of each of the `starts` blocks is the start, the next ones are the steps of
    beliefs in their order, the last are the dummies.
    """

    z: Floats
    block: Ints
    """Worlds that a point meets: points of one block and number meet the same."""
    starts: int
    beliefs: int

    @property
    def size(self) -> int:
        """Points of a start."""
        return 1 + self.beliefs + DUMMIES


def screen(beliefs: int, starts: int, seed: int) -> Screen:
    """A radial design of elementary effects: Morris (1991), Technometrics 33; Campolongo et al. (2011).

    Starts are a Latin hypercube on the four levels. Raises ValueError for fewer than two starts.
    """
    if starts < 2:
        raise ValueError(f"screening needs 2 starts or more, found {starts}")
    from scipy.stats import qmc  # here, because it takes a third of a second to load

    source = np.random.default_rng((seed, _SEED_OF_SCREEN))
    u = qmc.LatinHypercube(beliefs, rng=source).random(starts)
    begin = np.minimum(np.floor(u * LEVELS), LEVELS - 1) * (2.0 / (LEVELS - 1)) - 1.0
    rows, block = [], []
    for start in begin:
        rows.append(start)
        for place in range(beliefs):
            step = start.copy()
            step[place] += STEP if start[place] < 0 else -STEP
            rows.append(step)
        rows += [start] * DUMMIES
        block += [0] * (1 + beliefs) + list(range(1, DUMMIES + 1))
    return Screen(np.round(np.array(rows), 12), np.array(block, np.int64), starts, beliefs)


def futures(beliefs: int, count: int, seed: int) -> Floats:
    """Futures that fill the space of beliefs, in [-1, 1]: a Latin hypercube (McKay, Beckman & Conover 1979).

    Shape (futures, beliefs). Raises ValueError for fewer than 16.
    """
    if count < LEAST_FUTURES:
        raise ValueError(f"futures must be {LEAST_FUTURES} or more, found {count}")
    from scipy.stats import qmc  # here, because it takes a third of a second to load

    sampler = qmc.LatinHypercube(beliefs, rng=np.random.default_rng(seed))
    return np.asarray(2.0 * sampler.random(count) - 1.0)


LEAST_FUTURES = 16


class Alone(NamedTuple):
    """The base, and beliefs moved one at a time."""

    z: Floats
    belief: Ints
    """Which one is moved, -1 at the base."""


def alone(beliefs: int, strongest: Ints, detailed: int) -> Alone:
    """The base, both ends of the beliefs named, and the points between for the first `detailed` of them."""
    rows, moved = [np.zeros(beliefs)], [-1]
    for rank, place in enumerate(strongest):
        for at in ALONE if rank < detailed else (ALONE[0], ALONE[-1]):
            row = np.zeros(beliefs)
            row[place] = at
            rows.append(row)
            moved.append(int(place))
    return Alone(np.array(rows), np.array(moved, np.int64))
