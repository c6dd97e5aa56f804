"""Filings that are sent back: the buyer brings what was missing, or talks first, and is heard once more."""

from __future__ import annotations

from evenhand.sim.lifecycle.bargaining import (
    buyer_opinion,
    expected,
)
from evenhand.sim.lifecycle.closing import end
from evenhand.sim.lifecycle.codes import (
    COMPLAINED,
    CURED,
    CURED_EVENT,
    INADMISSIBLE,
    NO_REASON,
    NOT_ADMITTED,
    NOT_CURED,
    SCREENED,
    SCREENING,
    SENT_BACK,
    TALKED_FIRST,
    TALKS_SKIPPED,
    TOO_LITTLE_EVIDENCE,
)
from evenhand.sim.lifecycle.reply import reply_of_merchant
from evenhand.sim.lifecycle.reservations import hope_of_buyer
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import (
    Transition,
    accord_of,
    chance_of,
    deadline,
    log_event,
    queue_while,
    stage,
    talk_of,
    wait,
)
from evenhand.sim.policy.compile import CURE_WINDOW, MERCHANT_REPLY_WINDOW, PolicyRules
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.distributions import NEVER


@stage
def can_be_cured(d: int, objection: int, policy: PolicyRules, state: State) -> bool:
    """Whether the policy sends a filing back for this; once, and only for what the buyer can make good."""
    mine = state.disputes[d]
    if not policy.rules[mine.row].not_admitted_cure or mine.sent_back_for != NO_REASON:
        return False
    return objection in (TOO_LITTLE_EVIDENCE, TALKS_SKIPPED)


@stage
def worth_curing(d: int, world: World, policy: PolicyRules, state: State) -> bool:
    """Whether what the buyer expects from the platform is more than the trouble of curing his filing."""
    case, mine = world.cases[d], state.disputes[d]
    trouble = world.habits.cure_trouble * case.effort
    if world.habits.talks_enabled:
        return hope_of_buyer(d, mine.row, world, policy, state) > trouble
    opinion = buyer_opinion(d, mine.row, world, policy)
    win = chance_of(world, opinion, policy.rules[mine.row].decision_standard)
    hoped = expected(d, mine.row, win, world, policy) * case.amount
    return state.buyers[case.buyer].trust * hoped > trouble


@stage
def send_back(
    d: int, now: float, objection: int, world: World, policy: PolicyRules, state: State
) -> Transition:
    """The filing goes back with the reason; what comes exactly at the end of the window is in time.

    Who is told to talk first writes to the merchant, and is heard after its answer or its window.
    """
    case, mine, habits = world.cases[d], state.disputes[d], world.habits
    mine.sent_back_for = objection
    log_event(d, now, SENT_BACK, state)
    accord = world.accords[accord_of(d, world)]
    closes = deadline(world, policy, mine.row, CURE_WINDOW, now)
    if not worth_curing(d, world, policy, state):
        return wait(NOT_CURED, closes - now)
    if objection == TALKS_SKIPPED:
        log_event(d, now, COMPLAINED, state)
        answers_by = deadline(world, policy, mine.row, MERCHANT_REPLY_WINDOW, now)
        seller = state.merchants[case.merchant]
        reply = world.talks[talk_of(d, world, state)].reply * seller.reply
        ignores = case.ignore_luck < world.merchants[case.merchant].never_replies * seller.reply
        until = answers_by if answers_by < closes else closes
        if not ignores and now + reply <= until:
            return wait(TALKED_FIRST, reply)
        return wait(CURED, until - now)
    finds = accord.cure_luck < (habits.cure_valid if case.valid else habits.cure_groundless)
    if finds and now + accord.cure_delay <= closes:
        return wait(CURED, accord.cure_delay)
    return wait(NOT_CURED, closes - now)


@stage
def talked_first(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """The merchant's offer, as in talks; where it does not do the filing goes on."""
    heard = reply_of_merchant(d, now, world, policy, state)
    if heard.taken:
        return heard.then
    return cured(d, now, world, policy, state)


@stage
def cured(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """What was missing is there: the filing is looked at once more, which takes as long as the first time."""
    case, mine = world.cases[d], state.disputes[d]
    mine.cured = True
    if mine.sent_back_for == TOO_LITTLE_EVIDENCE:
        mine.buyer_showed = True
    log_event(d, now, CURED_EVENT, state)
    rules = policy.rules[mine.row]
    if not rules.screening_mode_desk:
        return wait(SCREENED, 0.0)
    patience = NEVER if rules.funding_provisional else case.screening_stays
    mine.parting = NO_REASON
    return queue_while(d, now, SCREENED, SCREENING, case.screening_hours, 0.0, patience, state)


@stage
def not_cured(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """The window has closed: the claim is lost for the reason for which the filing was sent back."""
    mine = state.disputes[d]
    mine.reason = mine.sent_back_for
    log_event(d, now, NOT_ADMITTED, state)
    return end(d, now, INADMISSIBLE, world, policy, state)


@stage
def shown_in_cure(d: int, world: World, state: State) -> float:
    """Weight of the evidence that cured the filing, in nats towards the buyer."""
    mine = state.disputes[d]
    if mine.cured and mine.sent_back_for == TOO_LITTLE_EVIDENCE:
        return world.accords[accord_of(d, world)].cure_weight
    return 0.0
