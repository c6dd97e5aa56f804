"""`evenhand compare`: policies in the same worlds, what differs and how surely, or which is best."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from evenhand import analysis, jobs, scenarios, sim
from evenhand.analysis import METRICS, Metric
from evenhand.analysis.compare import Selection
from evenhand.analysis.compare.splits import check_split, splits_of
from evenhand.analysis.compare.worlds import named
from evenhand.analysis.counterfactual.causal_paths import MOVED, number_of
from evenhand.analysis.runs.background import Assumed, Spoken
from evenhand.cli import own
from evenhand.cli.compare_groups import check_chart, draw, print_groups
from evenhand.cli.compare_table import MAIN, print_comparison, print_selection
from evenhand.cli.console import print_json
from evenhand.cli.errors import plain
from evenhand.cli.progress import printed
from evenhand.errors import UsageError
from evenhand.jobs import amounts
from evenhand.jobs.background import assumed_of, changes_of
from evenhand.jobs.comparison_folder import PAGE, Switch
from evenhand.jobs.robust_sentences import futures_of
from evenhand.locale.catalogue import ENGLISH
from evenhand.locale.current import gettext, language
from evenhand.parallel.pool import Asked
from evenhand.scenarios import BadFile, Kind, Loaded
from evenhand.sim.runs.experiment import Decide, EngineName
from evenhand.sim.runs.seeds import MOST_SEED
from evenhand.sim.scenario.units import MOST_DAYS, MOST_REPLICATIONS
from evenhand.storage.output_dir import Site
from evenhand.storage.plan import at_least, check_counted, for_days

USUAL, FIRST_LOOK, FIRST_TO_LEAVE = 30, 10, 12
"""Worlds: without a target, before a target may be met, before a policy may leave a selection."""


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
    cohort: str | None = None
    by: Sequence[str] = ()
    metrics_from: Sequence[Path] = ()
    """Files of Python with metrics of one's own."""
    stress_des: bool = False


class Plan(NamedTuple):
    """What was asked for, read and checked."""

    worlds: dict[str, sim.Scenario]
    policies: dict[str, sim.Policy]
    baseline: str
    most: int
    """Worlds of each scenario at most."""
    experiments: dict[str, sim.Experiment]
    """One for each scenario, with the worlds to begin with."""
    assumed: tuple[Assumed, ...]
    """How much of each file is judgement."""
    rules: dict[str, Decide]
    """Decision rules in Python, by policy."""
    futures: tuple[Spoken, ...] = ()
    """What `evenhand robust` found of these policies, where it was run."""


def carry_out(
    order: Order,
    out: Path | None,
    *,
    force: bool,
    as_json: bool,
    lang: str = ENGLISH,
    chart: Path | None = None,
) -> None:
    """Compare, or pick the best, and print what was found; the page and the chart are in a language.

    Raises BadFile, UsageError, OSError.
    """
    _refuse_without_out(order, out, chart, force=force)
    if order.select is not None or order.margin is not None:
        _refuse_beside_select(order, out, chart)
        chosen = pick(order)
        _tell(chosen.to_json(), as_json, lambda: print_selection(chosen))
        return
    if out is not None:
        Site(out, exact=True, force=force)  # a place that cannot be taken is refused before files are read
    known = own.known(order.metrics_from)
    metrics = [amounts.metric(name, "--metric", known).name for name in order.metrics]
    check_chart(chart, order.by, metrics, force=force)
    plan, targets = check(order), amounts.targets(order.until, known)
    _check_splits(order.by, plan, [known[name] for name in (*metrics, *targets)])
    shown = [*metrics, *targets]
    if not shown and order.metrics_from:
        shown = [*MAIN, *(name for name in known if name not in METRICS)]
    switch = _switch(order.flip, plan, out) if order.flip else None
    with printed(after=bool(out)) as show, language(lang):
        found, folder = jobs.compare(
            plan.experiments,
            plan.policies,
            baseline=plan.baseline,
            metrics=own.asked([*metrics, *targets] if metrics else [], known),
            until=targets,
            decide=plan.rules or None,
            budget=plan.most,
            by=order.by,
            out=out,
            force=force and out is not None,
            switch=switch,
            stress_des=order.stress_des,
            assumed=plan.assumed,
            futures=plan.futures,
            workers=order.asked,
            on_event=show,
        )
        if chart is not None:
            draw(found, metrics[0], chart)

    base = plan.policies[plan.baseline]
    changes = {name: changes_of(base, one) for name, one in plan.policies.items() if name != plan.baseline}

    def show_all() -> None:
        print_comparison(found, plan.worlds, shown, plan.assumed, plan.futures, changes, folder)
        if found.by:
            print()
            print_groups(found, shown)

    _tell(found.to_json(), as_json, show_all)
    if chart is not None:
        print(
            plain(gettext("Chart:   {chart}").format(chart=chart)), file=sys.stderr if as_json else sys.stdout
        )
    if folder is not None:
        print(
            gettext("\nReport:  {folder}\nRecords: {folder_2}").format(folder=folder / PAGE, folder_2=folder),
            file=sys.stderr if as_json else sys.stdout,
        )


def _refuse_without_out(order: Order, out: Path | None, chart: Path | None, *, force: bool) -> None:
    """Refuse what only a folder can take, where there is none. Raises UsageError."""
    if force and out is None and chart is None:
        raise UsageError(gettext("--force: replaces the folder given by --out, and none is given"))
    if order.stress_des and out is None:
        raise UsageError(
            gettext("--stress-des: is written into the folder given by --out, and none is given")
        )


def _check_splits(by: Sequence[str], plan: Plan, metrics: Sequence[Metric]) -> None:
    """Refuse columns, groups, and metrics that have none, before anything is drawn. Raises UsageError."""
    try:
        for split in splits_of(by):
            for world in plan.worlds.values():
                check_split(split, split.name, world)
            for one in metrics:
                if not one.splits(split.name):
                    raise UsageError(
                        gettext("--by: {name} cannot be split by {name_2}").format(
                            name=one.name, name_2=split.name
                        )
                    )
    except ValueError as error:
        raise UsageError(f"--{error}" if str(error).startswith("by") else f"--by: {error}") from error


def _switch(text: str, plan: Plan, out: Path | None) -> Switch:
    """Read `--flip`: an attribute and two groups of the first scenario. Raises UsageError."""
    if out is None:
        raise UsageError(gettext("--flip: is drawn on the page that --out writes, and no folder is given"))
    parts = text.split(":")
    if len(parts) != 3 or parts[1] == parts[2]:
        raise UsageError(
            gettext("--flip: must be like merchant.group:small:flagship, found '{text}'").format(text=text)
        )
    attribute = next((known for known in MOVED if known == parts[0]), None)
    if attribute is None:
        raise UsageError(
            gettext("--flip: must begin with {moved}, found '{what}'").format(
                moved=" or ".join(MOVED), what=parts[0]
            )
        )
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
    metric = amounts.metric(order.select, "--select", own.known(order.metrics_from))
    if metric.direction == "neutral":
        raise UsageError(gettext("--select: {name} is neither better high nor low").format(name=metric.name))
    margin = amounts.amount(order.margin, metric, "--margin")
    plan = check(order)
    (experiment,) = plan.experiments.values()
    try:
        with printed() as show:
            return jobs.select(
                experiment,
                plan.policies,
                metric,
                margin,
                budget=plan.most,
                decide=plan.rules or None,
                workers=order.asked,
                on_event=show,
            )
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
        raise UsageError(gettext("compare: needs two policies or more, found one"))
    rules, worlds = _read({"policy": asked, "scenario": order.scenarios})
    _check_pairs(worlds, rules, order.days)
    policies = named([one.model for one in rules if isinstance(one.model, sim.Policy)], "policy")
    decide = {name: one for name, one in zip(policies, map(own.rule_of, asked), strict=True) if one}
    engine = own.engine_for(order.engine, rules=bool(decide))
    base = list(policies)[asked.index(order.baseline) if order.baseline is not None else 0]
    markets = [for_days(one.model, order.days) for one in worlds if isinstance(one.model, sim.Scenario)]
    models = named(markets, "scenario")
    most = order.budget if order.until or order.select else first
    for model in models.values():
        check_counted(model, order.days, order.cohort)
    order.asked.check()
    experiments = {
        name: sim.Experiment.of(
            model,
            policies[base],
            seed=order.seed,
            replications=most,
            days=order.days,
            engine=engine,
            events=False,
            open_loop=order.open_loop or None,
            cohort=order.cohort,
            lives=len(policies) * (2 if order.select else 1),
        )
        for name, model in models.items()
    }
    begun = {name: replace(one, replications=first) for name, one in experiments.items()}
    told = assumed_of([*worlds, *rules])
    return Plan(models, policies, base, most, begun, told, decide, futures_of(worlds, rules))


def _refuse_beside_select(order: Order, out: Path | None, chart: Path | None) -> None:
    """What has no meaning beside --select is refused, not ignored."""
    if order.select is None or order.margin is None:
        missing, there = ("--select", "--margin") if order.select is None else ("--margin", "--select")
        raise UsageError(
            gettext(
                "{there}: needs {missing} too, as in --select wrongful_denial_rate --margin 0.2pt"
            ).format(there=there, missing=missing)
        )
    if len(order.scenarios) > 1:
        raise UsageError(
            gettext("--select: takes one scenario, because policies differ in which one they suit")
        )
    others = {
        "--until": order.until,
        "--metric": order.metrics,
        "--baseline": order.baseline,
        "--out": out,
        "--flip": order.flip,
        "--by": order.by,
        "--chart": chart,
        "--stress-des": order.stress_des,
    }
    for option, value in others.items():
        if value:
            raise UsageError(gettext("{option}: has no meaning beside --select").format(option=option))


def _read(asked: dict[Kind, list[str]]) -> list[list[Loaded]]:
    """Read the files of each kind, each once; all mistakes come together."""
    files: dict[tuple[str, Kind], Loaded] = {}
    problems: list[scenarios.Problem] = []
    for name, kind in dict.fromkeys((name, kind) for kind, names in asked.items() for name in names):
        try:
            read = scenarios.read(own.policy_of(name) if kind == "policy" else name, kind)
            files[name, kind] = own.decided(read, name) if kind == "policy" else read
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


def _tell(document: dict[str, Any], as_json: bool, show: Callable[[], None]) -> None:
    if as_json:
        print_json(document)
    else:
        show()
