"""Filing and screening: is the platform worth asking, in time, and does it hear the case?"""

from __future__ import annotations

from sim.layout import World
from sim.lifecycle.answer import await_answer
from sim.lifecycle.bargain import buyer_opinion
from sim.lifecycle.closing import end
from sim.lifecycle.codes import (
    ABANDONED,
    ABANDONED_EVENT,
    ADMITTED,
    BUYER_RECORD,
    ESCALATION_CLOSED,
    FILE,
    FILE_WINDOW_CLOSED,
    FILED,
    FILED_TOO_LATE,
    INADMISSIBLE,
    LAPSE,
    LAPSED,
    LAPSED_EVENT,
    NO_REASON,
    NOT_ADMITTED,
    NOT_WORTH_IT,
    SCREENED,
    SCREENING,
    TALKS_SKIPPED,
    TOO_LITTLE_EVIDENCE,
    TOO_MANY_REQUESTS,
)
from sim.lifecycle.moves import Move, chance_of, deadline, note, queue, stage, stake, version_at, wait
from sim.rules import ESCALATE, PolicyRules
from sim.rules import FILE as FILE_WINDOW
from sim.state import State


@stage
def consider_filing(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Move:
    """The buyer escalates if trust, chances and amount make it worth the effort, and if in time.

    A filing exactly at the end of a window is in time.
    """
    case, mine = world.cases[d], state.disputes[d]
    rules = policy.rules[mine.version]
    mine.talks_over_at = now
    win = chance_of(world, buyer_opinion(d, mine.version, world, policy), rules.threshold)
    hoped = state.buyers[case.buyer].trust * win * stake(d, mine.version, world, policy) * case.amount
    if hoped <= case.effort + rules.filing_fee:
        note(state, d, now, ABANDONED_EVENT, -1)
        mine.reason = NOT_WORTH_IT
        return end(d, now, ABANDONED, world, policy, state)
    delivered = case.order_at + case.delivery
    file_until = deadline(world, policy, mine.version, FILE_WINDOW, delivered)
    escalate_until = deadline(world, policy, mine.version, ESCALATE, now)
    until = file_until if file_until < escalate_until else escalate_until
    if now + case.filing_delay <= until:
        return wait(FILE, case.filing_delay)
    mine.reason = FILE_WINDOW_CLOSED if file_until < escalate_until else ESCALATION_CLOSED
    return wait(LAPSE, until - now if until > now else 0.0)


@stage
def lapse(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Move:
    """The window closed before the buyer filed."""
    note(state, d, now, LAPSED_EVENT, -1)
    return end(d, now, LAPSED, world, policy, state)


@stage
def file(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Move:
    """The application for intervention; from here on the rules of this day hold."""
    case, mine = world.cases[d], state.disputes[d]
    customer = state.buyers[case.buyer]
    mine.version = version_at(policy, now)
    rules = policy.rules[mine.version]
    mine.reason = NO_REASON
    mine.filed_at = now
    mine.buyer_fees += rules.filing_fee
    mine.buyer_showed = case.buyer_kinds > 0 and not (case.buyer_withholds and case.buyer_weight < 0.0)
    mine.buyer_showed = mine.buyer_showed or case.buyer_forges
    period = int(now / rules.request_period)
    if customer.period != period:
        customer.period = period
        customer.requests = 0
    customer.requests += 1
    mine.request = customer.requests
    customer.filings += 1
    note(state, d, now, FILED, -1)
    if rules.screening_desk:
        return queue(SCREENED, SCREENING, case.screening_hours, 0.0)
    return screened(d, now, world, policy, state)


@stage
def kinds_shown(d: int, world: World) -> int:
    """How many kinds of evidence came with the filing; forged evidence counts like any other."""
    case = world.cases[d]
    hides = case.buyer_withholds and case.buyer_weight < 0.0
    kinds = 0 if hides else case.buyer_kinds
    count = 1 if case.buyer_forges else 0
    while kinds > 0:
        count += kinds % 2
        kinds //= 2
    return count


@stage
def objection(d: int, world: World, policy: PolicyRules, state: State) -> int:
    """Why a filing may not be heard, or NO_REASON."""
    case, mine = world.cases[d], state.disputes[d]
    rules = policy.rules[mine.version]
    customer = state.buyers[case.buyer]
    if rules.negotiation_required and case.skips:
        return TALKS_SKIPPED
    until = deadline(world, policy, mine.version, FILE_WINDOW, case.order_at + case.delivery)
    if mine.filed_at > until:
        return FILED_TOO_LATE  # a reform may have shortened the window in between
    if kinds_shown(d, world) < rules.minimum_evidence:
        return TOO_LITTLE_EVIDENCE
    if rules.abuse_limit > 0 and customer.strikes >= rules.abuse_limit:
        return BUYER_RECORD
    if rules.request_cap > 0 and mine.request > rules.request_cap:
        return TOO_MANY_REQUESTS
    return NO_REASON


@stage
def screened(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Move:
    """The platform says whether it hears the case, and calls on the merchant."""
    mine = state.disputes[d]
    mine.screened_at = now
    if policy.rules[mine.version].screening_desk:
        mine.screening_hours = world.cases[d].screening_hours
    mine.reason = objection(d, world, policy, state)
    if mine.reason != NO_REASON:
        note(state, d, now, NOT_ADMITTED, -1)
        return end(d, now, INADMISSIBLE, world, policy, state)
    note(state, d, now, ADMITTED, -1)
    return await_answer(d, now, world, policy, state)
