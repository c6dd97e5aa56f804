"""Dispute-mini under the readable clock: the same stages, moved by SimPy."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.mini.model import MERCHANTS, RULES, START_RATING, Case, Outcome, Tape, staff
from benchmarks.mini.stages import Progress, State, World, advance
from sim.clocks.simpy import move_all
from sim.lifecycle.moves import Move
from sim.rows import to_rows
from sim.state import DeskState


def run_simpy(tape: Tape) -> Outcome:
    """Move all disputes of a tape, until the last is closed."""
    world = World(to_rows(tape.cases, Case), None, tape.settles.tolist())
    disputes = [Progress() for _ in world.cases]
    ratings = [START_RATING] * MERCHANTS
    desks = [DeskState(staff=count) for count in staff(tape.rate)]
    state = State(disputes, ratings, desks, None, None)

    def step(at: int, d: int, now: float) -> Move:
        return advance(at, d, now, world, RULES, state)

    arrivals: Any = tape.arrivals.tolist()
    move_all(arrivals, float("inf"), step, lambda _, __, hours: hours, desks)
    code = np.array([one.code for one in disputes], np.uint8)
    return Outcome(code, np.array([one.hours for one in disputes]), np.array(ratings))
