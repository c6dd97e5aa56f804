"""Toy worlds whose truth is known: a difference that is a function of beliefs, and luck on top."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.robust.counts import Verdicts, verdicts
from evenhand.analysis.robust.designs import futures, screen
from evenhand.analysis.robust.luck import luck_of, without_luck
from evenhand.analysis.robust.prim import FlipRule, flip_rules, halves
from evenhand.analysis.robust.screening import Effects, effects

BELIEFS, STARTS, WORLDS = 40, 4, 2
COEFFICIENTS = (1.0, 0.6, -0.4, 0.3, 0.2, 0.15)
SHIFT, MANY = 0.3, 20_000


class Toy(NamedTuple):
    """What a study of a toy world says, and what is so."""

    verdicts: Verdicts
    truth: float
    """The share of all futures in which the policy is better."""
    rules: tuple[FlipRule, ...]
    densities: tuple[float, ...]
    """The share of all futures in each rule's box in which the verdict of most fails."""
    effects: Effects
    luck: float


def difference(z: Floats) -> Floats:
    """By how much a policy is better: six beliefs of forty matter, two together, one bent."""
    lines = z[:, : len(COEFFICIENTS)] @ np.array(COEFFICIENTS)
    return np.asarray(lines + 0.5 * z[:, 0] * z[:, 1] + 0.3 * (z[:, 2] ** 2 - 1 / 3) + SHIFT)


def toy(seed: int, count: int, luck: float, *, same_worlds: bool = False) -> Toy:
    """A study of `count` futures in which so large a share of the variance of means is luck.

    With `same_worlds` half of the luck is that of the two worlds that all futures then share.
    """
    source = np.random.default_rng((seed, 0x70))
    everywhere = 2 * np.random.default_rng(1).random((MANY, BELIEFS)) - 1
    truth = difference(everywhere)
    spread = float(np.sqrt(WORLDS * truth.var() * luck / (1 - luck)))
    z = futures(BELIEFS, count, seed)
    noise = source.normal(0, spread, (count, WORLDS))
    if same_worlds:
        noise = (noise + source.normal(0, spread, (1, WORLDS))) * np.sqrt(0.5)
    each = difference(z)[:, None] + noise
    look = screen(BELIEFS, STARTS, seed)
    worlds = source.normal(0, spread / np.sqrt(WORLDS), (STARTS, int(look.block.max()) + 1))
    screened = difference(look.z) + worlds[np.arange(len(look.z)) // look.size, look.block]
    found = effects(look, screened)
    gain = without_luck(each, z, found.order, len(found.above))
    said = verdicts(gain, 0.0, z[:, found.order], each.mean(axis=1))
    rules = flip_rules(z, said.each != said.most, found.above, halves(count, seed))
    fails = np.where(truth > 0, 1, -1) != said.most
    densities = tuple(float(fails[rule.holds(everywhere)].mean()) for rule in rules)
    return Toy(said, float((truth > 0).mean()), rules, densities, found, luck_of(each).share)
