"""Ways: how disputes go under a policy beside the baseline, and what of it makes each difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite, nan
from typing import Any

import numpy as np

from evenhand.analysis.compare.difference import Difference
from evenhand.analysis.compare.moves import KNOWN, LATER, TIMES, UNMOVED, Move, Moves
from evenhand.analysis.compare.partings import STEPS, acting
from evenhand.analysis.compare.paths import PATHS
from evenhand.analysis.compare.why import Moved, Through, Why
from evenhand.analysis.counterfactual.attribution_settings import Setting
from evenhand.analysis.metrics.accumulators import Floats

LEAST, MOST, MOST_SETTINGS = 0.1, 2, 3
"""Share of a difference from which on a move is told; moves and settings that are told of one."""
OF_SILENCE = ("merchant_missed_share", "default_share", "wrongful_default_share", "contest_share")
OF_TIME = (*TIMES, "backlog_peak", "desk_utilisation", "staff_hours_per_filing")


@dataclass(frozen=True, eq=False)
class Ways:
    """How disputes go under a policy beside the baseline, in all worlds of one scenario."""

    scenario: str
    policy: str
    baseline: str
    metrics: tuple[str, ...]
    counts: Moves
    differing: tuple[Setting, ...]
    """The settings that the two do not share."""
    groups: tuple[str, ...]
    """Titles of the groups of merchants."""
    silence: str
    """What the policy makes of a merchant's silence after filing."""

    @property
    def all(self) -> int:
        """Disputes that arise under one of the two or under both."""
        return int(self.counts.disputes.sum())

    @property
    def moved(self) -> int:
        """Those that take another path or have another result, or arise under one policy only."""
        same = [*UNMOVED, *range(LATER, len(self.counts.disputes))]
        return self.all - int(self.counts.disputes[same].sum())

    def largest(self, most: int) -> tuple[Moved, ...]:
        """The moves to another path or result that most disputes make."""
        n = self.counts.disputes
        known = [
            self._moved(one, nan) for one in KNOWN if not one.same_result and n[[*one.there, *one.back]].any()
        ]
        return tuple(sorted(known, key=lambda one: -one.n - one.back)[:most])

    def on_paths(self) -> list[tuple[str, int, int]]:
        """Disputes on each path under the baseline and under the policy; paths that nobody takes left out."""
        both = zip(PATHS, *(one.tolist() for one in self.counts.of_paths()), strict=True)
        return [(name, a, b) for name, a, b in both if (a or b) and name != "absent"]

    def through(self, told: Sequence[Moved]) -> tuple[tuple[Through, ...], int]:
        """The settings at work where disputes of some moves first part, and how many part at any of them."""
        steps = self.counts.steps[_numbers(told)].sum(axis=0)
        found: dict[str, int] = {}
        acted = 0
        for step in range(len(STEPS)):
            for only_time in (False, True):
                n = int(steps[step, int(only_time)])
                who = acting(step, self.differing, only_time=only_time) if n else ()
                acted += n if who else 0
                for one in who:
                    found[one.path] = found.get(one.path, 0) + n
        known = [Through(one, found[one.path]) for one in self.differing if one.path in found]
        return tuple(sorted(known, key=lambda one: -one.n)), acted

    def why(self, difference: Difference) -> Why | None:
        """Why a difference was found; None where none was found."""
        if difference.verdict not in {"higher", "lower"}:
            return None
        adds, whole = self._adds(difference)
        told = self.largest(MOST)
        if isfinite(whole):
            known = [self._moved(move, float(adds[[*move.there, *move.back]].sum())) for move in KNOWN]
            enough = [one for one in known if np.sign(whole) * one.adds >= LEAST * abs(whole)]
            told = tuple(sorted(enough, key=lambda one: -abs(one.adds))[:MOST])
        through, acted = self.through(told)
        return Why(
            self.policy,
            self.baseline,
            "share" if difference.metric in TIMES else difference.unit,
            whole,
            difference.metric in TIMES,
            told,
            self._of(told),
            through[:MOST_SETTINGS],
            acted,
            (self.moved, self.all),
            self._most(told),
            self._waited() if difference.metric in OF_TIME else (nan, nan),
            self.silence if difference.metric in OF_SILENCE else "",
        )

    def _adds(self, one: Difference) -> tuple[Floats, float]:
        """What each move adds to a difference of pooled ratios, and that difference; NaN where it is none.

        Formula: R_B - R_A = sum over moves of (gain of the numerator - R_A x gain of the denominator) / D_B,
        which is exact, with D_B the denominator in all under the policy.
        """
        row = self.metrics.index(one.metric)
        top_a, bottom_a, top_b, bottom_b = self.counts.sums[row].tolist()
        if not bottom_a or not bottom_b:
            return np.full(len(self.counts.disputes), np.nan), nan
        before = top_a / bottom_a
        adds = (self.counts.top[row] - before * self.counts.bottom[row]) / bottom_b
        whole = top_b / bottom_b - before
        if whole * one.difference <= 0:  # more may take longer where the time by which half have ended falls
            return np.full(len(adds), np.nan), nan
        return adds, whole

    def _moved(self, move: Move, adds: float) -> Moved:
        """A move with its disputes, in the direction that more of them take."""
        counts = self.counts.disputes
        n, back = (int(counts[list(numbers)].sum()) for numbers in (move.there, move.back))
        if back > n and not move.other_disputes:
            move, n, back = move.reversed(), back, n
        among = (*move.there, *move.back) if move.other_disputes else move.there
        stands = max(among, key=lambda number: counts[number])
        world, dispute = self.counts.examples[stands].tolist()
        return Moved(move, n, back, adds, world, dispute)

    def _of(self, told: Sequence[Moved]) -> tuple[tuple[str, int, int], ...]:
        names = dict.fromkeys(
            name for one in told if not one.move.stays for name in (one.move.before, one.move.after)
        )
        known = {name: (name, a, b) for name, a, b in self.on_paths()}
        return tuple(known[name] for name in names if name in known)

    def _most(self, told: Sequence[Moved]) -> tuple[str, int]:
        mine = _numbers([one for one in told if not one.move.other_disputes])
        n = self.counts.groups[mine].sum(axis=0)
        if len(self.groups) < 2 or not n.sum() or 2 * n.max() <= n.sum():
            return "", 0
        return self.groups[int(n.argmax())], int(n.max())

    def _waited(self) -> tuple[float, float]:
        a, cases_a, b, cases_b = self.counts.waits.tolist()
        return (a / cases_a if cases_a else nan, b / cases_b if cases_b else nan)

    def as_json(self, most: int = 12) -> dict[str, Any]:
        """The changes of path as plain data."""
        return {
            "scenario": self.scenario,
            "policy": self.policy,
            "baseline": self.baseline,
            "disputes": self.all,
            "another_way": self.moved,
            "paths": {name: [a, b] for name, a, b in self.on_paths()},
            "changes": [one.as_json() for one in self.largest(most)],
        }


def _numbers(told: Sequence[Moved]) -> list[int]:
    return [number for one in told for number in (*one.move.there, *one.move.back)]
