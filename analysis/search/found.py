"""What a search has found: the front, judged, against the base and the floor, and which levers matter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np

from evenhand.analysis.experiments.study import alone
from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.metrics.metric import Metric
from evenhand.analysis.runs.data_frame import frame
from evenhand.analysis.search.goals import Aims, Goal, Limit
from evenhand.analysis.search.judge import Judged, judge, shown
from evenhand.analysis.search.lever import Lever, Value
from evenhand.analysis.search.sampler import importances
from evenhand.analysis.search.study import FIRST_WORLDS, Candidate, Explored, Floor, Tell, explore, floor_of
from evenhand.analysis.search.worlds import Build, Pool, Store, Worlds
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.experiment import Experiment
from evenhand.sim.scenario.scenario import Scenario

FRESH_WORLDS = 16
"""Worlds in which a front is judged, unless asked for otherwise."""


@dataclass(frozen=True, eq=False)
class Found:
    """A search that is over."""

    explored: Explored
    judged: Judged
    """The base first, then the front."""
    experiment: Experiment
    """As it is at the base, with the user's seed."""
    build: Build
    futures: int
    """Stored futures under which it was searched; 0 = only the scenario as it stands."""

    @property
    def aims(self) -> Aims:
        """Goals, limits and metrics."""
        return self.explored.aims

    @property
    def levers(self) -> tuple[Lever, ...]:
        """What could be turned."""
        return self.explored.levers

    @property
    def front(self) -> tuple[Candidate, ...]:
        """The candidates that nothing beat, as the search saw them; without the base."""
        return tuple(self.explored.candidates[number] for number in self.judged.numbers[1:])

    @property
    def floor(self) -> Floor:
        """What Sobol points alone covered, and what the optimiser added."""
        return floor_of(self.explored)

    @property
    def within(self) -> bool:
        """Whether any candidate kept all limits in the worlds of the search."""
        return bool(self.explored.keeps().any())

    def unit(self, metric: Metric) -> str:
        """The unit of a metric; money in the scenario's currency."""
        return self.experiment.scenario.currency if metric.unit == "currency" else metric.unit

    def changes(self, one: Candidate) -> dict[str, Value]:
        """The levers of a candidate that do not stand at their base."""
        starts = {lever.name: lever.start for lever in self.levers}
        return {name: value for name, value in one.values.items() if value != starts[name]}

    def models(self, one: Candidate) -> tuple[Scenario, Policy]:
        """The scenario and the policy of a candidate."""
        return self.build(one.values)

    def matters(self) -> list[tuple[Goal, dict[str, float]]]:
        """How much each lever matters for each goal; exploratory, see `sampler.importances`."""
        return [
            (goal, importances(self.explored.sampler, number)) for number, goal in enumerate(self.aims.goals)
        ]

    def optimism(self) -> list[tuple[Goal, float]]:
        """By how much the front looked better in each goal than it is in fresh worlds, on average."""
        seen = self.judged.optimism[1:]
        return [(goal, float(seen[:, place].mean())) for place, goal in enumerate(self.aims.goals)]

    def table(self) -> list[dict[str, Any]]:
        """One flat row for the base and each candidate of the front; `Judged` says what the numbers are."""
        return list(self._rows())

    def to_pandas(self) -> Any:
        """The table as a data frame. Raises ImportError without the extra `research`."""
        return frame(self.table())

    def _rows(self) -> Iterator[dict[str, Any]]:
        judged = self.judged
        group_of = {place: number for number, group in enumerate(judged.groups, 1) for place in group}
        for place, number in enumerate(judged.numbers):
            one = self.explored.candidates[number]
            row: dict[str, Any] = {
                "candidate": number,
                "source": one.source,
                **{lever.name: one.values.get(lever.name, lever.start) for lever in self.levers},
                "on_front": float(judged.on_front[place]),
                "regret": float(judged.regret[place]),
                "limits_hold": float(judged.keeps[place]),
                "group": group_of.get(place - 1, 0),
            }
            for at, metric in enumerate(self.aims.metrics):
                row[metric.name] = float(judged.means[place, at])
                row[f"{metric.name}_half"] = float(judged.halves[place, at])
                row[f"{metric.name}_against_base"] = float(judged.against_base.mean[place, at])
                row[f"{metric.name}_against_base_half"] = float(judged.against_base.half[place, at])
            yield row


def limits_words(limits: Sequence[Limit]) -> list[str]:
    """Limits as they are written on a command line."""
    return [f"{one.metric.name}{one.side}{one.bound:g}" for one in limits]


def search(
    build: Build,
    experiment: Experiment,
    levers: Sequence[Lever],
    wanted: Aims,
    *,
    worlds: int,
    fresh: int = FRESH_WORLDS,
    futures: Sequence[Build] = (),
    store: Store | None = None,
    pool: Pool = alone,
    tell: Tell | None = None,
) -> Found:
    """Look for values of levers that no others beat, and judge them in worlds the search has not seen.

    `build` makes the two models from values by path (`scenarios.placer(scenario, policy)`), `experiment` is
    the base, `wanted` the goals, limits and other metrics (`analysis.search.aims`). `worlds` is the budget;
    `fresh` worlds for the base and each of at most twelve candidates come on top. Each of `futures` builds as
    `build` does, in one stored future. `tell` is told how many worlds are spent, and the candidates.
    Raises ValueError, NoSearch, DoesNotFit.
    """
    lab = Worlds(build, experiment, wanted.metrics, pool=pool, store=store, futures=futures)
    explored = explore(levers, wanted, worlds, lab, seed=experiment.seed, tell=tell)
    means = explored.means(FIRST_WORLDS)
    costs = wanted.costs(means)
    front = [int(one) for one in np.flatnonzero(explored.standing.front)]
    numbers = [0, *shown(costs, [one for one in front if one])]
    seen = lab.fresh([explored.candidates[number] for number in numbers], fresh)
    judged = judge(numbers, seen, [explored.seen[one] for one in numbers], wanted, _scale(explored, costs))
    return Found(explored, judged, experiment, build, len(futures))


def _scale(explored: Explored, costs: Floats) -> Floats:
    """What one unit of regret is: the unit itself with one goal, else what the Sobol points span."""
    if costs.shape[1] == 1:
        return np.ones(1)
    known = costs[explored.of("sobol")]
    known = known[np.isfinite(known).all(axis=1)]
    if len(known) < 2:
        return np.ones(costs.shape[1])
    span = known.max(axis=0) - known.min(axis=0)
    return np.where((span > 0) & np.isfinite(span), span, 1.0)


def written(value: float, metric: Metric) -> str:
    """A mean for a table of plain text."""
    if not isfinite(value):
        return "-"
    return f"{100 * value:.1f} %" if metric.unit in {"share", "share of amount"} else f"{value:,.4g}"
