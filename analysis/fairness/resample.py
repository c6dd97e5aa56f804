"""Intervals that resample merchants and replications, never single disputes.

Disputes of one merchant share its habits and its evidence, disputes of one replication share its
arbiters and queues. A row is therefore no independent observation: an interval that resamples rows
covers about 72 % where 95 % are promised, one that resamples merchants about 94 % (tests/).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from evenhand.analysis.metrics.accumulators import Floats, Ints
from evenhand.analysis.metrics.estimate import CONFIDENCE, Estimate

Statistic = Callable[[Floats], Floats]
"""From weights of the clusters, shape (draws, clusters), to values, shape (draws, values)."""
Intervals = Literal["auto", "merchants", "replications"]
SHARED = (
    "disputes wait in the same line of a desk, and one replication does not show how much that moves them"
)
"""Why a time in a line has no interval in one replication."""

MOST_UNDEFINED = 0.05
"""A value that is undefined in more of the resamples than this has no interval."""
_ROOM = 4_000_000
"""Weights held at once."""
_RANGE = {
    "share": (0.0, 1.0),
    "share of loss": (0.0, 1.0),
    "difference of shares": (-1.0, 1.0),
    "index": (0.0, np.inf),
    "h": (0.0, np.inf),
    "ratio": (0.0, np.inf),
    "count": (0.0, np.inf),
}
"""Where values of a unit end; other units have no end."""


@dataclass(frozen=True, eq=False)
class ClusterEstimate(Estimate):
    """A value from all replications together, and an interval from merchants or replications.

    `n` are the disputes (or parties) counted, `clusters` the merchants with any of them, counted in
    each replication; for a contrast, those of its smaller group. `ci` is None where an interval would
    be invented: one cluster, a value that most resamples do not have, no spread at all, or what all disputes
    share through a desk in a single replication.
    """

    clusters: int
    intervals: str
    """What was resampled: "merchants" (and the few replications with them), "replications", or "none"."""
    reason: str = ""
    """Why nothing was resampled, where nothing was."""

    @property
    def half_width(self) -> float:
        """Half the width of the interval, NaN without one."""
        return (self.ci[1] - self.ci[0]) / 2 if self.ci else float("nan")


def weights(replication: Ints, draws: int, rng: np.random.Generator) -> Floats:
    """Weights of clusters in resamples of replications and of the merchants in each; (draws, clusters).

    Formula: w = v (1 + (u - 1) / sqrt(R)), v how often the replication and u how often the merchant was
    drawn, each with replacement among its own kind. Without the root, resampling at both levels would
    count the merchants' spread twice; with it the variance of a total is right for one replication and
    for many. Source: after the rescaling bootstrap for two stages of Rao & Wu (1988).
    """
    count = int(replication.max(initial=-1)) + 1
    drawn = np.empty((draws, len(replication)))
    for number in range(count):
        mine = np.flatnonzero(replication == number)
        times = rng.multinomial(len(mine), np.full(len(mine), 1.0 / len(mine)), size=draws)
        drawn[:, mine] = 1.0 + (times - 1.0) / np.sqrt(count)
    if count > 1:
        drawn *= rng.multinomial(count, np.full(count, 1.0 / count), size=draws)[:, replication]
    return drawn


def bootstrap(statistic: Statistic, replication: Ints, draws: int, seed: int) -> Floats:
    """Values of a statistic in resamples, shape (draws, values); the same seed gives the same ones."""
    rng = np.random.default_rng([seed, 0x0FA1])
    most = max(1, _ROOM // max(1, len(replication)))
    sizes = [min(most, draws - start) for start in range(0, draws, most)]
    return np.concatenate([statistic(weights(replication, size, rng)) for size in sizes])


def spread(values: Floats) -> Floats:
    """Standard deviation over the resamples, NaN where too many of them are undefined."""
    known = np.isfinite(values)
    k = known.sum(axis=0)
    mean = np.where(known, values, 0.0).sum(axis=0) / np.maximum(k, 1)
    squares = np.where(known, values - mean, 0.0) ** 2
    found = np.sqrt(squares.sum(axis=0) / np.maximum(k - 1, 1))
    return np.where(k >= (1 - MOST_UNDEFINED) * len(values), found, np.nan)


def jackknife(statistic: Statistic, own: Floats, value: Floats) -> Floats:
    """What each replication adds to a statistic, by leaving it out; `own` marks each one's clusters.

    Shape (replications, values); the mean is `value`, the spread of the mean the jackknife's standard
    error. That equals the plain standard error over replications for a mean, and unlike it does not carry
    the small-sample bias of a ratio or an index over into the interval. See `estimate.contributions`, which
    does the same for ratios of sums. Source: Efron & Tibshirani (1993).
    """
    count = len(own)
    if count == 1:
        return value[None, :]
    left = statistic(1.0 - own)
    return np.asarray(value + (count - 1) * (left.mean(axis=0) - left))


def infer(
    statistic: Statistic,
    replication: Ints,
    names: Sequence[str],
    n: NDArray[np.integer],
    clusters: NDArray[np.integer],
    unit: str | Sequence[str],
    *,
    seed: int,
    draws: int = 1000,
    intervals: Intervals = "auto",
    confidence: float = CONFIDENCE,
    shared: bool = False,
) -> dict[str, ClusterEstimate]:
    """Estimate every value of a statistic, with its interval; `n` and `clusters` have one entry a value,
    `unit` is one for all or one a value.

    "merchants": value +- t(G - 1) s, s the standard deviation over resamples times sqrt(G / (G - 1)),
    G = `clusters` of the value; t instead of percentiles, because percentiles are too short below
    some 30 clusters. "replications": value +- t(R - 1) s from leaving out one replication at a time.
    "auto" takes merchants for a single replication, and replications from two on: where replications
    differ in more than their merchants (arbiters, queues), resampling two to eight of them covers only
    74 to 89 %, while t over replications covers 94 to 96 % (toy courts; tests/). `shared` values, times in a
    line that all merchants' disputes stand in, have none in a single replication: of those from merchants 27
    to 52 % hold the slowdown of a claim, 55 to 75 % the median or the 90th percentile of times (60 worlds of
    `tmall_unresponsive`, 90 days). Intervals end
    where the unit does. A share of exactly 0 or 1 without any spread gets the exact binomial bound for
    G clusters (Clopper & Pearson 1934).
    """
    count = int(replication.max(initial=-1)) + 1
    own = (replication[None, :] == np.arange(count)[:, None]).astype(np.float64)
    value = statistic(np.ones((1, len(replication))))[0]
    each = statistic(own)
    method: str = intervals if intervals != "auto" else "merchants" if count == 1 else "replications"
    alone = shared and count == 1 and intervals == "auto"
    unknown = np.full(len(value), np.nan)
    with np.errstate(invalid="ignore"):  # infinite values have no spread
        added = jackknife(statistic, own, value)
        if alone:
            method, freedom, error = "none", np.zeros(len(value), np.int64), unknown
        elif method == "replications":
            freedom = np.full(len(value), count - 1)
            error = (
                np.sqrt(((added - value) ** 2).sum(axis=0) / count / (count - 1)) if count > 1 else unknown
            )
        else:
            freedom = np.asarray(clusters) - 1
            small = np.sqrt(clusters / np.maximum(freedom, 1))
            error = spread(bootstrap(statistic, replication, draws, seed)) * small
    added = np.where(np.isnan(added), each, added)
    units = [unit] * len(value) if isinstance(unit, str) else unit
    found = {}
    for j, name in enumerate(names):
        ci = _interval(value[j], error[j], int(freedom[j]), int(clusters[j]), units[j], confidence)
        defined = int((~np.isnan(each[:, j])).sum())
        found[name] = ClusterEstimate(
            float(value[j]),
            ci,
            int(n[j]),
            defined,
            units[j],
            each[:, j],
            added[:, j],
            int(clusters[j]),
            method,
            SHARED if alone else "",
        )
    return found


def _interval(
    value: float, error: float, freedom: int, clusters: int, unit: str, confidence: float
) -> tuple[float, float] | None:
    """Student's interval inside the range of its unit, or None where there is nothing to go by."""
    if not np.isfinite(value) or not np.isfinite(error) or freedom < 1:
        return None
    low, high = _RANGE.get(unit, (-np.inf, np.inf))
    if error <= 1e-12 * max(1.0, abs(value)):
        if unit != "share" or value not in {0.0, 1.0}:
            return None
        edge = 1.0 - ((1 - confidence) / 2) ** (1.0 / clusters)
        return (0.0, edge) if value == 0.0 else (1.0 - edge, 1.0)
    half = float(stdtrit(freedom, (1 + confidence) / 2) * error)
    return max(low, float(value) - half), min(high, float(value) + half)
