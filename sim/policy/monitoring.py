"""Monitoring: a threshold on disputes for each order, and what it means to be above it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from evenhand.sim.scenario.base import Model
from evenhand.sim.scenario.settings import Read
from evenhand.sim.scenario.units import Count, Hours, NotNegative


class Monitoring(
    Model,
    units={"rate": "filings an order", "minimum": "filings", "fee": "money a filing", "points": "points"},
    labels={
        "rate": "Filings that are too many",
        "minimum": "Filings that count at least",
        "period": "Period that is looked at",
        "fee": "Fee while monitored",
        "points": "Points for a period above",
        "suspended_for": "Suspension after a period above",
    },
):
    """A merchant with too many filings for each of its orders in one period is monitored in the next.

    Periods follow each other from the start of the run. Filings count whatever becomes of them, as in the
    programmes of card networks.
    """

    rate: Annotated[Annotated[float, Field(strict=True, gt=0, le=1)] | None, Read.NO_LIMIT] = None
    """Filings for each order from which a period is above the threshold; none = nobody is monitored."""
    minimum: Count = 0
    """Periods with fewer filings than this are not above it, whatever the rate."""
    period: Hours = 30 * 24.0
    """Length of a period."""
    fee: NotNegative = 0.0
    """What each filing costs a merchant that is monitored."""
    points: NotNegative = 0.0
    """Penalty points for each period above the threshold."""
    suspended_for: Hours = 0.0
    """How long a merchant is suspended after each period above the threshold."""
