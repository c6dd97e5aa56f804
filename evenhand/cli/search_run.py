"""Carrying out a search: what is asked for, the file that it goes on in, the page and the patches."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from evenhand import jobs, sim
from evenhand.analysis.search import Aims, aims
from evenhand.analysis.search.study import LEAST
from evenhand.cli import levers
from evenhand.cli.console import print_json
from evenhand.cli.errors import refused
from evenhand.cli.levers import naming
from evenhand.cli.progress import printed
from evenhand.cli.search_table import document, print_search
from evenhand.errors import UsageError
from evenhand.jobs.event import Event
from evenhand.jobs.rule_patches import Bases
from evenhand.jobs.rule_search import FILE, PAGE, Budget, Futures
from evenhand.locale.current import gettext, language
from evenhand.parallel.pool import Asked
from evenhand.sim.runs.experiment import EngineName, choose_engine
from evenhand.sim.runs.seeds import MOST_SEED
from evenhand.sim.scenario.units import MOST_DAYS, MOST_REPLICATIONS
from evenhand.storage.plan import at_least, check_counted, for_days, read_both

_MINUTES = re.compile(r"(\d*\.?\d+)\s*(?:m|min|minutes?)", re.IGNORECASE)


class Order(NamedTuple):
    """What was asked for."""

    policy: str
    scenario: str
    levers: Sequence[str]
    goals: Sequence[str]
    limits: Sequence[str]
    budget: str
    fresh: int
    metrics: Sequence[str]
    days: int | None
    seed: int
    engine: EngineName
    open_loop: bool
    cohort: str | None
    workers: int | None
    cluster: str | None
    under: Path | None = None


class Plan(NamedTuple):
    """What was asked for, read and checked."""

    experiment: sim.Experiment
    turned: levers.Turned
    aims: Aims
    budget: Budget
    bases: Bases
    asked: Asked


def carry_out(order: Order, out: Path | None, *, force: bool, lang: str, as_json: bool) -> None:
    """Search, judge, draw and print; goes on where an earlier one stopped.

    Raises BadFile, UsageError, OSError.
    """
    plan = check(order)
    with refused(), no_library(), printed(told=kept) as show, language(lang):
        done = jobs.search(
            plan.experiment,
            plan.turned.levers,
            plan.aims,
            bases=plan.bases,
            budget=plan.budget,
            fresh=order.fresh,
            business=plan.turned.business,
            under=under(order.under, plan.experiment.scenario) if order.under else None,
            out=out,
            force=force,
            workers=plan.asked,
            on_event=show,
        )
    if as_json:
        print_json(document(done))
    else:
        print_search(done)
    folder, screen = done.folder, sys.stderr if as_json else sys.stdout
    print(
        gettext("\nReport:     {PAGE}\nCandidates: {FILE}").format(PAGE=folder / PAGE, FILE=folder / FILE),
        file=screen,
    )


def kept(event: Event) -> None:
    """Say what is kept of a search that was stopped, and how to go on."""
    found = event.parameters
    print(
        gettext("what was seen of {done} candidates is in {file}; the same command goes on").format(
            done=found["done"], file=found["file"]
        ),
        file=sys.stderr,
    )


@contextmanager
def no_library() -> Iterator[None]:
    """What needs a library that is not installed is a mistake of the user, told with the remedy."""
    from evenhand.analysis.calibration.search import NoSearch

    try:
        yield
    except NoSearch as error:
        raise UsageError(
            gettext("a search needs optuna: pip install optuna cmaes (the extra 'search')")
        ) from error


def check(order: Order) -> Plan:
    """Read both files and look at every option. Raises BadFile with the mistakes of both, UsageError."""
    at_least("--seed", order.seed, 0, MOST_SEED)
    at_least("--fresh", order.fresh, 1, MOST_REPLICATIONS)
    if order.days is not None:
        at_least("--days", order.days, 1, MOST_DAYS)
    budget = budget_of(order.budget)
    with naming("--goal"):
        wanted = aims(order.goals)
    with naming("--limit"):
        wanted = aims(order.goals, order.limits)
    with naming("--metric"):
        wanted = aims(order.goals, order.limits, order.metrics)
    world, rules = read_both(order.scenario, order.policy)
    assert isinstance(world.model, sim.Scenario)
    assert isinstance(rules.model, sim.Policy)
    market = for_days(world.model, order.days)
    check_counted(market, order.days, order.cohort)
    turned = levers.read(order.levers, market, rules.model)
    days = order.days or market.days
    levers.check(turned, world, rules, market, days)
    engine = order.engine
    if engine == "auto":
        engine = choose_engine(market, days, budget.worlds or LEAST)
    with refused():
        experiment = sim.Experiment.of(
            market,
            rules.model,
            seed=order.seed,
            days=days,
            engine=engine,
            events=False,
            open_loop=order.open_loop or None,
            cohort=order.cohort,
        )
    asked = Asked(order.workers, order.cluster).check()
    return Plan(experiment, turned, wanted, budget, Bases(order.policy, order.scenario), asked)


class _Under:
    """The stored futures of a study, with what tells them from others."""

    def __init__(self, stored: Any, key: str) -> None:
        self._stored, self.key = stored, key

    def __len__(self) -> int:
        return len(self._stored)

    def scenario(self, place: int) -> sim.Scenario:
        """The scenario in a future."""
        found: sim.Scenario = self._stored.scenario(place)
        return found

    def policy(self, policy: sim.Policy, place: int) -> sim.Policy:
        """A policy in a future."""
        found: sim.Policy = self._stored.policy(policy, place)
        return found


def under(path: Path, scenario: sim.Scenario) -> Futures:
    """The futures of a robust.parquet, or of its folder. Raises UsageError where they are another's."""
    try:
        reader: Any = import_module("evenhand.storage.stored_futures")
    except ModuleNotFoundError:  # robustness studies come with a later version
        raise UsageError(gettext("--under: this version has no `evenhand robust`")) from None
    stored = reader.read_futures(path / "robust.parquet" if path.is_dir() else path)
    if stored.base.name != scenario.name:
        raise UsageError(
            gettext("--under: '{path}' has futures of the scenario '{other}', not of '{name}'").format(
                path=path, other=stored.base.name, name=scenario.name
            )
        )
    hashed = blake2b(json.dumps(list(stored.beliefs.names)).encode(), digest_size=16)
    hashed.update(stored.z.tobytes())
    return _Under(stored, hashed.hexdigest())


def budget_of(text: str) -> Budget:
    """A budget of worlds or minutes. Raises UsageError."""
    minutes = _MINUTES.fullmatch(text.strip())
    if minutes and float(minutes[1]) > 0:
        return Budget(None, float(minutes[1]))
    if text.strip().isdecimal():
        at_least("--budget", int(text), LEAST, MOST_REPLICATIONS)
        return Budget(int(text))
    raise UsageError(
        gettext("--budget: write worlds as 600, or minutes as 10min; found '{text}'").format(text=text)
    )
