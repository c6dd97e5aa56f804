"""Running a policy in a scenario: draw a world, move it with a clock, keep the records."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from itertools import islice
from typing import Literal, get_args

from sim.draws import Luck
from sim.fit import DoesNotFit, misfits
from sim.parts import Part
from sim.policy import Policy
from sim.population import draw_people
from sim.records import Ledger, Run, stack
from sim.scenario import Scenario
from sim.trials import OWN, Decide, Into, Trial, live
from sim.world import candidate_rate, draw_in

DECIDES_IN_PYTHON = "a decision rule in Python runs under the SimPy clock: clock='simpy'"
Clock = Literal["auto", "simpy", "compiled"]


def expected_disputes(scenario: Scenario, days: int) -> float:
    """Roughly how many candidates one replication draws, festivals left aside."""
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
        raise ValueError(DECIDES_IN_PYTHON)
    trial = Trial.of(scenario, policy, horizon, open_loop=open_loop)
    yield from _parts(trial, seed, replications, chosen, events=events, decide=decide)


def _parts(
    trial: Trial, seed: int, replications: int, clock: str,
    *, events: bool, decide: Decide | None, into: Into = OWN,
) -> Iterator[Part]:  # fmt: skip
    for replication in range(replications):
        if decide is None:
            yield trial.replicate(seed, replication, clock, events=events, into=into)
            continue
        luck = Luck(seed, replication)
        world = draw_in(trial.bare, trial.scenario, luck, trial.days)
        yield live(
            trial.scenario, trial.policy, world, luck, trial.days, "simpy",
            events=events, decide=decide, rules=trial.rules, into=into,
        )  # fmt: skip


def _shared(trial: Trial, seed: int, replications: int, workers: int, *, events: bool) -> Iterator[Part]:
    """Replications in their order, made by threads that stay near whoever uses them."""
    numbers = iter(range(replications))
    with ThreadPoolExecutor(workers) as pool:

        def begin(number: int) -> Future[Part]:
            return pool.submit(trial.replicate, seed, number, "compiled", events=events)

        begun = deque(map(begin, islice(numbers, 2 * workers)))
        try:
            while begun:
                part = begun.popleft().result()
                begun.extend(map(begin, islice(numbers, 1)))
                yield part
        finally:
            for one in begun:
                one.cancel()


def _copied(part: Part, into: Into) -> Part:
    """The part, its rows written where they stay."""
    for room, columns in ((into.disputes, part.disputes), (into.events, part.events)):
        kinds = {name: column.dtype for name, column in columns.items()}
        for name, place in room(kinds, len(next(iter(columns.values())))).items():
            place[:] = columns[name]
    return part


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
    open_loop: bool | None = None, decide: Decide | None = None, workers: int = 1,
) -> Run:  # fmt: skip
    """Run a policy in a scenario and keep the records.

    `days` and `open_loop` default to the scenario's; `events=False` leaves the event log empty;
    `decide` is a decision rule in Python for cases that reach a desk, under the SimPy clock; `workers`
    threads share the replications under the compiled clock, whose loop lets the others run, and change
    nothing but the time it takes (SimPy is plain Python, and gains nothing by threads).
    Raises DoesNotFit where scenario and policy cannot run together, ValueError for bad arguments.
    """
    asked = "simpy" if decide is not None and clock == "auto" else clock
    horizon, chosen = plan(scenario, [policy], seed, replications, days, asked)
    if decide is not None and clock == "compiled":
        raise ValueError(DECIDES_IN_PYTHON)
    if workers < 1:
        raise ValueError(f"workers must be 1 or more, found {workers}")
    trial = Trial.of(scenario, policy, horizon, open_loop=open_loop)
    disputes, log = Ledger(replications), Ledger(replications)
    into = Into(disputes.more, log.more)
    if workers > 1 and chosen == "compiled":
        coming: Iterator[Part] = (
            _copied(part, into) for part in _shared(trial, seed, replications, workers, events=events)
        )
    else:
        coming = _parts(trial, seed, replications, chosen, events=events, decide=decide, into=into)
    people = [part._replace(disputes={}, events={}) for part in coming]
    run = gather(people, scenario, policy, seed, horizon, chosen, open_loop)
    return replace(run, disputes=disputes.columns(), events=log.columns())
