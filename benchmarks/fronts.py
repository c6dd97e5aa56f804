"""Six toy fronts whose truth is known: does a search beat Sobol points at equal budget?

`python -m benchmarks.fronts` runs each front with many seeds, the whole budget for the search against the
whole budget for scrambled Sobol points with the same worlds each, and compares what their fronts cover *in
truth*, as shares of what the true front covers. The metrics are noisy, as those of a simulation are: luck is
shared between candidates for the most part.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import wilcoxon

from evenhand.analysis.experiments.axis import Axis
from evenhand.analysis.metrics.accumulators import Floats, Tally
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.metric import Metric
from evenhand.analysis.search import Aims, Candidate, Goal, Lever, Limit, Seen, Value, explore, hypervolume
from evenhand.analysis.search.front import constrained
from evenhand.analysis.search.sampler import sobol
from evenhand.analysis.search.study import FIRST_WORLDS, MOST_WORLDS

WORLDS, SEEDS, LEVEL = 600, 20, 0.05
NOISE, SHARED = 0.05, 0.9
"""Standard deviation of a metric in one world, and the share of its variance that all candidates share."""


class Toy(NamedTuple):
    """A front with a known truth: levers in [0, 1], costs, and limits that hold at 0 or below."""

    name: str
    levers: int
    goals: int
    costs: Callable[[Floats], Floats]
    """Costs of one point; in about [0, 1]."""
    limit: Callable[[Floats], float] | None = None
    reference: float = 1.1


def _zdt1(x: Floats) -> Floats:
    g = 1 + 9 * x[1:].mean()
    return np.array([x[0], g * (1 - np.sqrt(x[0] / g)) / 4])


def _zdt2(x: Floats) -> Floats:
    g = 1 + 9 * x[1:].mean()
    return np.array([x[0], g * (1 - (x[0] / g) ** 2) / 4])


def _bowl(x: Floats) -> Floats:
    return np.array([((x - 0.7) ** 2).sum() * 2])


def _two_bowls(x: Floats) -> Floats:
    return np.array([((x - 0.3) ** 2).mean() * 3, ((x - 0.7) ** 2).mean() * 3])


def _dtlz2(x: Floats) -> Floats:
    g = ((x[2:] - 0.5) ** 2).sum()
    a, b = x[0] * np.pi / 2, x[1] * np.pi / 2
    found: Floats = np.array([np.cos(a) * np.cos(b), np.cos(a) * np.sin(b), np.sin(a)])
    return np.asarray(found * (1 + g) / 1.3)


def _queue(x: Floats) -> Floats:
    """Cost against delay: staff in x[0], a window in x[1], the rest without use; full load is slow."""
    staff, window = 1 + 7 * x[0], 0.1 + x[1]
    load = min(1.2 / staff, 0.98)
    return np.array([(staff / 8 + 0.3 * (1 - x[1])) / 1.3, (window + 0.15 * load / (1 - load)) / 2])


FRONTS = (
    Toy("convex, 4 levers (ZDT1)", 4, 2, _zdt1),
    Toy("concave, 4 levers (ZDT2)", 4, 2, _zdt2),
    Toy("one goal, 5 levers", 5, 1, _bowl),
    Toy("two bowls with a limit, 5 levers", 5, 2, _two_bowls, lambda x: float(0.45 - x[0])),
    Toy("three goals, 5 levers (DTLZ2)", 5, 3, _dtlz2),
    Toy("a queue: cost against delay, 4 levers", 4, 2, _queue),
)


def metric(name: str) -> Metric:
    """A metric that only the toy has."""
    return Metric(name, name, "ratio", (), "lower", _none, pooled=False)


def _none(_: Cells) -> Tally:
    raise NotImplementedError


def levers_of(toy: Toy) -> tuple[Lever, ...]:
    """The levers of a toy."""
    return tuple(
        Lever.of(Axis(name=f"x{number}", low=0.0, high=1.0, base=0.5)) for number in range(toy.levers)
    )


def aims_of(toy: Toy) -> Aims:
    """Its goals, and its limit."""
    goals = tuple(Goal(metric(f"f{number}"), "min") for number in range(toy.goals))
    return Aims(goals, () if toy.limit is None else (Limit(metric("g"), "<=", 0.0),))


class Toys:
    """The laboratory of a toy: the truth and noise, most of it the same for all candidates."""

    def __init__(self, toy: Toy, seed: int) -> None:
        self.toy, self.aims, self.seed = toy, aims_of(toy), seed
        count = len(self.aims.metrics)
        self.shared = np.random.default_rng([seed, 1]).standard_normal((MOST_WORLDS * 2, count))

    def point(self, values: Mapping[str, Value]) -> Floats:
        """The levers as numbers."""
        return np.array([float(values.get(f"x{number}", 0.5)) for number in range(self.toy.levers)])

    def truth(self, values: Mapping[str, Value]) -> Floats:
        """All metrics without noise."""
        x = self.point(values)
        found = self.toy.costs(x)
        return found if self.toy.limit is None else np.append(found, self.toy.limit(x))

    def allowed(self, values: Mapping[str, Value]) -> bool:
        """Every point is."""
        return all(0.0 <= float(one) <= 1.0 for one in values.values())

    def see(self, wanted: Sequence[tuple[Candidate, int]]) -> list[Seen]:
        """The truth and noise in so many worlds."""
        return [self.one(candidate, worlds) for candidate, worlds in wanted]

    def one(self, candidate: Candidate, worlds: int) -> Seen:
        """One candidate."""
        key = [self.seed, 2, *(int(1e6 * value) for value in self.point(candidate.values))]
        own = np.random.default_rng(key).standard_normal((MOST_WORLDS * 2, self.shared.shape[1]))[:worlds]
        noise = NOISE * (np.sqrt(SHARED) * self.shared[:worlds] + np.sqrt(1 - SHARED) * own)
        value = self.truth(candidate.values) + noise
        return Seen(value, np.ones(value.shape, np.int64))


def covered(toy: Toy, truths: Floats) -> float:
    """What some points cover in truth, those that break a limit left out."""
    goals, limits = truths[:, : toy.goals], truths[:, toy.goals :]
    kept = goals[(limits <= 0).all(axis=1)]
    if not len(kept):
        return 0.0
    front = kept[constrained(kept, np.zeros((len(kept), 0)))]
    return hypervolume(front, np.full(toy.goals, toy.reference))


def best(toy: Toy, points: int = 2**13) -> float:
    """What the true front covers, from many points without noise."""
    lab = Toys(toy, 0)
    return covered(toy, np.array([lab.truth(one) for one in sobol(levers_of(toy), points, 12345)]))


def by_search(toy: Toy, seed: int, worlds: int) -> float:
    """What the front that a search reports covers in truth."""
    lab = Toys(toy, seed)
    found = explore(levers_of(toy), lab.aims, worlds, lab, seed=seed)
    front = np.flatnonzero(found.standing.front)
    return covered(toy, np.array([lab.truth(found.candidates[int(one)].values) for one in front]))


def by_sobol(toy: Toy, seed: int, worlds: int) -> float:
    """What the front of Sobol points covers in truth, all of the budget spent on them."""
    lab = Toys(toy, seed)
    points = sobol(levers_of(toy), worlds // FIRST_WORLDS, seed)
    seen = lab.see([(Candidate(number, one, "sobol"), FIRST_WORLDS) for number, one in enumerate(points)])
    means = np.stack([one.value.mean(axis=0) for one in seen])
    front = np.flatnonzero(constrained(lab.aims.costs(means), np.maximum(lab.aims.excesses(means), 0.0)))
    return covered(toy, np.array([lab.truth(points[int(one)]) for one in front]))


def main() -> None:
    """Print what search and Sobol points cover on each front."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=WORLDS)
    parser.add_argument("--seeds", type=int, default=SEEDS)
    asked = parser.parse_args()
    won = 0
    print(f"{asked.worlds} worlds, {asked.seeds} seeds; covered, as a share of what the true front covers")
    for toy in FRONTS:
        most = best(toy)
        search = np.array([by_search(toy, seed, asked.worlds) for seed in range(1, asked.seeds + 1)]) / most
        points = np.array([by_sobol(toy, seed, asked.worlds) for seed in range(1, asked.seeds + 1)]) / most
        p = float(wilcoxon(search, points).pvalue) if (search != points).any() else 1.0
        better = bool(search.mean() > points.mean() and p < LEVEL)
        won += better
        print(
            f"{toy.name:40} search {search.mean():.3f}  Sobol {points.mean():.3f}  "
            f"better in {(search > points).sum()} of {asked.seeds}, p = {p:.2g}"
            f"{'  search wins' if better else ''}",
            flush=True,
        )
    print(f"search beats Sobol points on {won} of {len(FRONTS)} fronts")


if __name__ == "__main__":
    main()
