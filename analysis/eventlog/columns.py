"""Which columns of a dispute's record go into an exported log, and what they are in it."""

from __future__ import annotations

PEOPLE = ("buyer", "merchant", "buyer_group", "merchant_group")
SEEN = (
    *PEOPLE,
    "claimed",
    "amount",
    "ending",
    "reason",
    "decider",
    "upheld",
    "share",
    "refund",
    "reviews",
)
"""What the platform's own log would have."""
TRUTH = ("cause", "valid", "fault", "deserved")
"""What only the simulator knows; left out unless it is asked for."""


def chosen(*, truth: bool) -> tuple[str, ...]:
    """The columns of an export."""
    return SEEN + TRUTH if truth else SEEN
