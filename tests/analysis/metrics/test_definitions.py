"""One name, one value: a metric does not depend on the command, measure or report that asks for it."""

from __future__ import annotations

import numpy as np
import pytest

from evenhand import analysis, renamed, sim
from evenhand.analysis import METRICS, metric_frame
from evenhand.analysis.fairness import measure
from evenhand.analysis.metrics.accumulators import Ratio
from evenhand.analysis.metrics.estimate import contributions, estimate
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.rates import rate_of
from evenhand.analysis.metrics.survival import times_until
from evenhand.analysis.report.exhibits.times import time_to_close
from evenhand.analysis.report.numbers import duration
from evenhand.sim.runs.records import Run
from tests.support import handmade, small
from tests.support.handmade import row

SAME = {
    "buyer_win_share": ("demographic_parity", None),
    "wrongful_denial_rate": ("wrongful_denial", "fnr"),
    "wrongful_grant_rate": ("wrongful_grant", "fpr"),
    "effective_denial_rate": ("effective_denial", "efn"),
}
"""Metrics and the measures of fairness that are the same quantity, with the key of their result."""


@pytest.fixture(scope="module")
def run() -> Run:
    """Three replications of unlike size."""
    return sim.simulate(small.scenario(), small.policy(), seed=3, replications=3, days=50, engine="simpy")


@pytest.mark.parametrize("name", METRICS)
def test_a_pooled_metric_is_the_ratio_of_its_sums(name, run):
    """`pooled` is what lets worlds be weighed by n: it must be true of ratios over n, and of nothing else."""
    one, cells = METRICS[name], Cells(run)
    tally = one.function(cells)
    over_n = isinstance(tally, Ratio) and bool((tally.bottom == tally.n).all())
    if isinstance(tally, Ratio) and not (tally.bottom.any() or tally.n.any()):
        pytest.skip(f"this market has nothing that {name} counts")
    assert one.pooled == over_n
    if isinstance(tally, Ratio) and one.pooled and tally.bottom.any():
        found = analysis.outcomes(run, [name])[name]
        assert found.value == pytest.approx(tally.top.sum() / tally.bottom.sum(), rel=1e-12)


@pytest.mark.process
@pytest.mark.parametrize("name", SAME)
def test_a_rate_is_the_same_in_run_fairness_compare_and_sweep(name, run):
    """Groundless granted was 23.6 in one place and 23.7 in another: a mean of rates and a pooled rate."""
    ours = analysis.outcomes(run, [name])[name]
    measured, key = SAME[name]
    if key is not None:
        theirs = measure(run, measured)[key]
        assert ours.value == pytest.approx(theirs.value, rel=1e-12)
        assert ours.ci == pytest.approx(theirs.ci, rel=1e-9)
        assert ours.n == theirs.n
    rules = {"base": run.policy, "twin": run.policy}
    compared = analysis.compare(
        run.scenario, rules, seed=3, replications=3, days=50, metrics=[name], engine="simpy"
    )
    assert compared.of(name).policy_value == pytest.approx(ours.value, rel=1e-12)
    assert compared.of(name).verdict == "identical"


def test_worlds_contribute_what_their_cases_weigh():
    """Their mean is the pooled ratio, their spread the jackknife's; equal weights change nothing."""
    values, weights = np.array([0.5, np.nan, 0.1, 0.2]), np.array([2.0, 0.0, 10.0, 5.0])
    added = contributions(values, weights)
    known = added[[0, 2, 3]]
    assert np.isnan(added[1])
    assert known.mean() == pytest.approx(3.0 / 17.0)
    left = np.array([(3.0 - t) / (17.0 - b) for t, b in ((1.0, 2.0), (1.0, 10.0), (1.0, 5.0))])
    assert known.var(ddof=1) / 3 == pytest.approx(2 / 3 * ((left - left.mean()) ** 2).sum())
    np.testing.assert_array_equal(contributions(values, np.full(4, 7.0)), values)
    assert estimate(np.ones(3), np.array([1, 5, 9]), "share", np.array([1, 5, 9])).value == 1.0


FILE = {
    "filed_at": 1.0,
    "ruled_at": 5.0,
    "first_upheld": True,
    "term_buyer": 0.0,
    "term_merchant": 0.0,
    "term_silence": 0.0,
}
UNMATCHED = row("defaulted", **FILE, upheld=False, share=0.0, answered=True)
"""The buyer won, the merchant asked for a review, and the buyer did not match the fee."""


def test_a_fee_that_is_not_matched_overturns_nothing():
    """Such a dispute ends by default: no review turned the ruling, in the metric as in the measures."""
    stands = row("ruled", **FILE, upheld=True, share=1.0, reviews=1)
    turned = row("ruled", **FILE, upheld=False, reviews=1)
    made = handmade.run([UNMATCHED, stands, turned])
    assert analysis.outcomes(made)["reversal_share"].value == 1 / 2
    found = measure(made, "correctability")
    assert (found["right_overturned"].value, found["right_overturned"].n) == (1 / 2, 2)
    assert found["net_correction"].value == -1 / 2
    assert [one.n for one in measure(made, "repeat_player").values()] == [2]
    assert measure(handmade.run([UNMATCHED]), "voice")["voice_buyer"].value == 1.0, "a ruling did fall"


def test_times_are_the_same_in_the_metric_the_measure_and_the_sentence(run):
    """90 % closed was 8.5 d in the table and 8.4 d in the sentence: one of a mean, one of a curve."""
    names = ("median_hours_to_close", "p90_hours_to_close", "median_hours_after_filing")
    half, most, filed = (analysis.outcomes(run, names)[name] for name in names)
    assert [one.value for one in times_until(run, (0.5, 0.9))[""]] == [half.value, most.value]
    found = measure(run, "timeliness")["median_hours"]
    assert found.value == pytest.approx(filed.value, rel=1e-12)
    assert (
        f"within {duration(half.value)}, nine in ten within {duration(most.value)};"
        in time_to_close(run).sentence
    )


def test_old_names_are_understood_and_the_new_one_is_said_once(run, capsys, monkeypatch):
    """One line on standard error and no warning, so that nothing that worked fails."""
    monkeypatch.setattr(renamed, "_said", set())
    old = analysis.outcomes(run, ["wrongful_charge_rate"])
    assert list(old) == ["wrongful_grant_rate"]
    assert old["wrongful_charge_rate"] is old["wrongful_grant_rate"]
    said = capsys.readouterr().err
    assert len(said.splitlines()) == 1
    assert "'wrongful_charge_rate' is now called 'wrongful_grant_rate'" in said
    assert rate_of("wrongful_charge") is rate_of("wrongful_grant")
    assert (
        measure(run, "win_rate_parity", draws=20).keys()
        == measure(run, "demographic_parity", draws=20).keys()
    )
    with pytest.raises(KeyError):
        old["settled_share"]


def test_every_new_name_exists_and_no_old_one_does(run):
    """An entry that leads nowhere would turn a name that works into one that does not."""
    from evenhand.analysis.fairness import FAIRNESS
    from evenhand.analysis.metrics.rates import RATES

    known = {*METRICS, *FAIRNESS, *RATES, *measure(run, "equalized_odds", draws=20)}
    assert set(renamed.METRICS.values()) <= known
    assert not set(renamed.METRICS) & known


def test_a_frame_has_everybody_the_groups_and_their_contrasts(run):
    """Values are those of `outcomes`; differences and ratios are those of the values shown."""
    found = metric_frame(run, "merchant_group", ["wrongful_denial_rate", "platform_cost_per_dispute"])
    names = list(found.by_group)
    base, other = (found.by_group[name]["platform_cost_per_dispute"] for name in names[:2])
    apart = found.difference()[names[1]]["platform_cost_per_dispute"]
    assert found.overall["wrongful_denial_rate"].value == analysis.outcomes(run)["wrongful_denial_rate"].value
    assert apart.value == pytest.approx(other.value - base.value)
    assert apart.ci is not None
    assert apart.ci[0] < apart.value < apart.ci[1]
    quotient = found.ratio(names[1])[names[0]]["platform_cost_per_dispute"]
    assert quotient.value == pytest.approx(base.value / other.value)
    assert quotient.n == base.n + other.n
    with pytest.raises(ValueError, match="reference must be one of"):
        found.difference("nobody")
