"""Sensitivity: indices against known functions, intervals that cover, and curves that are what they say."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import qmc, sobol_indices, uniform

from evenhand.analysis.experiments import DUMMY, Axis, Sweep, design, indices, response, sobol, tornado
from evenhand.analysis.metrics.registry import METRICS
from tests.support import small

ISHIGAMI = ((0.3139, 0.4424, 0.0), (0.5576, 0.4424, 0.2437))
"""First-order and total indices for a = 7 and b = 0.1, from the closed form (Ishigami & Homma 1990)."""
AXES = tuple(Axis(name, 0.0, 1.0, base=0.5) for name in ("x1", "x2", "x3"))


def ishigami(x):
    x = np.pi * (2 * x - 1)
    return np.sin(x[..., 0]) + 7 * np.sin(x[..., 1]) ** 2 + 0.1 * x[..., 2] ** 4 * np.sin(x[..., 0])


def pretend(function, kind="saltelli", points=512, worlds=6, seed=1, luck=0.3, interaction=0.3, axes=AXES):
    """A sweep whose metric is a known function of the settings, plus the luck of each world.

    `luck` is common to all points of a world, `interaction` is a point's own in each world.
    """
    look = design(kind, axes, points, seed)
    source = np.random.default_rng(1000 + seed)
    common = np.where(
        look.other_worlds[:, None], source.normal(0, luck, worlds), source.normal(0, luck, worlds)
    )
    value = function(look.settings)[:, None] + common + source.normal(0, interaction, (len(look), worlds))
    return Sweep(
        design=look,
        metrics=(METRICS["refund_bias"],),
        units=("CNY",),
        value=value[:, :, None],
        n=np.ones((*value.shape, 1), np.int64),
        scenario=small.scenario(),
        policy=small.policy(),
        seed=seed,
        replications=worlds,
        days=30,
        engine="simpy",
        open_loop=None,
    )


def test_indices_of_a_known_function_are_found():
    """Ishigami's function: one strong setting alone, one strong only together with another."""
    found = indices(pretend(ishigami, points=4096, luck=0.0, interaction=0.0), "refund_bias", resamples=20)
    assert [one.name for one in found] == ["x1", "x2", "x3", DUMMY]
    assert np.allclose([one.first for one in found[:3]], ISHIGAMI[0], atol=0.03)
    assert np.allclose([one.total for one in found[:3]], ISHIGAMI[1], atol=0.03)


def test_indices_are_scipy_s():
    """The same points through SciPy's own sampling give the same numbers to a few digits of sampling."""
    ours = indices(pretend(ishigami, points=4096, luck=0.0, interaction=0.0), "refund_bias", resamples=20)
    theirs = sobol_indices(
        func=lambda x: ishigami(x.T), n=4096, dists=[uniform(0, 1)] * 3, rng=np.random.default_rng(7)
    )
    assert np.allclose([one.total for one in ours[:3]], np.ravel(theirs.total_order), atol=0.03)


def test_the_dummy_shows_what_luck_does_and_a_setting_without_effect_stays_below_it():
    """The floor: its total index is the luck's share of the variance of a mean over worlds."""
    swept = pretend(lambda x: 4 * x[..., 0], points=1024, worlds=4, luck=0.0, interaction=0.8)
    x1, x2, _, dummy = indices(swept, "refund_bias", resamples=100)
    noise = 0.8**2 / 4
    expected = noise / (16 / 12 + noise)
    assert dummy.total == pytest.approx(expected, abs=0.02)
    assert dummy.total_ci[0] < expected < dummy.total_ci[1]
    assert x2.total <= dummy.total_ci[1] < x1.total


def test_under_common_worlds_a_setting_without_effect_has_no_index_at_all():
    """Nothing of the luck is taken for an effect, because every point meets the same worlds."""
    swept = pretend(lambda x: 4 * x[..., 0], points=64, worlds=4, luck=2.0, interaction=0.0)
    _, x2, _, dummy = indices(swept, "refund_bias", resamples=50)
    assert x2.total == pytest.approx(0, abs=1e-12)
    assert dummy.total > 0


def test_intervals_of_indices_cover_the_truth():
    """Rows and worlds are both a sample; about 95 of 100 intervals must hold the true index."""
    held = []
    noise = 0.3**2 / 6
    share = 1 / (1 + noise / 13.84)  # the spread of a mean of worlds has the luck in it
    for seed in range(60):
        found = indices(pretend(ishigami, points=256, seed=seed, luck=0.5), "refund_bias", resamples=100)
        for one, first, total in zip(found[:3], *ISHIGAMI, strict=True):
            low, high = one.total_ci
            held += [one.first_ci[0] <= first * share <= one.first_ci[1], low <= total * share <= high]
    assert 0.92 <= np.mean(held) <= 1.0


def test_indices_of_what_does_not_vary_or_is_undefined_are_nan():
    """An undefined share is NaN, never 0."""
    flat = indices(pretend(lambda x: 0 * x[..., 0], luck=0, interaction=0), "refund_bias", resamples=20)
    assert all(np.isnan(one.total) for one in flat)
    swept = pretend(ishigami, points=64)
    swept.value[swept.design.a[3]] = np.nan
    assert all(np.isnan(one.first) for one in indices(swept, "refund_bias", resamples=20))


def test_indices_need_their_own_design():
    """Other points would give numbers that mean nothing."""
    with pytest.raises(ValueError, match="need the design 'saltelli', found 'lhs'"):
        indices(pretend(ishigami, kind="lhs"), "refund_bias")


def test_rows_must_be_as_sobol_points_want_them():
    """SciPy refuses what would not be balanced."""
    with pytest.raises(ValueError, match="power of 2"):
        sobol(["x", DUMMY], np.arange(6.0).reshape(3, 2), np.ones((3, 2)), np.ones((2, 3, 2)), 5)


def test_a_tornado_has_the_longest_bar_first_and_pairs_worlds():
    """What moves most is on top; the luck that both ends share is in neither difference."""
    swept = pretend(lambda x: x[..., 0] - 5 * x[..., 1], kind="grid", points=3, luck=10.0, interaction=0.0)
    first, second, third = tornado(swept, "refund_bias")
    assert [one.axis.name for one in (first, second)] == ["x2", "x1"]
    assert first.low.difference == pytest.approx(2.5)
    assert first.high.difference == pytest.approx(-2.5)
    assert first.high.ci == pytest.approx((-2.5, -2.5))
    assert third.width == pytest.approx(0, abs=1e-9)
    assert first.low.n == swept.replications


def test_intervals_of_a_tornado_cover_the_truth():
    """Paired t over worlds, at its promised level."""
    held = []
    for seed in range(200):
        swept = pretend(lambda x: x[..., 0], kind="grid", points=2, worlds=5, seed=seed, luck=1.0)
        for one in tornado(swept, "refund_bias"):
            truth = 0.5 if one.axis.name == "x1" else 0.0
            held.append(one.high.ci[0] <= truth <= one.high.ci[1])
    assert np.mean(held) == pytest.approx(0.95, abs=0.03)


def test_a_response_curve_of_a_grid_is_the_mean_over_the_other_settings():
    """The main effect, with an interval for the luck of the worlds at its promised level."""
    held = []
    for seed in range(200):
        swept = pretend(
            lambda x: x[..., 0] + 3 * x[..., 1], kind="grid", points=3, worlds=5, seed=seed, axes=AXES[:2]
        )
        curve = response(swept, "refund_bias", "x1")
        assert curve.setting.tolist() == [0.0, 0.5, 1.0]
        assert curve.points.tolist() == [3, 3, 3]
        held += list((curve.low <= curve.setting + 1.5) & (curve.setting + 1.5 <= curve.high))
    assert np.mean(held) == pytest.approx(0.95, abs=0.03)


def test_a_response_curve_of_random_points_also_covers_which_points_were_drawn():
    """Points of other settings scatter the means; the band must be as wide as that makes it."""
    held = []
    for seed in range(150):
        swept = pretend(
            lambda x: 3 * x[..., 1], kind="lhs", points=64, worlds=8, seed=seed, axes=AXES[:2], luck=0.2
        )
        curve = response(swept, "refund_bias", "x1")
        assert curve.points.sum() == 64
        held += list((curve.low <= 1.5) & (curve.high >= 1.5))
    assert 0.92 <= np.mean(held) <= 0.995


def test_worlds_in_which_a_point_is_undefined_are_left_out_and_said():
    """A mean must not compare points over different worlds."""
    swept = pretend(lambda x: x[..., 0], kind="grid", points=2, worlds=5, axes=AXES[:1])
    swept.value[swept.design.alone[0, 0], 2] = np.nan
    curve = response(swept, "refund_bias", "x1")
    assert curve.worlds.tolist() == [4, 5]
    assert tornado(swept, "refund_bias")[0].low.n == 4
    swept.value[swept.design.alone[0, 0]] = np.nan
    assert np.isnan(response(swept, "refund_bias", "x1").mean[0])
    assert np.isnan(tornado(swept, "refund_bias")[0].low.difference)


def test_sobol_points_of_the_design_are_balanced():
    """Even coverage is what makes few points enough: low discrepancy, far below that of random points."""
    look = design("saltelli", AXES, 256)
    drawn = np.random.default_rng(0).random((256, 3))
    assert qmc.discrepancy(look.points[look.a]) < 0.2 * qmc.discrepancy(drawn)
