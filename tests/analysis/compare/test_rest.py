"""The test for rest: silent on noise, however correlated in time, and loud on a trend."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from evenhand.analysis.compare.multiple import holm
from evenhand.analysis.compare.rest import LEVEL, Rest, _trend, changes, rest
from evenhand.analysis.compare.rest_series import MEANS, Weekly
from evenhand.sim.runs.records import Run
from evenhand.sim.runs.runner import simulate
from tests.support import small
from tests.support.runs import where

WORLDS, WEEKS = 10, 8


def series(rng: np.random.Generator, slope: float = 0.0, rho: float = 0.8) -> Weekly:
    """Means of 50 cases a week whose level wanders from week to week, in worlds of their own."""
    level = np.zeros((WORLDS, WEEKS))
    level[:, 0] = rng.normal(0, 0.05, WORLDS)
    for week in range(1, WEEKS):
        level[:, week] = rho * level[:, week - 1] + rng.normal(0, 0.05 * np.sqrt(1 - rho**2), WORLDS)
    n = rng.poisson(50, level.shape).astype(float)
    return Weekly("settled", n * (0.5 + level + slope * np.arange(WEEKS) / (WEEKS - 1)), n)


def test_noise_is_called_a_trend_no_more_often_than_the_level_says() -> None:
    """Weeks are correlated, worlds are not: the level holds for all series together."""
    rng, times = np.random.default_rng(3), 400
    warned = 0
    for _ in range(times):
        found = [_trend(series(rng)) for _ in MEANS]
        warned += bool((holm(np.array([one.p for one in found if one])) < LEVEL).any())
    assert warned / times < LEVEL + 3 * np.sqrt(LEVEL * (1 - LEVEL) / times)
    assert warned > 0


def test_a_trend_is_found_and_its_size_is_right() -> None:
    """What is told is how far the series moves over the time that is looked at."""
    found = _trend(series(np.random.default_rng(5), slope=0.3))
    assert found is not None
    assert found.p < 0.001
    assert found.ci[0] < 0.3 < found.ci[1]


def test_a_straight_line_rises_by_what_it_rises() -> None:
    """Whatever weeks count, a line through all points is that line."""
    n = np.random.default_rng(1).poisson(20, (3, 6)).astype(float)
    line = np.array([0.1, -0.2, 0.0])[:, None] * np.arange(6) / 5 + 0.4
    assert changes(n * line, n) == pytest.approx([0.1, -0.2, 0.0])
    assert np.isnan(changes(np.zeros((1, 6)), np.zeros((1, 6)))).all()


@pytest.fixture(scope="module")
def level_run() -> Run:
    """Worlds in which nobody responds to anything, with a festival in the half that is looked at."""
    scenario = small.scenario(
        {
            "market": {
                "orders_per_day": 60,
                "festivals": [{"name": "f", "first": "2025-10-20", "last": "2025-10-21", "factor": 4}],
            }
        }
    )
    how = {"days": 70, "replications": 6, "seed": 2, "events": False, "open_loop": True}
    return simulate(scenario, small.policy(), engine="simpy", **how)  # type: ignore[arg-type]


@pytest.mark.process
def test_a_market_under_constant_rates_is_at_rest_festival_or_not(level_run: Run) -> None:
    """What orders let expect is taken out, so that a festival is no trend."""
    found = rest(level_run)
    assert {one.name for one in found.trends} >= {"valid_claims", "groundless_claims", "open", "settled"}
    assert found.moving == ()
    assert found.sentence == ""
    assert found.as_json()["at_rest"] is True


def test_claims_that_die_away_are_told(level_run: Run) -> None:
    """Ever fewer of the same claims: the warning says which, how much, and at which level."""
    d = level_run.disputes
    late = np.clip((d["opened_at"] / 24 - 35) / 35, 0, 1)
    kept = (d["dispute"] * 0.6180339887) % 1 >= 0.8 * late
    found = rest(replace(level_run, disputes=where(d, kept)))
    fell = {one.name: one.change for one in found.moving}
    assert fell["valid_claims"] < -0.4
    assert "Not at rest from day 35 to 70: " in found.sentence
    assert "5 % for all" in found.sentence
    assert found.as_json()["warning"] == found.sentence


def test_a_few_worlds_or_weeks_are_not_tested(level_run: Run) -> None:
    """Nothing is told of a trend that could not have been seen, and the reason is."""
    assert rest(replace(level_run, replications=4)) == Rest(35, 70, 4, (), "needs 5 worlds or more")
    short = rest(replace(level_run, days=50))
    assert short.untested == "needs 8 weeks or more"
    assert short.as_json()["at_rest"] is None
