"""Running a policy in a scenario: draw a world, move it with a clock, keep the records."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from sim.causes import DESKS
from sim.columns import dispute_columns
from sim.draws import Luck
from sim.fit import DoesNotFit, misfits
from sim.layout import World
from sim.parts import Part, desk_columns, merchant_columns
from sim.policy import Policy
from sim.population import draw_people
from sim.records import Columns, Run, event_columns, stack
from sim.rules import flatten
from sim.ruling import CaseFile
from sim.scenario import Scenario
from sim.state import EVENTS, State, fresh_people, fresh_state
from sim.world import Extent, arrivals, draw_frame, draw_world

if TYPE_CHECKING:
    from sim.clocks.rooms import Finished

Clock = Literal["auto", "simpy", "compiled"]
Decide = Callable[[CaseFile], float]
"""A decision rule in Python: sees the case file, gives the refund share."""
Trace = Callable[[float, int, int], None]
"""Told of every wake-up just before it happens, under the SimPy clock: (now, dispute, stage)."""


def staff_of(scenario: Scenario) -> NDArray[np.int32]:
    """Staff of each desk; a desk that the scenario lacks has one."""
    desks = [getattr(scenario.desks, name) for name in DESKS]
    return np.array([desk.staff if desk else 1 for desk in desks], np.int32)


class _Life(NamedTuple):
    """One replication under the compiled clock: its people and what it leaves."""

    scenario: Scenario
    frame: World
    state: State
    luck: Luck
    horizon: float
    finished: Iterator[Finished]

    def disputes(self, rows: Sequence[Finished]) -> Columns:
        """The records of disputes."""
        pairs = [(one.cases, one.disputes) for one in rows]
        return dispute_columns(pairs, self.frame.buyers, self.frame.merchants, self.luck.replication)

    def events(self, rows: Sequence[Finished]) -> Columns:
        """Their events."""
        return event_columns(np.concatenate([one.events for one in rows]), self.luck.replication)

    def people(self) -> tuple[Columns, Columns]:
        """Merchants and desks, when all is over."""
        merchants = merchant_columns(self.scenario, self.frame, self.state, self.luck, self.horizon)
        return merchants, desk_columns(self.state, self.luck.replication)


def _begin(
    scenario: Scenario, policy: Policy, seed: int, replication: int, days: int,
    *, events: bool, open_loop: bool | None, extent: Extent | None,
) -> _Life:  # fmt: skip
    from sim.clocks.compiled import run_blocks

    luck, horizon = Luck(seed, replication), 24.0 * days
    people = draw_people(scenario, luck)
    frame = draw_frame(scenario, people, extent or Extent.of(policy), luck, days, open_loop)
    state = fresh_people(frame, staff_of(scenario))
    times = arrivals(scenario, people, frame, luck)
    finished = run_blocks(frame, times, flatten(policy, scenario), state, horizon, events=events)
    return _Life(scenario, frame, state, luck, horizon, finished)


def stream(
    scenario: Scenario, policy: Policy, seed: int, replication: int, days: int, clock: str,
    *, events: bool = True, open_loop: bool | None = None, extent: Extent | None = None,
) -> Iterator[Part]:  # fmt: skip
    """Run one replication and give its records as they come, so that a long one needs no more memory.

    Finished disputes come first, about in the order in which they closed, then those that are open at
    the end; the last part has the merchants and desks. `clock` is 'simpy', which keeps the whole world
    and gives one part, or 'compiled'. `extent` only ever draws more luck.
    """
    how: dict[str, Any] = {"events": events, "open_loop": open_loop, "extent": extent}
    if clock != "compiled":
        yield replicate(scenario, policy, seed, replication, days, clock, **how)
        return
    life = _begin(scenario, policy, seed, replication, days, **how)
    for done in life.finished:
        yield Part(life.disputes([done]), life.events([done]), {}, {})
    yield Part({}, {}, *life.people())


def replicate(
    scenario: Scenario, policy: Policy, seed: int, replication: int, days: int, clock: str,
    *, events: bool = True, open_loop: bool | None = None, extent: Extent | None = None,
) -> Part:  # fmt: skip
    """Run one replication, its disputes in order of arrival; arguments as for `stream`."""
    if clock != "compiled":
        luck = Luck(seed, replication)
        world = draw_world(scenario, extent or Extent.of(policy), luck, days, open_loop)
        return live(scenario, policy, world, luck, days, clock, events=events)
    life = _begin(
        scenario, policy, seed, replication, days, events=events, open_loop=open_loop, extent=extent
    )
    rows = list(life.finished)
    return Part(life.disputes(rows), life.events(rows), *life.people())


def live(
    scenario: Scenario, policy: Policy, world: World, luck: Luck, days: int, clock: str,
    *, events: bool = True, decide: Decide | None = None, trace: Trace | None = None,
) -> Part:  # fmt: skip
    """Let a world that has been drawn live under a policy, and keep the records.

    Raises ValueError for a decision rule or a trace in Python under the compiled clock.
    """
    if clock == "compiled" and (decide is not None or trace is not None):
        raise ValueError("decision rules and traces in Python run under the SimPy clock: clock='simpy'")
    rules = flatten(policy, scenario)
    state = fresh_state(world, staff_of(scenario), events=events)
    horizon = 24.0 * days
    if clock == "compiled":
        from sim.clocks.compiled import run_compiled

        run_compiled(world, rules, state, horizon)
    else:
        from sim.clocks.reference import run_simpy

        run_simpy(world, rules, state, horizon, decide, trace)
    cases: Any = world.cases
    disputes: Any = state.disputes
    return Part(
        dispute_columns([(cases, disputes)], world.buyers, world.merchants, luck.replication),
        event_columns(state.events[: state.counters[EVENTS]], luck.replication),
        merchant_columns(scenario, world, state, luck, horizon),
        desk_columns(state, luck.replication),
    )


def expected_disputes(scenario: Scenario, days: int) -> float:
    """Roughly how many candidates one replication draws, festivals left aside."""
    from sim.world import candidate_rate

    return candidate_rate(scenario, draw_people(scenario, Luck(0, 0))) * days


def choose_clock(scenario: Scenario, days: int, replications: int) -> Clock:
    """The compiled clock where it repays itself: loading it costs about a second, compiling twenty."""
    from sim.clocks.cache import is_warm

    disputes = expected_disputes(scenario, days) * replications
    return "compiled" if disputes > (10_000 if is_warm() else 200_000) else "simpy"


def plan(
    scenario: Scenario, policies: Iterable[Policy], seed: int, replications: int, days: int | None,
    clock: Clock, times: int = 1,
) -> tuple[int, Clock]:  # fmt: skip
    """Check what is asked for; gives the horizon in days and the clock. Raises DoesNotFit, ValueError.

    `times` is how often each world will live, which counts when the clock is chosen.
    """
    horizon = scenario.days if days is None else days
    for name, value, least in (("days", horizon, 1), ("replications", replications, 1), ("seed", seed, 0)):
        if value < least:
            raise ValueError(f"{name} must be {least} or more, found {value}")
    if clock not in get_args(Clock):
        raise ValueError(f"clock: must be one of {', '.join(get_args(Clock))}, found {clock!r}")
    problems = [one for policy in policies for one in misfits(scenario, policy, horizon)]
    if problems:
        raise DoesNotFit(list(dict.fromkeys(problems)))
    return horizon, choose_clock(scenario, horizon, replications * times) if clock == "auto" else clock


def iterate(
    scenario: Scenario, policy: Policy, *, seed: int = 1, replications: int = 1,
    days: int | None = None, clock: Clock = "auto", events: bool = True,
    open_loop: bool | None = None, decide: Decide | None = None,
) -> Iterator[Part]:  # fmt: skip
    """The replications of a run, one after the other. Raises DoesNotFit, ValueError."""
    horizon, chosen = plan(scenario, [policy], seed, replications, days, clock)
    if decide is not None and clock == "compiled":
        raise ValueError("a decision rule in Python runs under the SimPy clock: clock='simpy'")
    for replication in range(replications):
        if decide is None:
            yield replicate(
                scenario, policy, seed, replication, horizon, chosen, events=events, open_loop=open_loop
            )
            continue
        luck = Luck(seed, replication)
        world = draw_world(scenario, Extent.of(policy), luck, horizon, open_loop)
        yield live(scenario, policy, world, luck, horizon, "simpy", events=events, decide=decide)


def gather(
    parts: list[Part], scenario: Scenario, policy: Policy, seed: int, days: int, clock: str,
    open_loop: bool | None = None,
) -> Run:  # fmt: skip
    """One run from its replications."""
    frozen = scenario.behaviour.open_loop if open_loop is None else open_loop
    return Run(
        scenario=scenario, policy=policy, seed=seed, replications=len(parts), days=days, clock=clock,
        open_loop=frozen,
        disputes=stack([p.disputes for p in parts]), events=stack([p.events for p in parts]),
        merchants=stack([p.merchants for p in parts]), desks=stack([p.desks for p in parts]),
    )  # fmt: skip


def simulate(
    scenario: Scenario, policy: Policy, *, seed: int = 1, replications: int = 1,
    days: int | None = None, clock: Clock = "auto", events: bool = True,
    open_loop: bool | None = None, decide: Decide | None = None,
) -> Run:  # fmt: skip
    """Run a policy in a scenario and keep the records.

    `days` and `open_loop` default to the scenario's; `events=False` leaves the event log empty;
    `decide` is a decision rule in Python for cases that reach a desk, under the SimPy clock.
    Raises DoesNotFit where scenario and policy cannot run together, ValueError for bad arguments.
    """
    asked = "simpy" if decide is not None and clock == "auto" else clock
    horizon, chosen = plan(scenario, [policy], seed, replications, days, asked)
    parts = list(
        iterate(
            scenario, policy, seed=seed, replications=replications, days=horizon, clock=chosen,
            events=events, open_loop=open_loop, decide=decide,
        )
    )  # fmt: skip
    return gather(parts, scenario, policy, seed, horizon, chosen, open_loop)
