"""Leaving the line of a desk: the buyer is tired of waiting, or the platform's own time is over."""

from __future__ import annotations

from evenhand.sim.jit.compile import long
from evenhand.sim.lifecycle.closing import end
from evenhand.sim.lifecycle.codes import (
    BY_SILENCE,
    DECIDER_OVERDUE,
    DECISION,
    DECISION_OVERDUE,
    DEFAULTED,
    LEFT_QUEUE_EVENT,
    NO_REASON,
    REVIEW_DESK,
    SCREENING,
    TIRED_OF_WAITING,
    WITHDRAWN,
)
from evenhand.sim.lifecycle.enforcement import enforce
from evenhand.sim.lifecycle.review import ruling_final
from evenhand.sim.lifecycle.rule_variants import row_of
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import Transition, log_event, log_event_by, stage, stake
from evenhand.sim.lifecycle.waiting import parted
from evenhand.sim.policy.compile import PolicyRules
from evenhand.sim.sampling.world_rows import World


@stage
def left_queue(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """Nobody has taken the case up in time, or before its parties ended it by themselves.

    A buyer who is tired withdraws his filing, or, under review, his request for it: the ruling stands.
    """
    mine = state.disputes[d]
    mine.left_at = now
    if mine.parting != NO_REASON:
        return parted(d, now, world, policy, state)
    if mine.overdue:
        return not_decided_in_time(d, now, world, policy, state)
    screened = mine.screened_at == mine.screened_at
    desk = REVIEW_DESK if mine.reviews > 0 else DECISION if screened else SCREENING
    log_event_by(d, now, LEFT_QUEUE_EVENT, desk, state)
    if mine.reviews > 0:
        mine.reviews -= 1
        mine.row = row_of(policy, long(mine.version), long(mine.exceptions), long(mine.reviews))
        return ruling_final(d, now, world, policy, state)
    mine.reason = TIRED_OF_WAITING
    return end(d, now, WITHDRAWN, world, policy, state)


@stage
def not_decided_in_time(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """The platform's own silence decides, as the policy says."""
    mine = state.disputes[d]
    log_event(d, now, DECISION_OVERDUE, state)
    mine.decider = BY_SILENCE
    mine.reason = DECIDER_OVERDUE
    mine.pending = DEFAULTED
    mine.upheld = policy.rules[mine.row].decision_overdue_buyer_wins
    mine.share = stake(d, mine.row, world, policy) if mine.upheld else 0.0
    return enforce(d, now, world, policy, state)
