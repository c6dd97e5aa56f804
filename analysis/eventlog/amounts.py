"""Numbers as people write them, with signs of currencies, decimal commas and thousands, as floats."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Decimal = Literal[".", ","]
_MONEY = re.compile(r"[$€£¥￥\s'’]|元|块|圆|RMB|CNY|USD|EUR|GBP", re.IGNORECASE)
_EXPONENT = r"(?:[eE][-+]?\d+)?"
_FORMS: dict[Decimal, re.Pattern[str]] = {
    ".": re.compile(rf"[-+]?(?:[1-9]\d{{0,2}}(?:,\d{{3}})+(?:\.\d+)?|\d*\.?\d+{_EXPONENT}|\d+\.)"),
    ",": re.compile(rf"[-+]?(?:[1-9]\d{{0,2}}(?:\.\d{{3}})+(?:,\d+)?|\d*,?\d+{_EXPONENT}|\d+,)"),
}


def floats_of(texts: NDArray[Any], decimal: Decimal | None = None, *, typed: bool = False) -> NDArray[Any]:
    """Numbers of a column, shape (rows,); NaN for what is empty, no number, or in doubt.

    The sign before decimals is the one given, or the one that the column shows: `35,50` can only have a comma
    there, `1,234.50` only a point. Where cells show both, or `1,234` stands alone, such cells are in doubt.
    `typed` cells were numbers in the file, and have a point.
    """
    plain = ["" if text is None else _plain(str(text)) for text in texts]
    found = np.array([_value(text, decimal or ".") for text in plain], np.float64)
    if decimal or typed:
        return found
    comma = np.array([_value(text, ",") for text in plain], np.float64)
    point_only, comma_only = ~np.isnan(found) & np.isnan(comma), np.isnan(found) & ~np.isnan(comma)
    if point_only.any() and not comma_only.any():
        return found
    if comma_only.any() and not point_only.any():
        return comma
    either = np.isnan(found) | np.isnan(comma)
    return np.where(either, np.nan, np.where(found == comma, found, np.nan))


def _plain(text: str) -> str:
    return _MONEY.sub("", unicodedata.normalize("NFKC", text))


def _value(text: str, decimal: Decimal) -> float:
    if not text or not _FORMS[decimal].fullmatch(text):
        return float("nan")
    thousands = "," if decimal == "." else "."
    value = float(text.replace(thousands, "").replace(decimal, "."))
    return value if np.isfinite(value) else float("nan")
