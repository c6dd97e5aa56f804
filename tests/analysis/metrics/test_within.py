"""Metrics of a group and of a gap: the same numbers as side by side, wherever a metric goes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from evenhand import analysis, sim
from tests.support import small

HOW: dict[str, Any] = {"seed": 3, "replications": 3, "days": 25, "engine": "simpy"}
RATE = "effective_denial_rate"


def early(run: sim.Run) -> Any:
    """The first ten days, and the rest."""
    return ["early", "late"], (np.asarray(run.disputes["opened_at"]) >= 240).astype(int)


@pytest.fixture(scope="module")
def run() -> sim.Run:
    """Three small worlds."""
    return sim.simulate(small.scenario(), small.policy(), **HOW)


@pytest.mark.parametrize(
    ("by", "group"), [("buyer_group", "new"), (early, "late"), ("amount_band", "under_10")]
)
def test_a_metric_of_a_group_is_the_metric_by_group(run: sim.Run, by: Any, group: str) -> None:
    """In memory and in pieces."""
    one = analysis.within(RATE, by, group)
    assert one.name == f"{RATE}_of_{group}"
    wanted = analysis.outcomes_by(run, by, [RATE])[group][RATE]
    streamed = sim.streamed(small.scenario(), small.policy(), **HOW)
    for source in (run, streamed):
        found = analysis.outcomes(source, [one])[one.name]
        np.testing.assert_array_equal(found.per_replication, wanted.per_replication)
        assert found.n == wanted.n


def test_a_gap_is_the_difference_of_the_groups_in_each_world(run: sim.Run) -> None:
    """Group less reference, as its name says; nothing where one of them has no case."""
    one = analysis.gap(RATE, "buyer_group", "new", "regular")
    assert one.name == f"{RATE}_gap_new_minus_regular"
    groups = analysis.outcomes_by(run, "buyer_group", [RATE])
    each = groups["new"][RATE].per_replication - groups["regular"][RATE].per_replication
    found = analysis.outcomes(run, [one])[one.name]
    np.testing.assert_allclose(found.per_replication, each, rtol=0, atol=1e-15)
    assert found.value == pytest.approx(each.mean())
    assert found.unit == "difference of shares"


def test_it_splits_again_and_says_what_it_is(run: sim.Run) -> None:
    """New buyers by what they claim."""
    one = analysis.within("settled_share", "buyer_group", "new")
    found = analysis.outcomes_by(run, "claimed", [one])
    whole = analysis.outcomes(run, [one])[one.name]
    assert sum(part[one.name].n for part in found.values()) == whole.n
    assert "Only disputes with buyer_group = new" in one.explanation


@pytest.mark.process
def test_a_selection_goes_by_a_group_of_ones_own() -> None:
    """Who is best for late disputes, not for all."""
    late = analysis.within("buyer_win_share", early, "late")
    rules = {"mild": small.policy(), "strict": small.policy({"decision": {"standard": 0.99, "band": 0.0}})}
    found = analysis.select(
        small.scenario(), rules, late, 0.02, maximise=True, n0=4, budget=8, seed=3, days=25
    )
    assert found.winner == "mild"
    assert late.name in repr(found) or late.title in repr(found)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: analysis.within("desk_utilisation", "buyer_group", "new"), "is of the whole run"),
        (lambda: analysis.within(RATE, "buyer_groups", "new"), "did you mean 'buyer_group'"),
        (lambda: analysis.within("effective_denial", "buyer_group", "new"), "did you mean"),
        (lambda: analysis.gap(RATE, "buyer_group", "new", "new"), "must be two groups, found 'new' twice"),
        (lambda: analysis.within(3, "buyer_group", "new"), "must be a name or a Metric, found 3"),  # type: ignore[arg-type]
        (lambda: analysis.metric("x", direction="up"), "direction: must be one of higher, lower, neutral"),  # type: ignore[arg-type]
        (lambda: analysis.metric("x", by="cause"), "in a tuple, found 'cause'"),  # type: ignore[arg-type]
        (lambda: analysis.metric(len), "needs a title"),  # type: ignore[arg-type]
    ],
)
def test_what_makes_no_metric_is_one_line(make: Any, said: str) -> None:
    """What was found, and what is allowed."""
    with pytest.raises(ValueError, match=said):
        make()


def test_a_group_that_there_is_not_is_said_with_the_groups(run: sim.Run) -> None:
    """The words of the column, and the nearest."""
    one = analysis.within(RATE, "buyer_group", "neu")
    with pytest.raises(
        ValueError, match="must be one of new, regular, power, found 'neu'; did you mean 'new'"
    ):
        analysis.outcomes(run, [one])
