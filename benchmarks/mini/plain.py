"""The stages of dispute-mini bound to a tape in plain Python, for any clock in Python."""

from __future__ import annotations

import numpy as np

from benchmarks.mini.model import MERCHANTS, RULES, START_RATING, MiniCase, MiniOutcome, Tape, staff
from benchmarks.mini.stages import MiniProgress, MiniState, MiniWorld, advance
from evenhand.sim.jit.structs import to_rows
from evenhand.sim.lifecycle.state import DeskState
from evenhand.sim.lifecycle.transitions import Transition


class Plain:
    """A world, and what becomes of it."""

    def __init__(self, tape: Tape) -> None:
        self.gaps: list[float] = tape.gaps.tolist()
        self.arrivals: list[float] = tape.arrivals.tolist()
        self.desks = [DeskState(staff=count) for count in staff(tape.rate)]
        self._world = MiniWorld(to_rows(tape.cases, MiniCase), None, tape.settles.tolist())
        self._disputes = [MiniProgress() for _ in self.gaps]
        self._state = MiniState(self._disputes, [START_RATING] * MERCHANTS, self.desks, None, None)

    def step(self, at: int, d: int, now: float) -> Transition:
        """Do what is due for dispute d at this stage."""
        return advance(at, d, now, self._world, RULES, self._state)

    def outcome(self) -> MiniOutcome:
        """What became of every dispute and merchant."""
        code = np.array([one.code for one in self._disputes], np.uint8)
        hours = np.array([one.hours for one in self._disputes])
        return MiniOutcome(code, hours, np.array(self._state.ratings))
