"""What is asked of futures, and what they answer on one metric for one policy against the first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.metrics.accumulators import Floats, Ints
from evenhand.analysis.metrics.estimate import contributions
from evenhand.analysis.metrics.metric import Metric
from evenhand.analysis.robust.break_even import AloneCurve, curves
from evenhand.analysis.robust.counts import Verdicts, verdicts
from evenhand.analysis.robust.designs import Alone, Screen
from evenhand.analysis.robust.luck import Luck, luck_of, without_luck
from evenhand.analysis.robust.prim import FlipRule, flip_rules, halves
from evenhand.analysis.robust.regret import Limit
from evenhand.analysis.robust.screening import Effects, effects

if TYPE_CHECKING:
    from evenhand.analysis.robust.running import Plan


class BeliefAxis(NamedTuple):
    """A belief as pages and sentences tell of it."""

    name: str
    title: str
    low: str
    """What its low end means, as in "where {low}"."""
    high: str
    written: Callable[[float], str]
    """The value of its first setting at a position in [-1, 1]."""
    because: str = ""


class Question(NamedTuple):
    """Policies, the first of which the others are compared with, and what is asked of them."""

    policies: tuple[str, ...]
    """Their names."""
    titles: tuple[str, ...]
    metrics: tuple[Metric, ...]
    units: tuple[str, ...]
    """Units of the metrics; money in the scenario's currency."""
    shown: tuple[str, ...]
    """Metrics that were asked for; others are those of limits."""
    margins: Mapping[str, float]
    """Differences that do not matter, in the unit of the metric; 0 where none is named."""
    limits: tuple[Limit, ...] = ()

    def place(self, metric: str) -> int:
        """The position of a metric. Raises ValueError."""
        names = [one.name for one in self.metrics]
        if metric not in names:
            raise ValueError(f"{metric!r} was not measured; there are {', '.join(names)}")
        return names.index(metric)

    def sign(self, metric: str) -> int:
        """1 where more is better, or neither is; -1 where less is."""
        return -1 if self.metrics[self.place(metric)].direction == "lower" else 1


class Values(NamedTuple):
    """Metrics, NaN where undefined, and the cases counted; both (points, worlds, policies, metrics)."""

    value: Floats
    n: NDArray[np.int64]

    def of(self, question: Question, metric: str) -> Floats:
        """What worlds contribute to a metric, whose mean is its value; (points, worlds, policies)."""
        place = question.place(metric)
        weights = question.metrics[place].weights(self.n[..., place])
        return contributions(self.value[..., place].swapaxes(0, 1), weights.swapaxes(0, 1)).swapaxes(0, 1)

    def gain(self, question: Question, metric: str, policy: int) -> Floats:
        """By how much a policy is better than the first, world by world; (points, worlds)."""
        each = self.of(question, metric)
        return np.asarray(question.sign(metric) * (each[..., policy] - each[..., 0]))


@dataclass(frozen=True, eq=False)
class Answer:
    """One policy against the first, on one metric."""

    question: Question
    plan: Plan
    metric: str
    policy: int
    screened: Values
    lived: Values
    look: Alone
    singly: Values
    seed: int

    @cached_property
    def effects(self) -> Effects:
        """What each belief does to the gain."""
        gain = self.screened.gain(self.question, self.metric, self.policy)
        return effects(self.plan.screen, gain.mean(axis=1))

    @cached_property
    def luck(self) -> Luck:
        """How much of the spread of the gain over futures is luck."""
        return luck_of(self.lived.gain(self.question, self.metric, self.policy))

    @cached_property
    def gain(self) -> Floats:
        """By how much the policy is better, future by future, spread as it is without luck."""
        each = self.lived.gain(self.question, self.metric, self.policy)
        return without_luck(each, self.plan.futures, self.effects.order, len(self.effects.above))

    @property
    def margin(self) -> float:
        """A difference that does not matter."""
        return self.question.margins.get(self.metric, 0.0)

    @cached_property
    def verdicts(self) -> Verdicts:
        """Futures in which it is better, worse, or within the margin."""
        seen = self.lived.gain(self.question, self.metric, self.policy).mean(axis=1)
        return verdicts(self.gain, self.margin, self.plan.futures[:, self.effects.order], seen)

    @cached_property
    def flipped(self) -> NDArray[np.bool_]:
        """Futures whose verdict is not that of most; undefined ones are none of them."""
        each = self.verdicts.each
        return np.asarray((each != self.verdicts.most) & (each != 2))

    @cached_property
    def rules(self) -> tuple[FlipRule, ...]:
        """Where the verdict of most futures fails; the undefined ones are left out."""
        known = self.verdicts.each != 2
        seen = halves(len(known), self.seed)[known]
        return flip_rules(self.plan.futures[known], self.flipped[known], self.effects.above, seen)

    @cached_property
    def curves(self) -> tuple[AloneCurve, ...]:
        """The strongest beliefs alone, those that move the gain most first."""
        found = curves(self.look, self.singly.gain(self.question, self.metric, self.policy))
        return tuple(sorted(found, key=lambda one: -one.width))


def effects_of(question: Question, look: Screen, screened: Values) -> list[Effects]:
    """The screening of every metric that was asked for and every policy but the first."""
    return [
        effects(look, screened.gain(question, metric, policy).mean(axis=1))
        for metric in question.shown
        for policy in range(1, len(question.policies))
    ]


def strongest(each: Sequence[Effects], most: int, detailed: int) -> tuple[Ints, int]:
    """Beliefs by their largest part in any answer, and how many of them are to be looked at in detail.

    The `detailed` strongest of each answer come first.
    """
    size = np.max([one.size / max(float(one.size.max()), 1e-300) for one in each], axis=0)
    first = {int(place) for one in each for place in one.order[:detailed]}
    order = sorted(range(len(size)), key=lambda place: (place not in first, -size[place], place))
    return np.array(order[: max(most, len(first))], np.int64), len(first)
