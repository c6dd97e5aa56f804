"""Words of records that people read: endings, reasons, sides, causes, remedies, activities and their like."""

from __future__ import annotations

from collections.abc import Iterator

from evenhand.sim.lifecycle.activities import TABLE
from evenhand.sim.lifecycle.codes import DECIDERS, GROUNDS, REASONS
from evenhand.sim.runs.records import SIDES
from evenhand.sim.scenario.vocabulary import CAUSES, DESKS, ENDINGS, EVIDENCE_KINDS, FAULTS, REMEDIES, STYLES

PLACES = (
    "settle",
    "withdraw",
    "perform",
    "both",
    "panel",
    "platform",
    "carrier",
    "desk",
    "valid",
    "fees",
    "freight",
    "none",
    "short",
    "full",
)
"""Other words of which `explain` makes its lines."""
TERMS = ("prior", "history", "buyer", "merchant", "silence", "platform", "noise", "= belief", "standard")
"""Names of the terms of a belief."""


def of_records() -> Iterator[str]:
    """Every word, with spaces as people read it."""
    for words in (
        *(CAUSES, DESKS, DECIDERS, ENDINGS, EVIDENCE_KINDS, FAULTS, GROUNDS, REMEDIES, SIDES, STYLES),
        *(tuple(REASONS), PLACES, TERMS),
    ):
        yield from (word.replace("_", " ") for word in words if word)
    yield from ("Fees", "Freight")
    for activity in TABLE:
        yield from (activity.phrase, activity.told_of)
