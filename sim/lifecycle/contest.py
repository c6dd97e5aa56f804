"""Contest: a merchant answers a filing if an answer is expected to save more than it costs.

So a hopeless case goes by default, and a small one too, unless the merchant keeps a desk for disputes.
"""

from __future__ import annotations

from evenhand.sim.lifecycle.artefacts import (
    kinds_sent,
    lacks_what_is_asked,
    merchant_adds,
    merchant_hides,
)
from evenhand.sim.lifecycle.bargaining import borne, merchant_opinion
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import chance_of, stage, stake
from evenhand.sim.policy.compile import ADVERSE_INFERENCE, BUYER_WINS, CLOSE, PolicyRules
from evenhand.sim.sampling.world_rows import World


@stage
def loss_if_silent(d: int, opinion: float, world: World, policy: PolicyRules, state: State) -> float:
    """Chance that the merchant loses without an answer, given what it thinks of the buyer's case."""
    rules = policy.rules[state.disputes[d].row]
    if rules.answer_silence == BUYER_WINS:
        return 1.0
    if rules.answer_silence == CLOSE:
        return 0.0
    inference = rules.answer_inference if rules.answer_silence == ADVERSE_INFERENCE else rules.thin_inference
    return chance_of(world, opinion + inference, rules.decision_standard)


@stage
def saved_by_answer(d: int, world: World, policy: PolicyRules, state: State) -> float:
    """Money that an answer is expected to save: what the merchant would pay, points, less its fee."""
    case, mine, habits = world.cases[d], state.disputes[d], world.habits
    rules = policy.rules[mine.row]
    known = merchant_opinion(d, mine.row, case.contest_guess, world, policy) + habits.resolve
    adds = merchant_adds(d, mine.row, world, policy)
    buyers = known - adds
    own = rules.thin_inference if merchant_hides(d, mine.row, world, policy) else adds
    sends = kinds_sent(d, mine.row, world, policy)
    if lacks_what_is_asked(d, mine.row, sends, world, policy):
        own += rules.answer_non_cooperation
    silent = loss_if_silent(d, buyers, world, policy, state)
    lose = chance_of(world, buyers + own, rules.decision_standard)
    award = borne(d, mine.row, stake(d, mine.row, world, policy), world, policy, state) * case.amount
    award += rules.points_loss * habits.point_value
    fee = rules.answer_fee * lose if rules.screening_loser_pays else rules.answer_fee
    return (silent - lose) * award + rules.points_default * habits.point_value - fee


@stage
def contests(d: int, world: World, policy: PolicyRules, state: State) -> bool:
    """Whether the merchant answers; what it compared is kept for the record."""
    case, mine = world.cases[d], state.disputes[d]
    mine.answer_saves = saved_by_answer(d, world, policy, state)
    mine.answer_costs = case.answer_cost
    if not world.merchants[case.merchant].keeps_desk:
        mine.answer_costs += case.first_cost
    return mine.answer_saves > mine.answer_costs and case.stonewall_luck >= world.habits.accidents


@stage
def rather_concedes(
    d: int, lose: float, award: float, world: World, policy: PolicyRules, state: State
) -> bool:
    """Whether to give in costs no more than to answer: the award for sure, against the risk of it.

    Who gives in is spared the answer, its fee, and the points of a loss.
    """
    mine, rules = state.disputes[d], policy.rules[state.disputes[d].row]
    fee = rules.answer_fee * lose if rules.screening_loser_pays else rules.answer_fee
    penalty = rules.points_loss * world.habits.point_value
    return award <= lose * (award + penalty) + mine.answer_costs + fee
