"""Behind a number: the single disputes of one world that make a difference, each with what it adds."""

from __future__ import annotations

from collections.abc import Sequence
from math import nan
from typing import NamedTuple

import numpy as np

from evenhand.analysis.compare.moves import LATER, OTHERWISE, TIMES, UNMOVED, Matched, Move, matched, tally
from evenhand.analysis.compare.partings import NOWHERE
from evenhand.analysis.compare.parts import labels
from evenhand.analysis.compare.paths import PATHS
from evenhand.analysis.metrics.accumulators import Floats, Ints, Mask
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.grouping import By, Grouping
from evenhand.analysis.metrics.metric import Metric
from evenhand.locale.current import gettext
from evenhand.sim.runs.records import Run


class Behind(NamedTuple):
    """One dispute that goes another way under the policy."""

    dispute: int
    amount: float
    """In the scenario's currency."""
    move: Move
    """From its path under the baseline to that under the policy."""
    step: int
    """The step of `partings.STEPS` at which it first parts, `NOWHERE` where it arises under one only."""
    adds: float
    """What it adds to the difference of the metric in this world; NaN where this does not add up."""


class Group(NamedTuple):
    """A group of a column or grouping, by its name there."""

    by: By
    label: str


class World(NamedTuple):
    """What is behind a difference in one world."""

    disputes: list[Behind]
    """Those that add most first; by their numbers where nothing adds up."""
    adds_up: bool
    """Whether the metric counts disputes one by one."""
    whole: float
    """The difference of the pooled values in this world, or of the share that stands for a time."""
    of_time: bool
    """The share of disputes that take longer than the time under the baseline stands for that time."""


def behind(base: Run, policy: Run, metric: Metric | None = None, group: Group | None = None) -> World:
    """The disputes of one world that make the difference of a metric between two policies.

    Both runs are of the same world. Without a metric, or with one that does not count disputes one by one,
    these are all that take another path or have another result. `group` leaves those of one group.
    Formula of what each adds: (gain of the numerator - R_A x gain of the denominator) / D_B, as in
    `Ways`; in a group, R_A and D_B are the group's. Raises ValueError for a group that is none.
    """
    both = matched(base, policy)
    mine = _in_group(both, group)
    numbers, amounts, step = _everyone(both)
    move = np.concatenate([both.of_base, both.of_policy[both.only_there]])
    another = ~np.isin(move, UNMOVED) & (move < LATER)
    found = None if metric is None else _adds(both, metric, mine)
    kept, adds, whole = found or (another, np.full(len(numbers), nan), nan)
    rows = np.flatnonzero(mine & kept)
    order = rows[np.lexsort((numbers[rows], -np.abs(np.nan_to_num(adds[rows]))))]
    disputes = [
        Behind(
            int(numbers[row]), float(amounts[row]), _move(int(move[row])), int(step[row]), float(adds[row])
        )
        for row in order
    ]
    return World(disputes, found is not None, whole, metric is not None and metric.name in TIMES)


def _everyone(both: Matched) -> tuple[Ints, Floats, Ints]:
    """Numbers, amounts and steps of all disputes: those of the baseline, then those of the policy only."""
    only = both.only_there
    numbers, amounts = (
        np.concatenate([both.base.disputes[name], both.policy.disputes[name][only]])
        for name in ("dispute", "amount")
    )
    step = np.full(len(numbers), NOWHERE)
    step[both.here] = both.parted.step
    return numbers, amounts, step


def _in_group(both: Matched, group: Group | None) -> Mask:
    if group is None:
        return np.ones(len(both.of_base) + int(both.only_there.sum()), np.bool_)
    names: Sequence[str] = labels(both.base.scenario, group.by)
    if group.label not in names:
        raise ValueError(
            gettext("group: must be one of {names}, found {label!r}").format(
                names=", ".join(names), label=group.label
            )
        )
    sides = [Cells(run, group.by).groups() for run in (both.base, both.policy)]
    mine: Mask = np.concatenate([sides[0], sides[1][both.only_there]]) == names.index(group.label)
    return mine


def _adds(both: Matched, metric: Metric, mine: Mask) -> tuple[Mask, Floats, float] | None:
    """Which disputes count otherwise, what each adds, and the difference; None where it counts no disputes.

    Where one side has no case at all, the difference is not known, and what each adds neither.
    """
    count = len(mine)
    of_base, of_policy = np.arange(len(both.of_base)), np.empty(len(both.of_policy), np.int64)
    of_policy[both.there] = both.here
    of_policy[both.only_there] = np.arange(len(both.of_base), count)
    usual = float(metric(Cells(both.base)).value[0]) if metric.name in TIMES else nan
    before, after = (
        tally(metric, _each(run, numbers, count), usual)
        for run, numbers in ((both.base, of_base), (both.policy, of_policy))
    )
    if before is None or after is None:
        return None
    top, bottom = (np.where(mine, after.top - before.top, 0), np.where(mine, after.bottom - before.bottom, 0))
    touched: Mask = (top != 0) | (bottom != 0)
    if not before.bottom.any() and not after.bottom.any() and (before.top.any() or after.top.any()):
        return touched, top, float(top.sum())  # a count stands for itself
    d_a, d_b = float(before.bottom[mine].sum()), float(after.bottom[mine].sum())
    if not d_a or not d_b:
        return touched, np.full(count, nan), nan
    level = float(before.top[mine].sum()) / d_a
    return touched, (top - level * bottom) / d_b, float(after.top[mine].sum()) / d_b - level


def _each(run: Run, numbers: Ints, count: int) -> Cells:
    """A cell for each dispute."""
    names = tuple(map(str, range(count)))
    return Cells(run, Grouping("dispute", names, lambda _: (names, numbers)))


def _move(number: int) -> Move:
    """A move by its number, as `moves` gives it."""
    many = len(PATHS)
    if number < OTHERWISE:
        before, after = divmod(number, many)
        return Move(PATHS[before], PATHS[after], before == after, (number,))
    path = PATHS[(number - OTHERWISE) % many]
    return Move(path, path, number >= LATER, (number,))
