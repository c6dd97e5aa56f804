"""Direct fits: they find the law that made the data, and their intervals hold what they promise."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from evenhand.analysis.calibration.amounts import fit_amounts
from evenhand.analysis.calibration.arrivals import burst_shape, expected_counts, fit_arrivals
from evenhand.analysis.calibration.delays import FAMILIES, Delay, fit_delay, times_of
from evenhand.analysis.calibration.distances import ks, tv
from evenhand.analysis.calibration.log import Log
from evenhand.analysis.calibration.merchants import beta_binomial, fit_sizes, log_delay_spread, tally
from evenhand.analysis.calibration.samples import win_correlation
from evenhand.analysis.calibration.shares import share

Floats = NDArray[np.float64]


def chance(seed: int) -> np.random.Generator:
    return np.random.default_rng([20201101, seed])


def a_log(opened: Floats, *, days: int, closed: Floats | None = None, grain: float = 0.0) -> Log:
    n = len(opened)
    none = np.full(n, np.nan)
    return Log(
        name="made",
        start=date(2020, 1, 6),
        days=days,
        by_closing=False,
        grain=grain,
        opened=opened,
        closed=none if closed is None else closed,
        ending=np.full(n, -1),
        won=np.zeros(n, bool),
        cause=np.full(n, -1),
        merchant=np.full(n, -1),
        amount=none,
        paid=none,
        review_asked=none,
        world=np.zeros(n, np.int64),
    )


def drawn(family: str, rng: np.random.Generator, n: int) -> Floats:
    if family == "exponential":
        return rng.exponential(50, n)
    if family == "gamma":
        return rng.gamma(3.0, 20, n)
    if family == "weibull":
        return 60 * rng.weibull(0.6, n)
    return 30 * np.exp(1.2 * rng.standard_normal(n))


@pytest.mark.parametrize("family", ["gamma", "weibull", "lognormal"])
def test_the_family_that_made_the_delays_is_chosen(family: str) -> None:
    """With a thousand delays Akaike's criterion tells these laws apart."""
    found = fit_delay(times_of(drawn(family, chance(1), 1000), np.ones(1000, bool), 0.0))
    assert found.family == family
    assert found.aic == min(found.rivals.values())


def test_one_parameter_is_enough_where_the_delays_are_exponential() -> None:
    """A second parameter must earn its place."""
    found = fit_delay(times_of(drawn("exponential", chance(2), 4000), np.ones(4000, bool), 0.0))
    assert found.rivals["exponential"] <= found.aic + 2


def weibull_60(times: Floats, ended: NDArray[np.bool_], grain: float = 0.0, *, never: bool = False) -> Delay:
    return fit_delay(times_of(times, ended, grain), never=never, families=(FAMILIES[2],))


def test_delays_cut_off_at_a_deadline_are_known_to_be_longer() -> None:
    """Dropping them, or counting them as ended, would make merchants look quick."""
    delays = 60 * chance(3).weibull(1.5, 2000)
    cut = np.minimum(delays, 48.0)
    found = weibull_60(cut, delays <= 48)
    careless = weibull_60(cut[delays <= 48], np.ones((delays <= 48).sum(), bool))
    assert found.parts["scale"].low < 60 < found.parts["scale"].high
    assert found.parts["shape"].low < 1.5 < found.parts["shape"].high
    assert found.censored == (delays > 48).sum()
    assert careless.parts["scale"].high < 40


def test_those_who_never_answer_are_told_from_those_who_are_slow() -> None:
    """A share that never ends must not stretch the law of those that do."""
    rng = chance(4)
    delays = np.where(rng.random(3000) < 0.3, np.inf, 60 * rng.weibull(1.5, 3000))
    found = weibull_60(np.minimum(delays, 200.0), delays <= 200, never=True)
    assert found.never is not None
    assert found.never.low < 0.3 < found.never.high
    assert found.parts["scale"].low < 60 < found.parts["scale"].high


def test_whole_days_are_fitted_as_days_not_as_moments() -> None:
    """Rounding delays of about a day to whole days must not change the law."""
    rng = chance(5)
    begin = 24 * rng.random(4000)
    days = 24 * np.floor((begin + 40 * rng.weibull(1.3, 4000)) / 24)
    found = weibull_60(days, np.ones(4000, bool), 24.0)
    assert abs(found.parts["scale"].value - 40) < 3
    assert abs(found.parts["shape"].value - 1.3) < 0.12


def test_censored_delays_are_fitted_as_scipy_fits_them() -> None:
    """An independent implementation of the same likelihood."""
    from scipy import stats

    delays = 60 * chance(6).weibull(1.5, 300)
    found = weibull_60(np.minimum(delays, 48.0), delays <= 48).parts
    data = stats.CensoredData.right_censored(np.minimum(delays, 48.0), delays > 48)
    shape, _, scale = stats.weibull_min.fit(data, floc=0)
    assert found["shape"].value == pytest.approx(shape, rel=1e-3)
    assert found["scale"].value == pytest.approx(scale, rel=1e-3)


def test_too_few_delays_are_no_law() -> None:
    """Any law fits nine delays."""
    with pytest.raises(ValueError, match="10 or more delays that ended are needed, found 9"):
        fit_delay(times_of(np.arange(9.0), np.ones(9, bool), 0.0))


@pytest.mark.process
@pytest.mark.parametrize("rounds", [40, pytest.param(400, marks=pytest.mark.slow)])
def test_intervals_cover_what_they_promise(rounds: int) -> None:
    """95 % intervals hold the truth in about 95 of 100 logs: censored delays, bursts, merchants, amounts."""
    inside = dict.fromkeys(("shape", "scale", "burst", "rho", "spread", "sigma", "share"), 0)
    for seed in range(rounds):
        rng = chance(100 + seed)
        delays = 60 * rng.weibull(1.5, 400)
        law = weibull_60(np.minimum(delays, 80.0), delays <= 80).parts
        counts = rng.poisson(10 * rng.gamma(6.0, 1 / 6, 300))
        burst = burst_shape(counts, expected_counts(counts, np.zeros(300, np.int64), np.zeros(300, np.int64)))
        odds = rng.beta(0.6 * 2, 0.4 * 2, 200)
        cases = rng.integers(2, 8, 200)
        spread = beta_binomial(cases, rng.binomial(cases, odds))
        merchant = np.repeat(np.arange(150), 4)
        slow = np.exp(3 + 0.4 * rng.standard_normal(150)[merchant] + 0.8 * rng.standard_normal(600))
        checks = {
            "shape": (law["shape"], 1.5),
            "scale": (law["scale"], 60.0),
            "burst": (burst, 6.0),
            "rho": (spread.rho, 1 / 3),
            "spread": (log_delay_spread(merchant, slow, 0.01).between, 0.4),
            "sigma": (fit_amounts(np.exp(1.9 * rng.standard_normal(300))).sigma, 1.9),
            "share": (share(int(rng.binomial(500, 0.2)), 500), 0.2),
        }
        for name, (fit, truth) in checks.items():
            inside[name] += fit is not None and fit.low <= truth <= fit.high
    # 95 % less three standard errors of the count itself
    least = 0.95 - 3 * np.sqrt(0.95 * 0.05 / rounds)
    assert {name: count / rounds for name, count in inside.items() if count / rounds < least} == {}


def test_arrivals_find_rate_weekdays_and_bursts() -> None:
    """A made-up office: twice as much on Mondays, nothing on Sundays, bursts of shape 5."""
    rng = chance(7)
    weights = np.array([2, 1, 1, 1, 1, 1, 0.0])
    counts = rng.poisson(12 * weights[np.arange(364) % 7] * rng.gamma(5.0, 0.2, 364))
    opened = np.sort(24.0 * np.repeat(np.arange(364), counts) + 24 * rng.random(counts.sum()))
    found = fit_arrivals(a_log(opened, days=364))
    assert found.per_day.low < 12 < found.per_day.high
    assert found.weekdays[0].low < 2 < found.weekdays[0].high
    assert found.weekdays[6].value == 0
    assert found.burst is not None
    assert found.burst.low < 5 < found.burst.high
    assert found.hours is not None


def test_poisson_counts_are_no_bursts() -> None:
    """Bursts must be in the log before they are in the scenario."""
    rng = chance(8)
    opened = np.sort(24 * 200 * rng.random(2000))
    assert fit_arrivals(a_log(opened, days=200)).burst is None


def test_a_day_on_which_the_office_was_closed_is_no_burst() -> None:
    """A holiday is a rule, not bad luck; counted as luck it would halve the shape."""
    rng = chance(9)
    counts = rng.poisson(20, 140)
    counts[50] = 0
    opened = 24.0 * np.repeat(np.arange(140), counts) + 12
    found = fit_arrivals(a_log(opened, days=140))
    assert found.silent == (50,)
    assert found.burst is None


def test_merchants_are_counted_with_those_who_have_no_case_yet() -> None:
    """Who has no dispute in a year is not in its log, but is in the market."""
    rng = chance(10)
    size = np.arange(1, 3001) ** -0.8
    cases = rng.poisson(2500 * size / size.sum())
    found = fit_sizes(cases[cases > 0])
    assert found.seen < 2000
    assert abs(found.zipf.value - 0.8) < 0.08
    assert 2000 < found.merchants < 4500


def test_likeness_within_merchants_is_nothing_where_there_is_none() -> None:
    """Chance alone must not make merchants differ."""
    rng = chance(11)
    merchant = rng.integers(0, 300, 2000)
    cases, wins = tally(merchant, rng.random(2000) < 0.5)
    assert beta_binomial(cases, wins).rho.low < 0.01


def test_distances_are_nothing_between_equals_and_one_between_strangers() -> None:
    """Both ends of the scale."""
    x = np.array([1.0, 2.0, 3.0])
    assert ks(x, x) == 0
    assert ks(x, x + 10) == 1
    assert tv(np.array([1, 2]), np.array([2, 4])) == 0
    assert tv(np.array([1, 0]), np.array([0, 1])) == 1
    assert np.isnan(ks(x, np.array([np.nan])))


def test_ks_is_that_of_scipy() -> None:
    """An independent implementation, with ties as whole days make them."""
    from scipy.stats import ks_2samp

    rng = chance(12)
    a, b = rng.integers(0, 30, 400).astype(float), rng.integers(3, 33, 300).astype(float)
    assert ks(a, b) == pytest.approx(ks_2samp(a, b).statistic)


def test_the_correlation_of_outcomes_by_moments_agrees_with_maximum_likelihood() -> None:
    """The search uses the quick one, the page reports the other."""
    from dataclasses import replace

    rng = chance(13)
    merchant = np.repeat(np.arange(400), 5)
    won = rng.random(2000) < rng.beta(1.0, 1.0, 400)[merchant]
    log = replace(a_log(np.zeros(2000), days=1), merchant=merchant, won=won)
    quick = float(win_correlation(log)[0])
    slow = beta_binomial(*tally(merchant, won)).rho
    assert slow.low < quick < slow.high
