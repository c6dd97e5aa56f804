"""What stages are made of: moves, windows, offers of the shadow, notes for the event log."""

from __future__ import annotations

from sim.evidence import chance
from sim.hours import BUSINESS, after_open_hours
from sim.jitted import compiles
from sim.layout import World
from sim.lifecycle.codes import CLOSED_EVENT, END, NO_DESK
from sim.lifecycle.forms import take_form
from sim.rules import N_WINDOWS, PolicyRules
from sim.state import EVENTS, State

Move = tuple[int, float, int, float]
"""Where to next: stage, hours (to wait, or of service at the desk), desk or NO_DESK, priority."""

stage = compiles
"""Marks what a dispute may wake up to, and what that is made of."""


@stage
def wait(then: int, hours: float) -> Move:
    """Nothing happens for some hours."""
    return then, hours, NO_DESK, 0.0


@stage
def queue(then: int, desk: int, service: float, priority: float) -> Move:
    """Join a desk; `service` are working hours, the lowest priority number is next."""
    return then, service, desk, priority


@stage
def stop() -> Move:
    """Wake no more."""
    return END, 0.0, NO_DESK, 0.0


@stage
def note(state: State, d: int, now: float, activity: int, resource: int) -> None:
    """Write an event, if events are kept."""
    at = state.counters[EVENTS]
    if at < len(state.events):
        state.events[at, 0] = state.disputes[d].number
        state.events[at, 1] = now
        state.events[at, 2] = activity
        state.events[at, 3] = resource
        state.counters[EVENTS] = at + 1


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
            take_form(d, now, i, world, policy, state)


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
def stake(d: int, row: int, world: World, policy: PolicyRules) -> float:
    """Share of the amount that a win would bring the buyer."""
    if policy.rules[row].remedy_proportional:
        return world.cases[d].shown
    return 1.0


@stage
def closed(d: int, now: float, state: State) -> Move:
    """The dispute is over."""
    state.disputes[d].closed_at = now
    note(state, d, now, CLOSED_EVENT, -1)
    return stop()


@stage
def chance_of(world: World, opinion: float, threshold: float) -> float:
    """A party's own estimate that the buyer wins."""
    return chance(world, opinion - threshold)
