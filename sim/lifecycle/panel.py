"""A panel of jurors: invited, voting one by one until one side has it or the window closes."""

from __future__ import annotations

from sim.layout import World
from sim.lifecycle.casefile import open_file
from sim.lifecycle.codes import COUNT_VOTES, PANEL_INVITED
from sim.lifecycle.moves import Move, deadline, note, stage, wait
from sim.rules import VOTING, PolicyRules
from sim.ruling import learnt_by_jurors, total, votes_for_buyer, weigh
from sim.state import JURY_CASES, State


@stage
def panel_size(d: int, policy: PolicyRules, state: State) -> int:
    """Seats of the panel at this level."""
    mine = state.disputes[d]
    return policy.panel_size[mine.version * policy.levels + mine.reviews]


@stage
def invite(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Move:
    """Invite the jurors; who votes what, and when, follows from their own draws and the file.

    Votes that come exactly when the window closes count.
    """
    mine = state.disputes[d]
    rules = policy.rules[mine.version]
    size = panel_size(d, policy, state)
    first = (d * world.levels_each + mine.reviews) * world.seats
    gap = impression_of_file(d, world, policy, state)
    closes = deadline(world, policy, mine.version, VOTING, now)
    learnt = learnt_by_jurors(world, state, size)
    note(state, d, now, PANEL_INVITED, size)
    state.counters[JURY_CASES] += 1
    ends, cast = 0.0, 0
    for seat in range(first, first + size):
        vote = world.votes[seat]
        if now + vote.delay <= closes:
            cast += 1
            if vote.delay > ends:
                ends = vote.delay
    if cast < size and closes - now > ends:
        ends = closes - now
    if rules.early_stop:
        enough = int(rules.majority * size) + 1
        heard = time_of_quorum(rules.quorum, first, size, world)
        for side in range(2):
            won = time_of_vote(enough, side == 0, gap, learnt, first, size, world)
            stops = heard if heard > won else won
            if stops < ends:
                ends = stops
    mine.coming_for_buyer = count_votes(True, gap, learnt, ends, first, size, world)
    mine.coming_for_merchant = count_votes(False, gap, learnt, ends, first, size, world)
    return wait(COUNT_VOTES, ends)


@stage
def impression_of_file(d: int, world: World, policy: PolicyRules, state: State) -> float:
    """How far the file, and the impression that all jurors share, lie above the standard of proof."""
    mine = state.disputes[d]
    terms = weigh(open_file(d, world, policy, state, False), mine.version, policy)
    shared = world.levels[d * world.levels_each + mine.reviews].shared
    return total(terms) + shared - policy.rules[mine.version].threshold


@stage
def count_votes(
    buyer: bool, gap: float, learnt: float, until: float, first: int, size: int, world: World
) -> int:
    """Votes for one side that came in by then."""
    count = 0
    for seat in range(first, first + size):
        vote = world.votes[seat]
        if vote.delay <= until and votes_for_buyer(vote, gap, learnt, world.habits) == buyer:
            count += 1
    return count


@stage
def time_of_vote(
    rank: int, buyer: bool, gap: float, learnt: float, first: int, size: int, world: World
) -> float:
    """When one side has so many votes; later than any horizon if it never does."""
    earliest = 1e18
    for seat in range(first, first + size):
        vote = world.votes[seat]
        if vote.delay < earliest and votes_for_buyer(vote, gap, learnt, world.habits) == buyer:
            if count_votes(buyer, gap, learnt, vote.delay, first, size, world) >= rank:
                earliest = vote.delay
    return earliest


@stage
def time_of_quorum(quorum: int, first: int, size: int, world: World) -> float:
    """When the quorum is there: no verdict may come before it."""
    earliest = 1e18
    for seat in range(first, first + size):
        until, cast = world.votes[seat].delay, 0
        for other in range(first, first + size):
            if world.votes[other].delay <= until:
                cast += 1
        if cast >= quorum and until < earliest:
            earliest = until
    return earliest
