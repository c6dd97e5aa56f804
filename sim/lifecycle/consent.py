"""Consent: where a case is heard only if the sides agree to it, and lapses if they do not in time."""

from __future__ import annotations

from evenhand.sim.jit.compile import long
from evenhand.sim.lifecycle.answer import await_answer
from evenhand.sim.lifecycle.bargaining import merchant_opinion
from evenhand.sim.lifecycle.closing import end
from evenhand.sim.lifecycle.codes import (
    CONSENT_GIVEN,
    CONSENT_LAPSED,
    CONSENTED,
    LAPSED,
    NO_CONSENT,
    NOBODY_CONSENTED,
    PARTED,
)
from evenhand.sim.lifecycle.remedies import cost_to_merchant, worth_to_buyer
from evenhand.sim.lifecycle.reservations import award_costs, hope_of_buyer, odds_at
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import Transition, accord_of, deadline, log_event, stage, stake, wait
from evenhand.sim.lifecycle.waiting import agree_on_notice, agreeable, as_noticed
from evenhand.sim.policy.compile import CONSENT_WINDOW, PolicyRules
from evenhand.sim.sampling.world_rows import World

TO_IGNORE, TO_SETTLE, TO_BE_JUDGED = range(3)
"""What a merchant can make of a notice."""


@stage
def answer_to_notice(d: int, world: World, policy: PolicyRules, state: State) -> int:
    """The least of three costs for the merchant: to ignore the notice, to settle at once, to be judged.

    What it can settle for is what talks would come to now; where the buyer would not take that, it cannot.
    """
    case, mine, habits = world.cases[d], state.disputes[d], world.habits
    row = long(mine.row)
    rules, half_will = policy.rules[row], 0.5 * world.merchants[case.merchant].ill_will
    made = agreeable(d, world, policy, state)
    seen = made.seen
    harm = seen.harm * case.amount
    mine.ignoring_cost = (world.accords[accord_of(d, world)].ignoring + half_will) * harm
    opinion = merchant_opinion(d, row, as_noticed(d, world), world, policy)
    odds = odds_at(opinion - rules.decision_standard, row, world, policy)
    likely = odds.full + 0.5 * odds.half
    whole = award_costs(stake(d, row, world, policy), seen.salvage, d, row, world, policy, state)
    mine.judged_cost = likely * whole + rules.answer_fee + habits.consent_forum
    mine.judged_cost += half_will * harm * (1.0 - likely)
    least, answer = mine.ignoring_cost, TO_IGNORE
    if mine.judged_cost < least:
        least, answer = mine.judged_cost, TO_BE_JUDGED
    if made.taken:
        remedy, back = long(made.offer.remedy), made.offer.back
        left = harm - worth_to_buyer(remedy, back, seen.harm, d, row, world, policy)
        cost = cost_to_merchant(remedy, back, seen.salvage, d, row, world, policy) + habits.consent_call
        mine.settling_cost = cost + (half_will * left if left > 0.0 else 0.0)
        if mine.settling_cost < least:
            agree_on_notice(d, made, state)
            answer = TO_SETTLE
    return answer


@stage
def seek_consent(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """Ask the merchant, then the buyer, as far as the policy needs them; else call on the merchant.

    A consent that comes exactly at the end of the window is in time; whoever refuses lets it close.
    """
    case, mine = world.cases[d], state.disputes[d]
    rules = policy.rules[mine.row]
    if not (rules.consent_of_merchant or rules.consent_of_buyer):
        return await_answer(d, now, world, policy, state)
    accord = world.accords[accord_of(d, world)]
    closes = deadline(world, policy, mine.row, CONSENT_WINDOW, now)
    agreed, delay = True, 0.0
    if rules.consent_of_merchant:
        delay = accord.merchant_reply * state.merchants[case.merchant].reply
        if world.habits.consent_enabled:
            answer = answer_to_notice(d, world, policy, state)
            if answer == TO_SETTLE and now + delay <= closes:
                return wait(PARTED, delay)
            agreed = answer == TO_BE_JUDGED
        else:
            agreed = accord.merchant_luck < world.habits.merchant_consents
    if rules.consent_of_buyer:
        if world.habits.consent_enabled:
            hope = hope_of_buyer(d, mine.row, world, policy, state)
            agreed = agreed and hope > world.habits.consent_call
        else:
            agreed = agreed and accord.buyer_luck < world.habits.buyer_consents
        delay += accord.buyer_reply
    if agreed and now + delay <= closes:
        return wait(CONSENTED, delay)
    return wait(NO_CONSENT, closes - now)


@stage
def consented(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """All who must have agreed: the merchant is called on."""
    log_event(d, now, CONSENT_GIVEN, state)
    return await_answer(d, now, world, policy, state)


@stage
def not_consented(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """The window closed without an agreement on the procedure, and the case with it."""
    state.disputes[d].reason = NOBODY_CONSENTED
    log_event(d, now, CONSENT_LAPSED, state)
    return end(d, now, LAPSED, world, policy, state)
