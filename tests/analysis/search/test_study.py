"""A search on toy fronts whose truth is known."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from benchmarks.fronts import FRONTS, Toys, aims_of, best, by_search, by_sobol, levers_of, metric
from evenhand.analysis.search import Aims, Goal, Lever, explore, floor_of
from evenhand.analysis.search.study import FIRST_WORLDS, MOST_WORLDS

TOY = FRONTS[0]


class Watched(Toys):
    """A laboratory that notes what it was asked for, and may refuse some values."""

    def __init__(self, *, below: float = 2.0) -> None:
        super().__init__(TOY, 1)
        self.below, self.asked = below, Counter()

    def allowed(self, values):
        return values.get("x0", 0.5) < self.below

    def see(self, wanted):
        for candidate, worlds in wanted:
            self.asked[candidate.number] = worlds
        return super().see(wanted)


def explored(worlds=300, lab=None, seed=5):
    lab = lab or Watched()
    return explore(levers_of(TOY), lab.aims, worlds, lab, seed=seed)


def test_a_budget_is_spent_and_no_world_more():
    """What is spent are the worlds of all candidates, each counted once."""
    found = explored(300)
    assert found.spent == sum(len(one.value) for one in found.seen)
    assert 300 - FIRST_WORLDS < found.spent <= 300


def test_a_third_goes_to_sobol_points_and_those_near_the_front_are_doubled():
    """Worlds are 4, 8, 16, ...; the base is the first candidate and is changed in nothing."""
    found = explored(300)
    assert found.candidates[0].values == {}
    assert len(found.of("sobol")) == 300 // 3 // FIRST_WORLDS
    sizes = {len(one.value) for one in found.seen}
    assert sizes <= {4, 8, 16, 32, 64}
    assert len(sizes) > 1
    assert max(sizes) <= MOST_WORLDS
    doubled = [number for number, one in enumerate(found.seen) if len(one.value) > FIRST_WORLDS]
    assert found.standing.near[doubled].mean() >= 0.5


def test_the_same_seed_finds_the_same():
    """Every candidate and every number, so that a search that was stopped can go on by asking again."""
    one, other = explored(), explored()
    assert one.candidates == other.candidates
    assert all(np.array_equal(a.value, b.value) for a, b in zip(one.seen, other.seen, strict=True))
    assert explored(seed=6).candidates != one.candidates


def test_what_is_not_allowed_is_never_lived_through():
    """Neither among the Sobol points nor from the optimiser; it is counted."""
    lab = Watched(below=0.5)
    found = explored(200, lab)
    assert found.refused > 0
    assert all(lab.allowed(one.values) for one in found.candidates if one.values)
    assert set(lab.asked) == {one.number for one in found.candidates}


def test_levers_with_few_values_are_exhausted_before_the_budget():
    """Nothing is tried twice: four combinations and the base are all there is, whatever the budget."""

    class Few(Watched):
        def allowed(self, values):
            return True

        def point(self, values):
            a, b = values.get("a") == "p", values.get("b")
            return np.array([0.2 if a else 0.4, 0.3 if b else 0.1, 0.5, 0.5])

    levers = (Lever("a", None, ("p", "q"), "p"), Lever("b", None, (False, True), base=False))
    found = explore(levers, aims_of(TOY), 2000, Few(), seed=1)
    assert found.exhausted
    assert len(found.candidates) == 5
    near = np.flatnonzero(found.standing.near)
    assert all(len(found.seen[one].value) == MOST_WORLDS for one in near)


def test_from_four_goals_on_another_optimiser_looks():
    """TPE's model of many goals is poor; NSGA-II takes over, and its candidates bear its name."""

    class Four(Watched):
        def truth(self, values):
            x = self.point(values)
            return np.array([x[0], 1 - x[0], x[1], 1 - x[1]])

    lab = Four()
    lab.shared = np.random.default_rng(1).standard_normal((128, 4))
    goals = aims_of(TOY).goals
    asked = Aims((*goals, Goal(metric("f2"), "min"), Goal(metric("f3"), "min")))
    found = explore(levers_of(TOY), asked, 200, lab, seed=1)
    assert found.sampler.name == "NSGA-II"
    assert found.of("NSGA-II")


def test_the_floor_is_what_sobol_points_cover_alone():
    """All candidates cover at least what the Sobol points do; shares of the same box."""
    floor = floor_of(explored(400))
    assert 0 < floor.sobol <= floor.every <= 1
    assert 0 < floor.same <= floor.every


@pytest.mark.process
def test_a_search_beats_sobol_points_on_a_front_with_known_truth():
    """At equal budget, by what the reported fronts cover in truth; `benchmarks.fronts` has all six."""
    most = best(TOY, 2**10)
    search = [by_search(TOY, seed, 300) / most for seed in (1, 2, 3)]
    points = [by_sobol(TOY, seed, 300) / most for seed in (1, 2, 3)]
    assert np.mean(search) > np.mean(points) + 0.05
