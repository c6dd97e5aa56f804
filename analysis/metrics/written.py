"""Numbers as tables and sentences write them, and as JSON has them; pages have `report.numbers`."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from typing import Any

from evenhand.analysis.metrics.estimate import Estimate
from evenhand.locale.current import gettext, gettext_noop
from evenhand.locale.formats import numerals

NOTHING = "-"
"""Stands for what is not known."""
HUNDREDTHS = ("share", "share of amount", "difference of shares")
"""Units of metrics whose differences are written in points."""
PERCENT = ("share", "share of loss", "share of the gap")
POINTS = ("difference of shares", "share difference")
UNITS = {
    "count": "",
    "ratio": "",
    **dict.fromkeys(PERCENT, "%"),
    **dict.fromkeys(POINTS, gettext_noop("points")),
}
"""Units that a table writes otherwise."""
RARE = 0.0005
"""Shares below would read as 0.0 %."""


def in_one_style(values: Sequence[float], unit: str) -> list[str]:
    """A value and the ends of its interval with the same decimals: the fewer, the larger the figures."""
    if unit in POINTS:
        return [f"{100 * value:+.1f}" for value in values]
    if unit in PERCENT:
        return [f"{100 * value:.{4 if 0 < values[0] < RARE else 1}f}" for value in values]
    largest = max(map(abs, values))
    decimals = 0 if largest >= 1000 else 1 if largest >= 10 else 3
    return [f"{value:,.{decimals}f}" for value in values]


def figures(one: Estimate) -> tuple[str, str, str]:
    """Value, interval and unit of an estimate; a dash where something is not known."""
    unit = unit_said(one.unit)
    if not isfinite(one.value):
        return NOTHING, NOTHING, unit
    value, *ends = in_one_style([one.value, *(one.ci or ())], one.unit)
    return value, between(*ends) if ends else NOTHING, unit


def between(low: str, high: str) -> str:
    """Both ends of an interval, as a table writes them."""
    return gettext("{low} to {high}").format(low=low, high=high)


def unit_said(unit: str) -> str:
    """The unit of a metric as a table writes it; nothing for counts and ratios."""
    said = UNITS.get(unit, unit)
    return gettext(said) if said else ""


def percent(value: float, *, signed: bool = False) -> str:
    """A share inside a sentence."""
    if not isfinite(value):
        return gettext("not known")
    return gettext("{value} %").format(value=numerals(f"{100 * value:{'+' if signed else ''}.1f}"))


def points(value: float) -> str:
    """A difference of shares inside a sentence."""
    if not isfinite(value):
        return gettext("not known")
    return gettext("{value} points").format(value=numerals(f"{100 * value:+.1f}"))


def money(value: float, currency: str) -> str:
    """A signed amount inside a sentence."""
    if not isfinite(value):
        return gettext("not known")
    return gettext("{value} {unit}").format(value=numerals(f"{value:+,.2f}"), unit=gettext(currency))


def finite(value: float) -> float | None:
    """A number that JSON has, or null."""
    return value if isfinite(value) else None


def plain_json(value: Any) -> Any:
    """Rows and tables with null wherever JSON has no number."""
    if isinstance(value, float):
        return finite(value)
    if isinstance(value, dict):
        return {key: plain_json(one) for key, one in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain_json(one) for one in value]
    return value
