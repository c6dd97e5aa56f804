"""Differences in words: how numbers are written, and one English sentence for each difference."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, isfinite, log10

from evenhand.analysis.metrics.written import HUNDREDTHS
from evenhand.locale.current import gettext, ngettext
from evenhand.locale.formats import numerals

NAMES = {
    "share": "points",
    "difference of shares": "points",
    "share of amount": "points of the amount",
    "h": "hours",
    "count": "",
}
"""Units that are said otherwise when they are differences; all others are said as they are."""
_LEVELS = {
    "share": "%",
    "difference of shares": "points",
    "share of amount": "% of the amount",
    "h": "hours",
    "count": "",
}


def unit_of(unit: str) -> str:
    """The unit of a difference, as it is said."""
    return gettext(NAMES.get(unit, unit))


def with_word(figure: str, unit: str) -> str:
    """A difference that is written, with its unit."""
    word = unit_of(unit)
    return gettext("{value} {unit}").format(value=figure, unit=word) if word else figure


def figures(
    values: Sequence[float], unit: str, half: float, *, signed: bool = True, level: bool = False
) -> list[str]:
    """Write values alike: two significant digits of the half-width, from none to four decimals.

    Without a half-width above 0 the largest value has three digits.
    Shares are written in points, without their unit unless they are a `level`; "-" stands for what is
    not known.
    """
    scale = 100.0 if unit in HUNDREDTHS else 1.0
    largest = max((abs(v) for v in values if isfinite(v)), default=0.0)
    size = half if isfinite(half) and half > 0 else largest / 10
    decimals = min(max(1 - floor(log10(size * scale)), 0), 4) if size > 0 else 0
    sign = "+" if signed else ""
    word = _LEVELS.get(unit, unit) if level else ""
    after = f" {gettext(word)}" if word else ""
    return [_number(v * scale, decimals, sign) + after if isfinite(v) else "-" for v in values]


def _number(value: float, decimals: int, sign: str) -> str:
    rounded = round(value, decimals)
    # no sign before nothing
    return numerals(f"{rounded:{sign},.{decimals}f}" if rounded else f"{0:.{decimals}f}")


def worlds_of(n: int) -> str:
    """A number of worlds."""
    return ngettext("{n} world", "{n} worlds", n).format(n=numerals(f"{n:,}"))


NOUNS = tuple((one, f"{one}s") for one in ("world", "fresh world", "difference", "gap"))
"""What `many` counts, one and many."""


def many(count: int, noun: str) -> str:
    """A count with its noun."""
    return f"{count:,} {ngettext(noun, f'{noun}s', count)}"


def probability(p: float) -> str:
    """A p as it is printed."""
    if not isfinite(p):
        return "-"
    return numerals("<0.001" if p < 0.001 else f"{p:.3f}")


def times(factor: float) -> str:
    """How many times fewer worlds, as it is printed."""
    if not isfinite(factor):
        return "-"
    return gettext("{factor}x").format(factor=numerals(f"{factor:,.0f}" if factor >= 10 else f"{factor:.1f}"))
