"""A model decides: it reads the file, rules where it is sure, and else requests more or calls a person."""

from __future__ import annotations

from evenhand.sim.jit.compile import long
from evenhand.sim.lifecycle.case_file import open_file
from evenhand.sim.lifecycle.codes import (
    BY_MODEL,
    MODEL_ANSWERED,
    MODEL_AUDITED,
    MODEL_RULED,
    MODEL_RULES,
    MODEL_UNSURE,
    MORE_REQUESTED,
    REQUEST_MET,
)
from evenhand.sim.lifecycle.decision import hand_to_desk, remember
from evenhand.sim.lifecycle.decision_rule import CaseFile, Terms, award, total, weigh
from evenhand.sim.lifecycle.review import announce
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import Transition, log_event, log_event_by, stage, wait
from evenhand.sim.policy.compile import BUYER, MERCHANT, PolicyRules
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.vocabulary import N_CAUSES


@stage
def reading_of(d: int, world: World, state: State) -> int:
    """The row in `World.readings` of the decision that is taken now."""
    return d * world.readings_each + state.disputes[d].reviews


@stage
def model_error(d: int, world: World, state: State) -> float:
    """What the model gets wrong: of all cases of this claim and group of buyers, and of this one."""
    case = world.cases[d]
    kind = world.buyers[case.buyer].group * N_CAUSES + case.claimed
    return (
        world.model_shared[kind] + world.model_spread[kind] * world.readings[reading_of(d, world, state)].own
    )


@stage
def model_rules(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """The model has read the file: it rules, or lets a person do it, or requests more.

    Exactly as sure as the policy asks is sure enough. An audited case is decided by a person who does not
    see what the model says; that stays on record.
    """
    mine = state.disputes[d]
    rules = policy.rules[mine.row]
    mine.model_calls += 1
    file = open_file(d, world, policy, state, False)
    terms = taken_in(weigh(file, mine.row, policy), world.habits.model_reading)
    error = rules.decision_noise_factor * model_error(d, world, state)
    gap = total(terms) + error - rules.decision_standard
    sure = rules.decision_model_sure_from
    if -sure < gap < sure:
        if rules.decision_model_requests and mine.model_asked < mine.reviews:
            return request_more(d, now, file, world, policy, state)
        log_event(d, now, MODEL_UNSURE, state)
        return hand_to_desk(d, now, world, policy, state)
    verdict = award(gap, world.cases[d].shown, mine.row, policy)
    mine.model_share = verdict.share
    if world.readings[reading_of(d, world, state)].audit_luck < rules.decision_model_audit_share:
        mine.audited = True
        log_event(d, now, MODEL_AUDITED, state)
        return hand_to_desk(d, now, world, policy, state)
    mine.decider = BY_MODEL
    remember(d, terms, error, policy, state)
    log_event(d, now, MODEL_RULED, state)
    return announce(d, now, verdict, world, policy, state)


@stage
def taken_in(terms: Terms, share: float) -> Terms:
    """The terms of a belief by who takes in so much of the evidence."""
    buyer, merchant, platform = share * terms.buyer, share * terms.merchant, share * terms.platform
    return Terms(terms.prior, terms.history, buyer, merchant, terms.silence, platform)


@stage
def request_more(
    d: int, now: float, file: CaseFile, world: World, policy: PolicyRules, state: State
) -> Transition:
    """Ask the side whose evidence weighs less, the buyer where it weighs the same; a late answer is none."""
    mine = state.disputes[d]
    buyer = file.buyer_weight if file.buyer_weight > 0.0 else -file.buyer_weight
    merchant = file.merchant_weight if file.merchant_weight > 0.0 else -file.merchant_weight
    mine.requested = BUYER if buyer <= merchant else MERCHANT
    mine.model_asked = mine.reviews
    log_event_by(d, now, MORE_REQUESTED, long(mine.requested), state)
    reading = world.readings[reading_of(d, world, state)]
    until = policy.rules[mine.row].decision_model_request_hours
    if reading.answer_luck < world.habits.model_answers and reading.answer_delay <= until:
        return wait(MODEL_ANSWERED, reading.answer_delay)
    return wait(MODEL_RULES, until)


@stage
def request_met(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """What was requested is on file, and the model reads it again."""
    mine = state.disputes[d]
    mine.new_evidence += world.readings[reading_of(d, world, state)].answer_weight
    log_event_by(d, now, REQUEST_MET, long(mine.requested), state)
    return model_rules(d, now, world, policy, state)
