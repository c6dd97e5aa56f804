"""A merchant's reply, in talks and where a filing was sent back to them: an offer, taken or not."""

from __future__ import annotations

from typing import NamedTuple

from evenhand.sim.jit.compile import long
from evenhand.sim.lifecycle.bargaining import asked_by_buyer, concession, grants, limit_of_merchant
from evenhand.sim.lifecycle.codes import AGREED_IN_TALKS, REPLIED
from evenhand.sim.lifecycle.enforcement import agree, settle
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.talks import as_number, bid
from evenhand.sim.lifecycle.transitions import Transition, log_event, log_event_by, stage, stop, talk_of
from evenhand.sim.policy.compile import PolicyRules
from evenhand.sim.sampling.world_rows import World


class Reply(NamedTuple):
    """Whether the buyer takes what he is offered, and what follows if he does."""

    taken: bool
    then: Transition


@stage
def reply_of_merchant(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Reply:
    """The merchant offers; the buyer takes it if it beats what he expects from the platform."""
    mine = state.disputes[d]
    guess = world.talks[talk_of(d, world, state)].guess
    mine.heard = True
    if world.habits.talks_enabled:
        made = bid(d, long(mine.round), guess, 1.0, world, policy, state)
        mine.round += 1
        log_event_by(d, now, REPLIED, as_number(made.offer), state)
        if not made.taken:
            return Reply(False, stop())
        remedy, back = made.offer.remedy, made.offer.back
        return Reply(True, agree(d, now, remedy, back, AGREED_IN_TALKS, world, policy, state))
    log_event(d, now, REPLIED, state)
    limit = limit_of_merchant(d, mine.row, guess, world, policy, state)
    mine.offer = 1.0 if grants(d, world) else limit * concession(world, long(mine.round))
    mine.round += 1
    if mine.offer >= asked_by_buyer(d, mine.row, world, policy, state):
        return Reply(True, settle(d, now, mine.offer, AGREED_IN_TALKS, world, policy, state))
    return Reply(False, stop())
