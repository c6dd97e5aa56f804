"""Carrying out `evenhand robust`: what is asked for, read and checked; the study; what is printed."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from evenhand import jobs, scenarios, sim
from evenhand.analysis.metrics.metric import Metric
from evenhand.analysis.robust import How, Limit, Question, Size
from evenhand.analysis.robust.designs import LEAST_FUTURES
from evenhand.cli import amounts
from evenhand.cli.console import print_json
from evenhand.cli.errors import refused
from evenhand.cli.progress import printed
from evenhand.cli.robust_table import print_robust
from evenhand.errors import UsageError
from evenhand.jobs.event import Event
from evenhand.jobs.robust_files import PAGE, document
from evenhand.jobs.robust_sentences import FOUND
from evenhand.jobs.robustness import FILE, Asking, OutOfTime
from evenhand.locale.current import gettext, language
from evenhand.parallel.pool import Asked
from evenhand.scenarios import BadFile, Loaded
from evenhand.scenarios.belief_file import beliefs_of
from evenhand.scenarios.keys import content_key
from evenhand.sim.runs.experiment import EngineName
from evenhand.sim.runs.seeds import MOST_SEED
from evenhand.sim.scenario.units import MOST_DAYS
from evenhand.storage.plan import at_least, check_counted, for_days

_LIMIT = re.compile(r"\s*(?P<metric>\w+)\s*(?P<way><=|>=)\s*(?P<bound>.+?)\s*")
MOST_FUTURES, MOST_WORLDS, MOST_STARTS = 100_000, 1000, 1000


class Order(NamedTuple):
    """What was asked for."""

    policies: Sequence[str]
    scenario: str
    metrics: Sequence[str]
    beliefs: Path | None
    futures: int
    worlds: int
    starts: int
    margins: Sequence[str]
    limits: Sequence[str]
    budget: float | None
    days: int | None
    seed: int
    engine: EngineName
    open_loop: bool
    cohort: str | None
    asked: Asked


def carry_out(order: Order, out: Path | None, *, force: bool, as_json: bool, lang: str) -> None:
    """Ask the futures, and print what they say. Raises BadFile, UsageError, OSError."""
    asking, base = check(order)
    try:
        with refused(), printed(after=1, told=_say) as show, language(lang):
            done = jobs.robust(
                asking,
                out=out,
                force=force,
                asked=order.asked,
                minutes=order.budget,
                base=base,
                on_event=show,
            )
    except OutOfTime:
        return
    if as_json:
        print_json(document(done.robust, asking.scenario, asking.policies, asking.beliefs, asking.key))
    else:
        print_robust(done.robust, asking.scenario, asking.beliefs)
    screen = sys.stderr if as_json else sys.stdout
    places = {"page": done.folder / PAGE, "found": done.folder / FOUND, "file": done.folder / FILE}
    print(gettext("\nReport:   {page}\nFound:    {found}\nPoints:   {file}").format(**places), file=screen)


def _say(event: Event) -> None:
    """Say what is kept of a study that was stopped, and how to go on."""
    found = event.parameters
    print(
        gettext("{done} of {total} points are in {file}; the same command goes on").format(
            done=found["done"], total=found["total"], file=found["file"]
        ),
        file=sys.stderr,
    )


def check(order: Order) -> tuple[Asking, Path | None]:
    """Read all files and look at every option. Raises BadFile with the mistakes of all files, UsageError."""
    at_least("--futures", order.futures, LEAST_FUTURES, MOST_FUTURES)
    at_least("--worlds", order.worlds, 2, MOST_WORLDS)
    at_least("--starts", order.starts, 2, MOST_STARTS)
    at_least("--seed", order.seed, 0, MOST_SEED)
    if order.days is not None:
        at_least("--days", order.days, 1, MOST_DAYS)
    if order.budget is not None and not order.budget > 0:
        said = gettext("--budget: must be above 0 minutes, found {minutes}")
        raise UsageError(said.format(minutes=f"{order.budget:g}"))
    order.asked.check()
    if len(order.policies) < 2:
        raise UsageError(gettext("POLICY...: two policies or more are compared"))
    names = [amounts.metric(one, "--metric").name for one in order.metrics]
    margins = _margins(order.margins, names)
    limits = [limit(one) for one in order.limits]
    world, rules = _read(order)
    assert isinstance(world.model, sim.Scenario)
    beliefs = beliefs_of(world, rules, order.beliefs)
    market = for_days(world.model, order.days)
    check_counted(market, order.days, order.cohort)
    policies = tuple(one.model for one in rules if isinstance(one.model, sim.Policy))
    twice = [one.name for one in policies if sum(other.name == one.name for other in policies) > 1]
    if twice:
        said = gettext("POLICY...: '{name}' is given twice; names tell the columns of the file apart")
        raise UsageError(said.format(name=twice[0]))
    metrics = {one: amounts.metric(one, "--metric") for one in (*names, *(each.metric for each in limits))}
    question = Question(
        tuple(one.name for one in policies),
        tuple(one.title for one in policies),
        tuple(metrics.values()),
        tuple(_unit(one, market) for one in metrics.values()),
        tuple(dict.fromkeys(names)),
        margins,
        tuple(limits),
    )
    how = How(order.seed, order.days, order.engine, order.open_loop or None, order.cohort)
    size = Size(order.futures, order.worlds, order.starts)
    key = content_key(world.model)
    return Asking(market, policies, beliefs, question, size, how, key), world.path


def _unit(metric: Metric, market: sim.Scenario) -> str:
    return market.currency if metric.unit == "currency" else metric.unit


def _margins(given: Sequence[str], names: Sequence[str]) -> dict[str, float]:
    """Widths by metric. Raises UsageError."""
    found: dict[str, float] = {}
    for one in given:
        name, equals, width = one.partition("=")
        if not equals:
            said = gettext("--margin: write METRIC=WIDTH, e.g. wrongful_denial_rate=0.5pt; found '{text}'")
            raise UsageError(said.format(text=one))
        metric = amounts.metric(name.strip(), "--margin")
        if metric.name not in names:
            said = gettext("--margin: {name} is not asked for; add --metric {name}")
            raise UsageError(said.format(name=metric.name))
        if metric.name in found:
            raise UsageError(gettext("--margin: {name} is given twice").format(name=metric.name))
        found[metric.name] = amounts.amount(width, metric, "--margin")
    return found


def limit(text: str) -> Limit:
    """A limit as it is written, `METRIC<=X` or `METRIC>=X`. Raises UsageError."""
    found = _LIMIT.fullmatch(text)
    if found is None:
        said = gettext(
            "--limit: write METRIC<=X or METRIC>=X, e.g. 'median_hours_to_close<=5d'; found '{text}'"
        )
        raise UsageError(said.format(text=text))
    metric = amounts.metric(found["metric"], "--limit")
    bound = 0.0 if found["bound"] in ("0", "0.0") else amounts.amount(found["bound"], metric, "--limit")
    return Limit(metric.name, found["way"] == "<=", bound)


def _read(order: Order) -> tuple[Loaded, list[Loaded]]:
    found: list[Loaded] = []
    problems: list[scenarios.Problem] = []
    wanted = [(order.scenario, "scenario"), *((name, "policy") for name in order.policies)]
    for name, kind in wanted:
        try:
            found.append(scenarios.read(name, kind))  # type: ignore[arg-type]  # both are kinds
        except BadFile as error:
            problems += error.problems
    if problems:
        raise BadFile(problems)
    return found[0], found[1:]
