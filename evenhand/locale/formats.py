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
