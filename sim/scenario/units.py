"""Durations as people write them, and the two ways a window can count time."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer

from evenhand.locale.current import gettext, gettext_noop

HOURS = {"min": 1 / 60, "h": 1.0, "d": 24.0, "w": 168.0}
_UNITS = {
    "min": "min",
    "minute": "min",
    "minutes": "min",
    "m": "min",
    "h": "h",
    "hour": "h",
    "hours": "h",
    "d": "d",
    "day": "d",
    "days": "d",
    "w": "w",
    "week": "w",
    "weeks": "w",
}
_DURATION = re.compile(r"^\s*(-?\d+(?:\.\d+)?)\s*(business\s+)?([a-zA-Z]+)\s*$")
ALLOWED = gettext_noop("a duration such as '48 h', '7 d', '2 weeks' or '3 business days'")


class Window(NamedTuple):
    """How long somebody has: hours, counted around the clock or on business days only."""

    hours: float
    business: bool = False

    def __str__(self) -> str:
        if self.business:
            return f"{self.hours / 24:.12g} business days"
        whole_days = self.hours >= 72 and self.hours % 24 == 0
        return f"{self.hours / 24:.12g} d" if whole_days else f"{self.hours:.12g} h"


def parse_window(text: Any) -> Window:
    """Read a duration; bare numbers are hours. Raises ValueError that says what is allowed."""
    if isinstance(text, Window):
        return text
    if isinstance(text, tuple) and len(text) == 2:  # as model_dump() leaves a window
        return Window(float(text[0]), bool(text[1]))
    if isinstance(text, (int, float)) and not isinstance(text, bool):
        hours, business = float(text) if abs(text) < 1e9 else 1e9, False  # float() of a huge int fails
    else:
        found = _DURATION.match(text) if isinstance(text, str) else None
        unit = _UNITS.get(found[3].lower()) if found else None
        if found is None or unit is None or (found[2] and unit != "d"):
            raise ValueError(gettext("must be {allowed}").format(allowed=gettext(ALLOWED)))
        hours, business = float(found[1]) * HOURS[unit], bool(found[2])
    if not 0 <= hours < 1e6:
        raise ValueError(gettext("must be 0 or more and below 1,000,000 hours"))
    return Window(hours, business)


def parse_hours(text: Any) -> float:
    """Read a plain duration in hours. Raises ValueError for business days, which need a calendar."""
    window = parse_window(text)
    if window.business:
        raise ValueError(gettext("business days are for the windows of a policy; write hours or days here"))
    return window.hours


Hours = Annotated[float, BeforeValidator(parse_hours, json_schema_input_type=str | float)]
WindowField = Annotated[
    Window,
    BeforeValidator(parse_window, json_schema_input_type=str | float),
    PlainSerializer(str, return_type=str, when_used="json"),
]
Share = Annotated[float, Field(strict=True, ge=0, le=1)]
Positive = Annotated[float, Field(strict=True, gt=0, lt=1e12)]
NotNegative = Annotated[float, Field(strict=True, ge=0, lt=1e12)]
Nats = Annotated[float, Field(strict=True, ge=-20, le=20)]
Spread = Annotated[float, Field(strict=True, ge=0, le=20)]
"""A standard deviation or a pull in nats: beyond 20, one side is right beyond any doubt."""
LogSpread = Annotated[float, Field(strict=True, ge=0, le=3)]
"""Standard deviation of a logarithm: 3 is a factor of 20, either way, for every third."""
Factor = Annotated[float, Field(strict=True, ge=0, le=1000)]
"""Relative to an average of 1."""
MOST_COUNTED = 1_000_000_000
"""What is counted is kept in 32 bits."""
Count = Annotated[int, Field(strict=True, ge=0, le=MOST_COUNTED)]
Limit = Annotated[int, Field(strict=True, ge=1, le=MOST_COUNTED)]
"""A count from which, or up to which, something is allowed."""
MOST_DAYS = 36_500
"""Length of a run."""
MOST_REPLICATIONS = 1_000_000
"""Far more than any interval needs."""
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2900, 12, 31)
"""Days that a run may begin on: its last hour, and all time zones, still have a date."""


def within_days(day: date) -> date:
    """Raise ValueError for a day that no run can begin on."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(
            gettext("must be from {first_day} to {last_day}").format(first_day=FIRST_DAY, last_day=LAST_DAY)
        )
    return day


Day = Annotated[date, AfterValidator(within_days)]
