"""What evidence decides, and how well forgeries are told from what is genuine."""

from __future__ import annotations

from evenhand.analysis.metrics.accumulators import Tally
from evenhand.analysis.metrics.groupby import Cells, Mask
from evenhand.analysis.metrics.metric import metric


def _is(cells: Cells, column: str) -> Mask:
    return cells[column] > 0


def _forged(cells: Cells) -> Mask:
    """Cases in which a ruling fell and a side had shown something forged."""
    return (_is(cells, "buyer_forges") | _is(cells, "merchant_forged")) & cells.heard


def _found(cells: Cells) -> Mask:
    """Cases in which a forger was found out."""
    buyer = _is(cells, "buyer_forges") & _is(cells, "buyer_found_out")
    return buyer | (_is(cells, "merchant_forged") & _is(cells, "merchant_found_out"))


@metric("Forgeries found", direction="higher")
def forgery_found_share(cells: Cells) -> Tally:
    """Share of cases with forged evidence in which a check found it.

    Formula: (a forger found out) / (heard with a forgery of either side). Counts disputes on which
    somebody ruled, checked or not; where both sides forged, one found is enough. 1 means that no
    forgery got through. Unit: share. Source: hit rate of signal detection (Green and Swets 1966). NaN
    with n = 0 where nobody forged.
    """
    return cells.share(_found(cells), _forged(cells))


@metric("Forgeries that won", direction="lower")
def forgery_missed_share(cells: Cells) -> Tally:
    """Share of cases with forged evidence that the forger won, because it was missed.

    Formula: (not found, and the outcome stands for a side that forged) / (heard with a forgery of
    either side). Counts disputes on which somebody ruled, in their final instance. 0 means that forging
    never paid. Unit: share. Source: miss rate of signal detection (Green and Swets 1966), of those
    misses that mattered. NaN with n = 0 where nobody forged.
    """
    buyer_won = _is(cells, "buyer_forges") & ~_is(cells, "buyer_found_out") & cells.upheld
    merchant_won = _is(cells, "merchant_forged") & ~_is(cells, "merchant_found_out") & ~cells.upheld
    return cells.share(buyer_won | merchant_won, _forged(cells))


@metric("False alarms", direction="lower")
def false_alarm_share(cells: Cells) -> Tally:
    """Share of checked cases in which a side that forged nothing was found out all the same.

    Formula: (found out without a forgery of that side) / checked. Counts disputes that were checked for
    forgery at least once. 0 means that no honest side was taken for a forger. Unit: share. Source: false
    alarm rate of signal detection (Green and Swets 1966). NaN with n = 0 where nothing was checked.
    """
    buyer = _is(cells, "buyer_found_out") & ~_is(cells, "buyer_forges")
    merchant = _is(cells, "merchant_found_out") & ~_is(cells, "merchant_forged")
    return cells.share(buyer | merchant, _is(cells, "checks"))


@metric("Rulings on the platform's own records")
def platform_evidence_share(cells: Cells) -> Tally:
    """Share of rulings for which the platform had looked at a record of its own.

    Formula: (seen at least one of chat log, product page, logistics trace, order record) / heard.
    Counts disputes on which somebody ruled. 0 where evidence is separate. Unit: share. Source: the
    records seen, in the records of the disputes. NaN with n = 0 where nobody ruled.
    """
    return cells.share(_is(cells, "platform_saw"), cells.heard)


@metric("Both sides' evidence points the same way")
def readings_agree_share(cells: Cells) -> Tally:
    """Share of filings in which what the buyer holds and what the merchant holds speak for the same side.

    Formula: (both weights of the same sign) / (filed, both sides hold something). Counts filings, open
    ones too, and all that a side holds, shown or not. About .5 where what the sides hold has nothing in
    common but the truth, and that is weak; 1 where they hold the same things. Unit: share. Source: the
    weights in the records. NaN with n = 0 where no two sides held anything.
    """
    both = cells.filed & _is(cells, "buyer_strength") & _is(cells, "merchant_strength")
    same = (cells["buyer_weight"] > 0) == (cells["merchant_weight"] > 0)
    return cells.share(same, both)
