"""Dispute-mini as a good SimPy user would write it by hand: the program that others are measured by.

One process a dispute, `a | b` for what happens first, a `Resource` for each desk. It shares no code
with the stages, so it also says that they do what the model says.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

import numpy as np
import simpy

from benchmarks.mini.model import (
    ABANDONED_1,
    APPEAL_BUYER,
    APPEAL_MERCHANT,
    FOR_BUYER,
    FOR_MERCHANT,
    MERCHANTS,
    RULES,
    SETTLED_1,
    START_RATING,
    MiniCase,
    MiniOutcome,
    Tape,
    staff,
)

Process = Generator[simpy.Event, Any, None]


class IdiomaticCourt:
    """The merchants, the three desks, and what has become of every dispute."""

    def __init__(self, tape: Tape) -> None:
        self.env = env = simpy.Environment()
        intake, arbitrators, seniors = staff(tape.rate)
        self.intake = simpy.Resource(env, intake)
        self.arbitrators = simpy.PriorityResource(env, arbitrators)
        self.seniors = simpy.Resource(env, seniors)
        self.settles: list[float] = tape.settles.tolist()
        self.rating = [START_RATING] * MERCHANTS
        self.code = [0] * len(tape.cases)
        self.hours = [0.0] * len(tape.cases)
        env.process(self.arrivals(tape))

    def arrivals(self, tape: Tape) -> Process:
        """One dispute after the other."""
        for number, gap in enumerate(tape.gaps.tolist()):
            yield self.env.timeout(gap)
            self.env.process(self.dispute(number, MiniCase(*tape.cases[number].item())))

    def dispute(self, number: int, case: MiniCase) -> Process:
        """One dispute from the complaint to the end."""
        env, arrived_at = self.env, self.env.now

        for k in (0, 1):
            answer = env.timeout(case.answer_2 if k else case.answer_1)
            patience = env.timeout(case.patience_2 if k else case.patience_1)
            first = yield answer | patience
            if answer not in first:
                return self.close(number, case, arrived_at, ABANDONED_1 + k)
            luck = case.settle_2 if k else case.settle_1
            if luck < self.settles[case.merchant] + RULES.rating_settles * self.rating[case.merchant]:
                return self.close(number, case, arrived_at, SETTLED_1 + k)

        with self.intake.request() as turn:
            yield turn
            yield env.timeout(case.intake)
        evidence = env.timeout(case.evidence)
        first = yield evidence | env.timeout(RULES.deadline)
        late = evidence not in first
        first_is: Any = -case.amount  # a float will do, whatever its type says
        with self.arbitrators.request(priority=first_is) as turn:
            yield turn
            yield env.timeout(case.ruling)
        for_buyer, wrong = self.rule(case, RULES.signal, case.noise, late=late)

        window = env.timeout(RULES.window)
        appealed = False
        if case.appeal_luck < (RULES.appeals_if_wrong if wrong else RULES.appeals_if_right):
            filing = env.timeout(case.filing)
            first = yield filing | window
            appealed = filing in first
        else:
            yield window
        if not appealed:
            return self.close(number, case, arrived_at, FOR_BUYER if for_buyer else FOR_MERCHANT, wrong=wrong)
        with self.seniors.request() as turn:
            yield turn
            yield env.timeout(case.review)
        for_buyer, wrong = self.rule(case, RULES.review_signal, case.review_noise, late=late)
        outcome = APPEAL_BUYER if for_buyer else APPEAL_MERCHANT
        return self.close(number, case, arrived_at, outcome, wrong=wrong)

    def close(
        self, number: int, case: MiniCase, arrived_at: float, outcome: int, *, wrong: bool = False
    ) -> None:
        """The dispute is over."""
        self.code[number] = outcome + (8 if wrong else 0) + 16 * case.group
        self.hours[number] = self.env.now - arrived_at

    def rule(self, case: MiniCase, signal: Sequence[float], noise: float, *, late: bool) -> tuple[bool, bool]:
        """For the buyer or not, and wrong or not; the merchant's rating follows."""
        score = signal[case.group] if case.right else -signal[case.group]
        if late:
            score += RULES.late_bonus
        for_buyer = score + noise > RULES.threshold
        rating = self.rating[case.merchant]
        self.rating[case.merchant] = rating + RULES.learning * ((0.0 if for_buyer else 1.0) - rating)
        return for_buyer, for_buyer != case.right


def run_idiomatic(tape: Tape) -> MiniOutcome:
    """Move all disputes of a tape, until the last is closed."""
    court = IdiomaticCourt(tape)
    court.env.run()
    return MiniOutcome(np.array(court.code, np.uint8), np.array(court.hours), np.array(court.rating))
