"""Shares of futures, and what luck does to them: intervals cover the truth of toy worlds."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.robust_toy import toy
from evenhand.analysis.robust import luck_of, share, verdicts, without_luck

STUDIES = 40


def test_at_none_and_all_the_bound_is_one_sided() -> None:
    """160 of 160 futures: at least 1 - 0.05^(1/160), and never a share of exactly one."""
    found = share(160, 160)
    assert (found.value, found.high) == (1.0, 1.0)
    assert found.low == pytest.approx(0.05 ** (1 / 160))
    assert share(0, 160).high == pytest.approx(1 - 0.05 ** (1 / 160))
    assert found.one_sided


def test_a_share_has_wilsons_interval() -> None:
    """237 of 640, the example of the specification: 37 %, 33 to 41 %."""
    found = share(237, 640)
    assert (round(found.value, 2), round(found.low, 2), round(found.high, 2)) == (0.37, 0.33, 0.41)


def test_differences_within_the_margin_are_neither() -> None:
    """Better, worse, within, and undefined are counted apart."""
    found = verdicts(np.array([0.3, 0.05, -0.05, -0.3, np.nan]), margin=0.1)
    assert found.each.tolist() == [1, 0, 0, -1, 2]
    assert (found.better.value, found.worse.value, found.within.value) == (0.25, 0.25, 0.5)
    assert found.undefined == 1


def test_luck_is_the_variance_within_futures() -> None:
    """Worlds that differ by luck of variance 2 leave 1 of it in means of two."""
    source = np.random.default_rng(1)
    each = source.normal(0, 3, (20_000, 1)) + source.normal(0, np.sqrt(2), (20_000, 2))
    found = luck_of(each)
    assert found.luck == pytest.approx(1.0, rel=0.05)
    assert found.share == pytest.approx(0.1, abs=0.01)


def test_without_luck_futures_spread_as_the_truth_does() -> None:
    """What is left has the variance of the true differences, and undefined futures stay undefined."""
    source = np.random.default_rng(2)
    z = source.uniform(-1, 1, (4000, 3))
    truth = z[:, 0] + 0.5 * source.normal(0, 1, 4000)
    each = truth[:, None] + source.normal(0, 1, (4000, 2))
    each[7, 1] = np.nan
    found = without_luck(each, z, np.arange(3), 1)
    assert np.isnan(found[7])
    assert np.nanvar(found) == pytest.approx(truth.var(), rel=0.06)
    assert np.nanvar(each.mean(axis=1)) > 1.3 * truth.var()


@pytest.mark.process
def test_shares_of_toy_worlds_cover_the_truth() -> None:
    """95 % intervals over luck and over which futures were drawn: of 40 studies at least 34 cover.

    A binomial of 40 at .95 has fewer with a chance of 1 in 300; `benchmarks.robust_coverage` does 2,000.
    """
    found = [toy(seed, 256, luck=0.12) for seed in range(STUDIES)]
    held = sum(one.verdicts.better.low <= one.truth <= one.verdicts.better.high for one in found)
    assert held >= 34


@pytest.mark.process
def test_rules_of_toy_worlds_cover_the_truth_and_are_found() -> None:
    """The density told of a box is that among futures it has not seen; seen, it would be too high."""
    found = [toy(seed, 256, luck=0.12) for seed in range(STUDIES)]
    each = [(rule, truth) for one in found for rule, truth in zip(one.rules, one.densities, strict=True)]
    held = [rule.density.low <= truth <= rule.density.high for rule, truth in each]
    assert len(each) > STUDIES / 2
    assert np.mean(held) > 0.87
    assert np.mean([rule.seen - truth for rule, truth in each]) > 0.0


@pytest.mark.process
def test_the_same_two_worlds_for_all_futures_would_not_cover() -> None:
    """Their luck is the same in every future, and no number of futures averages it out."""
    found = [toy(seed, 256, luck=0.12, same_worlds=True) for seed in range(STUDIES)]
    held = sum(one.verdicts.better.low <= one.truth <= one.verdicts.better.high for one in found)
    assert held < 28
