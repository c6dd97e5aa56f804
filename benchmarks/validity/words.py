"""Figures as they are written."""

from __future__ import annotations

from math import isfinite
from typing import Literal

from benchmarks.validity.finding import Figure

Unit = Literal["share", "change", "days"]


def scaled(value: float, unit: Unit) -> float:
    """A value as a chart has it: shares and changes in hundredths."""
    return value if unit == "days" else 100 * value


def amount(value: float, unit: Unit) -> str:
    """A value with its unit."""
    if not isfinite(value):
        return "undefined"
    if unit == "days":
        return f"{value:.1f} days"
    hundredths = round(100 * value, 1) + 0.0  # no sign before nothing
    sign = "+" if unit == "change" and hundredths else ""
    return f"{hundredths:{sign}.1f} %".replace("-", "−")


def interval(one: Figure) -> str:
    """Both ends of the interval, or a dash."""
    if one.ci is None:
        return "–"
    low, high = (amount(end, one.unit) for end in one.ci)
    return f"{low.rsplit(' ', 1)[0]} to {high}"


def near(one: Figure) -> str:
    """What counts as near, or a dash."""
    if not isfinite(one.low):
        return "–"
    low, high = (amount(end, one.unit) for end in (one.low, one.high))
    return f"{low.rsplit(' ', 1)[0]} to {high}"
