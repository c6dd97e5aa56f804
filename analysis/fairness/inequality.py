"""How unequally wrongful losses and benefits fall on people (D3 to D6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from evenhand.analysis.fairness.measure import fairness
from evenhand.analysis.fairness.money import loss_of
from evenhand.analysis.fairness.study import Answer, Study, quotient
from evenhand.analysis.metrics.accumulators import Floats, Ints
from evenhand.locale.current import gettext
from evenhand.sim.runs.records import Run

PARTIES = "parties with an ended dispute, each in its replication"
_ROOM = 4_000_000
"""Weights of parties held at once."""


class LossBearers(NamedTuple):
    """One side's people: what each lost, its group, and the clusters that it belongs to.

    A buyer who met several merchants belongs to them in equal parts of his disputes: in a resample he
    counts as often as they do on average. A merchant is its own cluster.
    """

    loss: Floats
    group: Ints
    labels: tuple[str, ...]
    member: csr_array
    """Part of each cluster in each party; (clusters, parties), 1 in sum a party."""

    def sums(self, *values: Floats) -> Floats:
        """Sums of values of the parties in every cluster; (clusters, values)."""
        return np.asarray(self.member @ np.stack(values, axis=1))

    def weighted(self, w: Floats, function: Callable[[Floats], Floats]) -> Floats:
        """Values from the parties' weights, (draws, parties), a few draws at a time."""
        step, turned = max(1, _ROOM // max(1, len(self.loss))), self.member.T.tocsr()
        parts = [function(np.asarray(turned @ w[i : i + step].T).T) for i in range(0, len(w), step)]
        return np.concatenate(parts)


def parties(study: Study, side: str) -> LossBearers:
    """The people of one side with an ended dispute. Raises ValueError for another word than a side."""
    loss, column = loss_of(study, side), f"{side}_group"
    rows = np.flatnonzero(study.cells.closed)
    width = 1 + int(study[side].max(initial=0))
    key = (study.cells.position(study["replication"]) * width + study[side])[rows]
    _, first, party, times = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    total = np.bincount(party, weights=loss[rows], minlength=len(first)).astype(np.float64)
    member = csr_array((1.0 / times[party], (study.cluster[rows], party)), shape=(study.size, len(first)))
    group = study[column][rows][first].astype(np.int64)
    return LossBearers(total, group, study.run.labels(column), member)


def _counts(people: LossBearers) -> tuple[Ints, Ints]:
    """Parties, and clusters with any of them."""
    clusters = int((np.diff(people.member.indptr) > 0).sum())
    return np.array([len(people.loss)]), np.array([clusters])


def lorenz(run: Run, side: str = "buyer") -> tuple[Floats, Floats]:
    """Lorenz curve of one side's wrongful losses: share of parties, least hit first, and of the loss.

    Both rise from 0 to 1; the second is NaN where nobody lost. Parties with an ended dispute, all
    replications together. Source: Lorenz (1905).
    """
    loss = np.sort(parties(Study(run), side).loss)
    total = np.concatenate([[0.0], np.cumsum(loss)])
    share = np.arange(len(total)) / max(1, len(loss))
    return share, quotient(total, np.asarray(total[-1]))


def gini(loss: Floats, w: Floats) -> Floats:
    """Gini index for rows of weights, shape (draws, 1); `loss` in rising order, as `w`'s columns."""
    total = w.sum(axis=1)
    rank = quotient(np.cumsum(w, axis=1) - w / 2, total[:, None])
    return quotient((w * loss * (2.0 * rank - 1.0)).sum(axis=1), w @ loss)[:, None]


def top_share(loss: Floats, w: Floats, part: float) -> Floats:
    """Share of the loss on the worst-hit part of the parties, (draws, 1); `loss` in rising order.

    The party on the edge counts in part: 1 - L(1 - part) on the straight-line Lorenz curve.
    """
    before = w.sum(axis=1, keepdims=True) * (1.0 - part)
    above = np.clip(np.cumsum(w, axis=1) - before, 0.0, w)
    return quotient(above @ loss, w @ loss)[:, None]


@fairness("D3", "Gini index of wrongful loss", "index", PARTIES)
def loss_gini(study: Study, side: str = "buyer") -> Answer:
    """How unequally one side's wrongful losses fall on its people.

    Formula: G = sum_ij |x_i - x_j| / (2 n^2 mean x), x the wrongful losses of a party. 0: the same loss
    for all; near 1: a few bear it all, as is usual where most lose nothing. NaN where nobody lost.
    Source: Gini (1912).
    """
    people = parties(study, side)
    order = np.argsort(people.loss, kind="stable")
    loss = people.loss[order]
    n, clusters = _counts(people)
    return study.infer(
        lambda w: people.weighted(w, lambda each: gini(loss, each[:, order])),
        [f"loss_gini_{side}"],
        n,
        clusters,
        "index",
    )


@fairness("D4", "Theil index of wrongful loss, between and within groups", "index", PARTIES)
def loss_theil(study: Study, side: str = "buyer") -> Answer:
    """Inequality of one side's wrongful losses, split into between groups and within them.

    Formula: T = mean (x / mean x) ln(x / mean x), 0 ln 0 = 0; T = sum_g s_g ln(s_g / f_g) [between]
    + sum_g s_g T_g [within], s shares in the loss, f in the parties; `loss_between_share` = between / T.
    T = 0: the same loss for all, ln n at most. A between share of 0: groups explain nothing of it; 1:
    all. NaN where nobody lost. Source: Theil (1967); Shorrocks (1980).
    """
    people = parties(study, side)
    x, k = people.loss, len(people.labels)
    log = np.where(x > 0, x * np.log(np.where(x > 0, x, 1.0)), 0.0)
    own = people.group[None, :] == np.arange(k)[:, None]
    sums = np.hstack([people.sums(*(own * v)) for v in (np.ones_like(x), x, log)])

    def statistic(w: Floats) -> Floats:
        n, total, logs = np.moveaxis((w @ sums).reshape(len(w), 3, k), 1, 0)
        whole = total.sum(axis=1)
        mean = quotient(whole, n.sum(axis=1))
        theil = quotient(logs.sum(axis=1), whole) - np.log(np.where(mean > 0, mean, 1.0))
        own_mean = quotient(total, n)
        ratio = quotient(own_mean, mean[:, None])
        parts = quotient(total, whole[:, None]) * np.log(np.where(ratio > 0, ratio, 1.0))
        between = np.where(whole > 0, parts.sum(axis=1), np.nan)
        return np.stack([theil, between, theil - between, quotient(between, theil)], axis=1)

    names = [f"loss_{part}_{side}" for part in ("theil", "between", "within", "between_share")]
    n, clusters = _counts(people)
    units = ("index", "index", "index", "share of loss")
    return study.infer(statistic, names, np.repeat(n, 4), np.repeat(clusters, 4), units)


@fairness("D5", "Generalised entropy of benefit", "index", "decided by a ruling or a default")
def benefit_entropy(study: Study, alpha: float = 2.0) -> Answer:
    """Inequality of benefit b = D - Y + 1: 0 for a valid claim refused, 2 for a groundless one granted.

    Formula: GE(a) = sum((b / m)^a - 1) / (n a (a - 1)), a = `alpha`; GE(1) = mean (b / m) ln(b / m);
    GE(0) = -mean ln(b / m), infinite as soon as one valid claim is refused. 0: every decision right
    (or all wrong alike). Source: Speicher et al. (2018).
    """
    cells = study.cells
    benefit = cells.upheld.astype(np.int64) - cells.valid + 1
    sums = np.hstack([study.sums(cells.decided & (benefit == b)) for b in (0, 1, 2)])
    values = np.arange(3.0)

    def statistic(w: Floats) -> Floats:
        n = w @ sums
        ratio = quotient(values, quotient(n @ values, n.sum(axis=1))[:, None])
        with np.errstate(divide="ignore", invalid="ignore"):
            if alpha == 0.0:
                each = -np.log(ratio)
            elif alpha == 1.0:
                each = np.where(ratio > 0, ratio * np.log(np.where(ratio > 0, ratio, 1.0)), ratio)
            else:
                each = (ratio**alpha - 1.0) / (alpha * (alpha - 1.0))
            total = np.where(n > 0, n * each, 0.0).sum(axis=1)
        return quotient(total, n.sum(axis=1))[:, None]

    decided = sums.sum(axis=1)
    n, clusters = np.array([int(decided.sum())]), np.array([(decided > 0).sum()])
    return study.infer(statistic, [f"benefit_entropy_{alpha:g}"], n, clusters, "index")


@fairness("D6", "Concentration of wrongful loss", "share of loss", PARTIES)
def loss_concentration(study: Study, side: str = "buyer", part: float = 0.1, aversion: float = 0.5) -> Answer:
    """Share of one side's wrongful losses on its worst-hit part, and Atkinson's index.

    Formula: 1 - L(1 - `part`), L the Lorenz curve (see `lorenz`); A = 1 - (mean (x / mean x)^(1 - e))^(1 /
    (1 - e)), e = `aversion` below 1, since from 1 on a single party without a loss makes it 1. Equal
    losses give `part` and 0; 1 and nearly 1: a few bear it all. NaN where nobody lost.
    Source: Lorenz (1905); Atkinson (1970).
    """
    if not (0 < part < 1 and 0 < aversion < 1):
        raise ValueError(
            gettext("part and aversion must lie between 0 and 1, found {part} and {aversion}").format(
                part=part, aversion=aversion
            )
        )
    people = parties(study, side)
    order = np.argsort(people.loss, kind="stable")
    loss = people.loss[order]
    n, clusters = _counts(people)
    top = study.infer(
        lambda w: people.weighted(w, lambda each: top_share(loss, each[:, order], part)),
        [f"loss_top_share_{side}"],
        n,
        clusters,
        "share of loss",
    )
    sums = people.sums(np.ones_like(people.loss), people.loss, people.loss ** (1.0 - aversion))
    found = study.infer(
        lambda w: _atkinson(w @ sums, aversion), [f"loss_atkinson_{side}"], n, clusters, "index"
    )
    return top | found


def _atkinson(sums: Floats, aversion: float) -> Floats:
    """Atkinson's index from sums of parties, losses and losses^(1 - e); (draws, 1)."""
    n, total, powers = sums.T
    equal = quotient(powers, n) ** (1.0 / (1.0 - aversion))
    return (1.0 - quotient(equal, quotient(total, n)))[:, None]
