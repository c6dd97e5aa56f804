"""Some disputes of a run: what is left, and that every number of it is of it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from evenhand import analysis, sim
from evenhand.analysis.metrics.registry import METRICS
from tests.support import small


@pytest.fixture(scope="module")
def run() -> sim.Run:
    """Two small worlds with all events."""
    return sim.simulate(small.scenario(), small.policy(), seed=3, replications=2, days=25, engine="simpy")


def test_the_parts_of_a_run_make_up_the_whole(run: sim.Run) -> None:
    """Each dispute is in one part, with all of its events."""
    parts = [run.where(cause=cause) for cause in run.labels("cause")]
    assert sum(map(len, parts)) == len(run)
    assert sum(len(part.events["case"]) for part in parts) == len(run.events["case"])
    for part in parts:
        mine = set(zip(part.disputes["replication"], part.disputes["dispute"], strict=True))
        assert set(zip(part.events["replication"], part.events["case"], strict=True)) <= mine


def test_metrics_of_a_part_are_those_of_the_group(run: sim.Run) -> None:
    """The same numerator and the same denominator as where groups are measured side by side."""
    names = [one for one in METRICS.values() if one.counts_disputes]
    assert len(names) > 20
    groups = analysis.outcomes_by(run, "claimed", names)
    for label in ("quality_defect", "not_as_described"):
        alone = analysis.outcomes(run.where(claimed=label), names)
        for one in names:
            ours, theirs = alone[one.name], groups[label][one.name]
            np.testing.assert_array_equal(ours.per_replication, theirs.per_replication, err_msg=one.name)
            assert ours.n == theirs.n


def test_what_is_of_the_whole_run_is_refused_by_name_and_left_out_without(run: sim.Run) -> None:
    """Half of the disputes have no half of a desk."""
    part = run.where(run.disputes["amount"] > 100)
    found = analysis.outcomes(part)
    assert "wrongful_denial_rate" in found
    for name in ("desk_utilisation", "disputes_per_thousand_orders", "buyer_exits_per_month"):
        assert name not in found
        with pytest.raises(ValueError, match=f"^{name} is of the whole run, and not of its disputes where"):
            analysis.outcomes(part, [name])


def test_a_metric_of_ones_own_that_counts_orders_is_refused_in_a_part(run: sim.Run) -> None:
    """Its author may not have said that it needs the whole market."""

    @analysis.metric("Per order")
    def per_order(cells: Any) -> Any:
        """Disputes for each order."""
        return analysis.metrics.accumulators.ratio(cells.count(cells.everyone), cells.orders())

    assert analysis.outcomes(run, [per_order])["per_order"].value > 0
    with pytest.raises(ValueError, match="merchants and their orders are of the whole run"):
        analysis.outcomes(run.where(cause="remorse"), [per_order])


def test_conditions_are_words_numbers_lists_and_functions(run: sim.Run) -> None:
    """All that are given must hold; a part of a part is a part."""
    d = run.disputes
    words = run.labels("cause")
    both = run.where(cause=["remorse", "malicious"], amount=lambda amount: amount > 80)
    wanted = np.isin(d["cause"], [words.index("remorse"), words.index("malicious")]) & (d["amount"] > 80)
    np.testing.assert_array_equal(both.disputes["dispute"], d["dispute"][wanted])
    again = run.where(cause=["remorse", "malicious"]).where(lambda part: part.disputes["amount"] > 80)
    np.testing.assert_array_equal(again.disputes["dispute"], both.disputes["dispute"])
    assert len(run.where(reviews=0)) == np.count_nonzero(d["reviews"] == 0)
    assert len(run.where(valid=True)) == np.count_nonzero(d["valid"])


@pytest.mark.parametrize(
    ("mask", "columns", "said"),
    [
        (None, {}, "needs a mask or a condition"),
        (None, {"caus": "remorse"}, "no column 'caus' of disputes; did you mean 'cause'"),
        (None, {"cause": "remorze"}, "found 'remorze'; did you mean 'remorse'"),
        (None, {"amount": "much"}, "amount holds numbers; write one, or a function of it, found 'much'"),
        (None, {"amount": lambda amount: amount}, "must give true or false for each of"),
        (np.ones(3, bool), {}, r"one entry for each of \d+ disputes, found \(3,\)"),
        (np.ones(3), {}, "of true and false, found float64"),
        ("amount > 3", {}, "must be a mask, true or false for each dispute, found 'amount > 3'"),
    ],
)
def test_a_condition_that_makes_no_sense_is_one_line(
    run: sim.Run, mask: Any, columns: Any, said: str
) -> None:
    """The value found, and what is allowed."""
    with pytest.raises(ValueError, match=said):
        run.where(mask, **columns)


def test_the_line_of_a_run_says_what_it_is(run: sim.Run) -> None:
    """Short enough for a prompt; a part says of what."""
    assert "2 replications of 25 days" in repr(run)
    assert f"{len(run):,} disputes" in repr(run)
    assert "where cause = remorse" in repr(run.where(cause="remorse"))
    assert len(repr(run)) < 200
