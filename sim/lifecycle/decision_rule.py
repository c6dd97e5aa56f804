"""How deciders decide: what they see, what they believe, and what they award.

Everything here takes a `CaseFile`, which has no field for the truth: no decider can see the fate.
"""

from __future__ import annotations

from typing import NamedTuple

from evenhand.sim.jit.compile import jit
from evenhand.sim.lifecycle.state import JURY_CASES, State
from evenhand.sim.policy.compile import ADVERSE_INFERENCE, PolicyRules, Rules
from evenhand.sim.sampling.evidence import chance
from evenhand.sim.sampling.habits import Habits
from evenhand.sim.sampling.world_rows import Vote, World
from evenhand.sim.scenario.vocabulary import N_CAUSES


class CaseFile(NamedTuple):
    """What an arbiter may see. Weights are nats towards the buyer, 0 where nothing was shown."""

    claimed: int
    """What is alleged: a position in `vocabulary.CAUSES`."""
    amount: float
    """The price at stake, in the scenario's currency."""
    shown_extent: float
    """The share of the amount that the claim deserves as far as the file shows it, 0 to 1."""
    buyer_showed: bool
    """The buyer handed in evidence."""
    buyer_weight: float
    """Of the buyer's evidence, in nats towards the buyer."""
    buyer_forgery_found: bool
    """A check found the buyer's evidence forged."""
    buyer_filings: int
    """Cases that the buyer filed before."""
    buyer_wins: int
    """How many of them the buyer won."""
    buyer_strikes: int
    """Sanctions against the buyer so far."""
    merchant_answered: bool
    """The merchant answered the filing."""
    merchant_silent: bool
    """The merchant let the window for its answer close."""
    merchant_showed: bool
    """The merchant handed in evidence."""
    merchant_weight: float
    """Of the merchant's evidence, in nats towards the buyer: below 0 where it speaks for the merchant."""
    merchant_forgery_found: bool
    """A check found the merchant's evidence forged."""
    merchant_rating: float
    """The merchant's standing with buyers, 0 to 1."""
    new_evidence: float
    """Of what a review brought, in nats towards the buyer; 0 before a review."""
    reviews: int
    """Rulings on this case so far; 0 at the first."""
    upheld_before: bool
    """The ruling under review was for the buyer."""
    platform_weight: float
    """Of the platform's own records about the case."""
    tone: float
    """What the tone of the filing makes of sympathy."""
    packaging_missing: bool
    """The claim needs the packaging, and the buyer has lost it."""
    merchant_uncooperative: bool
    """It answered without all that it was asked for."""


class Terms(NamedTuple):
    """The parts of a belief before noise, in nats towards the buyer."""

    prior: float
    history: float
    buyer: float
    merchant: float
    silence: float
    platform: float


@jit
def total(terms: Terms) -> float:
    """The belief before noise."""
    return terms.prior + terms.history + terms.buyer + terms.merchant + terms.silence + terms.platform


class Award(NamedTuple):
    """What a ruling says."""

    upheld: bool
    share: float


@jit
def weigh(file: CaseFile, row: int, policy: PolicyRules) -> Terms:
    """Add up the file under the policy: burden, records, evidence of both sides, silence.

    A side's record runs from about -1 to 1: the buyer's is (won - strikes) / (filings + 4), the merchant's
    twice its rating less one; the 4 keeps one case from making a record.
    """
    rules = policy.rules[row]
    prior = policy.prior[row * N_CAUSES + file.claimed]
    if file.reviews > 0:
        prior += rules.review_deference if file.upheld_before else -rules.review_deference
    record = (file.buyer_wins - file.buyer_strikes) / (file.buyer_filings + 4.0)
    history = rules.history_buyer * record - rules.history_merchant * (2.0 * file.merchant_rating - 1.0)
    buyer = file.buyer_weight + file.new_evidence
    if file.buyer_forgery_found:
        buyer = file.new_evidence - rules.checks_inference
    elif not file.buyer_showed:
        buyer -= rules.thin_inference
    buyer += file.tone
    if file.packaging_missing:
        buyer -= rules.packaging_inference
    adverse = (
        file.merchant_silent and rules.answer_silence == ADVERSE_INFERENCE
    )  # counts once, not as thin evidence too
    merchant = file.merchant_weight
    if file.merchant_forgery_found:
        merchant = rules.checks_inference
    elif not file.merchant_showed and not adverse and (file.merchant_answered or file.merchant_silent):
        merchant += rules.thin_inference
    silence = rules.answer_inference if adverse else 0.0
    if file.merchant_uncooperative:
        silence += rules.answer_non_cooperation
    return Terms(prior, history, buyer, merchant, silence, file.platform_weight)


@jit
def arbiter_noise(
    world: World, state: State, arbiter: int, claimed: int, occasion: float, desk: int
) -> float:
    """Noise of an arbiter: level, pattern by cause, and occasion (Kahneman, Sibony & Sunstein 2021).

    Occasion noise grows with the queue and shrinks with the cases that this arbiter has decided.
    """
    habits = world.habits
    load = state.desks[desk].waiting / state.desks[desk].staff
    decided: int = state.arbiter_cases[arbiter]
    half = habits.cases_to_learn / (habits.cases_to_learn + decided)
    scale = (1.0 + habits.load_effect * load) * (1.0 + (habits.novice_factor - 1.0) * half)
    pattern = world.arbiter_pattern[arbiter * N_CAUSES + claimed]
    return world.arbiter_level[arbiter] + pattern + occasion * scale


@jit
def award(gap: float, extent: float, row: int, policy: PolicyRules) -> Award:
    """The refund share for a belief so far above the standard of proof; exactly on it is not above."""
    rules = policy.rules[row]
    whole = extent if rules.remedy_proportional else 1.0
    if -rules.decision_band <= gap <= rules.decision_band and rules.decision_band > 0.0:
        share = whole * rules.decision_partial_share
        return Award(share > 0.0, share)
    if gap > 0.0:
        return Award(True, whole)
    return Award(False, 0.0)


@jit
def votes_for_buyer(vote: Vote, gap: float, learnt: float, habits: Habits) -> bool:
    """A juror's vote: the file as the panel sees it, an own impression, a lean to the own side.

    The lean halves with every so many cases judged (Kwan, Yang & Zhang 2024 find such a decline).
    """
    lean = habits.lean * habits.lean_half / (habits.lean_half + vote.experience + learnt)
    return gap + vote.impression + lean * vote.own_side > 0.0


@jit
def learnt_by_jurors(world: World, state: State, size: int, rules: Rules) -> float:
    """Cases that the average juror who may sit has judged since the run began, exercises included."""
    cases: int = state.counters[JURY_CASES]
    return cases * size / (world.habits.jurors_pool * rules.panel_eligible) + rules.panel_training


@jit
def pulled(gap: float, rules: Rules, world: World) -> float:
    """What jurors see in the file, and the pull of the verdict that it lets them expect.

    The pull grows with the money that a vote against the verdict costs, and with how likely the file
    makes that verdict: from minus to plus the whole (a Schelling point; cf. Kleros).
    """
    money = rules.panel_stake * rules.panel_slashed + rules.panel_fee
    if money <= 0.0:
        return gap
    return gap + world.habits.stake_pull * money * (2.0 * chance(world, gap) - 1.0)
