"""The case file: what the parties have brought before those who decide, and nothing else."""

from __future__ import annotations

from evenhand.sim.lifecycle.bargaining import merchant_hides, shown_by_buyer
from evenhand.sim.lifecycle.cure import shown_in_cure
from evenhand.sim.lifecycle.decision_rule import CaseFile
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import level_of, stage
from evenhand.sim.policy.compile import MERCHANT, PolicyRules
from evenhand.sim.sampling.world_rows import World


@stage
def check_for_forgery(d: int, world: World, policy: PolicyRules, state: State) -> None:
    """Look for forged evidence of either side; what is found stays on the file."""
    case, mine = world.cases[d], state.disputes[d]
    detection = policy.rules[mine.row].checks_detection
    level = world.levels[level_of(d, world, state)]
    if case.buyer_forges and level.detect_buyer_luck < detection:
        mine.buyer_found_out = True
    if mine.merchant_forged and level.detect_merchant_luck < detection:
        mine.merchant_found_out = True


@stage
def open_file(d: int, world: World, policy: PolicyRules, state: State, check: bool) -> CaseFile:
    """Put the file together; `check` looks for forgeries first."""
    case, mine = world.cases[d], state.disputes[d]
    if check:
        check_for_forgery(d, world, policy, state)
    customer = state.buyers[case.buyer]
    buyer_weight = shown_by_buyer(d, world) if mine.buyer_showed else 0.0
    if mine.supplemented:
        buyer_weight += case.supplement_weight
    if mine.cured:
        buyer_weight += shown_in_cure(d, world, state)
    merchant_weight = 0.0
    if mine.merchant_showed:
        merchant_weight = 0.0 if merchant_hides(d, world) else case.merchant_weight
        if mine.merchant_forged:
            merchant_weight -= world.habits.forgery_shift
    return CaseFile(
        case.claimed,
        case.amount,
        case.shown,
        mine.buyer_showed,
        buyer_weight,
        mine.buyer_found_out,
        customer.filings,
        customer.wins,
        customer.strikes,
        mine.answered,
        mine.silence == MERCHANT,
        mine.merchant_showed,
        merchant_weight,
        mine.merchant_found_out,
        state.merchants[case.merchant].rating,
        mine.new_evidence,
        mine.reviews,
        mine.upheld,
    )
