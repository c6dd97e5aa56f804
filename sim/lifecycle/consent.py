"""Consent: where a case is heard only if the sides agree to it, and lapses if they do not in time."""

from __future__ import annotations

from evenhand.sim.lifecycle.answer import await_answer
from evenhand.sim.lifecycle.closing import end
from evenhand.sim.lifecycle.codes import (
    CONSENT_GIVEN,
    CONSENT_LAPSED,
    CONSENTED,
    LAPSED,
    NO_CONSENT,
    NOBODY_CONSENTED,
)
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import Transition, accord_of, deadline, log_event, stage, wait
from evenhand.sim.policy.compile import CONSENT_WINDOW, PolicyRules
from evenhand.sim.sampling.world_rows import World


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
        agreed = accord.merchant_luck < world.habits.merchant_consents
        delay = accord.merchant_reply * state.merchants[case.merchant].reply
    if rules.consent_of_buyer:
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
