"""Measures against the libraries that have them, where those are installed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from evenhand import sim
from evenhand.analysis.fairness import Study, lorenz, measure
from evenhand.analysis.fairness.scores import past_disputes
from evenhand.sim.runs.records import Run
from tests.support import small


@pytest.fixture(scope="module")
def simulated() -> Run:
    # Merchants of similar size: where one has most of a group's cases, neither error is worth much.
    scenario = small.scenario({"merchants": {"zipf": 0.2}})
    return sim.simulate(scenario, small.policy(), seed=11, replications=3, days=60, engine="simpy")


@pytest.mark.process
def test_gaps_are_those_of_fairlearn(simulated):
    """Rates by group and their differences, on the same decisions."""
    metrics = pytest.importorskip("fairlearn.metrics")
    study = Study(simulated)
    rows = study.cells.decided
    frame = metrics.MetricFrame(
        metrics={"tpr": metrics.true_positive_rate, "fpr": metrics.false_positive_rate},
        y_true=study.cells.valid[rows].astype(int),
        y_pred=study.cells.upheld[rows].astype(int),
        sensitive_features=np.array(simulated.labels("merchant_group"))[study["merchant_group"][rows]],
    )
    found = measure(simulated, "equalized_odds")
    for rate in ("tpr", "fpr"):
        expected = frame.by_group[rate]["small"] - frame.by_group[rate]["flagship"]
        assert found[f"{rate}_gap_small_minus_flagship"].value == pytest.approx(expected)


@pytest.mark.process
def test_consistency_is_that_of_brute_force(simulated):
    """Every distance worked out: the case itself left out, ties in distance resolved either way."""
    study = Study(simulated)
    rows = np.flatnonzero(study.cells.decided & ~np.isnan(study.evidence))
    x = np.stack([study[name][rows] for name in ("term_buyer", "term_merchant", "term_silence")], axis=1)
    x = x[:, x.std(axis=0) > 0] / x.std(axis=0)[x.std(axis=0) > 0]
    upheld = study.cells.upheld[rows].astype(float)
    far = np.sqrt(((x[:, None, :] - x[None, :, :]) ** 2).sum(axis=2))
    np.fill_diagonal(far, np.inf)
    near = np.argsort(far, axis=1)[:, :5]
    kth = np.sort(far, axis=1)
    clear = kth[:, 5] - kth[:, 4] > 1e-9  # elsewhere any of the tied cases may be a neighbour
    agrees = 1 - np.abs(upheld - upheld[near].mean(axis=1))
    assert clear.mean() > 0.5
    from evenhand.analysis.fairness.scores import _own_less_near

    ours = 1 - np.abs(_own_less_near(study, rows, 5))
    assert ours[clear] == pytest.approx(agrees[clear])
    assert measure(simulated, "consistency")["consistency"].value == pytest.approx(ours.mean())


def test_the_line_of_calibration_is_a_logistic_regression(simulated):
    """Intercept and slope by maximum likelihood, as statsmodels has them."""
    api = pytest.importorskip("statsmodels.api")
    study = Study(simulated)
    rows = study.cells.decided & ~np.isnan(study["belief"]) & (study["merchant_group"] == 1)
    fitted = api.Logit(study.cells.valid[rows].astype(float), api.add_constant(study["belief"][rows])).fit(
        disp=0
    )
    found = measure(simulated, "calibration_line")
    assert found["calibration_intercept_small"].value == pytest.approx(fitted.params[0], abs=1e-6)
    assert found["calibration_slope_small"].value == pytest.approx(fitted.params[1], abs=1e-6)


def test_the_slope_of_repeat_players_is_least_squares(simulated):
    """The coefficient of log(1 + past filings), against NumPy's solver on the rows themselves."""
    study = Study(simulated)
    rows = np.flatnonzero(study.cells.filed & study.cells.decided & ~np.isnan(study.evidence))
    past = past_disputes(study)
    design = np.stack(
        [np.ones(len(rows)), study.cells.valid[rows], study.evidence[rows], np.log1p(past[rows])], axis=1
    )
    expected = np.linalg.lstsq(design, study.cells.upheld[rows].astype(float), rcond=None)[0][-1]
    assert measure(simulated, "repeat_player")["repeat_player_slope"].value == pytest.approx(expected)
    number, merchant, filed = (simulated.disputes[k] for k in ("replication", "merchant", "filed_at"))
    for i in rows[::17]:
        same = (number == number[i]) & (merchant == merchant[i])
        assert past[i] == (filed[same] < filed[i]).sum()


def test_intervals_of_merchants_are_near_those_of_estimating_equations():
    """A gap's cluster bootstrap against the sandwich of GEE with merchants as groups.

    In one long world of many merchants: of several worlds, those are resampled too.
    """
    api = pytest.importorskip("statsmodels.api")
    scenario = small.scenario({"merchants": {"zipf": 0.2, "count": 100}})
    simulated = sim.simulate(scenario, small.policy(), seed=11, replications=1, days=120, engine="simpy")
    study = Study(simulated)
    rows = study.cells.decided & study.cells.valid
    design = api.add_constant((study["merchant_group"][rows] == 1).astype(float))
    fitted = api.GEE(
        (~study.cells.upheld[rows]).astype(float),
        design,
        groups=study.cluster[rows],
        cov_struct=api.cov_struct.Independence(),
    ).fit()
    found = measure(simulated, "wrongful_denial_gap", intervals="merchants", draws=4000)
    one = found["fnr_gap_small_minus_flagship"]
    from scipy.special import stdtrit

    assert one.value == pytest.approx(fitted.params[1])
    error = one.half_width / stdtrit(one.clusters - 1, 0.975)
    assert error == pytest.approx(fitted.bse[1], rel=0.15)


def test_the_area_under_the_lorenz_curve_is_the_gini_index(simulated):
    """Gini = 1 - 2 x area, for either side."""
    for side in ("buyer", "merchant"):
        x, y = lorenz(simulated, side)
        assert (x[0], y[0], x[-1], y[-1]) == (0, 0, 1, pytest.approx(1))
        area = np.trapezoid(y, x)
        found = measure(simulated, "loss_gini", side=side)[f"loss_gini_{side}"]
        assert found.value == pytest.approx(1 - 2 * area)
        assert found.n == len(x) - 1


def test_times_are_those_of_the_survival_curves(simulated):
    """With all weights 1 they are the Kaplan-Meier curves of `analysis.survival`, world by world."""
    from evenhand import analysis

    number = simulated.disputes["replication"]
    worlds = [
        replace(
            simulated, disputes={name: column[number == r] for name, column in simulated.disputes.items()}
        )
        for r in range(simulated.replications)
    ]
    curves = [analysis.survival(world, start="filed_at") for world in worlds]
    found = measure(simulated, "timeliness", limit=300.0)
    assert found["median_hours"].value == pytest.approx(np.mean([curve.quantile(0.5) for curve in curves]))
    assert found["p90_hours"].value == pytest.approx(np.mean([curve.quantile(0.9) for curve in curves]))
    assert found["beyond_limit"].value == pytest.approx(np.mean([float(curve.at(300.0)) for curve in curves]))
    means = []
    for curve in curves:
        steps = np.concatenate([[0.0], curve.times[curve.times < 300.0], [300.0]])
        means.append((np.diff(steps) * curve.at(steps[:-1])).sum())
    assert found["mean_hours_to_limit"].value == pytest.approx(np.mean(means))
