"""The search itself: a floor of Sobol points, an optimiser, and more worlds for what is near the front."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import numpy as np

from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.search.front import Seen, Standing, constrained, hypervolume, pooled, standing
from evenhand.analysis.search.goals import Aims
from evenhand.analysis.search.lever import Lever, Value
from evenhand.analysis.search.sampler import Proposal, Sampler, Values, sobol

FIRST_WORLDS = 4
"""Worlds of every candidate to begin with."""
MOST_WORLDS = 64
"""Beyond so many a candidate is not doubled any more."""
BATCH = 8
"""Candidates that are asked for at once; workers do not enter, so that no number depends on them."""
SHARPEN = 0.5
"""Worlds for doubling, at most, for each world of the optimiser."""
FUTILE = 40
"""Proposals in a row that were seen before or are not allowed, after which there is nothing left to try."""
LEAST = 24
"""Worlds that a search needs at least: the base and a few candidates."""


class Candidate(NamedTuple):
    """Values of all levers that are, or were, tried."""

    number: int
    values: Mapping[str, Value]
    source: str
    """'base', 'sobol', or the optimiser's name."""


class Laboratory(Protocol):
    """Where candidates are lived through: worlds are the same for all of them, and numbered from 0."""

    def allowed(self, values: Mapping[str, Value]) -> bool:
        """Whether the two models take these values."""

    def see(self, wanted: Sequence[tuple[Candidate, int]]) -> list[Seen]:
        """The metrics of each candidate in so many first worlds; what was seen before is not lived again."""


Tell = Callable[[int, int], None]
"""Told how many worlds are spent, and the candidates seen."""


@dataclass
class Explored:
    """Everything that was tried, and what was seen of it."""

    levers: tuple[Lever, ...]
    aims: Aims
    candidates: list[Candidate]
    seen: list[Seen]
    """Of each candidate, in as many worlds as it got."""
    sampler: Sampler
    spent: int = 0
    """Worlds."""
    refused: int = 0
    """Proposals that the two models do not take together."""
    exhausted: bool = False
    """There was nothing left to try before the budget was used up."""
    _known: dict[tuple[object, ...], int] = field(default_factory=dict)

    @property
    def standing(self) -> Standing:
        """All candidates against each other."""
        return standing(self.seen, self.aims)

    def means(self, worlds: int) -> Floats:
        """The metrics of all candidates over the first worlds; (candidates, metrics)."""
        return np.stack([pooled(one.first(worlds), self.aims) for one in self.seen])

    def of(self, source: str) -> list[int]:
        """The numbers of the candidates from a source."""
        return [one.number for one in self.candidates if one.source == source]

    def keeps(self, worlds: int = FIRST_WORLDS) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Which candidates keep all limits over the first worlds."""
        excess = self.aims.excesses(self.means(worlds))
        return np.asarray((excess <= 0).all(axis=1))


class Floor(NamedTuple):
    """What the Sobol points covered, and what as many, and all, candidates of the optimiser did.

    Hypervolumes over the same first worlds, as shares of the box between the best and the worst seen; limits
    are kept by all that count.
    """

    sobol: float
    same: float
    """By as many candidates of the optimiser as there were Sobol points, or all if there are fewer."""
    every: float
    """By all candidates together."""
    points: int
    rivals: int


def explore(
    levers: Sequence[Lever],
    aims: Aims,
    worlds: int,
    lab: Laboratory,
    *,
    seed: int = 1,
    tell: Tell | None = None,
) -> Explored:
    """Spend a budget of worlds on finding what no other candidate beats.

    The first third goes to scrambled Sobol points. Then the optimiser is asked for a batch at a time, and
    what is near the front gets twice its worlds, those with the fewest first. The optimiser is told means
    over the first worlds only, which all candidates have. Raises ValueError for a budget that is too small
    or levers given twice, NoSearch without optuna.
    """
    names = [lever.name for lever in levers]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice or not levers:
        raise ValueError(f"the lever {twice} is given twice" if twice else "a search needs one lever or more")
    if worlds < LEAST:
        raise ValueError(f"a budget of {worlds} worlds is too small; {LEAST} are the least")
    points = max(worlds // 3 // FIRST_WORLDS, 2)
    found = Explored(tuple(levers), aims, [], [], Sampler(levers, len(aims.goals), seed, points))
    search = _Search(found, lab, worlds, tell)
    search.begin()
    search.floor(points, seed)
    search.optimise()
    return found


class _Search:
    """A search on its way."""

    def __init__(self, found: Explored, lab: Laboratory, worlds: int, tell: Tell | None) -> None:
        self.found, self.lab, self.budget, self.tell = found, lab, worlds, tell

    @property
    def left(self) -> int:
        return self.budget - self.found.spent

    def begin(self) -> None:
        """The base, as it is without any change."""
        self._try([self._new({}, "base")])

    def floor(self, points: int, seed: int) -> None:
        """Sobol points; those that are not allowed are passed over for the next ones."""
        chosen: list[Values] = []
        for values in sobol(self.found.levers, 4 * points, seed):
            if len(chosen) == points:
                break
            if self._number(values) is None and values not in chosen:
                if self.lab.allowed(values):
                    chosen.append(values)
                else:
                    self.found.refused += 1
        proposals = [self.found.sampler.given(values) for values in chosen]
        self._live(proposals, "sobol")

    def optimise(self) -> None:
        """The optimiser and the doubling, in turns, until the budget is used up."""
        sharpened, explored, futile = 0, 0, 0
        while self.left >= FIRST_WORLDS and futile < FUTILE:
            fresh: list[Proposal] = []
            while len(fresh) < min(BATCH, self.left // FIRST_WORLDS) and futile < FUTILE:
                one = self.found.sampler.ask()
                if self._usable(one, fresh):
                    fresh.append(one)
                    futile = 0
                else:
                    futile += 1
            explored += FIRST_WORLDS * len(fresh)
            self._live(fresh, self.found.sampler.name)
            sharpened += self._sharpen(int(SHARPEN * explored) - sharpened)
        self.found.exhausted = futile >= FUTILE
        while self.left > 0 and self._sharpen(self.left):
            pass

    def _usable(self, one: Proposal, beside: Sequence[Proposal]) -> bool:
        """Whether a proposal is new and allowed; if not, the optimiser is told what is known of it."""
        known = self._number(one.values)
        if known is not None:
            self._told(one, known)
            return False
        if any(one.values == other.values for other in beside):
            self.found.sampler.tell(one, None, np.zeros(0))
            return False
        if not self.lab.allowed(one.values):
            self.found.refused += 1
            self.found.sampler.tell(one, None, np.zeros(0))
            return False
        return True

    def _live(self, proposals: Sequence[Proposal], source: str) -> None:
        """Live through new candidates and tell the optimiser."""
        numbers = [self._new(one.values, source) for one in proposals]
        self._try(numbers)
        for one, number in zip(proposals, numbers, strict=True):
            self._told(one, number)

    def _told(self, one: Proposal, number: int) -> None:
        means = pooled(self.found.seen[number].first(FIRST_WORLDS), self.found.aims)
        self.found.sampler.tell(one, self.found.aims.costs(means), self.found.aims.excesses(means))

    def _sharpen(self, worlds: int) -> int:
        """Double candidates near the front for at most so many worlds; gives the worlds spent."""
        near = self.found.standing.near
        having = [(len(self.found.seen[n].value), n) for n in np.flatnonzero(near).tolist()]
        chosen: list[int] = []
        spent = 0
        for have, number in sorted(having):
            if have < MOST_WORLDS and spent + have <= min(worlds, self.left):
                chosen.append(number)
                spent += have
        self._try(chosen, double=True)
        return spent

    def _new(self, values: Mapping[str, Value], source: str) -> int:
        number = len(self.found.candidates)
        self.found.candidates.append(Candidate(number, dict(values), source))
        self.found._known[_key(values)] = number  # noqa: SLF001 (of its own module)
        return number

    def _number(self, values: Mapping[str, Value]) -> int | None:
        return self.found._known.get(_key(values))  # noqa: SLF001 (of its own module)

    def _try(self, numbers: Sequence[int], *, double: bool = False) -> None:
        """See candidates in their first worlds, or in twice as many as before."""
        if not numbers:
            return
        found = self.found
        wanted = [
            (found.candidates[n], 2 * len(found.seen[n].value) if double else FIRST_WORLDS) for n in numbers
        ]
        for number, seen in zip(numbers, self.lab.see(wanted), strict=True):
            before = len(found.seen[number].value) if number < len(found.seen) else 0
            found.spent += len(seen.value) - before
            if number < len(found.seen):
                found.seen[number] = seen
            else:
                found.seen.append(seen)
        if self.tell is not None:
            self.tell(found.spent, len(found.candidates))


def _key(values: Mapping[str, Value]) -> tuple[object, ...]:
    """Values as a key; a switch is not the number that Python takes it for."""
    return tuple((name, type(value) is bool, value) for name, value in sorted(values.items()))


def floor_of(found: Explored) -> Floor:
    """What the floor of Sobol points covered, and what the optimiser did, over the first worlds of all."""
    means = found.means(FIRST_WORLDS)
    costs, keeps = found.aims.costs(means), found.keeps()
    known = np.isfinite(costs).all(axis=1) & keeps
    low, reach = _box(costs[known])
    points, rivals = found.of("sobol"), found.of(found.sampler.name)

    def covered(numbers: Sequence[int]) -> float:
        mine = [n for n in numbers if known[n]]
        if not mine:
            return 0.0
        front = costs[mine][constrained(costs[mine], np.zeros((len(mine), 0)))]
        most = float(1.1 ** costs.shape[1])
        return hypervolume((front - low) / reach, np.full(costs.shape[1], 1.1)) / most

    return Floor(
        covered(points),
        covered(rivals[: len(points)]),
        covered(range(len(found.candidates))),
        len(points),
        len(rivals),
    )


def _box(costs: Floats) -> tuple[Floats, Floats]:
    if not len(costs):
        return np.zeros(costs.shape[1]), np.ones(costs.shape[1])
    low, high = costs.min(axis=0), costs.max(axis=0)
    return low, np.where(high > low, high - low, 1.0)
