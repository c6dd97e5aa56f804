"""Eager sampling of all disputes of a world: for SimPy, and for audits that change whole worlds."""

from __future__ import annotations

from typing import Any

from sim.arrivals import Arrivals
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
def _draw(world: World, positions: Any) -> None:
    there = by_address(world)
    for d in range(len(positions)):
        i = positions[d]
        draw_parties(there, d, d, i)
        draw_complaint(there, d, i)
        for k in range(1, there.rounds):
            draw_talk(there, d, i, k)
        draw_filing(there, d, i)


def draw_rows(frame: World, luck: Luck, coming: Arrivals) -> World:
    """The frame with these candidates, and all that this luck has for them."""
    rows: dict[str, Any] = {
        name: table(ROWS[name], len(coming.hours) * each) for name, each in rows_each(frame).items()
    }
    rows["cases"]["order_at"] = coming.hours
    world = frame._replace(**rows, book=lucky(frame.book, luck), on_demand=False)
    _draw(with_record(world), coming.positions)
    return world
