"""Kaplan-Meier curves: against a published table, a plain product, and the traps they are there for."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from evenhand import analysis
from evenhand.analysis.metrics.survival import kaplan_meier
from tests.support import handmade, small
from tests.support.handmade import row

REMISSION = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
"""Weeks in remission on 6-mercaptopurine (Freireich et al. 1963), the textbook example."""


def test_the_curve_is_that_of_the_textbook():
    """Kaplan-Meier estimates for Freireich's data as every textbook prints them."""
    curve = kaplan_meier(np.array(REMISSION, float), np.array(RELAPSED, bool))
    printed = {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}
    for week, share in printed.items():
        assert curve.at(week) == pytest.approx(share, abs=6e-4)
    at_risk = dict(zip(curve.times, curve.at_risk, strict=True))
    assert [at_risk[week] for week in printed] == [21, 17, 15, 12, 11, 7, 6]
    assert (curve.n, curve.closed) == (21, 9)
    assert curve.quantile(0.5) == 23
    assert math.isnan(curve.quantile(0.6)), "the curve never comes down to 0.4"
    assert curve.at(5.9) == 1.0
    assert math.isnan(curve.at(35.1)), "nobody was followed for so long"


FOLLOWED = st.lists(st.tuples(st.integers(0, 8), st.booleans()), min_size=1, max_size=40)


@settings(max_examples=60, deadline=None)
@given(FOLLOWED)
def test_the_curve_is_the_product_of_what_each_time_leaves(followed):
    """Ties and censoring at the same time included: who is censored at t is at risk at t."""
    times = np.array([t for t, _ in followed], float)
    ended = np.array([e for _, e in followed])
    curve = kaplan_meier(times, ended)
    left = 1.0
    for t in np.unique(times):
        at_risk = (times >= t).sum()
        left *= 1 - (ended & (times == t)).sum() / at_risk
        assert curve.at(t) == pytest.approx(left, abs=1e-12)
        assert curve.at_risk[np.searchsorted(curve.times, t)] == at_risk


def test_curves_of_a_run_are_those_that_scipy_draws_from_its_rows():
    """The run's horizon censors what is open; replications are pooled."""
    from evenhand import sim

    run = sim.simulate(small.scenario(), small.policy(), seed=2, replications=2, days=30, engine="simpy")
    d = run.disputes
    still_open = np.isnan(d["closed_at"])
    assert still_open.sum() > 20
    followed = np.where(still_open, run.horizon, d["closed_at"]) - d["opened_at"]
    sf = stats.ecdf(stats.CensoredData.right_censored(followed, still_open)).sf
    hours = np.linspace(0, followed.max(), 97)
    np.testing.assert_allclose(analysis.survival(run).at(hours), sf.evaluate(hours), atol=1e-12)
    by_group = analysis.survival(run, "buyer_group")
    assert list(by_group) == ["new", "regular", "power"]
    assert sum(curve.n for curve in by_group.values()) == len(run)
    assert sum(curve.closed for curve in by_group.values()) == (~still_open).sum()


def test_open_disputes_are_not_dropped():
    """Dropping them flatters slow rules: nine of ten closed within a day among those that closed."""
    rows = [row("settled", closed_at=12.0)] * 4 + [row("open")] * 6
    curve = analysis.survival(handmade.run(rows))
    assert curve.at(24.0) == pytest.approx(0.6)
    assert math.isnan(curve.quantile(0.5))
    assert math.isnan(analysis.outcomes(handmade.run(rows))["median_hours_to_close"].value)


def test_an_end_that_did_not_come_is_censored_when_the_dispute_closed():
    """Time to a ruling: a dispute withdrawn on the way was followed until then, and no longer."""
    rows = [
        row("ruled", filed_at=0.0, ruled_at=10.0, closed_at=50.0),
        row("withdrawn", filed_at=0.0, closed_at=5.0),
        row("open", filed_at=40.0),
        row("settled", closed_at=3.0),
    ]
    curve = analysis.survival(handmade.run(rows), start="filed_at", end="ruled_at")
    assert (curve.n, curve.closed) == (3, 1), "what was never filed has no time after filing"
    assert dict(zip(curve.times, curve.at_risk, strict=True)) == {5.0: 3, 10.0: 2, 200.0: 1}
    assert curve.at(10.0) == pytest.approx(0.5)


def test_a_group_without_disputes_has_an_empty_curve():
    """No curve is better than an invented one."""
    curve = analysis.survival(handmade.run([row("settled")]), "buyer_group")["power"]
    assert (curve.n, len(curve.times)) == (0, 0)
    assert np.isnan(curve.at([0.0, 5.0])).all()
    assert math.isnan(curve.quantile(0.5))


def test_half_is_half_whatever_the_product_rounds_to():
    """After 12 of 24 the product may be 0.5000000000000001; the median is still the 12th."""
    curve = kaplan_meier(np.arange(1.0, 25.0), np.arange(24) < 23)
    assert curve.share[11] == pytest.approx(0.5, abs=1e-12)
    assert curve.quantile(0.5) == 12.0
