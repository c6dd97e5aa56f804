"""Running a policy in a scenario: draw a world, move it with a clock, keep the records."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Literal, Self, get_args

from sim.draws import Luck
from sim.fit import DoesNotFit, misfits
from sim.parts import Part
from sim.policy import Policy
from sim.population import draw_people
from sim.records import About, Ledger, Run, stack
from sim.scenario import Scenario
from sim.trials import OWN, Decide, Into, Trial, live
from sim.world import candidate_rates, draw_in

DECIDES_IN_PYTHON = "a decision rule in Python runs under the SimPy clock: clock='simpy'"
Clock = Literal["auto", "simpy", "compiled"]


def expected_disputes(scenario: Scenario, days: int) -> float:
    """Roughly how many candidates one replication draws, festivals left aside."""
    return float(candidate_rates(scenario, draw_people(scenario, Luck(0, 0))).sum()) * days


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


@dataclass(frozen=True, eq=False)
class Order:
    """A run that was asked for: what is the same in all its replications, and how they are made."""

    about: About
    trial: Trial
    events: bool
    decide: Decide | None
    workers: int

    @classmethod
    def of(
        cls, scenario: Scenario, policy: Policy, *, seed: int = 1, replications: int = 1,
        days: int | None = None, clock: Clock = "auto", events: bool = True,
        open_loop: bool | None = None, decide: Decide | None = None, workers: int = 1,
    ) -> Self:  # fmt: skip
        """Check it; arguments as for `simulate`."""
        asked = "simpy" if decide is not None and clock == "auto" else clock
        horizon, chosen = plan(scenario, [policy], seed, replications, days, asked)
        if decide is not None and clock == "compiled":
            raise ValueError(DECIDES_IN_PYTHON)
        if workers < 1:
            raise ValueError(f"workers must be 1 or more, found {workers}")
        frozen = scenario.behaviour.open_loop if open_loop is None else open_loop
        about = About(scenario, policy, seed, replications, horizon, chosen, frozen)
        trial = Trial.of(scenario, policy, horizon, open_loop=open_loop)
        return cls(about, trial, events, decide, workers if chosen == "compiled" else 1)

    def parts(self, numbers: Iterable[int], into: Into = OWN) -> Iterator[Part]:
        """The replications of these numbers, one after the other."""
        about, trial = self.about, self.trial
        for replication in numbers:
            if self.decide is None:
                yield trial.replicate(about.seed, replication, about.clock, events=self.events, into=into)
                continue
            luck = Luck(about.seed, replication)
            world = draw_in(trial.bare, trial.scenario, luck, trial.days)
            yield live(
                trial.scenario, trial.policy, world, luck, trial.days, "simpy",
                events=self.events, decide=self.decide, rules=trial.rules, into=into,
            )  # fmt: skip

    def shared(self, numbers: Iterable[int]) -> Iterator[Part]:
        """The same, made by threads that stay near whoever uses them."""
        coming = iter(numbers)
        with ThreadPoolExecutor(self.workers) as pool:

            def begin(number: int) -> Future[Part]:
                return pool.submit(
                    self.trial.replicate, self.about.seed, number, "compiled", events=self.events
                )

            begun = deque(map(begin, islice(coming, 2 * self.workers)))
            try:
                while begun:
                    part = begun.popleft().result()
                    begun.extend(map(begin, islice(coming, 1)))
                    yield part
            finally:
                for one in begun:
                    one.cancel()

    def made(self, numbers: Iterable[int]) -> Iterator[Part] | None:
        """The replications of these numbers, if threads make them."""
        return self.shared(numbers) if self.workers > 1 else None

    def keep(self, numbers: Sequence[int], made: Iterator[Part] | None) -> Run:
        """Replications of these numbers, from those that threads make if they do; rows are written once."""
        disputes, log = Ledger(len(numbers)), Ledger(len(numbers))
        into = Into(disputes.more, log.more)
        if made is None:
            parts = self.parts(numbers, into)
        else:
            parts = (copied(part, into) for part in islice(made, len(numbers)))
        merchants, desks = zip(*((part.merchants, part.desks) for part in parts), strict=True)
        return Run(
            **vars(self.about), disputes=disputes.columns(), events=log.columns(),
            merchants=stack(merchants), desks=stack(desks),
        )  # fmt: skip


def copied(part: Part, into: Into) -> Part:
    """The part, its rows written where they stay."""
    for room, columns in ((into.disputes, part.disputes), (into.events, part.events)):
        kinds = {name: column.dtype for name, column in columns.items()}
        for name, place in room(kinds, len(next(iter(columns.values())))).items():
            place[:] = columns[name]
    return part


def iterate(
    scenario: Scenario, policy: Policy, *, seed: int = 1, replications: int = 1,
    days: int | None = None, clock: Clock = "auto", events: bool = True,
    open_loop: bool | None = None, decide: Decide | None = None,
) -> Iterator[Part]:  # fmt: skip
    """The replications of a run, one after the other. Raises DoesNotFit, ValueError."""
    order = Order.of(
        scenario, policy, seed=seed, replications=replications, days=days, clock=clock, events=events,
        open_loop=open_loop, decide=decide,
    )  # fmt: skip
    yield from order.parts(range(replications))


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
    order = Order.of(
        scenario, policy, seed=seed, replications=replications, days=days, clock=clock, events=events,
        open_loop=open_loop, decide=decide, workers=workers,
    )  # fmt: skip
    numbers = range(replications)
    return order.keep(numbers, order.made(numbers))
