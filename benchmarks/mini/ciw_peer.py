"""Dispute-mini with Ciw: a customer a dispute, a node a desk and one for all who wait, and our stages.

Ciw moves customers from node to node; where to is asked of a router when a service ends, and how long
of a distribution when it begins. Both ask our stages, through what the customer carries.
"""

from __future__ import annotations

from typing import Any

import ciw

from benchmarks.mini.model import MiniOutcome, Tape
from benchmarks.mini.plain import Plain
from evenhand.sim.lifecycle.codes import END, NO_DESK

WAITING = 1
"""The node of those who wait for something other than a desk; desks have the numbers after it."""
EXIT = -1


class Hours(ciw.dists.Distribution):  # type: ignore[misc]
    """As many hours as the customer's last move says."""

    def __init__(self, court: Plain) -> None:
        self.court, self.begun = court, 0

    def __deepcopy__(self, _: object) -> Hours:
        """Ciw copies distributions; the world is one."""
        return self

    def sample(self, t: float = 0.0, ind: Any = None) -> float:
        """Hours of waiting or of service; who has just arrived moves for the first time."""
        if not hasattr(ind, "number"):
            ind.number, self.begun = self.begun, self.begun + 1
            ind.move = self.court.step(0, ind.number, t)
        return float(ind.move[1])


class Gaps(ciw.dists.Distribution):  # type: ignore[misc]
    """The gaps between arrivals."""

    def __init__(self, court: Plain) -> None:
        self.gaps = iter(court.gaps)

    def __deepcopy__(self, _: object) -> Gaps:
        """As for `Hours`."""
        return self

    def sample(self, t: float = 0.0, ind: Any = None) -> float:  # noqa: ARG002 (Ciw names them)
        """The next gap; after the last one nobody comes."""
        return next(self.gaps, float("inf"))


class Onwards(ciw.routing.NodeRouting):  # type: ignore[misc]
    """Where the next move leads."""

    def __init__(self, court: Plain) -> None:
        self.court = court

    def next_node(self, ind: Any) -> Any:
        """Do what is due at the stage that the customer wakes up to."""
        ind.move = self.court.step(ind.move[0], ind.number, self.simulation.current_time)
        at, _, desk, _ = ind.move
        if at == END:
            return self.simulation.nodes[EXIT]
        return self.simulation.nodes[WAITING if desk == NO_DESK else WAITING + 1 + desk]


def by_priority(customers: list[Any], _: float) -> Any:
    """The lowest priority is next; of equals, who joined first."""
    return min(customers, key=lambda customer: customer.move[3])


def run(tape: Tape) -> MiniOutcome:
    """Move all disputes of a tape, until the last is closed."""
    court = Plain(tape)
    desks = len(court.desks)
    network = ciw.create_network(
        arrival_distributions=[Gaps(court), *[None] * desks],
        service_distributions=[Hours(court)] * (1 + desks),
        number_of_servers=[float("inf"), *(desk.staff for desk in court.desks)],
        service_disciplines=[ciw.disciplines.FIFO, *[by_priority] * desks],
        routing=ciw.routing.NetworkRouting(routers=[Onwards(court) for _ in range(1 + desks)]),
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(len(tape.gaps), method="Complete")
    return court.outcome()
