"""What dispute-mini is made of: its numbers, one row of luck a dispute, and what comes out.

A buyer and a merchant negotiate for up to two rounds; what they do not settle is reviewed at the
intake, waits for the merchant's evidence, is ruled on (largest amount first), and may be appealed to
seniors. Rulings move a merchant's rating, and the rating moves every later settlement. Hours.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

MERCHANTS = 1000
ZIPF = 1.1
GROUPS = ("new", "regular", "power")
GROUP_SHARES = (0.50, 0.35, 0.15)
PATIENCE_SCALE = (96.0, 120.0, 168.0)
ARRIVALS_AN_HOUR = 20.0
STAFF = (8, 24, 9)
"""Intake, arbitrators and seniors, at 20 arrivals an hour."""
START_RATING = 0.6
OUTCOMES = (
    "settled in round 1",
    "settled in round 2",
    "abandoned in round 1",
    "abandoned in round 2",
    "ruled for the buyer",
    "ruled for the merchant",
    "appeal: for the buyer",
    "appeal: for the merchant",
)
(
    SETTLED_1,
    SETTLED_2,
    ABANDONED_1,
    ABANDONED_2,
    FOR_BUYER,
    FOR_MERCHANT,
    APPEAL_BUYER,
    APPEAL_MERCHANT,
) = range(len(OUTCOMES))

CASE = np.dtype(
    [("merchant", np.int32), ("group", np.int16), ("right", np.bool_)]
    + [
        (name, np.float64)
        for name in (
            "amount",
            "answer_1",
            "patience_1",
            "settle_1",
            "answer_2",
            "patience_2",
            "settle_2",
            "intake",
            "evidence",
            "ruling",
            "noise",
            "appeal_luck",
            "filing",
            "review",
            "review_noise",
        )
    ],
    align=True,
)
"""The luck of one dispute: 128 bytes, two cache lines."""


class MiniCase(NamedTuple):
    """A row of `CASE` in Python."""

    merchant: int
    group: int
    right: bool
    amount: float
    answer_1: float
    patience_1: float
    settle_1: float
    answer_2: float
    patience_2: float
    settle_2: float
    intake: float
    evidence: float
    ruling: float
    noise: float
    appeal_luck: float
    filing: float
    review: float
    review_noise: float


class MiniRules(NamedTuple):
    """The policy of dispute-mini: windows in hours, evidence in nats."""

    deadline: float
    window: float
    late_bonus: float
    threshold: float
    appeals_if_right: float
    appeals_if_wrong: float
    learning: float
    rating_settles: float
    signal: Sequence[float]
    """Weight of a buyer's case at the first ruling, by group."""
    review_signal: Sequence[float]


RULES = MiniRules(
    deadline=72.0,
    window=168.0,
    late_bonus=0.5,
    threshold=0.25,
    appeals_if_right=0.25,
    appeals_if_wrong=0.50,
    learning=0.05,
    rating_settles=0.08,
    signal=(0.8, 1.0, 1.2),
    review_signal=(1.4, 1.6, 1.8),
)


class Tape(NamedTuple):
    """A world of dispute-mini: the luck of every dispute, in order of arrival."""

    gaps: NDArray[np.float64]
    """Hours from one arrival to the next."""
    arrivals: NDArray[np.float64]
    """Hours, rising: the running sum of the gaps."""
    cases: NDArray[Any]
    """One row of `CASE` a dispute."""
    settles: NDArray[np.float64]
    """Chance that a merchant settles, what its rating adds left aside; one a merchant."""
    rate: float
    """Arrivals an hour."""

    def first(self, n: int) -> Tape:
        """The first n disputes."""
        return self._replace(gaps=self.gaps[:n], arrivals=self.arrivals[:n], cases=self.cases[:n])


class MiniOutcome(NamedTuple):
    """What became of every dispute, in order of arrival, and of every merchant."""

    code: NDArray[np.uint8]
    """Outcome + 8 if the last ruling was wrong + 16 times the buyer's group."""
    hours: NDArray[np.float64]
    """From arrival to closing."""
    rating: NDArray[np.float64]


def staff(rate: float) -> tuple[int, ...]:
    """Staff of the three desks at so many arrivals an hour."""
    return tuple(max(1, math.ceil(count * (rate / ARRIVALS_AN_HOUR))) for count in STAFF)
