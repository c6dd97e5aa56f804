"""The case file: what the parties have brought before those who decide, and nothing else."""

from __future__ import annotations

from evenhand.sim.jit.compile import long
from evenhand.sim.lifecycle.artefacts import (
    look_at_records,
    weight_from_buyer,
    weight_from_merchant,
    weight_of_kinds,
)
from evenhand.sim.lifecycle.cure import shown_in_cure
from evenhand.sim.lifecycle.decision_rule import CaseFile
from evenhand.sim.lifecycle.forgery_checks import check_for_forgery
from evenhand.sim.lifecycle.rule_variants import has
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import stage
from evenhand.sim.policy.compile import MERCHANT, PolicyRules
from evenhand.sim.sampling.world_rows import World


@stage
def open_file(d: int, world: World, policy: PolicyRules, state: State, check: bool) -> CaseFile:
    """Put the file together; `check` looks for forgeries first."""
    case, mine = world.cases[d], state.disputes[d]
    if check:
        check_for_forgery(d, world, policy, state)
    customer = state.buyers[case.buyer]
    rules, seen, tone = policy.rules[mine.row], 0.0, 0.0
    if world.artefacts_each > 0:
        tone = -world.habits.emotional_cost if case.hostile else 0.0
        look_at_records(d, world, policy, state)
        seen = weight_of_kinds(d, long(mine.platform_saw), world)
    return CaseFile(
        case.claimed,
        case.amount,
        case.shown,
        mine.buyer_showed,
        weight_from_buyer(d, world, state) + shown_in_cure(d, world, state),
        mine.buyer_found_out,
        customer.filings,
        customer.wins,
        customer.strikes,
        mine.answered,
        mine.silence == MERCHANT,
        mine.merchant_showed,
        weight_from_merchant(d, world, state),
        mine.merchant_found_out,
        state.merchants[case.merchant].rating,
        mine.new_evidence,
        mine.reviews,
        mine.upheld,
        seen,
        tone,
        has(rules.packaging_causes, case.claimed) and not case.packaging,
        mine.uncooperative,
    )
