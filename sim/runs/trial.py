"""A trial: an experiment made ready, to be run replication by replication."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from evenhand.sim.lifecycle.initial_state import fresh_people, fresh_state
from evenhand.sim.lifecycle.state import EVENTS, State
from evenhand.sim.policy.compile import PolicyRules, flatten
from evenhand.sim.runs.columns import dispute_columns
from evenhand.sim.runs.experiment import DECIDES_IN_PYTHON, Experiment, Trace
from evenhand.sim.runs.records import Columns, Room, Run, carve, event_columns, stack
from evenhand.sim.runs.replication_records import Part, buyer_columns, desk_columns, merchant_columns
from evenhand.sim.sampling.population import draw_people
from evenhand.sim.sampling.shifts import staff_by_day
from evenhand.sim.sampling.streams import Luck
from evenhand.sim.sampling.world import Extent, arrivals, bare_frame, draw_in, peopled
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.vocabulary import DESKS

if TYPE_CHECKING:
    from evenhand.sim.engine.slots import Finished


def staff_of(scenario: Scenario) -> NDArray[np.int32]:
    """Staff of each desk on the first day."""
    first = [staff_by_day(scenario, desk, 1)[0] for desk in range(len(DESKS))]
    return np.array(first, np.int32)


class Into(NamedTuple):
    """Where the records of a replication are written."""

    disputes: Room
    events: Room


OWN = Into(carve, carve)


class Trial(NamedTuple):
    """An experiment with what is the same in all its replications, made once."""

    experiment: Experiment
    rules: PolicyRules
    bare: World

    @classmethod
    def of(cls, experiment: Experiment) -> Self:
        """Compile the policy and the parts of the world that are the same in every replication."""
        scenario, policy = experiment.scenario, experiment.policy
        extent = experiment.extent or Extent.of(policy)
        counted = experiment.counted[:2]
        bare = bare_frame(scenario, extent, experiment.days, experiment.open_loop, counted)
        return cls(experiment, flatten(policy, scenario), bare)

    def world(self, replication: int) -> World:
        """Draw the whole world of a replication."""
        about = self.experiment
        return draw_in(self.bare, about.scenario, about.luck(replication), about.days)

    def stream(self, replication: int) -> Iterator[Part]:
        """Run one replication and give its records as they come, so that a long one needs no more memory.

        Finished disputes come first, about in the order in which they closed, then those that are open
        at the end; the last part has the merchants, desks and buyers. The SimPy engine keeps the whole
        world and gives one part.
        """
        if self.experiment.engine != "numba":
            yield self.replicate(replication)
            return
        life = self._begin(self.experiment.luck(replication))
        for done in life.finished:
            yield Part(life.disputes([done]), life.events([done]), {}, {}, {})
        yield Part({}, {}, *life.people())

    def replicate(self, replication: int, into: Into = OWN) -> Part:
        """Run one replication, its disputes in order of arrival."""
        if self.experiment.engine != "numba":
            world = self.world(replication)
            return live(self.experiment, world, replication, rules=self.rules, into=into)
        life = self._begin(self.experiment.luck(replication))
        rows = list(life.finished)
        return Part(life.disputes(rows, into.disputes), life.events(rows, into.events), *life.people())

    def one(self, replication: int) -> Run:
        """One replication as a run of its own."""
        return gather(self.experiment, [self.replicate(replication)])

    def _begin(self, luck: Luck) -> _Life:
        from evenhand.sim.engine.numba_engine import run_blocks

        about = self.experiment
        people = draw_people(about.scenario, luck)
        frame = peopled(self.bare, about.scenario, people, luck, about.days)
        state = fresh_people(frame, staff_of(about.scenario))
        times = arrivals(about.scenario, people, frame, luck)
        finished = run_blocks(frame, times, self.rules, state, about.horizon, events=about.events)
        return _Life(self, frame, state, luck, finished)


class _Life(NamedTuple):
    """One replication under the Numba engine: its people and what it leaves."""

    trial: Trial
    frame: World
    state: State
    luck: Luck
    finished: Iterator[Finished]

    def disputes(self, rows: Sequence[Finished], room: Room = carve) -> Columns:
        """The records of disputes."""
        pairs = [(one.cases, one.disputes) for one in rows]
        return dispute_columns(pairs, self.frame.buyers, self.frame.merchants, self.luck.replication, room)

    def events(self, rows: Sequence[Finished], room: Room = carve) -> Columns:
        """Their events."""
        return event_columns([one.events for one in rows], self.luck.replication, room)

    def people(self) -> tuple[Columns, Columns, Columns]:
        """Merchants, desks and buyers, when all is over."""
        about = self.trial.experiment
        merchants = merchant_columns(about.scenario, self.frame, self.state, self.luck, about.horizon)
        buyers = buyer_columns(about.scenario, self.frame, self.state, self.luck, about.horizon)
        return merchants, desk_columns(self.state, self.luck.replication), buyers


def warm(experiment: Experiment) -> None:
    """Compile what an experiment needs, or load it where it was compiled before.

    Lives through the first day of one replication and drops what comes of it. Compiling takes up to a
    minute and happens once for each version of the sources; in a thread of its own it disturbs nobody.
    """
    first = replace(experiment, days=1, replications=1, decide=None, extent=None, cohort=None)
    Trial.of(first).replicate(0)


def gather(experiment: Experiment, parts: Sequence[Part]) -> Run:
    """One run from replications of an experiment, however many of them there are."""
    return Run(
        **experiment.about() | {"replications": len(parts)},
        disputes=stack([part.disputes for part in parts]),
        events=stack([part.events for part in parts]),
        merchants=stack([part.merchants for part in parts]),
        desks=stack([part.desks for part in parts]),
        buyers=stack([part.buyers for part in parts]),
    )


def live(
    about: Experiment,
    world: World,
    replication: int,
    *,
    rules: PolicyRules | None = None,
    trace: Trace | None = None,
    into: Into = OWN,
) -> Part:
    """Simulate a world that has been drawn under the policy of an experiment, and return the records.

    `rules` are those of the policy, where somebody has them already. Raises ValueError for a decision
    rule or a trace in Python under the Numba engine.
    """
    if about.engine == "numba" and (about.decide is not None or trace is not None):
        raise ValueError(DECIDES_IN_PYTHON)
    rules = rules or flatten(about.policy, about.scenario)
    state = fresh_state(world, staff_of(about.scenario), events=about.events)
    if about.engine == "numba":
        from evenhand.sim.engine.numba_engine import run_compiled

        run_compiled(world, rules, state, about.horizon)
    else:
        from evenhand.sim.engine.simpy_engine import run_simpy

        run_simpy(world, rules, state, about.horizon, about.decide, trace)
    cases: Any = world.cases
    disputes: Any = state.disputes
    return Part(
        dispute_columns([(cases, disputes)], world.buyers, world.merchants, replication, into.disputes),
        event_columns([state.events[: state.counters[EVENTS]]], replication, into.events),
        merchant_columns(about.scenario, world, state, about.luck(replication), about.horizon),
        desk_columns(state, replication),
        buyer_columns(about.scenario, world, state, about.luck(replication), about.horizon),
    )
