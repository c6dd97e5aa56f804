"""Where a number comes from, and what it may well be instead: what a file may say beside any setting."""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple, get_args

from evenhand.scenarios.problems import Place

Confidence = Literal["first-party", "secondary", "derived", "assumed"]
CONFIDENCES: tuple[str, ...] = get_args(Confidence)
TEXTS = ("source", "confidence", "note")
PLAUSIBLE = "plausible"
KEYS = (*TEXTS, PLAUSIBLE)

Way = Literal["between", "alternatives", "list", "factor", "odds", "plus_minus"]
"""How a range is written; a `list` is one of the first two, by what stands beside it."""


class Plausible(NamedTuple):
    """What a setting may well be instead of its value, as it is written."""

    way: Way
    values: tuple[str | int | float | bool | date | None, ...]
    """Two ends, the alternatives, or the one width of a relative range."""
    because: str = ""
    place: Place = Place("")
    own: bool = True
    """Written beside this very value, and not for a group that it is in."""


class Provenance(NamedTuple):
    """What a file says about the origin of a setting; empty where it says nothing."""

    source: str = ""
    confidence: str = ""
    note: str = ""
    plausible: Plausible | None = None


NONE = Provenance()
