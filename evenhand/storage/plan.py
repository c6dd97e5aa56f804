"""What a run was asked for, read and checked whole before anything runs."""

from __future__ import annotations

import sys
from typing import Any, NamedTuple, Self

from evenhand import scenarios, sim
from evenhand.errors import UsageError
from evenhand.locale.current import gettext
from evenhand.scenarios import BadFile, Kind, Loaded
from evenhand.sim.runs.cohort import Cohort
from evenhand.sim.runs.experiment import EngineName, Experiment, choose_engine, expected_disputes
from evenhand.sim.runs.seeds import MOST_SEED
from evenhand.sim.scenario.units import MOST_DAYS, MOST_REPLICATIONS

GRIEVANCES_A_JOB = {"numba": 80_000, "simpy": 12_000}
"""Possible grievances that a job draws, of which about a third become disputes: half a second of work or
more, beside which 0.1 s for files of its own are little."""
MOST_JOBS = 4_000
"""Longer studies have longer jobs, so that a folder and a scheduler have no more than these to look at."""


_said: set[str] = set()


class Order(NamedTuple):
    """What was asked for."""

    policy: str
    scenario: str
    replications: int
    days: int | None
    seed: int
    engine: EngineName
    open_loop: bool
    cohort: str | None = None


class Plan(NamedTuple):
    """An order that can be carried out."""

    scenario: sim.Scenario
    policy: sim.Policy
    replications: int
    days: int
    seed: int
    engine: EngineName
    open_loop: bool | None
    """None = as the scenario says."""
    events: bool = True
    """Whether the event log is kept."""
    jobs: int = 1
    """In how many jobs the replications are done; it follows from the rest, never from the machine."""
    cohort: str | None = None
    """The disputes that are counted, in words; None = those about all orders after start-up."""
    background: dict[str, Any] | None = None
    """What the files say beside their numbers, for the report; nothing is computed from it."""

    @classmethod
    def of(cls, experiment: Experiment) -> Self:
        """The plan of an experiment. Raises UsageError for one whose decision rule no file can hold."""
        if experiment.decide is not None:
            raise UsageError(
                gettext(
                    "decide: a run in a folder can be resumed, and a function in Python cannot be kept "
                    "there; use sim.simulate or compare"
                )
            )
        usual = experiment.scenario.behaviour.open_loop
        plan = cls(
            experiment.scenario,
            experiment.policy,
            experiment.replications,
            experiment.days,
            experiment.seed,
            experiment.engine,
            None if experiment.open_loop == usual else experiment.open_loop,
            experiment.events,
            cohort=in_words(experiment.cohort),
        )
        return plan._replace(jobs=job_count(plan))

    def experiment(self) -> Experiment:
        """What is simulated."""
        return Experiment.of(
            self.scenario,
            self.policy,
            seed=self.seed,
            replications=self.replications,
            days=self.days,
            engine=self.engine,
            events=self.events,
            open_loop=self.open_loop,
            cohort=self.cohort,
        )


def check(order: Order) -> Plan:
    """Read both files and look at every number. Raises BadFile with the mistakes of both, UsageError."""
    return read_and_check(order)[0]


def read_and_check(order: Order) -> tuple[Plan, tuple[Loaded, Loaded]]:
    """Read both files, scenario and policy, and look at every number: the plan, and what was read.

    Raises BadFile with the mistakes of both, UsageError.
    """
    at_least("--replications", order.replications, 1, MOST_REPLICATIONS)
    at_least("--seed", order.seed, 0, MOST_SEED)
    if order.days is not None:
        at_least("--days", order.days, 1, MOST_DAYS)
    scenario, policy = read_both(order.scenario, order.policy)
    assert isinstance(scenario.model, sim.Scenario)
    assert isinstance(policy.model, sim.Policy)
    days = order.days or scenario.model.days
    scenarios.check_pair(scenario, policy, days)
    market = for_days(scenario.model, order.days)
    check_counted(market, order.days, order.cohort)
    engine = order.engine
    if engine == "auto":
        chosen = choose_engine(market, days, order.replications)
        engine = "numba" if chosen == "numba" else "simpy"
    plan = Plan(
        market,
        policy.model,
        order.replications,
        days,
        order.seed,
        engine,
        order.open_loop or None,
        cohort=order.cohort and str(Cohort.read(order.cohort)),
    )
    return plan._replace(jobs=job_count(plan)), (scenario, policy)


def job_count(plan: Plan) -> int:
    """How many jobs the replications make: each about `GRIEVANCES_A_JOB` long, or at least one each."""
    drawn = expected_disputes(plan.scenario, plan.days) * plan.replications
    wanted = round(drawn / GRIEVANCES_A_JOB[plan.engine])
    return max(1, min(wanted, plan.replications, MOST_JOBS))


def in_words(cohort: Cohort | None) -> str | None:
    """A cohort as files and documents have it; None where there is none."""
    return None if cohort is None else str(cohort)


def for_days(scenario: sim.Scenario, days: int | None) -> sim.Scenario:
    """The scenario of a command's `--days`: where they do not go beyond its start-up, without one.

    Else a quick look at a scenario that has a start-up of months would count nothing. A line on standard
    error says so, once a process, since what has not settled is then counted too.
    """
    begins = int(scenario.start_up // 24)
    if days is None or days > begins:
        return scenario
    said = gettext(
        "evenhand: --days {days} ends within the {begins} days of start-up of '{name}': all are "
        "counted, settled or not\n"
    ).format(days=days, begins=begins, name=scenario.name)
    if said not in _said:
        _said.add(said)
        sys.stderr.write(said)
    return scenario.model_copy(update={"start_up": 0.0})


def check_counted(scenario: sim.Scenario, days: int | None, cohort: str | None) -> None:
    """Raise UsageError for days that are all start-up, or a cohort that does not lie in the run."""
    length, begins = days or scenario.days, int(scenario.start_up // 24)
    if length <= begins:
        raise UsageError(
            gettext(
                "--days: must be more than the {begins} days of start-up of '{name}', found {length}"
            ).format(begins=begins, name=scenario.name, length=length)
        )
    if cohort is None:
        return
    try:
        asked = Cohort.read(cohort)
    except ValueError as error:
        raise UsageError(f"--cohort: {error}") from error
    try:
        asked.check(scenario, length)
    except ValueError as error:
        raise UsageError(f"--{error}") from error


def at_least(option: str, value: int, least: int, most: int | None = None) -> None:
    """Raise UsageError for a number of an option that is too small or too large."""
    if value < least or (most is not None and value > most):
        allowed = (
            gettext("{least} or more").format(least=least)
            if most is None
            else gettext("{least} to {most:,}").format(least=least, most=most)
        )
        raise UsageError(
            gettext("{option}: must be {allowed}, found {value}").format(
                option=option, allowed=allowed, value=value
            )
        )


def read_both(scenario: str, policy: str) -> tuple[Loaded, Loaded]:
    """A scenario and a policy by name or path. Raises BadFile with the mistakes of both."""
    loaded: list[Loaded] = []
    problems: list[scenarios.Problem] = []
    asked: list[tuple[str, Kind]] = [(policy, "policy"), (scenario, "scenario")]
    for name, kind in asked:
        try:
            loaded.append(scenarios.read(name, kind))
        except BadFile as error:
            problems += error.problems
    if problems:
        raise BadFile(problems)
    return loaded[1], loaded[0]
