"""SimPy event loop: one process a dispute.

It knows nothing of disputes: stages return the next transition, and the loop waits and queues. Events at
the same time happen in the order in which they were scheduled, and a desk that becomes free schedules
the next in line before the leaver moves on. SimPy's own resources grant through two more events at
the same time, whose place among others no second clock could match; so a desk here is a heap of
those who wait, and each service is a single event.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from heapq import heappop, heappush

import simpy

from evenhand.sim.lifecycle.codes import END, NO_DESK, ORDER
from evenhand.sim.lifecycle.state import DeskState

Advance = Callable[[int, int, float], tuple[int, float, int, float]]
"""Stages bound to their world, policy and state: (stage, dispute, now) -> move."""
Takes = Callable[[int, float, float], float]
"""(desk, now, working hours) -> hours until that service is over, nights and weekends included."""
Trace = Callable[[float, int, int], None]
"""Told of every wake-up just before it happens: (now, dispute, stage)."""


class Service(simpy.Event):
    """A service that happens, that is ends, some hours after it began."""

    def begin(self, hours: float) -> None:
        """Schedule the end of the service."""
        self._ok, self._value = True, None
        self.env.schedule(self, delay=hours)


class DeskQueue:
    """Staff who take one case at a time; the rest wait by priority, then by order of joining."""

    def __init__(self, env: simpy.Environment, number: int, state: DeskState, takes: Takes) -> None:
        self._env, self._number, self._state, self._takes = env, number, state, takes
        self._waiting_heap: list[tuple[float, int, float, Service]] = []
        self._joined = 0

    def serve(self, hours: float, priority: float) -> Service:
        """Request a service; it starts now, or when its turn comes."""
        service = Service(self._env)
        if self._state.busy < self._state.staff:
            self._state.busy += 1
            self._begin(service, hours)
        else:
            heappush(self._waiting_heap, (priority, self._joined, hours, service))
            self._joined += 1
            self._state.waiting += 1
        return service

    def leave(self) -> None:
        """Free one member of staff: start the next service in the queue, if there is one."""
        if self._waiting_heap:
            _, _, hours, service = heappop(self._waiting_heap)
            self._state.waiting -= 1
            self._begin(service, hours)
        else:
            self._state.busy -= 1

    def _begin(self, service: Service, hours: float) -> None:
        service.begin(self._takes(self._number, float(self._env.now), hours))


def move_all(
    arrivals: Sequence[float],
    horizon: float,
    advance: Advance,
    takes: Takes,
    desks: Sequence[DeskState],
    trace: Trace | None = None,
) -> None:
    """Move every dispute from its arrival on, until the horizon; what is due then does not happen.

    `arrivals` are hours in rising order. They are all scheduled first, so that an arrival comes
    before whatever else is due at its time.
    """
    env = simpy.Environment()
    queues = [DeskQueue(env, number, state, takes) for number, state in enumerate(desks)]

    def dispute(d: int) -> Generator[simpy.Event, None, None]:
        yield env.timeout(arrivals[d])
        at, desk = ORDER, NO_DESK
        while True:
            if desk != NO_DESK:
                queues[desk].leave()
            now = float(env.now)
            if trace is not None:
                trace(now, d, at)
            at, hours, desk, priority = advance(at, d, now)
            if at == END:
                return
            yield env.timeout(hours) if desk == NO_DESK else queues[desk].serve(hours, priority)

    for d in range(len(arrivals)):
        env.process(dispute(d))
    env.run(until=horizon)
