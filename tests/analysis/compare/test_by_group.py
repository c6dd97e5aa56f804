"""Differences by group: by hand, by brute force on runs, of any column, and what is refused."""

from __future__ import annotations

from math import isnan, sqrt
from typing import Any

import numpy as np
import pytest

from evenhand import analysis
from evenhand.analysis.compare.by_group import ByGroup
from evenhand.analysis.compare.comparison import Readings
from evenhand.analysis.compare.gaps import Groups, by_group
from evenhand.analysis.compare.parts import measure, rows_of
from evenhand.analysis.metrics.grouping import BANDS, Grouping, amount_band
from evenhand.analysis.metrics.registry import METRICS
from evenhand.sim import Run, simulate
from tests.support import handmade, small

DENIED = METRICS["wrongful_denial_rate"]
HARSH = {"decision": {"standard": 0.9, "band": 0}}
HOW: dict[str, Any] = {"seed": 3, "days": 25, "engine": "simpy"}
LABELS = ("new", "regular")
T3 = 3.182446305284263
"""Student's 97.5 % point with three degrees of freedom."""


def judged(value: np.ndarray, n: np.ndarray, labels: tuple[str, ...] = LABELS) -> ByGroup:
    """Values of shape (worlds, policies, metrics x groups); baseline first, last group the reference."""
    columns = value.shape[2]
    readings = Readings("toy", ("old", "new"), (DENIED,) * columns, ("share",) * columns, value, n)
    titles = {label: label.capitalize() for label in labels}
    return by_group(
        "buyer_group", [Groups(readings, labels, labels[-1])], "old", titles, {"old": "Old", "new": "New"}
    )


def four_worlds() -> tuple[np.ndarray, np.ndarray]:
    """Four worlds of ten cases a group, so that pooled rates are means."""
    old = [[0.4, 0.2], [0.5, 0.2], [0.6, 0.2], [0.5, 0.2]]
    new = [[0.3, 0.2], [0.3, 0.1], [0.5, 0.2], [0.3, 0.3]]
    return np.stack([old, new], axis=1), np.full((4, 2, 2), 10)


def test_differences_gaps_and_their_change_by_hand():
    """Of new buyers d = -.1, -.2, -.1, -.2; the gap .2, .3, .4, .3 becomes .1, .2, .3, 0."""
    found = judged(*four_worlds())
    fewer, same = (found.of(DENIED.name, group) for group in LABELS)
    assert fewer.difference.difference == pytest.approx(-0.15)
    half = T3 * sqrt(4 * 0.05**2 / 3) / 2
    assert fewer.difference.ci == pytest.approx((-0.15 - half, -0.15 + half))
    assert (fewer.policy_cases, fewer.baseline_cases, fewer.difference.n) == (40, 40, 4)
    assert same.difference.difference == pytest.approx(0.0)
    gap = found.gap(DENIED.name, "new")
    assert (gap.difference.baseline_value, gap.difference.policy_value) == pytest.approx((0.3, 0.15))
    assert gap.difference.difference == pytest.approx(-0.15)
    half = T3 * sqrt((3 * 0.05**2 + 0.15**2) / 3) / 2
    assert gap.difference.ci == pytest.approx((-0.15 - half, -0.15 + half))
    before, after = T3 * sqrt(0.02 / 3) / 2, T3 * sqrt(0.05 / 3) / 2
    assert gap.baseline_ci == pytest.approx((0.3 - before, 0.3 + before))
    assert gap.policy_ci == pytest.approx((0.15 - after, 0.15 + after))


def test_differences_in_groups_and_changes_of_gaps_are_two_families():
    """Holm by hand: the smaller p of two groups is doubled, the one gap's stays."""
    found = judged(*four_worlds())
    p = [one.difference.p for one in found.groups]
    assert [one.difference.family for one in (*found.groups, *found.gaps)] == [2, 2, 1]
    assert found.groups[0].difference.p_adjusted == pytest.approx(2 * p[0])
    assert found.gaps[0].difference.p_adjusted == found.gaps[0].difference.p
    wide = found.groups[0].difference.simultaneous_ci
    assert wide is not None
    assert wide[0] < found.groups[0].difference.ci[0]


def test_a_world_without_a_case_of_a_group_counts_for_the_others_only():
    """It is left out where it has nothing to say, and the number of worlds says so."""
    value, n = four_worlds()
    value[0, 1, 0], n[0, 1, 0] = np.nan, 0
    found = judged(value, n)
    fewer, same = (found.of(DENIED.name, group) for group in LABELS)
    assert (fewer.difference.n, fewer.difference.undefined, same.difference.n) == (3, 1, 4)
    assert (fewer.baseline_cases, fewer.difference.baseline_value) == (30, pytest.approx(1.6 / 3))
    gap = found.gap(DENIED.name, "new").difference
    assert (gap.n, gap.undefined) == (3, 1)
    assert gap.baseline_value == pytest.approx(1.6 / 3 - 0.2)


def test_a_world_that_ended_too_soon_makes_the_group_unknown_and_leaves_the_other():
    """Cases without a value are not left out: that would flatter slow rules."""
    value, n = four_worlds()
    value[1, 0, 0] = np.nan
    found = judged(value, n)
    unknown, known = (found.of(DENIED.name, group).difference for group in LABELS)
    assert (unknown.unseen, unknown.n, known.unseen, known.n) == (1, 0, 0, 4)
    assert isnan(found.gap(DENIED.name, "new").difference.difference)


def worlds(policy: int) -> list[Run]:
    """Five small worlds by hand under one of two policies: other cases, other shares refused, other sizes."""
    rng = np.random.default_rng(11)
    found = []
    for _ in range(5):
        sizes = rng.integers(2, 9, 3)
        draws = [(group, rng.random(), rng.random() < 0.8) for group in range(3) for _ in range(sizes[group])]
        rows = [
            handmade.row(
                "ruled", buyer_group=g, valid=bool(v), upheld=bool(u > 0.5 - 0.3 * policy * (g == 0))
            )
            for g, u, v in draws
        ]
        found.append(handmade.run(rows))
    return found


def brute(runs: list[Run], group: int, left: int | None = None) -> float:
    """The pooled share of valid claims refused in a group, case by case, without one world."""
    refused = valid = 0
    for number, run in enumerate(runs):
        d = run.disputes
        for i in range(len(run)):
            if number != left and d["buyer_group"][i] == group and d["valid"][i]:
                valid += 1
                refused += not d["upheld"][i]
    return refused / valid


def test_groups_of_runs_by_hand_are_those_of_brute_force():
    """Values, differences, changes of gaps, and the jackknife's interval with each world left out once."""
    runs = [worlds(0), worlds(1)]
    rows = rows_of(runs[0][0].scenario, (DENIED,), ("buyer_group",))[1:]
    read = [[measure(one, (DENIED,), ("buyer_group",)) for one in side] for side in runs]
    value, n = (
        np.stack([[getattr(side[w], name)[1:] for side in read] for w in range(5)]) for name in ("value", "n")
    )
    labels = tuple(row.label for row in rows)
    found = judged(value, n, labels)
    for number, label in enumerate(labels):
        one = found.of(DENIED.name, label).difference
        old, new = (brute(side, number) for side in runs)
        assert (one.baseline_value, one.policy_value) == pytest.approx((old, new))
        assert one.difference == pytest.approx(new - old)
    last = len(labels) - 1

    def change(left: int | None = None) -> float:
        sides = [brute(side, 0, left) - brute(side, last, left) for side in runs]
        return sides[1] - sides[0]

    gap = found.gap(DENIED.name, labels[0]).difference
    left_out = [change(w) for w in range(5)]
    error = sqrt(4 / 5 * sum((x - sum(left_out) / 5) ** 2 for x in left_out))
    assert gap.difference == pytest.approx(change())
    assert gap.half_width == pytest.approx(2.7764451051977987 * error)


def by_size(run: Run) -> tuple[tuple[str, ...], np.ndarray]:
    """Cheap and dear claims."""
    return ("cheap", "dear"), (run.disputes["amount"] > 100).astype(int)


@pytest.mark.process
def test_a_comparison_is_split_by_columns_bands_and_functions():
    """Groups make up the whole, and the reference is the one that was named."""
    found = analysis.compare(
        small.scenario(),
        {"mild": small.policy(), "harsh": small.policy(HARSH)},
        by=["buyer_group:regular", "amount_band", by_size],
        metrics=["wrongful_denial_rate"],
        replications=3,
        **HOW,
    )
    assert [one.column for one in found.by] == ["buyer_group", "amount_band", "by_size"]
    assert {gap.reference for gap in found.by_group("buyer_group").gaps} == {"regular"}
    v = found.values
    mine = (v["metric"] == "wrongful_denial_rate") & (v["policy"] == "harsh")
    everybody = v["n"][mine & (v["group"] == "")].sum()
    for column in ("buyer_group:", "amount_band:", "by_size:"):
        groups = mine & np.char.startswith(v["group"].astype(str), column)
        assert v["n"][groups].sum() == everybody > 0
    with pytest.raises(ValueError, match="there is buyer_group, amount_band, by_size"):
        found.by_group("category")


def test_bands_of_amounts_are_a_column_of_outcomes_too():
    """An amount at an edge is of the band above it."""
    rows = [handmade.row("ruled", amount=amount) for amount in (5.0, 10.0, 29.99, 30.0, 2999.0, 3000.0)]
    found = analysis.outcomes_by(handmade.run(rows), "amount_band", ["disputes"])
    assert {label: int(one["disputes"].value) for label, one in found.items()} == dict(
        zip(BANDS, (1, 2, 1, 0, 0, 1, 1), strict=True)
    )


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("buyer_grup", "found 'buyer_grup'; did you mean 'buyer_group'"),
        ("buyer_group:regulr", "no group 'regulr'; did you mean 'regular'.*there are new, regular, power"),
        (["claimed", "claimed:remorse"], "claimed is given twice"),
        ([3], "must be columns, groupings or functions of a run, found 3"),
    ],
)
def test_what_cannot_be_split_by_is_refused_before_anything_runs(by, said):
    """And the message says what there is."""
    with pytest.raises(ValueError, match=said):
        analysis.compare(small.scenario(), [small.policy(), small.policy(HARSH)], by=by, **HOW)


def test_metrics_that_have_no_groups_are_refused():
    """The use of a desk is nobody's."""
    with pytest.raises(ValueError, match="none of backlog_peak can be split by buyer_group"):
        analysis.compare(
            small.scenario(), [small.policy()] * 2, by="buyer_group", metrics=["backlog_peak"], **HOW
        )


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (lambda run: (("a",), np.ones(len(run), int)), "numbers must be from 0 to 0, found 1 to 1"),
        (lambda _: (("a",), np.zeros(1)), "must give a whole number for each of"),
        (lambda run: ((f"{len(run)}",), np.zeros(len(run), int)), "must name the same groups in every world"),
    ],
)
def test_a_function_that_places_badly_is_told_so(place, said):
    """A case in no group, or groups that come and go, would be counted wrongly."""
    run = simulate(small.scenario(), small.policy(), replications=2, **HOW)
    grouping = Grouping("own", ("a",), place)
    with pytest.raises(ValueError, match=said):
        grouping.numbers(run)
    assert Grouping.of(amount_band, run).labels == BANDS
