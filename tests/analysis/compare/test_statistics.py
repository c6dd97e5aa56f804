"""The statistics of comparisons on toy studies: how often intervals hold the truth, and how often p errs."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from evenhand.analysis.compare.multiple import bonferroni, holm, max_t, simultaneous
from evenhand.analysis.compare.paired import paired_t, unpaired_t
from evenhand.analysis.compare.sequential import half_widths, precise, replications_needed, stopping_time

STUDIES = 2000


def correlated(rng, shape, rho, skewed=False):
    """Standard normal, or skewed, numbers with correlation rho along the last axis."""
    shared = rng.standard_normal((*shape[:-1], 1))
    found = np.sqrt(rho) * shared + np.sqrt(1 - rho) * rng.standard_normal(shape)
    return np.exp(0.5 * found) - np.exp(0.125) if skewed else found


@pytest.mark.parametrize("replications", [5, 10, 30])
@pytest.mark.parametrize("rho", [0.0, 0.9])
def test_ninety_five_in_a_hundred_paired_intervals_hold_the_true_difference(replications, rho):
    """2000 studies of two policies that share their luck; binomial noise is about half a point."""
    rng = np.random.default_rng(20250901)
    pairs = correlated(rng, (replications, STUDIES, 2), rho)
    found = paired_t(pairs[..., 0] + 0.3, pairs[..., 1])
    held = np.abs(found.mean - 0.3) <= found.half
    assert 0.93 <= held.mean() <= 0.97


@pytest.mark.parametrize("replications", [10, 30])
def test_a_true_null_is_rejected_five_times_in_a_hundred(replications):
    """p is uniform where nothing differs."""
    rng = np.random.default_rng(4)
    pairs = correlated(rng, (replications, STUDIES, 2), 0.5)
    p = paired_t(pairs[..., 0], pairs[..., 1]).p
    assert 0.035 <= (p < 0.05).mean() <= 0.065
    assert stats.kstest(p, "uniform").pvalue > 0.01


def test_the_paired_t_is_scipys():
    """A well-kept library has the same interval and the same p."""
    rng = np.random.default_rng(1)
    one, other = rng.normal(1, 2, 17), rng.normal(0.4, 1, 17)
    ours, theirs = paired_t(one, other), stats.ttest_rel(one, other)
    interval = theirs.confidence_interval()
    assert ours.p == pytest.approx(theirs.pvalue)
    assert (ours.mean - ours.half, ours.mean + ours.half) == pytest.approx((interval.low, interval.high))


def test_independent_samples_are_welchs():
    """Fresh worlds share no luck with the old ones."""
    rng = np.random.default_rng(2)
    one, other = rng.normal(1, 2, 12), rng.normal(0.4, 1, 20)
    mean, half = unpaired_t(one, other)
    interval = stats.ttest_ind(one, other, equal_var=False).confidence_interval()
    assert (mean - half, mean + half) == pytest.approx((interval.low, interval.high))


def test_the_same_numbers_differ_by_exactly_nothing():
    """Zero plus or minus zero, p of one, and no warning about a division."""
    values = np.array([0.1, 0.7, 0.3])
    found = paired_t(values, values)
    assert (found.mean, found.half, found.p, found.n) == (0.0, 0.0, 1.0, 3)
    assert found.variance_reduction == np.inf


@pytest.mark.parametrize("worlds", [2, 3, 5])
def test_the_same_difference_in_few_worlds_proves_nothing(worlds):
    """Whole numbers are alike by chance: two worlds in which a peak is lower by 8 are no certainty."""
    ones = np.arange(worlds) + 8.0
    found = paired_t(ones, np.arange(float(worlds)))
    assert (found.mean, found.n) == (8.0, worlds)
    assert np.isnan(found.half)
    assert np.isnan(found.p)


def test_the_same_difference_in_many_worlds_is_told_by_its_signs():
    """Without spread there is no t; n equal signs have the p of a coin that falls n times alike."""
    found = paired_t(np.arange(8.0) + 2, np.arange(8.0))
    assert (found.mean, found.half, found.p) == (2.0, 0.0, 2.0**-7)


def test_a_spread_left_by_rounding_is_none():
    """Three tenths less two tenths is not the same to the bit as one tenth less nothing."""
    found = paired_t(np.array([0.3, 0.1, 0.4]), np.array([0.2, 0.0, 0.3]))
    assert np.isnan(found.p)


def test_undefined_replications_leave_the_pair_out():
    """NaN on either side: the other side's number has no partner."""
    one = np.array([1.0, np.nan, 3.0, 5.0])
    other = np.array([0.0, 1.0, np.nan, 2.0])
    found, whole = paired_t(one, other), paired_t(one[[0, 3]], other[[0, 3]])
    assert found.n == 2
    assert np.array(found) == pytest.approx(np.array(whole))


def test_one_pair_has_a_difference_and_nothing_more():
    """An interval from one number would be invented."""
    found = paired_t(np.array([1.0]), np.array([0.5]))
    assert found.mean == 0.5
    assert np.isnan([found.half, found.p, found.variance_reduction]).all()


def test_the_variance_reduction_is_what_pairing_buys():
    """By hand: variances 1 and 4, of the difference 1, so independent seeds need five times as many."""
    found = paired_t(np.array([0.0, 1.0, 2.0]), np.array([0.0, 2.0, 4.0]))
    assert found.variance_reduction == pytest.approx((1 + 4) / 1)


def test_holm_by_hand():
    """Sorted .01 .02 .03 .5 times 4 3 2 1, never falling: .04 .06 .06 .5; undefined p do not count."""
    p = np.array([0.02, np.nan, 0.5, 0.01, 0.03])
    assert holm(p) == pytest.approx([0.06, np.nan, 0.5, 0.04, 0.06], nan_ok=True)
    assert holm(np.array([0.6, 0.7])) == pytest.approx([1.0, 1.0])


def test_holm_is_statsmodels():
    """The reference implementation, where it is installed."""
    multitest = pytest.importorskip("statsmodels.stats.multitest")
    p = np.random.default_rng(3).uniform(size=40) ** 3
    assert holm(p) == pytest.approx(multitest.multipletests(p, method="holm")[1])


@pytest.mark.parametrize("rho", [0.0, 0.7])
def test_holm_errs_in_at_most_five_of_a_hundred_studies(rho):
    """Twenty metrics in which nothing differs: any finding in a study is a false one."""
    rng = np.random.default_rng(5)
    p = paired_t(correlated(rng, (12, STUDIES, 20), rho), np.zeros((12, STUDIES, 20))).p
    erred = [bool((holm(study) < 0.05).any()) for study in p]
    assert np.mean(erred) <= 0.06


def test_bonferroni_is_students_quantile():
    """t(9) at 1 - 0.05 / 40; a column with one pair has none."""
    assert bonferroni(np.array([10, 1]), 20) == pytest.approx(
        [stats.t.ppf(1 - 0.05 / 40, 9), np.nan], nan_ok=True
    )


def together(rng, studies, replications, rho, skewed=False):
    """Share of studies whose twenty simultaneous intervals all hold."""
    held = 0
    for _ in range(studies):
        differences = correlated(rng, (replications, 20), rho, skewed)
        held += bool((np.abs(differences.mean(axis=0)) <= simultaneous(differences)).all())
    return held / studies


def test_twenty_intervals_hold_together_with_few_replications():
    """Bonferroni below thirty replications: at least 95 in a hundred studies, more where columns agree."""
    rng = np.random.default_rng(6)
    assert together(rng, STUDIES, 10, 0.0) >= 0.94
    assert together(rng, STUDIES, 10, 0.7) >= 0.94


def vectorised(rng, studies, replications, rho, skewed=False):
    """The same by the bootstrap alone, many studies at a time."""
    held = []
    for _ in range(studies // 50):
        differences = correlated(rng, (50, replications, 20), rho, skewed)
        critical = max_t(differences, resamples=1000)
        t = np.abs(differences.mean(1)) / (differences.std(1, ddof=1) / np.sqrt(replications))
        held.append((t.max(axis=1) <= critical).mean())
    return float(np.mean(held))


@pytest.mark.process
def test_twenty_intervals_hold_together_by_the_bootstrap():
    """The max-t bootstrap from thirty replications on: small, seeded form of the test below."""
    assert 0.91 <= vectorised(np.random.default_rng(7), 200, 30, 0.6) <= 0.98


@pytest.mark.slow
@pytest.mark.parametrize("replications", [30, 60])
@pytest.mark.parametrize("rho", [0.0, 0.6, 0.95])
def test_twenty_intervals_hold_together_by_the_bootstrap_in_full(replications, rho):
    """Family-wise: all twenty true differences inside in 93 to 97 of a hundred studies."""
    assert 0.93 <= vectorised(np.random.default_rng(8), STUDIES, replications, rho) <= 0.97


@pytest.mark.slow
@pytest.mark.parametrize("rho", [0.0, 0.6, 0.95])
def test_the_intervals_shown_hold_together_in_full(rho):
    """What a comparison shows is the narrower of bootstrap and Bonferroni; it must still hold."""
    assert 0.93 <= together(np.random.default_rng(9), STUDIES, 30, rho) <= 0.98


def test_columns_that_move_together_get_narrower_intervals():
    """That is what the bootstrap is for; with independent columns there is nothing to gain."""
    rng = np.random.default_rng(10)
    alike = correlated(rng, (60, 20), 0.98)
    assert max_t(alike) < 0.85 * bonferroni(np.array([60]), 20)[0]


def test_a_column_without_spread_widens_nothing():
    """Zero plus or minus zero needs no width, and must not make the others infinite.

    The resampled means are matrix products, whose kernels may round otherwise for another width.
    """
    rng = np.random.default_rng(11)
    noisy = rng.standard_normal((40, 3))
    beside = np.hstack([noisy, np.zeros((40, 2))])
    assert max_t(beside) == pytest.approx(max_t(noisy), rel=1e-9)  # sums of other shapes round otherwise
    assert (simultaneous(beside)[3:] == 0).all()


def test_a_column_with_one_event_never_gets_more_than_bonferroni():
    """One world in forty differs: a third of the resamples have no spread, and say nothing."""
    differences = np.zeros((40, 2))
    differences[0, 0] = 1.0
    differences[:, 1] = np.random.default_rng(12).standard_normal(40)
    error = differences.std(axis=0, ddof=1) / np.sqrt(40)
    assert simultaneous(differences) == pytest.approx(bonferroni(np.array([40, 40]), 2) * error)


def test_simultaneous_intervals_are_the_same_every_time():
    """The bootstrap is seeded: the same records, the same intervals."""
    differences = np.random.default_rng(13).standard_normal((35, 6))
    assert (simultaneous(differences) == simultaneous(differences)).all()


def test_half_widths_grow_with_the_data_only():
    """After each replication, the interval is that of the replications so far; NaN pairs are left out."""
    values = np.random.default_rng(14).normal(5, 2, (12, 3))
    values[3, 1] = np.nan
    found = half_widths(values)
    assert np.isinf(found[0]).all()
    for n in (2, 5, 12):
        expected = paired_t(values[:n], np.zeros((n, 3))).half
        assert found[n - 1] == pytest.approx(expected)


def test_stopping_needs_targets_that_stay_met():
    """Met at 3, lost at 5, met again from 6 on; with two more to look at, the end is at 8."""
    met = np.array([0, 0, 1, 1, 0, 1, 1, 1, 1], bool)
    assert stopping_time(met, look_ahead=2) == 8
    assert stopping_time(met, look_ahead=1) == 4
    assert stopping_time(met, look_ahead=5) == 0


def test_every_target_counts_and_ten_pairs_are_the_least():
    """Two metrics: the slower one decides, and a column of zeros needs its ten pairs too."""
    values = np.zeros((14, 2))
    assert precise(values, [0.1, 0.1]).tolist() == [False] * 9 + [True] * 5
    values[:, 1] = np.resize([-5.0, 5.0], 14)
    assert not precise(values, [0.1, 0.1]).any()
    values[2, 0], values[:, 1] = np.nan, 0.0
    assert precise(values, [0.1, 0.1]).tolist() == [False] * 10 + [True] * 4


def stopped(rng, width, studies=STUDIES, budget=200):
    """Where studies of a standard normal difference stop, and whether the interval then holds 0."""
    values = rng.standard_normal((budget, studies, 1))
    stop = stopping_time(precise(values, [width]))
    at = np.where(stop == 0, budget, stop) - 1
    half = half_widths(values)[at, np.arange(studies), 0]
    mean = (values.cumsum(axis=0)[at, np.arange(studies), 0]) / (at + 1)
    return stop, np.abs(mean) <= half, half


@pytest.mark.parametrize("width", [0.25, 0.4, 0.6])
def test_intervals_hold_although_the_study_stopped_when_they_were_narrow(width):
    """Stopping when a study looks precise must not cost its coverage; look-ahead and n0 see to that."""
    stop, held, half = stopped(np.random.default_rng(15), width)
    assert (stop > 0).all()
    assert (half <= width).all()
    assert 0.93 <= held.mean() <= 0.97


def test_the_replications_needed_are_those_of_the_formula():
    """t(n - 1) sqrt(variance / n) is just within the half-width, and is not with one fewer."""
    for variance, width in [(1.0, 0.2), (0.3, 0.002), (4.0, 3.0)]:
        n = int(replications_needed(variance, width))
        assert stats.t.ppf(0.975, n - 1) * np.sqrt(variance / n) <= width
        assert n == 2 or stats.t.ppf(0.975, n - 2) * np.sqrt(variance / (n - 1)) > width
    assert replications_needed(0.0, 0.1) == 2
