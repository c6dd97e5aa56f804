"""Differences by group against arithmetic by hand and brute force; how often their intervals are right."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import t as student

from evenhand.analysis.compare.by_group import ByGroup
from evenhand.analysis.compare.comparison import Readings
from evenhand.analysis.compare.gaps import Groups, by_group
from evenhand.analysis.metrics.accumulators import Floats, Ints
from evenhand.analysis.metrics.metric import Metric
from evenhand.analysis.metrics.registry import METRICS

RATE, LENGTH = METRICS["wrongful_denial_rate"], METRICS["median_hours_to_close"]
"""A ratio, whose worlds are pooled by their cases, and a metric that is a mean over worlds."""
NAMES = ("new", "regular", "old")
STUDIES = 2000
SIZES = (300.0, 60.0, 12.0)
"""Cases of a group in a world, on average."""
ROOM = 3 * math.sqrt(0.95 * 0.05 / STUDIES)
"""Three standard deviations of a share of studies that is 95 % in truth."""


def judge(metric: Metric, value: Floats, n: Ints, groups: tuple[str, ...] = NAMES) -> ByGroup:
    """Values and cases of shape (worlds, 2 policies, studies x groups), judged as copies of one metric."""
    columns = value.shape[-1]
    readings = Readings("world", ("before", "after"), (metric,) * columns, (metric.unit,) * columns, value, n)
    return by_group("group", [Groups(readings, groups, groups[0])], "before", {}, {})


def brute(value: list[Any], n: list[Any], world_counts: Sequence[bool]) -> list[tuple[float, float]]:
    """Differences in two groups and the change of the gap: pooled value, and half-width by the jackknife.

    The jackknife is written out: pooled ratios of all worlds, and of all worlds but one for the spread.
    """
    worlds = [w for w in range(len(value)) if world_counts[w]]

    def pooled(kept: Sequence[int], policy: int, group: int) -> float:
        cases = [n[w][policy][group] for w in kept]
        right = [value[w][policy][group] * k for w, k in zip(kept, cases, strict=True)]
        return float(sum(right) / sum(cases))

    def changes(kept: Sequence[int]) -> list[float]:
        each = [pooled(kept, 1, g) - pooled(kept, 0, g) for g in (0, 1)]
        return [*each, each[1] - each[0]]

    k, whole = len(worlds), changes(worlds)
    left = [changes([w for w in worlds if w != out]) for out in worlds]
    found = []
    for i in range(3):
        pseudo = [k * whole[i] - (k - 1) * one[i] for one in left]
        mean = sum(pseudo) / k
        spread = math.sqrt(sum((x - mean) ** 2 for x in pseudo) / (k - 1) / k)
        found.append((whole[i], float(student.ppf(0.975, k - 1)) * spread))
    return found


def test_a_small_study_is_what_paper_says() -> None:
    """Two groups in three worlds of ten cases: +0.1 and +0.3; the gap goes from 0.2 to 0.4."""
    before = [[0.1, 0.3], [0.2, 0.4], [0.3, 0.5]]
    after = [[0.2, 0.5], [0.3, 0.7], [0.4, 0.9]]
    value = np.moveaxis(np.array([before, after]), 0, 1)
    found = judge(RATE, value, np.full(value.shape, 10), ("a", "b"))
    a, b = (found.of(RATE.name, group).difference for group in "ab")
    assert (a.baseline_value, a.policy_value, a.difference) == pytest.approx((0.2, 0.3, 0.1))
    assert a.ci is None, "the same in each of three worlds proves nothing"
    # differences of b are 0.2, 0.3, 0.4: s = 0.1, t(2) = 4.302653
    assert b.difference == pytest.approx(0.3)
    assert b.ci == pytest.approx((0.3 - 4.302653 * 0.1 / math.sqrt(3), 0.3 + 4.302653 * 0.1 / math.sqrt(3)))
    gap = found.gap(RATE.name, "b")
    assert gap.reference == "a"
    assert gap.difference.baseline_value == pytest.approx(0.2)
    assert (gap.difference.policy_value, gap.difference.difference) == pytest.approx((0.4, 0.2))
    assert gap.difference.half_width == pytest.approx(4.302653 * 0.1 / math.sqrt(3), rel=1e-6)
    assert gap.baseline_ci is None, "so does a gap"
    assert [found.of(RATE.name, g).policy_cases for g in "ab"] == [30, 30]


def test_pooled_groups_equal_brute_force_with_worlds_left_out() -> None:
    """Unequal cases, a world without a case of one group: it counts for the other group alone."""
    rng = np.random.default_rng(5)
    n = rng.integers(3, 60, (9, 2, 2))
    value = rng.binomial(n, 0.3) / n
    n[4, 1, 1], value[4, 1, 1] = 0, np.nan
    found = judge(RATE, value, n, ("a", "b"))
    every, both = [True] * 9, [w != 4 for w in range(9)]
    for part, place, counted in (
        (found.of(RATE.name, "a"), 0, every),
        (found.of(RATE.name, "b"), 1, both),
        (found.gap(RATE.name, "b"), 2, both),
    ):
        mean, half = brute(value.tolist(), n.tolist(), counted)[place]
        assert part.difference.difference == pytest.approx(mean, abs=1e-12)
        assert part.difference.half_width == pytest.approx(half, rel=1e-9)
        assert (part.difference.n, part.difference.undefined) == (sum(counted), 9 - sum(counted))


@pytest.mark.parametrize(("worlds", "sure"), [(2, False), (3, True)])
def test_fewer_than_three_worlds_have_no_interval(worlds: int, sure: bool) -> None:
    """Two pairs would give an interval twelve standard errors wide that reads like a finding."""
    value = np.linspace(0.1, 0.6, worlds * 4).reshape(worlds, 2, 2) ** 3
    found = judge(RATE, value, np.full(value.shape, 9), ("a", "b"))
    for part in (*found.groups, *found.gaps):
        assert (part.difference.ci is not None) is sure
        assert math.isnan(part.difference.p) is not sure
        assert part.difference.n == worlds


def test_a_group_without_a_case_is_not_known_and_not_zero() -> None:
    """It has no value, no interval, and no place in the family; nor has its gap."""
    value, n = np.full((5, 2, 2), 0.5), np.full((5, 2, 2), 4)
    value[:, 1, 0] = np.linspace(0.4, 0.9, 5)
    value[..., 1], n[..., 1] = np.nan, 0
    found = judge(RATE, value, n, ("a", "b"))
    empty = found.of(RATE.name, "b")
    assert math.isnan(empty.difference.difference)
    assert (empty.difference.ci, empty.difference.n, empty.difference.undefined) == (None, 0, 5)
    assert (empty.policy_cases, empty.baseline_cases, empty.difference.family) == (0, 0, 1)
    assert math.isnan(found.gap(RATE.name, "b").difference.difference)


Study = tuple[Floats, Ints, Floats]
"""Values and cases of shape (worlds, 2, STUDIES x groups), and the true difference in each group."""
Noise = Callable[[tuple[int, ...]], Floats]


def calm(rng: np.random.Generator, worlds: int) -> Study:
    """Rates that move a little from world to world; both policies share most of it."""
    return rates(rng, worlds, lambda shape: 0.02 * rng.standard_normal(shape))


def skewed(rng: np.random.Generator, worlds: int) -> Study:
    """Rates that an exponential pushes: most worlds are calm, a few are bad (skewness 2)."""
    return rates(rng, worlds, lambda shape: 0.05 * (rng.exponential(1.0, shape) - 1))


def rates(rng: np.random.Generator, worlds: int, noise: Noise) -> Study:
    """Binomial rates of Poisson many cases: 25 % and 20 % before, three points less after."""
    n = rng.poisson(np.tile(SIZES, STUDIES), (worlds, 2, len(SIZES) * STUDIES))
    level = np.tile([0.25, 0.2, 0.2], STUDIES) + np.array([0.0, -0.03])[:, None]
    p = np.clip(level + noise((worlds, 1, n.shape[-1])) + 0.5 * noise(n.shape), 0, 1)
    value = rng.binomial(n, p) / np.where(n > 0, n, np.nan)
    return value, n, np.full(len(SIZES), -0.03)


def delayed(rng: np.random.Generator, worlds: int) -> Study:
    """Times to which the policy adds a lognormal of sigma 1 (skewness 6): a few worlds make the mean."""
    n = np.full((worlds, 2, len(SIZES) * STUDIES), 20)
    value = 50 + 5 * rng.standard_normal(n.shape)
    value[:, 1] += 10 * rng.lognormal(0.0, 1.0, n[:, 1].shape)
    return value, n, np.full(len(SIZES), 10 * math.exp(0.5))


def held(found: ByGroup, truth: Floats) -> tuple[Floats, Floats]:
    """How often intervals hold the truth: of the differences in each group, and of each gap's change."""
    in_groups = [[one.difference.ci for one in found.groups if one.group == name] for name in NAMES]
    gaps = [[one.difference.ci for one in found.gaps if one.group == name] for name in NAMES[1:]]

    def share(several: Sequence[Sequence[tuple[float, float] | None]], true: NDArray[Any]) -> Floats:
        known = [np.array([ends for ends in one if ends]) for one in several]
        assert all(len(ends) == STUDIES for ends in known)
        return np.array([np.mean((e[:, 0] <= x) & (x <= e[:, 1])) for e, x in zip(known, true, strict=True)])

    return share(in_groups, truth), share(gaps, truth[1:] - truth[0])


@pytest.mark.process
@pytest.mark.parametrize("worlds", [10, 30])
@pytest.mark.parametrize("draw", [calm, skewed])
def test_intervals_of_groups_and_gaps_hold_the_truth_in_95_of_100_studies(
    draw: Callable[[np.random.Generator, int], Study], worlds: int
) -> None:
    """Groups of 300, 60 and 12 cases a world, calm or skewed: within three deviations of a binomial."""
    value, n, truth = draw(np.random.default_rng(20), worlds)
    in_groups, gaps = held(judge(RATE, value, n), truth)
    assert [*in_groups, *gaps] == pytest.approx([0.95] * 5, abs=ROOM)


@pytest.mark.process
def test_heavy_tails_on_one_side_cost_coverage_in_groups_and_not_in_gaps() -> None:
    """The limit that docs/groups.md states: 90 to 92 % of 30 worlds, because they seldom see the tail.

    In a gap the tails of both groups meet, so that its change is symmetric and its interval errs to the
    safe side.
    """
    value, n, truth = delayed(np.random.default_rng(20), 30)
    in_groups, gaps = held(judge(LENGTH, value, n), truth)
    assert np.all((in_groups > 0.88) & (in_groups < 0.95 - ROOM))
    assert np.all((gaps > 0.95 - ROOM) & (gaps < 0.98))
