"""Groups of several policies judged together: differences in each group, and changes of the gaps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from evenhand.analysis.compare.by_group import FEWEST, ByGroup, Gap, InGroup
from evenhand.analysis.compare.comparison import Readings
from evenhand.analysis.compare.family import Label, Pairs, around, differences, judged, pair_up
from evenhand.analysis.compare.paired import Paired, paired_t
from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.metrics.estimate import contributions
from evenhand.analysis.metrics.metric import weights


class Groups(NamedTuple):
    """What was measured of the groups of a column in the worlds of one scenario.

    `value` and `n` of the readings have shape (worlds, policies, metrics x groups), metric by metric.
    """

    readings: Readings
    groups: tuple[str, ...]
    reference: str


class Changes(NamedTuple):
    """Gaps as pairs, what their columns are of, and the gaps under either policy by themselves."""

    pairs: Pairs
    of: list[Label]
    groups: list[str]
    after: Paired
    before: Paired


def by_group(
    column: str,
    studies: Sequence[Groups],
    baseline: str,
    titles: dict[str, str],
    policies: dict[str, str],
) -> ByGroup:
    """Differences in every group, and changes of the gaps between every group and the reference.

    Formula of a change: (policy's group - policy's reference) - (baseline's group - baseline's reference),
    world by world, with each term the world's contribution to the pooled value (see
    `estimate.contributions`), and the paired t over the worlds. Fewer than three worlds have no interval.
    """
    return ByGroup(column, _in_groups(studies, baseline), _gaps(studies, baseline), titles, policies)


def _in_groups(studies: Sequence[Groups], baseline: str) -> tuple[InGroup, ...]:
    readings = [one.readings for one in studies]
    found = differences(readings, baseline, FEWEST)
    groups = [
        group
        for one in studies
        for _ in range(len(one.readings.policies) - 1)
        for group in one.groups * (len(one.readings.metrics) // len(one.groups))
    ]
    cases = np.concatenate([_cases(one, baseline) for one in readings], axis=1)
    parts = zip(groups, found, cases.T.tolist(), strict=True)
    return tuple(InGroup(group, one, ours, theirs) for group, one, (ours, theirs) in parts)


def _cases(one: Readings, baseline: str) -> Floats:
    """Cases in the worlds that count, under the policies and under the baseline; shape (2, columns)."""
    counts = ~np.isnan(pair_up(one, baseline).ours)
    base = one.policies.index(baseline)
    others = [p for p in range(len(one.policies)) if p != base]
    sides = (one.n[:, others], one.n[:, [base] * len(others)])
    return np.stack([np.where(counts, side.reshape(counts.shape), 0).sum(axis=0) for side in sides])


def _gaps(studies: Sequence[Groups], baseline: str) -> tuple[Gap, ...]:
    several = [_changes(one, baseline) for one in studies]
    of = [label for one in several for label in one.of]
    found = judged([one.pairs for one in several], of, baseline, FEWEST) if of else ()
    references = [study.reference for study, one in zip(studies, several, strict=True) for _ in one.of]
    groups = [group for one in several for group in one.groups]
    after = [ends for one in several for ends in _intervals(one.after)]
    before = [ends for one in several for ends in _intervals(one.before)]
    parts = zip(groups, references, found, after, before, strict=True)
    return tuple(Gap(*part) for part in parts)


def _intervals(one: Paired) -> list[tuple[float, float] | None]:
    half = np.where(one.n >= FEWEST, one.half, np.nan)
    return [around(*ends) for ends in zip(one.mean.tolist(), half.tolist(), strict=True)]


def _changes(study: Groups, baseline: str) -> Changes:
    """Pair the gaps under every policy with those under the baseline, group by group.

    A world in which one of the four has no case is left out; one that ended before a value could be seen
    makes the change unknown, as in `family.pair_up`.
    """
    one, groups = study.readings, study.groups
    base, origin = one.policies.index(baseline), groups.index(study.reference)
    policies = [p for p in range(len(one.policies)) if p != base]
    rest = [g for g in range(len(groups)) if g != origin]
    metrics = range(len(one.metrics) // len(groups))
    width = len(groups)
    places = [(p, m * width + g, m * width + origin) for p in policies for m in metrics for g in rest]
    own, mine, reference = np.array(places, np.int64).reshape(-1, 3).T
    others = np.full(len(places), base)
    four = [(own, mine), (own, reference), (others, mine), (others, reference)]
    weight = weights(one.metrics, one.n)
    lost = [np.isnan(one.value[:, p, c]) & (one.n[:, p, c] > 0) for p, c in four]
    unseen = np.any(lost, axis=0).sum(axis=0)
    alone = np.any([np.isnan(one.value[:, p, c]) for p, c in four], axis=0)
    left_out = alone | (unseen > 0)
    ours, our_reference, theirs, their_reference = (
        contributions(np.where(left_out, np.nan, one.value[:, p, c]), weight[:, p, c]) for p, c in four
    )
    cases = np.min([np.where(left_out, 0, one.n[:, p, c]).sum(axis=0) for p, c in four], axis=0)
    pairs = Pairs(ours - our_reference, theirs - their_reference, alone.sum(axis=0) - unseen, unseen, cases)
    of = [Label(one.scenario, one.policies[p], one.metrics[g], one.units[g]) for p, g, _ in places]
    names = [groups[g % len(groups)] for _, g, _ in places]
    after, before = paired_t(ours, our_reference), paired_t(theirs, their_reference)
    return Changes(pairs, of, names, after, before)
