"""Carrying out a sweep: what is asked for, the file that it goes on in, the page and the pictures."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from evenhand import jobs, scenarios, sim
from evenhand.analysis import METRICS
from evenhand.analysis.experiments import Kind, design
from evenhand.cli import own
from evenhand.cli.progress import printed
from evenhand.cli.sweep_table import document, print_sweep
from evenhand.errors import refused
from evenhand.jobs import amounts, sweep_axes
from evenhand.jobs.event import Event
from evenhand.jobs.parameter_sweep import FILE, PAGE, USUAL
from evenhand.locale.current import gettext
from evenhand.scenarios import BadFile, Loaded
from evenhand.sim.runs.experiment import EngineName, choose_engine
from evenhand.sim.runs.seeds import MOST_SEED
from evenhand.sim.scenario.units import MOST_DAYS, MOST_REPLICATIONS
from evenhand.storage.plan import at_least, check_counted, for_days


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
    cohort: str | None = None
    metrics_from: Sequence[Path] = ()
    """Files of Python with metrics of one's own."""


class Plan(NamedTuple):
    """What was asked for, read and checked."""

    order: Order
    scenario: sim.Scenario
    policy: sim.Policy
    varied: sweep_axes.Varied
    points: int

    def experiment(self) -> sim.Experiment:
        """The base of the sweep, with the engine that is quickest for all points."""
        order = self.order
        decide = own.rule_of(order.policy)
        days, engine = order.days or self.scenario.days, own.engine_for(order.engine, rules=bool(decide))
        look = design(order.design, self.varied.axes, self.points, order.seed)
        if engine == "auto":
            engine = choose_engine(self.scenario, days, order.replications * len(look))
        return sim.Experiment.of(
            self.scenario,
            self.policy,
            seed=order.seed,
            replications=order.replications,
            days=days,
            engine=engine,
            events=False,
            open_loop=order.open_loop or None,
            decide=decide,
            cohort=order.cohort,
        )


def carry_out(order: Order, out: Path | None, *, force: bool, as_json: bool) -> None:
    """Sweep, draw and print; goes on where an earlier one stopped. Raises BadFile, UsageError, OSError."""
    plan = check(order)
    with refused(), printed(told=_say) as show:
        done = jobs.sweep(
            plan.experiment(),
            plan.varied.axes,
            business=plan.varied.business,
            design_kind=order.design,
            points=plan.points,
            days=order.days,
            open_loop=order.open_loop or None,
            metrics=own.asked([], own.known(order.metrics_from)),
            show=order.metrics or _shown(order),
            out=out,
            force=force,
            workers=order.workers,
            on_event=show,
        )
    if as_json:
        print(json.dumps(document(done.sweep, done.shown), ensure_ascii=False, indent=1, allow_nan=False))
    else:
        print_sweep(done.sweep, done.shown)
    folder, screen = done.folder, sys.stderr if as_json else sys.stdout
    print(
        gettext("\nReport:   {folder}\nPictures: {pictures} in {folder_2}\nPoints:   {folder_3}").format(
            folder=folder / PAGE, pictures=done.pictures, folder_2=folder, folder_3=folder / FILE
        ),
        file=screen,
    )


def _say(event: Event) -> None:
    """Say what is kept of a sweep that was stopped, and how to go on."""
    found = event.parameters
    print(
        gettext("{done} of {total} points are in {file}; the same command goes on").format(
            done=found["done"], total=found["total"], file=found["file"]
        ),
        file=sys.stderr,
    )


def check(order: Order) -> Plan:
    """Read both files and look at every option. Raises BadFile with the mistakes of both, UsageError."""
    at_least("--replications", order.replications, 1, MOST_REPLICATIONS)
    at_least("--seed", order.seed, 0, MOST_SEED)
    if order.days is not None:
        at_least("--days", order.days, 1, MOST_DAYS)
    if order.workers is not None:
        at_least("--workers", order.workers, 1)
    for name in order.metrics:
        amounts.metric(name, "--metric", own.known(order.metrics_from))
    world, rules = _read(order)
    assert isinstance(world.model, sim.Scenario)
    assert isinstance(rules.model, sim.Policy)
    market = for_days(world.model, order.days)
    check_counted(market, order.days, order.cohort)
    varied = sweep_axes.read(order.vary, market, rules.model)
    points = USUAL[order.design] if order.points is None else order.points
    with refused():
        design(order.design, varied.axes, points, order.seed)
    return Plan(order, market, rules.model, varied, points)


def _shown(order: Order) -> list[str]:
    """The metrics of one's own, which somebody who brings them wants to see; none = the usual ones."""
    return [name for name in own.known(order.metrics_from) if name not in METRICS]


def _read(order: Order) -> tuple[Loaded, Loaded]:
    found: list[Loaded] = []
    problems: list[scenarios.Problem] = []
    for name, kind in ((order.scenario, "scenario"), (order.policy, "policy")):
        try:
            word = own.policy_of(name) if kind == "policy" else name
            read = scenarios.read(word, kind)  # type: ignore[arg-type]  # both are kinds
            found.append(own.decided(read, name) if kind == "policy" else read)
        except BadFile as error:
            problems += error.problems
    if problems:
        raise BadFile(problems)
    return found[0], found[1]
