"""Worlds that several policies meet: the same luck, lived through under each, and only measured."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

from evenhand.analysis.compare.parts import Measurement, Row, measure, rows_of
from evenhand.analysis.metrics.metric import Metric
from evenhand.analysis.metrics.registry import METRICS, find_metric
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.seeds import refuse_reserved
from evenhand.sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    from evenhand.sim.runs.experiment import EngineName
    from evenhand.sim.runs.trial import Trial

Part = TypeVar("Part", Scenario, Policy)
Policies = Sequence[Policy] | Mapping[str, Policy]


@dataclass(frozen=True)
class Worlds:
    """The worlds of a scenario for one seed, numbered from 0, and the policies that meet them.

    A world is the same whoever meets it, and the records are forgotten as soon as they are measured.
    """

    name: str
    scenario: Scenario
    policies: Mapping[str, Policy]
    metrics: tuple[Metric, ...]
    seed: int
    days: int
    engine: EngineName
    open_loop: bool | None
    by: tuple[str, ...]
    """Columns whose groups are measured too."""
    rows: tuple[Row, ...]
    """What is measured: every metric of everybody, and behind them of each group."""

    @property
    def units(self) -> tuple[str, ...]:
        """Units of the metrics; money in the scenario's currency."""
        return tuple(
            self.scenario.currency if metric.unit == "currency" else metric.unit for metric in self.metrics
        )

    def read(self, number: int, names: Sequence[str] | None = None) -> Measurement:
        """Let policies live in world `number` and measure them; `names` defaults to all of them.

        All three columns have shape (policies, rows).
        """
        found = [
            measure(self._trials[name].one(number), self.metrics, self.by)
            for name in (self.policies if names is None else names)
        ]
        return Measurement(*(np.stack(column) for column in zip(*found, strict=True)))

    @cached_property
    def _trials(self) -> dict[str, Trial]:
        from evenhand.sim.runs.experiment import Experiment
        from evenhand.sim.runs.trial import Trial

        return {
            name: Trial.of(
                Experiment.of(
                    self.scenario,
                    policy,
                    seed=self.seed,
                    days=self.days,
                    engine=self.engine,
                    events=False,
                    open_loop=self.open_loop,
                )
            )
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
    by: tuple[str, ...] = (),
) -> Worlds:
    """Check that every policy can run in a scenario, and choose the engine for so many replications.

    Raises DoesNotFit with all that does not fit, ValueError for other mistakes, among them a seed on whose
    worlds searches tune scenarios.
    """
    from evenhand.sim.runs.experiment import plan

    length, chosen = plan(scenario, policies.values(), seed, replications, days, engine, times=len(policies))
    refuse_reserved(seed)
    rows = rows_of(scenario, metrics, by)
    return Worlds(name, scenario, policies, metrics, seed, length, chosen, open_loop, by, rows)


def several(scenarios: Scenario | Sequence[Scenario] | Mapping[str, Scenario]) -> dict[str, Scenario]:
    """One scenario or many, by name. Raises ValueError for none."""
    found = named([scenarios] if isinstance(scenarios, Scenario) else scenarios, "scenario")
    if not found:
        raise ValueError("at least one scenario is needed")
    return found


def named(parts: Sequence[Part] | Mapping[str, Part], kind: str) -> dict[str, Part]:
    """Scenarios or policies by name; of several with one name in a list, the later ones get a number."""
    if isinstance(parts, Mapping):
        return dict(parts)
    found: dict[str, Part] = {}
    for part in parts:
        stem = part.name or kind
        name, number = stem, 1
        while name in found:
            number += 1
            name = f"{stem} ({number})"
        found[name] = part
    return found


def baseline_of(policies: Mapping[str, Policy], baseline: str | Policy | None) -> str:
    """The name of the policy that the others are compared with. Raises ValueError."""
    if len(policies) < 2:
        raise ValueError("at least two policies are compared")
    if baseline is None:
        return next(iter(policies))
    for name, policy in policies.items():
        if baseline == name or baseline is policy:
            return name
    raise ValueError(f"baseline: must be one of {', '.join(policies)}, found {baseline!r}")


def chosen_metrics(metrics: Iterable[str | Metric] | None) -> tuple[Metric, ...]:
    """Metrics by name or as they are, all of `METRICS` by default. Raises ValueError."""
    if metrics is None:
        return tuple(METRICS.values())
    found: dict[str, Metric] = {}
    for one in metrics:
        metric = find_metric(one)
        found[metric.name] = metric
    return tuple(found.values())
