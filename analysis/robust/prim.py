"""Where a conclusion flips: boxes of few restrictions, found in some futures and judged in the others."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.metrics.accumulators import Floats, Ints
from evenhand.analysis.robust.counts import Share, share

PEEL = 0.08
"""Share of the box that a step takes off at one face."""
SUPPORT = 0.08
"""Least share of the seen futures that a box may hold."""
RESTRICTIONS = 3
RULES = 2
LEAST_UNSEEN = 8
"""Unseen futures in a box, with fewer of which its density says nothing."""
Bools = NDArray[np.bool_]


class Restriction(NamedTuple):
    """A belief at one side of a position, or between two."""

    belief: int
    """Its place among all beliefs."""
    low: float
    high: float


class FlipRule(NamedTuple):
    """Where the conclusion of most futures fails, as futures say that the rule has not seen."""

    restrictions: tuple[Restriction, ...]
    density: Share
    """Among unseen futures in the box, those in which it fails."""
    coverage: Share
    """Among unseen futures in which it fails, those in the box."""
    base: Share
    """Among all unseen futures, those in which it fails."""
    seen: float
    """The density among the futures that the box was found in: too high, because it was chosen by it."""

    def holds(self, z: Floats) -> Bools:
        """Which futures are in the box; shape (futures, beliefs) in, (futures,) out."""
        inside = np.ones(len(z), bool)
        for one in self.restrictions:
            inside &= (z[:, one.belief] >= one.low) & (z[:, one.belief] <= one.high)
        return inside


def halves(count: int, seed: int) -> Bools:
    """Which futures boxes are found in; the other half judges them."""
    seen = np.zeros(count, bool)
    seen[np.random.default_rng((seed, 0xF11)).permutation(count)[: count // 2]] = True
    return seen


def flip_rules(z: Floats, flipped: Bools, beliefs: Ints, seen: Bools) -> tuple[FlipRule, ...]:
    """At most two boxes over the screened beliefs in which the conclusion fails more often than elsewhere.

    Found by the patient rule induction method (Friedman & Fisher 1999, Statistics and Computing 9) in the
    `seen` futures, with at most three restrictions each, the second box where the first is not. A box is
    told only if eight unseen futures or more are in it, and their density is above the base rate of all.
    """
    if len(beliefs) == 0 or not flipped[seen].any() or flipped[seen].all():
        return ()
    base = share(int(flipped[~seen].sum()), int((~seen).sum()))
    found: list[FlipRule] = []
    left = seen.copy()
    for _ in range(RULES):
        if not flipped[left].any() or left.sum() < seen.sum() * SUPPORT:
            break
        box = _peeled(z[left][:, beliefs], flipped[left], int(seen.sum()))
        if not box:
            break
        restrictions = tuple(Restriction(int(beliefs[place]), low, high) for place, low, high in box)
        rule = _judged(restrictions, z, flipped, seen, base)
        if rule.density.n < LEAST_UNSEEN or not rule.density.value > base.value:
            break
        found.append(rule)
        left &= ~rule.holds(z)
    return tuple(found)


def _judged(
    restrictions: tuple[Restriction, ...], z: Floats, flipped: Bools, seen: Bools, base: Share
) -> FlipRule:
    empty = share(0, 0)
    inside = FlipRule(restrictions, empty, empty, base, 0.0).holds(z)
    fresh = inside & ~seen
    density = share(int(flipped[fresh].sum()), int(fresh.sum()))
    coverage = share(int((flipped & fresh).sum()), int((flipped & ~seen).sum()))
    return FlipRule(restrictions, density, coverage, base, float(flipped[inside & seen].mean()))


def _peeled(z: Floats, flipped: Bools, whole: int) -> list[tuple[int, float, float]]:
    """The best box on the way of peeling: that whose excess over the base is largest for its size."""
    count, size = z.shape
    low, high = np.full(size, -1.0), np.full(size, 1.0)
    inside = np.ones(count, bool)
    base, best, score = float(flipped.mean()), (low.copy(), high.copy()), 0.0
    while inside.sum() > 1:
        cut = _best_cut(z, flipped, inside, low, high, whole * SUPPORT)
        if cut is None:
            break
        place, side, at = cut
        (low if side < 0 else high)[place] = at
        inside &= (z[:, place] >= low[place]) & (z[:, place] <= high[place])
        now = (float(flipped[inside].mean()) - base) * float(np.sqrt(inside.sum()))
        if now > score:
            score, best = now, (low.copy(), high.copy())
    low, high = best
    return [
        (place, float(low[place]), float(high[place]))
        for place in range(size)
        if low[place] > -1.0 or high[place] < 1.0
    ]


def _best_cut(
    z: Floats, flipped: Bools, inside: Bools, low: Floats, high: Floats, least: float
) -> tuple[int, int, float] | None:
    """The face and place of the cut after which the density is highest; None where none is allowed."""
    restricted = (low > -1.0) | (high < 1.0)
    open_to = np.flatnonzero(restricted) if restricted.sum() >= RESTRICTIONS else np.arange(z.shape[1])
    found, highest = None, -1.0
    for place in open_to:
        column = z[inside, place]
        for side in (-1, 1):
            at = float(np.quantile(column, PEEL if side < 0 else 1 - PEEL))
            kept = column >= at if side < 0 else column <= at
            if kept.sum() < max(least, 2) or kept.all():
                continue
            density = float(flipped[inside][kept].mean())
            if density > highest:
                found, highest = (int(place), side, at), density
    return found
