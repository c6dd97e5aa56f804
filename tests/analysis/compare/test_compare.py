"""Comparing policies in the same worlds: what is paired with what, what is shown, and when it stops."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from evenhand import analysis
from evenhand.analysis.compare import Comparison
from evenhand.analysis.compare.comparison import Readings
from evenhand.analysis.compare.family import differences
from evenhand.analysis.compare.sequential import replications_needed
from evenhand.analysis.compare.words import figures, probability, times
from evenhand.analysis.metrics.estimate import contributions
from evenhand.analysis.metrics.registry import METRICS
from evenhand.sim.policy.compatibility import DoesNotFit
from evenhand.sim.runs.runner import simulate
from tests.support import small

MARKET = {"market": {"orders_per_day": 120}}
HARSH = {"decision": {"standard": 0.7, "band": 0.0}, "review": {"limit": 3}, "negotiation": {"rounds": 5}}
HOW = {"days": 20, "engine": "simpy"}


@pytest.fixture(scope="module")
def found() -> Comparison:
    """A policy, itself, and a harsher one with more rounds and reviews, in six worlds."""
    rules = {"mild": small.policy(), "mild too": small.policy(), "harsh": small.policy(HARSH)}
    return analysis.compare(small.scenario(MARKET), rules, replications=6, **HOW)


def values(of: Comparison, metric: str, policy: str):
    columns = of.values
    return columns["value"][(columns["metric"] == metric) & (columns["policy"] == policy)]


@pytest.mark.process
def test_a_policy_compared_with_itself_differs_by_exactly_nothing(found):
    """The pairing is right if and only if the difference is zero, with no spread."""
    alike = [one for one in found.differences if one.policy == "mild too" and one.n > 1]
    assert len(alike) > 20
    for one in alike:
        assert (one.difference, one.ci, one.simultaneous_ci, one.p, one.p_adjusted) == (
            0.0,
            (0.0, 0.0),
            (0.0, 0.0),
            1.0,
            1.0,
        )
        assert one.verdict == "identical"


@pytest.mark.parametrize(("name", "changes"), [("mild", None), ("harsh", HARSH)])
def test_the_values_are_those_of_each_policy_alone(found, name, changes):
    """Worlds drawn for several policies at once, without events, are the worlds that each would meet."""
    alone = analysis.outcomes(simulate(small.scenario(MARKET), small.policy(changes), replications=6, **HOW))
    assert set(alone) == set(METRICS)
    for metric, estimate in alone.items():
        assert np.array_equal(values(found, metric, name), estimate.per_replication, equal_nan=True)
        counts = found.values["n"][(found.values["metric"] == metric) & (found.values["policy"] == name)]
        assert counts.sum() == estimate.n


def test_the_difference_is_that_of_the_pooled_rates(found):
    """Policy less baseline, each over all worlds; the interval pairs what the worlds contribute."""
    one = found.of("settled_share", "harsh")
    rows = found.values["metric"] == "settled_share"
    counts = {name: found.values["n"][rows & (found.values["policy"] == name)] for name in ("harsh", "mild")}
    rates = {name: values(found, "settled_share", name) for name in counts}
    pooled = {name: (rates[name] * n).sum() / n.sum() for name, n in counts.items()}
    assert one.difference == pytest.approx(pooled["harsh"] - pooled["mild"])
    apart = contributions(rates["harsh"], counts["harsh"]) - contributions(rates["mild"], counts["mild"])
    assert one.difference == pytest.approx(one.policy_value - one.baseline_value)
    assert one.ci == pytest.approx((apart.mean() - one.half_width, apart.mean() + one.half_width))
    assert one.half_width == pytest.approx(2.570582 * apart.std(ddof=1) / math.sqrt(6), rel=1e-6)


def test_simultaneous_intervals_are_wider_and_p_is_adjusted_for_all_that_is_shown(found):
    """27 metrics of two policies: what has no value does not count."""
    shown = [one for one in found.differences if not math.isnan(one.p)]
    assert {one.family for one in found.differences} == {len(shown)}
    moved = [one for one in shown if one.half_width > 0]
    assert moved
    for one in moved:
        assert one.simultaneous_ci[0] < one.ci[0] < one.ci[1] < one.simultaneous_ci[1]
        assert one.p <= one.p_adjusted
    lowest = min(shown, key=lambda one: one.p)
    assert lowest.p_adjusted == pytest.approx(min(1.0, len(shown) * lowest.p))


def test_more_replications_leave_the_earlier_ones_as_they_were(found):
    """Growing a study changes nothing in it."""
    rules = {"mild": small.policy(), "harsh": small.policy(HARSH)}
    fewer = analysis.compare(small.scenario(MARKET), rules, replications=2, metrics=["disputes"], **HOW)
    for name in rules:
        assert values(fewer, "disputes", name).tolist() == values(found, "disputes", name)[:2].tolist()


@pytest.mark.process
@pytest.mark.parametrize("change", [{"seed": 2}, {"days": 25}, {"open_loop": True}, {"replications": 4}])
def test_every_argument_has_an_effect(change):
    """An argument that does nothing is worse than none."""
    rules = {"mild": small.policy(), "harsh": small.policy(HARSH)}
    how = {"replications": 3, "metrics": ["settled_share"], **HOW}
    before = analysis.compare(small.scenario(MARKET), rules, **how)
    after = analysis.compare(small.scenario(MARKET), rules, **{**how, **change})
    assert before.of("settled_share") != after.of("settled_share")


@pytest.mark.process
def test_the_baseline_turns_the_sign_and_changes_nothing_else():
    """Named by itself or by its name."""
    rules = {"mild": small.policy(), "harsh": small.policy(HARSH)}
    how = {"replications": 3, "metrics": ["settled_share"], **HOW}
    one = analysis.compare(small.scenario(MARKET), rules, **how).of("settled_share")
    for baseline in ("harsh", rules["harsh"]):
        other = analysis.compare(small.scenario(MARKET), rules, baseline=baseline, **how).of("settled_share")
        assert (other.policy, other.baseline, other.difference) == ("mild", "harsh", -one.difference)
        assert other.p == one.p


def test_several_scenarios_are_judged_together():
    """Two markets, one family; equal names get a number."""
    markets = [small.scenario(MARKET), small.scenario({"market": {"orders_per_day": 60}})]
    policies = [small.policy(), small.policy(HARSH)]
    both = analysis.compare(markets, policies, replications=2, metrics=["disputes", "filed_share"], **HOW)
    assert [(one.scenario, one.policy, one.metric) for one in both.differences] == [
        (market, "policy (2)", metric)
        for market in ("scenario", "scenario (2)")
        for metric in ("disputes", "filed_share")
    ]
    assert {one.family for one in both.differences} == {4}
    with pytest.raises(
        ValueError, match=r"say which: policy \(2\) in scenario, policy \(2\) in scenario \(2\)"
    ):
        both.of("disputes")
    assert both.of("disputes", scenario="scenario").baseline_value > 0
    assert len(both.values["value"]) == 2 * 2 * 2 * 2


def test_json_has_the_promised_shape(found):
    """Programs read it: these keys in this order, and null for what is not known."""
    document = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert list(document) == ["warnings", "comparisons", "ways"]
    assert len(document["comparisons"]) == 2 * len(METRICS)
    for one in document["comparisons"]:
        assert list(one) == [
            "scenario",
            "metric",
            "policy",
            "baseline",
            "difference",
            "ci",
            "n",
            "cases",
            "p_adjusted",
            "variance_reduction",
            "why",
        ]
    alike = next(one for one in document["comparisons"] if one["policy"] == "mild too")
    assert (alike["difference"], alike["ci"], alike["variance_reduction"]) == (0.0, [0.0, 0.0], None)


def test_a_notebook_shows_names_as_the_text_they_are():
    """A policy may be called anything."""
    rules = {"<b>mild</b>": small.policy(), "harsh & quick": small.policy(HARSH)}
    found = analysis.compare(small.scenario(MARKET), rules, replications=2, metrics=["disputes"], **HOW)
    page = found._repr_html_()
    assert "harsh &amp; quick less &lt;b&gt;mild&lt;/b&gt;" in page
    assert "<b>" not in page
    assert page.count("<tr") == 2


def test_the_table_has_a_flat_row_for_each_difference(found):
    """With everything that is known, so that it makes a data frame."""
    rows = found.table()
    assert len(rows) == len(found.differences)
    row = next(row for row in rows if row["metric"] == "filed_share" and row["policy"] == "harsh")
    one = found.of("filed_share", "harsh")
    assert (row["low"], row["high"]) == one.ci
    assert (row["difference"], row["n"], row["sentence"]) == (one.difference, 6, one.sentence)


def test_a_data_frame_needs_pandas_and_says_so(found, monkeypatch):
    """pandas is an extra; without it the way to get it is told."""
    monkeypatch.setitem(__import__("sys").modules, "pandas", None)
    with pytest.raises(ImportError, match=r"pip install pandas \(the extra 'research'\)"):
        found.to_pandas()


def test_a_data_frame_is_the_table(found):
    """One row a difference."""
    pytest.importorskip("pandas")
    frame = found.to_pandas()
    assert frame["metric"].tolist() == [one.metric for one in found.differences]


def readings(ours, theirs, n=100, metric="wrongful_denial_rate", scenario="toy"):
    """Readings made by hand: two policies, one metric."""
    value = np.stack([np.asarray(theirs, float), np.asarray(ours, float)], axis=1)[:, :, None]
    counts = np.broadcast_to(np.asarray(n), (2, len(value))).T[:, :, None]
    return Readings(scenario, ("old", "new"), (METRICS[metric],), ("share",), value, counts)


def test_a_world_with_nothing_to_count_is_left_out_and_counted():
    """Undefined is not zero; the other policy's value has no partner."""
    n = np.array([[10, 0, 10, 10], [10, 10, 10, 10]])
    (one,) = differences([readings([0.2, 0.4, 0.3, 0.4], [0.1, np.nan, 0.1, 0.1], n)], "old")
    assert (one.n, one.undefined, one.unseen) == (3, 1, 0)
    assert one.difference == pytest.approx(0.2)
    assert one.policy_value == pytest.approx(0.3)


def test_a_value_that_a_world_was_too_short_to_see_makes_the_difference_unknown():
    """To leave that world out would flatter slow rules."""
    (one,) = differences([readings([0.2, np.nan, 0.3], [0.1, 0.1, 0.1])], "old")
    assert (one.n, one.undefined, one.unseen, one.ci, one.verdict) == (0, 0, 1, None, "not known")
    assert math.isnan(one.difference)
    assert one.sentence == (
        "Valid claims refused: not known, because 1 world ended before it could be seen; try more days."
    )
    assert one.as_json()["difference"] is None


def test_scenarios_may_have_different_numbers_of_worlds():
    """Each has stopped on its own; the shorter one has fewer pairs, not zeros."""
    rng = np.random.default_rng(1)
    long, short = rng.normal(0.3, 0.1, (2, 12)), rng.normal(0.3, 0.1, (2, 5))
    both = differences([readings(*long), readings(*short, scenario="brief")], "old")
    (alone,) = differences([readings(*short)], "old")
    assert [one.n for one in both] == [12, 5]
    assert (both[1].difference, both[1].ci, both[1].p) == (alone.difference, alone.ci, alone.p)


INTERVAL = " (95 % interval -35 to +41, 3 worlds)"


@pytest.mark.parametrize(
    ("ours", "theirs", "verdict", "sentence"),
    [
        (
            [0.300, 0.310, 0.320],
            [0.400, 0.412, 0.418],
            "lower",
            "10.00 points lower under new than under old (95 % interval 9.50 to 10.50, 3 worlds)",
        ),
        (
            [0.42, 0.40, 0.44],
            [0.32, 0.29, 0.35],
            "higher",
            "10.0 points higher under new than under old (95 % interval 7.5 to 12.5, 3 worlds)",
        ),
        (
            [0.3, 0.5, 0.4],
            [0.4, 0.3, 0.4],
            "not told apart",
            "new and old cannot be told apart; the difference is +3 points" + INTERVAL,
        ),
        ([0.3, 0.4], [0.3, 0.4], "identical", "exactly the same under new and old in each of 2 worlds"),
        ([0.3], [0.2], "not known", "one world shows no more than luck; try more replications"),
        ([np.nan], [0.2], "not known", "there is nothing to count under one of the two policies"),
    ],
)
def test_every_difference_has_an_english_sentence(ours, theirs, verdict, sentence):
    """One that a policy designer can read aloud; policies that cannot be told apart are said to be so."""
    n = np.where(np.isnan([ours, theirs]), 0, 100)[::-1]
    (one,) = differences([readings(ours, theirs, n)], "old")
    assert one.verdict == verdict
    assert one.sentence == f"Valid claims refused: {sentence}."


def test_a_finding_that_many_comparisons_explain_is_not_told_apart():
    """One in twenty nulls looks significant alone; the sentence says why it is not believed."""
    rng = np.random.default_rng(2)
    base = rng.normal(0.3, 0.1, (6, 1, 1))
    apart = rng.normal(0.0, 0.02, (6, 1, 40))
    apart[:, 0, 0] += 0.03 - apart[:, 0, 0].mean()
    value = np.concatenate([np.broadcast_to(base, (6, 1, 40)), base + apart], axis=1)
    many = Readings(
        "toy",
        ("old", "new"),
        (METRICS["settled_share"],) * 40,
        ("share",) * 40,
        value,
        np.full((6, 2, 40), 9),
    )
    one = differences([many], "old")[0]
    assert one.p < 0.05 < one.p_adjusted
    assert one.ci[0] > 0 > one.simultaneous_ci[0]
    assert "cannot be told apart once all 40 comparisons shown are allowed for" in one.sentence


def test_a_rate_tells_its_cases_and_whether_they_are_few():
    """Of the policy that has fewer, over the worlds that are paired; a peak is no rate and has none."""
    n = np.array([[20, 5, 0], [9, 40, 7]])
    ours, theirs = [0.3, 0.4, 0.2], [0.2, 0.3, np.nan]
    (one,) = differences([readings(ours, theirs, n)], "old")
    assert (one.n, one.cases, one.few) == (2, 25, True)
    (many,) = differences([readings(ours, theirs, 10 * n)], "old")
    assert (many.cases, many.few) == (250, False)
    (peak,) = differences([readings([3.0, 4.0], [2.0, 2.0], metric="backlog_peak")], "old")
    assert (peak.cases, peak.few) == (None, False)


def test_numbers_have_two_digits_of_their_half_width():
    """More would pretend, fewer would hide; nothing has no sign."""
    assert figures((0.0123, -0.2), "share", 0.0016) == ["+1.23", "-20.00"]
    assert figures((12345.6,), "CNY", 310.0, signed=False) == ["12,346"]
    assert figures((-0.00001, math.nan), "h", 0.2) == ["0.00", "-"]
    assert figures((0.7593,), "share", 0.0, signed=False, level=True) == ["75.9 %"]
    assert figures((0.0,), "count", 0.0) == ["0"]
    assert [probability(p) for p in (0.0004, 0.0314, math.nan)] == ["<0.001", "0.031", "-"]
    assert [times(x) for x in (1.64, 30.2, math.inf)] == ["1.6x", "30x", "-"]


@pytest.fixture(scope="module")
def rules():
    return {"mild": small.policy(), "harsh": small.policy(HARSH)}


@pytest.mark.process
def test_worlds_are_added_until_the_interval_is_as_narrow_as_asked(rules, found):
    """At least ten worlds, five more to look ahead, and the first ones as they were."""
    until = {"settled_share": 0.05}
    told: list[tuple[str, int]] = []
    study = analysis.compare(
        small.scenario(MARKET),
        rules,
        metrics=["disputes"],
        until=until,
        budget=40,
        progress=lambda what, done: told.append((what, done)),
        **HOW,
    )
    one, (stop,) = study.of("settled_share"), study.stops
    assert one.half_width <= 0.05
    assert stop.replications == one.n == len(told) >= 15
    assert stop.reason == "every target was met, and stayed met for 5 more"
    assert told[0] == ("scenario: world 1 of at most 40", 0)
    assert values(study, "disputes", "harsh")[:6].tolist() == values(found, "disputes", "harsh").tolist()
    assert {d.metric for d in study.differences} == {"disputes", "settled_share"}
    apart = sum(values(study, "settled_share", name).var(ddof=1) for name in rules)
    assert stop.independent == replications_needed(apart, 0.05)


@pytest.mark.process
def test_a_target_out_of_reach_ends_with_the_budget(rules):
    """And that is on record."""
    study = analysis.compare(
        small.scenario(MARKET), rules, until={"settled_share": 1e-6}, budget=11, metrics=[], **HOW
    )
    assert (study.stops[0].replications, study.stops[0].reason) == (11, "the budget was spent")
    assert study.stops[0].independent > 10**6


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"metrics": ["setled_share"]}, "no metric 'setled_share'; did you mean 'settled_share'"),
        ({"until": {"setled_share": 0.1}}, "no metric 'setled_share'"),
        ({"until": {"settled_share": 0.0}}, "half-width of settled_share must be above 0, found 0.0"),
        ({"until": {"settled_share": 0.1}, "budget": 9}, "budget must be 10 or more, found 9"),
        ({"replications": 0}, "replications must be 1 or more, found 0"),
        ({"baseline": "nobody"}, "baseline: must be one of mild, harsh, found 'nobody'"),
        ({"engine": "sundial"}, "engine: must be one of auto, simpy, numba, found 'sundial'"),
        ({"seed": -1}, "seed must be 0 or more"),
        ({"days": 0}, "days must be 1 or more"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(rules, arguments, said):
    """Each with what was found and what is allowed."""
    with pytest.raises(ValueError, match=said):
        analysis.compare(small.scenario(MARKET), rules, **{**HOW, **arguments})


def test_one_policy_or_no_scenario_is_not_a_comparison(rules):
    """There must be something to compare, somewhere."""
    with pytest.raises(ValueError, match="at least two policies"):
        analysis.compare(small.scenario(), [small.policy()], **HOW)
    with pytest.raises(ValueError, match="at least one scenario"):
        analysis.compare([], rules, **HOW)


def test_policies_that_cannot_run_are_named_before_any_world_is_drawn(rules):
    """A study must not fail after an hour."""
    mediated = {**rules, "mediated": small.policy({"mediation": {"rounds": 2}})}
    told: list[str] = []
    with pytest.raises(DoesNotFit, match="mediation"):
        analysis.compare(
            small.scenario({"desks": {"mediation": None}}),
            mediated,
            progress=lambda w, _: told.append(w),
            **HOW,
        )
    assert not told
