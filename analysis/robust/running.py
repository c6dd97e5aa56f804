"""Carrying out a robustness study: every point of beliefs, under every policy, in the same worlds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from evenhand.analysis.experiments.study import Measured, Tick
from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.metrics.metric import Metric
from evenhand.analysis.metrics.registry import outcomes
from evenhand.analysis.robust.answer import BeliefAxis, Question, Values, effects_of, strongest
from evenhand.analysis.robust.designs import DUMMIES, Alone, Screen, alone, futures, screen
from evenhand.analysis.robust.found import Robust
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.records import Run
from evenhand.sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    from evenhand.sim.runs.experiment import EngineName

Build = Callable[[Sequence[float]], tuple[Scenario, Sequence[Policy]]]
"""From a position for each belief to the scenario and the policies of that future."""
SHOWN_ALONE, DETAILED = 12, 5
"""Beliefs that are tried alone, and of them those that are tried at more than both ends."""
FIRST_ALONE, FIRST_OF_FUTURES = 1_000_000, 1_100_000
"""Numbers of the first worlds: no world of the screening, of single beliefs and of futures is the same."""


class Size(NamedTuple):
    """How large a study is."""

    futures: int = 512
    worlds: int = 2
    """Of a future, and of a point of the screening."""
    starts: int = 4
    """Of the screening: each takes a point for every belief, and four more."""
    alone: int = 8
    """Worlds in which beliefs are moved one at a time."""


class How(NamedTuple):
    """How every point is run."""

    seed: int
    days: int | None
    engine: EngineName
    open_loop: bool | None
    cohort: Any = None


class Plan(NamedTuple):
    """Where a study looks: first the screening, then the futures, then beliefs alone, by number."""

    screen: Screen
    futures: Floats
    worlds: int
    alone_worlds: int

    @classmethod
    def of(cls, beliefs: int, size: Size, seed: int) -> Plan:
        """The points of a study. Raises ValueError."""
        if size.worlds < 2:
            raise ValueError(f"worlds must be 2 or more, to tell luck from beliefs; found {size.worlds}")
        spread = futures(beliefs, size.futures, seed)
        return cls(screen(beliefs, size.starts, seed), spread, size.worlds, size.alone)

    @property
    def first_future(self) -> int:
        """The number of the first future among all points."""
        return len(self.screen.z)

    @property
    def first_alone(self) -> int:
        """The number of the first point at which beliefs are moved alone."""
        return self.first_future + len(self.futures)

    def spots(self) -> list[Spot]:
        """The screening and the futures."""
        found = []
        for number, (z, block) in enumerate(zip(self.screen.z, self.screen.block, strict=True)):
            group = number // self.screen.size * (1 + DUMMIES) + int(block)
            found.append(Spot(number, tuple(z.tolist()), group * self.worlds, self.worlds))
        for place, z in enumerate(self.futures):
            first = FIRST_OF_FUTURES + place * self.worlds
            found.append(Spot(self.first_future + place, tuple(z.tolist()), first, self.worlds))
        return found

    def spots_alone(self, look: Alone) -> list[Spot]:
        """Beliefs moved alone, all in the same worlds."""
        return [
            Spot(self.first_alone + place, tuple(z.tolist()), FIRST_ALONE, self.alone_worlds)
            for place, z in enumerate(look.z)
        ]


class Spot(NamedTuple):
    """A point, and the worlds that it meets."""

    number: int
    z: tuple[float, ...]
    first: int
    worlds: int


class Task(NamedTuple):
    """One point to be lived through under every policy: it can be sent to another process."""

    spot: Spot
    build: Build
    how: How
    metrics: tuple[Metric, ...]


Pool = Callable[[Callable[[Task, Tick], Measured], Sequence[Task]], Iterable[tuple[Task, Measured]]]
"""Does tasks, in any order, and gives each with its result."""


def one_by_one(do: Callable[[Task, Tick], Measured], some: Sequence[Task]) -> Iterator[tuple[Task, Measured]]:
    """Do one task after the other, here."""
    return ((task, do(task, lambda: None)) for task in some)


def measure(task: Task, tick: Tick) -> Measured:
    """Live through the worlds of a point under each policy; columns are policies by metrics."""
    scenario, policies = task.build(task.spot.z)
    value, n = [], []
    for policy in policies:
        each = []
        for world in _worlds(scenario, policy, task):
            each.append(list(outcomes(world, task.metrics).values()))
            tick()
        value.append([[one.per_replication[0] for one in world] for world in each])
        n.append([[one.n for one in world] for world in each])
    shape = (task.spot.worlds, -1)
    return Measured(
        np.array(value).swapaxes(0, 1).reshape(shape),
        np.array(n, np.int64).swapaxes(0, 1).reshape(shape),
    )


def _worlds(scenario: Scenario, policy: Policy, task: Task) -> Iterator[Run]:
    """Each world as a run of its own; its records are forgotten before the next."""
    from evenhand.sim.runs.experiment import Experiment
    from evenhand.sim.runs.trial import Trial

    how, spot = task.how, task.spot
    experiment = Experiment.of(
        scenario,
        policy,
        seed=how.seed,
        replications=spot.worlds,
        days=how.days,
        engine=how.engine,
        events=False,
        open_loop=how.open_loop,
        cohort=how.cohort,
    )
    trial = Trial.of(experiment)
    return (trial.one(number) for number in range(spot.first, spot.first + spot.worlds))


def study(
    build: Build,
    beliefs: Sequence[BeliefAxis],
    question: Question,
    *,
    size: Size,
    how: How,
    done: Mapping[int, Measured] | None = None,
    keep: Callable[[int, tuple[float, ...], int, Measured], None] | None = None,
    pool: Pool = one_by_one,
) -> Robust:
    """Ask in what share of the futures a conclusion holds.

    First a screening finds the beliefs that move the differences more than luck; then a Latin hypercube of
    futures is lived through under every policy, in the same worlds within a future; at last the strongest
    beliefs are moved alone. `done` are points that were measured before, by number; `keep` is told of each
    new one: number, positions, first world, values. Raises ValueError, DoesNotFit.
    """
    plan = Plan.of(len(beliefs), size, how.seed)
    found = dict(done or {})

    def live(spots: Sequence[Spot]) -> None:
        left = [Task(spot, build, how, question.metrics) for spot in spots if spot.number not in found]
        for task, measured in pool(measure, left):
            found[task.spot.number] = measured
            if keep is not None:
                keep(task.spot.number, task.spot.z, task.spot.first, measured)

    live(plan.spots())
    screened = _values(found, range(plan.first_future), question)
    lived = _values(found, range(plan.first_future, plan.first_alone), question)
    each = effects_of(question, plan.screen, screened)
    places, detailed = strongest(each, SHOWN_ALONE, DETAILED)
    look = alone(len(beliefs), places, detailed)
    live(plan.spots_alone(look))
    singly = _values(found, range(plan.first_alone, plan.first_alone + len(look.z)), question)
    return Robust(tuple(beliefs), question, plan, look, screened, lived, singly, how.seed)


def _values(found: Mapping[int, Measured], numbers: Iterable[int], question: Question) -> Values:
    """Values of points in the order of their numbers, shape (points, worlds, policies, metrics)."""
    every = [found[number] for number in numbers]
    shape = (len(every), -1, len(question.policies), len(question.metrics))
    return Values(
        np.stack([one.value for one in every]).reshape(shape),
        np.stack([one.n for one in every]).reshape(shape),
    )
