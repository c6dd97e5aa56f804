"""Who lets a window close, and loses by it."""

from __future__ import annotations

import numpy as np

from evenhand.analysis.metrics.accumulators import Mask, Tally
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.metric import metric
from evenhand.sim.lifecycle.codes import FILED_TOO_LATE, GOODS_KEPT, LAPSED
from evenhand.sim.policy.compile import BUYER, MERCHANT


def missed_by_buyer(cells: Cells) -> Mask:
    """Disputes in which the buyer was late to file, to send the goods back, or to match a fee."""
    late = np.isin(cells["reason"], (FILED_TOO_LATE, GOODS_KEPT)) | (cells["silence"] == BUYER)
    return np.asarray(cells.ended(LAPSED) | late)


@metric("Windows missed by buyers", direction="lower")
def buyer_missed_share(cells: Cells) -> Tally:
    """Share of disputes in which the buyer let a window close, and with it his claim.

    Formula: (lapsed, or filed too late, or goods not sent back, or fee of a review not matched) / disputes.
    Counts every dispute, open ones too; see `lapsed_share` for those never filed. 0 means that nobody lost
    a claim by being late. Unit: share. Source: ending, reason and silence in the records.
    """
    return cells.share(missed_by_buyer(cells), cells.everyone)


@metric("Windows missed by merchants", direction="lower")
def merchant_missed_share(cells: Cells) -> Tally:
    """Share of disputes in which the merchant let a window close, where the rules attach something to it.

    Formula: merchant silent / disputes. Counts every dispute, open ones too: silence after filing, silence
    in talks where the rules then refund, and a fee that was not matched; see `contest_share` for filings
    alone. 0 means that merchants met every such window. Unit: share. Source: `silence` in the records.
    """
    return cells.share(np.asarray(cells["silence"] == MERCHANT), cells.everyone)
