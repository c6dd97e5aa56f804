"""Ballots: jurors vote in the order of their delays, in the open or under seal."""

from __future__ import annotations

from typing import NamedTuple

from evenhand.sim.lifecycle.decision_rule import votes_for_buyer
from evenhand.sim.lifecycle.transitions import stage
from evenhand.sim.policy.compile import Rules
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.settings import UNLIMITED

NO_SEAT = -1
"""Before the first juror votes, and after the last."""
BEFORE_ALL = -1.0
"""Hours before anybody can vote."""


class Ballot(NamedTuple):
    """How a vote ends: after how many hours, votes for each side, and who was asked and did not vote."""

    ends: float
    buyer: int
    merchant: int
    absent: int


@stage
def next_voter(after: float, seat: int, first: int, size: int, world: World) -> int:
    """The seat that votes next after this one, which voted after so many hours; NO_SEAT after the last.

    Those who vote at the same time do so in the order of their seats.
    """
    found, soonest = NO_SEAT, UNLIMITED
    for other in range(first, first + size):
        delay = world.votes[other].delay
        later = delay > after or (delay == after and other > seat)
        if later and delay < soonest:
            found, soonest = other, delay
    return found


@stage
def certain(buyer: int, merchant: int, rules: Rules) -> bool:
    """Whether the quorum is there and one side can no longer be beaten."""
    enough = int(rules.panel_majority * rules.seats) + 1
    return buyer + merchant >= rules.panel_quorum and (buyer >= enough or merchant >= enough)


@stage
def open_vote(
    first: int, now: float, closes: float, gap: float, learnt: float, rules: Rules, world: World
) -> Ballot:
    """Vote after vote, until one side can no longer be beaten or the window closes.

    Where votes are visible, a juror follows those before by their lead as a share of all.
    """
    size = rules.seats
    buyer, merchant, last, lead = 0, 0, 0.0, 0.0
    seat = next_voter(BEFORE_ALL, NO_SEAT, first, size, world)
    while seat != NO_SEAT:
        vote = world.votes[seat]
        if now + vote.delay > closes:
            break
        if vote.delay > last:  # a tie of votes is counted whole
            if rules.panel_early_stop and certain(buyer, merchant, rules):
                return Ballot(last, buyer, merchant, 0)
            if rules.panel_visible and buyer + merchant > 0:
                lead = world.habits.herding * (buyer - merchant) / (buyer + merchant)
            last = vote.delay
        if votes_for_buyer(vote, gap + lead, learnt, world.habits):
            buyer += 1
        else:
            merchant += 1
        seat = next_voter(vote.delay, seat, first, size, world)
    absent = size - buyer - merchant
    if absent == 0 or (rules.panel_early_stop and certain(buyer, merchant, rules)):
        return Ballot(last, buyer, merchant, 0)
    return Ballot(closes - now if closes - now > last else last, buyer, merchant, absent)


@stage
def sealed_vote(
    first: int,
    now: float,
    closes: float,
    opened: float,
    reveal: float,
    gap: float,
    learnt: float,
    rules: Rules,
    world: World,
) -> Ballot:
    """All vote unseen until `opened`, then open their votes until `reveal`; unopened ones do not count."""
    buyer, merchant, last = 0, 0, opened
    for seat in range(first, first + rules.seats):
        vote = world.votes[seat]
        if now + vote.delay > closes:
            continue
        if opened + vote.reveal > reveal:
            last = reveal
            continue
        if opened + vote.reveal > last:
            last = opened + vote.reveal
        if votes_for_buyer(vote, gap, learnt, world.habits):
            buyer += 1
        else:
            merchant += 1
    return Ballot(last - now, buyer, merchant, rules.seats - buyer - merchant)
