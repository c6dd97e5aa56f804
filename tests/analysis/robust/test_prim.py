"""Rules say where a conclusion flips only as far as futures they have not seen agree."""

from __future__ import annotations

import numpy as np

from evenhand.analysis.robust import curves, flip_rules
from evenhand.analysis.robust.designs import alone
from evenhand.analysis.robust.prim import RESTRICTIONS, halves
from evenhand.analysis.robust.regret import Limit, regrets, satisficing

Z = np.random.default_rng(4).uniform(-1, 1, (600, 8))
SEEN = halves(600, 1)


def test_a_box_is_found_where_it_is() -> None:
    """Two restrictions in eight beliefs, told with the density of the unseen half."""
    flipped = (Z[:, 2] > 0.2) & (Z[:, 5] < 0.3)
    (rule, *_) = flip_rules(Z, flipped, np.arange(8), SEEN)
    assert {one.belief for one in rule.restrictions} == {2, 5}
    assert rule.density.value > 0.85
    assert rule.density.low > rule.base.value


def test_where_nothing_tells_there_is_no_rule() -> None:
    """A conclusion that flips by chance has boxes in the seen half, which the unseen half hardly confirms."""
    found = [
        flip_rules(Z, np.random.default_rng(seed).random(600) < 0.3, np.arange(8), SEEN) for seed in range(10)
    ]
    excess = [rule.density.value - rule.base.value for rules in found for rule in rules]
    assert all(rule.density.value > rule.base.value for rules in found for rule in rules)
    assert np.mean([rule.seen for rules in found for rule in rules] or [0.5]) > 0.3 + np.mean(excess or [0])


def test_a_rule_has_three_restrictions_at_most_and_only_screened_beliefs() -> None:
    """More would fit the futures that were seen; a belief that moves nothing has no place in it."""
    flipped = (Z[:, :5] > -0.3).all(axis=1)
    for rule in flip_rules(Z, flipped, np.array([0, 1, 2, 3, 4]), SEEN):
        assert len(rule.restrictions) <= RESTRICTIONS
        assert {one.belief for one in rule.restrictions} <= {0, 1, 2, 3, 4}


def test_what_never_flips_has_no_rule() -> None:
    """Nor has what was not screened."""
    assert flip_rules(Z, np.zeros(600, bool), np.arange(8), SEEN) == ()
    assert flip_rules(Z, Z[:, 0] > 0, np.array([], np.int64), SEEN) == ()


def test_a_break_even_is_where_the_line_crosses_nothing() -> None:
    """One belief alone, linear: the difference 1 - 2 z is nothing at one half, that of 3 + z nowhere."""
    look = alone(2, np.array([0, 1]), detailed=2)
    first = (1 - 2 * look.z[:, [0]] + 0 * look.z[:, [1]]).repeat(3, axis=1)
    found = {one.belief: one for one in curves(look, first)}
    assert found[0].break_even == 0.5
    assert found[1].break_even is None
    assert found[0].width == 2.0


def test_regret_is_against_the_best_of_each_future() -> None:
    """Two policies and three futures by hand; the worst is named by its number."""
    first, second = regrets(np.array([[0.0, 1.0], [0.0, -2.0], [0.0, np.nan]]))
    assert (first.mean, first.worst, first.future) == (0.5, 1.0, 0)
    assert (second.mean, second.worst, second.future) == (1.0, 2.0, 1)


def test_limits_hold_together_or_not_at_all() -> None:
    """All limits in one future; an undefined value keeps none."""
    values = [
        np.array([[0.1, 0.3], [0.1, 0.1], [np.nan, 0.1]]),
        np.array([[5.0, 5.0], [9.0, 5.0], [5.0, 5.0]]),
    ]
    limits = [Limit("a", True, 0.2), Limit("b", True, 6.0)]
    first, second = satisficing(values, limits)
    assert (round(first.value, 3), round(second.value, 3)) == (0.333, 0.667)
