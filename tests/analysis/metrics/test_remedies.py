"""Metrics and chart of remedies, counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from evenhand import analysis
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.remedies import commonest_part_share, fits
from evenhand.analysis.report.exhibits.remedies import counted, remedies_by_harm
from evenhand.sim.scenario.vocabulary import (
    COUPON,
    FITS_FULL,
    FITS_HALF,
    FITS_SMALL,
    NOTHING,
    PARTIAL,
    REFUND,
    REPAIR,
    REPLACEMENT,
    RETURN,
)
from tests.support import handmade
from tests.support.handmade import Row, row

FULL = {"severity": 0.8, "adequate": FITS_FULL}
HALF = {"severity": 0.4, "adequate": FITS_HALF}
SMALL = {"severity": 0.1, "adequate": FITS_SMALL}
NONE = {"severity": 0.0, "adequate": FITS_SMALL, "valid": False, "cause": "malicious"}


def settled(remedy: int, money: float = 0.0, **more: object) -> Row:
    """A settlement of a price of 100."""
    share = money / 100.0
    return row("settled", remedy=remedy, refund=money, share=share, buyer_value=60.0, **more)


FITTING = [
    (settled(RETURN, 100, **FULL), True),
    (settled(REFUND, 100, **FULL), True),
    (settled(REPLACEMENT, **FULL), True),
    (settled(REPAIR, **FULL), False),
    (settled(PARTIAL, 70, **FULL), True),
    (settled(PARTIAL, 60, **FULL), False),
    (settled(REPAIR, **HALF), True),
    (settled(PARTIAL, 50, **HALF), True),
    (settled(PARTIAL, 20, **HALF), False),
    (settled(COUPON, **HALF), False),
    (settled(NOTHING, **SMALL), True),
    (settled(COUPON, **SMALL), True),
    (settled(PARTIAL, 20, **SMALL), True),
    (settled(PARTIAL, 25, **SMALL), False),
    (settled(RETURN, 100, **SMALL), False),
    (settled(PARTIAL, 10, **NONE), True),
    (settled(PARTIAL, 15, **NONE), False),
    (settled(NOTHING, **NONE), True),
    (settled(REFUND, 100, **NONE), False),
]
"""Settlements of harms of every size, and whether the remedy fits."""


def test_a_remedy_fits_by_kind_and_a_part_of_the_price_by_nearness() -> None:
    """Great: money back, whole goods, .15 near; middling: a repair too; small and none: little or nothing."""
    run = handmade.run([made for made, _ in FITTING])
    assert fits(Cells(run)).tolist() == [right for _, right in FITTING]


def test_shares_of_remedies_heaps_and_tens_are_counted_over_settlements() -> None:
    """Eight parts of the price among nineteen settlements; 20 twice; all are tens but 25 and 15."""
    run = handmade.run([made for made, _ in FITTING])
    found = analysis.outcomes(run)
    expected = {
        "settled_return_share": 2 / 19,
        "settled_refund_share": 2 / 19,
        "settled_partial_share": 8 / 19,
        "settled_goods_share": 3 / 19,
        "settlers_benefit": 0.6,
        "commonest_part_share": 2 / 19,
        "round_tens_share": 6 / 8,
        "round_fifties_share": 1 / 8,
        "round_hundreds_share": 0.0,
    }
    assert {name: found[name].value for name in expected} == pytest.approx(expected)


def test_the_commonest_share_is_of_all_pieces_together() -> None:
    """Read piece by piece, the heap is that of the whole run, not the largest of a piece."""
    one = [settled(PARTIAL, 20), settled(PARTIAL, 30), settled(PARTIAL, 30)]
    two = [settled(PARTIAL, 20), settled(PARTIAL, 20)]
    tallies = [commonest_part_share.function(Cells(handmade.run(rows))) for rows in (one, two)]
    assert tallies[0].join(tallies[1]).measured().value.tolist() == [3 / 5]


def test_the_chart_counts_closed_disputes_by_harm_and_remedy() -> None:
    """Everyone who is done stands in one bar, by what he deserved, and in one part of it, by what he got."""
    run = handmade.run([*(made for made, _ in FITTING), row("open")])
    table = counted(run)
    assert table.sum() == len(FITTING)
    assert table.sum(axis=1).tolist() == [6, 4, 5, 4]
    assert table[0].tolist() == [0, 1, 1, 2, 1, 1, 0]
    exhibit = remedies_by_harm(run)
    assert len(exhibit.table.rows) == 4
    figure = exhibit.panels[0].draw(960)
    assert np.isfinite(figure.get_size_inches()).all()
