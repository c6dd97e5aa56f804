"""Buyers who come and go: how many stop buying, are let down, and come back."""

from __future__ import annotations

from evenhand.analysis.metrics.accumulators import Tally
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.merchants import a_month
from evenhand.analysis.metrics.metric import metric

_GROUP = ("buyer_group",)


def _come_and_go(cells: Cells) -> bool:
    """Whether buyers leave and come back in the scenario."""
    claims = cells.run.scenario.behaviour.claims
    return claims.enabled and claims.leaves > 0


@metric("Buyers who leave a month", by=_GROUP, direction="lower", pooled=False)
def buyer_exits_per_month(cells: Cells) -> Tally:
    """Buyers who stop buying, for every buyer and month; those who were let down too.

    Formula: exits / (buyers x months); n = buyers. Counts all buyers, those who are away too. Who stops of
    himself is seen by nobody, so these are expected: `behaviour.claims.leaves` x expected months of buying.
    0 means that nobody left. Where claims are no choice (`behaviour.claims`), those who have left for good by
    the end. Unit: share. Source: `exits` and `active` in the buyers' records.
    """
    buyers = cells.of_buyers("buyers")
    if cells.run.scenario.behaviour.claims.enabled:
        return a_month(cells, cells.of_buyers("exits"), buyers)
    return a_month(cells, buyers - cells.of_buyers("active"), buyers)


@metric("Buyers let down a month", by=_GROUP, direction="lower", pooled=False)
def buyers_let_down_per_month(cells: Cells) -> Tally:
    """Buyers who stop buying because a real grievance was refused or not voiced, for every buyer and month.

    Formula: let down / (buyers x months); n = buyers. Counts all buyers, those who are away too; each time
    by itself. It is the part of `buyer_exits_per_month` that rules can move. Unit: share. Source: `let_down`
    in the buyers' records; exit as an answer to failure is Hirschman's (1970). NaN with n = 0 where buyers do
    not leave and come back (`behaviour.claims.leaves`).
    """
    buyers = cells.of_buyers("buyers") * _come_and_go(cells)
    return a_month(cells, cells.of_buyers("let_down"), buyers)


@metric("Buyers who come back a month", by=_GROUP, direction="higher", pooled=False)
def buyer_returns_per_month(cells: Cells) -> Tally:
    """Buyers who buy again after they had stopped, for every buyer and month.

    Formula: returns / (buyers x months); n = buyers. Counts all buyers, those who buy too; expected:
    `behaviour.claims.returns` x expected months away. At rest as many come back as leave. Unit: share.
    Source: `returns` in the buyers' records. NaN with n = 0 where buyers do not leave and come back
    (`behaviour.claims.leaves`).
    """
    buyers = cells.of_buyers("buyers") * _come_and_go(cells)
    return a_month(cells, cells.of_buyers("returns"), buyers)
