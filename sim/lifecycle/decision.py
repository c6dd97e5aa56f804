"""Decision: who decides, the arbiter at the desk, and the rule that needs none."""

from __future__ import annotations

from evenhand.sim.jit.compile import long
from evenhand.sim.lifecycle.case_file import open_file
from evenhand.sim.lifecycle.codes import (
    BY_DESK,
    BY_RULE,
    DECISION,
    HANDED_TO_DESK,
    HEARING_DUE,
    HEARING_HELD,
    MODEL_ASKED,
    MODEL_RULES,
    NO_REASON,
    PARTED,
    REVIEW_DESK,
    RULE,
    RULED_BY_RULE,
    RULED_EVENT,
)
from evenhand.sim.lifecycle.decision_rule import Award, Terms, arbiter_noise, award, total, weigh
from evenhand.sim.lifecycle.forgery_checks import is_checked, pay_for_check, request_check
from evenhand.sim.lifecycle.offers import officer_offers
from evenhand.sim.lifecycle.panel import invite
from evenhand.sim.lifecycle.review import announce
from evenhand.sim.lifecycle.rule_variants import has
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import (
    Transition,
    level_of,
    log_event,
    log_event_by,
    queue,
    queue_while,
    stage,
    wait,
)
from evenhand.sim.lifecycle.waiting import FOR_DESK, wait_at_most
from evenhand.sim.policy.compile import BUYER, LARGEST, OLDEST, SHORTEST, SMALLEST, PolicyRules
from evenhand.sim.sampling.proceedings import WAITS
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.distributions import NEVER

CLASSES = 10
CLASS_APART = 1e10
"""Priority numbers of one class are nearer to each other than this: amounts, hours, and their negatives."""


@stage
def assign(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """The case goes to whom the policy names: the rule if it applies, a panel, or a desk."""
    mine = state.disputes[d]
    rules = policy.rules[mine.row]
    if mine.reviews == 0 and rules.automatic_enabled:
        move = decide_by_rule(d, now, world, policy, state)
        if mine.decider == BY_RULE:
            return move
    by_panel = rules.review_decider_panel if mine.reviews > 0 else rules.decision_decider_panel
    if by_panel:
        return invite(d, now, world, policy, state)
    by_model = rules.review_decider_model if mine.reviews > 0 else rules.decision_decider_model
    if by_model:
        log_event(d, now, MODEL_ASKED, state)
        return wait(MODEL_RULES, world.habits.model_hours)
    return hand_to_desk(d, now, world, policy, state)


@stage
def for_the_rule(d: int, world: World, policy: PolicyRules, state: State) -> bool:
    """Whether a case is small and the buyer's record clean enough for a decision by rule."""
    case, mine = world.cases[d], state.disputes[d]
    rules = policy.rules[mine.row]
    return (
        case.amount <= rules.automatic_max_amount
        and state.buyers[case.buyer].strikes <= rules.automatic_max_buyer_strikes
        and has(rules.automatic_causes, case.claimed)
    )


@stage
def clear_ex_parte(d: int, world: World, policy: PolicyRules, state: State) -> bool:
    """Whether the rule decides for the buyer before the merchant is asked."""
    mine = state.disputes[d]
    rules = policy.rules[mine.row]
    ex_parte = rules.automatic_enabled and rules.automatic_ex_parte
    if not ex_parte or not for_the_rule(d, world, policy, state):
        return False
    gap = total(weigh(open_file(d, world, policy, state, False), mine.row, policy)) - rules.decision_standard
    return gap > 0.0 and gap >= rules.automatic_margin


@stage
def decide_by_rule(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """Decide at once where the case is small, clear, and the buyer's record clean."""
    case, mine = world.cases[d], state.disputes[d]
    rules = policy.rules[mine.row]
    if not for_the_rule(d, world, policy, state):
        return queue(RULE, DECISION, 0.0, 0.0)
    terms = weigh(open_file(d, world, policy, state, False), mine.row, policy)
    gap = total(terms) - rules.decision_standard
    if -rules.automatic_margin < gap < rules.automatic_margin:
        return queue(RULE, DECISION, 0.0, 0.0)
    mine.decider = BY_RULE
    remember(d, terms, 0.0, policy, state)
    log_event(d, now, RULED_BY_RULE, state)
    verdict = award(gap, case.shown, mine.row, policy)
    return announce(d, now, verdict, world, policy, state)


@stage
def hand_to_desk(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """Queue for an arbiter, in the order that the policy's classes and discipline give.

    The buyer waits as long as he would, where it is his request; the platform has its own deadline.
    """
    case, mine = world.cases[d], state.disputes[d]
    rules = policy.rules[mine.row]
    level = world.levels[level_of(d, world, state)]
    if mine.reviews == 0 and mine.hearings == 0:
        request_check(d, world, policy, state)
    service = sitting(d, world, policy, state)
    priority = 0.0
    if rules.decision_discipline == LARGEST:
        priority = -case.amount
    elif rules.decision_discipline == SMALLEST:
        priority = case.amount
    elif rules.decision_discipline == OLDEST:
        priority = case.order_at
    elif rules.decision_discipline == SHORTEST:
        priority = service
    if rules.decision_priority > 0:
        priority += rules.decision_priority * CLASS_APART
    if mine.hearings > 0 and rules.hearings_order_case:
        priority -= CLASSES * CLASS_APART
    desk = REVIEW_DESK if mine.reviews > 0 else DECISION
    if mine.reviews == 0 and mine.hearings == 0:
        mine.handed_at = now
    log_event_by(d, now, HANDED_TO_DESK, desk, state)
    wants_it = mine.reviews == 0 or mine.asker == BUYER
    patience = level.stays if wants_it and not rules.funding_provisional else NEVER
    first = mine.reviews == 0 and mine.hearings == 0
    mine.overdue = first and 0.0 < rules.decision_deadline <= patience
    if mine.overdue:
        patience = rules.decision_deadline
    mine.parting = NO_REASON
    if mine.reviews == 0:
        line = FOR_DESK if first else pause_of(d, world, state) + 1
        patience = wait_at_most(d, line, patience, world, policy, state)
        mine.overdue = mine.overdue and mine.parting == NO_REASON
    return queue_while(d, now, RULE, desk, service, priority, patience, state)


@stage
def sitting(d: int, world: World, policy: PolicyRules, state: State) -> float:
    """Working hours of what the desk does next: the decision, or an even part of it; a check at the end."""
    mine = state.disputes[d]
    rules = policy.rules[mine.row]
    hours = world.levels[level_of(d, world, state)].service
    if mine.reviews == 0 and rules.hearings_number > 1:
        hours /= rules.hearings_number
        if mine.hearings + 1 < rules.hearings_number:
            return hours
    return hours + rules.checks_hours if is_checked(d, world, policy, state) else hours


@stage
def pause_of(d: int, world: World, state: State) -> int:
    """Number of the wait that follows the last hearing; that in the line for the next one is one more."""
    return WAITS + world.meetings_each + 2 * (state.disputes[d].hearings - 1)


@stage
def adjourn(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """A hearing is over that was not the last: the case waits for the next, unless its parties end it."""
    mine = state.disputes[d]
    log_event(d, now, HEARING_HELD, state)
    gap = policy.rules[mine.row].hearings_gap
    at_most = wait_at_most(d, pause_of(d, world, state), gap, world, policy, state)
    return wait(PARTED if mine.parting != NO_REASON else HEARING_DUE, at_most)


@stage
def whose_turn(d: int, world: World, policy: PolicyRules, state: State) -> int:
    """The arbiter drawn for this decision; the next one along where it must be another."""
    mine = state.disputes[d]
    arbiter = world.levels[level_of(d, world, state)].arbiter
    if mine.reviews > 0 and policy.rules[mine.row].review_other_arbiter and arbiter == mine.arbiter:
        arbiter = (arbiter + 1) % len(world.arbiter_level)
    return arbiter


@stage
def remember(d: int, terms: Terms, noise: float, policy: PolicyRules, state: State) -> None:
    """Keep the terms of the belief that decided, for the record and for `explain`."""
    mine = state.disputes[d]
    mine.term_prior = terms.prior
    mine.term_history = terms.history
    mine.term_buyer = terms.buyer
    mine.term_merchant = terms.merchant
    mine.term_silence = terms.silence
    mine.term_platform = terms.platform
    mine.term_noise = noise
    mine.belief = total(terms) + noise
    mine.standard = policy.rules[mine.row].decision_standard


@stage
def rule(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """The arbiter has worked through the file and rules."""
    case, mine = world.cases[d], state.disputes[d]
    rules = policy.rules[mine.row]
    level = world.levels[level_of(d, world, state)]
    checked = is_checked(d, world, policy, state)
    hours = sitting(d, world, policy, state)
    desk = REVIEW_DESK if mine.reviews > 0 else DECISION
    if mine.reviews > 0:
        mine.review_hours += hours
    else:
        mine.decision_hours += hours
        mine.hearings += 1
        if mine.hearings < rules.hearings_number:
            return adjourn(d, now, world, policy, state)
    terms = weigh(open_file(d, world, policy, state, checked), mine.row, policy)
    if checked:
        pay_for_check(d, world, policy, state)
    mine.arbiter = whose_turn(d, world, policy, state)
    noise = arbiter_noise(world, state, mine.arbiter, case.claimed, level.occasion, desk)
    noise *= rules.decision_noise_factor
    state.arbiter_cases[mine.arbiter] += 1
    mine.decider = BY_DESK
    remember(d, terms, noise, policy, state)
    verdict = award(mine.belief - mine.standard, case.shown, mine.row, policy)
    if mine.instructed == mine.instructed:  # a decision rule in Python has spoken: not NaN
        verdict = Award(mine.instructed > 0.0, mine.instructed)
    if rules.offers_enabled and mine.answered and mine.reviews == 0:
        return officer_offers(d, now, verdict, world, policy, state)
    log_event_by(d, now, RULED_EVENT, long(mine.arbiter), state)
    return announce(d, now, verdict, world, policy, state)
