"""Asking in what share of the plausible futures a conclusion holds; what is done stands in a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

from evenhand.analysis.experiments import Measured, Tick
from evenhand.analysis.robust.answer import BeliefAxis, Question
from evenhand.analysis.robust.found import Robust
from evenhand.analysis.robust.running import DETAILED, SHOWN_ALONE, How, Plan, Size, Spot, Task, study
from evenhand.analysis.runs.scratch import remove_abandoned
from evenhand.analysis.runs.steps import Step
from evenhand.errors import UsageError
from evenhand.jobs.compilation import ready
from evenhand.jobs.event import Cancelled, OnEvent, Stopped, Watch
from evenhand.jobs.parameter_sweep import look_at_place
from evenhand.jobs.robust_files import write_results
from evenhand.locale.current import gettext
from evenhand.parallel.pool import Asked, Executor, executor, perform
from evenhand.scenarios.beliefs import Beliefs
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.experiment import Experiment, expected_disputes
from evenhand.sim.scenario.scenario import Scenario
from evenhand.storage.robust_file import OWN, RobustFile
from evenhand.storage.version import version

FILE = "robust.parquet"


class OutOfTime(Exception):
    """The budget is used up; what is done is kept."""


@dataclass(frozen=True)
class Futures:
    """Makes the models of futures; it can be sent to another process, and looks settings up once in each."""

    beliefs: Beliefs
    scenario: Scenario
    policies: tuple[Policy, ...]

    def __call__(self, z: Sequence[float]) -> tuple[Scenario, list[Policy]]:
        """The scenario and the policies of a future. Raises ValueError where values do not go together."""
        make, *others = self._makers
        return make(z), [each(z) for each in others]

    def __reduce__(self) -> tuple[type[Futures], tuple[Any, ...]]:
        """Travel without what was looked up."""
        return type(self), (self.beliefs, self.scenario, self.policies)

    @cached_property
    def _makers(self) -> tuple[Callable[[Sequence[float]], Any], ...]:
        return (self.beliefs.scenarios(self.scenario), *map(self.beliefs.policies, self.policies))


class Asking(NamedTuple):
    """What a robustness study is about."""

    scenario: Scenario
    policies: tuple[Policy, ...]
    """The first is the one that the others are compared with."""
    beliefs: Beliefs
    question: Question
    size: Size
    how: How
    key: str = ""
    """Of the scenario as its file has it, where it was made shorter or has lost its start-up since."""


class Done(NamedTuple):
    """A study, and where it stands."""

    robust: Robust
    folder: Path


def robust(
    asking: Asking,
    *,
    out: Path | None = None,
    force: bool = False,
    asked: Asked | int | None = None,
    minutes: float | None = None,
    base: Path | None = None,
    on_event: OnEvent | None = None,
    cancelled: Cancelled | None = None,
) -> Done:
    """Live through futures, keep every point, and write the page, the worst futures and the sentences.

    `out` defaults to a folder below `runs`; what is done there is not done again, unless `force` begins
    anew. After `minutes` no further point is begun, and OutOfTime is raised; `base` is the scenario's
    file, which the worst futures lie over.
    Raises Stopped, ValueError, DoesNotFit, UsageError, OSError.
    """
    watch = Watch(on_event, cancelled)
    look = Plan.of(len(asking.beliefs), asking.size, asking.how.seed)
    names = "-".join(policy.name for policy in asking.policies)
    folder = out or Path("runs") / f"robust-{names}-{asking.scenario.name}-seed{asking.how.seed}"
    _refuse_names(asking.beliefs)
    look_at_place(folder, FILE, gettext("robustness study"))
    folder.mkdir(parents=True, exist_ok=True)
    remove_abandoned()
    first = _experiment(asking)
    how = asking.how._replace(engine=first.engine)
    store = _open(folder / FILE, asking, look, force=force)
    try:
        with _kept(store, watch):
            ready(first, watch)
            work = _Work(asking, store, watch, asked, first, None if minutes is None else 60 * minutes)
            found = study(
                Futures(asking.beliefs, asking.scenario, asking.policies),
                axes(asking.beliefs),
                asking.question,
                size=asking.size,
                how=how,
                done=store.done,
                keep=work.keep,
                pool=work.pool,
            )
    finally:
        store.close()
        with suppress(OSError):
            folder.rmdir()  # where nothing came of it
    about = (asking.scenario, asking.policies, asking.beliefs)
    write_results(found, *about, folder, watch, base, asking.key, asking.how.days)
    return Done(found, folder)


def axes(beliefs: Beliefs) -> tuple[BeliefAxis, ...]:
    """Beliefs as the analysis tells of them."""
    return tuple(
        BeliefAxis(one.name, one.title, *one.ends(), one.written, one.because) for one in beliefs.beliefs
    )


def stored(asking: Asking) -> dict[str, Any]:
    """Everything that the numbers of a study depend on, as it stands in its file."""
    how, size = asking.how, asking.size
    return {
        "evenhand": version(),
        "seed": how.seed,
        "days": how.days,
        "open_loop": bool(how.open_loop),
        "cohort": None if how.cohort is None else str(how.cohort),
        "futures": size.futures,
        "worlds": size.worlds,
        "starts": size.starts,
        "alone": size.alone,
        "metrics": [one.name for one in asking.question.metrics],
        "shown": list(asking.question.shown),
        "beliefs": asking.beliefs.plain(),
        "policies": [one.model_dump(mode="json", by_alias=True) for one in asking.policies],
        "scenario": asking.scenario.model_dump(mode="json", by_alias=True),
    }


def _experiment(asking: Asking) -> Experiment:
    """The base under the first policy, with the engine that is quickest for all points; all are checked."""
    how, size = asking.how, asking.size
    points = size.futures + size.starts * (len(asking.beliefs) + 4)
    first: Experiment | None = None
    for policy in asking.policies:
        made = Experiment.of(
            asking.scenario,
            policy,
            seed=how.seed,
            replications=size.worlds,
            days=how.days,
            engine=how.engine if first is None else first.engine,
            events=False,
            open_loop=how.open_loop,
            lives=points * len(asking.policies),
            cohort=how.cohort,
        )
        first = first or made
    assert first is not None
    return first


def _open(path: Path, asking: Asking, look: Plan, *, force: bool) -> RobustFile:
    values = [
        f"{metric.name}:{policy}" for policy in asking.question.policies for metric in asking.question.metrics
    ]
    return RobustFile(path, stored(asking), look, asking.beliefs.names, values, anew=force)


def _refuse_names(beliefs: Beliefs) -> None:
    for name in beliefs.names:
        if name in OWN or ":" in name:
            said = gettext("beliefs: '{name}' is the name of another column; give it another")
            raise UsageError(said.format(name=name))


class _Work:
    """Who does the points, tells of every world that is done, and stops where the budget ends."""

    def __init__(
        self,
        asking: Asking,
        store: RobustFile,
        watch: Watch,
        asked: Asked | int | None,
        first: Experiment,
        seconds: float | None,
    ) -> None:
        self.store, self.watch, self.asked, self.first = store, watch, asked, first
        self.policies = len(asking.policies)
        self.disputes = expected_disputes(first.scenario, first.days)
        self.alone = 1 + 2 * SHOWN_ALONE + 2 * DETAILED
        self.total = len(store.spots) + self.alone
        self.end = None if seconds is None else monotonic() + seconds
        self.done = self.before = 0

    def keep(self, number: int, z: tuple[float, ...], first: int, measured: Measured) -> None:
        """Keep a point."""
        self.store.add([Spot(number, z, first, len(measured.value))])
        self.store.keep(number, measured)
        if self.end is not None and monotonic() > self.end:
            raise OutOfTime

    def pool(
        self, do: Callable[[Task, Tick], Measured], tasks: Sequence[Task]
    ) -> Iterator[tuple[Task, Measured]]:
        """Do tasks with as many workers as repay themselves."""
        worlds = sum(task.spot.worlds for task in tasks) * self.policies
        who = self._who(tasks, worlds)
        self.done, total = 0, max(worlds, 1)
        kept = len(self.store.done)
        every = kept + len(tasks)

        def say() -> None:
            step = Step("points", done=len(self.store.done), total=every)
            self.watch.say("simulate", self.done, total, step)

        def tick() -> None:
            self.done += 1
            say()

        say()
        return perform(do, tasks, who, tick, self.watch.check)

    def _who(self, tasks: Sequence[Task], worlds: int) -> Executor:
        disputes = self.disputes * worlds
        return executor(
            self.asked, self.first.engine, disputes, max(len(tasks), 1), leave=self.watch.may_leave
        )


@contextmanager
def _kept(store: RobustFile, watch: Watch) -> Iterator[None]:
    """Tell what is kept when the work is stopped."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit, Stopped, OutOfTime):
        every = max(len(store.spots), len(store.done))
        step = Step("kept_points", done=len(store.done), total=every, file=str(store.path))
        watch.note("keep", len(store.done), every, step)
        raise
