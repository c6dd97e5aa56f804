"""`evenhand compare`: policies in the same worlds, what differs and how surely, or which is best."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from evenhand import analysis, scenarios, sim
from evenhand.analysis.compare import Selection
from evenhand.analysis.compare.parts import Measurement
from evenhand.analysis.compare.worlds import Worlds, named
from evenhand.analysis.counterfactual.causal_paths import MOVED, number_of
from evenhand.analysis.runs.scratch import remove_abandoned
from evenhand.cli import amounts
from evenhand.cli.compare_folder import PAGE, Switch, write
from evenhand.cli.compare_table import print_comparison, print_selection
from evenhand.cli.console import print_json
from evenhand.cli.progress import progress
from evenhand.errors import UsageError
from evenhand.parallel import pool
from evenhand.parallel.pool import Asked
from evenhand.parallel.protocol import Tick
from evenhand.scenarios import BadFile, Kind, Loaded
from evenhand.sim.jit.cache import is_warm
from evenhand.sim.runs.experiment import EngineName, choose_engine, expected_disputes
from evenhand.sim.runs.seeds import MOST_SEED
from evenhand.sim.scenario.units import MOST_DAYS, MOST_REPLICATIONS
from evenhand.storage.output_dir import Site, building
from evenhand.storage.plan import COMPILING, at_least

USUAL, FIRST_LOOK, FIRST_TO_LEAVE = 30, 10, 12
"""Worlds: without a target, before a target may be met, before a policy may leave a selection."""

GROUPS = ("buyer_group", "merchant_group")
"""Whose values stand in the folder, beside those of everybody."""


class Order(NamedTuple):
    """What was asked for."""

    policies: list[str]
    scenarios: list[str]
    baseline: str | None
    replications: int | None
    days: int | None
    seed: int
    metrics: list[str]
    until: list[str]
    budget: int
    select: str | None
    margin: str | None
    engine: EngineName
    open_loop: bool
    flip: str | None = None
    asked: Asked = Asked()


class Plan(NamedTuple):
    """What was asked for, read and checked."""

    worlds: dict[str, sim.Scenario]
    policies: dict[str, sim.Policy]
    baseline: str
    replications: int
    most: int
    """Worlds of each scenario at most."""
    how: dict[str, Any]
    """Seed, days, engine, open loop and reader, as `analysis.compare` and `analysis.select` take them."""


def carry_out(order: Order, out: Path | None, *, force: bool, as_json: bool) -> None:
    """Compare, or pick the best, and print what was found. Raises BadFile, UsageError, OSError."""
    if force and out is None:
        raise UsageError("--force: replaces the folder given by --out, and none is given")
    if order.select is not None or order.margin is not None:
        _refuse_beside_select(order, out)
        chosen = pick(order)
        _tell(chosen.to_json(), as_json, lambda: print_selection(chosen))
        return
    site = Site(out, exact=True, force=force) if out else None
    plan, targets = check(order), amounts.targets(order.until)
    metrics = [amounts.metric(name, "--metric").name for name in order.metrics]
    switch = _switch(order.flip, plan, out) if order.flip else None
    steps = plan.most * len(plan.worlds) + bool(out)
    remove_abandoned()
    with building(site) if site else nullcontext() as folder, _progress(plan, steps) as tell:
        found = analysis.compare(
            plan.worlds, plan.policies, baseline=plan.baseline, replications=plan.replications,
            metrics=metrics or None, until=targets, budget=plan.most, progress=tell, by=GROUPS if out else (),
            **plan.how,
        )  # fmt: skip
        if folder is not None:
            tell("drawing the report", steps)
            write(found, plan.worlds, plan.policies, folder, switch)
    _tell(found.to_json(), as_json, lambda: print_comparison(found, plan.worlds, [*metrics, *targets]))
    if site is not None:
        print(
            f"\nReport:  {site.final / PAGE}\nRecords: {site.final}",
            file=sys.stderr if as_json else sys.stdout,
        )


def _switch(text: str, plan: Plan, out: Path | None) -> Switch:
    """Read `--flip`: an attribute and two groups of the first scenario. Raises UsageError."""
    if out is None:
        raise UsageError("--flip: is drawn on the page that --out writes, and no folder is given")
    parts = text.split(":")
    if len(parts) != 3 or parts[1] == parts[2]:
        raise UsageError(f"--flip: must be like merchant.group:small:flagship, found '{text}'")
    attribute = next((known for known in MOVED if known == parts[0]), None)
    if attribute is None:
        raise UsageError(f"--flip: must begin with {' or '.join(MOVED)}, found '{parts[0]}'")
    switch = Switch(attribute, parts[1], parts[2])
    try:
        for group in parts[1:]:
            number_of(next(iter(plan.worlds.values())), attribute, group)
    except ValueError as error:
        raise UsageError(f"--flip: {error}") from error
    return switch


def pick(order: Order) -> Selection:
    """Pick the best policy. Raises BadFile, UsageError."""
    assert order.select is not None
    assert order.margin is not None
    metric = amounts.metric(order.select, "--select")
    if metric.direction == "neutral":
        raise UsageError(f"--select: {metric.name} is neither better high nor low")
    margin = amounts.amount(order.margin, metric, "--margin")
    plan = check(order)
    (scenario,) = plan.worlds.values()
    try:
        with _progress(plan, 2 * plan.most) as tell:
            return analysis.select(
                scenario, plan.policies, metric, margin, n0=plan.replications, budget=plan.most,
                progress=tell, **plan.how,
            )  # fmt: skip
    except analysis.Undecidable as error:
        raise UsageError(f"--select: {error}") from error


def check(order: Order) -> Plan:
    """Read all files and look at every number. Raises BadFile with all mistakes, UsageError."""
    least = 3 if order.select else 1
    first = FIRST_TO_LEAVE if order.select else FIRST_LOOK if order.until else USUAL
    if order.replications is not None:
        at_least("--replications", order.replications, least, MOST_REPLICATIONS)
        first = order.replications
    at_least("--seed", order.seed, 0, MOST_SEED)
    if order.days is not None:
        at_least("--days", order.days, 1, MOST_DAYS)
    if order.until:
        first = max(first, FIRST_LOOK)
    if order.until or order.select:
        at_least("--budget", order.budget, first, MOST_REPLICATIONS)
    asked = list(order.policies)
    if order.baseline is not None and order.baseline not in asked:
        asked.insert(0, order.baseline)
    if len(asked) < 2:
        raise UsageError("compare: needs two policies or more, found one")
    rules, worlds = _read({"policy": asked, "scenario": order.scenarios})
    _check_pairs(worlds, rules, order.days)
    policies = named([one.model for one in rules if isinstance(one.model, sim.Policy)], "policy")
    base = list(policies)[asked.index(order.baseline) if order.baseline is not None else 0]
    how = {
        "seed": order.seed, "days": order.days, "engine": order.engine, "open_loop": order.open_loop or None,
        "reader": partial(read_worlds, order.asked.check()),
    }  # fmt: skip
    models = named([one.model for one in worlds if isinstance(one.model, sim.Scenario)], "scenario")
    return Plan(models, policies, base, first, order.budget if order.until or order.select else first, how)


def read_worlds(
    asked: Asked, worlds: Worlds, numbers: Sequence[int], names: Sequence[str] | None = None, /
) -> Iterator[Measurement]:
    """Read worlds with the workers asked for, in the order of their numbers."""
    lives = len(numbers) * len(worlds.policies if names is None else names)
    drawn = expected_disputes(worlds.scenario, worlds.days) * lives
    who = pool.crew(asked, worlds.engine, drawn, len(numbers))
    return pool.in_order(partial(_read_world, worlds, names), numbers, who)


def _read_world(worlds: Worlds, names: Sequence[str] | None, number: int, _: Tick) -> Measurement:
    return worlds.read(number, names)


def _refuse_beside_select(order: Order, out: Path | None) -> None:
    """What has no meaning beside --select is refused, not ignored."""
    if order.select is None or order.margin is None:
        missing, there = ("--select", "--margin") if order.select is None else ("--margin", "--select")
        raise UsageError(f"{there}: needs {missing} too, as in --select wrongful_denial_rate --margin 0.2pt")
    if len(order.scenarios) > 1:
        raise UsageError("--select: takes one scenario, because policies differ in which one they suit")
    others = {
        "--until": order.until, "--metric": order.metrics, "--baseline": order.baseline, "--out": out,
        "--flip": order.flip,
    }  # fmt: skip
    for option, value in others.items():
        if value:
            raise UsageError(f"{option}: has no meaning beside --select")


def _read(asked: dict[Kind, list[str]]) -> list[list[Loaded]]:
    """Read the files of each kind, each once; all mistakes come together."""
    files: dict[tuple[str, Kind], Loaded] = {}
    problems: list[scenarios.Problem] = []
    for name, kind in dict.fromkeys((name, kind) for kind, names in asked.items() for name in names):
        try:
            files[name, kind] = scenarios.read(name, kind)
        except BadFile as error:
            problems += error.problems
    if problems:
        raise BadFile(problems)
    return [[files[name, kind] for name in names] for kind, names in asked.items()]


def _check_pairs(worlds: list[Loaded], rules: list[Loaded], days: int | None) -> None:
    problems: list[scenarios.Problem] = []
    for world in worlds:
        assert isinstance(world.model, sim.Scenario)
        for policy in rules:
            try:
                scenarios.check_pair(world, policy, days or world.model.days)
            except BadFile as error:
                problems += [one for one in error.problems if one not in problems]
    if problems:
        raise BadFile(problems)


@contextmanager
def _progress(plan: Plan, steps: int) -> Iterator[Callable[[str, int], None]]:
    """Count worlds over all scenarios; the first one may have to wait for the compiler."""
    runs, days = plan.most * len(plan.policies), plan.how["days"]
    engines = [plan.how["engine"]]
    if "auto" in engines:
        engines = [choose_engine(world, days or world.days, runs) for world in plan.worlds.values()]
    waits, number = not all(map(is_warm, engines)), count()
    with progress(steps) as bar:

        def tell(what: str, _: int) -> None:
            done = next(number)
            bar(COMPILING if waits and not done else what, done)

        yield tell


def _tell(document: dict[str, Any], as_json: bool, show: Callable[[], None]) -> None:
    if as_json:
        print_json(document)
    else:
        show()
