"""Differences between merchants: how often they lose, how slow they are, how large they are."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import optimize
from scipy.special import betaln, expit, gammaln

from evenhand.analysis.calibration.field import Fit
from evenhand.analysis.metrics.shares import Z
from evenhand.locale.current import gettext

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
CLUSTERED = "Wald, clustered by merchant"
PROFILE = "profile likelihood"


class Spread(NamedTuple):
    """How merchants differ in a share: its mean over merchants, and the correlation of their cases."""

    mean: Fit
    rho: Fit
    merchants: int


def tally(merchant: Ints, hits: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Cases and hits of each merchant; those without a known merchant are left out."""
    known = merchant >= 0
    _, code = np.unique(merchant[known], return_inverse=True)
    return np.bincount(code), np.bincount(code, hits[known]).astype(np.int64)


def beta_binomial(cases: Ints, hits: Ints) -> Spread:
    """Mean and intra-class correlation rho = 1 / (a + b + 1) of merchants with two cases or more.

    Maximum likelihood; profile-likelihood interval of rho (Williams 1975). Raises ValueError with fewer
    than 20 such merchants.
    """
    use = cases >= 2
    n, x = cases[use].astype(float), hits[use].astype(float)
    if len(n) < 20:
        raise ValueError(
            gettext("20 merchants with two cases or more are needed, found {n}").format(n=len(n))
        )

    def minus(logit_mean: float, logit_rho: float) -> float:
        m, rho = float(expit(logit_mean)), float(expit(logit_rho))
        total = 1 / rho - 1
        a, b = m * total, (1 - m) * total
        return -float((betaln(x + a, n - x + b) - betaln(a, b)).sum())

    pooled = min(max(x.sum() / n.sum(), 0.01), 0.99)

    def both(p: Floats) -> float:
        return minus(float(p[0]), max(float(p[1]), -12.0))

    begin: Floats = np.array([np.log(pooled / (1 - pooled)), -2.0])
    found = optimize.minimize(both, begin, method="Nelder-Mead")
    top, (mean_at, rho_at) = -float(found.fun), found.x

    def profile(logit_rho: float) -> float:
        inner = optimize.minimize_scalar(
            lambda m: minus(m, logit_rho), bracket=(mean_at - 0.2, mean_at + 0.2)
        )
        return top + float(inner.fun) - Z * Z / 2

    low = _crossing(profile, rho_at, -12.0)
    high = _crossing(profile, rho_at, 8.0)
    around = np.sqrt(pooled * (1 - pooled) / n.sum() * (1 + (n.mean() - 1) * float(expit(rho_at))))
    mean = float(expit(mean_at))
    count = int(n.sum())
    return Spread(
        Fit(mean, max(mean - Z * around, 0.0), min(mean + Z * around, 1.0), CLUSTERED, count),
        Fit(float(expit(rho_at)), low, high, PROFILE, count),
        len(n),
    )


def _crossing(profile: object, at: float, end: float) -> float:
    """Where a profile crosses its limit, as a share; the end of its range if it does not."""
    assert callable(profile)
    if profile(end) <= 0:
        return float(expit(end)) if end > 0 else 0.0
    return float(expit(optimize.brentq(profile, at, end, xtol=1e-4)))


class Between(NamedTuple):
    """The spread of log delays: between merchants and within, and what share of the variance is between."""

    between: Fit
    within: float
    icc: float
    merchants: int


def log_delay_spread(merchant: Ints, delays: Floats, least: float) -> Between:
    """Standard deviation between merchants of the log delay, by restricted maximum likelihood.

    One-way random effects with unequal groups (Searle, Casella & McCulloch 1992, section 3.8);
    profile-likelihood interval, cut at 0. Delays below `least` hours count as that. Open ones are left
    out, so both spreads are a little low where many are. Raises ValueError with fewer than 20 merchants
    of two delays or more.
    """
    known = (merchant >= 0) & ~np.isnan(delays)
    _, code = np.unique(merchant[known], return_inverse=True)
    y = np.log(np.maximum(delays[known], least))
    n = np.bincount(code)
    if (n >= 2).sum() < 20:
        raise ValueError(
            gettext("20 merchants with two delays or more are needed, found {int}").format(
                int=int((n >= 2).sum())
            )
        )
    means = np.bincount(code, y) / n
    inside = float(((y - means[code]) ** 2).sum())
    total = len(y)

    def minus(ratio: float) -> float:
        """Minus twice the restricted log-likelihood at a ratio of variances, the one within profiled."""
        weight = n / (1 + n * ratio)
        mean = weight @ means / weight.sum()
        squares = inside + float(weight @ (means - mean) ** 2)
        return float(
            (total - 1) * np.log(squares / (total - 1)) + np.log1p(n * ratio).sum() + np.log(weight.sum())
        )

    found = optimize.minimize_scalar(lambda x: minus(np.exp(x)), bounds=(-12.0, 5.0), method="bounded")
    at = float(np.exp(found.x)) if found.fun < minus(0.0) else 0.0
    best = min(float(found.fun), minus(0.0))

    def drop(ratio: float) -> float:
        return minus(ratio) - best - Z * Z

    low = optimize.brentq(drop, 0.0, at) if at > 0 and drop(0.0) > 0 else 0.0
    high = optimize.brentq(drop, at, 150.0) if drop(150.0) > 0 else np.inf
    weight = n / (1 + n * at)
    squares = inside + float(weight @ (means - weight @ means / weight.sum()) ** 2)
    within = float(np.sqrt(squares / (total - 1)))
    fit = Fit(within * np.sqrt(at), within * np.sqrt(low), within * np.sqrt(high), f"REML, {PROFILE}", total)
    return Between(fit, within, at / (1 + at), int((n >= 2).sum()))


class Sizes(NamedTuple):
    """How many merchants there are, unseen ones too, and how unequal."""

    merchants: int
    zipf: Fit
    seen: int


def fit_sizes(cases: Ints, most: int = 50_000) -> Sizes:
    """Zipf's exponent from how many merchants have 1, 2, 3, ... cases; then how many there must be.

    The r-th largest has cases in proportion to r to the power of minus z: Poisson counts, of which zeros
    are not seen. For each z the number of merchants is the one with as many seen as in the log; z by
    maximum likelihood of the counts seen, profile interval. Raises ValueError with fewer than 20 merchants.
    """
    seen, total = len(cases), int(cases.sum())
    if seen < 20:
        raise ValueError(gettext("20 merchants are needed, found {seen}").format(seen=seen))
    values, often = np.unique(cases, return_counts=True)

    def rates(z: float, count: int) -> Floats:
        size = np.arange(1, count + 1) ** -z
        return np.asarray(total * size / size.sum())

    def unseen(count: float, z: float) -> float:
        """How many more or fewer would be seen of so many merchants than are in the log."""
        return float(-np.expm1(-rates(z, int(count))).sum() - seen)

    def merchants(z: float) -> int:
        """How many there must be; 0 where not even the most would do."""
        if unseen(seen, z) >= 0:
            return seen
        return 0 if unseen(most, z) < 0 else int(optimize.bisect(unseen, seen, most, (z,), xtol=1.0))

    def minus(z: float) -> float:
        count = merchants(z)
        if count == 0:
            return np.inf
        rate = rates(z, count)
        logs = values[:, None] * np.log(rate)[None, :] - rate[None, :] - gammaln(values + 1)[:, None]
        chance = np.exp(logs).sum(axis=1) / -np.expm1(-rate).sum()
        return -float(often @ np.log(np.maximum(chance, 1e-300)))

    grid = np.linspace(0.0, 1.6, 33)
    scores = np.array([minus(z) for z in grid])
    at = int(scores.argmin())
    found = optimize.minimize_scalar(
        minus, bounds=(grid[max(at - 1, 0)], grid[min(at + 1, 32)]), method="bounded", options={"xatol": 1e-3}
    )
    z, best = (float(found.x), float(found.fun)) if found.fun < scores[at] else (float(grid[at]), scores[at])
    inside = grid[scores <= best + Z * Z / 2]
    low, high = (float(inside.min()), float(inside.max())) if len(inside) else (z, z)
    fit = Fit(z, min(max(low - 0.025, 0.0), z), max(high + 0.025, z), f"{PROFILE} on a grid of .05", total)
    return Sizes(merchants(z), fit, seen)
