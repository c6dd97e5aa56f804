"""Running an experiment: replication after replication, or several at once, into records."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from typing import Unpack

from evenhand.renamed import renamed_arguments
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.cohort import Cohort
from evenhand.sim.runs.experiment import Decide, EngineName, Experiment, How
from evenhand.sim.runs.records import Ledger, Run, stack
from evenhand.sim.runs.replication_records import Part
from evenhand.sim.runs.trial import OWN, Into, Trial
from evenhand.sim.sampling.world import Extent
from evenhand.sim.scenario.scenario import Scenario


def replications(trial: Trial, numbers: Iterable[int], into: Into = OWN) -> Iterator[Part]:
    """Run the replications of these numbers, one after the other."""
    return (trial.replicate(number, into) for number in numbers)


def shared(trial: Trial, numbers: Iterable[int]) -> Iterator[Part]:
    """The same in a thread pool, which stays at most a few replications ahead of the consumer."""
    coming, workers = iter(numbers), trial.experiment.workers
    with ThreadPoolExecutor(workers) as pool:

        def begin(number: int) -> Future[Part]:
            return pool.submit(trial.replicate, number)

        ahead = deque(map(begin, islice(coming, 2 * workers)))
        try:
            while ahead:
                part = ahead.popleft().result()
                ahead.extend(map(begin, islice(coming, 1)))
                yield part
        finally:
            for one in ahead:
                one.cancel()


def made(trial: Trial, numbers: Iterable[int]) -> Iterator[Part] | None:
    """The replications of these numbers, if threads make them."""
    return shared(trial, numbers) if trial.experiment.workers > 1 else None


def keep(trial: Trial, numbers: Sequence[int], parts: Iterator[Part] | None) -> Run:
    """A run of the replications of these numbers, from those that threads make if they do.

    Rows are written once, where they stay.
    """
    disputes, log = Ledger(len(numbers)), Ledger(len(numbers))
    into = Into(disputes.more, log.more)
    if parts is None:
        written = replications(trial, numbers, into)
    else:
        written = (copied(part, into) for part in islice(parts, len(numbers)))
    people = zip(*((part.merchants, part.desks, part.buyers) for part in written), strict=True)
    merchants, desks, buyers = people
    return Run(
        **trial.experiment.about(),
        disputes=disputes.columns(),
        events=log.columns(),
        merchants=stack(merchants),
        desks=stack(desks),
        buyers=stack(buyers),
    )


def copied(part: Part, into: Into) -> Part:
    """The part, its rows written where they stay."""
    for room, columns in ((into.disputes, part.disputes), (into.events, part.events)):
        kinds = {name: column.dtype for name, column in columns.items()}
        for name, place in room(kinds, len(next(iter(columns.values())))).items():
            place[:] = columns[name]
    return part


def run(experiment: Experiment) -> Run:
    """Run an experiment and keep the records."""
    trial, numbers = Trial.of(experiment), range(experiment.replications)
    return keep(trial, numbers, made(trial, numbers))


def iterate(scenario: Scenario, policy: Policy, **how: Unpack[How]) -> Iterator[Part]:
    """The replications of a run, one after the other; arguments and errors are those of `simulate`."""
    experiment = Experiment.of(scenario, policy, **how)
    yield from replications(Trial.of(experiment), range(experiment.replications))


def replicate(
    scenario: Scenario, policy: Policy, replication: int, /, extent: Extent | None = None, **how: Unpack[How]
) -> Part:
    """Run one replication, whatever its number; `extent` only ever draws more luck. See also `Trial`."""
    return Trial.of(Experiment.of(scenario, policy, extent=extent, **how)).replicate(replication)


def stream(
    scenario: Scenario, policy: Policy, replication: int, /, extent: Extent | None = None, **how: Unpack[How]
) -> Iterator[Part]:
    """Run one replication and give its records as they come; see `Trial.stream`."""
    return Trial.of(Experiment.of(scenario, policy, extent=extent, **how)).stream(replication)


@renamed_arguments
def simulate(
    scenario: Scenario,
    policy: Policy,
    *,
    seed: int = 1,
    replications: int = 1,
    days: int | None = None,
    engine: EngineName = "auto",
    events: bool = True,
    open_loop: bool | None = None,
    decide: Decide | None = None,
    workers: int = 1,
    cohort: Cohort | str | None = None,
) -> Run:
    """Run a policy in a scenario and keep the records.

    `days` and `open_loop` default to the scenario's; `events=False` leaves the event log empty;
    `decide` is a decision rule in Python for cases that reach a desk, under the SimPy engine; `workers`
    threads share the replications under the Numba engine, whose loop lets the others run, and change
    nothing but the time it takes (SimPy is plain Python, and gains nothing by threads). `cohort` says which
    disputes metrics count: "30..120" those about orders of these days of the run, "30..120:filing" those
    filed then; by default those about all orders after the scenario's start-up.
    Raises DoesNotFit where scenario and policy cannot run together, ValueError for bad arguments.
    """
    return run(
        Experiment.of(
            scenario,
            policy,
            seed=seed,
            replications=replications,
            days=days,
            engine=engine,
            events=events,
            open_loop=open_loop,
            decide=decide,
            workers=workers,
            cohort=cohort,
        )
    )
