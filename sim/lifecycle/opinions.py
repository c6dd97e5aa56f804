"""What losers make of a ruling: their opinion moves towards it, and a review is a choice by what it brings.

An opinion moves by trust times the reasons given (Shaw, Wild and Colquitt 2003), and who has got much is
asked to be the surer of his case for more (Esaiasson et al. 2019 weigh outcome over procedure).
"""

from __future__ import annotations

from evenhand.sim.lifecycle.bargaining import borne, buyer_opinion, merchant_opinion, right_to_return
from evenhand.sim.lifecycle.remedies import believed_salvage
from evenhand.sim.lifecycle.reservations import award_costs, awarded, worth_by_right
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import chance_of, next_level_of, stage, stake
from evenhand.sim.policy.compile import PolicyRules
from evenhand.sim.sampling.world_rows import World


@stage
def buyers_view(d: int, row: int, world: World, policy: PolicyRules, state: State) -> float:
    """Where the buyer thinks the case stands now, in nats above the standard of proof."""
    case, mine = world.cases[d], state.disputes[d]
    view = buyer_opinion(d, row, world, policy) - policy.rules[row].decision_standard
    if mine.merchant_showed:  # he has read what the merchant sent
        view += case.merchant_weight
    return view + mine.new_evidence + mine.buyer_persuaded


@stage
def merchants_view(d: int, row: int, world: World, policy: PolicyRules, state: State) -> float:
    """Where the merchant thinks it stands now, in nats towards the buyer above the standard of proof."""
    mine = state.disputes[d]
    view = merchant_opinion(d, row, 0.0, world, policy) - policy.rules[row].decision_standard
    return view + mine.new_evidence + mine.merchant_persuaded


@stage
def conviction(row: int, world: World, policy: PolicyRules) -> float:
    """How far the reasons that these rules ask for move one who trusts without limit."""
    reasons = policy.rules[row].decision_reasons
    if reasons == 0:
        return world.habits.reasons_none
    return world.habits.reasons_short if reasons == 1 else world.habits.reasons_full


@stage
def hear_ruling(d: int, world: World, policy: PolicyRules, state: State) -> None:
    """Either side hears the ruling; the opinion of one against whom it goes moves towards it."""
    case, mine, habits = world.cases[d], state.disputes[d], world.habits
    whole = stake(d, mine.row, world, policy)
    part = mine.share / whole if whole > 0.0 else 1.0
    said = habits.opinions_ruling * (2.0 * part - 1.0)
    moves = conviction(mine.row, world, policy)
    mine.buyer_opinion = buyers_view(d, mine.row, world, policy, state)
    if said < mine.buyer_opinion:
        trust = state.buyers[case.buyer].trust
        mine.buyer_persuaded += moves * trust * (said - mine.buyer_opinion)
    mine.merchant_opinion = merchants_view(d, mine.row, world, policy, state)
    if said > mine.merchant_opinion:
        mine.merchant_persuaded += moves * habits.merchant_trust * (said - mine.merchant_opinion)


@stage
def worth_of(share: float, d: int, row: int, world: World, policy: PolicyRules) -> float:
    """What a ruling for this share is worth to the buyer, as money; at least his right of return."""
    case = world.cases[d]
    if world.habits.talks_enabled:
        by_right = worth_by_right(d, row, case.loss, world, policy)
        worth = awarded(share, case.loss, d, row, world, policy)
    else:
        by_right = right_to_return(d, row, world, policy) * case.amount
        worth = share * case.amount
    return worth if worth > by_right else by_right


@stage
def at_risk(fee: float, win: float, row: int, policy: PolicyRules) -> float:
    """What the fee of a request costs a side that wins the review with this chance."""
    rules = policy.rules[row]
    return fee * (1.0 - win) if rules.review_loser_pays or rules.review_match_share > 0.0 else fee


@stage
def buyer_appeals(
    d: int, row: int, new: float, fee: float, world: World, policy: PolicyRules, state: State
) -> bool:
    """Whether it pays for the buyer to ask for a review; what he compared is kept for the record."""
    case, mine, habits = world.cases[d], state.disputes[d], world.habits
    rules, level = policy.rules[row], world.levels[next_level_of(d, world, state)]
    view = buyers_view(d, row, world, policy, state) + new
    whole = stake(d, row, world, policy)
    has = worth_of(mine.share, d, row, world, policy)
    wins = chance_of(world, view, rules.review_deference)
    loses = chance_of(world, -view, rules.review_deference)
    gain = state.buyers[case.buyer].trust * wins * (worth_of(whole, d, row, world, policy) - has)
    gain -= loses * (has - worth_of(0.0, d, row, world, policy))
    mine.buyer_review_gain = gain
    mine.buyer_review_cost = case.effort * level.buyer_effort + at_risk(fee, wins, row, policy)
    sure = view > habits.opinions_favour * mine.share / whole
    return sure and gain > mine.buyer_review_cost


@stage
def burden_of(share: float, d: int, row: int, world: World, policy: PolicyRules, state: State) -> float:
    """What the merchant bears of a ruling for this share, as money, points included."""
    case = world.cases[d]
    if world.habits.talks_enabled:
        salvage = believed_salvage(d, case.shown_severity, world)
        money = award_costs(share, salvage, d, row, world, policy, state)
    else:
        money = borne(d, row, share, world, policy, state) * case.amount
    return money + (policy.rules[row].points_loss * world.habits.point_value if share > 0.0 else 0.0)


@stage
def merchant_appeals(
    d: int, row: int, new: float, fee: float, world: World, policy: PolicyRules, state: State
) -> bool:
    """The same for the merchant, who does not weigh its chances by trust."""
    mine, habits = state.disputes[d], world.habits
    rules, level = policy.rules[row], world.levels[next_level_of(d, world, state)]
    view = merchants_view(d, row, world, policy, state) + new
    whole = stake(d, row, world, policy)
    bears = burden_of(mine.share - mine.spared, d, row, world, policy, state)
    wins = chance_of(world, -view, rules.review_deference)
    loses = chance_of(world, view, rules.review_deference)
    gain = wins * bears - loses * (burden_of(whole, d, row, world, policy, state) - bears)
    mine.merchant_review_gain = gain
    mine.merchant_review_cost = level.merchant_effort + at_risk(fee, wins, row, policy)
    part = (mine.share - mine.spared) / whole if whole > 0.0 else 1.0
    sure = -view > habits.opinions_favour * (1.0 - part)
    return sure and gain > mine.merchant_review_cost
