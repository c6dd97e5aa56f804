"""What beliefs are worth in each group, repeat players, and like evidence (G9, G13, I1)."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree
from scipy.special import expit

from evenhand.analysis.fairness.measure import fairness
from evenhand.analysis.fairness.study import Answer, Groups, Study, quotient, suffixed
from evenhand.analysis.metrics.accumulators import Floats, Ints
from evenhand.locale.current import gettext
from evenhand.sim.lifecycle.codes import RULED

RULINGS = "rulings with a belief on record"
_STEEPEST = 50.0
"""A slope or intercept beyond this means that the belief separates the truth: undefined."""


@fairness("G9", "Calibration error by group", "index", RULINGS)
def calibration_error(study: Study, by: str = "merchant_group", bins: int = 10) -> Answer:
    """How far the deciders' beliefs are from the truth they should stand for, by group.

    Formula: ECE_g = sum_k n_k / n |mean Y - mean S| over equally wide bins k of S = 1 / (1 + exp(-belief)).
    0: a belief of 70 % is right 70 times in a hundred; chance alone keeps it above 0 where n is small.
    The belief includes the decider's noise, burden and prior. Source: Kleinberg, Mullainathan and
    Raghavan (2017); Pleiss et al. (2017).
    """
    groups, known = study.groups(by), study.cells.decided & ~np.isnan(study["belief"])
    score = np.where(known, expit(np.where(known, study["belief"], 0.0)), 0.0)
    k = len(groups.labels)
    code = np.minimum((score * bins).astype(np.int64), bins - 1) + groups.code * bins
    fine = Groups(("",) * (k * bins), np.where(groups.code < 0, -1, code))
    off = study.split(fine, known, study.cells.valid - score)
    n = study.split(groups, known)

    def statistic(w: Floats) -> Floats:
        return quotient(np.abs((w @ off).reshape(len(w), k, bins)).sum(axis=2), w @ n)

    counted = np.rint(n.sum(axis=0)).astype(np.int64)
    return study.infer(
        statistic, suffixed("calibration_error", groups), counted, (n > 0).sum(axis=0), "index"
    )


@fairness("G9", "Calibration slope and intercept by group", "log odds", RULINGS)
def calibration_line(study: Study, by: str = "merchant_group") -> Answer:
    """Line of the truth on the deciders' belief, both in log odds, by group.

    Formula: logit P(Y = 1) = intercept + slope x belief, by maximum likelihood; resamples take one
    Newton step from it (Davidson & MacKinnon 1999). Intercept 0 and slope 1: a belief means what it
    says, in every group the same; slope below 1: beliefs are too sure; intercept above 0: buyers are
    right more often than believed. NaN where the belief separates the truth. Source: Cox (1958);
    Kleinberg, Mullainathan and Raghavan (2017).
    """
    groups, known = study.groups(by), study.cells.decided & ~np.isnan(study["belief"])
    found: Answer = {}
    for number, label in enumerate(groups.labels):
        rows = np.flatnonzero(known & (groups.code == number))
        x, y = study["belief"][rows], study.cells.valid[rows].astype(np.float64)
        found |= _line(study, study.cluster[rows], x, y, f"_{label}" if label else "")
    return found


def _line(study: Study, cluster: Ints, x: Floats, y: Floats, suffix: str) -> Answer:
    """Intercept and slope of one group."""
    theta = _logistic(x, y)
    p = expit(theta[0] + theta[1] * x)
    columns = [y - p, (y - p) * x, p * (1 - p), p * (1 - p) * x, p * (1 - p) * x * x]
    sums = np.stack([np.bincount(cluster, weights=c, minlength=study.size) for c in columns], axis=1)

    def statistic(w: Floats) -> Floats:
        s0, s1, h00, h01, h11 = (w @ sums).T
        det = h00 * h11 - h01 * h01
        step = [quotient(h11 * s0 - h01 * s1, det), quotient(h00 * s1 - h01 * s0, det)]
        return np.asarray(theta + np.stack(step, axis=1))

    n = np.full(2, len(x))
    clusters = np.full(2, len(np.unique(cluster)))
    names = [f"calibration_intercept{suffix}", f"calibration_slope{suffix}"]
    return study.infer(statistic, names, n, clusters, "log odds")


def _logistic(x: Floats, y: Floats) -> Floats:
    """Intercept and slope of a logistic regression by Newton's method; NaN where there is none."""
    theta, lost = np.zeros(2), np.full(2, np.nan)
    design = np.stack([np.ones_like(x), x], axis=1)
    if len(np.unique(x)) < 2 or y.min(initial=1) == y.max(initial=0):
        return lost
    for _ in range(100):
        p = expit(design @ theta)
        hessian = (design * (p * (1 - p))[:, None]).T @ design
        if np.linalg.det(hessian) <= 1e-12 * len(x):
            return lost
        step = np.linalg.solve(hessian, design.T @ (y - p))
        theta += step
        if np.abs(theta).max() > _STEEPEST:
            return lost
        if np.abs(step).max() < 1e-10:
            return theta
    return lost


def past_disputes(study: Study) -> Ints:
    """Filings that each dispute's merchant had before it in the same replication."""
    filed = study["filed_at"]
    rows = np.flatnonzero(study.cells.filed)
    rows = rows[np.lexsort((filed[rows], study.cluster[rows]))]
    cluster = study.cluster[rows]
    place = np.arange(len(rows)) - np.searchsorted(cluster, cluster, "left")
    past = np.zeros(len(filed), np.int64)
    past[rows] = place
    return past


@fairness("G13", "Advantage of repeat players", "probability per unit of log", "rulings on filings")
def repeat_player(study: Study) -> Answer:
    """How the buyer's chance changes with the filings that the merchant has been through before.

    Formula: slope of D on log(1 + past filings of the merchant), by least squares given the truth and
    the evidence on file, over filings that ended by a ruling. Below 0 the haves come out ahead, above 0
    experience (or a bad record) hurts; 0: no difference. It compares merchants of unlike size, and late
    rulings with early ones, as they come. Source: Galanter (1974).
    """
    ruled = study.cells.filed & study.cells.ended(RULED) & ~np.isnan(study.evidence)
    rows = np.flatnonzero(ruled)
    past = np.log1p(past_disputes(study)[rows].astype(np.float64))
    ones = np.ones(len(rows))
    valid = study.cells.valid[rows].astype(np.float64)
    design = np.stack([ones, valid, study.evidence[rows], past], axis=1)
    target = study.cells.upheld[rows].astype(np.float64)
    k = design.shape[1]
    products = np.einsum("ri,rj->rij", design, np.column_stack([design, target]))
    products = products.reshape(len(rows), k * (k + 1))
    cluster = study.cluster[rows]
    sums = np.stack([np.bincount(cluster, weights=c, minlength=study.size) for c in products.T], axis=1)

    def statistic(w: Floats) -> Floats:
        total = (w @ sums).reshape(len(w), k, k + 1)
        square, right = total[:, :, :k], total[:, :, k:]
        solvable = np.linalg.matrix_rank(square, hermitian=True) == k
        found = np.full((len(w), 1), np.nan)
        found[solvable, 0] = np.linalg.solve(square[solvable], right[solvable])[:, -1, 0]
        return found

    n, clusters = np.array([len(rows)]), np.array([len(np.unique(cluster))])
    return study.infer(statistic, ["repeat_player_slope"], n, clusters, "probability per unit of log")


@fairness("I1", "Like evidence, like ruling", "share", "rulings, all replications together")
def consistency(study: Study, neighbours: int = 5) -> Answer:
    """How much a ruling agrees with the rulings on the cases whose evidence is most like its own.

    Formula: 1 - mean_i |D_i - mean of D over the k nearest cases|, the case itself left out; near on
    evidence only: weight of the buyer's, of the merchant's and of silence, each standardised; cases on
    the same evidence count alike. 1: like cases end alike; with one coin for all it is 0.5. NaN where
    there are not more than k rulings.
    Source: Zemel et al. (2013), without their case itself.
    """
    if neighbours < 1:
        raise ValueError(
            gettext("neighbours must be 1 or more, found {neighbours}").format(neighbours=neighbours)
        )
    rows = np.flatnonzero(study.cells.decided & ~np.isnan(study.evidence))
    if len(rows) <= neighbours:
        agrees = np.empty(0)
        rows = rows[:0]
    else:
        agrees = 1.0 - np.abs(_own_less_near(study, rows, neighbours))
    which = np.zeros(len(study.cluster), np.bool_)
    which[rows] = True
    values = np.zeros(len(which))
    values[rows] = agrees
    sums = study.sums(which, values)
    return study.ratios(["consistency"], sums[:, [1]], sums[:, [0]], "share")


def _own_less_near(study: Study, rows: Ints, neighbours: int) -> Floats:
    """Each ruling less the mean of its nearest ones; of cases on the same evidence all count alike.

    Many cases rest on exactly the same evidence, often on none. They are one point, with the share of
    grants on it, so that no order of rows decides which of them is a neighbour.
    """
    terms = ("term_buyer", "term_merchant", "term_silence")
    features = np.stack([study[name][rows] for name in terms], axis=1)
    sd = features.std(axis=0)
    points, at, count = np.unique(
        features / np.where(sd > 0, sd, 1.0), axis=0, return_inverse=True, return_counts=True
    )
    upheld = study.cells.upheld[rows].astype(np.float64)
    at = at.reshape(-1)
    granted = np.append(np.bincount(at, weights=upheld), 0.0)
    count = np.append(count, 0)  # where the tree finds no further point
    _, near = cKDTree(points).query(points, min(neighbours + 1, len(points)))
    near = near.reshape(len(points), -1)[at]
    there, won = count[near].astype(np.float64), granted[near]
    there[:, 0] -= 1.0  # the nearest point is the case's own
    won[:, 0] -= upheld
    before = np.cumsum(there, axis=1) - there
    taken = np.clip(neighbours - before, 0.0, there)
    return np.asarray(upheld - (taken * np.nan_to_num(quotient(won, there))).sum(axis=1) / neighbours)
