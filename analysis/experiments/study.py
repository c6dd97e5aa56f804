"""Carrying out a sweep: every point lives through the same worlds, and is only measured."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from evenhand.analysis.compare.worlds import chosen_metrics
from evenhand.analysis.experiments.axis import Axis
from evenhand.analysis.experiments.designs import Design, Kind, design
from evenhand.analysis.experiments.table import Sweep
from evenhand.analysis.metrics.accumulators import Floats, Ints
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.metric import Metric
from evenhand.analysis.metrics.overload import Overload, flow, of_flows
from evenhand.analysis.metrics.registry import outcomes
from evenhand.own_code import code_of
from evenhand.renamed import renamed_arguments
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.records import Run
from evenhand.sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    from evenhand.sim.runs.cohort import Cohort
    from evenhand.sim.runs.experiment import Decide, EngineName, Experiment

Build = Callable[[Mapping[str, float]], tuple[Scenario, Policy]]
"""From values by path to the two models; without values, as they are."""


class Measured(NamedTuple):
    """The metrics of one point: value, NaN where undefined, and cases counted; (worlds, metrics)."""

    value: Floats
    n: Ints
    overloads: tuple[Overload, ...] = ()
    """Desks that cannot keep up there."""


class Task(NamedTuple):
    """One point to be lived through: it can be sent to another process."""

    point: int
    experiment: Experiment
    first: int
    """Number of its first world."""
    metrics: tuple[Metric, ...]


Tick = Callable[[], None]
"""Told of every world that has been lived through."""
Pool = Callable[[Callable[[Task, Tick], Measured], Sequence[Task]], Iterable[tuple[Task, Measured]]]
"""Does tasks, in any order, and gives each with its result."""


def alone(do: Callable[[Task, Tick], Measured], some: Sequence[Task]) -> Iterator[tuple[Task, Measured]]:
    """Do one task after the other, here."""
    for task in some:
        yield task, do(task, _silent)


def _silent() -> None:
    """Say nothing."""


@renamed_arguments
def sweep(
    build: Build,
    axes: Sequence[Axis],
    *,
    kind: Kind = "grid",
    points: int = 5,
    seed: int = 1,
    replications: int = 10,
    days: int | None = None,
    engine: EngineName = "auto",
    metrics: Iterable[str | Metric] | None = None,
    open_loop: bool | None = None,
    decide: Decide | None = None,
    cohort: Cohort | str | None = None,
    done: Mapping[int, Measured] | None = None,
    keep: Callable[[int, Measured], None] | None = None,
    pool: Pool = alone,
) -> Sweep:
    """Measure a policy in a scenario at many values of their settings, in the same worlds throughout.

    `build` makes the two models from values by path (`scenarios.builder(scenario, policy)`), so a scenario
    setting and a policy setting are varied alike. `kind` and `points` say where to look, see
    `analysis.experiments.design`; the base and both ends of each axis alone are always among the points.
    `metrics` are names or metrics of one's own, by default all of `METRICS`; `days` and `open_loop` default
    to the scenario's. `decide` is a decision rule in Python for cases that reach a desk, under the SimPy
    engine. `cohort` says which disputes are counted, as in `sim.simulate`.

    `done` are points that have been measured before, by their number, and are not lived through again;
    `keep` is told of each point as soon as it is measured; `pool` does the tasks, by default here and one
    after the other.

    Raises ValueError for points that are not possible, before anything runs; DoesNotFit where a policy
    cannot run in a scenario.
    """
    look = design(kind, axes, points, seed)
    chosen = chosen_metrics(metrics)
    every = tasks(build, look, chosen, seed, replications, days, engine, open_loop, decide, cohort)
    found = dict(done or {})
    for task, measured in pool(measure, [task for task in every if task.point not in found]):
        found[task.point] = measured
        if keep is not None:
            keep(task.point, measured)
    return collect(look, every, chosen, found, open_loop)


def tasks(
    build: Build,
    look: Design,
    metrics: Sequence[Metric],
    seed: int,
    replications: int,
    days: int | None,
    engine: EngineName,
    open_loop: bool | None,
    decide: Decide | None = None,
    cohort: Cohort | str | None = None,
) -> list[Task]:
    """A task for each point, all checked. Raises ValueError, DoesNotFit."""
    from evenhand.sim.runs.experiment import Experiment

    models = [build(look.values(point)) for point in range(len(look))]
    made: list[Task] = []
    chosen = engine
    for point, (scenario, policy) in enumerate(models):
        experiment = Experiment.of(
            scenario,
            policy,
            seed=seed,
            replications=replications,
            days=days,
            events=False,
            decide=decide,
            engine=chosen,
            open_loop=open_loop,
            lives=len(models),
            cohort=cohort,
        )
        chosen = experiment.engine
        first = replications if look.other_worlds[point] else 0
        made.append(Task(point, experiment, first, tuple(metrics)))
    return made


def measure(task: Task, tick: Tick) -> Measured:
    """Live through the worlds of one point, one after the other, and measure each."""
    each, flows = [], []
    for world in _worlds(task):
        each.append(list(outcomes(world, task.metrics).values()))
        flows.append(flow(Cells(world)))
        tick()
    value = np.array([[one.per_replication[0] for one in world] for world in each])
    n = np.array([[one.n for one in world] for world in each], np.int64)
    return Measured(value, n, of_flows(flows))


def _worlds(task: Task) -> Iterator[Run]:
    """Each world as a run of its own; its records are forgotten before the next."""
    from evenhand.sim.runs.trial import Trial

    trial = Trial.of(task.experiment)
    return (trial.one(number) for number in range(task.first, task.first + task.experiment.replications))


def collect(
    look: Design,
    every: Sequence[Task],
    metrics: Sequence[Metric],
    found: Mapping[int, Measured],
    open_loop: bool | None,
) -> Sweep:
    """The sweep from its points, all of which are there."""
    first = every[look.base].experiment
    currency = first.scenario.currency
    return Sweep(
        design=look,
        metrics=tuple(metrics),
        units=tuple(currency if one.unit == "currency" else one.unit for one in metrics),
        value=np.stack([found[point].value for point in range(len(look))]),
        n=np.stack([found[point].n for point in range(len(look))]),
        scenario=first.scenario,
        policy=first.policy,
        seed=first.seed,
        replications=first.replications,
        days=first.days,
        engine=first.engine,
        open_loop=open_loop,
        cohort=first.cohort,
        rule=None if first.decide is None else code_of(first.decide),
        overloads=tuple(found[point].overloads for point in range(len(look))),
    )
