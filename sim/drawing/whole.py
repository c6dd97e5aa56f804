"""Eager sampling of all disputes of a world: for SimPy, and for audits that change whole worlds."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.clocks.address import by_address
from sim.clocks.cache import compiled
from sim.drawing.complaint import draw_complaint, draw_talk
from sim.drawing.filing import draw_filing
from sim.drawing.parties import draw_parties
from sim.drawing.philox import lucky
from sim.draws import Luck
from sim.layout import ROWS, World, rows_each, with_record
from sim.rows import table


@compiled
def _draw(world: World, n: int) -> None:
    there = by_address(world)
    for d in range(n):
        draw_parties(there, d, d)
        draw_complaint(there, d, d)
        for k in range(1, there.rounds):
            draw_talk(there, d, d, k)
        draw_filing(there, d, d)


def draw_rows(frame: World, luck: Luck, times: NDArray[np.float64]) -> World:
    """The frame with the candidates that arise at these times, all that this luck has for them."""
    rows: dict[str, Any] = {
        name: table(ROWS[name], len(times) * each) for name, each in rows_each(frame).items()
    }
    rows["cases"]["order_at"] = times
    world = frame._replace(**rows, book=lucky(frame.book, luck), on_demand=False)
    _draw(with_record(world), len(times))
    return world
