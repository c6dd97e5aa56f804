"""Where a study looks: futures that fill the space, and steps that tell a belief from luck."""

from __future__ import annotations

import numpy as np
import pytest

from evenhand.analysis.robust import futures, screen
from evenhand.analysis.robust.designs import DUMMIES, STEP, alone
from evenhand.analysis.robust.screening import effects


def test_futures_are_a_latin_hypercube() -> None:
    """Every belief has one future in each of as many equal slices as there are futures."""
    z = futures(5, 64, seed=3)
    slices = np.floor((z + 1) / 2 * 64).astype(int)
    for column in slices.T:
        assert sorted(column) == list(range(64))


def test_the_seed_decides_on_futures_and_nothing_else_does() -> None:
    """The same seed gives the same futures, another one others."""
    assert np.array_equal(futures(5, 64, 3), futures(5, 64, 3))
    assert not np.array_equal(futures(5, 64, 3), futures(5, 64, 4))


def test_too_few_futures_are_refused() -> None:
    """A share of a handful is no share."""
    with pytest.raises(ValueError, match="futures must be 16 or more, found 8"):
        futures(3, 8, 1)


def test_a_screening_moves_one_belief_a_step_and_dummies_only_the_worlds() -> None:
    """A step goes over two of three gaps and stays inside; dummies stand at the start, in other worlds."""
    look = screen(6, 3, seed=2)
    blocks = look.z.reshape(3, look.size, 6)
    assert np.abs(look.z).max() <= 1
    for block in blocks:
        moved = np.abs(block[1:7] - block[0])
        assert np.allclose(moved, STEP * np.eye(6))
        assert np.array_equal(block[7:], np.repeat(block[:1], DUMMIES, axis=0))
    assert look.block.reshape(3, -1)[0].tolist() == [0] * 7 + [1, 2, 3]


def test_effects_of_a_line_are_its_slopes_over_a_full_swing() -> None:
    """Without luck the screening is exact, with its sign, and the floor is 0."""
    look = screen(4, 5, seed=1)
    slopes = np.array([1.0, -0.5, 0.0, 0.25])
    found = effects(look, look.z @ slopes)
    assert np.allclose(found.mean, 2 * slopes)
    assert np.allclose(found.spread, 0)
    assert found.above.tolist() == [0, 1, 3]


def test_an_effect_within_luck_is_not_above_the_floor() -> None:
    """Where worlds alone move the difference as far, no belief is told apart from them."""
    look = screen(4, 6, seed=1)
    luck = np.random.default_rng(5).normal(0, 1, (6, 4))
    values = 0.01 * look.z[:, 0] + luck[np.arange(len(look.z)) // look.size, look.block]
    assert effects(look, values).above.tolist() == []


def test_beliefs_alone_are_the_base_and_ends_and_more_for_the_first() -> None:
    """The base once, both ends of each, and two points between for those looked at in detail."""
    look = alone(5, np.array([3, 1]), detailed=1)
    assert look.belief.tolist() == [-1, 3, 3, 3, 3, 1, 1]
    assert look.z[:, 3].tolist() == [0, -1, -0.5, 0.5, 1, 0, 0]
