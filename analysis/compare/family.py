"""All differences of a comparison judged together: who differs from the baseline in what, and how surely."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.compare.comparison import Readings
from evenhand.analysis.compare.difference import Difference, Interval
from evenhand.analysis.compare.multiple import holm, simultaneous
from evenhand.analysis.compare.paired import moments, paired_t
from evenhand.analysis.metrics.accumulators import Floats, Ints
from evenhand.analysis.metrics.estimate import contributions
from evenhand.analysis.metrics.metric import Metric, weights


class Pairs(NamedTuple):
    """What worlds contribute to the values of the policies, and of the baseline beside them.

    Shape (worlds, policies x metrics); means over worlds are pooled ratios, see `estimate.contributions`.
    """

    ours: Floats
    theirs: Floats
    undefined: Ints
    """Worlds without a case to count under one of the two; shape (policies x metrics,)."""
    unseen: Ints
    """Worlds that have cases and yet no value, because they ended too soon."""
    cases: Ints
    """Cases counted in the worlds that are paired, under the policy that has fewer of them."""


def pair_up(one: Readings, baseline: str) -> Pairs:
    """Pair every policy with the baseline in the worlds of one scenario.

    A world without a case under one of the two is left out. One that ended before a value could be seen
    makes the whole difference unknown: to leave it out would flatter slow rules.
    """
    base = one.policies.index(baseline)
    others = [p for p in range(len(one.policies)) if p != base]
    lost = np.isnan(one.value) & (one.n > 0)
    unseen = _flat(lost[:, others] | lost[:, [base]]).sum(axis=0)
    ours, theirs = (_flat(one.value[:, rows]) for rows in (others, [base] * len(others)))
    alone = np.isnan(ours) | np.isnan(theirs)
    undefined = alone.sum(axis=0) - unseen
    left_out = alone | (unseen > 0)
    weight = weights(one.metrics, one.n)
    ours, theirs = (
        contributions(np.where(left_out, np.nan, values), _flat(weight[:, rows]))
        for values, rows in ((ours, others), (theirs, [base] * len(others)))
    )
    counted = [np.where(left_out, 0, _flat(one.n[:, rows])) for rows in (others, [base] * len(others))]
    return Pairs(ours, theirs, undefined, unseen, np.min(np.sum(counted, axis=1), axis=0))


def differences(readings: Sequence[Readings], baseline: str, fewest: int = 2) -> tuple[Difference, ...]:
    """Every policy less the baseline in every scenario and metric; p and intervals over all of them.

    A difference with fewer than `fewest` pairs has neither, and is not of the family.
    """
    return judged([pair_up(one, baseline) for one in readings], labels(readings, baseline), baseline, fewest)


class Label(NamedTuple):
    """What a difference is of."""

    scenario: str
    policy: str
    metric: Metric
    unit: str


def labels(readings: Sequence[Readings], baseline: str) -> list[Label]:
    """What the columns of the pairs of readings are of."""
    return [
        Label(one.scenario, policy, metric, unit)
        for one in readings
        for policy in one.policies
        if policy != baseline
        for metric, unit in zip(one.metrics, one.units, strict=True)
    ]


def judged(
    pairs: Sequence[Pairs], of: Sequence[Label], baseline: str, fewest: int = 2
) -> tuple[Difference, ...]:
    """The differences of pairs, which are those of one scenario each, as one family."""
    ours, theirs = _beside([one.ours for one in pairs]), _beside([one.theirs for one in pairs])
    undefined, unseen, cases = (np.concatenate([one[i] for one in pairs]) for i in (2, 3, 4))
    apart = ours - theirs
    found = paired_t(ours, theirs)
    enough = found.n >= fewest
    half, p = (np.where(enough, one, np.nan) for one in (found.half, found.p))
    adjusted, together = holm(p), simultaneous(np.where(enough, apart, np.nan))
    means = [moments(np.where(np.isnan(apart), np.nan, side)).mean for side in (ours, theirs)]
    return tuple(
        Difference(
            scenario=scenario,
            metric=metric.name,
            title=metric.title,
            policy=policy,
            baseline=baseline,
            difference=float(found.mean[i]),
            ci=around(found.mean[i], half[i]),
            simultaneous_ci=around(found.mean[i], together[i]) if not np.isnan(half[i]) else None,
            n=int(found.n[i]),
            undefined=int(undefined[i]),
            unseen=int(unseen[i]),
            p=float(p[i]),
            p_adjusted=float(adjusted[i]),
            family=int((~np.isnan(p)).sum()),
            variance_reduction=float(found.variance_reduction[i]),
            policy_value=float(means[0][i]),
            baseline_value=float(means[1][i]),
            unit=unit,
            cases=int(cases[i]) if metric.pooled else None,
        )
        for i, (scenario, policy, metric, unit) in enumerate(of)
    )


def _flat(values: NDArray[Any]) -> NDArray[Any]:
    return values.reshape(len(values), -1)


def _beside(blocks: Sequence[Floats]) -> Floats:
    """Columns of several scenarios beside each other; where one has fewer worlds it ends in NaN."""
    longest = max(map(len, blocks))
    return np.concatenate(
        [np.pad(block, ((0, longest - len(block)), (0, 0)), constant_values=np.nan) for block in blocks],
        axis=1,
    )


def around(middle: float, half: float) -> Interval | None:
    """An interval around its middle; None where its half-width is not known."""
    return None if np.isnan(half) else (float(middle - half), float(middle + half))
