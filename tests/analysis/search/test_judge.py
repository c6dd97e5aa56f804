"""The front in fresh worlds: chances, regret, optimism and groups on cases that one can work out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import stdtr

from benchmarks.fronts import metric
from evenhand.analysis.search import Aims, Goal, Limit, Seen
from evenhand.analysis.search.judge import judge, shown

ONE = Aims((Goal(metric("a"), "min"),))
TWO = Aims((Goal(metric("a"), "min"), Goal(metric("b"), "min")))


def seen(value):
    value = np.asarray(value, float)
    return Seen(value, np.ones(value.shape, np.int64))


def judged(worlds, aims, before=None):
    fresh = [seen(one) for one in worlds]
    return judge(range(len(fresh)), fresh, before or fresh, aims, np.ones(len(aims.goals)))


def test_the_chance_to_be_best_of_two_is_that_of_their_t_test():
    """P(mean of B below mean of A) is Student's T of minus t of the paired difference."""
    rng = np.random.default_rng(3)
    luck, apart = 10 * rng.normal(size=(12, 1)), 0.4 * rng.normal(size=(12, 1)) - 0.1
    found = judged([luck, luck + apart], ONE)
    t = apart.mean() / (apart.std(ddof=1) / np.sqrt(12))
    assert found.on_front[1] == pytest.approx(stdtr(11, -t), abs=0.03)
    assert found.on_front.sum() == pytest.approx(1.0)


def test_equals_share_the_front_and_lack_nothing():
    """A candidate compared with itself differs by nothing, is on the front with it, and in one group."""
    rng = np.random.default_rng(4)
    luck = rng.normal(size=(8, 2))
    found = judged([luck, luck, luck], TWO)
    assert found.on_front.tolist() == [1.0, 1.0, 1.0]
    assert found.regret.tolist() == [0.0, 0.0, 0.0]
    assert found.groups == ((0, 1),)
    assert (found.against_base.mean == 0).all()


def test_regret_is_what_is_lacking_to_the_best():
    """Without noise: by exactly how much every goal would have to be better."""
    flat = np.ones((6, 2))
    found = judged([flat * (1.0, 1.0), flat * (1.3, 1.2), flat * (0.5, 2.0)], TWO)
    assert found.regret == pytest.approx([0.0, 0.2, 0.0], abs=1e-9)


def test_a_limit_holds_with_its_t_chance():
    """The chance that a mean is below a bound is that of Student's t about what was seen."""
    rng = np.random.default_rng(5)
    values = np.column_stack([np.zeros(10), rng.normal(size=10)])
    asked = Aims((Goal(metric("a"), "min"),), (Limit(metric("b"), "<=", 0.2),))
    found = judged([values, values], asked)
    t = (0.2 - values[:, 1].mean()) / (values[:, 1].std(ddof=1) / np.sqrt(10))
    assert found.keeps[0] == pytest.approx(stdtr(9, t), abs=0.03)


def test_optimism_is_by_how_much_a_candidate_looked_better():
    """Positive where fresh worlds are worse than those that chose it, for goals either way."""
    fresh, before = np.full((4, 1), 3.0), [seen(np.full((4, 1), 1.0))] * 2
    assert judged([fresh, fresh], ONE, before).optimism.ravel() == pytest.approx([2.0, 2.0])
    more = Aims((Goal(metric("a"), "max"),))
    assert judged([fresh, fresh], more, before).optimism.ravel() == pytest.approx([-2.0, -2.0])


def test_one_world_gives_no_chance():
    """What one world says is said without how sure it is."""
    found = judged([np.ones((1, 1)), np.zeros((1, 1))], ONE)
    assert np.isnan(found.on_front).all()
    assert np.isnan(found.regret).all()


def test_candidates_far_apart_are_told_apart():
    """Those that no goal tells apart share a group; a third one stands alone."""
    rng = np.random.default_rng(6)
    luck = rng.normal(size=(16, 1))
    near = luck + 0.01 * rng.normal(size=(16, 1))
    found = judged([luck, luck, near, luck + 3], ONE)
    assert sorted(map(sorted, found.groups)) == [[0, 1], [2]]


def test_of_many_those_are_shown_that_cover_most_together():
    """The ends of a front stay, and neighbours that add nothing go."""
    x = np.linspace(0, 1, 40)
    costs = np.column_stack([x, 1 - x])
    chosen = shown(costs, list(range(40)), 5)
    assert len(chosen) == 5
    assert max(np.diff(chosen)) <= 16
