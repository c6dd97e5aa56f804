"""Intervals that resample merchants and replications: how often they hold the truth, and where they end."""

from __future__ import annotations

import math

import numpy as np
import pytest

from evenhand.analysis.fairness.resample import ClusterEstimate, infer, weights
from evenhand.analysis.fairness.spread import corrected_spread, spread_parts
from evenhand.analysis.fairness.study import quotient
from evenhand.analysis.metrics.accumulators import Floats
from tests.analysis.fairness.test_fairness import court, decided

STUDIES = pytest.mark.parametrize("studies", [pytest.param(400), pytest.param(2000, marks=pytest.mark.slow)])
"""A small seeded form for every day, the full one with --slow."""


def nearly(studies: int) -> tuple[float, float]:
    """93 to 97 %, and what luck of fewer studies may add (two standard errors of a share of 95 %)."""
    extra = 0.0 if studies >= 2000 else 2 * math.sqrt(0.95 * 0.05 / studies)
    return 0.93 - extra, 0.97 + extra


def gap_of(y: Floats, n: Floats, group: np.ndarray, replication: np.ndarray, seed: int) -> ClusterEstimate:
    """The difference of two groups' shares, estimated from clusters as every measure does."""
    own = group[:, None] == np.arange(2)
    tops, bottoms = own * y[:, None], own * n[:, None]

    def statistic(w: Floats) -> Floats:
        rate = quotient(w @ tops, w @ bottoms)
        return rate[:, [1]] - rate[:, [0]]

    clusters = np.array([min(own.sum(axis=0))])
    found = infer(
        statistic,
        replication,
        ["gap"],
        np.array([int(n.sum())]),
        clusters,
        "difference of shares",
        seed=seed,
        draws=300,
    )
    return found["gap"]


def covered(found: list[ClusterEstimate], truth: float) -> float:
    return float(np.mean([one.ci is not None and one.ci[0] <= truth <= one.ci[1] for one in found]))


@STUDIES
def test_intervals_of_merchants_hold_the_truth_where_those_of_rows_do_not(studies):
    """40 merchants x 50 disputes, merchants differ by sd 0.078, the true gap is 0 (measures C.4)."""
    rng = np.random.default_rng(404)
    group, n = np.arange(40) % 2, np.full(40, 50.0)
    chance = np.clip(0.3 + 0.078 * rng.standard_normal((studies, 40)), 0, 1)
    y = rng.binomial(50, chance).astype(np.float64)
    found = [gap_of(one, n, group, np.zeros(40, np.int64), seed) for seed, one in enumerate(y)]
    low, high = nearly(studies)
    assert low <= covered(found, 0.0) <= high
    p = np.stack([y[:, group == g].sum(axis=1) / 1000 for g in (0, 1)])
    rows = 1.96 * np.sqrt((p * (1 - p) / 1000).sum(axis=0))
    assert 0.62 <= np.mean(np.abs(p[1] - p[0]) <= rows) <= 0.80, "resampled rows know nothing of merchants"


@STUDIES
@pytest.mark.parametrize(("replications", "shared"), [(3, 0.0), (3, 0.05), (12, 0.05)])
def test_intervals_of_replications_hold_the_truth_whatever_merchants_share(studies, replications, shared):
    """Arbiters and queues move a whole replication: 20 merchants each, with and without such a shift."""
    rng = np.random.default_rng(71)
    replication = np.repeat(np.arange(replications), 20)
    group, n = np.arange(20 * replications) % 2, np.full(20 * replications, 25.0)
    shift = shared * rng.standard_normal((studies, replications))[:, replication] * group
    chance = np.clip(0.3 + shift + 0.078 * rng.standard_normal((studies, len(group))), 0, 1)
    y = rng.binomial(25, chance).astype(np.float64)
    found = [gap_of(one, n, group, replication, seed) for seed, one in enumerate(y)]
    low, high = nearly(studies)
    assert low <= covered(found, 0.0) <= high
    assert found[0].intervals == "replications"


def test_the_variance_of_resamples_is_that_of_both_levels():
    """A mean over 4 replications of 25 merchants: the bootstrap's variance against the textbook's."""
    rng = np.random.default_rng(9)
    replication = np.repeat(np.arange(4), 25)
    values = rng.standard_normal(4)[replication] + 2.0 * rng.standard_normal(100)
    drawn = weights(replication, 40_000, rng)
    assert drawn.min() >= 0.0
    assert drawn.mean() == pytest.approx(1.0, abs=0.01)
    means = values.reshape(4, 25).mean(axis=1)
    within = values.reshape(4, 25).var(axis=1).mean()
    expected = means.var() / 4 + within / 25 / 16
    assert (drawn @ values / drawn.sum(axis=1)).var() == pytest.approx(expected, rel=0.03)


def test_one_replication_is_resampled_as_a_plain_cluster_bootstrap():
    """Whole numbers that add up: every merchant is drawn so many times."""
    drawn = weights(np.zeros(7, np.int64), 200, np.random.default_rng(1))
    assert np.array_equal(drawn, np.rint(drawn))
    assert (drawn.sum(axis=1) == 7).all()


@STUDIES
def test_the_corrected_spread_is_near_nothing_under_parity_where_max_minus_min_is_not(studies):
    """Six groups of 200 disputes at 0.30 each (measures C.3): max - min averages 0.08, tau a fraction."""
    rng = np.random.default_rng(33)
    tau, span = [], []
    for _ in range(studies):
        y = np.kron(np.eye(6), np.ones((10, 1))) * rng.binomial(20, 0.3, (60, 1))
        n = np.kron(np.eye(6), np.full((10, 1), 20.0))
        tau.append(corrected_spread(spread_parts(y, n), np.ones((1, 60)))[0])
        rate = y.sum(axis=0) / n.sum(axis=0)
        span.append(np.ptp(rate))
    assert 0.075 <= np.mean(span) <= 0.090
    assert np.mean(tau) < 0.015
    assert np.median(tau) < 0.01


def test_the_corrected_spread_finds_the_spread_that_is_there():
    """Groups at .2, .3 and .4 have a standard deviation of 0.1; chance at 500 disputes adds little."""
    rng = np.random.default_rng(2)
    chance = np.kron(np.diag([0.2, 0.3, 0.4]), np.ones((25, 1)))
    n = np.kron(np.eye(3), np.full((25, 1), 20.0))
    tau = [
        corrected_spread(spread_parts(rng.binomial(20, chance).astype(float), n), np.ones((1, 75)))[0]
        for _ in range(300)
    ]
    assert np.sqrt(np.mean(np.square(tau))) == pytest.approx(0.1, abs=0.003)


def test_few_clusters_widen_the_interval():
    """Student's t with one degree of freedom less than merchants: 12.7 standard errors for two of them."""
    y, n = np.array([2.0, 6.0]), np.array([10.0, 10.0])

    def statistic(w: Floats) -> Floats:
        return quotient(w @ y, w @ n)[:, None]

    def of(clusters: int) -> ClusterEstimate:
        return infer(
            statistic,
            np.zeros(2, np.int64),
            ["p"],
            np.array([20]),
            np.array([clusters]),
            "index",
            seed=1,
            draws=4000,
        )["p"]

    found = of(2)
    assert found.ci is not None
    assert found.ci[1] - found.value == pytest.approx(12.706 * 0.2, rel=0.03)
    assert of(1).ci is None, "one merchant has no spread"


def test_replications_left_out_one_by_one_give_students_interval_of_a_mean():
    """For equally large replications the jackknife is the plain t over replications."""
    from scipy.stats import t

    y, n = np.array([1.0, 2.0, 4.0, 5.0]), np.full(4, 10.0)
    found = infer(
        lambda w: quotient(w @ y, w @ n)[:, None],
        np.arange(4),
        ["p"],
        np.array([40]),
        np.array([4]),
        "index",
        seed=1,
    )["p"]
    half = t.ppf(0.975, 3) * (y / n).std(ddof=1) / 2
    assert found.ci == pytest.approx((0.3 - half, 0.3 + half))
    assert found.per_replication == pytest.approx(y / n)


def test_a_share_that_never_happened_is_bounded_by_its_merchants_not_by_its_rows():
    """No wrongful default at 3 merchants: 1 - 0.025^(1/3), far more than what 12 rows would promise."""
    from evenhand.analysis.fairness import measure

    found = measure(
        court(decided(0, "++", "--") + decided(1, "++", "--") + decided(2, "++", "--")), "defaults"
    )
    assert found["wrongful_default"].ci == (0.0, pytest.approx(1 - 0.025 ** (1 / 3)))


def queued(shared: float, seed: int) -> ClusterEstimate:
    """Mean time of 40 merchants x 25 disputes in one world whose line is longer or shorter for all."""
    rng = np.random.default_rng(seed)
    y = 25 * (10.0 + shared * rng.standard_normal() + rng.standard_normal(40))
    n, one = np.full(40, 25.0), np.zeros(40, np.int64)

    def statistic(w: Floats) -> Floats:
        return quotient(w @ y, w @ n)[:, None]

    given = (["hours"], np.array([1000]), np.array([40]), "h")
    assert infer(statistic, one, *given, seed=seed, draws=200, shared=True)["hours"].ci is None
    return infer(statistic, one, *given, seed=seed, draws=200)["hours"]


def test_times_in_a_line_have_no_interval_from_one_replication_and_say_why():
    """What moves the line moves every merchant: resampled merchants would miss the truth most of the time."""
    assert covered([queued(0.0, seed) for seed in range(100)], 10.0) > 0.85
    assert covered([queued(1.0, seed) for seed in range(100)], 10.0) < 0.6
    found = infer(
        lambda w: w.mean(axis=1, keepdims=True),
        np.zeros(3, np.int64),
        ["hours"],
        np.array([3]),
        np.array([3]),
        "h",
        seed=1,
        shared=True,
    )["hours"]
    assert (found.ci, found.intervals) == (None, "none")
    assert found.reason.startswith("disputes wait in the same line of a desk")


def test_a_run_gives_times_in_lines_an_interval_from_two_replications_on():
    """Measures of decisions keep theirs in one replication; two show what a line adds."""
    from evenhand import sim
    from evenhand.analysis.fairness import measure
    from tests.support import small

    one, two = (
        sim.simulate(small.scenario(), small.policy(), days=25, seed=3, replications=r, engine="simpy")
        for r in (1, 2)
    )
    for name, key in (
        ("timeliness", "median_hours"),
        ("burden", "hours_to_close"),
        ("queue_justice", "slowdown_claim_1"),
    ):
        assert measure(one, name)[key].ci is None
        assert measure(one, name)[key].reason
        assert measure(two, name)[key].ci is not None
        assert measure(one, name, intervals="merchants")[key].ci is not None, "asked for, at one's own risk"
    assert measure(one, "burden")["rounds_of_talks"].ci is not None


def test_the_same_run_gives_the_same_interval_every_time():
    """Resampling is seeded by the run: a report computed twice is the same report."""
    from evenhand.analysis.fairness import measure

    rows = decided(0, "+-+", "--") + decided(1, "+--", "+-") + decided(2, "-++", "--")
    one, two = (measure(court(rows), "wrongful_denial")["fnr"].ci for _ in range(2))
    assert one == two
    assert one != measure(court(rows, seed=2), "wrongful_denial")["fnr"].ci
