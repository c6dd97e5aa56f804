"""The long table of a comparison: groups and merchants beside every value."""

from __future__ import annotations

import numpy as np
import pytest

from evenhand import analysis
from evenhand.analysis import METRICS, Comparison
from evenhand.analysis.compare.long import long_table
from evenhand.analysis.compare.worlds import open_worlds
from evenhand.sim import Run, simulate
from evenhand.sim.lifecycle.codes import DEFAULTED, RULED
from tests.support import small

HOW = {"seed": 3, "days": 30, "engine": "simpy"}
MARKET = {"market": {"orders_per_day": 120}}
HARSH = {"decision": {"standard": 0.9, "band": 0}}
WORLDS = 3
BY = ("buyer_group", "merchant_group")


@pytest.fixture(scope="module")
def found() -> Comparison:
    """Two policies in three worlds, groups of both sides measured too."""
    rules = {"mild": small.policy(), "harsh": small.policy(HARSH)}
    return analysis.compare(small.scenario(MARKET), rules, replications=WORLDS, by=BY, **HOW)


@pytest.fixture(scope="module")
def harsh() -> Run:
    """The same worlds under the harsh policy alone."""
    return simulate(small.scenario(MARKET), small.policy(HARSH), replications=WORLDS, **HOW)


def column(of: Comparison, name: str, metric: str, group: str) -> np.ndarray:
    """A column of the long table: one metric of one group under the harsh policy, world by world."""
    v = of.values
    return v[name][(v["metric"] == metric) & (v["policy"] == "harsh") & (v["group"] == group)]


@pytest.mark.process
@pytest.mark.parametrize("by", BY)
def test_the_values_of_a_group_are_those_of_the_policy_alone(by, found, harsh):
    """Every metric that can be split by the column, in every group, to the last bit."""
    for label, metrics in analysis.outcomes_by(harsh, by).items():
        assert len(metrics) > 20
        for name, one in metrics.items():
            values = column(found, "value", name, f"{by}:{label}")
            assert np.array_equal(values, one.per_replication, equal_nan=True), name
            assert column(found, "n", name, f"{by}:{label}").sum() == one.n


def test_every_metric_of_everybody_and_of_every_group_is_there_once(found):
    """Nothing twice, nothing left out; what has no groups stands for everybody alone."""
    v = found.values
    groups = {"buyer_group": ("new", "regular", "power"), "merchant_group": ("flagship", "small")}
    wanted = [(name, "") for name in METRICS]
    wanted += [
        (one.name, f"{by}:{label}")
        for by in BY
        for one in METRICS.values()
        if by in one.by
        for label in groups[by]
    ]
    rows = list(zip(v["metric"], v["group"], v["policy"], v["replication"], strict=True))
    assert len(rows) == len(set(rows)) == len(wanted) * 2 * WORLDS
    assert {(metric, group) for metric, group, _, _ in rows} == set(wanted)


@pytest.mark.parametrize(
    ("metric", "counts"),
    [
        ("disputes", lambda d: np.ones(len(d["valid"]), np.bool_)),
        ("median_hours_after_filing", lambda d: ~np.isnan(d["filed_at"])),
        (
            "wrongful_denial_rate",
            lambda d: np.isin(d["ending"], (DEFAULTED, RULED)) & d["valid"].astype(bool),
        ),
    ],
)
def test_clusters_are_the_merchants_whose_disputes_are_counted(metric, counts, found, harsh):
    """An interval by merchants needs to know how many there are; one with ten disputes counts once."""
    d, scenario = harsh.disputes, harsh.scenario
    which = counts(d)
    for by, labels in (("buyer_group", scenario.buyer_groups), ("merchant_group", scenario.merchant_groups)):
        for number, label in enumerate(labels):
            mine = which & (d[by] == number)
            wanted = [len(set(d["merchant"][mine & (d["replication"] == r)])) for r in range(WORLDS)]
            assert column(found, "clusters", metric, f"{by}:{label}").tolist() == wanted
    wanted = [len(set(d["merchant"][which & (d["replication"] == r)])) for r in range(WORLDS)]
    assert column(found, "clusters", metric, "").tolist() == wanted
    assert 0 < sum(wanted) < column(found, "n", metric, "").sum()


def test_orders_count_the_merchants_that_have_any(found, harsh):
    """A rate by orders is of all who sell, not of those in dispute."""
    m = harsh.merchants
    wanted = [np.count_nonzero((m["replication"] == r) & (m["orders"] > 0)) for r in range(WORLDS)]
    assert column(found, "clusters", "disputes_per_thousand_orders", "").tolist() == wanted


def test_the_use_of_a_desk_is_of_no_merchants(found):
    """A queue is counted whole: a number of merchants would be invented."""
    for name in ("desk_utilisation", "backlog_peak"):
        assert np.isnan(column(found, "clusters", name, "")).all()


def test_groups_change_no_difference(found):
    """What is stored beside must not touch what is concluded."""
    rules = {"mild": small.policy(), "harsh": small.policy(HARSH)}
    alone = analysis.compare(small.scenario(MARKET), rules, replications=WORLDS, **HOW)
    assert repr(alone.differences) == repr(found.differences)
    assert "by" not in alone.to_json()
    assert [one["column"] for one in found.to_json()["by"]] == list(BY)
    assert set(alone.values["group"]) == {""}


def test_a_column_that_is_none_is_refused_before_anything_runs():
    """And the message names those that there are."""
    rules = [small.policy(), small.policy(HARSH)]
    with pytest.raises(ValueError, match="by must be among buyer_group, merchant_group, cause, claimed"):
        analysis.compare(small.scenario(), rules, by=["region"], **HOW)


@pytest.mark.process
def test_scenarios_may_have_different_numbers_of_worlds():
    """Each has stopped on its own; nothing is filled up."""
    rules = {"mild": small.policy(), "harsh": small.policy(HARSH)}
    opened = [
        open_worlds(name, small.scenario(), rules, (METRICS["disputes"],), 3, 30, "simpy", None, 3, ())
        for name in ("long", "short")
    ]
    read = [[opened[0].read(number) for number in range(3)], [opened[1].read(0)]]
    table = long_table(zip(opened, read, strict=True))
    rows = list(zip(table["scenario"], table["policy"], table["replication"], strict=True))
    assert rows == [
        *(("long", policy, number) for policy in rules for number in range(3)),
        *(("short", policy, 0) for policy in rules),
    ]
