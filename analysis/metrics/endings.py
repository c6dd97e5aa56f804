"""How many disputes there are and how they end; the shares of all endings and of the open add up to 1."""

from __future__ import annotations

from evenhand.analysis.metrics.accumulators import Tally, Total, ratio
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.metric import metric
from evenhand.sim.lifecycle.codes import (
    ABANDONED,
    DEFAULTED,
    INADMISSIBLE,
    LAPSED,
    OPEN,
    RULED,
    SETTLED,
    WITHDRAWN,
)


@metric("Disputes", unit="count", pooled=False)
def disputes(cells: Cells) -> Tally:
    """Disputes in one replication: grievances that a buyer noticed before the horizon.

    Formula: number of rows. Counts every dispute, open ones too; a grievance noticed after the
    horizon is no dispute. 0 with n = 0 means that there were none. Unit: count.
    Source: one row a dispute in the records.
    """
    return Total(cells.count(cells.everyone))


@metric("Disputes per 1000 orders", unit="per 1000 orders", by=("merchant_group",), direction="lower")
def disputes_per_thousand_orders(cells: Cells) -> Tally:
    """Disputes for every thousand orders, orders without a dispute included.

    Formula: 1000 x disputes / orders; n = orders. Counts disputes noticed before the horizon, so a
    short run, whose last orders have not gone wrong yet, reads low. 0 means that no order went wrong.
    Unit: per 1000 orders. Source: `orders` in the merchants' records.
    """
    return ratio(1000.0 * cells.count(cells.everyone), cells.orders())


@metric("Settled")
def settled_share(cells: Cells) -> Tally:
    """Share of disputes that the two sides settled, before or after filing.

    Formula: settled / disputes. Counts every dispute, open ones too; a refund brought about by
    silence is a default, not a settlement. 1 means that all agreed. Unit: share.
    Source: the ending in the records.
    """
    return cells.share(cells.ended(SETTLED), cells.everyone)


@metric("Abandoned")
def abandoned_share(cells: Cells) -> Tally:
    """Share of disputes that the buyer gave up because filing did not seem worth the effort.

    Formula: abandoned / disputes. Counts every dispute, open ones too; see `lapsed_share` for those
    who would have filed but were late. 0 means that everybody who was not helped went on. Unit: share.
    Source: "claiming" in Felstiner, Abel and Sarat (1980-81).
    """
    return cells.share(cells.ended(ABANDONED), cells.everyone)


@metric("Lapsed", direction="lower")
def lapsed_share(cells: Cells) -> Tally:
    """Share of disputes whose window closed before the buyer filed.

    Formula: lapsed / disputes. Counts every dispute, open ones too. 0 means that no buyer came too
    late. Unit: share. Source: the ending in the records.
    """
    return cells.share(cells.ended(LAPSED), cells.everyone)


@metric("Withdrawn")
def withdrawn_share(cells: Cells) -> Tally:
    """Share of disputes that the buyer withdrew after filing.

    Formula: withdrawn / disputes. Counts every dispute, open ones too. 0 means that every buyer who
    filed saw it through. Unit: share. Source: the ending in the records.
    """
    return cells.share(cells.ended(WITHDRAWN), cells.everyone)


@metric("Filed")
def filed_share(cells: Cells) -> Tally:
    """Share of disputes that were filed with the platform, whatever became of them.

    Formula: filed / disputes. Counts every dispute, open ones too; filings that were not admitted
    are filings. 1 means that the platform was asked about every dispute. Unit: share.
    Source: the time of filing in the records.
    """
    return cells.share(cells.filed, cells.everyone)


@metric("Not admitted")
def inadmissible_share(cells: Cells) -> Tally:
    """Share of disputes that were filed but not heard.

    Formula: inadmissible / disputes. Counts every dispute, open ones too, so divide by `filed_share`
    for the share of filings. 0 means that every filing was heard. Unit: share.
    Source: the ending in the records.
    """
    return cells.share(cells.ended(INADMISSIBLE), cells.everyone)


@metric("Decided by silence", direction="lower")
def default_share(cells: Cells) -> Tally:
    """Share of disputes decided by silence: a window closed and the policy named the outcome.

    Formula: defaulted / disputes. Counts every dispute, open ones too; silence in talks counts where
    the policy refunds it, silence that only weighs in a ruling does not. 0 means that nobody lost by
    silence. Unit: share. Source: the ending in the records.
    """
    return cells.share(cells.ended(DEFAULTED), cells.everyone)


@metric("Ruled")
def ruled_share(cells: Cells) -> Tally:
    """Share of disputes that a ruling ended: by an arbiter, a panel or an automatic rule.

    Formula: ruled / disputes. Counts every dispute, open ones too; a ruling whose review or return
    is not over is still open. 1 means that all were ruled on. Unit: share.
    Source: the ending in the records.
    """
    return cells.share(cells.ended(RULED), cells.everyone)


@metric("Still open", direction="lower")
def open_share(cells: Cells) -> Tally:
    """Share of disputes that had not ended at the horizon.

    Formula: open / disputes. Counts every dispute. 0 means that nothing was left undone; disputes
    opened shortly before the horizon are open in any system. Unit: share.
    Source: the ending in the records.
    """
    return cells.share(cells.ended(OPEN), cells.everyone)
