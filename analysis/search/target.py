"""The smallest change that reaches a target, or the best that can be had and what binds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

import numpy as np

from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.search.front import Seen, added, pooled
from evenhand.analysis.search.goals import Aims, Goal, Limit
from evenhand.analysis.search.lever import Lever, Value
from evenhand.analysis.search.study import Candidate, Laboratory

WORLDS = 8
"""Worlds of every change that is tried."""
LEVELS = 5
"""Values of a range that are looked at when it is turned alone."""
FIRST, MOST_TOGETHER = 6, 4
"""Levers that are combined, those that help most, and how many at once."""
HALVINGS = 5
"""Halvings of the way back to the base, in search of the least distance."""
TAKEN_BACK = 4
"""Changes of as few settings that are taken back towards the base, those nearest to it."""
ROUNDS = 2
"""Rounds over all levers for the best that can be had."""


class Alone(NamedTuple):
    """What a lever does alone, at the best of the values that were looked at."""

    lever: Lever
    value: Value
    """The best value."""
    metric: float
    """The metric there."""
    gain: float
    """How much nearer the target that is than the base; below 0 = further."""
    helps: bool
    """Whether the gain is beyond luck: more than two standard errors of the paired difference."""


class Together(NamedTuple):
    """Levers of one kind, all at their best alone, the others as they are."""

    kind: str
    """The group of settings they stand in: windows, desks, ..."""
    values: Mapping[str, Value]
    metric: float


@dataclass(frozen=True, eq=False)
class Target:
    """What was found for a target."""

    limit: Limit
    base: float
    """The metric as it is, in the worlds of the search."""
    reached: bool
    """Whether any change reaches it by a standard error."""
    values: Mapping[str, Value]
    """The smallest change that does, or that which comes nearest; empty where it holds already."""
    metric: float
    """The metric under it."""
    alone: tuple[Alone, ...]
    """Each lever alone, the most useful first."""
    kinds: tuple[Together, ...]
    """Levers of each kind together."""
    without: Mapping[str, float]
    """The metric where one of the levers of the change goes back to the base."""
    candidate: Candidate
    """The change, as it was tried."""
    tried: int

    @property
    def distance(self) -> float:
        """How far the change is from the base, as the sum of parts of what the levers span."""
        by_name = {one.lever.name: one.lever for one in self.alone}
        return sum(by_name[name].distance(value) for name, value in self.values.items())


Tell = Callable[[int, int], None]
"""Told how many changes were tried, and how many settings the ones that are tried now change."""


def smallest(levers: Sequence[Lever], limit: Limit, lab: Laboratory, tell: Tell | None = None) -> Target:
    """The change of fewest settings that reaches a target, and of these the one nearest to the base.

    Each lever is turned alone first; those that help most are then combined, at the values that are best
    alone, with more and more at once. A change that reaches the target is taken back towards the base by
    halving while it still does. It reaches it where the metric is on the right side by one standard error
    over the worlds. Levers that only help together with another are found where either helps alone too.
    """
    return _Hunt(levers, limit, lab, tell).found()


@dataclass
class _Hunt:
    levers: Sequence[Lever]
    limit: Limit
    lab: Laboratory
    tell: Tell | None
    seen: dict[tuple[tuple[str, Value], ...], tuple[Candidate, Seen]] = field(default_factory=dict)
    size: int = 0

    @property
    def aims(self) -> Aims:
        return Aims((Goal(self.limit.metric, "min" if self.limit.side == "<=" else "max"),), (self.limit,))

    def found(self) -> Target:
        self.look([{}])
        if self.reaches({}):
            return self.target({}, reached=True)
        self.size = 1
        singles = [{lever.name: value} for lever in self.levers for value in _values(lever)]
        self.look(singles)
        single = self.nearest([one for one in singles if self.reaches(one)])
        if single is not None:
            return self.target(single, reached=True)
        best = [one for one in self.alone() if one.helps]
        for size in range(2, min(len(best), MOST_TOGETHER) + 1):
            self.size = size
            mixes = [{one.lever.name: one.value for one in some} for some in combinations(best[:FIRST], size)]
            self.look(mixes)
            mix = self.nearest([one for one in mixes if self.reaches(one)])
            if mix is not None:
                return self.target(mix, reached=True)
        whole = self.best({one.lever.name: one.value for one in best})
        return self.target(self.nearest([whole]) or whole, reached=self.reaches(whole))

    # --- looking ----------------------------------------------------------------------------------

    def look(self, wanted: Sequence[Mapping[str, Value]]) -> None:
        """Live through changes that were not tried yet and are allowed."""
        new: dict[tuple[tuple[str, Value], ...], Candidate] = {}
        for values in wanted:
            key = _key(values)
            if key not in self.seen and key not in new and self.lab.allowed(values):
                new[key] = Candidate(len(self.seen) + len(new), dict(values), f"{len(values)} settings")
        if self.tell is not None:
            self.tell(len(self.seen), self.size)
        for (key, one), seen in zip(
            new.items(), self.lab.see([(one, WORLDS) for one in new.values()]), strict=True
        ):
            self.seen[key] = one, seen

    def excess(self, values: Mapping[str, Value]) -> float:
        """By how much the target is missed; infinite for what is not allowed."""
        found = self.seen.get(_key(values))
        if found is None:
            return float("inf")
        return float(self.limit.excess(pooled(found[1], self.aims)[:1])[0])

    def error(self, values: Mapping[str, Value], beside: Mapping[str, Value] | None = None) -> float:
        """The standard error of the metric, or of its difference to another change, over the worlds."""
        adds = self.adds(values)
        if beside is not None:
            adds = adds - self.adds(beside)
        return float(np.nan_to_num(np.nanstd(adds, ddof=1)) / np.sqrt(len(adds)))

    def adds(self, values: Mapping[str, Value]) -> Floats:
        return np.asarray(added(self.seen[_key(values)][1], self.aims)[:, 0])

    def reaches(self, values: Mapping[str, Value]) -> bool:
        """Whether the target is reached, by a standard error."""
        excess = self.excess(values)
        return bool(np.isfinite(excess)) and excess + self.error(values) <= 0

    def metric(self, values: Mapping[str, Value]) -> float:
        return self.limit.bound + self.limit.sign * self.excess(values)

    # --- nearer to the base -----------------------------------------------------------------------

    def nearest(self, reaching: Sequence[Mapping[str, Value]]) -> dict[str, Value] | None:
        """Of changes that reach the target, taken back as far as can be, the nearest to the base."""
        if not reaching:
            return None
        least: dict[frozenset[str], Mapping[str, Value]] = {}
        for one in sorted((one for one in reaching if self.reaches(one)), key=self.distance):
            least.setdefault(frozenset(one), one)
        back = [self.taken_back(one) for one in list(least.values())[:TAKEN_BACK]]
        return min(back, key=self.distance, default=None)

    def taken_back(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """All levers of a change together, then each by itself, nearer to the base while it still reaches."""
        found = dict(values)
        if len(found) > 1:
            found = self.halved(found, list(found))
        for name in sorted(found, key=lambda one: -self.lever(one).distance(found[one])):
            found = self.halved(found, [name])
        return found

    def halved(self, values: Mapping[str, Value], names: Sequence[str]) -> dict[str, Value]:
        """Some levers as near to the base as the target allows; lists and options by their distance."""
        if len(names) == 1 and (listed := self.lever(names[0]).listed):
            lever = self.lever(names[0])
            nearer = [one for one in listed if lever.distance(one) < lever.distance(values[lever.name])]
            tries = [{**values, lever.name: one} for one in sorted(nearer, key=lever.distance)]
            tries = [one for one in tries if lever.distance(one[lever.name]) > 0]
            self.look(tries)
            return dict(next((one for one in tries if self.reaches(one)), values))
        low, high, kept = 0.0, 1.0, dict(values)
        for _ in range(HALVINGS):
            part = (low + high) / 2
            moved = dict(values)
            for name in names:
                between = self.lever(name).between(values[name], part)
                moved[name] = values[name] if between is None else between
            if moved == kept:
                break
            self.look([moved])
            if self.reaches(moved) and all(self.lever(n).distance(moved[n]) > 0 for n in names):
                high, kept = part, moved
            else:
                low = part
        return kept

    def distance(self, values: Mapping[str, Value]) -> float:
        return sum(self.lever(name).distance(value) for name, value in values.items())

    def lever(self, name: str) -> Lever:
        return next(one for one in self.levers if one.name == name)

    # --- the best that can be had -----------------------------------------------------------------

    def alone(self) -> list[Alone]:
        """Each lever at its best alone, the most useful first."""
        rows = []
        for lever in self.levers:
            tries = [{lever.name: value} for value in _values(lever)]
            best = min(tries, key=self.excess)
            gain = self.excess({}) - self.excess(best)
            known = np.isfinite(self.excess(best)) and np.isfinite(self.excess({}))
            helps = bool(np.isfinite(self.excess(best)))
            if known:
                helps = gain > 2 * self.error(best, {}) and gain > 0
            rows.append(Alone(lever, best[lever.name], self.metric(best), gain, helps))
        return sorted(rows, key=lambda one: -one.gain)

    def best(self, values: Mapping[str, Value]) -> dict[str, Value]:
        """The best of all levers together: from the best of each alone, lever by lever while it helps."""
        found = dict(values)
        self.size = len(self.levers)
        self.look([found])
        for _ in range(ROUNDS):
            before = dict(found)
            for lever in self.levers:
                others = {name: value for name, value in found.items() if name != lever.name}
                tries = [{**found, lever.name: value} for value in _values(lever)] + [others]
                self.look(tries)
                best = min([found, *tries], key=self.excess)
                if best != found and self.excess(best) < self.excess(found) - self.error(best, found):
                    found = dict(best)
            if found == before:
                break
        return found

    def kinds(self) -> list[Together]:
        """The useful levers of each kind together, the others as they are."""
        groups: dict[str, dict[str, Value]] = {}
        for one in self.alone():
            if one.gain > 0:
                kind = one.lever.name.removeprefix("scenario.").removeprefix("policy.").partition(".")[0]
                groups.setdefault(kind, {})[one.lever.name] = one.value
        self.look(list(groups.values()))
        return [Together(kind, values, self.metric(values)) for kind, values in groups.items()]

    def target(self, values: Mapping[str, Value], *, reached: bool) -> Target:
        singles = [{lever.name: value} for lever in self.levers for value in _values(lever)]
        self.look([] if not values and reached else singles)
        alone = tuple(self.alone()) if values or not reached else ()
        kinds = tuple(self.kinds()) if alone else ()
        less = {
            name: {other: value for other, value in values.items() if other != name}
            for name in values
            if len(values) > 1
        }
        self.look(list(less.values()))
        return Target(
            self.limit,
            self.metric({}),
            reached,
            dict(values),
            self.metric(values),
            alone,
            kinds,
            {name: self.metric(one) for name, one in less.items()},
            self.seen[_key(values)][0],
            len(self.seen),
        )


def _values(lever: Lever) -> list[Value]:
    """The values at which a lever is looked at alone, without the one where it stands."""
    found: Sequence[Value] = lever.listed
    if not found:
        levels = np.unique(lever.axis_here.levels(LEVELS))
        found = [lever.rounded(float(one)) for one in levels]
    return [one for one in found if lever.distance(one) > 0]


def _key(values: Mapping[str, Value]) -> tuple[tuple[str, Value], ...]:
    return tuple(sorted(values.items()))
