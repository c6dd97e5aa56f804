"""Filing and screening: is the platform worth asking, in time, and does it hear the case?"""

from __future__ import annotations

from evenhand.sim.lifecycle.artefacts import kinds_brought
from evenhand.sim.lifecycle.bargaining import buyer_opinion, expected, filing_cost
from evenhand.sim.lifecycle.codes import (
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
    NOT_HEARD,
    NOT_WORTH_IT,
    SCREENED,
    SCREENING,
    STEPPED_IN,
    TALKS_SKIPPED,
    TOO_LITTLE_EVIDENCE,
    TOO_MANY_REQUESTS,
)
from evenhand.sim.lifecycle.consent import seek_consent
from evenhand.sim.lifecycle.enforcement import end
from evenhand.sim.lifecycle.rule_variants import select_variant
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import (
    Transition,
    chance_of,
    deadline,
    log_event,
    period_at,
    queue,
    stage,
    version_at,
    wait,
)
from evenhand.sim.policy.compile import ESCALATE_WINDOW, FILE_WINDOW, PolicyRules
from evenhand.sim.sampling.world_rows import World


@stage
def consider_filing(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """The buyer escalates if trust, chances and amount make it worth the effort, and if in time.

    A filing exactly at the end of a window is in time.
    """
    case, mine = world.cases[d], state.disputes[d]
    rules = policy.rules[mine.row]
    mine.talks_over_at = now
    delivered = case.order_at + case.delivery
    file_until = deadline(world, policy, mine.row, FILE_WINDOW, delivered)
    if rules.escalation_automatic and now <= file_until:
        log_event(d, now, STEPPED_IN, state)
        return wait(FILE, 0.0)
    win = chance_of(world, buyer_opinion(d, mine.row, world, policy), rules.decision_standard)
    hoped = state.buyers[case.buyer].trust * expected(d, mine.row, win, world, policy) * case.amount
    if hoped <= case.effort + filing_cost(rules, win):
        log_event(d, now, ABANDONED_EVENT, state)
        mine.reason = NOT_WORTH_IT
        return end(d, now, ABANDONED, world, policy, state)
    escalate_until = deadline(world, policy, mine.row, ESCALATE_WINDOW, now)
    until = file_until if file_until < escalate_until else escalate_until
    if now + case.filing_delay <= until:
        return wait(FILE, case.filing_delay)
    mine.reason = FILE_WINDOW_CLOSED if file_until < escalate_until else ESCALATION_CLOSED
    return wait(LAPSE, until - now if until > now else 0.0)


@stage
def lapse(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """The window closed before the buyer filed."""
    log_event(d, now, LAPSED_EVENT, state)
    return end(d, now, LAPSED, world, policy, state)


@stage
def file(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """The application for intervention; from here on the rules of this day hold."""
    case, mine = world.cases[d], state.disputes[d]
    customer = state.buyers[case.buyer]
    select_variant(d, now, version_at(policy, now), world, policy, state)
    rules = policy.rules[mine.row]
    mine.reason = NO_REASON
    mine.filed_at = now
    mine.buyer_fees += rules.filing_fee
    mine.merchant_fees += rules.merchant_fee
    mine.buyer_sent = kinds_brought(d, world)
    mine.buyer_showed = mine.buyer_sent > 0 or case.buyer_forges
    period = period_at(now, rules.request_period)
    if customer.period != period:
        customer.period = period
        customer.requests = 0
    customer.requests += 1
    mine.request = customer.requests
    customer.filings += 1
    customer.recent_filings += 1
    log_event(d, now, FILED, state)
    if rules.screening_mode_desk:
        return queue(SCREENED, SCREENING, case.screening_hours, 0.0)
    return screened(d, now, world, policy, state)


@stage
def kinds_shown(d: int, world: World) -> int:
    """How many kinds of evidence came with the filing; forged evidence counts like any other."""
    case = world.cases[d]
    kinds = kinds_brought(d, world)
    count = 1 if case.buyer_forges else 0
    while kinds > 0:
        count += kinds % 2
        kinds //= 2
    return count


@stage
def objection(d: int, world: World, policy: PolicyRules, state: State) -> int:
    """Why a filing may not be heard, or NO_REASON."""
    case, mine = world.cases[d], state.disputes[d]
    rules = policy.rules[mine.row]
    customer = state.buyers[case.buyer]
    if not rules.screening_heard:
        return NOT_HEARD
    if rules.negotiation_required and rules.negotiation_rounds > 0 and case.skips:
        return TALKS_SKIPPED
    until = deadline(world, policy, mine.row, FILE_WINDOW, case.order_at + case.delivery)
    if mine.filed_at > until:
        return FILED_TOO_LATE  # a reform may have shortened the window in between
    if kinds_shown(d, world) < rules.minimum_evidence:
        return TOO_LITTLE_EVIDENCE
    if rules.abuse_limit > 0 and customer.recent_strikes >= rules.abuse_limit:
        return BUYER_RECORD
    if rules.request_cap > 0 and mine.request > rules.request_cap:
        return TOO_MANY_REQUESTS
    return NO_REASON


@stage
def screened(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """The platform says whether it hears the case, and calls on the merchant."""
    mine = state.disputes[d]
    mine.screened_at = now
    if policy.rules[mine.row].screening_mode_desk:
        mine.screening_hours = world.cases[d].screening_hours
    mine.reason = objection(d, world, policy, state)
    if mine.reason != NO_REASON:
        log_event(d, now, NOT_ADMITTED, state)
        return end(d, now, INADMISSIBLE, world, policy, state)
    log_event(d, now, ADMITTED, state)
    return seek_consent(d, now, world, policy, state)
