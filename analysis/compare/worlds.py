"""Worlds that several policies meet: the same luck, lived through under each, and only measured."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

from evenhand.analysis.compare.moves import moves
from evenhand.analysis.compare.parts import Measurement, Row, measure, rows_of
from evenhand.analysis.compare.splits import Splitting
from evenhand.analysis.metrics.grouping import By, Grouping
from evenhand.analysis.metrics.metric import Metric
from evenhand.analysis.metrics.registry import METRICS, find_metric
from evenhand.locale.current import gettext
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.seeds import refuse_reserved
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.suggest import did_you_mean

if TYPE_CHECKING:
    from evenhand.sim.lifecycle.decision_rule import CaseFile
    from evenhand.sim.runs.cohort import Cohort
    from evenhand.sim.runs.experiment import Decide, EngineName, Experiment
    from evenhand.sim.runs.trial import Trial

Part = TypeVar("Part", Scenario, Policy)
Policies = Sequence[Policy] | Mapping[str, Policy]
Rules = Callable[["CaseFile"], float] | Mapping[str, Callable[["CaseFile"], float]]
"""A decision rule in Python for all policies, or for some of them by name."""


@dataclass(frozen=True)
class Worlds:
    """The worlds of a scenario for one seed, numbered from 0, and the policies that meet them.

    A world is the same whoever meets it, and the records are forgotten as soon as they are measured.
    """

    name: str
    experiment: Experiment
    """What is lived through, under the first of the policies; `replications` are the most."""
    policies: Mapping[str, Policy]
    rules: Mapping[str, Decide]
    """Decision rules in Python, by the names of the policies that use them."""
    metrics: tuple[Metric, ...]
    by: tuple[By, ...]
    """Columns and groupings whose groups are measured too."""
    rows: tuple[Row, ...]
    """What is measured: every metric of everybody, and behind them of each group."""
    baseline: str | None = None
    """The policy beside which the ways of disputes are counted; None = they are not."""

    @property
    def units(self) -> tuple[str, ...]:
        """Units of the metrics; money in the scenario's currency."""
        return tuple(
            self.experiment.scenario.currency if metric.unit == "currency" else metric.unit
            for metric in self.metrics
        )

    def read(self, number: int, names: Sequence[str] | None = None) -> Measurement:
        """Let policies live in world `number` and measure them; `names` defaults to all of them.

        All columns have shape (policies, rows). The records under at most two policies are held at once.
        """
        found, ways = [], []
        asked = list(self.policies if names is None else names)
        base = self._trials[self.baseline].one(number) if self.baseline in asked else None
        for name in asked:
            run = base if base is not None and name == self.baseline else self._trials[name].one(number)
            found.append(measure(run, self.metrics, self.by))
            ways.append(None if base is None or run is base else moves(base, run, self.metrics))
        value, n, clusters, flow = (np.stack(column) for column in list(zip(*found, strict=True))[:4])
        return Measurement(value, n, clusters, flow, tuple(ways))

    @cached_property
    def _trials(self) -> dict[str, Trial]:
        from evenhand.sim.runs.trial import Trial

        return {
            name: Trial.of(replace(self.experiment, policy=policy, decide=self.rules.get(name)))
            for name, policy in self.policies.items()
        }


class Reader(Protocol):
    """Reads worlds for some policies, all by default, and gives them in the order of their numbers.

    It may read several at once, and further than anybody asks for in the end.
    """

    def __call__(
        self, worlds: Worlds, numbers: Sequence[int], names: Sequence[str] | None = None, /
    ) -> Iterator[Measurement]:
        """Read worlds; columns of each as `Worlds.read` gives them."""


def one_by_one(
    worlds: Worlds, numbers: Sequence[int], names: Sequence[str] | None = None, /
) -> Iterator[Measurement]:
    """Read each world when it is asked for."""
    return (worlds.read(number, names) for number in numbers)


@contextmanager
def reading(
    reader: Reader, worlds: Worlds, numbers: Sequence[int], names: Sequence[str] | None = None
) -> Iterator[Iterator[Measurement]]:
    """Read worlds for as long as a block lasts; who reads ahead for it stops at its end."""
    coming = reader(worlds, numbers, names)
    try:
        yield coming
    finally:
        close = getattr(coming, "close", None)
        if close is not None:
            close()


def open_worlds(
    name: str,
    scenario: Scenario,
    policies: Mapping[str, Policy],
    metrics: tuple[Metric, ...],
    seed: int,
    days: int | None,
    engine: EngineName,
    open_loop: bool | None,
    replications: int,
    by: tuple[Splitting, ...] = (),
    decide: Rules | None = None,
    cohort: Cohort | str | None = None,
) -> Worlds:
    """Check that every policy can run in a scenario, and choose the engine for so many replications.

    Raises DoesNotFit with all that does not fit, ValueError for other mistakes, among them a seed on whose
    worlds searches tune scenarios.
    """
    from evenhand.sim.runs.experiment import Experiment, plan

    rules = rules_of(decide, policies)
    engine = "simpy" if rules and engine == "auto" else engine
    length, chosen = plan(scenario, policies.values(), seed, replications, days, engine, times=len(policies))
    refuse_reserved(seed)
    experiment = Experiment.of(
        scenario,
        next(iter(policies.values())),
        seed=seed,
        replications=replications,
        days=length,
        engine=chosen,
        events=False,
        open_loop=open_loop,
        decide=next(iter(rules.values()), None),
        cohort=cohort,
    )
    known = tuple(_known(one, experiment) for one in by)
    return Worlds(name, experiment, policies, rules, metrics, known, rows_of(scenario, metrics, known))


def _known(by: Splitting, experiment: Experiment) -> By:
    """What to split by; a function names its groups in the first world under the first policy."""
    if isinstance(by, (str, Grouping)):
        return by
    from evenhand.sim.runs.trial import Trial

    return Grouping.of(by, Trial.of(experiment).one(0))


def rules_of(decide: Rules | None, policies: Mapping[str, Policy]) -> dict[str, Decide]:
    """Decision rules by the names of policies. Raises ValueError for what is neither a rule nor a policy."""
    if decide is None:
        return {}
    rules = dict(decide) if isinstance(decide, Mapping) else dict.fromkeys(policies, decide)
    for name, rule in rules.items():
        if name not in policies:
            hint = did_you_mean(str(name), policies)
            raise ValueError(
                gettext("decide: must be for some of {policies}, found {name!r}{hint}").format(
                    policies=", ".join(policies), name=name, hint=hint
                )
            )
        if not callable(rule):
            raise ValueError(  # noqa: TRY004 (as for all arguments)
                gettext("decide: must be a function of a case file, found {rule!r}").format(rule=rule)
            )
    return rules


def several(scenarios: Scenario | Sequence[Scenario] | Mapping[str, Scenario]) -> dict[str, Scenario]:
    """One scenario or many, by name. Raises ValueError for none, and for what is no scenario."""
    found = named([scenarios] if isinstance(scenarios, (Scenario, Policy)) else scenarios, "scenario")
    if not found:
        raise ValueError(gettext("at least one scenario is needed"))
    return found


def named(parts: Sequence[Part] | Mapping[str, Part], kind: str) -> dict[str, Part]:
    """Scenarios or policies by name; of several with one name in a list, the later ones get a number.

    Raises ValueError for what is none.
    """
    if isinstance(parts, Mapping):
        return dict(parts)
    many, reader = ("policies", "policy") if kind == "policy" else ("scenarios", "load")
    if isinstance(parts, (str, Scenario, Policy)) or not isinstance(parts, Iterable):
        said = gettext("must be a list of them, or a mapping of names, found {said}").format(
            said=_said(parts)
        )
        raise ValueError(f"{many}: {said}")  # noqa: TRY004 (as for all arguments)
    parts = list(parts)
    for part in parts:
        if not isinstance(part, (Scenario, Policy)):
            said = gettext("must be a model, as scenarios.{reader}(...) reads it, found {part!r:.80}").format(
                reader=reader, part=part
            )
            raise ValueError(f"{kind}: {said}")  # noqa: TRY004 (as for all arguments)
    found: dict[str, Part] = {}
    for part in parts:
        stem = part.name or kind
        name, number = stem, 1
        while name in found:
            number += 1
            name = f"{stem} ({number})"
        found[name] = part
    return found


def _said(part: object) -> str:
    """A model by its name, else what it is."""
    if isinstance(part, (Scenario, Policy)):
        said = (
            gettext("the scenario '{name}'") if isinstance(part, Scenario) else gettext("the policy '{name}'")
        )
        return said.format(name=part.name)
    return f"{part!r:.80}"


def baseline_of(policies: Mapping[str, Policy], baseline: str | Policy | None) -> str:
    """The name of the policy that the others are compared with. Raises ValueError."""
    if len(policies) < 2:
        raise ValueError(gettext("at least two policies are compared"))
    if baseline is None:
        return next(iter(policies))
    for name, policy in policies.items():
        if baseline == name or baseline is policy:
            return name
    hint = did_you_mean(str(baseline), policies)
    raise ValueError(
        gettext("baseline: must be one of {policies}, found {baseline!r:.80}{hint}").format(
            policies=", ".join(policies), baseline=baseline, hint=hint
        )
    )


def chosen_metrics(metrics: Iterable[str | Metric] | None) -> tuple[Metric, ...]:
    """Metrics by name or as they are, all of `METRICS` by default. Raises ValueError."""
    if metrics is None:
        return tuple(METRICS.values())
    if isinstance(metrics, (str, Metric)) or not isinstance(metrics, Iterable):
        said = gettext("must be a list of names or metrics, found {metrics!r:.80}").format(metrics=metrics)
        raise ValueError(gettext("metrics: {said}").format(said=said))  # noqa: TRY004 (as for all arguments)
    found: dict[str, Metric] = {}
    for one in metrics:
        metric = find_metric(one)
        found[metric.name] = metric
    return tuple(found.values())
