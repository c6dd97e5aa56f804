"""Intervals over replications: how often they hold the truth, and where they end."""

from __future__ import annotations

import math

import numpy as np
import pytest

from evenhand.analysis.metrics.estimate import estimate, t_band


@pytest.mark.parametrize("replications", [3, 10, 30])
def test_ninety_five_in_a_hundred_intervals_hold_the_truth(replications):
    """2000 studies of a known mean; binomial noise of the count is about half a point."""
    rng = np.random.default_rng(20250901)
    band = t_band(rng.normal(5.0, 2.0, (replications, 2000)))
    assert 0.93 <= np.mean((band.low <= 5.0) & (band.high >= 5.0)) <= 0.97


def test_the_interval_of_a_share_covers_ratios_of_sums():
    """Toy replications of 200 cases each, as estimates see them: 2000 studies, the truth is 0.3."""
    rng = np.random.default_rng(7)
    studies = rng.binomial(200, 0.3, (2000, 12)) / 200
    found = [estimate(study, np.full(12, 200), "share").ci for study in studies]
    held = [ci is not None and ci[0] <= 0.3 <= ci[1] for ci in found]
    assert 0.93 <= np.mean(held) <= 0.97


def test_the_interval_is_students():
    """t(2) at 97.5 % is 4.302653; the mean of 1, 2, 3 is 2 with standard error 1 / sqrt(3)."""
    found = estimate(np.array([1.0, 2.0, 3.0]), np.array([1, 2, 3]), "CNY")
    assert found.ci == pytest.approx((2 - 4.302653 / math.sqrt(3), 2 + 4.302653 / math.sqrt(3)), rel=1e-6)
    assert (found.value, found.n, found.replications) == (2.0, 6, 3)


def test_one_defined_replication_has_a_value_and_no_interval():
    """An interval from a single number would be invented."""
    found = estimate(np.array([np.nan, 0.4]), np.array([0, 5]), "share")
    assert (found.value, found.ci, found.replications, found.undefined) == (0.4, None, 1, 1)


def test_nothing_defined_is_nan_with_its_count():
    """Undefined is not zero."""
    found = estimate(np.array([np.nan, np.nan]), np.array([0, 0]), "share")
    assert math.isnan(found.value)
    assert (found.ci, found.n, found.replications) == (None, 0, 0)


def test_a_value_that_the_run_was_too_short_to_see_makes_the_mean_unknown():
    """Leaving out the replications that did not get there would flatter slow rules."""
    found = estimate(np.array([10.0, np.nan, 12.0]), np.array([40, 40, 40]), "h")
    assert math.isnan(found.value)
    assert (found.ci, found.n, found.replications, found.undefined) == (None, 120, 2, 1)


def test_a_share_that_never_happened_still_may():
    """No event in 300 cases: the exact bound is close to the rule of three, not zero."""
    never, always, sixty = np.zeros(5), np.ones(5), np.full(5, 60)
    assert estimate(never, sixty, "share").ci == (0.0, pytest.approx(1 - 0.025 ** (1 / 300)))
    assert estimate(always, sixty, "share").ci == (pytest.approx(0.025 ** (1 / 300)), 1.0)
    assert estimate(never, sixty, "h").ci == (0.0, 0.0)


@pytest.mark.parametrize(("unit", "low"), [("share", 0.0), ("h", 0.0), ("CNY", -1.16)])
def test_an_interval_ends_where_its_unit_does(unit, low):
    """No share below zero and no negative hours; money and errors may be negative."""
    found = estimate(np.array([0.0, 0.2]), np.array([50, 50]), unit)
    assert found.ci is not None
    assert found.ci[0] == pytest.approx(low, abs=0.02)
    assert found.ci[1] == (1.0 if unit == "share" else pytest.approx(1.37, abs=0.01))
