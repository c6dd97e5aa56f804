"""Who beats whom: fronts under limits, how much a front covers, and who may still belong to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.charts.fronts import on_front
from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.metrics.estimate import contributions, t_band
from evenhand.analysis.metrics.metric import weights
from evenhand.analysis.search.goals import Aims

Bools = NDArray[np.bool_]


class Seen(NamedTuple):
    """The metrics of a candidate in the first worlds: value, NaN where undefined, and cases.

    Both have shape (worlds, metrics).
    """

    value: Floats
    n: NDArray[np.int64]

    def first(self, worlds: int) -> Seen:
        """The same in fewer worlds."""
        return Seen(self.value[:worlds], self.n[:worlds])


def added(seen: Seen, aims: Aims) -> Floats:
    """What each world adds to the pooled value of each metric, which is their mean; (worlds, metrics)."""
    return contributions(seen.value, weights(aims.metrics, seen.n))


def pooled(seen: Seen, aims: Aims) -> Floats:
    """The value of each metric over all worlds; NaN where none, or not each that has cases, has one."""
    found = t_band(added(seen, aims)).mean
    hidden = (np.isnan(seen.value) & (seen.n > 0)).any(axis=0)
    return np.where(hidden, np.nan, found)


def constrained(costs: Floats, excess: Floats) -> Bools:
    """Who is beaten by nobody, limits first (Deb 2000); shapes (k, goals) and (k, limits).

    Who keeps all limits beats who does not; of two that do not, who breaks them less, summed in units of the
    largest excess of each limit.
    """
    if not len(costs):
        return np.zeros(0, np.bool_)
    broken = np.maximum(excess, 0.0)
    finite = np.where(np.isfinite(broken), broken, 0.0)
    scale = finite.max(axis=0, initial=0.0)
    total = (broken / np.where(scale > 0, scale, 1.0)).sum(axis=-1)
    keeps = total == 0
    if keeps.any():
        found = np.zeros(len(costs), np.bool_)
        found[keeps] = on_front(costs[keeps])
        return found
    return np.asarray(total <= total.min())


def hypervolume(costs: Floats, reference: Floats) -> float:
    """How much of the space below a reference point some points dominate; less is better everywhere.

    Formula: slices along the last goal, each the volume of what dominates there (Fonseca et al. 2006, in its
    plain form). Points that are not better than the reference in every goal cover nothing.
    """
    inside = costs[(costs < reference).all(axis=1)]
    if not len(inside):
        return 0.0
    if costs.shape[1] == 1:
        return float(reference[0] - inside.min())
    order = inside[np.argsort(inside[:, -1], kind="stable")]
    volume = 0.0
    for place in range(len(order)):
        upper = order[place + 1, -1] if place + 1 < len(order) else reference[-1]
        if upper > order[place, -1]:
            volume += float(upper - order[place, -1]) * hypervolume(order[: place + 1, :-1], reference[:-1])
    return volume


class Standing(NamedTuple):
    """Candidates against each other, every pair over the worlds that both have seen."""

    front: Bools
    """Beaten by none."""
    near: Bools
    """Not surely beaten: one standard error could take them to the front."""


def standing(seen: Sequence[Seen], aims: Aims) -> Standing:
    """Compare every pair of candidates over the first worlds of both.

    A candidate is near where each that beats it does so by less than one standard error of their paired
    difference in some goal, and no limit is broken by more than one standard error.
    """
    near, sizes = np.ones(len(seen), np.bool_), np.array([len(one.value) for one in seen])
    front: list[int] = []
    for worlds in sorted(set(sizes.tolist()), reverse=True):
        among = [int(one) for one in np.flatnonzero(sizes >= worlds)]
        level = sizes[among] == worlds
        adds = np.stack([added(seen[one].first(worlds), aims) for one in among])
        beaten, doubtful = _beaten(adds, aims)
        # A pair is told at the smaller of its two numbers of worlds: only pairs with one at this level.
        pair = level[:, None] | level[None, :]
        near[among] &= ~(beaten & pair & ~doubtful).any(axis=1)
        front = _joined(front, among, level, beaten, beaten & ~doubtful)
    on = np.isin(np.arange(len(seen)), front)
    return Standing(on, near | on)


def _joined(front: list[int], among: list[int], level: Bools, beaten: Bools, surely: Bools) -> list[int]:
    """The front with the candidates of the next level down.

    Who has seen more worlds comes first: a newcomer joins where neither the front nor its equals beat it, and
    puts out a member only surely, since in few worlds it may just have been lucky. So the front is never
    empty, although over different numbers of worlds candidates may beat each other in a circle.
    """
    place = {one: at for at, one in enumerate(among)}
    mine = [at for at in range(len(among)) if level[at]]
    rivals = [place[one] for one in front] + mine
    new = [at for at in mine if not beaten[at, rivals].any()]
    stay = [one for one in front if not surely[place[one], new].any()]
    return [*stay, *(among[at] for at in new)]


def _beaten(adds: Floats, aims: Aims) -> tuple[Bools, Bools]:
    """Whether the first of a pair is beaten by the second, and whether that is in doubt; (k, k)."""
    worlds = adds.shape[1]
    means = np.nanmean(np.where(np.isnan(adds).all(axis=1, keepdims=True), np.inf, adds), axis=1)
    means = np.where(np.isfinite(means), means, np.nan)
    costs, excess = aims.costs(means), np.maximum(aims.excesses(means), 0.0)
    breaks = excess.sum(axis=1) > 0
    no_worse = (costs[None, :, :] <= costs[:, None, :]).all(axis=2)
    better = (costs[None, :, :] < costs[:, None, :]).any(axis=2)
    less = excess.sum(axis=1)[None, :] < excess.sum(axis=1)[:, None]
    beaten = np.where(breaks[:, None], less, ~breaks[None, :] & no_worse & better)
    error = np.nan_to_num(np.nanstd(_centred(adds), axis=1, ddof=1 if worlds > 1 else 0)) / np.sqrt(worlds)
    sides = [aims.place(one.metric) for one in aims.goals]
    gaps, doubt = costs[:, None, :] - costs[None, :, :], np.zeros(beaten.shape, np.bool_)
    for goal, place in enumerate(sides):
        apart = adds[:, None, :, place] - adds[None, :, :, place]
        spread = np.nan_to_num(np.nanstd(_centred(apart), axis=2, ddof=1 if worlds > 1 else 0))
        doubt |= gaps[:, :, goal] <= spread / np.sqrt(worlds)
    close = np.ones(len(adds), np.bool_)
    for number, one in enumerate(aims.limits):
        close &= excess[:, number] <= error[:, aims.place(one.metric)]
    return beaten, np.where(breaks[:, None], close[:, None], doubt)


def _centred(values: Floats) -> Floats:
    """Values with NaN columns made 0, so that no warning is raised for what is undefined."""
    return np.where(np.isnan(values), 0.0, values)
