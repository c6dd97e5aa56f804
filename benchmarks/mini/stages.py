"""The stages of dispute-mini: pure, scalar, moved by either engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from benchmarks.mini.model import (
    ABANDONED_1,
    ABANDONED_2,
    APPEAL_BUYER,
    FOR_BUYER,
    SETTLED_1,
    SETTLED_2,
    MiniRules,
)
from evenhand.sim.lifecycle.transitions import Transition, queue, stage, stop, wait

(
    ARRIVED,
    ANSWERED_1,
    GAVE_UP_1,
    ANSWERED_2,
    GAVE_UP_2,
    LOOKED_AT,
    EVIDENCE_IN,
    DEADLINE_OVER,
    RULED,
    WINDOW_OVER,
    APPEALED,
    REVIEWED,
) = range(12)
INTAKE, ARBITRATORS, SENIORS = range(3)


class MiniWorld(NamedTuple):
    """What was drawn. Under the Numba engine, row d of `cases` is who is in slot d now."""

    cases: Any
    """Rows of `Case`."""
    block: Any
    """The cases that arrive next, for the Numba engine."""
    settles: Any


@dataclass(slots=True)
class MiniProgress:
    """How far a dispute has come."""

    arrived_at: float = 0.0
    hours: float = 0.0
    number: int = 0
    code: int = 0
    late: bool = False


class MiniState(NamedTuple):
    """What a run changes."""

    disputes: Any
    """Rows of `Progress`."""
    ratings: Any
    desks: Any
    """Rows of `sim.lifecycle.state.DeskState`."""
    finished: Any
    """Buffer of the Numba engine for disputes that have closed."""
    counts: Any
    """Finished in the buffer, arrived so far."""


@stage
def advance(at: int, d: int, now: float, world: MiniWorld, rules: MiniRules, state: MiniState) -> Transition:
    """Do what is due at this stage, and say what comes next."""
    if at <= GAVE_UP_2:
        return in_talks(at, d, now, world, rules, state)
    if at <= DEADLINE_OVER:
        return before_ruling(at, d, world, rules, state)
    return ruling_and_after(at, d, now, world, rules, state)


@stage
def in_talks(at: int, d: int, now: float, world: MiniWorld, rules: MiniRules, state: MiniState) -> Transition:
    """Two rounds of negotiation, and on to the intake."""
    case = world.cases[d]
    if at == ARRIVED:
        state.disputes[d].arrived_at = now
        state.disputes[d].late = False
        return race(ANSWERED_1, case.answer_1, GAVE_UP_1, case.patience_1)
    if at == ANSWERED_1:
        if settles(case.settle_1, d, world, rules, state):
            return close(d, now, SETTLED_1, world, state)
        return race(ANSWERED_2, case.answer_2, GAVE_UP_2, case.patience_2)
    if at == ANSWERED_2:
        if settles(case.settle_2, d, world, rules, state):
            return close(d, now, SETTLED_2, world, state)
        return queue(LOOKED_AT, INTAKE, case.intake, 0.0)
    return close(d, now, ABANDONED_1 if at == GAVE_UP_1 else ABANDONED_2, world, state)


@stage
def before_ruling(at: int, d: int, world: MiniWorld, rules: MiniRules, state: MiniState) -> Transition:
    """The merchant's evidence against the deadline; then the arbitrators, largest amount first."""
    case = world.cases[d]
    if at == LOOKED_AT:
        return race(EVIDENCE_IN, case.evidence, DEADLINE_OVER, rules.deadline)
    state.disputes[d].late = at == DEADLINE_OVER
    return queue(RULED, ARBITRATORS, case.ruling, -case.amount)


@stage
def ruling_and_after(
    at: int, d: int, now: float, world: MiniWorld, rules: MiniRules, state: MiniState
) -> Transition:
    """The ruling, the window for an appeal, and the seniors, whose ruling is final."""
    case = world.cases[d]
    if at == RULED:
        wrong = rule(d, FOR_BUYER, rules.signal[case.group], case.noise, world, rules, state)
        if case.appeal_luck < (rules.appeals_if_wrong if wrong else rules.appeals_if_right):
            return race(APPEALED, case.filing, WINDOW_OVER, rules.window)
        return wait(WINDOW_OVER, rules.window)
    if at == APPEALED:
        return queue(REVIEWED, SENIORS, case.review, 0.0)
    if at == REVIEWED:
        rule(d, APPEAL_BUYER, rules.review_signal[case.group], case.review_noise, world, rules, state)
    return over(d, now, state)


@stage
def race(first: int, hours: float, second: int, limit: float) -> Transition:
    """What happens first; a tie goes to the first named."""
    if hours <= limit:
        return wait(first, hours)
    return wait(second, limit)


@stage
def settles(luck: float, d: int, world: MiniWorld, rules: MiniRules, state: MiniState) -> bool:
    """Whether the merchant settles, by its service and its rating of now."""
    merchant = world.cases[d].merchant
    return bool(luck < world.settles[merchant] + rules.rating_settles * state.ratings[merchant])


@stage
def close(d: int, now: float, outcome: int, world: MiniWorld, state: MiniState) -> Transition:
    """The dispute ends without a ruling."""
    state.disputes[d].code = outcome + 16 * world.cases[d].group
    return over(d, now, state)


@stage
def over(d: int, now: float, state: MiniState) -> Transition:
    """The dispute is over."""
    state.disputes[d].hours = now - state.disputes[d].arrived_at
    return stop()


@stage
def rule(
    d: int, for_buyer: int, signal: float, noise: float, world: MiniWorld, rules: MiniRules, state: MiniState
) -> bool:
    """Rule, and let the rating follow; says whether the ruling is wrong."""
    case = world.cases[d]
    score = signal if case.right else -signal
    if state.disputes[d].late:
        score = score + rules.late_bonus
    buyer_wins = score + noise > rules.threshold
    rating = state.ratings[case.merchant]
    goal = 0.0 if buyer_wins else 1.0
    state.ratings[case.merchant] = rating + rules.learning * (goal - rating)
    wrong = buyer_wins != case.right
    outcome = for_buyer if buyer_wins else for_buyer + 1
    state.disputes[d].code = outcome + (8 if wrong else 0) + 16 * case.group
    return bool(wrong)
