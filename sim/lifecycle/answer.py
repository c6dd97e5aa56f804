"""The merchant's turn: evidence inside its window, silence, surrender; and the buyer's rebuttal."""

from __future__ import annotations

from evenhand.sim.jit.compile import long
from evenhand.sim.lifecycle.artefacts import kinds_sent, lacks_what_is_asked
from evenhand.sim.lifecycle.bargaining import borne, grants, merchant_opinion
from evenhand.sim.lifecycle.closing import end
from evenhand.sim.lifecycle.codes import (
    ANSWER,
    ANSWERED,
    BUYER_WITHDREW,
    BY_RULE,
    BY_SILENCE,
    CONCEDED,
    DEFAULTED,
    FIRM_DROPPED,
    MERCHANT_CONCEDED,
    NO_REASON,
    PARTED,
    REBUT,
    REBUTTED,
    RULED_BY_RULE,
    SILENCE,
    SILENT_AFTER_FILING,
    STAYED_SILENT,
    SUPPLEMENT,
    SUPPLEMENTED,
    WITHDRAW,
    WITHDRAWN,
    WITHDREW,
)
from evenhand.sim.lifecycle.contest import contests, rather_concedes
from evenhand.sim.lifecycle.decision import clear_ex_parte, decide_by_rule
from evenhand.sim.lifecycle.decision_rule import Award
from evenhand.sim.lifecycle.enforcement import enforce, settle
from evenhand.sim.lifecycle.firm_choices import firm_drops
from evenhand.sim.lifecycle.mediation import case_complete
from evenhand.sim.lifecycle.review import announce
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import Transition, chance_of, deadline, log_event, stage, stake, wait
from evenhand.sim.lifecycle.waiting import FOR_ANSWER, wait_at_most
from evenhand.sim.policy.compile import (
    BUYER_EVIDENCE_WINDOW,
    BUYER_WINS,
    CLOSE,
    MERCHANT,
    MERCHANT_EVIDENCE_WINDOW,
    PolicyRules,
)
from evenhand.sim.sampling.world_rows import World


@stage
def await_answer(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """Wait for the merchant's evidence, at most until its window closes; the buyer may give up first.

    Evidence that arrives exactly at the deadline is in time. Where the rule decides clear cases
    unheard, nobody waits.
    """
    case, mine = world.cases[d], state.disputes[d]
    rules = policy.rules[mine.row]
    if clear_ex_parte(d, world, policy, state):
        mine.ready_at = now
        return decide_by_rule(d, now, world, policy, state)
    seller = state.merchants[case.merchant]
    closes = deadline(world, policy, mine.row, MERCHANT_EVIDENCE_WINDOW, now)
    delay = case.evidence_delay * seller.reply
    if world.habits.contest_enabled:
        stonewalls = not contests(d, world, policy, state) and not grants(d, world)
    else:
        stonewalls = case.stonewall_luck < world.merchants[case.merchant].never_replies * seller.reply
        stonewalls = stonewalls or (too_dear(d, world, policy, state) and not grants(d, world))
    if not stonewalls and now + delay > closes and case.extension_luck < rules.extension_share:
        closes = deadline(world, policy, mine.row, MERCHANT_EVIDENCE_WINDOW, now, rules.answer_extension)
    comes = not stonewalls and now + delay <= closes
    gives_up = now + case.platform_patience < (now + delay if comes else closes)
    gives_up = (
        gives_up and not world.habits.waiting_enabled
    )  # else to give up is one of the hazards of waiting
    then, hours = (ANSWER, delay) if comes else (SILENCE, closes - now)
    if gives_up and not rules.funding_provisional:
        then, hours = WITHDRAW, case.platform_patience
    at_most = wait_at_most(d, FOR_ANSWER, hours, world, policy, state)
    return wait(PARTED if mine.parting != NO_REASON else then, at_most)


@stage
def too_dear(d: int, world: World, policy: PolicyRules, state: State) -> bool:
    """Whether the fee for an answer is more than the merchant expects to save by one."""
    mine = state.disputes[d]
    rules = policy.rules[mine.row]
    if rules.answer_fee <= 0.0:
        return False
    lose = chance_of(world, merchant_opinion(d, mine.row, 0.0, world, policy), rules.decision_standard)
    cost = rules.answer_fee * lose if rules.screening_loser_pays else rules.answer_fee
    return (1.0 - lose) * stake(d, mine.row, world, policy) * world.cases[d].amount < cost


@stage
def withdraw(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """The buyer no longer pursues the filing."""
    return give_up_filing(d, now, BUYER_WITHDREW, world, policy, state)


@stage
def give_up_filing(
    d: int, now: float, reason: int, world: World, policy: PolicyRules, state: State
) -> Transition:
    """A filing is withdrawn."""
    state.disputes[d].reason = reason
    log_event(d, now, WITHDREW, state)
    return end(d, now, WITHDRAWN, world, policy, state)


@stage
def answered(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """The merchant gives in, or sends evidence: true, withheld where it would hurt, or forged.

    Who gives in has not answered the claim, and is not billed for an answer.
    """
    case, mine = world.cases[d], state.disputes[d]
    rules = policy.rules[mine.row]
    mine.answered_at = now
    opinion = merchant_opinion(d, mine.row, 0.0, world, policy)
    lose = chance_of(world, opinion, rules.decision_standard)
    whole = stake(d, mine.row, world, policy)
    bears = borne(d, mine.row, whole, world, policy, state)
    if world.habits.contest_enabled:
        gives_in = rather_concedes(d, lose, bears * case.amount, world, policy, state)
    else:
        gives_in = case.concede_luck < world.habits.concede_share * lose
    if grants(d, world) or (bears > 0.0 and gives_in):
        log_event(d, now, CONCEDED, state)
        return settle(d, now, whole, MERCHANT_CONCEDED, world, policy, state)
    mine.answered = True
    mine.merchant_fees += rules.answer_fee
    forging = world.merchants[case.merchant].forges * state.merchants[case.merchant].forging
    mine.merchant_forged = opinion > rules.decision_standard and case.merchant_forge_luck < forging
    mine.merchant_sent = kinds_sent(d, mine.row, world, policy)
    mine.merchant_showed = mine.merchant_sent > 0 or mine.merchant_forged
    lacks = lacks_what_is_asked(d, mine.row, long(mine.merchant_sent), world, policy)
    mine.uncooperative = lacks and not mine.merchant_forged
    log_event(d, now, ANSWERED, state)
    if not proves_what_it_must(d, policy, state):
        return lose_without_proof(d, now, world, policy, state)
    if firm_drops(d, world, policy, state):
        return give_up_filing(d, now, FIRM_DROPPED, world, policy, state)
    if rules.answer_supplement and case.supplements:
        until = deadline(world, policy, mine.row, BUYER_EVIDENCE_WINDOW, now)
        if now + case.supplement_delay <= until:
            return wait(SUPPLEMENT, case.supplement_delay)
    return case_complete(d, now, world, policy, state)


@stage
def proves_what_it_must(d: int, policy: PolicyRules, state: State) -> bool:
    """Whether the answer has all kinds of evidence that the policy requires; a forger has them all."""
    mine = state.disputes[d]
    needed = policy.rules[mine.row].answer_required
    return mine.merchant_forged or (mine.merchant_sent & needed) == needed


@stage
def lose_without_proof(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """No required proof, no defence: the buyer wins by rule."""
    mine = state.disputes[d]
    mine.ready_at = now
    mine.decider = BY_RULE
    log_event(d, now, RULED_BY_RULE, state)
    return announce(d, now, Award(True, stake(d, mine.row, world, policy)), world, policy, state)


@stage
def supplemented(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """The buyer's rebuttal is in, and the merchant answers it if it may, will, and is in time."""
    case, mine = world.cases[d], state.disputes[d]
    mine.supplemented = True
    log_event(d, now, SUPPLEMENTED, state)
    if policy.rules[mine.row].answer_rebuttal and case.merchant_rebuts:
        delay = case.rebuttal_delay * state.merchants[case.merchant].reply
        if now + delay <= deadline(world, policy, mine.row, MERCHANT_EVIDENCE_WINDOW, now):
            return wait(REBUT, delay)
    return case_complete(d, now, world, policy, state)


@stage
def rebutted(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """The merchant's answer to the buyer's rebuttal is in."""
    state.disputes[d].rebutted = True
    log_event(d, now, REBUTTED, state)
    return case_complete(d, now, world, policy, state)


@stage
def silent(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """The window closed without an answer; the policy says what that means."""
    mine = state.disputes[d]
    rules = policy.rules[mine.row]
    mine.silence = MERCHANT
    log_event(d, now, STAYED_SILENT, state)
    if rules.answer_silence != BUYER_WINS and rules.answer_silence != CLOSE:
        return case_complete(d, now, world, policy, state)
    mine.decider = BY_SILENCE
    mine.reason = SILENT_AFTER_FILING
    mine.pending = DEFAULTED
    mine.upheld = rules.answer_silence == BUYER_WINS
    mine.share = stake(d, mine.row, world, policy) if mine.upheld else 0.0
    return enforce(d, now, world, policy, state)
