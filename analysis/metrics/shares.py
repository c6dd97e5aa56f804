"""Intervals of shares of independent cases."""

from __future__ import annotations

from math import sqrt

from scipy.special import ndtri

Z = float(ndtri(0.975))
"""Of a 95 % interval: the 97.5 % quantile of the normal distribution."""


def wilson(hits: float, n: float) -> tuple[float, float]:
    """Wilson's (1927) 95 % score interval of a share; `n` above 0."""
    p, z2 = hits / n, Z * Z
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z * sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def one_sided(n: int) -> float:
    """How large a share may be that `n` cases never showed, at 95 %: 1 - 0.05^(1/n), about 3/n."""
    return float(1.0 - 0.05 ** (1.0 / n))
