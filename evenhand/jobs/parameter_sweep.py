"""Sweeping settings of an experiment; points that are done stand in a file, and are not done again."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from evenhand.analysis.compare.worlds import chosen_metrics
from evenhand.analysis.experiments import Axis, Kind, Measured, Sweep, Task, Tick, design
from evenhand.analysis.experiments import sweep as sweep_points
from evenhand.analysis.metrics.metric import Metric
from evenhand.analysis.metrics.registry import own_of
from evenhand.analysis.metrics.within import travels
from evenhand.analysis.report import sweep as report
from evenhand.analysis.runs.atomic import remove_leftovers, whole
from evenhand.analysis.runs.scratch import remove_abandoned
from evenhand.analysis.runs.steps import Step
from evenhand.errors import UsageError
from evenhand.jobs.compilation import ready
from evenhand.jobs.event import Cancelled, OnEvent, Stopped, Watch
from evenhand.locale.current import gettext
from evenhand.own_code import code_of, texts_of
from evenhand.parallel.pool import executor, perform, staying
from evenhand.scenarios.numbers import builder
from evenhand.sim.runs.experiment import Experiment, expected_disputes
from evenhand.storage.output_path import check_file, check_folder
from evenhand.storage.sweep_file import SweepFile
from evenhand.storage.version import version

FILE, PAGE = "sweep.parquet", "sweep.html"
USUAL: dict[Kind, int] = {"grid": 5, "lhs": 64, "sobol": 64, "saltelli": 32}
"""Points, unless asked for otherwise."""


class Swept(NamedTuple):
    """A sweep, what the page shows of it, and where it stands."""

    sweep: Sweep
    shown: list[str]
    folder: Path
    pictures: int


def sweep(
    experiment: Experiment,
    axes: Sequence[Axis],
    *,
    business: Sequence[str] = (),
    design_kind: Kind = "grid",
    points: int | None = None,
    days: int | None = None,
    open_loop: bool | None = None,
    metrics: Iterable[str | Metric] | None = None,
    show: Sequence[str] = (),
    out: Path | None = None,
    force: bool = False,
    workers: int | None = None,
    on_event: OnEvent | None = None,
    cancelled: Cancelled | None = None,
) -> Swept:
    """Measure an experiment at many values of settings, keep every point, and draw a page and pictures.

    `axes` vary settings by their paths, of which `business` are windows in business days. `points` defaults
    to `USUAL` of the kind; `metrics`, names or one's own, to all of `METRICS`, and `show` are those on the
    page. `out` defaults to a folder below `runs`; what is done there is not done again, unless `force` begins
    anew. `days` and `open_loop` say how they were asked for, None where scenarios decide (one may be varied).
    Raises Stopped, ValueError, DoesNotFit, UsageError, OSError.
    """
    watch = Watch(on_event, cancelled)
    size = USUAL[design_kind] if points is None else points
    look = design(design_kind, axes, size, experiment.seed)
    measured = chosen_metrics(metrics)
    names = [one.name for one in measured]
    chosen = None if metrics is None else list(metrics)
    usual = f"sweep-{experiment.policy.name}-{experiment.scenario.name}-seed{experiment.seed}"
    folder = out or Path("runs") / usual
    look_at_place(folder, FILE, gettext("sweep"))
    folder.mkdir(parents=True, exist_ok=True)
    remove_abandoned()
    asked = stored(experiment, axes, design_kind, size, days, open_loop=open_loop, metrics=measured)
    try:
        store = SweepFile(folder / FILE, asked, look, names, anew=force)
        try:
            with _kept(store, len(look), watch):
                ready(experiment, watch)
                found = sweep_points(
                    builder(experiment.scenario, experiment.policy, tuple(business)),
                    axes,
                    kind=design_kind,
                    points=size,
                    seed=experiment.seed,
                    replications=experiment.replications,
                    days=days,
                    engine=experiment.engine,
                    metrics=chosen,
                    open_loop=open_loop,
                    decide=experiment.decide,
                    cohort=experiment.cohort,
                    done=store.done,
                    keep=store.keep,
                    pool=_pool(experiment, store, len(look), workers, watch, measured),
                )
        finally:
            store.close()
    finally:
        with suppress(OSError):
            folder.rmdir()  # where nothing came of it
    shown = report.chosen(found, show)
    return Swept(found, shown, folder, _draw(found, folder, shown, watch))


def look_at_place(folder: Path, file: str, what: str) -> None:
    """Refuse a folder that is not empty and does not hold such a file; it would be written to unasked.

    `what` is the word for what the file holds. Raises UsageError, OSError.
    """
    check_folder(folder)
    path = folder / file
    remove_leftovers(path)
    if os.path.lexists(path):
        check_file(path, force=True)
    elif folder.is_dir() and any(folder.iterdir()):
        raise UsageError(
            gettext("--out: '{folder}' is not empty, and holds no {what}; name another folder").format(
                folder=folder, what=what
            )
        )


def stored(
    experiment: Experiment,
    axes: Sequence[Axis],
    kind: Kind,
    points: int,
    days: int | None,
    *,
    open_loop: bool | None,
    metrics: Sequence[Metric] = (),
) -> dict[str, Any]:
    """Everything that the numbers of a sweep depend on, as it stands in its file.

    A rule and metrics of one's own are there by what they say, so that changed ones begin anew.
    """
    own = {one.name: code_of(one.function).as_json() for one in own_of(metrics)}
    decided = {} if experiment.decide is None else {"decide": code_of(experiment.decide).as_json()}
    functions = [one.function for one in metrics] + ([experiment.decide] if experiment.decide else [])
    texts = texts_of(functions)
    return {
        "evenhand": version(),
        "seed": experiment.seed,
        "replications": experiment.replications,
        "days": days,
        "open_loop": bool(open_loop),
        **({} if experiment.cohort is None else {"cohort": str(experiment.cohort)}),
        **decided,
        **({"own_metrics": own} if own else {}),
        **({"texts": texts} if texts else {}),
        "design": kind,
        "points": points,
        "vary": {str(one.pop("name")): one for one in (axis.plain() for axis in axes)},
        "policy": experiment.policy.model_dump(mode="json", by_alias=True),
        "scenario": experiment.scenario.model_dump(mode="json", by_alias=True),
    }


Pool = Callable[[Callable[[Task, Tick], Measured], Sequence[Task]], Iterator[tuple[Task, Measured]]]


def _pool(
    experiment: Experiment,
    store: SweepFile,
    every: int,
    workers: int | None,
    watch: Watch,
    metrics: Sequence[Metric],
) -> Pool:
    """Who does the points, and tells of every world that is done."""
    left = every - len(store.done)
    worlds = max(left * experiment.replications, 1)
    disputes = expected_disputes(experiment.scenario, experiment.days) * experiment.replications * left
    leave = watch.may_leave
    who = executor(workers, experiment.engine, disputes, max(left, 1), leave=leave)
    if experiment.decide is not None or not all(map(travels, metrics)):
        who = staying(who)
    done = 0

    def say() -> None:
        watch.say("simulate", done, worlds, Step("points", done=len(store.done), total=every))

    def tick() -> None:
        nonlocal done
        done += 1
        say()

    def pool(do: Callable[[Task, Tick], Measured], tasks: Sequence[Task]) -> Iterator[tuple[Task, Measured]]:
        say()
        return perform(do, tasks, who, tick, watch.check)

    return pool


@contextmanager
def _kept(store: SweepFile, every: int, watch: Watch) -> Iterator[None]:
    """Tell what is kept when the work is stopped."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit, Stopped):
        step = Step("kept_points", done=len(store.done), total=every, file=str(store.path))
        watch.note("keep", len(store.done), every, step)
        raise


def _draw(found: Sweep, folder: Path, shown: Sequence[str], watch: Watch) -> int:
    """The page, and each of its charts as a file; gives the number of pictures."""
    from evenhand.analysis.charts.file import save

    drawing = watch.steps("draw", Step("drawing"))
    drawing(0, 1)
    report.write(found, folder / PAGE, shown, tell=drawing)
    made = 0
    for name, figure in report.pictures(found, shown):
        watch.check()
        figure.set_facecolor("white")
        with whole(folder / f"{name}.png") as picture:
            save(figure, picture)
        made += 1
    return made
