"""Fronts: who beats whom under limits, and what a front covers."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.fronts import metric
from evenhand.analysis.search import Aims, Goal, Limit, Seen, hypervolume
from evenhand.analysis.search.front import constrained, standing

TWO = Aims((Goal(metric("a"), "min"), Goal(metric("b"), "min")))


def seen(*worlds: tuple[float, ...]) -> Seen:
    value = np.array(worlds)
    return Seen(value, np.ones(value.shape, np.int64))


@pytest.mark.parametrize(
    ("points", "reference", "volume"),
    [
        ([(1, 1)], (2, 2), 1),
        ([(0, 1), (1, 0)], (2, 2), 3),
        ([(0, 1), (1, 0), (1.5, 1.5)], (2, 2), 3),
        ([(3, 0)], (2, 2), 0),
        ([(0, 0, 1), (1, 1, 0)], (2, 2, 2), 4 + 1),
        ([(0.25,), (0.5,)], (1,), 0.75),
    ],
)
def test_a_front_covers_the_union_of_its_boxes(points, reference, volume):
    """Areas and volumes that one can add up by hand; what is dominated or outside adds nothing."""
    assert hypervolume(np.array(points, float), np.array(reference, float)) == pytest.approx(volume)


def test_who_keeps_the_limits_beats_who_does_not():
    """However good the goals are; and where nobody keeps them, who breaks them least."""
    costs = np.array([[1.0], [0.0], [2.0]])
    assert constrained(costs, np.array([[0.0], [0.1], [0.0]])).tolist() == [True, False, False]
    assert constrained(costs, np.array([[0.3], [0.1], [0.2]])).tolist() == [False, True, False]


def test_pairs_are_compared_over_the_worlds_that_both_have_seen():
    """A candidate with lucky first worlds is not beaten by its own bad later ones, which the other lacks."""
    often = seen((1.0, 1.0), (1.0, 1.0), (9.0, 9.0), (9.0, 9.0))
    rarely = seen((2.0, 2.0), (2.0, 2.0))
    assert standing([often, rarely], TWO).front.tolist() == [True, False]


def test_what_may_be_luck_is_near_and_what_is_not_is_far():
    """Near is who is beaten by less than a standard error of the paired difference in some goal."""
    rng = np.random.default_rng(1)
    luck = rng.normal(size=(8, 2))
    best, close, far = luck, luck + 0.01 + rng.normal(size=(8, 2)), luck + 5.0
    found = standing([seen(*map(tuple, one)) for one in (best, close, far)], TWO)
    assert found.front.tolist()[2] is False
    assert found.near.tolist() == [True, True, False]


def test_a_limit_that_is_broken_beyond_luck_takes_a_candidate_out():
    """The same candidate with a limit that it breaks by a hair of its noise stays near."""
    asked = Aims((Goal(metric("a"), "min"),), (Limit(metric("b"), "<=", 0.0),))
    rng = np.random.default_rng(2)
    noise = rng.normal(size=8) - rng.normal(size=8).mean()
    keeps = np.column_stack([np.full(8, 2.0), np.full(8, -1.0)])
    barely = np.column_stack([np.ones(8), noise - noise.mean() + 0.01])
    never = np.column_stack([np.ones(8), np.full(8, 3.0)])
    found = standing([seen(*map(tuple, one)) for one in (keeps, barely, never)], asked)
    assert found.near.tolist() == [True, True, False]
