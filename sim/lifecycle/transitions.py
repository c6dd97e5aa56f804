"""What stages are made of: transitions, windows, the event log, rows of the world, common questions."""

from __future__ import annotations

from evenhand.sim.jit.compile import jit
from evenhand.sim.lifecycle.codes import CLOSED_EVENT, DEFAULTED, END, NO_DESK, NOBODY_ACTED, RULED
from evenhand.sim.lifecycle.rule_variants import select_variant
from evenhand.sim.lifecycle.state import EVENTS, INFINITE, State
from evenhand.sim.policy.compile import N_WINDOWS, PolicyRules
from evenhand.sim.sampling.business_hours import BUSINESS, after_open_hours
from evenhand.sim.sampling.evidence import chance
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.distributions import NEVER

Transition = tuple[int, float, int, float]
"""Where to next: stage, hours (to wait, or of service at the desk), desk or NO_DESK, priority."""

stage = jit
"""Marks what a dispute may wake up to, and what that is made of."""


@stage
def wait(then: int, hours: float) -> Transition:
    """Schedule a stage after some hours."""
    return then, hours, NO_DESK, 0.0


@stage
def queue(then: int, desk: int, service: float, priority: float) -> Transition:
    """Queue at a desk for so many working hours of service; the lowest priority number is next."""
    return then, service, desk, priority


@stage
def stop() -> Transition:
    """End the process of this dispute."""
    return END, 0.0, NO_DESK, 0.0


@stage
def queue_while(
    d: int, now: float, then: int, desk: int, service: float, priority: float, patience: float, state: State
) -> Transition:
    """Queue at a desk for so many hours at most; who is not served by then wakes up to LEFT_QUEUE."""
    state.disputes[d].leaves_at = now + patience if patience < NEVER else INFINITE
    return queue(then, desk, service, priority)


@stage
def log_event(d: int, now: float, activity: int, state: State) -> None:
    """Write an event that has no number of its own, if events are kept."""
    log_event_by(d, now, activity, NOBODY_ACTED, state)


@stage
def log_event_by(d: int, now: float, activity: int, number: int, state: State) -> None:
    """Write an event with its arbiter, desk, seats, votes or side, if events are kept."""
    at = state.counters[EVENTS]
    if at < len(state.events):
        state.events[at, 0] = state.disputes[d].number
        state.events[at, 1] = now
        state.events[at, 2] = activity
        state.events[at, 3] = number
        state.counters[EVENTS] = at + 1


@stage
def level_of(d: int, world: World, state: State) -> int:
    """The row in `World.levels` of the decision that is taken now: the first, or a review."""
    return d * world.levels_each + state.disputes[d].reviews


@stage
def next_level_of(d: int, world: World, state: State) -> int:
    """The row in `World.levels` of the review that may come next."""
    return d * world.levels_each + state.disputes[d].reviews + 1


@stage
def talk_of(d: int, world: World, state: State) -> int:
    """The row in `World.talks` of this round of negotiation."""
    return d * world.rounds + state.disputes[d].round


@stage
def meeting_of(d: int, world: World, state: State) -> int:
    """The row in `World.meetings` of this round of mediation."""
    return d * world.meetings_each + state.disputes[d].meeting


@stage
def accord_of(d: int, world: World) -> int:
    """The row in `World.accords` of a dispute."""
    return d * world.accords_each


@stage
def version_at(policy: PolicyRules, now: float) -> int:
    """The version of the policy in force: the last reform that has started."""
    version, each = 0, policy.levels << policy.bits
    for i in range(1, len(policy.rules) // each):
        if policy.rules[i * each].starts <= now:
            version = i
    return version


@stage
def keep_up(d: int, now: float, world: World, policy: PolicyRules, state: State) -> None:
    """Move a dispute on from the version it was opened or filed under to a later one that is
    retroactive and has started."""
    mine, each = state.disputes[d], policy.levels << policy.bits
    for i in range(mine.version + 1, len(policy.rules) // each):
        if policy.rules[i * each].retroactive and policy.rules[i * each].starts <= now:
            select_variant(d, now, i, world, policy, state)


@stage
def deadline(
    world: World, policy: PolicyRules, row: int, window: int, now: float, extension: float = 0.0
) -> float:
    """When a window that opens now closes; an extension runs around the clock.

    Hours are summed first: an answer after just as many hours must not be late by a rounding.
    """
    span = policy.windows[row * N_WINDOWS + window]
    if span.business:
        end = after_open_hours(world, BUSINESS, now, span.hours)
        return (end if end > now else now) + extension
    return now + (span.hours + extension)


@stage
def period_length(hours: float) -> float:
    """The length of a period; 0 hours count as one."""
    return hours if hours > 0.0 else 1.0


@stage
def period_at(now: float, length: float) -> int:
    """The number of the period of this length that it is."""
    return int(now / period_length(length))


@stage
def was_filed(d: int, state: State) -> bool:
    """Whether the dispute has reached the platform: its time of filing is not NaN."""
    filed_at = state.disputes[d].filed_at
    return filed_at == filed_at  # noqa: PLR0124  (NaN is the one number that is not itself)


@stage
def was_decided(d: int, state: State) -> bool:
    """Whether the dispute has ended by a ruling or a default."""
    mine = state.disputes[d]
    return mine.ending == RULED or mine.ending == DEFAULTED


@stage
def stake(d: int, row: int, world: World, policy: PolicyRules) -> float:
    """Share of the amount that a win would bring the buyer."""
    if policy.rules[row].remedy_proportional:
        return world.cases[d].shown
    return 1.0


@stage
def closed(d: int, now: float, state: State) -> Transition:
    """The dispute is over."""
    state.disputes[d].closed_at = now
    log_event(d, now, CLOSED_EVENT, state)
    return stop()


@stage
def chance_of(world: World, opinion: float, threshold: float) -> float:
    """A party's own estimate that the buyer wins."""
    return chance(world, opinion - threshold)
