"""The verdict on one metric: what it is held to, and what was found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import nan
from typing import Any, Literal, NamedTuple

import numpy as np

from evenhand.analysis.gate.tost import changed, equivalent, level, paired
from evenhand.analysis.metrics.accumulators import Floats, Ints
from evenhand.analysis.metrics.estimate import Band, contributions
from evenhand.analysis.metrics.metric import Direction
from evenhand.locale.current import gettext
from evenhand.result import Result

Role = Literal["equivalence", "not_worse"]
"""What a metric is held to: not to move either way, or not to move for the worse."""


class Verdict(StrEnum):
    """What a gate says of a metric."""

    EQUIVALENT = "equivalent"
    NOT_WORSE = "not_worse"
    BETTER = "better"
    CHANGED = "changed"
    WORSE = "worse"
    UNDECIDED = "undecided"
    MISSING = "missing"

    @property
    def passes(self) -> bool:
        """Whether a build may go on."""
        return self in (Verdict.EQUIVALENT, Verdict.NOT_WORSE, Verdict.BETTER)


class Reading(NamedTuple):
    """A metric in one replication: its value, NaN where undefined, and the cases that it counts."""

    value: float
    n: int


@dataclass(frozen=True, eq=False)
class Gauge:
    """A metric with its accepted values and the margin that it must not leave.

    `accepted` has one value a replication, none where nothing was accepted yet; `margin` is in the
    metric's unit and above 0; `direction` says which way is better, which `not_worse` needs to know.
    """

    metric: str
    accepted: Floats
    margin: float
    role: Role = "equivalence"
    direction: Direction = "neutral"
    accepted_n: Ints | None = None
    """The cases behind each accepted value, by which ratios are pooled; None where all count alike."""

    def __post_init__(self) -> None:
        """Refuse what cannot be judged."""
        if not self.margin > 0:
            raise ValueError(
                gettext("{metric}: margin must be above 0, found {margin}").format(
                    metric=self.metric, margin=self.margin
                )
            )
        if self.role == "not_worse" and self.direction == "neutral":
            raise ValueError(
                gettext("{metric}: neither way is worse; its role can only be equivalence").format(
                    metric=self.metric
                )
            )

    @property
    def harm(self) -> int:
        """The sign of a difference for the worse: 1, -1, or 0 where neither way is."""
        return {"lower": 1, "higher": -1, "neutral": 0}[self.direction]


@dataclass(frozen=True, eq=False, repr=False)
class Finding:
    """What a gate found about one metric after `n` pairs of replications.

    `accepted` and `now` are over the same n worlds, as `metrics.estimate` has point values, `difference`
    is now - accepted, and `ci` its interval at `confidence`, which covers the luck of the draw of worlds and
    nothing else. Where the
    verdict is `missing`, `ci` is None and what is not known is NaN; `undefined` are the replications in
    which the metric has no value now.
    """

    gauge: Gauge
    verdict: Verdict
    n: int = 0
    accepted: float = float("nan")
    now: float = float("nan")
    difference: float = float("nan")
    ci: tuple[float, float] | None = None
    confidence: float = float("nan")
    undefined: tuple[int, ...] = ()

    def __repr__(self) -> str:
        ends = "" if self.ci is None else f" ({self.ci[0]:.4g} to {self.ci[1]:.4g})"
        moved = f"{self.gauge.metric} {self.verdict.value}: moved by {self.difference:.4g}{ends}"
        return f"<Finding: {moved}, margin {self.gauge.margin:.4g}, {self.n} replications>"


class Findings(Result, list[Finding]):
    """What a gate found, a finding a metric; a plain list that a notebook can show."""

    @property
    def passed(self) -> bool:
        """Whether a build may go on."""
        return all(one.verdict.passes for one in self)

    def table(self) -> list[dict[str, Any]]:
        """One flat row a metric."""
        return [_row(one) for one in self]

    def summary(self) -> str:
        """Whether it passed, and each metric with its verdict."""
        said = ", ".join(f"{one.gauge.metric} {one.verdict.value}" for one in self)
        return f"{'passed' if self.passed else 'failed'}; {said}"


def _row(one: Finding) -> dict[str, Any]:
    low, high = one.ci or (nan, nan)
    return {
        "metric": one.gauge.metric,
        "role": one.gauge.role,
        "verdict": one.verdict.value,
        "passed": one.verdict.passes,
        "accepted": one.accepted,
        "now": one.now,
        "difference": one.difference,
        "low": low,
        "high": high,
        "margin": one.gauge.margin,
        "confidence": one.confidence,
        "n": one.n,
    }


def judge(gauge: Gauge, now: Floats, looks: int = 1, n: Ints | None = None) -> Finding:
    """Judge a metric by its values now, one a replication, at one of so many planned looks.

    `n` are the cases counted now; where the accepted values have theirs too, both sides are pooled by them.

    Pairs them with as many accepted values. The verdict is `missing` where nothing was accepted, where
    fewer values were accepted than there are now, or where a value is not defined.
    """
    undefined = tuple(int(i) for i in np.flatnonzero(np.isnan(now)))
    accepted = gauge.accepted[: len(now)]
    if undefined or len(accepted) < max(len(now), 2) or np.isnan(accepted).any():
        mean = float(now.mean()) if len(now) else float("nan")
        return Finding(gauge, Verdict.MISSING, len(now), now=mean, undefined=undefined)
    if n is not None and gauge.accepted_n is not None:
        accepted = contributions(accepted, gauge.accepted_n[: len(now)])
        now = contributions(now, n)
    band = paired(accepted, now, looks)
    verdict = _either_way(gauge, band) if gauge.role == "equivalence" else _for_the_worse(gauge, band)
    return Finding(
        gauge,
        verdict,
        len(now),
        float(accepted.mean()),
        float(now.mean()),
        float(band.mean),
        (float(band.low), float(band.high)),
        level(looks),
    )


def _either_way(gauge: Gauge, band: Band) -> Verdict:
    if equivalent(band, gauge.margin):
        return Verdict.EQUIVALENT
    return Verdict.CHANGED if changed(band, gauge.margin) else Verdict.UNDECIDED


def _for_the_worse(gauge: Gauge, band: Band) -> Verdict:
    """One-sided: non-inferiority first, and then, at no further cost in errors, superiority."""
    least, most = sorted((gauge.harm * float(band.low), gauge.harm * float(band.high)))
    if most < gauge.margin:
        return Verdict.BETTER if most < 0 else Verdict.NOT_WORSE
    return Verdict.WORSE if least >= gauge.margin else Verdict.UNDECIDED
