"""SimPy event loop: one process a dispute.

It knows nothing of disputes: stages return the next transition, and the loop waits and queues. Events at
the same time happen in the order in which they were scheduled, and a desk that becomes free schedules
the next in line before the leaver moves on. SimPy's own resources grant through two more events at
the same time, whose place among others no second engine could match; so a desk here is a heap of
those who wait, and each service is a single event. Who loses patience in a line is woken by a single
event as well, which was scheduled when it joined; a change of staff comes before all else at its time.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from functools import partial
from heapq import heappop, heappush
from math import inf
from typing import NamedTuple

import simpy

from evenhand.sim.lifecycle.codes import END, LEFT_QUEUE, NO_DESK, ORDER
from evenhand.sim.lifecycle.state import DeskState

Advance = Callable[[int, int, float], tuple[int, float, int, float]]
"""Stages bound to their world, policy and state: (stage, dispute, now) -> move."""
Takes = Callable[[int, float, float], float]
"""(desk, now, working hours) -> hours until that service is over, nights and weekends included."""
Trace = Callable[[float, int, int], None]
"""Told of every wake-up just before it happens: (now, dispute, stage)."""
Stays = Callable[[int, float], float]
"""(dispute, now) -> hours from now after which it leaves a line; infinite where it never does."""
Change = tuple[float, int, int]
"""From this hour on this desk has so many staff."""


class Service(simpy.Event):
    """A service that happens, that is ends, some hours after it began; its value says if it took place."""

    def begin(self, hours: float, *, served: bool = True) -> None:
        """Schedule the end of the service, or of the patience to wait for it."""
        self._ok, self._value = True, served
        self.env.schedule(self, delay=hours)


class Waiting(NamedTuple):
    """Somebody in a line, by priority and then by order of joining."""

    priority: float
    order: int
    hours: float
    service: Service


class DeskQueue:
    """Staff who take one case at a time; the rest wait by priority, then by order of joining."""

    def __init__(self, env: simpy.Environment, number: int, state: DeskState, takes: Takes) -> None:
        self._env, self._number, self._state, self._takes = env, number, state, takes
        self._waiting_heap: list[Waiting] = []
        self._gone: set[int] = set()
        self._joined = 0

    def serve(self, hours: float, priority: float, patience: float) -> Service:
        """Request a service; it starts now, or when its turn comes within so many hours."""
        service = Service(self._env)
        if self._state.busy < self._state.staff:
            self._state.busy += 1
            self._begin(service, hours)
        else:
            place = Waiting(priority, self._joined, hours, service)
            heappush(self._waiting_heap, place)
            self._joined += 1
            self._state.waiting += 1
            if patience < inf:
                timer = Service(self._env)
                assert timer.callbacks is not None
                timer.callbacks.append(partial(self._lose_patience, place))
                timer.begin(patience, served=False)
        return service

    def _lose_patience(self, place: Waiting, timer: simpy.Event) -> None:
        """Wake up who still waits, at this very event; it is no longer in the line."""
        if place.service.triggered:
            return
        self._gone.add(place.order)
        self._state.waiting -= 1
        for callback in place.service.callbacks or ():
            callback(timer)

    def leave(self) -> None:
        """Free one member of staff: start the next service in the queue, if there is one."""
        if self._state.waiting > 0 and self._state.busy <= self._state.staff:
            self._begin_next()
        else:
            self._state.busy -= 1

    def change_staff(self, staff: int, _: simpy.Event) -> None:
        """From now on so many: those who come begin at once, those who go finish what they are at."""
        self._state.staff = staff
        while self._state.busy < staff and self._state.waiting > 0:
            self._state.busy += 1
            self._begin_next()

    def _begin_next(self) -> None:
        """Begin the service of the first in the line, those who have left it passed over."""
        place = heappop(self._waiting_heap)
        while place.order in self._gone:
            self._gone.remove(place.order)
            place = heappop(self._waiting_heap)
        self._state.waiting -= 1
        self._begin(place.service, place.hours)

    def _begin(self, service: Service, hours: float) -> None:
        service.begin(self._takes(self._number, float(self._env.now), hours))


def never(d: int, now: float) -> float:
    """Nobody leaves a line."""
    return inf


def move_all(
    arrivals: Sequence[float],
    horizon: float,
    advance: Advance,
    takes: Takes,
    desks: Sequence[DeskState],
    trace: Trace | None = None,
    stays: Stays = never,
    shifts: Sequence[Change] = (),
) -> None:
    """Move every dispute from its arrival on, until the horizon; what is due then does not happen.

    `arrivals` are hours in rising order. They are all scheduled first, so that an arrival comes
    before whatever else is due at its time but a change of staff; `shifts` are in order of their hours.
    """
    env = simpy.Environment()
    queues = [DeskQueue(env, number, state, takes) for number, state in enumerate(desks)]
    for hour, number, staff in shifts:
        change = env.timeout(hour)
        assert change.callbacks is not None
        change.callbacks.append(partial(queues[number].change_staff, staff))

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
            if desk == NO_DESK:
                yield env.timeout(hours)
            elif not (yield queues[desk].serve(hours, priority, stays(d, now))):
                at, desk = LEFT_QUEUE, NO_DESK

    for d in range(len(arrivals)):
        env.process(dispute(d))
    env.run(until=horizon)
