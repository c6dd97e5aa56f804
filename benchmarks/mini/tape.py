"""Drawing the luck of dispute-mini, by dispute and not by order of use: every program gets the same."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from benchmarks.mini.model import (
    ARRIVALS_AN_HOUR,
    CASE,
    GROUP_SHARES,
    MERCHANTS,
    PATIENCE_SCALE,
    ZIPF,
    Tape,
)

_CHUNK = 1 << 14
_MARKET_SEED = 7


def draw_tape(n: int, rate: float = ARRIVALS_AN_HOUR, seed: int = 1) -> Tape:
    """The luck of n disputes that arrive at so many an hour.

    Drawn in chunks of a fixed size, so that a longer tape begins like a shorter one if that ends
    with a chunk.
    """
    market = np.random.default_rng(_MARKET_SEED)
    quality = market.beta(4.0, 2.0, MERCHANTS)
    weights = 1.0 / np.arange(1, MERCHANTS + 1) ** ZIPF
    shares = np.cumsum(weights / weights.sum())
    shares[-1] = 1.0
    generator = np.random.Generator(np.random.SFC64(seed))
    gaps, cases = np.empty(n), np.zeros(n, CASE)
    for start in range(0, n, _CHUNK):
        chunk = slice(start, min(n, start + _CHUNK))
        _fill(generator, quality, shares, rate, gaps[chunk], cases[chunk])
    return Tape(gaps, np.cumsum(gaps), cases, 0.02 + 0.10 * quality, rate)


def _fill(
    generator: np.random.Generator,
    quality: np.ndarray,
    shares: np.ndarray,
    rate: float,
    gaps: np.ndarray,
    cases: np.ndarray,
) -> None:
    """Fill one chunk. The order of the draws is part of the model: it makes the tape what it is."""
    n = len(gaps)
    normal: Callable[[int], np.ndarray] = generator.standard_normal
    exponential: Callable[[int], np.ndarray] = generator.standard_exponential
    uniform: Callable[[int], np.ndarray] = generator.random

    def lognormal(median: float, spread: float) -> np.ndarray:
        return np.exp(math.log(median) + spread * normal(n))

    gaps[:] = exponential(n) * (1.0 / rate)
    merchant = np.searchsorted(shares, uniform(n), side="right")
    luck = uniform(n)
    group = (luck >= GROUP_SHARES[0]).astype(np.int64) + (luck >= GROUP_SHARES[0] + GROUP_SHARES[1])
    cases["merchant"], cases["group"] = merchant, group
    cases["right"] = uniform(n) < 0.8 - 0.4 * quality[merchant]
    cases["amount"] = lognormal(60.0, 1.0)
    scale = np.array(PATIENCE_SCALE)[group]
    for k in ("1", "2"):
        cases["answer_" + k] = lognormal(12.0, 0.8)
        cases["patience_" + k] = scale * np.sqrt(exponential(n))
        cases["settle_" + k] = uniform(n)
    cases["intake"] = 0.25 * (exponential(n) + exponential(n))
    cases["evidence"] = lognormal(30.0, 0.9)
    cases["ruling"] = lognormal(1.2, 0.6)
    cases["noise"] = normal(n)
    cases["appeal_luck"] = uniform(n)
    cases["filing"] = 72.0 * exponential(n)
    cases["review"] = lognormal(1.8, 0.5)
    cases["review_noise"] = 0.6 * normal(n)
