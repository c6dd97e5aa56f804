"""Moves: how many disputes go another way under a policy than under the baseline, and what that makes."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, nan
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.compare.partings import NOWHERE, STEPS, Partings, Rows, part
from evenhand.analysis.compare.paths import ABSENT, PATHS, paths
from evenhand.analysis.metrics.accumulators import Floats, Ints, Ratio, Total
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.grouping import Grouping
from evenhand.analysis.metrics.metric import Metric
from evenhand.analysis.runs.counted import counted
from evenhand.sim.runs.records import Run

_N = len(PATHS)
OTHERWISE, LATER = _N * _N, _N * _N + _N
"""First numbers of the moves on one path: to another result, and only to another time."""
MOVES = _N * _N + 2 * _N
"""How many moves there are: from each path to each, and the two on each path."""
_LABELS = tuple(map(str, range(MOVES)))


class Move(NamedTuple):
    """From one path to another; on one path, whether the result is another or only the time."""

    before: str
    after: str
    same_result: bool
    there: tuple[int, ...]
    """Numbers of the moves that are counted together in this direction."""
    back: tuple[int, ...] = ()
    """Numbers of those the other way."""

    @property
    def stays(self) -> bool:
        """Whether the path is the same."""
        return self.before == self.after

    @property
    def other_disputes(self) -> bool:
        """Whether it is of disputes that arise under the policy only, or under the baseline only."""
        return self.stays and self.before == PATHS[ABSENT]

    def reversed(self) -> Move:
        """The same the other way round."""
        return self._replace(before=self.after, after=self.before, there=self.back, back=self.there)


def _known() -> tuple[Move, ...]:
    """All moves, each with the way back; of disputes that arise under one policy only there is one."""
    real = [i for i in range(_N) if i != ABSENT]
    arise = tuple(ABSENT * _N + i for i in real)
    gone = tuple(i * _N + ABSENT for i in real)
    found = [Move(PATHS[ABSENT], PATHS[ABSENT], False, arise, gone)]
    for i in real:
        found += [Move(PATHS[i], PATHS[k], False, (i * _N + k,), (k * _N + i,)) for k in real if k > i]
        found += [Move(PATHS[i], PATHS[i], first == LATER, (first + i,)) for first in (OTHERWISE, LATER)]
    return tuple(found)


KNOWN = _known()
"""Every move that is told."""
UNMOVED = np.arange(_N) * (_N + 1)
"""Numbers of the moves that are none: the same path, the same result, at the same time."""


class Moves(NamedTuple):
    """Counts of some worlds under a policy beside the baseline; those of more worlds add up.

    All but `sums` and `waits` have an entry a move.
    """

    disputes: Ints
    steps: Ints
    """By the step at which lives first part, and whether they part in time only; shape (moves, steps, 2)."""
    groups: Ints
    """By group of merchants; shape (moves, groups)."""
    top: Floats
    """What the numerator of each metric gains; shape (metrics, moves). 0 where it counts no disputes."""
    bottom: Floats
    """What its denominator gains."""
    sums: Floats
    """Both in all under the baseline, then under the policy; shape (metrics, 4)."""
    waits: Floats
    """Hours between desk and ruling, and the rulings, under the baseline and under the policy."""
    examples: Ints
    """World and number of a dispute that stands for each move, -1 where there is none; shape (moves, 2)."""

    def join(self, later: Moves) -> Moves:
        """The counts of these and of later worlds; examples are of the first world that has one."""
        added = {name: getattr(self, name) + getattr(later, name) for name in self._fields[:-1]}
        none = self.examples[:, :1] < 0
        return Moves(**added, examples=np.where(none, later.examples, self.examples))

    def of_paths(self) -> tuple[Ints, Ints]:
        """Disputes on each path under the baseline and under the policy."""
        both = self.disputes[: _N * _N].reshape(_N, _N)
        on_one = self.disputes[OTHERWISE:].reshape(2, _N).sum(axis=0)
        return both.sum(axis=1) + on_one, both.sum(axis=0) + on_one


class Matched(NamedTuple):
    """The disputes of one world under the baseline and under a policy, matched by their numbers."""

    base: Run
    policy: Run
    here: Rows
    """Rows under the baseline of disputes that arise under both."""
    there: Rows
    """Their rows under the policy."""
    of_base: Ints
    """Number of the move of each dispute under the baseline."""
    of_policy: Ints
    """And of each under the policy."""
    parted: Partings
    """Where those under both part."""

    @property
    def only_there(self) -> NDArray[np.bool_]:
        """Which rows under the policy are of disputes that arise under it only."""
        found = np.ones(len(self.of_policy), np.bool_)
        found[self.there] = False
        return found


def matched(base: Run, policy: Run) -> Matched:
    """Match the disputes that count in one world, and number the move that each makes."""
    base, policy = counted(base), counted(policy)
    a, b = base.disputes["dispute"], policy.disputes["dispute"]
    _, here, there = np.intersect1d(a, b, assume_unique=True, return_indices=True)
    before, after = paths(base), paths(policy)
    of_base, of_policy = before * _N + ABSENT, ABSENT * _N + after
    parted = part(base, policy, here, there)
    number = before[here] * _N + after[there]
    alike = (before[here] == after[there]) & (parted.step != NOWHERE)
    same = _same_result(base, policy, here, there)
    number = np.where(alike, np.where(same, LATER, OTHERWISE) + before[here], number)
    of_base[here] = of_policy[there] = number
    return Matched(base, policy, here, there, of_base, of_policy, parted)


def moves(base: Run, policy: Run, metrics: Sequence[Metric]) -> Moves:
    """Count the moves in one world, from its records under the baseline and under a policy."""
    both = matched(base, policy)
    base, policy, of_base, of_policy = both.base, both.policy, both.of_base, both.of_policy
    number, parted, only_there = of_base[both.here], both.parted, both.only_there
    everyone = np.concatenate([of_base, of_policy[only_there]])
    group = np.concatenate(
        [base.disputes["merchant_group"], policy.disputes["merchant_group"][only_there]]
    ).astype(np.int64)
    groups = len(base.scenario.merchant_groups)
    steps, twice = len(STEPS), 2
    known = parted.step != NOWHERE
    place = (number * steps + parted.step) * twice + parted.only_time
    top, bottom, sums = _sums(base, policy, of_base, of_policy, metrics)
    return Moves(
        np.bincount(everyone, minlength=MOVES),
        np.bincount(place[known], minlength=MOVES * steps * twice).reshape(MOVES, steps, twice),
        np.bincount(everyone * groups + group, minlength=MOVES * groups).reshape(MOVES, groups),
        top,
        bottom,
        sums,
        np.array([*_waits(base), *_waits(policy)]),
        _examples(base, policy, of_base, of_policy, only_there),
    )


def _same_result(base: Run, policy: Run, here: Rows, there: Rows) -> NDArray[np.bool_]:
    """Whether a dispute ends for the same side, with the same refund."""
    alike = [base.disputes[name][here] == policy.disputes[name][there] for name in ("upheld", "refund")]
    return np.asarray(alike[0] & alike[1])


def _waits(run: Run) -> tuple[float, float]:
    """Hours between coming to a desk and the first ruling, and the rulings."""
    d = run.disputes
    hours = d["ruled_at"] - d["handed_at"]
    known = ~np.isnan(hours)
    return float(hours[known].sum()), float(known.sum())


def _examples(base: Run, policy: Run, of_base: Ints, of_policy: Ints, only_there: NDArray[np.bool_]) -> Ints:
    """Of the disputes of each move the one whose amount is the middle one; the lower of two."""
    number = np.concatenate([of_base, of_policy[only_there]])
    amount, dispute = (
        np.concatenate([base.disputes[name], policy.disputes[name][only_there]])
        for name in ("amount", "dispute")
    )
    found = np.full((MOVES, 2), -1)
    order = np.lexsort((dispute, amount, number))
    here, first, size = np.unique(number[order], return_index=True, return_counts=True)
    if len(here):
        found[here, 0] = base.merchants["replication"][0]
        found[here, 1] = dispute[order[first + (size - 1) // 2]]
    return found


TIMES = {
    "median_hours_to_close": "opened_at",
    "p90_hours_to_close": "opened_at",
    "median_hours_after_filing": "filed_at",
}
"""Times that do not add up over disputes, and when their clock begins."""


def _longer(cells: Cells, start: str, hours: float) -> Ratio:
    """Disputes that take longer than so many hours, among those that ended or were followed for so long."""
    closed = cells["closed_at"]
    ends = np.where(np.isnan(closed), cells.run.horizon, closed)
    longer = ends - cells[start] > hours  # false where the clock has not begun
    known = ~np.isnan(cells[start]) & (longer | ~np.isnan(closed))
    return cells.share(np.asarray(longer), np.asarray(known))


def tally(metric: Metric, cells: Cells, usual: float) -> Ratio | None:
    """What a metric counts in each cell; None where it does not count disputes one by one.

    In the place of a time stand the disputes that take longer than it is in this world under the baseline.
    """
    if metric.name in TIMES:
        return _longer(cells, TIMES[metric.name], usual) if isfinite(usual) else None
    if not metric.splits(_BY):
        return None
    found = metric.function(cells)
    if isinstance(found, Total):
        return Ratio(found.n, np.zeros(len(found.n)), found.n)
    return found if isinstance(found, Ratio) else None


_BY = Grouping("move", _LABELS, lambda run: (_LABELS, np.zeros(len(run), np.int64)))
"""Stands for the grouping by moves where it is only asked whether a metric can be split by it."""


def _cells(run: Run, numbers: Ints) -> Cells:
    return Cells(run, Grouping(_BY.name, _LABELS, lambda _: (_LABELS, numbers)))


def _sums(
    base: Run, policy: Run, of_base: Ints, of_policy: Ints, metrics: Sequence[Metric]
) -> tuple[Floats, Floats, Floats]:
    """What each move adds to numerator and denominator of each metric, and both in all."""
    before, after, whole = _cells(base, of_base), _cells(policy, of_policy), Cells(base)
    top, bottom = np.zeros((2, len(metrics), MOVES))
    sums = np.zeros((len(metrics), 4))
    for i, metric in enumerate(metrics):
        usual = float(metric(whole).value[0]) if metric.name in TIMES else nan
        one, other = tally(metric, before, usual), tally(metric, after, usual)
        if one is None or other is None:
            continue
        top[i], bottom[i] = other.top - one.top, other.bottom - one.bottom
        count = not other.bottom.any() and not one.bottom.any() and bool(one.top.any() or other.top.any())
        world = float(count)  # a count stands for itself: its mean is over worlds
        sums[i] = (
            one.top.sum(),
            one.bottom.sum() + world,
            other.top.sum(),
            other.bottom.sum() + world,
        )
    return top, bottom, sums
