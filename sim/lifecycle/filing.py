"""Filing and screening: is the platform worth asking, in time, and does it hear the case?"""

from __future__ import annotations

from evenhand.sim.jit.compile import long
from evenhand.sim.lifecycle.artefacts import kinds_brought, kinds_shown
from evenhand.sim.lifecycle.bargaining import buyer_opinion, expected, filing_cost
from evenhand.sim.lifecycle.claiming import by_the_rules, expected_share, worth
from evenhand.sim.lifecycle.closing import end
from evenhand.sim.lifecycle.codes import (
    ABANDONED,
    ABANDONED_EVENT,
    ADMITTED,
    BUYER_RECORD,
    CANNOT_PAY,
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
from evenhand.sim.lifecycle.cure import can_be_cured, send_back
from evenhand.sim.lifecycle.enforcement import return_by_right
from evenhand.sim.lifecycle.firm_choices import firm_files
from evenhand.sim.lifecycle.monitoring import watch_rate
from evenhand.sim.lifecycle.representation import pay_filing_fee
from evenhand.sim.lifecycle.reservations import hope_of_buyer, worth_by_right
from evenhand.sim.lifecycle.rule_variants import select_variant
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import (
    Transition,
    chance_of,
    deadline,
    log_event,
    period_at,
    queue_while,
    stage,
    version_at,
    wait,
)
from evenhand.sim.lifecycle.waiting import FOR_SCREENING, wait_at_most
from evenhand.sim.policy.compile import ESCALATE_WINDOW, FILE_WINDOW, PolicyRules
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.distributions import NEVER


@stage
def consider_filing(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """The buyer escalates if trust, chances and amount make it worth the effort, and if in time.

    Where talks are about remedies he returns the goods by right where that is better. A claims firm goes by
    what it earns.
    """
    case, mine = world.cases[d], state.disputes[d]
    rules = policy.rules[mine.row]
    mine.talks_over_at = now
    begins = window_begins(d, mine.row, world, policy)
    file_until = deadline(world, policy, mine.row, FILE_WINDOW, begins)
    if rules.escalation_automatic and now <= file_until:
        log_event(d, now, STEPPED_IN, state)
        return wait(FILE, 0.0)
    if mine.represented:
        if firm_files(d, now, world, policy, state):
            return go_or_let_be(d, now, True, file_until, world, policy, state)
        mine.represented = False  # the firm lets him down, and he may go on by himself
    if world.habits.claims_enabled and rules.filing_fee > case.purse:
        return give_up(d, now, CANNOT_PAY, world, policy, state)
    if world.habits.talks_enabled:
        hope = hope_of_buyer(d, mine.row, world, policy, state)
        by_right = worth_by_right(d, mine.row, case.loss, world, policy)
        if by_right > 0.0 and by_right >= hope:
            return return_by_right(d, now, state)
        return go_or_let_be(d, now, hope > 0.0, file_until, world, policy, state)
    win = chance_of(world, buyer_opinion(d, mine.row, world, policy), rules.decision_standard)
    if world.habits.claims_enabled:
        known = by_the_rules(d, long(mine.row), world, policy)
        win = expected_share(d, now, long(mine.row), known, world, policy, state)
        brings = win * worth(d, long(mine.row), world, policy)
    else:
        brings = expected(d, mine.row, win, world, policy)
    hoped = state.buyers[case.buyer].trust * brings * case.amount
    worth_it = hoped > case.effort + filing_cost(rules, win)
    return go_or_let_be(d, now, worth_it, file_until, world, policy, state)


@stage
def go_or_let_be(
    d: int, now: float, worth_it: bool, file_until: float, world: World, policy: PolicyRules, state: State
) -> Transition:
    """File, if it is worth it and in time; a filing exactly at the end of a window is in time."""
    case, mine = world.cases[d], state.disputes[d]
    if not worth_it:
        return give_up(d, now, NOT_WORTH_IT, world, policy, state)
    escalate_until = deadline(world, policy, mine.row, ESCALATE_WINDOW, now)
    until = file_until if file_until < escalate_until else escalate_until
    rules, begins = policy.rules[mine.row], window_begins(d, long(mine.row), world, policy)
    delay, earliest = case.filing_delay, begins + rules.screening_earliest - now
    if rules.screening_earliest > 0.0 and delay < earliest:
        delay = earliest
    if now + delay <= until:
        return wait(FILE, delay)
    mine.reason = FILE_WINDOW_CLOSED if file_until < escalate_until else ESCALATION_CLOSED
    return wait(LAPSE, until - now if until > now else 0.0)


@stage
def give_up(d: int, now: float, reason: int, world: World, policy: PolicyRules, state: State) -> Transition:
    """The buyer does not go to the platform."""
    log_event(d, now, ABANDONED_EVENT, state)
    state.disputes[d].reason = reason
    return end(d, now, ABANDONED, world, policy, state)


@stage
def window_begins(d: int, row: int, world: World, policy: PolicyRules) -> float:
    """The hour from which the window to file runs: of the payment, or of the delivery."""
    case = world.cases[d]
    return case.order_at if policy.rules[row].counts_from_payment else case.order_at + case.delivery


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
    pay_filing_fee(d, now, world, policy, state)
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
    watch_rate(d, now, world, policy, state)
    if rules.screening_mode_desk:
        patience = NEVER if rules.funding_provisional else case.screening_stays
        patience = wait_at_most(d, FOR_SCREENING, patience, world, policy, state)
        return queue_while(d, now, SCREENED, SCREENING, case.screening_hours, 0.0, patience, state)
    return screened(d, now, world, policy, state)


@stage
def objection(d: int, world: World, policy: PolicyRules, state: State) -> int:
    """Why a filing may not be heard, or NO_REASON."""
    case, mine = world.cases[d], state.disputes[d]
    rules = policy.rules[mine.row]
    customer = state.buyers[case.buyer]
    if not rules.screening_heard:
        return NOT_HEARD
    made_good = mine.sent_back_for if mine.cured else NO_REASON
    skipped = case.skips and made_good != TALKS_SKIPPED
    if rules.negotiation_required and rules.negotiation_rounds > 0 and skipped:
        return TALKS_SKIPPED
    until = deadline(world, policy, mine.row, FILE_WINDOW, window_begins(d, mine.row, world, policy))
    if mine.filed_at > until:
        return FILED_TOO_LATE  # a reform may have shortened the window in between
    if kinds_shown(d, world) < rules.minimum_evidence and made_good != TOO_LITTLE_EVIDENCE:
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
    if policy.rules[mine.row].screening_mode_desk:
        mine.screening_hours += world.cases[d].screening_hours
    against = objection(d, world, policy, state)
    if can_be_cured(d, against, policy, state):
        return send_back(d, now, against, world, policy, state)
    mine.screened_at = now
    mine.reason = against
    if mine.reason != NO_REASON:
        log_event(d, now, NOT_ADMITTED, state)
        return end(d, now, INADMISSIBLE, world, policy, state)
    log_event(d, now, ADMITTED, state)
    return seek_consent(d, now, world, policy, state)
