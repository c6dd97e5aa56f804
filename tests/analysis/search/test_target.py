"""The smallest change that reaches a target, on a toy whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.fronts import metric
from evenhand.analysis.experiments import Axis
from evenhand.analysis.search import Lever, Limit, Seen
from evenhand.analysis.search.target import smallest

LEVERS = (
    Lever.of(Axis(name="windows.a", low=0, high=100, base=80)),
    Lever.of(Axis(name="windows.b", low=10, high=100, base=50)),
    Lever.of(Axis(name="desks.staff", low=1, high=8, base=2, whole=True)),
    Lever("decider", None, ("desk", "panel"), "desk"),
)


class Office:
    """Time = window a + window b + 20 / staff, and luck that all changes share."""

    def __init__(self, *, refused: tuple[str, ...] = ()) -> None:
        self.refused, self.lived = refused, 0

    def allowed(self, values):
        return not set(values) & set(self.refused)

    def see(self, wanted):
        self.lived += sum(worlds for _, worlds in wanted)
        return [self.one(candidate.values, worlds) for candidate, worlds in wanted]

    def one(self, values, worlds):
        time = values.get("windows.a", 80) + values.get("windows.b", 50) + 20 / values.get("desks.staff", 2)
        value = (time + 0.1 * np.random.default_rng(7).standard_normal(worlds))[:, None]
        return Seen(value, np.ones(value.shape, np.int64))


def hunt(bound, **how):
    lab = Office(**how)
    return smallest(LEVERS, Limit(metric("time"), "<=", bound), lab)


def test_what_holds_already_needs_no_change():
    """And nothing is tried beyond the base."""
    found = hunt(141)
    assert found.reached
    assert found.values == {}
    assert found.tried == 1


def test_one_setting_is_enough_where_it_is():
    """The fewest settings first; of these the least distance: 20 of 100 for window a, 20 of 90 for b."""
    found = hunt(120)
    assert set(found.values) == {"windows.a"}
    assert found.values["windows.a"] == pytest.approx(60, abs=3)
    assert found.metric <= 120


def test_two_settings_where_one_is_not():
    """Neither alone, both together; each is taken back towards the base as far as the target allows."""
    found = hunt(30)
    assert set(found.values) == {"windows.a", "windows.b"}
    assert 27 < found.metric <= 30
    assert all(metric > 30 for metric in found.without.values())


def test_whole_numbers_stop_at_the_first_that_does():
    """All windows at their shortest leave 20 / staff: five do for 14, and not four."""
    found = hunt(14.2)
    assert found.values["desks.staff"] == 5


def test_where_none_does_the_best_is_told_and_what_binds():
    """12.5 is the least there is; windows can do most of it, a setting without effect does not help."""
    found = hunt(10)
    assert not found.reached
    assert found.metric == pytest.approx(12.5, abs=0.3)
    by_kind = {one.kind: one.metric for one in found.kinds}
    assert by_kind["windows"] < by_kind["desks"]
    assert [one.lever.name for one in found.alone if not one.helps] == ["decider"]


def test_a_change_that_is_not_allowed_is_not_proposed():
    """A lever that the two models refuse is as good as not there."""
    found = hunt(120, refused=("windows.a",))
    assert set(found.values) == {"windows.b"}
