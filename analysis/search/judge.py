"""The front in fresh worlds: how sure each candidate is of it, what it lacks, and whether limits hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from evenhand.analysis.compare.multiple import holm
from evenhand.analysis.compare.paired import Paired, paired_t
from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.search.front import Seen, added, constrained, hypervolume, pooled
from evenhand.analysis.search.goals import Aims

DRAWS = 4000
SHOWN = 12
"""Candidates of a front that are judged at most; of more, those that cover most together."""
_SEED = 20_261_201
LEVEL = 0.05


class Judged(NamedTuple):
    """Candidates in fresh worlds, the base first; arrays by candidate.

    A chance is the share of draws of the means from their t distribution, all candidates together, so that
    what the same worlds do to all of them is no doubt; NaN with fewer than two worlds.
    """

    numbers: tuple[int, ...]
    """Of the candidates; the first is the base."""
    means: Floats
    """Over all fresh worlds; (candidates, metrics)."""
    halves: Floats
    """Half-widths of the 95 % t intervals of the means."""
    against_base: Paired
    """Paired differences to the base; arrays (candidates, metrics)."""
    adjusted: Floats
    """p of these for the goals, by Holm over all candidates and goals; (candidates, goals)."""
    on_front: Floats
    """Chance that nothing else here beats the candidate, limits kept."""
    regret: Floats
    """What it lacks, on average over the draws, to be beaten by none: the least that every goal would have to
    be better by. With one goal in its unit, with several as a share of what the Sobol points span."""
    keeps: Floats
    """Chance that all limits hold."""
    optimism: Floats
    """By how much each goal looked better in the worlds of the search; (candidates, goals)."""
    groups: tuple[tuple[int, ...], ...]
    """Positions of candidates, without the base, that no goal tells apart."""
    worlds: int


def shown(costs: Floats, front: Sequence[int], most: int = SHOWN) -> list[int]:
    """Candidates of a front that cover most together, one after the other; all where there are few."""
    if len(front) <= most:
        return list(front)
    mine = costs[list(front)]
    low, high = mine.min(axis=0), mine.max(axis=0)
    scaled = (mine - low) / np.where(high > low, high - low, 1.0)
    reference = np.full(costs.shape[1], 1.1)
    chosen: list[int] = []
    while len(chosen) < most:
        left = [one for one in range(len(front)) if one not in chosen]
        gains = [hypervolume(scaled[[*chosen, one]], reference) for one in left]
        chosen.append(left[int(np.argmax(gains))])
    return [front[one] for one in sorted(chosen)]


def judge(
    numbers: Sequence[int], fresh: Sequence[Seen], before: Sequence[Seen], aims: Aims, scale: Floats
) -> Judged:
    """Judge candidates by fresh worlds, the base first; `before` is what the search saw of them.

    `scale` is what one unit of regret is in each goal.
    """
    adds = np.stack([added(one, aims) for one in fresh])
    means = np.stack([pooled(one, aims) for one in fresh])
    worlds = adds.shape[1]
    places = [aims.place(one.metric) for one in aims.goals]
    flat = np.moveaxis(adds, 1, 0)
    apart = paired_t(flat, np.broadcast_to(flat[:, :1], flat.shape))
    p = np.asarray(apart.p)[1:, places]
    adjusted = np.vstack([np.full(len(places), np.nan), holm(p.ravel()).reshape(p.shape)])
    draws = _draws(adds)
    costs, excess = aims.costs(draws), np.maximum(aims.excesses(draws), 0.0)
    looked = aims.costs(np.stack([pooled(one, aims) for one in before]))
    alone = paired_t(flat, np.zeros_like(flat))
    unknown = worlds < 2
    return Judged(
        tuple(numbers),
        means,
        np.asarray(alone.half),
        apart,
        adjusted,
        _chance(np.stack([constrained(*one) for one in zip(costs, excess, strict=True)]), unknown=unknown),
        np.full(len(numbers), np.nan) if unknown else _regret(costs, excess, scale),
        _chance(np.asarray((excess <= 0).all(axis=2)), unknown=unknown),
        aims.costs(means) - looked,
        _groups(flat[:, 1:], places, [one.sign for one in aims.goals]),
        worlds,
    )


def _draws(adds: Floats) -> Floats:
    """Means of all candidates drawn together from their t distribution; (draws, candidates, metrics).

    Formula: mean + sum_w g_w (c_w - mean) / sqrt(n (n - 1)) / sqrt(chi2(n - 1) / (n - 1)), one normal g_w for
    each world: each mean alone is then exactly Student's t about what was seen, and all move together.
    """
    worlds = adds.shape[1]
    means: Floats = np.asarray(adds.mean(axis=1))
    if worlds < 2:
        return np.asarray(means[None])
    rng = np.random.default_rng(_SEED)
    g = rng.standard_normal((DRAWS, worlds))
    chi = np.sqrt(rng.chisquare(worlds - 1, (DRAWS, 1, 1)) / (worlds - 1))
    centred = adds - means[:, None]
    moved = np.einsum("dw,kwm->dkm", g, centred) / np.sqrt(worlds * (worlds - 1.0))
    return np.asarray(means[None] + moved / chi)


def _chance(held: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], *, unknown: bool) -> Floats:
    return np.full(held.shape[1], np.nan) if unknown else np.asarray(held.mean(axis=0), np.float64)


def _regret(costs: Floats, excess: Floats, scale: Floats) -> Floats:
    """Mean over the draws of the least improvement of every goal that leaves a candidate unbeaten."""
    scaled = costs / scale
    keeps = np.asarray((excess <= 0).all(axis=2))
    keeps |= ~keeps.any(axis=1, keepdims=True)  # where nobody keeps the limits, all compete
    lack = (scaled[:, :, None, :] - scaled[:, None, :, :]).min(axis=3)
    lack = np.where(keeps[:, None, :], lack, -np.inf).max(axis=2)
    return np.asarray(np.maximum(lack, 0.0).mean(axis=0))


def _groups(adds: Floats, places: Sequence[int], signs: Sequence[float]) -> tuple[tuple[int, ...], ...]:
    """Candidates in the order of the first goal, each with those that no goal tells apart from any of them.

    Paired t, with Holm over all pairs and goals at 5 %.
    """
    count = adds.shape[1]
    pairs = [(i, j) for i in range(count) for j in range(i)]
    if not pairs:
        return tuple((i,) for i in range(count))
    p = np.array([paired_t(adds[:, i][:, places], adds[:, j][:, places]).p for i, j in pairs])
    told = np.asarray((holm(np.asarray(p, np.float64).ravel()).reshape(p.shape) < LEVEL).any(axis=1))
    apart = {pair for pair, one in zip(pairs, told, strict=True) if one}
    means = signs[0] * adds[:, :, places[0]].mean(axis=0)
    groups: list[list[int]] = []
    for one in np.argsort(means, kind="stable").tolist():
        home = next(
            (group for group in groups if not any((max(one, two), min(one, two)) in apart for two in group)),
            None,
        )
        if home is None:
            groups.append([one])
        else:
            home.append(one)
    return tuple(tuple(sorted(group)) for group in groups)
