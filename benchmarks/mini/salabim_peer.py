"""Dispute-mini with salabim: a component a dispute, a resource a desk, and our stages."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import salabim

from benchmarks.mini.model import MiniOutcome, Tape
from benchmarks.mini.plain import Plain
from evenhand.sim.lifecycle.codes import END, NO_DESK


class DisputeProcess(salabim.Component):  # type: ignore[misc]
    """One dispute on its way."""

    def setup(self, court: Plain, desks: list[Any], number: int) -> None:
        """Called by salabim with what the component is made with."""
        self.court, self.desks, self.number = court, desks, number

    def process(self) -> Generator[Any, None, None]:
        """Wait, or be served, until it is over."""
        at = 0
        while True:
            at, hours, desk, priority = self.court.step(at, self.number, self.env.now())
            if at == END:
                return
            if desk == NO_DESK:
                yield self.hold(hours)
            else:
                yield self.request((self.desks[desk], 1, priority))
                yield self.hold(hours)
                self.release(self.desks[desk])


class ArrivalProcess(salabim.Component):  # type: ignore[misc]
    """One dispute after the other."""

    def setup(self, court: Plain, desks: list[Any]) -> None:
        """Called by salabim with what the component is made with."""
        self.court, self.desks = court, desks

    def process(self) -> Generator[Any, None, None]:
        """Wait for the gap, let the next one begin."""
        for number, gap in enumerate(self.court.gaps):
            yield self.hold(gap)
            DisputeProcess(court=self.court, desks=self.desks, number=number)


def run(tape: Tape) -> MiniOutcome:
    """Move all disputes of a tape, until the last is closed."""
    salabim.yieldless(False)
    environment = salabim.Environment(trace=False)
    court = Plain(tape)
    desks = [salabim.Resource(capacity=desk.staff, monitor=False) for desk in court.desks]
    ArrivalProcess(court=court, desks=desks)
    environment.run()
    return court.outcome()
