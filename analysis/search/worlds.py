"""Candidates in the worlds of a simulation: built from their values, lived through, and kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, Protocol

import numpy as np

from evenhand.analysis.experiments.study import Measured, Task, Tick, alone, measure
from evenhand.analysis.metrics.metric import Metric
from evenhand.analysis.search.front import Seen
from evenhand.analysis.search.lever import Value
from evenhand.analysis.search.study import MOST_WORLDS, Candidate
from evenhand.sim.policy.compatibility import DoesNotFit
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.experiment import Experiment
from evenhand.sim.runs.seeds import search_seed
from evenhand.sim.scenario.scenario import Scenario

Build = Callable[[Mapping[str, Any]], tuple[Scenario, Policy]]
"""From values by path to the two models (`scenarios.levers.placer`)."""
Pool = Callable[[Callable[[Task, Tick], Measured], Sequence[Task]], Iterable[tuple[Task, Measured]]]
"""Does tasks, in any order, and gives each with its result."""


class Store(Protocol):
    """Where what was seen of candidates is kept."""

    def known(self, candidate: Candidate, *, fresh: bool) -> Seen | None:
        """What is kept of a candidate. Raises an error where other values stand under its number."""

    def keep(self, candidate: Candidate, seen: Seen, *, fresh: bool) -> None:
        """Keep what was seen of a candidate, in place of less."""


class Nowhere:
    """A store that keeps nothing beyond the process."""

    def __init__(self) -> None:
        self._seen: dict[tuple[int, bool], Seen] = {}

    def known(self, candidate: Candidate, *, fresh: bool) -> Seen | None:
        """What was seen of a candidate."""
        return self._seen.get((candidate.number, fresh))

    def keep(self, candidate: Candidate, seen: Seen, *, fresh: bool) -> None:
        """Remember it."""
        self._seen[candidate.number, fresh] = seen


class _Wanted(NamedTuple):
    candidate: Candidate
    have: Seen | None
    worlds: int


class Worlds:
    """The worlds of a search: of its own seed while it looks, of the user's when it is judged.

    World w is replication w; under stored futures it is replication w // F of future w mod F, so that few
    worlds already are of different futures. Fresh ones begin with futures that a search has not met.
    """

    def __init__(
        self,
        build: Build,
        base: Experiment,
        metrics: Sequence[Metric],
        *,
        pool: Pool = alone,
        store: Store | None = None,
        futures: Sequence[Build] = (),
    ) -> None:
        """Make the worlds of an experiment ready; each of `futures` builds as `build` does, in a future."""
        self.base, self.metrics, self.pool = base, tuple(metrics), pool
        self.store = Nowhere() if store is None else store
        self.futures = futures or (build,)
        self._made: dict[tuple[int, int], Experiment | None] = {}
        self._numbers: dict[tuple[tuple[str, Value], ...], int] = {}

    def allowed(self, values: Mapping[str, Value]) -> bool:
        """Whether the two models take these values, and run together."""
        return self.experiment(values, 0) is not None

    def experiment(self, values: Mapping[str, Value], future: int) -> Experiment | None:
        """The experiment of values in a future; None where they are not allowed."""
        key = self._numbers.setdefault(tuple(values.items()), len(self._numbers)), future
        if key not in self._made:
            if len(self._made) > KEPT:
                self._made.clear()
            self._made[key] = self._make(values, future)
        return self._made[key]

    def _make(self, values: Mapping[str, Any], future: int) -> Experiment | None:
        base = self.base
        try:
            scenario, policy = self.futures[future](values)
            return Experiment.of(
                scenario,
                policy,
                seed=base.seed,
                days=base.days,
                engine=base.engine,
                events=False,
                open_loop=base.open_loop,
                cohort=base.cohort,
            )
        except (DoesNotFit, ValueError):
            return None

    def see(self, wanted: Sequence[tuple[Candidate, int]]) -> list[Seen]:
        """The metrics of each candidate in so many first worlds of the search."""
        return self._see(wanted, fresh=False)

    def fresh(self, candidates: Sequence[Candidate], worlds: int) -> list[Seen]:
        """The metrics of each candidate in worlds that no search has seen."""
        return self._see([(one, worlds) for one in candidates], fresh=True)

    def _see(self, wanted: Sequence[tuple[Candidate, int]], *, fresh: bool) -> list[Seen]:
        every = [_Wanted(one, self.store.known(one, fresh=fresh), worlds) for one, worlds in wanted]
        open_ = [one for one in every if one.have is None or len(one.have.value) < one.worlds]
        tasks, parts = self._tasks(open_, fresh=fresh)
        done: dict[int, list[tuple[Task, Measured]]] = {one.candidate.number: [] for one in open_}
        found = {one.candidate.number: one.have for one in every}
        by_number = {one.candidate.number: one for one in open_}
        for task, measured in self.pool(measure, tasks):
            number = task.point // len(self.futures)
            done[number].append((task, measured))
            if len(done[number]) == parts[number]:
                seen = self._together(by_number[number], done[number], fresh=fresh)
                found[number] = seen
                self.store.keep(by_number[number].candidate, seen, fresh=fresh)
        result = []
        for one in every:
            mine = found[one.candidate.number]
            assert mine is not None
            result.append(mine.first(one.worlds))
        return result

    def _tasks(self, wanted: Sequence[_Wanted], *, fresh: bool) -> tuple[list[Task], dict[int, int]]:
        """A task for each candidate and future, and how many of them each candidate has."""
        tasks, parts = [], {}
        seed = self.base.seed if fresh else search_seed(self.base.seed)
        for one in wanted:
            first = 0 if one.have is None else len(one.have.value)
            mine = 0
            for future, numbers in self._by_future(range(first, one.worlds), fresh=fresh).items():
                made = self.experiment(one.candidate.values, future)
                if made is None:
                    raise ValueError(f"the levers do not go together with future {future}")
                lived = replace(made, seed=seed, replications=len(numbers))
                point = one.candidate.number * len(self.futures) + future
                tasks.append(Task(point, lived, numbers[0], self.metrics))
                mine += 1
            parts[one.candidate.number] = mine
        return tasks, parts

    def _by_future(self, worlds: Iterable[int], *, fresh: bool) -> dict[int, list[int]]:
        """The replications of some worlds, by their future; they follow each other in each."""
        found: dict[int, list[int]] = {}
        for world in worlds:
            future, number = self._at(world, fresh=fresh)
            found.setdefault(future, []).append(number)
        return found

    def _at(self, world: int, *, fresh: bool) -> tuple[int, int]:
        """The future and the replication of a world."""
        count = len(self.futures)
        return (world + (MOST_WORLDS if fresh else 0)) % count, world // count

    def _together(self, one: _Wanted, parts: Sequence[tuple[Task, Measured]], *, fresh: bool) -> Seen:
        """What was seen before and now, world by world."""
        first = 0 if one.have is None else len(one.have.value)
        by_future = {task.point % len(self.futures): (task.first, measured) for task, measured in parts}
        value, n = [], []
        for world in range(first, one.worlds):
            future, number = self._at(world, fresh=fresh)
            begin, measured = by_future[future]
            value.append(measured.value[number - begin])
            n.append(measured.n[number - begin])
        found = Seen(np.array(value), np.array(n))
        if one.have is None:
            return found
        return Seen(np.concatenate([one.have.value, found.value]), np.concatenate([one.have.n, found.n]))


KEPT = 2_000
"""Experiments that are kept in memory."""
