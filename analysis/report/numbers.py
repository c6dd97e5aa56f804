"""Numbers as readers want them: rounded, with their unit, and "undefined" where there is none."""

from __future__ import annotations

from math import isfinite

from evenhand.analysis.metrics.estimate import Estimate
from evenhand.analysis.report.texts import texts
from evenhand.locale.formats import numerals
from evenhand.locale.words import Counted

SPACE = "\u00a0"
"""Keeps a number and its unit on one line."""


def percent(share: float) -> str:
    """A share as a percentage with one decimal, none from 99.95 % on."""
    if not isfinite(share):
        return texts.UNDEFINED
    if 0 < share < 0.0005:
        return texts.TINY.replace(" ", SPACE)
    value = 100 * share
    written = numerals(f"{value:.0f}" if value in {0.0, 100.0} else f"{value:.1f}")
    return texts.PERCENT.format(value=written).replace(" ", SPACE)


def integer(n: int) -> str:
    """A whole number with thousands separated."""
    return numerals(f"{n:,}")


def number(value: float, decimals: int | None = None) -> str:
    """A number with thousands separated; by default with three figures that count, at most two decimals."""
    if not isfinite(value):
        return texts.UNDEFINED
    if decimals is None:
        decimals = 0 if value == int(value) or abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    written = f"{value:,.{decimals}f}"
    nothing = not written.strip("-0.,")
    return numerals(written.removeprefix("-") if nothing else written.replace("-", "−"))


def duration(hours: float) -> str:
    """Hours up to three days, days beyond."""
    if not isfinite(hours):
        return texts.UNDEFINED
    if hours < 72:
        return texts.HOURS.format(value=number(hours, 1)).replace(" ", SPACE)
    return texts.DAYS.format(value=number(hours / 24, 1)).replace(" ", SPACE)


def with_unit(value: float, unit: str) -> str:
    """A value of a metric with its unit, see `analysis.metrics.metric.Metric`."""
    if not isfinite(value):
        return texts.UNDEFINED
    if unit == "share":
        return percent(value)
    if unit == "share of amount":
        return percent(value).replace("-", "−")
    if unit == "h":
        return duration(value)
    if unit in {"count", "per 1000 orders", "ratio", "rating"}:  # their titles say of what
        return number(value)
    unit = texts.UNITS_SAID.get(unit, unit)
    return texts.WITH_UNIT.format(value=number(value), unit=unit).replace(" ", SPACE, 1)


def interval(estimate: Estimate) -> str:
    """Both ends of an interval, or a dash."""
    if estimate.ci is None:
        return texts.NO_INTERVAL
    low, high = (with_unit(end, estimate.unit) for end in estimate.ci)
    return between(low, high)


def ends(interval: tuple[float, float] | None) -> str:
    """Both ends of an interval of plain numbers, or a dash."""
    return texts.NO_INTERVAL if interval is None else between(*map(number, interval))


def with_ends(value: float, interval: tuple[float, float] | None) -> str:
    """A plain number, with both ends of its interval where it has one."""
    if interval is None:
        return number(value)
    low, high = map(number, interval)
    return texts.WITH_RANGE.format(value=number(value), low=low, high=high)


def between(low: str, high: str) -> str:
    """From one written number to another; a unit they share is written once."""
    begin, _, unit = low.partition(SPACE)
    if unit and unit == high.partition(SPACE)[2]:
        low = begin
    return texts.RANGE.format(low=low, high=high)


def count(n: int, things: Counted) -> str:
    """A number of things, one or many."""
    return things(n).format(n=integer(n)).replace(" ", SPACE)
