"""Delays: which law, with which parameters, from times of which some are only known to be longer.

Likelihood of a delay t seen to end: f(t), or F(b) - F(a) where only whole days are known; of one that had
not ended when it was last seen: 1 - F(t). With `never`, a share p never ends at all (a cure model:
Boag 1949), so these become (1 - p) f and p + (1 - p)(1 - F). Families are those of
`sim.scenario.distributions`, the best
by Akaike's (1974) criterion. Intervals are Wald's from the curvature of the log-likelihood, on the
logarithm of each parameter (logit of p).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special, stats

from evenhand.analysis.calibration.field import Fit, rounded
from evenhand.analysis.metrics.shares import Z
from evenhand.locale.current import gettext

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
KIND = "Wald on the log scale"
_TINY = 1e-300
_BOUND = 12.0
"""Parameters stay between e to the power of minus this and this, relative to where the search begins."""


class DelaySample(NamedTuple):
    """Delays in hours, each with how often it occurs; `ended` where the end was seen.

    `low` and `high` bound the true delay: equal where it is known exactly.
    """

    low: Floats
    high: Floats
    ended: Mask
    weight: Floats

    @property
    def n(self) -> int:
        """Delays."""
        return int(self.weight.sum())

    @property
    def n_ended(self) -> int:
        """Delays whose end was seen."""
        return int(self.weight[self.ended].sum())


def times_of(delays: Floats, ended: Mask, grain: float) -> DelaySample:
    """Group delays; d whole days are true delays from d - 1/2 to d + 1/2 days, as both ends are rounded.

    Delays that did not end are at least as long as they were followed. Negative and unknown ones are left
    out.
    """
    known = ~np.isnan(delays) & (delays >= 0)
    values, ends = delays[known], ended[known]
    pairs, counts = np.unique(np.column_stack([values, ends]), axis=0, return_counts=True)
    at, seen = pairs[:, 0], pairs[:, 1] > 0
    half = grain / 2
    low, high = np.where(seen, np.maximum(at - half, 0.0), at), np.where(seen, at + half, at)
    if not grain:  # a delay of exactly nothing has no logarithm: it is less than a minute
        high = np.where(seen & (at <= 0), 1 / 60, high)
    return DelaySample(low, high, seen, counts.astype(float))


class Family(NamedTuple):
    """A law: its names of parameters, distribution by (parameters, t), and where a search begins."""

    name: str
    parameters: tuple[str, ...]
    frozen: Callable[[Floats], Any]
    begin: Callable[[float, float], tuple[float, ...]]
    """From the mean and the standard deviation of the logarithm."""


FAMILIES = (
    Family("exponential", ("mean",), lambda p: stats.expon(scale=p[0]), lambda m, _: (m,)),
    Family(
        "gamma",
        ("shape", "mean"),
        lambda p: stats.gamma(p[0], scale=p[1] / p[0]),
        lambda m, s: (min(max(1 / s**2, 0.2), 20.0), m),
    ),
    Family(
        "weibull",
        ("shape", "scale"),
        lambda p: stats.weibull_min(p[0], scale=p[1]),
        lambda m, s: (min(max(1.2 / s, 0.3), 10.0), m),
    ),
    Family(
        "lognormal",
        ("sigma", "median"),
        lambda p: stats.lognorm(p[0], scale=p[1]),
        lambda m, s: (s, m * np.exp(-(s**2) / 2)),
    ),
)
IN_HOURS = {"mean", "scale", "median"}
LIMITS = {
    ("gamma", "shape"): (0.05, 1000.0),
    ("weibull", "shape"): (0.2, 20.0),
    ("lognormal", "sigma"): (0.0, 5.0),
}
"""What `sim.scenario.distributions` takes."""


@dataclass(frozen=True)
class Delay:
    """A fitted law of a delay."""

    family: str
    parts: dict[str, Fit]
    never: Fit | None
    """Share that never ends; None where that was not asked."""
    aic: float
    rivals: dict[str, float]
    """AIC of each family."""
    n: int
    censored: int

    def law(self) -> dict[str, Any]:
        """The law as a scenario file has it."""
        told: dict[str, Any] = {"law": self.family}
        for name, fit in self.parts.items():
            low, high = LIMITS.get((self.family, name), (0.0, np.inf))
            value = min(max(fit.value, low), high)
            told[name] = f"{rounded(value, 4):g} h" if name in IN_HOURS else rounded(value, 4)
        return told

    def cdf(self, hours: Floats) -> Floats:
        """Chance that it has ended by then, given that it ever ends."""
        family = next(one for one in FAMILIES if one.name == self.family)
        return np.asarray(family.frozen(np.array([fit.value for fit in self.parts.values()])).cdf(hours))


def log_likelihood(family: Family, parameters: Floats, never: float, times: DelaySample) -> float:
    """Of all delays; `never` is the share that never ends."""
    law = family.frozen(parameters)
    exact = times.ended & (times.low == times.high)
    within = times.ended & ~exact
    each = np.empty(len(times.low))
    each[exact] = (1 - never) * law.pdf(times.low[exact])
    # upper tails too, where differences of distribution functions near 1 lose their figures
    below = law.cdf(times.high[within]) - law.cdf(times.low[within])
    above = law.sf(times.low[within]) - law.sf(times.high[within])
    each[within] = (1 - never) * np.maximum(below, above)
    each[~times.ended] = never + (1 - never) * law.sf(times.low[~times.ended])
    return float(times.weight @ np.log(np.maximum(each, _TINY)))


def _fit(family: Family, times: DelaySample, never: bool) -> tuple[Floats, float, Floats]:
    """Parameters on their working scale, the log-likelihood, and their standard errors there."""
    ended = times.ended
    middle = np.maximum((times.low[ended] + times.high[ended]) / 2, 1 / 60)
    weight = times.weight[ended]
    logs = np.log(middle)
    spread = max(float(np.sqrt(np.cov(logs, aweights=weight))) if len(logs) > 1 else 1.0, 0.05)
    begin = np.log(family.begin(float(np.average(middle, weights=weight)), spread))
    if never:
        left = min(max(1 - times.n_ended / times.n, 0.01), 0.99)
        begin = np.append(begin, special.logit(left))

    def minus(x: Floats) -> float:
        if np.abs(x - begin).max() > _BOUND:
            return 1e15
        share = float(special.expit(x[-1])) if never else 0.0
        value = -log_likelihood(family, np.exp(x[:-1] if never else x), share, times)
        return value if np.isfinite(value) else 1e15

    found = optimize.minimize(
        minus, begin, method="Nelder-Mead", options={"xatol": 1e-5, "fatol": 1e-6, "maxiter": 2000}
    )
    return found.x, -found.fun, _errors(minus, found.x)


def _errors(minus: Callable[[Floats], float], at: Floats, step: float = 1e-3) -> Floats:
    """Standard errors from the curvature of minus the log-likelihood; NaN where it is flat."""
    k = len(at)
    hessian = np.empty((k, k))
    unit = np.eye(k) * step
    for i in range(k):
        for j in range(i, k):
            ahead = minus(at + unit[i] + unit[j]) - minus(at + unit[i] - unit[j])
            behind = minus(at - unit[i] + unit[j]) - minus(at - unit[i] - unit[j])
            hessian[i, j] = hessian[j, i] = (ahead - behind) / (4 * step * step)
    try:
        variance = np.diag(np.linalg.inv(hessian))
    except np.linalg.LinAlgError:
        return np.full(k, np.nan)
    return np.sqrt(np.where(variance > 0, variance, np.nan))


def fit_delay(times: DelaySample, *, never: bool = False, families: tuple[Family, ...] = FAMILIES) -> Delay:
    """The best law of some delays. Raises ValueError with fewer than 10 ends: that fits anything."""
    if times.n_ended < 10:
        raise ValueError(
            gettext("10 or more delays that ended are needed, found {n_ended}").format(n_ended=times.n_ended)
        )
    found = {family.name: _fit(family, times, never) for family in families}
    aic = {name: 2 * len(x) - 2 * likelihood for name, (x, likelihood, _) in found.items()}
    best = next(family for family in families if family.name == min(aic, key=aic.__getitem__))
    x, _, errors = found[best.name]
    parts = {
        name: Fit(float(np.exp(v)), float(np.exp(v - Z * e)), float(np.exp(v + Z * e)), KIND, times.n)
        for name, v, e in zip(best.parameters, x, errors, strict=False)
    }
    share = None
    if never:
        v, e = float(x[-1]), float(errors[-1])
        low, high = special.expit([v - Z * e, v + Z * e])
        share = Fit(float(special.expit(v)), float(low), float(high), "Wald on the logit scale", times.n)
    return Delay(best.name, parts, share, aic[best.name], aic, times.n, times.n - times.n_ended)
