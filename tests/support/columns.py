"""Columns of what belongs to disputes, straight from NumPy's generator."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand.sim.sampling.streams import Draw, Luck

PLACES = 1 << 32


def uniforms_at(luck: Luck, draw: Draw, positions: NDArray[Any], slot: int = 0) -> NDArray[np.float64]:
    """The uniforms of a draw at these positions, in their order."""
    found = np.empty(len(positions))
    for merchant in np.unique(positions // PLACES):
        mine = positions // PLACES == merchant
        places = positions[mine] % PLACES
        first = int(places.min())
        column = luck.uniforms(draw, int(merchant) * PLACES + first, int(places.max()) - first + 1, slot)
        found[mine] = column[places - first]
    return found
