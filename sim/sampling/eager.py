"""Eager sampling of all disputes of a world: for SimPy, and for audits that change whole worlds."""

from __future__ import annotations

from typing import Any

from evenhand.sim.jit.cache import compiled
from evenhand.sim.jit.struct_pointer import by_address
from evenhand.sim.jit.structs import table
from evenhand.sim.sampling.arrivals import Arrivals
from evenhand.sim.sampling.grievance import draw_complaint, draw_evidence, draw_talk
from evenhand.sim.sampling.parties import draw_parties
from evenhand.sim.sampling.philox import lucky
from evenhand.sim.sampling.proceedings import draw_filing
from evenhand.sim.sampling.streams import Luck
from evenhand.sim.sampling.world_rows import ROWS, World, rows_each, with_record


@compiled
def _draw(world: World, positions: Any) -> None:
    there = by_address(world)
    for d in range(len(positions)):
        i = positions[d]
        draw_parties(there, d, d, i)
        draw_complaint(there, d, i)
        draw_evidence(there, d, i)
        for k in range(1, there.rounds):
            draw_talk(there, d, i, k)
        draw_filing(there, d, i)


def draw_rows(frame: World, luck: Luck, coming: Arrivals) -> World:
    """The frame with these candidates, and all that this luck has for them."""
    rows: dict[str, Any] = {
        name: table(ROWS[name], len(coming.hours) * each) for name, each in rows_each(frame).items()
    }
    rows["cases"]["order_at"] = coming.hours
    world = frame._replace(**rows, parameters=lucky(frame.parameters, luck), on_demand=False)
    _draw(with_record(world), coming.positions)
    return world
