"""Dispute-mini with Mesa's event scheduler, desks as heaps of our own (Mesa has none), and our stages."""

from __future__ import annotations

from heapq import heappop, heappush

import mesa
from mesa.experimental.devs import DEVSimulator

from benchmarks.mini.model import MiniOutcome, Tape
from benchmarks.mini.plain import Plain
from evenhand.sim.lifecycle.codes import END, NO_DESK


class Court(mesa.Model):  # type: ignore[misc]
    """The simulator, the desks and who waits there."""

    def __init__(self, court: Plain) -> None:
        super().__init__(seed=1)
        self.court = court
        self.simulator = DEVSimulator()
        self.simulator.setup(self)
        self.lines: list[list[tuple[float, int, float, tuple[int, int, int]]]] = [[] for _ in court.desks]
        self.joined = 0
        self.arrive(0)

    def after(self, hours: float, then: tuple[int, int, int]) -> None:
        """Let a dispute wake up: (stage, dispute, the desk that it leaves)."""
        self.simulator.schedule_event_relative(self.move, hours, function_args=then)

    def arrive(self, number: int) -> None:
        """Wait for the next dispute."""
        if number < len(self.court.gaps):
            self.simulator.schedule_event_relative(
                self.begin, self.court.gaps[number], function_args=[number]
            )

    def begin(self, number: int) -> None:
        """A dispute arrives."""
        self.arrive(number + 1)
        self.move(0, number, NO_DESK)

    def move(self, at: int, number: int, held: int) -> None:
        """Wake up, from waiting or from a desk."""
        if held != NO_DESK:
            self.leave(held)
        then, hours, room, priority = self.court.step(at, number, self.simulator.time)
        if then == END:
            return
        again = (then, number, room)
        if room == NO_DESK:
            self.after(hours, again)
        elif self.court.desks[room].busy < self.court.desks[room].staff:
            self.court.desks[room].busy += 1
            self.after(hours, again)
        else:
            heappush(self.lines[room], (priority, self.joined, hours, again))
            self.joined += 1

    def leave(self, room: int) -> None:
        """Somebody at a desk is free."""
        if self.lines[room]:
            _, _, hours, again = heappop(self.lines[room])
            self.after(hours, again)
        else:
            self.court.desks[room].busy -= 1


def run(tape: Tape) -> MiniOutcome:
    """Move all disputes of a tape, until the last is closed."""
    court = Plain(tape)
    Court(court).simulator.run_until(1e300)
    return court.outcome()
