"""What a robustness study has found: answers by metric and policy, regret, limits, and the sentence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.robust.answer import Answer, BeliefAxis, Question, Values
from evenhand.analysis.robust.counts import Share
from evenhand.analysis.robust.designs import Alone
from evenhand.analysis.robust.luck import without_luck
from evenhand.analysis.robust.regret import Regret, ranking, regrets, satisficing
from evenhand.analysis.robust.words import sentence

if TYPE_CHECKING:
    from evenhand.analysis.robust.running import Plan


@dataclass(frozen=True, eq=False)
class Robust:
    """Policies over the futures that a set of beliefs allows."""

    beliefs: tuple[BeliefAxis, ...]
    question: Question
    plan: Plan
    look: Alone
    screened: Values
    lived: Values
    singly: Values
    seed: int

    @cached_property
    def answers(self) -> dict[tuple[str, str], Answer]:
        """By metric that was asked for and policy, the first left out."""
        parts = (self.screened, self.lived, self.look, self.singly, self.seed)
        return {
            (metric, name): Answer(self.question, self.plan, metric, place, *parts)
            for metric in self.question.shown
            for place, name in enumerate(self.question.policies)
            if place
        }

    def answer(self, metric: str, policy: str | None = None) -> Answer:
        """One of them; the second policy by default. Raises KeyError."""
        return self.answers[metric, self.question.policies[1] if policy is None else policy]

    def gains(self, metric: str) -> Floats:
        """By how much each policy is better than the first, without luck; (futures, policies)."""
        others = [self.answer(metric, name).gain for name in self.question.policies[1:]]
        return np.column_stack([np.zeros(len(self.plan.futures)), *others])

    def regrets(self, metric: str) -> list[Regret]:
        """Regret of each policy on a metric; a metric of which neither way is better has none."""
        neutral = self.question.metrics[self.question.place(metric)].direction == "neutral"
        return [] if neutral else regrets(self.gains(metric))

    @cached_property
    def satisficing(self) -> list[Share]:
        """Share of futures in which all limits hold, by policy; empty without limits."""
        limits = self.question.limits
        return satisficing([self.levels(one.metric) for one in limits], limits) if limits else []

    def levels(self, metric: str) -> Floats:
        """A metric under each policy, future by future, without luck; (futures, policies)."""
        each = self.lived.of(self.question, metric)
        order = next(iter(self.answers.values())).effects
        return np.column_stack(
            [
                without_luck(each[..., place], self.plan.futures, order.order, len(order.above))
                for place in range(len(self.question.policies))
            ]
        )

    def by_regret(self, metric: str) -> list[int]:
        """Policies by the largest regret, the smallest first; empty where there is none."""
        return ranking([one.worst for one in self.regrets(metric)])

    @property
    def by_limits(self) -> list[int]:
        """Policies by the share of futures in which all limits hold, the largest first."""
        return ranking([-one.value for one in self.satisficing])

    def agree(self, metric: str) -> bool | None:
        """Whether the policy of least regret keeps the limits as often as any; None if one is unknown."""
        first, held = self.by_regret(metric), self.satisficing
        return held[first[0]].value == max(one.value for one in held) if first and held else None

    @property
    def sentences(self) -> list[str]:
        """One for each answer."""
        return [sentence(one, self.beliefs) for one in self.answers.values()]
