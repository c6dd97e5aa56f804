"""Which beliefs move a difference more than luck does: elementary effects against dummies."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evenhand.analysis.metrics.accumulators import Floats, Ints
from evenhand.analysis.robust.designs import STEP, Screen

SURE = 2.0
"""Standard errors that the floor lies above the mean effect of the dummies."""


class Effects(NamedTuple):
    """What a full swing of each belief, from end to end, does to a difference."""

    size: Floats
    """Mean of the absolute effects (mu* of Campolongo, Cariboni & Saltelli 2007)."""
    mean: Floats
    """Mean effect with its sign."""
    spread: Floats
    """Standard deviation over starts: large where a belief works with others, or is bent."""
    floor: float
    """What luck alone reaches: mean of the dummies and two standard errors; an effect must be above."""

    @property
    def order(self) -> Ints:
        """Beliefs by size, the largest first."""
        return np.argsort(-self.size, kind="stable")

    @property
    def above(self) -> Ints:
        """Beliefs above the floor, the largest first."""
        return np.array([place for place in self.order if self.size[place] > self.floor], np.int64)


def effects(look: Screen, difference: Floats) -> Effects:
    """Elementary effects of a difference at the points of a screening, as changes over a full swing.

    A step of a belief is compared with its start in the same worlds, that of a dummy in other worlds, so the
    floor is never too low. Undefined ones are left out. Shape of `difference`: (points,).
    """
    each = difference.reshape(look.starts, look.size)
    direction = np.sign(look.z.reshape(look.starts, look.size, -1) - look.z[:: look.size][:, None, :])
    step = each[:, 1 : 1 + look.beliefs] - each[:, :1]
    signs = np.stack([direction[:, 1 + place, place] for place in range(look.beliefs)], axis=1)
    swing = step * signs * (2.0 / STEP)
    luck = np.abs(each[:, 1 + look.beliefs :] - each[:, :1]).ravel() * (2.0 / STEP)
    luck = luck[~np.isnan(luck)]
    floor = np.inf
    if len(luck) > 1:
        floor = float(luck.mean() + SURE * luck.std(ddof=1) / np.sqrt(len(luck)))
    known = ~np.isnan(swing)
    count = np.maximum(known.sum(axis=0), 1)
    filled = np.where(known, swing, 0.0)
    mean = filled.sum(axis=0) / count
    size = np.abs(filled).sum(axis=0) / count
    squares = np.where(known, (swing - mean) ** 2, 0.0).sum(axis=0)
    return Effects(size, mean, np.sqrt(squares / np.maximum(count - 1, 1)), floor)
