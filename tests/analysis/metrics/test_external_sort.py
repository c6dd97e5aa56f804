"""A pile gives its rows in order however few fit into memory."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evenhand.analysis.metrics.censoring import Followed, Steps
from evenhand.analysis.metrics.external_sort import KEY, Pile, are_later, by_cell, in_time, times_of

TIMES = st.lists(st.floats(0, 1e6, allow_subnormal=False), max_size=60)


@settings(max_examples=80, deadline=None)
@given(TIMES, st.integers(1, 20), st.integers(1, 9))
def test_rows_come_in_order_and_none_is_lost(times: list[float], rows: int, at_once: int) -> None:
    """Sorted runs on disk are merged window by window; a window too short would lose or misplace rows."""
    pile = Pile(rows, number=np.int64)
    values = np.array(times)
    for start in range(0, len(values), at_once):
        part = values[start : start + at_once]
        pile.add(in_time(part), number=np.arange(start, start + len(part)))
    found = list(pile.rising())
    assert all(len(part) <= max(rows, len(pile._lengths)) for part in found)
    together = np.concatenate(found) if found else np.empty(0, pile.dtype)
    np.testing.assert_array_equal(times_of(together[KEY]), np.sort(values))
    np.testing.assert_array_equal(values[together["number"]], times_of(together[KEY]))
    again = list(pile.rising())
    np.testing.assert_array_equal(np.concatenate(again) if again else together, together)


def test_two_piles_together_have_the_rows_of_both() -> None:
    """The pieces of a run are piled apart, those on disk and those in memory."""
    one, other = Pile(3), Pile(2)
    one.add(in_time(np.array([5.0, 1.0, 4.0, 2.0])))
    other.add(in_time(np.array([3.0, 0.0, 6.0])))
    one.extend(other)
    assert np.concatenate([times_of(part[KEY]) for part in one.rising()]).tolist() == [0, 1, 2, 3, 4, 5, 6]


def test_keys_rise_with_time_and_put_the_later_ones_last() -> None:
    """Who leaves at a time makes room for who comes then; who ends at a time was still at risk."""
    times = np.array([0.0, 0.0, 1e-300, 1.0, np.nextafter(1.0, 2.0), 1e300, np.inf])
    later = np.array([False, True, False, True, False, False, False])
    keys = in_time(times, later)
    assert (keys[1:] > keys[:-1]).all()
    np.testing.assert_array_equal(times_of(keys), times)
    np.testing.assert_array_equal(are_later(keys), later)
    assert in_time(np.array([-0.0])) == in_time(np.array([0.0]))


def test_cells_are_told_apart_in_the_order_of_their_rows() -> None:
    """Groups of a sorted piece stay sorted."""
    found = {cell: rows.tolist() for cell, rows in by_cell(np.array([2, 0, 2, 2, 0], np.int32))}
    assert found == {0: [1, 4], 2: [0, 2, 3]}
    assert list(by_cell(np.empty(0, np.int32))) == []


@pytest.mark.parametrize("rows", [1, 2, 7, 50])
def test_a_curve_does_not_depend_on_how_many_rows_fit_into_memory(rows: int) -> None:
    """Ties over the border of two windows included: every step is the same to the last bit."""
    times = np.array([1, 1, 1, 2, 2, 3, 3, 3, 5, 8, 8, 9, 9, 9, 9], float).repeat(3)
    ended = np.arange(len(times)) % 4 > 0
    cell = np.arange(len(times)) % 2

    def steps(held: int) -> list[list[np.ndarray]]:
        followed = Followed(2, held)
        followed.add(cell, times, ended)
        parts: list[list[Steps]] = [[], []]
        for one in followed.steps():
            parts[one.cell].append(one)
        return [[np.concatenate([p[i] for p in mine]) for i in (1, 2, 3)] for mine in parts]

    for found, whole in zip(steps(rows), steps(1000), strict=True):
        for one, other in zip(found, whole, strict=True):
            np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("rows", [2, 7, 1000])
def test_the_keys_of_each_value_rise_on_disk_and_in_memory(rows: int) -> None:
    """In memory they are sorted value by value, on disk all together."""
    rng = np.random.default_rng(5)
    times, who = rng.integers(0, 9, 60).astype(float), rng.integers(0, 3, 60)
    pile = Pile(rows, who=np.int32)
    pile.add(in_time(times), who=who)
    found: dict[int, list[float]] = {}
    for value, keys in pile.keys_of_each("who"):
        found.setdefault(value, []).extend(times_of(keys))
    assert found == {value: sorted(times[who == value]) for value in range(3)}
    assert list(Pile(rows, who=np.int32).keys_of_each("who")) == []
