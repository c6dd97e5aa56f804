"""Carrying out a sweep: what is asked for, the file that it goes on in, the page and the pictures."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from evenhand import analysis, scenarios, sim
from evenhand.analysis.experiments import Design, Kind, Measured, Sweep, Task, Tick, design, sweep
from evenhand.analysis.report import sweep as report
from evenhand.analysis.runs.atomic import remove_leftovers, whole
from evenhand.analysis.runs.scratch import remove_abandoned
from evenhand.cli import amounts, sweep_axes
from evenhand.cli.console import print_json
from evenhand.cli.errors import refused
from evenhand.cli.progress import progress
from evenhand.cli.sweep_table import document, print_sweep
from evenhand.errors import UsageError
from evenhand.parallel.pool import crew, perform
from evenhand.scenarios import BadFile, Loaded
from evenhand.scenarios.numbers import builder
from evenhand.sim.jit.cache import is_warm
from evenhand.sim.runs.experiment import EngineName, choose_engine, expected_disputes
from evenhand.sim.runs.seeds import MOST_SEED
from evenhand.sim.scenario.units import MOST_DAYS, MOST_REPLICATIONS
from evenhand.storage.output_path import check_file, check_folder
from evenhand.storage.plan import COMPILING, at_least
from evenhand.storage.sweep_file import SweepFile
from evenhand.storage.version import version

FILE, PAGE = "sweep.parquet", "sweep.html"
USUAL: dict[Kind, int] = {"grid": 5, "lhs": 64, "sobol": 64, "saltelli": 32}
"""Points, unless asked for otherwise."""


class Order(NamedTuple):
    """What was asked for."""

    policy: str
    scenario: str
    vary: Sequence[str]
    design: Kind
    points: int | None
    replications: int
    days: int | None
    seed: int
    metrics: Sequence[str]
    engine: EngineName
    open_loop: bool
    workers: int | None


class Plan(NamedTuple):
    """What was asked for, read and checked."""

    order: Order
    scenario: sim.Scenario
    policy: sim.Policy
    varied: sweep_axes.Varied
    look: Design
    points: int


def carry_out(order: Order, out: Path | None, *, force: bool, as_json: bool) -> None:
    """Sweep, draw and print; goes on where an earlier one stopped. Raises BadFile, UsageError, OSError."""
    plan = check(order)
    folder = out or Path("runs") / f"sweep-{plan.policy.name}-{plan.scenario.name}-seed{order.seed}"
    look_at_place(folder)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    names = list(analysis.METRICS)
    remove_abandoned()
    store = SweepFile(path, stored(plan), plan.look, names, anew=force)
    try:
        with refused(), _told(store, plan.look):
            found = _sweep(plan, store, names)
    finally:
        store.close()
        with suppress(OSError):
            folder.rmdir()  # where nothing came of it
    shown = report.chosen(found, order.metrics)
    made = _draw(found, folder, shown)
    if as_json:
        print_json(document(found, shown))
    else:
        print_sweep(found, shown)
    screen = sys.stderr if as_json else sys.stdout
    print(f"\nReport:   {folder / PAGE}\nPictures: {made} in {folder}\nPoints:   {path}", file=screen)


def look_at_place(folder: Path) -> None:
    """Refuse a folder that is not empty and holds no sweep; its pictures would be replaced unasked.

    Raises UsageError, OSError.
    """
    check_folder(folder)
    path = folder / FILE
    remove_leftovers(path)
    if os.path.lexists(path):
        check_file(path, force=True)
    elif folder.is_dir() and any(folder.iterdir()):
        raise UsageError(f"--out: '{folder}' is not empty, and holds no sweep; name another folder")


def check(order: Order) -> Plan:
    """Read both files and look at every option. Raises BadFile with the mistakes of both, UsageError."""
    at_least("--replications", order.replications, 1, MOST_REPLICATIONS)
    at_least("--seed", order.seed, 0, MOST_SEED)
    if order.days is not None:
        at_least("--days", order.days, 1, MOST_DAYS)
    if order.workers is not None:
        at_least("--workers", order.workers, 1)
    for name in order.metrics:
        amounts.metric(name, "--metric")
    world, rules = _read(order)
    assert isinstance(world.model, sim.Scenario)
    assert isinstance(rules.model, sim.Policy)
    varied = sweep_axes.read(order.vary, world.model, rules.model)
    points = USUAL[order.design] if order.points is None else order.points
    with refused():
        look = design(order.design, varied.axes, points, order.seed)
    return Plan(order, world.model, rules.model, varied, look, points)


def stored(plan: Plan) -> dict[str, Any]:
    """Everything that the numbers of a sweep depend on, as it stands in its file."""
    order = plan.order
    return {
        "evenhand": version(), "seed": order.seed, "replications": order.replications, "days": order.days,
        "open_loop": order.open_loop, "design": order.design, "points": plan.points,
        "vary": {str(one.pop("name")): one for one in (axis.plain() for axis in plan.varied.axes)},
        "policy": plan.policy.model_dump(mode="json", by_alias=True),
        "scenario": plan.scenario.model_dump(mode="json", by_alias=True),
    }  # fmt: skip


def _read(order: Order) -> tuple[Loaded, Loaded]:
    found: list[Loaded] = []
    problems: list[scenarios.Problem] = []
    for name, kind in ((order.scenario, "scenario"), (order.policy, "policy")):
        try:
            found.append(scenarios.read(name, kind))  # type: ignore[arg-type]  # both are kinds
        except BadFile as error:
            problems += error.problems
    if problems:
        raise BadFile(problems)
    return found[0], found[1]


def _sweep(plan: Plan, store: SweepFile, names: list[str]) -> Sweep:
    """Measure what is not in the file yet."""
    order = plan.order
    days = order.days or plan.scenario.days
    left = len(plan.look) - len(store.done)
    engine = order.engine
    if engine == "auto":
        engine = choose_engine(plan.scenario, days, order.replications * len(plan.look))  # as it was begun
    disputes = expected_disputes(plan.scenario, days) * order.replications * left
    who = crew(order.workers, engine, disputes, max(left, 1))
    with _steps(plan, store, engine) as (tick, tell):

        def pool(
            do: Callable[[Task, Tick], Measured], tasks: Sequence[Task]
        ) -> Iterator[tuple[Task, Measured]]:
            tell()
            return perform(do, tasks, who, tick)

        return sweep(
            builder(plan.scenario, plan.policy, plan.varied.business), plan.varied.axes, kind=order.design,
            points=plan.points, seed=order.seed, replications=order.replications, days=order.days,
            engine=engine, metrics=names, open_loop=order.open_loop or None, done=store.done, keep=store.keep,
            pool=pool,
        )  # fmt: skip


@contextmanager
def _steps(
    plan: Plan, store: SweepFile, engine: str
) -> Iterator[tuple[Callable[[], None], Callable[[], None]]]:
    """Count worlds over all points; the first one may have to wait for the compiler."""
    worlds, every = plan.order.replications, len(plan.look)
    waits, done = not is_warm(engine), 0
    with progress(max((every - len(store.done)) * worlds, 1)) as bar:

        def tell() -> None:
            what = f"{len(store.done)} of {every} points done"
            bar(COMPILING if waits and not done else what, done)

        def tick() -> None:
            nonlocal done
            done += 1
            tell()

        yield tick, tell


@contextmanager
def _told(store: SweepFile, look: Design) -> Iterator[None]:
    """Say what is kept when the work is stopped."""
    try:
        yield
    except (KeyboardInterrupt, SystemExit):
        print(
            f"{len(store.done)} of {len(look)} points are in {store.path}; the same command goes on",
            file=sys.stderr,
        )
        raise


def _draw(found: Sweep, folder: Path, shown: Sequence[str]) -> int:
    """The page, and each of its charts as a file; gives the number of pictures."""
    from evenhand.analysis.charts.file import save

    report.write(found, folder / PAGE, shown)
    made = 0
    for name, figure in report.pictures(found, shown):
        figure.set_facecolor("white")
        with whole(folder / f"{name}.png") as picture:
            save(figure, picture)
        made += 1
    return made
