"""Advice: worlds lived with and without each piece of it, by workers, and one dispute lived again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from evenhand.analysis.advise.dispute import Turned, advise_dispute
from evenhand.analysis.advise.study import Advice, Do, OfWorld, Whose, WorldTask
from evenhand.analysis.advise.study import advise as advise_side
from evenhand.analysis.report import advice as report
from evenhand.analysis.runs.steps import Step
from evenhand.jobs.compilation import ready
from evenhand.jobs.event import Cancelled, OnEvent, Watch
from evenhand.locale.current import gettext
from evenhand.parallel.pool import Asked, executor, perform
from evenhand.sim.runs.experiment import Experiment, expected_disputes

PAGE = "advise.html"


def advise(
    experiment: Experiment,
    whose: Whose,
    *,
    pieces: Sequence[str] = (),
    page: Path | None = None,
    workers: Asked | int | None = None,
    on_event: OnEvent | None = None,
    cancelled: Cancelled | None = None,
) -> Advice:
    """What each piece of advice to a side does, under the policy of an experiment; `page` is written too.

    Behaviour is frozen, whatever the experiment says. Between two lives of a world the job can be stopped.
    Raises Stopped, ValueError, DoesNotFit, OSError.
    """
    if experiment.decide is not None:
        raise ValueError(
            gettext("decide: advice changes what the decider sees, so it takes no rule in Python")
        )
    watch = Watch(on_event, cancelled)
    ready(experiment, watch)
    crew = _Crew(experiment, workers, watch)
    found = advise_side(
        experiment.scenario,
        experiment.policy,
        whose.side,
        group=whose.group,
        cause=whose.cause,
        amount=whose.amount,
        pieces=pieces,
        seed=experiment.seed,
        replications=experiment.replications,
        days=experiment.days,
        engine=experiment.engine,
        pool=crew.pool,
    )
    if page is not None:
        report.write(found, page, tell=watch.steps("draw", Step("drawing")))
    return found


class _Crew:
    """Who lives the worlds, and tells how many lives are over."""

    def __init__(self, experiment: Experiment, workers: Asked | int | None, watch: Watch) -> None:
        self.experiment, self.workers, self.watch, self.done = experiment, workers, watch, 0
        self.each = 0
        """Lives of one world, as the first one says."""

    def pool(self, do: Do, tasks: Sequence[WorldTask]) -> Iterator[tuple[WorldTask, OfWorld]]:
        """Do worlds, each with what it says as soon as it is done."""
        if not tasks:
            return
        about = self.experiment
        self.each = 2 * len(tasks[0].pieces) + 4
        disputes = expected_disputes(about.scenario, about.days) * self.each * len(tasks)
        who = executor(self.workers, about.engine, disputes, len(tasks), leave=self.watch.may_leave)
        yield from perform(do, tasks, who, self.tick, self.watch.check)

    def tick(self) -> None:
        """One life more."""
        self.done += 1
        total = self.each * self.experiment.replications
        step = Step("advice", done=min(self.done, total), total=total)
        self.watch.say("simulate", self.done, total, step)


def advise_one(
    experiment: Experiment,
    whose: Whose,
    replication: int,
    dispute: int,
    *,
    on_event: OnEvent | None = None,
    cancelled: Cancelled | None = None,
) -> Turned:
    """What advice would have made of one dispute of an experiment. Raises Stopped, ValueError, DoesNotFit."""
    watch = Watch(on_event, cancelled)
    ready(experiment, watch)

    def tell(done: int, total: int) -> None:
        watch.say("simulate", done, total, Step("advice", done=done, total=total))

    return advise_dispute(experiment, whose.side, replication, dispute, tell)
