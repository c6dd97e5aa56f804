"""How far groups lie apart, without the bias of max - min (G10, G11, G14, G15)."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from evenhand.analysis.fairness.measure import fairness
from evenhand.analysis.fairness.resample import ClusterEstimate
from evenhand.analysis.fairness.study import Answer, Study, counts, quotient, suffixed
from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.metrics.estimate import CONFIDENCE
from evenhand.analysis.metrics.rates import rate_of
from evenhand.locale.current import gettext

CHOSEN = "those of the chosen rate"


class SpreadParts(NamedTuple):
    """Sums in every cluster from which a corrected spread is computed, and what they count."""

    tops: Floats
    bottoms: Floats
    products: Floats
    """Products of tops and bottoms between groups: yy, yn, ny, nn; (clusters, 4 x groups x groups)."""
    used: list[int]
    """Groups with at least two clusters: the others have no standard error."""
    n: int
    clusters: int


def spread_parts(tops: Floats, bottoms: Floats) -> SpreadParts:
    """Prepare the spread of tops / bottoms, both of shape (clusters, groups)."""
    each = (bottoms > 0).sum(axis=0)
    used = [int(i) for i in np.flatnonzero(each >= 2)]
    y, n = tops[:, used], bottoms[:, used]
    pairs = ((y, y), (y, n), (n, y), (n, n))
    products = np.hstack([np.einsum("ci,cj->cij", a, b).reshape(len(y), -1) for a, b in pairs])
    return SpreadParts(y, n, products, used, int(n.sum()), int(each[used].min()) if used else 0)


def corrected_spread(parts: SpreadParts, w: Floats) -> Floats:
    """tau for every draw of weights, NaN with fewer than two groups; see `spread`."""
    k = len(parts.used)
    if k < 2:
        return np.full(len(w), np.nan)
    n = w @ parts.bottoms
    rate = quotient(w @ parts.tops, n)
    yy, yn, ny, nn = (w @ parts.products).reshape(len(w), 4, k, k).transpose(1, 0, 2, 3)
    p, q = rate[:, :, None], rate[:, None, :]
    clusters = w @ (parts.bottoms > 0)
    small = quotient(clusters, clusters - 1.0)
    error = quotient(yy - q * yn - p * ny + p * q * nn, n[:, :, None] * n[:, None, :])
    error *= np.sqrt(small[:, :, None] * small[:, None, :])
    own = np.einsum("dii->d", error) / k
    shared = (error.sum(axis=(1, 2)) - own * k) / (k * (k - 1))
    return np.asarray(np.sqrt(np.maximum(0.0, rate.var(axis=1, ddof=1) - own + shared)))


@fairness("G14", "Spread between groups, corrected for chance", "index", CHOSEN)
def spread(study: Study, rate: str = "wrongful_denial", by: str = "merchant_group") -> Answer:
    """Standard deviation of a rate between groups, what chance alone would give taken off.

    Formula: tau = sqrt(max(0, Var_g(p_g) - mean_g SE_g^2 + mean_gh Cov(p_g, p_h))), SE and covariance
    from the clusters (groups of buyers share merchants, which moves them together). 0: no more spread
    than chance gives; unlike max - min it does not grow with the number of groups. Groups with fewer
    than two clusters have no standard error and are left out. Source: variance of random effects
    (DerSimonian and Laird 1986).
    """
    chosen, groups = rate_of(rate), study.groups(by)
    parts = spread_parts(*counts(study, chosen, groups))
    return study.infer(
        lambda w: corrected_spread(parts, w)[:, None],
        [f"{chosen.short}_spread"],
        np.array([parts.n]),
        np.array([parts.clusters]),
        "index",
    )


def worst(name: str, groups: Answer, unit: str) -> Answer:
    """The greatest of simultaneous estimates; its ends are the greatest of theirs."""
    known = {label: one for label, one in groups.items() if not np.isnan(one.value)}
    if not known:
        first = next(iter(groups.values()))
        each = np.full_like(first.per_replication, np.nan)
        return {
            f"{name}_worst": ClusterEstimate(float("nan"), None, 0, 0, unit, each, each, 0, first.intervals)
        }
    label, most = max(known.items(), key=lambda pair: pair[1].value)
    ends = [one.ci for one in known.values() if one.ci]
    ci = None
    if len(ends) == len(known):
        ci = (max(low for low, _ in ends), max(high for _, high in ends))
    return {f"{name}_worst_{label.removeprefix(name).strip('_')}": replace(most, ci=ci)}


@fairness("G15", "Worst group", "share", CHOSEN)
def worst_group(study: Study, rate: str = "wrongful_denial", by: str = "buyer_group") -> Answer:
    """The group with the highest rate, with bounds that allow for having picked it.

    Formula: max_g p_g; the upper bound is max_g of the groups' upper bounds at level 0.05 / groups
    (Bonferroni), the lower one likewise, so both hold for whichever group is truly worst. 0: not even
    the worst group is wronged. No interval where any group has none. Source: Rawls (1971).
    """
    chosen, groups = rate_of(rate), study.groups(by)
    level = 1.0 - (1.0 - CONFIDENCE) / len(groups.labels)
    each = study.ratios(
        suffixed(chosen.short, groups), *counts(study, chosen, groups), unit="share", confidence=level
    )
    return worst(chosen.short, each, "share")


@fairness("G10", "Hidden worst cell", "index", CHOSEN)
def intersectional(
    study: Study, rate: str = "wrongful_denial", by: str = "pair", smoothing: float = 1.0
) -> Answer:
    """Greatest log ratio of a rate between any two cells of buyer group x merchant group.

    Formula: epsilon = max_gh |ln p_g - ln p_h|, p_g = (cases + a) / (n_g + 2 a) with a = `smoothing`
    (Dirichlet), over cells with cases; the same for 1 - p_g, the greater of both. 0: the same in every
    cell; 0.7: twice as likely in one as in another. It grows by chance where cells are small; the
    highest cell stands beside it with its n. Source: Foulds et al. (2018); Kearns et al. (2018).
    """
    if smoothing <= 0:
        raise ValueError(gettext("smoothing must be above 0, found {smoothing}").format(smoothing=smoothing))
    chosen, groups = rate_of(rate), study.groups(by)
    tops, bottoms = counts(study, chosen, groups)
    used = np.flatnonzero(bottoms.sum(axis=0) > 0)

    def statistic(w: Floats) -> Floats:
        if not len(used):
            return np.full((len(w), 1), np.nan)
        y, n = w @ tops[:, used], w @ bottoms[:, used]
        p = (y + smoothing) / (n + 2 * smoothing)
        widest = [np.ptp(np.log(part), axis=1) for part in (p, 1.0 - p)]
        return np.asarray(np.maximum(*widest)[:, None])

    n = np.array([int(bottoms.sum())])
    clusters = np.array([(bottoms[:, used] > 0).sum(axis=0).min(initial=study.size if len(used) else 0)])
    found = study.infer(statistic, [f"{chosen.short}_epsilon"], n, clusters, "index")
    level = 1.0 - (1.0 - CONFIDENCE) / max(1, len(used))
    cells = study.ratios(suffixed(chosen.short, groups), tops, bottoms, unit="share", confidence=level)
    return found | worst(chosen.short, cells, "share")


def interaction(rate: Floats) -> Floats:
    """What is left of cell rates (draws, rows, columns) after row and column effects; NaN if any is."""
    rows, columns = rate.mean(axis=2, keepdims=True), rate.mean(axis=1, keepdims=True)
    return np.asarray(rate - rows - columns + rate.mean(axis=(1, 2), keepdims=True))


@fairness("G11", "Interaction of buyer and merchant group", "difference of shares", CHOSEN)
def dyadic_interaction(study: Study, rate: str = "wrongful_grant") -> Answer:
    """What a pairing of groups adds to a rate beyond what either group brings by itself.

    Formula: I_bm = p_bm - p_b. - p_.m + p_.., the dots plain means over the cells of the grid, so that
    unequal numbers of cases do not pose as an interaction. 0 everywhere: no pairing matters; above 0
    the pairing is worse than its parts. NaN while any cell is empty; clusters are those of the
    smallest cell. Source: two-way analysis of
    variance (Fisher 1925).
    """
    chosen, groups = rate_of(rate), study.groups("pair")
    tops, bottoms = counts(study, chosen, groups)
    shape = (len(study.run.labels("buyer_group")), len(study.run.labels("merchant_group")))

    def statistic(w: Floats) -> Floats:
        cells = quotient(w @ tops, w @ bottoms).reshape(len(w), *shape)
        return interaction(cells).reshape(len(w), -1)

    n = np.rint(bottoms.sum(axis=0)).astype(np.int64)
    names = [f"{chosen.short}_interaction_{label}" for label in groups.labels]
    clusters = np.full(len(n), (bottoms > 0).sum(axis=0).min())  # every cell enters each of them
    return study.infer(statistic, names, n, clusters, "difference of shares")
