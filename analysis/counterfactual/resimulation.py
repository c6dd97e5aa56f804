"""Lives: drawn worlds that are lived again and again, with some of their columns changed in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.overload import Overload, flow, of_flows
from evenhand.sim.lifecycle.codes import DEFAULTED, RULED
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.experiment import Decide, EngineName, Experiment
from evenhand.sim.runs.records import Columns
from evenhand.sim.runs.replication_records import Part
from evenhand.sim.runs.trial import gather, live
from evenhand.sim.sampling.streams import Luck
from evenhand.sim.sampling.world import Extent, draw_world
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.scenario import Scenario

Tell = Callable[[int], None]
"""Told of each replication before its world is drawn."""
Mask = NDArray[np.bool_]


class Lives(NamedTuple):
    """An experiment whose worlds are lived through more than once."""

    experiment: Experiment
    tell: Tell | None
    flows: list[Floats]
    """What came to the desks in the first life of each world; see `metrics.overload.flow`."""

    def worlds(self) -> Iterator[tuple[World, Luck]]:
        """The world of each replication, one after the other."""
        about = self.experiment
        for replication in range(about.replications):
            if self.tell is not None:
                self.tell(replication)
            luck = about.luck(replication)
            yield draw_world(about.scenario, Extent.of(about.policy), luck, about.days, about.open_loop), luck

    def live(self, world: World, luck: Luck) -> Part:
        """Let a world live under the policy; gives the disputes that count."""
        part, rule = live(self.experiment, world, luck.replication), self.experiment.counted
        if len(self.flows) <= luck.replication:
            self.flows.append(flow(Cells(gather(self.experiment, [part]))))
        if rule.everything:
            return part
        mine = rule.disputes(part.disputes)
        return part._replace(disputes={name: column[mine] for name, column in part.disputes.items()})

    def overloads(self) -> tuple[Overload, ...]:
        """The desks that cannot keep up, in the first life of each world."""
        return of_flows(self.flows)


def lives(
    scenario: Scenario,
    policy: Policy,
    seed: int,
    replications: int,
    days: int | None,
    engine: EngineName,
    open_loop: bool | None,
    times: int,
    tell: Tell | None = None,
    decide: Decide | None = None,
) -> Lives:
    """Check what was asked for; `times` is how often each world will live, `decide` a rule in Python.

    Raises DoesNotFit, ValueError.
    """
    experiment = Experiment.of(
        scenario,
        policy,
        seed=seed,
        replications=replications,
        days=days,
        engine=engine,
        open_loop=open_loop,
        events=False,
        lives=times,
        decide=decide,
    )
    return Lives(experiment, tell, [])


class Ends:
    """How every candidate of a world ended in one life; arrays by the number of the candidate."""

    def __init__(self, part: Part, world: World) -> None:
        """Spread the rows of one life over the candidates of its world."""
        self._rows = part.disputes
        self._at = part.disputes["dispute"]
        self._size = len(world.cases)
        self.exists = self.column("dispute", -1) >= 0
        """Candidates that became a dispute."""
        ending = self.column("ending", 0)
        self.decided = (ending == RULED) | (ending == DEFAULTED)
        """Ended by a ruling or a default."""
        self.upheld = self.column("upheld", False) & self.decided
        """Decided for the buyer."""
        self.refund = self.column("refund", 0.0)

    def column(self, name: str, absent: Any) -> NDArray[Any]:
        """A column of the records, with a value for candidates that never became a dispute."""
        values = np.full(self._size, absent, self._rows[name].dtype)
        values[self._at] = self._rows[name]
        return values

    def unlike(self, other: Ends, *names: str) -> Mask:
        """Candidates of which any of these columns differs; two that did not happen are alike."""
        unlike = self.exists != other.exists
        for name in names:
            mine, theirs = self.column(name, 0), other.column(name, 0)
            unlike |= (mine != theirs) & ~(np.isnan(mine) & np.isnan(theirs))
        return np.asarray(unlike)


def replaced(rows: Any, columns: Columns) -> Any:
    """A copy of structured rows with some columns replaced."""
    copy = rows.copy()
    for name, values in columns.items():
        copy[name] = values
    return copy
