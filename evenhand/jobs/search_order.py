"""What a search or a goal is asked for in words, read and checked as a whole."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from hashlib import blake2b
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

from evenhand import sim
from evenhand.analysis.search import Aims, Limit, aims
from evenhand.analysis.search import limit as limit_of
from evenhand.analysis.search.study import LEAST
from evenhand.errors import UsageError, refused
from evenhand.jobs import levers
from evenhand.jobs.levers import naming
from evenhand.jobs.rule_patches import Bases
from evenhand.jobs.rule_search import Budget, Futures
from evenhand.jobs.rule_target import usual_levers
from evenhand.locale.current import gettext
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


def check_goal(order: Order) -> tuple[Plan, Limit]:
    """The plan of a goal, whose one limit is the target; levers are the usual ones where none are named.

    Raises as `check` does.
    """
    with naming("METRIC<=X"):
        wanted = limit_of(order.limits[0])
    way = "min" if wanted.side == "<=" else "max"
    plan = check(order._replace(goals=[f"{wanted.metric.name}:{way}"], limits=()))
    if not plan.turned.levers:
        about = plan.experiment
        usual = usual_levers(about.scenario, about.policy, about.days)
        plan = plan._replace(turned=levers.turned(usual))
    return plan, wanted
