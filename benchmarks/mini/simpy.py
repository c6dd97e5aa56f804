"""Dispute-mini under the SimPy engine: the same stages, moved by SimPy."""

from __future__ import annotations

from benchmarks.mini.model import MiniOutcome, Tape
from benchmarks.mini.plain import Plain
from evenhand.sim.engine.simpy_loop import move_all


def run_simpy(tape: Tape) -> MiniOutcome:
    """Move all disputes of a tape, until the last is closed."""
    court = Plain(tape)
    move_all(court.arrivals, float("inf"), court.step, lambda _, __, hours: hours, court.desks)
    return court.outcome()
