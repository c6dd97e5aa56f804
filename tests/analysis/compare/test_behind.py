"""The disputes behind a number add up to it, in every world, for everybody and in every group."""

from __future__ import annotations

import numpy as np
import pytest

from evenhand import sim
from evenhand.analysis.compare.behind import Group, behind
from evenhand.analysis.compare.parts import measure
from evenhand.analysis.compare.paths import PATHS, paths
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.registry import METRICS
from evenhand.analysis.runs.counted import counted
from tests.support import small

MARKET = {"market": {"orders_per_day": 120}}
EACH = [name for name, one in METRICS.items() if one.counts_disputes and one.pooled]


@pytest.fixture(scope="module")
def runs():
    """One world under two policies."""
    rules = (small.policy(), small.policy({"windows": {"merchant_evidence": "6 h"}}))
    return [
        sim.simulate(small.scenario(MARKET), one, seed=5, days=40, replications=1, engine="simpy")
        for one in rules
    ]


@pytest.mark.parametrize("name", EACH)
def test_what_disputes_add_is_the_difference(runs, name):
    """To the last digits; where one side has no case, nothing can be said."""
    metric = METRICS[name]
    before, after = (float(metric(Cells(run)).value[0]) for run in runs)
    found = behind(*runs, metric)
    if not found.adds_up or found.of_time:
        return
    if np.isnan(after - before):
        assert np.isnan(found.whole)
        return
    assert sum(one.adds for one in found.disputes) == pytest.approx(after - before, abs=1e-12)
    sizes = [abs(one.adds) for one in found.disputes]
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize("by", ["merchant_group", "buyer_group", "amount_band"])
def test_in_a_group_they_add_up_to_the_groups_difference(runs, by):
    """And the lists of all groups are the list of everybody."""
    metric = METRICS["merchant_missed_share"]
    values = [measure(run, [metric], [by]).value[1:] for run in runs]
    labels = Cells(runs[0], by).labels
    listed = []
    for number, label in enumerate(labels):
        found = behind(*runs, metric, Group(by, label))
        listed += [one.dispute for one in found.disputes]
        if not np.isnan(found.whole):
            difference = values[1][number] - values[0][number]
            assert found.whole == pytest.approx(float(np.ravel(difference)[0]), abs=1e-12)
            assert sum(one.adds for one in found.disputes) == pytest.approx(found.whole, abs=1e-12)
    assert sorted(listed) == sorted(one.dispute for one in behind(*runs, metric).disputes)
    with pytest.raises(ValueError, match="group: must be one of"):
        behind(*runs, metric, Group(by, "nobody"))


def test_each_stands_with_both_of_its_paths(runs):
    """As the records tell them; who arises under one only comes from nowhere or goes there."""
    on = [
        dict(zip(one.disputes["dispute"].tolist(), paths(one).tolist(), strict=True))
        for one in map(counted, runs)
    ]
    found = behind(*runs).disputes
    assert len(found) > 20
    for one in found:
        ends = [PATHS[of.get(one.dispute, PATHS.index("absent"))] for of in on]
        assert ends == [one.move.before, one.move.after]


def test_what_counts_no_disputes_lists_all_that_went_another_way(runs):
    """The use of a desk is nobody's alone."""
    found = behind(*runs, METRICS["desk_utilisation"])
    assert not found.adds_up
    assert [one.dispute for one in found.disputes] == [one.dispute for one in behind(*runs).disputes]
