"""The money of disputes, a month and a dispute, side by side and item by item, and how it changes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isfinite
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure

from evenhand.analysis.charts.forest import NARROW, Contrast, Judgement, Unit, Words, forest
from evenhand.analysis.compare.paired import paired_t
from evenhand.analysis.metrics.accounts import Accounts, accounts
from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.metrics.chunks import AnyRun
from evenhand.analysis.metrics.estimate import t_band
from evenhand.analysis.report.numbers import ends, with_ends
from evenhand.analysis.report.texts import texts

EVERYBODY = "everybody"


class Amount(NamedTuple):
    """One row: money a month, its interval, and money for each dispute."""

    side: str
    item: str
    """Empty = all of the side."""
    month: float
    interval: tuple[float, float] | None
    each: float
    n: int
    """Disputes, all replications together; under the baseline where two policies are compared."""

    @property
    def name(self) -> str:
        """What the row is called."""
        side = texts.MONEY_SIDES[self.side]
        if not self.item:
            return texts.MONEY_ALL.format(side=side) if self.side != EVERYBODY else side
        return texts.MONEY_ROW.format(side=side, item=texts.MONEY_ITEMS[f"{self.side}_{self.item}"])

    @property
    def ends(self) -> str:
        """The interval in words."""
        return ends(self.interval)


def _rows(one: Accounts) -> Iterator[tuple[str, str, Floats]]:
    """Every item that is not nothing, side by side, then all of the side, then all sides together."""
    for side in one.sides:
        for item, money in zip(one.items, one.money, strict=True):
            if item.side == side and money.any():
                yield side, item.name, money
        yield side, "", one.side(side)
    yield EVERYBODY, "", one.everybody


def amounts(run: AnyRun) -> list[Amount]:
    """The accounts of a run: means over replications a month, pooled for each dispute."""
    one = accounts(run)
    months, n = one.months or np.nan, int(one.disputes.sum())
    found = []
    for side, item, money in _rows(one):
        band = t_band(money / months)
        around = (float(band.low), float(band.high)) if isfinite(float(band.low)) else None
        found.append(Amount(side, item, float(band.mean), around, _each(money, one), n))
    return found


def changes(policy: AnyRun, baseline: AnyRun) -> list[Amount]:
    """What each item costs more under a policy than under the baseline, in the same worlds."""
    one, base = accounts(policy), accounts(baseline)
    mine, rows = ({(side, item): money for side, item, money in _rows(of)} for of in (one, base))
    nothing = np.zeros(len(one.disputes))
    found = []
    for side, item in dict.fromkeys([*rows, *mine]):
        now, before = mine.get((side, item), nothing), rows.get((side, item), nothing)
        pair = paired_t((now / one.months)[:, None], (before / base.months)[:, None])
        value, half = float(pair.mean[0]), float(pair.half[0])
        each = _each(now, one) - _each(before, base)
        around = (value - half, value + half) if isfinite(half) else None
        found.append(Amount(side, item, value, around, each, int(base.disputes.sum())))
    order = [*one.sides, EVERYBODY]
    return sorted(found, key=lambda row: (order.index(row.side), not row.item))


def _each(money: Floats, one: Accounts) -> float:
    """Money for each dispute, all replications together; NaN where there is none."""
    return float(money.sum()) / (float(one.disputes.sum()) or np.nan)


def judged(change: Amount) -> Judgement:
    """Better where a side surely pays less, worse where it surely pays more."""
    if change.interval is None or change.interval[0] <= 0 <= change.interval[1]:
        return "unsure"
    return "better" if change.month < 0 else "worse"


def picture(rows: Sequence[Amount], currency: str, words: Words, width: float, better: int = 0) -> Figure:
    """Money a month around a line at nothing, items and sides on one axis."""
    brief = width < NARROW
    contrasts = [
        Contrast(
            row.name,
            row.month,
            row.interval,
            None,
            with_ends(row.month, None if brief else row.interval),
            row.n,
            better,
            judged(row) if better else "other",
        )
        for row in rows
    ]
    return forest([Unit(texts.MONEY_UNIT.format(currency=currency), tuple(contrasts))], words, width=width)
