"""Mediation: rounds of bargaining after filing, each with a mediator's working time."""

from __future__ import annotations

from evenhand.sim.jit.compile import long
from evenhand.sim.lifecycle.bargaining import asked_by_buyer, concession, limit_of_merchant, merchant_opinion
from evenhand.sim.lifecycle.codes import (
    AGREED_IN_MEDIATION,
    CONVENE,
    MEDIATION,
    MEDIATION_CLOSED,
    MEDIATION_MET,
    MEDIATION_OVER,
    MEET,
    NO_REASON,
    PARTED,
)
from evenhand.sim.lifecycle.decision import assign
from evenhand.sim.lifecycle.enforcement import agree, settle
from evenhand.sim.lifecycle.offers import lay_open
from evenhand.sim.lifecycle.state import INFINITE, State
from evenhand.sim.lifecycle.talks import bid
from evenhand.sim.lifecycle.transitions import (
    Transition,
    chance_of,
    deadline,
    log_event,
    meeting_of,
    queue,
    stage,
    stake,
    wait,
)
from evenhand.sim.lifecycle.waiting import wait_at_most
from evenhand.sim.policy.compile import MEDIATE_WINDOW, PolicyRules
from evenhand.sim.sampling.proceedings import WAITS
from evenhand.sim.sampling.world_rows import World


@stage
def case_complete(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """Everything is on file: mediate where the policy does and both sides talk, or decide."""
    mine = state.disputes[d]
    mine.ready_at = now
    rules = policy.rules[mine.row]
    if mine.answered and rules.mediation_rounds == 0 and rules.offers_enabled:
        return lay_open(d, now, world, policy, state)
    if rules.mediation_rounds == 0 or not mine.answered:
        return assign(d, now, world, policy, state)
    mine.mediate_until = deadline(world, policy, mine.row, MEDIATE_WINDOW, now)
    return convene(d, world, state)


@stage
def convene(d: int, world: World, state: State) -> Transition:
    """Ask for a mediator's time."""
    meeting = world.meetings[meeting_of(d, world, state)]
    state.disputes[d].leaves_at = INFINITE
    return queue(MEET, MEDIATION, meeting.service, 0.0)


@stage
def met(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """A mediator brings ask and offer nearer to what the file says; the sides agree, think, or part.

    After k meetings both sides have moved the share 1 - (1 - push)^k of their way to the outcome
    that the whole file suggests.
    """
    case, mine = world.cases[d], state.disputes[d]
    rules = policy.rules[mine.row]
    meeting = world.meetings[meeting_of(d, world, state)]
    mine.mediation_hours += meeting.service
    log_event(d, now, MEDIATION_MET, state)
    apart = 1.0
    for _ in range(mine.meeting + 1):
        apart *= 1.0 - rules.mediation_push
    if world.habits.talks_enabled:
        made = bid(d, long(mine.meeting), meeting.guess, apart, world, policy, state)
        mine.meeting += 1
        if made.taken:
            remedy, back = made.offer.remedy, made.offer.back
            return agree(d, now, remedy, back, AGREED_IN_MEDIATION, world, policy, state)
        return meet_on(d, now, made.gap / case.amount, world, policy, state)
    file = merchant_opinion(d, mine.row, world.habits.optimism, world, policy)
    fair = chance_of(world, file, rules.decision_standard) * stake(d, mine.row, world, policy)
    ask = asked_by_buyer(d, mine.row, world, policy, state)
    limit = limit_of_merchant(d, mine.row, meeting.guess, world, policy, state)
    offer = limit * concession(world, long(mine.meeting))
    if ask > fair:
        ask = fair + apart * (ask - fair)
    if offer < fair:
        offer = fair - apart * (fair - offer)
    mine.offer = offer
    mine.meeting += 1
    if offer >= ask and offer > 0.0:
        return settle(d, now, offer, AGREED_IN_MEDIATION, world, policy, state)
    return meet_on(d, now, ask - offer, world, policy, state)


@stage
def meet_on(d: int, now: float, gap: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """Another meeting, unless the sides are too far apart, or one of them takes too long to think."""
    case, mine = world.cases[d], state.disputes[d]
    rules = policy.rules[mine.row]
    if mine.meeting >= rules.mediation_rounds or gap > rules.mediation_give_up:
        return mediation_over(d, now, world, policy, state)
    meeting = world.meetings[d * world.meetings_each + mine.meeting - 1]
    think = meeting.reply * state.merchants[case.merchant].reply
    then, hours = CONVENE, think
    if now + think > mine.mediate_until:
        left = mine.mediate_until - now
        then, hours = MEDIATION_OVER, left if left > 0.0 else 0.0
    at_most = wait_at_most(d, WAITS + long(mine.meeting) - 1, hours, world, policy, state)
    return wait(PARTED if mine.parting != NO_REASON else then, at_most)


@stage
def mediation_over(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """No agreement: the case is decided."""
    log_event(d, now, MEDIATION_CLOSED, state)
    return assign(d, now, world, policy, state)
