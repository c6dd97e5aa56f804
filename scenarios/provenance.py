"""Where a number comes from: the words a file may put beside any setting."""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

Confidence = Literal["first-party", "secondary", "derived", "assumed"]
CONFIDENCES: tuple[str, ...] = get_args(Confidence)
KEYS = ("source", "confidence", "note")


class Provenance(NamedTuple):
    """What a file says about the origin of a setting; empty where it says nothing."""

    source: str = ""
    confidence: str = ""
    note: str = ""


NONE = Provenance()
