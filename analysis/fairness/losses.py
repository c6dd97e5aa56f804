"""Money that ended up with the wrong side (D1, D2, D7, D8)."""

from __future__ import annotations

import numpy as np

from evenhand.analysis.fairness.measure import fairness
from evenhand.analysis.fairness.money import SIDES, burdens, loss_of, wrongful_losses
from evenhand.analysis.fairness.spread import worst
from evenhand.analysis.fairness.study import Answer, Study, by_rows, quotient, suffixed
from evenhand.analysis.metrics.accumulators import Floats, Ints
from evenhand.analysis.metrics.estimate import CONFIDENCE


@fairness("D1", "Error of the refund", "currency", "decided by a ruling or a default")
def refund_error(study: Study, by: str | None = None) -> Answer:
    """How far refunds are from what was deserved: bias, mean absolute and root mean square error.

    Formula: mean(r - r*), mean |r - r*|, sqrt(mean (r - r*)^2), the first two also as sums over the sum
    of the amounts, and the mean losses of either side. Bias 0: errors cancel; above 0 merchants pay too
    much. The absolute error is 0 where every refund was right. Source: mean, absolute and mean square error.
    """
    groups, decided = study.groups(by), study.cells.decided
    error = study["refund"] - study["deserved"] * study["amount"]
    n, amount = study.split(groups, decided), study.split(groups, decided, study["amount"])
    bias, size = study.split(groups, decided, error), study.split(groups, decided, np.abs(error))
    square = study.split(groups, decided, error**2)
    counted, clusters = np.rint(n.sum(axis=0)).astype(np.int64), (n > 0).sum(axis=0)
    found = {
        **study.ratios(suffixed("refund_bias", groups), bias, n, "currency"),
        **study.ratios(suffixed("refund_absolute_error", groups), size, n, "currency"),
        **study.infer(
            lambda w: np.sqrt(quotient(w @ square, w @ n)),
            suffixed("refund_root_mean_square_error", groups),
            counted,
            clusters,
            "currency",
        ),
        **study.ratios(suffixed("refund_bias_of_claim", groups), bias, amount, "share of amount", counts=n),
        **study.ratios(
            suffixed("refund_absolute_error_of_claim", groups), size, amount, "share of amount", counts=n
        ),
    }
    for side, sums in (("buyer", (size - bias) / 2), ("merchant", (size + bias) / 2)):
        found |= study.ratios(suffixed(f"mean_loss_{side}", groups), sums, n, "currency")
    return found


@fairness("D2", "Wrongful loss", "currency", "ended disputes, over parties with one and over all orders")
def wrongful_loss(study: Study) -> Answer:
    """Money that ended up with the wrong side: per replication, per party, and per 1000 orders.

    Formula: sum of L_b and of L_m / replications; / parties with an ended dispute; x 1000 / orders,
    orders without a dispute included; n = ended disputes. 0: every refund was right, settled ones too.
    Source: first-order cost of error (Posner 1973).
    """
    closed = study.cells.closed
    one = study.groups(None)
    n = study.split(one, closed)
    orders = study.run.merchants["orders"].astype(np.float64)[:, None]
    each = 1.0 / np.bincount(study.replication)[study.replication][:, None]  # 1 in sum a replication
    found: Answer = {}
    for side, loss in zip(SIDES, wrongful_losses(study), strict=True):
        total = study.split(one, closed, loss)
        parties = study.split(one, closed, _part_of_party(study, side))
        for name, bottom in (("", each), ("_per_party", parties), ("_per_1000_orders", orders / 1000.0)):
            names = [f"wrongful_loss_{side}{name}"]
            found |= study.ratios(names, total, bottom, "currency", counts=n)
    return found


def _part_of_party(study: Study, side: str) -> Floats:
    """1 / ended disputes of the party in its replication, for each ended dispute: 1 in sum a party."""
    closed = study.cells.closed
    width = 1 + int(study[side].max(initial=0))
    party = study.cells.position(study["replication"]) * width + study[side]
    times = np.bincount(party[closed], minlength=int(party.max(initial=0)) + 1)
    return np.asarray(1.0 / np.maximum(times[party], 1))


@fairness("D7", "Regressivity", "concentration index", "ended disputes with a valid grievance")
def regressivity(study: Study) -> Answer:
    """Whether those with small claims get less of what they deserve, burden counted.

    Formula: C = 2 cov(y, F) / mean y, y = (refund - buyer's burden) / deserved refund, F the rank of the
    amount from 0 to 1. Above 0 recovery concentrates on large claims (regressive), below 0 on small
    ones, 0: no difference. NaN where the mean recovery is not above 0. Source: Kakwani (1977).
    """
    burden, _ = burdens(study)
    owed = study["deserved"] * study["amount"]
    rows = np.flatnonzero(study.cells.closed & study.cells.valid & (owed > 0))
    rows = rows[np.argsort(study["amount"][rows], kind="stable")]
    y = (study["refund"] - burden)[rows] / owed[rows]
    cluster = study.cluster[rows]
    starts = np.unique(study["amount"][rows], return_index=True)[1].astype(np.int64)

    def statistic(w: Floats) -> Floats:
        return by_rows(w, cluster, lambda each: _concentration(each, y, starts))

    n, clusters = np.array([len(rows)]), np.array([len(np.unique(cluster))])
    return study.infer(statistic, ["recovery_concentration"], n, clusters, "concentration index")


def _concentration(w: Floats, y: Floats, starts: Ints) -> Floats:
    """Concentration index for rows of weights; cases in order of rank, ties begin at `starts`."""
    if not len(y):
        return np.full((len(w), 1), np.nan)
    tied = np.add.reduceat(w, starts, axis=1)
    sums = np.add.reduceat(w * y, starts, axis=1)
    total = tied.sum(axis=1, keepdims=True)
    rank = quotient(np.cumsum(tied, axis=1) - tied / 2, total)
    mean = quotient(sums.sum(axis=1, keepdims=True), total)
    both = quotient((sums * rank).sum(axis=1, keepdims=True), total)
    return quotient(2.0 * both - mean, np.where(mean > 0, mean, 0.0))


@fairness("D8", "Losses of the worst off", "currency", "ended disputes")
def maximin(study: Study, side: str = "buyer", by: str = "buyer_group") -> Answer:
    """Mean wrongful loss of every group from the worst off down, and of the worst with its bounds.

    Formula: mean of L_b (or L_m) over all ended disputes of a group; max over the groups (maximin),
    and all in falling order (leximin): of two rule sets prefer the one whose list is lower where the
    lists first differ. Bounds of all groups hold together (Bonferroni). 0: nobody of the group lost.
    Source: Rawls (1971); Sen (1970).
    """
    groups, closed = study.groups(by), study.cells.closed
    level = 1.0 - (1.0 - CONFIDENCE) / len(groups.labels)
    name = f"mean_loss_{side}"
    each = study.ratios(
        suffixed(name, groups),
        study.split(groups, closed, loss_of(study, side)),
        study.split(groups, closed),
        "currency",
        confidence=level,
    )
    ordered = sorted(each.items(), key=lambda pair: -np.nan_to_num(pair[1].value, nan=-np.inf))
    return worst(name, each, "currency") | dict(ordered)
