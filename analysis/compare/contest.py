"""Picking the best of several policies: they meet the same worlds, and those too far behind leave."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from evenhand.analysis.compare import selection
from evenhand.analysis.compare.arguments import numbers, whole_numbers
from evenhand.analysis.compare.paired import unpaired_t
from evenhand.analysis.compare.parts import Measurement
from evenhand.analysis.compare.study import Progress, quiet
from evenhand.analysis.compare.winner import Selection
from evenhand.analysis.compare.worlds import (
    Policies,
    Reader,
    Rules,
    Worlds,
    chosen_metrics,
    named,
    one_by_one,
    open_worlds,
    reading,
)
from evenhand.analysis.metrics.accumulators import Floats, Mask
from evenhand.analysis.metrics.estimate import contributions, estimate
from evenhand.analysis.metrics.metric import Metric
from evenhand.analysis.runs.steps import Step
from evenhand.locale.current import gettext
from evenhand.renamed import renamed_arguments
from evenhand.sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    from evenhand.sim.runs.cohort import Cohort
    from evenhand.sim.runs.experiment import EngineName


class Undecidable(ValueError):
    """Nothing to choose by: the metric has no value in the worlds that were drawn."""


@renamed_arguments
def select(
    scenario: Scenario,
    policies: Policies,
    metric: str | Metric,
    margin: float,
    *,
    confidence: float = 0.95,
    n0: int = selection.FIRST,
    maximise: bool | None = None,
    budget: int = 200,
    seed: int = 1,
    days: int | None = None,
    engine: EngineName = "auto",
    open_loop: bool | None = None,
    progress: Progress | None = None,
    reader: Reader = one_by_one,
    decide: Rules | None = None,
    cohort: Cohort | str | None = None,
) -> Selection:
    """Pick the policy that is best in a metric, with a stated chance of being right.

    All policies meet the same worlds; from `n0` of them on, those that are too far behind leave (Kim
    and Nelson 2001). Differences below `margin`, in the unit of the metric, do not matter. `maximise`
    says which way is better where the metric has no direction of its own. The contest takes `budget`
    worlds at most; the winner is then seen in as many fresh worlds as it was chosen by. `reader` may
    read worlds in parallel; no number depends on it. `decide` and `cohort` are as in `compare`.
    Raises ValueError for arguments that make no sense, Undecidable where the metric has no value,
    DoesNotFit where a policy cannot run.
    """
    (measured,) = chosen_metrics([metric])
    upwards = _upwards(measured, maximise)
    rules = named(policies, "policy")
    _check(len(rules), margin, confidence, n0, budget)
    name = scenario.name or "scenario"
    worlds = open_worlds(
        name, scenario, rules, (measured,), seed, days, engine, open_loop, 2 * budget, (), decide, cohort
    )
    contest = Contest(worlds, upwards, margin, selection.slack(len(rules), n0, confidence), n0)
    tell = progress or quiet
    while not contest.over and contest.drawn < budget:
        # Nobody leaves before `first` worlds count, so that so many can be read for all at once.
        most = min(contest.drawn + max(contest.first - len(contest.rows), 1), budget)
        with reading(reader, worlds, range(contest.drawn, most), contest.names) as coming:
            while contest.drawn < most:
                number = contest.drawn + 1
                step = Step("world_of_scenario_at_most", scenario=name, number=number, total=budget)
                tell(step, contest.drawn)
                contest.meet(next(coming))
    return _look_again(contest, confidence, budget, tell, reader)


@dataclass
class Contest:
    """Policies in the same worlds, one world after the other, until one is left."""

    worlds: Worlds
    upwards: bool
    margin: float
    patience: float
    first: int
    drawn: int = 0
    """Worlds met so far."""
    over: bool = False
    rows: list[Floats] = field(default_factory=list)
    """The metric in each world that counts, NaN for policies that have left; shape (policies,)."""
    counts: list[Floats] = field(default_factory=list)
    """The cases that it counts."""
    still: Mask = field(init=False)
    spread: Floats | None = None

    def __post_init__(self) -> None:
        """Everybody is there at first."""
        self.still = np.ones(len(self.worlds.policies), np.bool_)

    @property
    def values(self) -> Floats:
        """What each world adds to the metric of each policy; shape (worlds that count, policies)."""
        shape = (-1, len(self.still))
        rows, counts = np.array(self.rows).reshape(shape), np.array(self.counts).reshape(shape)
        return contributions(rows, self.worlds.metrics[0].weights(counts))

    @property
    def names(self) -> list[str]:
        """Those still there."""
        return [name for name, here in zip(self.worlds.policies, self.still, strict=True) if here]

    def meet(self, reading: Measurement) -> None:
        """Take the next world of those still there; who is too far behind leaves."""
        self.drawn += 1
        lost = np.isnan(reading.value)
        if (lost & (reading.n > 0)).any():
            raise Undecidable(
                gettext("{name} cannot be seen in so few days; try more").format(
                    name=self.worlds.metrics[0].name
                )
            )
        if lost.any():
            return
        row, count = np.full(len(self.still), np.nan), np.zeros(len(self.still))
        row[self.still], count[self.still] = reading.value[:, 0], reading.n[:, 0]
        self.rows.append(row)
        self.counts.append(count)
        if len(self.rows) >= self.first:
            self._drop()

    def _drop(self) -> None:
        """Send away who is too far behind; the contest is over when nothing is left to decide."""
        values = self.values if self.upwards else -self.values
        if self.spread is None:
            self.spread = selection.spreads(values)
        allowed = selection.margins(self.spread, len(values), self.patience, self.margin)
        self.still = selection.staying(values.mean(axis=0), allowed, self.still)
        last = selection.last_round(self.spread, self.still, self.patience, self.margin)
        self.over = bool(self.still.sum() == 1 or len(values) >= last)


def _look_again(
    contest: Contest, confidence: float, budget: int, tell: Progress, reader: Reader
) -> Selection:
    """See the winner in fresh worlds, as many as it was chosen by, and say what was found."""
    worlds, values = contest.worlds, contest.values
    if not len(values):
        raise Undecidable(
            gettext("{name} is not defined in any of {drawn} worlds").format(
                name=worlds.metrics[0].name, drawn=contest.drawn
            )
        )
    metric, names = worlds.metrics[0], list(worlds.policies)
    means = np.array([column[~np.isnan(column)].mean() for column in values.T])
    ahead = np.where(contest.still, means if contest.upwards else -means, -np.inf)
    winner = names[int(ahead.argmax())]
    again: list[Measurement] = []
    with reading(reader, worlds, range(contest.drawn, contest.drawn + len(values)), [winner]) as coming:
        for number in range(len(values)):
            step = Step("fresh_world_of_scenario", scenario=worlds.name, number=number + 1, total=len(values))
            tell(step, budget + number)
            again.append(next(coming))
    counts = np.array([one.n[0, 0] for one in again])
    fresh = estimate(
        np.array([one.value[0, 0] for one in again]), counts, worlds.units[0], metric.weights(counts)
    )
    apart, half = unpaired_t(values[:, names.index(winner)], fresh.contributions)
    return Selection(
        scenario=worlds.name,
        metric=metric.name,
        title=metric.title,
        maximise=contest.upwards,
        margin=contest.margin,
        confidence=confidence,
        winner=winner,
        certain=contest.over,
        tied=tuple(n for n, here in zip(names, contest.still, strict=True) if here and n != winner),
        replications=dict(zip(names, (~np.isnan(values)).sum(axis=0).tolist(), strict=True)),
        means=dict(zip(names, means.tolist(), strict=True)),
        undefined=contest.drawn - len(values),
        fresh=fresh,
        bias=apart if contest.upwards else -apart,
        bias_half_width=half,
        seed=worlds.experiment.seed,
        days=worlds.experiment.days,
        policies=dict(worlds.policies),
    )


def _upwards(metric: Metric, maximise: bool | None) -> bool:
    if maximise is not None:
        return maximise
    if metric.direction == "neutral":
        raise ValueError(
            gettext("{name} is neither better high nor low; say which by `maximise`").format(name=metric.name)
        )
    return metric.direction == "higher"


def _check(policies: int, margin: float, confidence: float, n0: int, budget: int) -> None:
    whole_numbers(n0=n0, budget=budget)
    numbers(margin=margin, confidence=confidence)
    if policies < 2:
        raise ValueError(gettext("at least two policies are compared"))
    if not margin > 0:
        raise ValueError(gettext("margin must be above 0, found {margin}").format(margin=margin))
    if not 1 / policies < confidence < 1:
        raise ValueError(
            gettext("confidence must be between {policies:.2g} and 1, found {confidence}").format(
                policies=1 / policies, confidence=confidence
            )
        )
    if n0 < 3:
        raise ValueError(gettext("n0 must be 3 or more, found {n0}").format(n0=n0))
    if budget < n0:
        raise ValueError(gettext("budget must be {n0} or more, found {budget}").format(n0=n0, budget=budget))
