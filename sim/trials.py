"""A trial: a scenario and a policy that run together, replication by replication."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from sim.causes import DESKS
from sim.columns import dispute_columns
from sim.draws import Luck
from sim.layout import World
from sim.parts import Part, desk_columns, merchant_columns
from sim.policy import Policy
from sim.population import draw_people
from sim.records import Columns, Room, carve, event_columns
from sim.rules import PolicyRules, flatten
from sim.ruling import CaseFile
from sim.scenario import Scenario
from sim.state import EVENTS, State, fresh_people, fresh_state
from sim.world import Extent, arrivals, bare_frame, draw_in, peopled

if TYPE_CHECKING:
    from sim.clocks.rooms import Finished

Decide = Callable[[CaseFile], float]
"""A decision rule in Python: sees the case file, gives the refund share."""
Trace = Callable[[float, int, int], None]
"""Told of every wake-up just before it happens, under the SimPy clock: (now, dispute, stage)."""


def staff_of(scenario: Scenario) -> NDArray[np.int32]:
    """Staff of each desk; a desk that the scenario lacks has one."""
    desks = [getattr(scenario.desks, name) for name in DESKS]
    return np.array([desk.staff if desk else 1 for desk in desks], np.int32)


class Into(NamedTuple):
    """Where the records of a replication are written."""

    disputes: Room
    events: Room


OWN = Into(carve, carve)


class Trial(NamedTuple):
    """What is the same in every replication, made once."""

    scenario: Scenario
    policy: Policy
    days: int
    rules: PolicyRules
    bare: World

    @classmethod
    def of(
        cls, scenario: Scenario, policy: Policy, days: int, *, open_loop: bool | None = None,
        extent: Extent | None = None,
    ) -> Self:  # fmt: skip
        """Of a scenario and a policy that fit each other; `extent` only ever draws more luck."""
        bare = bare_frame(scenario, extent or Extent.of(policy), days, open_loop)
        return cls(scenario, policy, days, flatten(policy, scenario), bare)

    def stream(self, seed: int, replication: int, clock: str, *, events: bool = True) -> Iterator[Part]:
        """Run one replication and give its records as they come, so that a long one needs no more memory.

        Finished disputes come first, about in the order in which they closed, then those that are open
        at the end; the last part has the merchants and desks. `clock` is 'simpy', which keeps the whole
        world and gives one part, or 'compiled'.
        """
        if clock != "compiled":
            yield self.replicate(seed, replication, clock, events=events)
            return
        life = self._begin(Luck(seed, replication), events=events)
        for done in life.finished:
            yield Part(life.disputes([done]), life.events([done]), {}, {})
        yield Part({}, {}, *life.people())

    def replicate(
        self, seed: int, replication: int, clock: str, *, events: bool = True, into: Into = OWN
    ) -> Part:
        """Run one replication, its disputes in order of arrival; other arguments as for `stream`."""
        luck = Luck(seed, replication)
        if clock != "compiled":
            world = draw_in(self.bare, self.scenario, luck, self.days)
            return live(
                self.scenario, self.policy, world, luck, self.days, clock,
                events=events, rules=self.rules, into=into,
            )  # fmt: skip
        life = self._begin(luck, events=events)
        rows = list(life.finished)
        return Part(life.disputes(rows, into.disputes), life.events(rows, into.events), *life.people())

    def _begin(self, luck: Luck, *, events: bool) -> _Life:
        from sim.clocks.compiled import run_blocks

        people = draw_people(self.scenario, luck)
        frame = peopled(self.bare, self.scenario, people, luck, self.days)
        state = fresh_people(frame, staff_of(self.scenario))
        times = arrivals(self.scenario, people, frame, luck)
        finished = run_blocks(frame, times, self.rules, state, 24.0 * self.days, events=events)
        return _Life(self, frame, state, luck, finished)


class _Life(NamedTuple):
    """One replication under the compiled clock: its people and what it leaves."""

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

    def people(self) -> tuple[Columns, Columns]:
        """Merchants and desks, when all is over."""
        horizon = 24.0 * self.trial.days
        merchants = merchant_columns(self.trial.scenario, self.frame, self.state, self.luck, horizon)
        return merchants, desk_columns(self.state, self.luck.replication)


def stream(
    scenario: Scenario, policy: Policy, seed: int, replication: int, days: int, clock: str,
    *, events: bool = True, open_loop: bool | None = None, extent: Extent | None = None,
) -> Iterator[Part]:  # fmt: skip
    """Run one replication and give its records as they come; see `Trial`."""
    trial = Trial.of(scenario, policy, days, open_loop=open_loop, extent=extent)
    return trial.stream(seed, replication, clock, events=events)


def replicate(
    scenario: Scenario, policy: Policy, seed: int, replication: int, days: int, clock: str,
    *, events: bool = True, open_loop: bool | None = None, extent: Extent | None = None,
) -> Part:  # fmt: skip
    """Run one replication; see `Trial`, which serves for many."""
    trial = Trial.of(scenario, policy, days, open_loop=open_loop, extent=extent)
    return trial.replicate(seed, replication, clock, events=events)


def live(
    scenario: Scenario, policy: Policy, world: World, luck: Luck, days: int, clock: str,
    *, events: bool = True, decide: Decide | None = None, trace: Trace | None = None,
    rules: PolicyRules | None = None, into: Into = OWN,
) -> Part:  # fmt: skip
    """Let a world that has been drawn live under a policy, and keep the records.

    `rules` are those of the policy, where somebody has them already. Raises ValueError for a decision
    rule or a trace in Python under the compiled clock.
    """
    if clock == "compiled" and (decide is not None or trace is not None):
        raise ValueError("decision rules and traces in Python run under the SimPy clock: clock='simpy'")
    state = fresh_state(world, staff_of(scenario), events=events)
    horizon = 24.0 * days
    if clock == "compiled":
        from sim.clocks.compiled import run_compiled

        run_compiled(world, rules or flatten(policy, scenario), state, horizon)
    else:
        from sim.clocks.reference import run_simpy

        run_simpy(world, rules or flatten(policy, scenario), state, horizon, decide, trace)
    cases: Any = world.cases
    disputes: Any = state.disputes
    return Part(
        dispute_columns([(cases, disputes)], world.buyers, world.merchants, luck.replication, into.disputes),
        event_columns([state.events[: state.counters[EVENTS]]], luck.replication, into.events),
        merchant_columns(scenario, world, state, luck, horizon),
        desk_columns(state, luck.replication),
    )
