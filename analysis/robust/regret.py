"""Regret: what is lost by not having the policy that is best in a future; and whose limits hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.robust.counts import Share, share

HIGH = 0.9


class Regret(NamedTuple):
    """Of one policy on one metric, in the metric's unit; 0 = nothing is better in any future."""

    mean: float
    high: float
    """Nine futures of ten have less."""
    worst: float
    future: int
    """The number of the worst one; -1 where nothing is known."""


def regrets(gain: Floats) -> list[Regret]:
    """Regret of each policy; `gain`, shape (futures, policies), is better where it is larger.

    Minimax regret: Savage (1951), JASA 46. Futures in which a policy has no value are left out for all.
    """
    known = np.flatnonzero(~np.isnan(gain).any(axis=1))
    if len(known) == 0:
        return [Regret(np.nan, np.nan, np.nan, -1)] * gain.shape[1]
    lost = gain[known].max(axis=1, keepdims=True) - gain[known]
    return [
        Regret(
            float(one.mean()), float(np.quantile(one, HIGH)), float(one.max()), int(known[int(one.argmax())])
        )
        for one in lost.T
    ]


class Limit(NamedTuple):
    """What a metric must not pass."""

    metric: str
    at_most: bool
    bound: float

    def __str__(self) -> str:
        return f"{self.metric}{'<=' if self.at_most else '>='}{self.bound:g}"


def satisficing(values: Sequence[Floats], limits: Sequence[Limit]) -> list[Share]:
    """Share of futures in which all limits hold, by policy (Starr 1963; Lempert & Collins 2007).

    `values` are the metrics of the limits, each of shape (futures, policies); undefined holds no limit.
    """
    holds = np.ones(values[0].shape, bool)
    for value, limit in zip(values, limits, strict=True):
        with np.errstate(invalid="ignore"):
            holds &= (value <= limit.bound) if limit.at_most else (value >= limit.bound)
    return [share(int(one.sum()), len(one)) for one in holds.T]


def ranking(scores: Sequence[float]) -> list[int]:
    """Places of the policies by score, the lowest first; ties in the order they were given."""
    return sorted(range(len(scores)), key=lambda place: (scores[place], place))
