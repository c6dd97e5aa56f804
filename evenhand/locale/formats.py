"""Numbers and dates as the language in force writes them; English ones stay as the code writes them."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import TYPE_CHECKING

from evenhand.locale.catalogue import ENGLISH
from evenhand.locale.current import tag

if TYPE_CHECKING:
    from babel import Locale


@lru_cache(maxsize=16)
def _locale(language: str) -> Locale | None:
    """What Babel knows of a language; None for English, and for a language that it does not know."""
    if language == ENGLISH:
        return None
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(language, sep="-")
    except (UnknownLocaleError, ValueError):
        return None


@lru_cache(maxsize=16)
def _separators(language: str) -> dict[int, str]:
    """English separators of thousands and decimals, and those of a language."""
    locale = _locale(language)
    if locale is None:
        return {}
    from babel.numbers import get_decimal_symbol, get_group_symbol

    return {ord(","): get_group_symbol(locale), ord("."): get_decimal_symbol(locale)}


def numerals(number: str) -> str:
    """A number that is written in English, with the separators of the language in force."""
    return number.translate(_separators(tag()))


def date(day: dt.date) -> str:
    """A day; in English as ISO 8601 has it."""
    locale = _locale(tag())
    if locale is None:
        return day.isoformat()
    from babel.dates import format_date

    return format_date(day, "long", locale=locale)


def moment(at: dt.datetime) -> str:
    """A time to the minute with its weekday; in English as in Tue 2025-09-02 14:30."""
    locale = _locale(tag())
    if locale is None:
        return f"{at:%a %Y-%m-%d %H:%M}"
    from babel.dates import format_datetime

    return format_datetime(at, "EEE yyyy-MM-dd HH:mm", locale=locale)


def day_of_year(day: dt.date) -> str:
    """A day without its year, short; in English as in 3 Nov."""
    return _skeleton(day, "MMMd", f"{day.day} {_MONTHS[day.month - 1]}")


def month(day: dt.date, *, with_year: bool, alone: bool = False) -> str:
    """A month, short, with its year or without; `alone` = the year only."""
    if alone:
        return _skeleton(day, "y", str(day.year))
    name = _MONTHS[day.month - 1]
    return _skeleton(day, "yMMM", f"{name} {day.year}") if with_year else _skeleton(day, "MMM", name)


_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def _skeleton(day: dt.date, skeleton: str, english: str) -> str:
    locale = _locale(tag())
    if locale is None:
        return english
    from babel.dates import format_skeleton

    return str(format_skeleton(skeleton, day, locale=locale))
