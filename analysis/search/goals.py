"""Goals and limits: which metrics a search moves which way, and which must stay on one side of a bound."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import isfinite
from typing import Literal, NamedTuple

import numpy as np

from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.metrics.metric import Metric
from evenhand.analysis.metrics.registry import find_metric

Way = Literal["min", "max"]
Side = Literal["<=", ">="]
_LIMIT = re.compile(r"\s*(?P<metric>[\w]+)\s*(?P<side><=|>=|≤|≥|<|>)\s*(?P<bound>.+?)\s*")
_NUMBER = re.compile(r"(?P<number>[-+]?\d*\.?\d+(?:e-?\d+)?)\s*(?P<unit>[^\d\s.]*)", re.IGNORECASE)
_SIZES = {
    "share": {"": 1.0, "%": 0.01, "pt": 0.01},
    "share of amount": {"": 1.0, "%": 0.01, "pt": 0.01},
    "h": {"": 1.0, "h": 1.0, "d": 24.0},
}
_EXAMPLES = {"share": "0.1 or 10%", "share of amount": "0.1 or 10%", "h": "120h, 5d, or a number of hours"}


class Goal(NamedTuple):
    """A metric that a search makes as small or as large as it can."""

    metric: Metric
    way: Way

    @property
    def sign(self) -> float:
        """Factor that makes less of the metric better."""
        return 1.0 if self.way == "min" else -1.0


class Limit(NamedTuple):
    """A metric that must stay on one side of a bound."""

    metric: Metric
    side: Side
    bound: float
    """In the unit of the metric."""

    @property
    def sign(self) -> float:
        """Factor that makes less of the metric better."""
        return 1.0 if self.side == "<=" else -1.0

    def excess(self, value: Floats) -> Floats:
        """By how much a value is on the wrong side; NaN counts as beyond any bound."""
        found = self.sign * (value - self.bound)
        return np.where(np.isnan(found), np.inf, found)


class Aims(NamedTuple):
    """What is asked of a search: goals, limits, and the metrics that are shown beside them."""

    goals: tuple[Goal, ...]
    limits: tuple[Limit, ...] = ()
    beside: tuple[Metric, ...] = ()

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """All metrics, each once; those of the goals first."""
        every = [
            *(one.metric for one in self.goals),
            *(one.metric for one in self.limits),
            *self.beside,
        ]
        return tuple({one.name: one for one in every}.values())

    def place(self, metric: Metric) -> int:
        """The position of a metric among all."""
        return [one.name for one in self.metrics].index(metric.name)

    def costs(self, means: Floats) -> Floats:
        """Goals as costs, less is better, from means over (..., metrics); NaN is the worst there is."""
        found = np.stack([one.sign * means[..., self.place(one.metric)] for one in self.goals], axis=-1)
        return np.where(np.isnan(found), np.inf, found)

    def excesses(self, means: Floats) -> Floats:
        """By how much each limit is broken, 0 or less where it holds; shape (..., limits)."""
        if not self.limits:
            return np.zeros((*means.shape[:-1], 0))
        return np.stack([one.excess(means[..., self.place(one.metric)]) for one in self.limits], axis=-1)


def goal(text: str) -> Goal:
    """A goal from `METRIC`, `METRIC:min` or `METRIC:max`. Raises ValueError that says what is allowed."""
    name, colon, way = text.strip().partition(":")
    metric = find_metric(name.strip())
    if colon and way.strip() not in {"min", "max"}:
        raise ValueError(f"write {name}:min or {name}:max, found '{text}'")
    if colon:
        return Goal(metric, "min" if way.strip() == "min" else "max")
    if metric.direction == "neutral":
        raise ValueError(
            f"{metric.name} is good neither high nor low by itself; write :min or :max behind it"
        )
    return Goal(metric, "max" if metric.direction == "higher" else "min")


def limit(text: str) -> Limit:
    """A limit from `METRIC<=BOUND` or `METRIC>=BOUND`. Raises ValueError that says what is allowed."""
    found = _LIMIT.fullmatch(text)
    if found is None:
        raise ValueError(f"write METRIC<=BOUND or METRIC>=BOUND, e.g. p90_hours_to_close<=5d; found '{text}'")
    metric = find_metric(found["metric"])
    side: Side = "<=" if found["side"] in {"<=", "≤", "<"} else ">="
    return Limit(metric, side, _bound(metric, found["bound"]))


def _bound(metric: Metric, text: str) -> float:
    found = _NUMBER.fullmatch(text)
    size = _SIZES.get(metric.unit, {"": 1.0}).get(found["unit"].lower()) if found else None
    value = float(found["number"]) * size if found and size else float("nan")
    if not isfinite(value):
        how = _EXAMPLES.get(metric.unit, f"a number ({metric.unit})")
        raise ValueError(f"write the bound of {metric.name} as {how}, found '{text}'")
    return value


def aims(
    goals: Sequence[str | Goal], limits: Sequence[str | Limit] = (), beside: Sequence[str | Metric] = ()
) -> Aims:
    """Goals, limits and other metrics, from texts or as they are. Raises ValueError."""
    found = Aims(
        tuple(goal(one) if isinstance(one, str) else one for one in goals),
        tuple(limit(one) if isinstance(one, str) else one for one in limits),
        tuple(find_metric(one) for one in beside),
    )
    names = [one.metric.name for one in found.goals]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise ValueError(f"the goal {twice} is given twice")
    if not found.goals:
        raise ValueError("a search needs one goal or more")
    return found
