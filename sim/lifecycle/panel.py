"""A panel of jurors: invited, voting one by one until one side has it or the window closes."""

from __future__ import annotations

from evenhand.sim.lifecycle.ballot import open_vote, sealed_vote
from evenhand.sim.lifecycle.case_file import open_file
from evenhand.sim.lifecycle.codes import CALL_PANEL, COUNT_VOTES, PANEL_INVITED, PANEL_WAITS
from evenhand.sim.lifecycle.decision_rule import learnt_by_jurors, pulled, total, weigh
from evenhand.sim.lifecycle.state import JURY_CASES, JURY_PERIOD, JURY_SEATS, State
from evenhand.sim.lifecycle.transitions import (
    Transition,
    deadline,
    level_of,
    log_event,
    log_event_by,
    period_at,
    period_length,
    stage,
    wait,
)
from evenhand.sim.policy.compile import REVEAL_WINDOW, VOTING_WINDOW, PolicyRules
from evenhand.sim.sampling.world_rows import World


@stage
def panel_size(d: int, policy: PolicyRules, state: State) -> int:
    """Seats of the panel at this level."""
    return policy.rules[state.disputes[d].row].seats


@stage
def jurors_free_in(d: int, now: float, world: World, policy: PolicyRules, state: State) -> float:
    """Hours until the pool has jurors who may still sit in this period; takes their seats if it is 0.

    A pool that cannot fill one panel in a whole period fills it with jurors who sit twice.
    """
    rules = policy.rules[state.disputes[d].row]
    if rules.panel_cap == 0:
        return 0.0
    period = period_at(now, rules.panel_cap_period)
    if state.counters[JURY_PERIOD] != period:
        state.counters[JURY_PERIOD] = period
        state.counters[JURY_SEATS] = 0
    taken = state.counters[JURY_SEATS]
    if taken > 0 and taken + rules.seats > rules.panel_cap * rules.panel_eligible * world.habits.jurors_pool:
        return (period + 1) * period_length(rules.panel_cap_period) - now
    state.counters[JURY_SEATS] = taken + rules.seats
    return 0.0


@stage
def invite(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """Invite the jurors; who votes what, and when, follows from their own draws and the file.

    Votes that come exactly when the window closes count.
    """
    mine = state.disputes[d]
    rules = policy.rules[mine.row]
    delay = jurors_free_in(d, now, world, policy, state)
    if delay > 0.0:
        log_event(d, now, PANEL_WAITS, state)
        return wait(CALL_PANEL, delay)
    size = panel_size(d, policy, state)
    first = d * world.seats + world.first_seat[mine.reviews]
    gap = pulled(impression_of_file(d, world, policy, state), rules, world)
    closes = deadline(world, policy, mine.row, VOTING_WINDOW, now)
    learnt = learnt_by_jurors(world, state, size, rules)
    log_event_by(d, now, PANEL_INVITED, size, state)
    state.counters[JURY_CASES] += 1
    if rules.panel_reveal > 0.0:
        opened = now
        for seat in range(first, first + size):
            vote = world.votes[seat]
            if now + vote.delay > closes:
                opened = closes
            elif now + vote.delay > opened:
                opened = now + vote.delay
        reveal = deadline(world, policy, mine.row, REVEAL_WINDOW, opened)
        ballot = sealed_vote(first, now, closes, opened, reveal, gap, learnt, rules, world)
    else:
        ballot = open_vote(first, now, closes, gap, learnt, rules, world)
    mine.coming_for_buyer, mine.coming_for_merchant = ballot.buyer, ballot.merchant
    mine.absent = ballot.absent
    return wait(COUNT_VOTES, ballot.ends)


@stage
def impression_of_file(d: int, world: World, policy: PolicyRules, state: State) -> float:
    """How far the file, and the impression that all jurors share, lie above the standard of proof."""
    mine = state.disputes[d]
    terms = weigh(open_file(d, world, policy, state, False), mine.row, policy)
    shared = world.levels[level_of(d, world, state)].shared
    return total(terms) + shared - policy.rules[mine.row].decision_standard
