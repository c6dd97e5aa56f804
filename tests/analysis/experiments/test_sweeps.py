"""Sweeps: where they look, that all points meet the same worlds, and that what is done is not done again."""

from __future__ import annotations

import numpy as np
import pytest

from evenhand import analysis, sim
from evenhand.analysis.experiments import Axis, Measured, design, sweep
from evenhand.scenarios.numbers import builder
from evenhand.sim.policy.compatibility import DoesNotFit
from tests.support import small

WORLD = small.scenario({"market": {"orders_per_day": 150}})
RULES = small.policy()
BUILD = builder(WORLD, RULES)
STANDARD = Axis("decision.standard", 0.3, 0.7, base=0.5)
PROPENSITY = Axis("behaviour.review_propensity", values=(0.1, 0.8), base=0.8)
SHORT = {"days": 30, "engine": "simpy", "metrics": ("filed_share", "wrongful_denial_rate")}


def test_a_grid_is_every_combination_and_the_ends_alone_are_in_it_once():
    """Points that are asked for twice are lived through once."""
    look = design("grid", (STANDARD, PROPENSITY), 3)
    settings = {tuple(row) for row in look.settings[look.spread]}
    assert settings == {(s, p) for s in (0.3, 0.5, 0.7) for p in (0.1, 0.8)}
    assert len(look) == 6  # the base (0.5, 0.8) and all four ends are points of the grid
    assert look.settings[look.base].tolist() == [0.5, 0.8]
    assert look.settings[look.alone].tolist() == [[[0.3, 0.8], [0.7, 0.8]], [[0.5, 0.1], [0.5, 0.8]]]


@pytest.mark.parametrize("kind", ["lhs", "sobol"])
def test_points_fill_every_axis_evenly(kind):
    """One point in each sixteenth of every axis: what these designs are for."""
    look = design(kind, (STANDARD, Axis("x", 1, 16, scale="log")), 16, seed=3)
    for place, axis in enumerate(look.axes):
        values = look.points[look.spread, place]
        u = (
            np.log(values) / np.log(16)
            if axis.scale == "log"
            else (values - axis.low) / (axis.high - axis.low)
        )
        assert sorted((16 * u).astype(int)) == list(range(16))


def test_saltelli_mixes_one_column_at_a_time():
    """The estimators need A with exactly one column of B."""
    look = design("saltelli", (STANDARD, PROPENSITY), 8)
    a, b = look.settings[look.a], look.settings[look.b]
    for place in range(2):
        mixed = look.settings[look.ab[place]]
        assert np.array_equal(mixed[:, place], b[:, place])
        assert np.array_equal(mixed[:, 1 - place], a[:, 1 - place])
    assert np.array_equal(look.settings[look.dummy], a)
    assert look.other_worlds[look.dummy].all()
    assert not look.other_worlds[look.a].any()


@pytest.mark.parametrize(
    ("kind", "axes", "points", "told"),
    [
        ("grid", (), 3, "needs one axis"),
        ("grid", (STANDARD, STANDARD), 3, "is given twice"),
        ("grid", (STANDARD,), 1, "must be 2 or more"),
        ("sobol", (STANDARD,), 100, "must be a power of 2 for sobol, found 100; 128 is near"),
        ("saltelli", (STANDARD,), 2**17, "points are too many"),
        ("star", (STANDARD,), 3, "design must be one of"),
    ],
)
def test_an_impossible_design_is_refused(kind, axes, points, told):
    """Before anything runs."""
    with pytest.raises(ValueError, match=told):
        design(kind, axes, points)


@pytest.mark.process
def test_a_point_of_a_sweep_is_the_run_of_the_same_settings():
    """Nothing is different in a sweep: the same seed gives the same numbers as `simulate`."""
    found = sweep(BUILD, [STANDARD, PROPENSITY], points=2, replications=3, **SHORT)
    for point in range(len(found.design)):
        world, rules = BUILD(found.settings(point))
        run = sim.simulate(world, rules, seed=1, replications=3, days=30, engine="simpy")
        for name, one in analysis.outcomes(run, SHORT["metrics"]).items():
            ours = found.estimate(point, name)
            assert np.array_equal(ours.per_replication, one.per_replication, equal_nan=True)
            assert (ours.n, ours.unit) == (one.n, one.unit)


@pytest.mark.process
def test_common_worlds_make_differences_tighter_than_other_worlds():
    """What common random numbers are for: the spread of paired differences against that of unpaired ones."""
    found = sweep(
        BUILD, [STANDARD], points=2, replications=16, days=30, engine="simpy", metrics=["filed_share"]
    )
    low, high = (found.of("filed_share")[point] for point in found.design.alone[0])
    paired = np.var(high - low, ddof=1)
    assert paired < 0.5 * (np.var(high, ddof=1) + np.var(low, ddof=1))


@pytest.mark.process
def test_the_dummy_s_points_have_worlds_of_their_own():
    """Its rows are A's settings in worlds that no other point has seen."""
    found = sweep(BUILD, [STANDARD], kind="saltelli", points=2, replications=2, **SHORT)
    a, dummy = found.value[found.design.a], found.value[found.design.dummy]
    assert not (a == dummy).any()
    world, rules = BUILD(found.settings(int(found.design.dummy[0])))
    run = sim.simulate(world, rules, seed=1, replications=4, days=30, engine="simpy")
    behind = analysis.outcomes(run, ["filed_share"])["filed_share"].per_replication[2:]
    place = found.place("filed_share")
    assert np.array_equal(found.value[found.design.dummy[0], :, place], behind)


@pytest.mark.process
def test_what_is_done_is_not_done_again_and_every_point_is_told_of():
    """A sweep goes on where it stopped, and its result does not know that it had stopped."""
    whole = sweep(BUILD, [STANDARD], points=3, replications=2, **SHORT)
    kept: dict[int, Measured] = {}

    def stop_after_two(point: int, measured: Measured) -> None:
        kept[point] = measured
        if len(kept) == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        sweep(BUILD, [STANDARD], points=3, replications=2, keep=stop_after_two, **SHORT)
    told: list[int] = []
    again = sweep(
        BUILD,
        [STANDARD],
        points=3,
        replications=2,
        done=kept,
        keep=lambda point, _: told.append(point),
        **SHORT,
    )
    assert sorted([*kept, *told]) == list(range(len(whole.design)))
    assert np.array_equal(again.value, whole.value, equal_nan=True)
    assert np.array_equal(again.n, whole.n)


def test_a_point_that_is_not_possible_stops_the_sweep_before_it_begins():
    """Hours of work must not end in a mistake that was there from the start."""
    begun: list[object] = []

    def pool(_: object, tasks: list[object]) -> list[object]:
        begun.extend(tasks)
        return []

    with pytest.raises(ValueError, match="less than or equal to 1"):
        sweep(BUILD, [Axis("behaviour.review_propensity", 0.5, 1.5)], points=2, pool=pool, **SHORT)
    with pytest.raises(DoesNotFit, match="must not be longer than the run of 30 days"):
        sweep(BUILD, [Axis("windows.merchant_evidence", 24, 24 * 60)], points=2, pool=pool, **SHORT)
    assert not begun


@pytest.mark.process
def test_the_table_has_a_row_for_each_point_and_measure():
    """What a researcher takes into a data frame; undefined is NaN with its count."""
    found = sweep(BUILD, [STANDARD, PROPENSITY], points=2, replications=2, **SHORT)
    rows = found.table()
    assert len(rows) == len(found.design) * 2
    assert {"point", "decision.standard", "behaviour.review_propensity", "metric", "value", "n"} <= set(
        rows[0]
    )
    with pytest.raises(ValueError, match="was not measured"):
        found.of("open_share")
