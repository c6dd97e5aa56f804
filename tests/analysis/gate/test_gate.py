"""Gates decide rightly: how often a build breaks, or passes, on both sides of the margin."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import numpy as np
import pytest
from scipy import stats

from evenhand.analysis.gate import (
    ERROR,
    Gauge,
    Reading,
    Verdict,
    changed,
    equivalent,
    examine,
    judge,
    level,
    looks,
    paired,
)

STUDIES = 4000
KEYED, INDEPENDENT = 0.0036, 0.0148
"""Spreads of a paired difference of error rates, with keyed draws and with independent seeds."""
POINT = 0.01
THREE_SIGMA = 3 * 0.5 / STUDIES**0.5


def studies(true: float, sd: float, n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Toy studies side by side: accepted and new values, of the shape (replications, studies)."""
    luck = np.random.default_rng([20261123, seed])
    accepted = luck.normal(0.3, 0.02, (n, STUDIES))
    return accepted, accepted + luck.normal(true, sd, (n, STUDIES))


# True difference in points -> share of builds that pass at n replications with a margin of 1 point,
# from an earlier trial with a seed of its own.
TRIED = [
    (KEYED, 5, 0.0, 1.00),
    (KEYED, 5, 0.2, 0.99),
    (KEYED, 5, 0.5, 0.81),
    (KEYED, 5, 2.0, 0.00),
    (KEYED, 30, 0.0, 1.00),
    (KEYED, 30, 0.2, 1.00),
    (KEYED, 30, 0.5, 1.00),
    (KEYED, 30, 2.0, 0.00),
    (INDEPENDENT, 10, 0.0, 0.29),
    (INDEPENDENT, 10, 0.5, 0.18),
    (INDEPENDENT, 10, 2.0, 0.00),
    (INDEPENDENT, 30, 0.0, 0.95),
    (INDEPENDENT, 30, 0.5, 0.56),
    (INDEPENDENT, 30, 2.0, 0.00),
]


@pytest.mark.parametrize(("sd", "n", "true", "passing"), TRIED)
def test_builds_pass_as_often_as_an_independent_trial_found(sd, n, true, passing):
    """A small drift passes and a large one does not; with noisy pairs even no drift is not proved small."""
    band = paired(*studies(true * POINT, sd, n, seed=n))
    assert equivalent(band, POINT).mean() == pytest.approx(passing, abs=0.04)


@pytest.mark.parametrize(("sd", "n"), [(KEYED, 5), (KEYED, 30), (INDEPENDENT, 30)])
def test_a_change_as_large_as_the_margin_passes_as_often_as_stated(sd, n):
    """On the margin itself the test is exact: 5 in 100 pass, and 5 in 100 on it count as changed."""
    band = paired(*studies(POINT, sd, n, seed=1))
    assert equivalent(band, POINT).mean() <= ERROR + THREE_SIGMA
    assert changed(band, POINT).mean() == pytest.approx(ERROR, abs=THREE_SIGMA)
    if sd == KEYED and n == 30:
        assert equivalent(band, POINT).mean() == pytest.approx(ERROR, abs=THREE_SIGMA)


@pytest.mark.parametrize("sd", [KEYED, INDEPENDENT, 0.03])
@pytest.mark.parametrize(("true", "wrong"), [(POINT, Verdict.EQUIVALENT), (0.98 * POINT, Verdict.CHANGED)])
def test_looking_again_adds_no_errors_beyond_those_stated(sd, true, wrong):
    """More looks are more chances to be wrong; the level of each look makes up for that."""
    accepted, now = studies(true, sd, 40, seed=2)
    plan = looks(10, 40)
    assert len(plan) == 3
    decided = np.zeros(STUDIES, bool)
    mistaken = np.zeros(STUDIES, bool)
    for n in plan:
        band = paired(accepted[:n], now[:n], len(plan))
        verdicts = {Verdict.EQUIVALENT: equivalent(band, POINT), Verdict.CHANGED: changed(band, POINT)}
        mistaken |= ~decided & verdicts[wrong]
        decided |= verdicts[Verdict.EQUIVALENT] | verdicts[Verdict.CHANGED]
    assert mistaken.mean() <= ERROR + THREE_SIGMA


def test_without_the_correction_looking_again_would_break_the_promise():
    """The price of the correction is paid for something: uncorrected looks let too much through."""
    accepted, now = studies(POINT, KEYED, 40, seed=2)
    passed = np.zeros(STUDIES, bool)
    settled = np.zeros(STUDIES, bool)
    for n in looks(10, 40):
        band = paired(accepted[:n], now[:n])
        passed |= ~settled & equivalent(band, POINT)
        settled |= equivalent(band, POINT) | changed(band, POINT)
    assert passed.mean() > ERROR + THREE_SIGMA


def test_the_interval_is_scipys():
    """A maintained library has the paired interval; ours must be the same one."""
    accepted, now = studies(0.002, KEYED, 12, seed=3)
    band = paired(accepted, now)
    theirs = stats.ttest_rel(now, accepted).confidence_interval(0.90)
    np.testing.assert_allclose(band.low, theirs.low)
    np.testing.assert_allclose(band.high, theirs.high)


def test_the_verdict_is_that_of_two_one_sided_tests_in_statsmodels():
    """An interval inside the margin and two one-sided tests at 5 % are the same decision."""
    weightstats = pytest.importorskip("statsmodels.stats.weightstats")
    accepted, now = studies(0.0075, KEYED, 12, seed=4)
    mine = equivalent(paired(accepted, now), POINT)[:300]
    theirs = [
        weightstats.ttost_paired(now[:, i], accepted[:, i], -POINT, POINT)[0] < ERROR for i in range(300)
    ]
    np.testing.assert_array_equal(mine, theirs)
    assert 0.1 < mine.mean() < 0.9


ACCEPTED = np.random.default_rng(1).normal(0.3, 0.02, 12)
SPREAD = np.tile([-1.0, 1.0], 6)


@pytest.mark.parametrize(
    ("shift", "spread", "verdict"),
    [
        (0.0, 0.0, Verdict.EQUIVALENT),
        (0.005, 0.001, Verdict.EQUIVALENT),
        (0.02, 0.001, Verdict.CHANGED),
        (-0.02, 0.001, Verdict.CHANGED),
        (0.01, 0.001, Verdict.UNDECIDED),
        (0.0, 0.05, Verdict.UNDECIDED),
        (0.01 + 1e-9, 0.0, Verdict.CHANGED),
        (0.01 - 1e-9, 0.0, Verdict.EQUIVALENT),
    ],
)
def test_a_change_is_inside_the_margin_or_beyond_it_or_undecided(shift, spread, verdict):
    """Three verdicts, because too few replications are no proof of anything; and no spread needs no luck."""
    found = judge(Gauge("m", ACCEPTED, 0.01), ACCEPTED + shift + spread * SPREAD)
    assert found.verdict is verdict
    assert found.n == 12
    assert found.difference == pytest.approx(shift, abs=1e-15)
    assert found.verdict.passes == (verdict is Verdict.EQUIVALENT)


@pytest.mark.parametrize(
    ("direction", "shift", "verdict"),
    [
        ("lower", 0.0, Verdict.NOT_WORSE),
        ("lower", 0.005, Verdict.NOT_WORSE),
        ("lower", 0.02, Verdict.WORSE),
        ("lower", 0.01, Verdict.UNDECIDED),
        ("lower", -0.02, Verdict.BETTER),
        ("higher", 0.02, Verdict.BETTER),
        ("higher", -0.005, Verdict.NOT_WORSE),
        ("higher", -0.02, Verdict.WORSE),
    ],
)
def test_not_worse_looks_the_way_that_is_worse_and_no_other(direction, shift, verdict):
    """An improvement must not break a build that only guards against harm."""
    gauge = Gauge("m", ACCEPTED, 0.01, "not_worse", direction)
    found = judge(gauge, ACCEPTED + shift + 0.001 * SPREAD)
    assert found.verdict is verdict
    assert found.verdict.passes == (verdict in {Verdict.NOT_WORSE, Verdict.BETTER})


@pytest.mark.parametrize(
    ("accepted", "now"),
    [
        (ACCEPTED[:0], ACCEPTED),
        (ACCEPTED[:9], ACCEPTED),
        (ACCEPTED, np.where(np.arange(12) == 7, np.nan, ACCEPTED)),
        (np.where(np.arange(12) == 7, np.nan, ACCEPTED), ACCEPTED),
    ],
)
def test_a_metric_that_is_missing_on_either_side_fails(accepted, now):
    """What is not there cannot be shown to be the same; to leave out such replications would hide it."""
    found = judge(Gauge("m", accepted, 0.01), now)
    assert found.verdict is Verdict.MISSING
    assert not found.verdict.passes
    assert found.undefined == ((7,) if np.isnan(now).any() else ())


def test_gauges_that_cannot_be_judged_are_refused():
    """A margin of nothing can never be met, and a metric without a better side cannot be worse."""
    with pytest.raises(ValueError, match="m: margin must be above 0, found 0"):
        Gauge("m", ACCEPTED, 0.0)
    with pytest.raises(ValueError, match="m: neither way is worse"):
        Gauge("m", ACCEPTED, 0.01, "not_worse", "neutral")


def test_what_makes_no_pairs_is_refused():
    """One pair has no spread, and values of different lengths are no pairs."""
    for accepted, now in ((ACCEPTED[:1], ACCEPTED[:1]), (ACCEPTED, ACCEPTED[:5])):
        with pytest.raises(ValueError, match="pairs need the same shape and two"):
            paired(accepted, now)
    with pytest.raises(ValueError, match="looks must be 1 or more"):
        level(0)
    with pytest.raises(ValueError, match="must be 2 or more"):
        looks(10, 1)


def replications(values: np.ndarray, asked: list[int]) -> Iterator[dict[str, Reading]]:
    """The metric m of one replication after the other; `asked` gets the number of each."""
    for i in count():
        asked.append(i)
        yield {"m": Reading(float(values[i]), 10)}


def test_an_undecided_gate_looks_at_more_replications_up_to_the_budget_and_then_fails():
    """The cure for too little evidence is more of it, but a build must end."""
    accepted = np.full(40, 0.3)
    asked: list[int] = []
    now = accepted + 0.01 + 0.001 * np.tile([-1.0, 1.0], 20)
    found = examine([Gauge("m", accepted, 0.01)], replications(now, asked), 10, 40)[0]
    assert (found.verdict, found.n, asked) == (Verdict.UNDECIDED, 40, list(range(40)))
    assert found.confidence == level(3) == pytest.approx(1 - 0.1 / 3)
    assert not found.verdict.passes


def test_a_gate_that_is_decided_simulates_no_further():
    """Identical numbers cost the least that can be asked for."""
    asked: list[int] = []
    found = examine([Gauge("m", np.full(40, 0.3), 0.01)], replications(np.full(40, 0.3), asked), 10, 40)[0]
    assert (found.verdict, found.n, len(asked)) == (Verdict.EQUIVALENT, 10, 10)
    assert (found.difference, found.ci) == (0.0, (0.0, 0.0))


def test_more_replications_settle_what_few_could_not():
    """Noise that hides a harmless change at 10 replications no longer does at 40."""
    noise = 0.012 * np.tile([-1.0, 1.0], 20)
    found = examine([Gauge("m", np.full(40, 0.3), 0.01)], replications(0.3 + noise, []), 10, 40)[0]
    assert (found.verdict, found.n) == (Verdict.EQUIVALENT, 20)


def test_a_replication_without_an_accepted_twin_is_not_simulated():
    """Pairs need two: a larger budget than was accepted is of no use before the next acceptance."""
    asked: list[int] = []
    gauge = Gauge("m", np.full(15, 0.3), 0.01)
    now = 0.31 + 0.001 * np.tile([-1.0, 1.0], 20)
    found = examine([gauge], replications(now, asked), 10, 40)[0]
    assert (found.verdict, found.n, len(asked)) == (Verdict.UNDECIDED, 15, 15)


def test_where_nothing_was_accepted_nothing_is_simulated():
    """A gate that fails anyway should fail at once."""
    asked: list[int] = []
    found = examine([Gauge("m", np.empty(0), 0.01)], replications(np.full(40, 0.3), asked), 10, 40)[0]
    assert (found.verdict, asked) == (Verdict.MISSING, [])


@pytest.mark.parametrize(
    ("start", "most", "plan"),
    [(10, 10, (10,)), (10, 40, (10, 20, 40)), (10, 21, (10, 21)), (20, 12, (12,)), (10, 30, (10, 20, 30))],
)
def test_looks_double_and_end_at_the_most(start, most, plan):
    """Few looks keep each of them sharp."""
    assert looks(start, most) == plan
