"""What ends a case while it waits with the platform: agreement, withdrawal, or late performance.

Three hazards compete. Their sum spends an exponential that is drawn for each wait; a drawn uniform says
which of them it was. What they depend on is what talks depend on: what each side can expect.
"""

from __future__ import annotations

from typing import NamedTuple

from evenhand.sim.jit.compile import long
from evenhand.sim.lifecycle.bargaining import merchant_opinion
from evenhand.sim.lifecycle.closing import end
from evenhand.sim.lifecycle.codes import (
    AGREED_ON_NOTICE,
    AGREED_WHILE_WAITING,
    LOST_INTEREST,
    NO_REASON,
    PERFORMED,
    PERFORMED_EVENT,
    WITHDRAWN,
    WITHDREW,
)
from evenhand.sim.lifecycle.enforcement import agree
from evenhand.sim.lifecycle.reservations import Picture, award_costs
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.talks import Bid, struck
from evenhand.sim.lifecycle.transitions import Transition, chance_of, log_event, stage, stake
from evenhand.sim.policy.compile import PolicyRules
from evenhand.sim.sampling.proceedings import WAITS
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.talks import ROUNDS_APART
from evenhand.sim.scenario.vocabulary import (
    LATE_DISPATCH,
    LOST_OR_DAMAGED,
    NOTHING,
    PROMISE_BROKEN,
    REPAIR,
    RETURN,
    RETURN_REFUSED,
)

FOR_SCREENING, FOR_ANSWER, FOR_DESK = range(WAITS)
"""Numbers of the waits; that after meeting k is WAITS + k."""
_DAY = 24.0


class Hazards(NamedTuple):
    """For a day of waiting."""

    settle: float
    withdraw: float
    perform: float


@stage
def between(low: float, x: float, high: float) -> float:
    """The number, or the bound that it has passed."""
    if x < low:
        return low
    return x if x < high else high


@stage
def as_noticed(d: int, world: World) -> float:
    """What a filing tells the merchant of the buyer's case, in nats towards the buyer."""
    return world.cases[d].contest_guess + world.habits.resolve


@stage
def chance_to_lose(d: int, world: World, policy: PolicyRules, state: State) -> float:
    """Chance of a ruling against it, as the merchant sees it after the filing."""
    row = state.disputes[d].row
    opinion = merchant_opinion(d, row, as_noticed(d, world), world, policy)
    return chance_of(world, opinion, policy.rules[row].decision_standard)


@stage
def late_remedy(d: int, world: World) -> int:
    """How a merchant can still perform what it is asked for; NOTHING where it is too late for that."""
    case = world.cases[d]
    if case.claimed == RETURN_REFUSED:
        return RETURN if case.in_hand else NOTHING
    if case.claimed == PROMISE_BROKEN:
        return REPAIR
    if case.claimed == LATE_DISPATCH or case.claimed == LOST_OR_DAMAGED:
        return NOTHING if case.in_hand else REPAIR
    return NOTHING


@stage
def gain_of_agreement(
    d: int, lose: float, seen: Picture, hope: float, world: World, policy: PolicyRules, state: State
) -> float:
    """What both together gain by an agreement: what going on costs the merchant, less the buyer's hope."""
    case, habits, row = world.cases[d], world.habits, long(state.disputes[d].row)
    costs = award_costs(stake(d, row, world, policy), seen.salvage, d, row, world, policy, state)
    costs += policy.rules[row].points_loss * habits.point_value
    left = 0.5 * world.merchants[case.merchant].ill_will * seen.harm * case.amount
    return lose * costs + case.answer_cost + left - hope


@stage
def hazards_of(d: int, made: Bid, world: World, policy: PolicyRules, state: State) -> Hazards:
    """The three hazards, where talks would come to this; nobody settles where the buyer would not take it."""
    case, habits, row = world.cases[d], world.habits, long(state.disputes[d].row)
    lose = chance_to_lose(d, world, policy, state)
    settle = perform = withdraw = 0.0
    if made.taken:
        gain = gain_of_agreement(d, lose, made.seen, made.hope, world, policy, state)
        settle = habits.waiting_settle * between(0.0, 0.5 + gain / (habits.gain_scale * case.amount), 1.0)
        if case.hostile:
            settle *= habits.waiting_hostile
    if not policy.rules[row].funding_provisional:
        tired = between(0.2, 1.5 - made.hope / (1.5 * case.effort), 1.5)
        withdraw = habits.waiting_withdraw * tired
    if late_remedy(d, world) != NOTHING:
        near = (lose - habits.perform_from) / (habits.perform_full - habits.perform_from)
        perform = habits.waiting_perform * between(0.0, near, 1.0)
    return Hazards(settle, withdraw, perform)


@stage
def agreeable(d: int, world: World, policy: PolicyRules, state: State) -> Bid:
    """What talks would come to now, after their last round."""
    return struck(d, ROUNDS_APART, as_noticed(d, world), 1.0, world, policy, state)


@stage
def wait_at_most(d: int, number: int, hours: float, world: World, policy: PolicyRules, state: State) -> float:
    """So many hours, or fewer if the parties end this wait before; `parting` is the reason why, or NO_REASON.

    An exponential for each wait is as good as one that is spent over all of them, since it has no memory.
    """
    mine = state.disputes[d]
    mine.parting = NO_REASON
    if not world.habits.waiting_enabled:
        return hours
    made = agreeable(d, world, policy, state)
    rates = hazards_of(d, made, world, policy, state)
    mine.settle_rate, mine.withdraw_rate, mine.perform_rate = rates.settle, rates.withdraw, rates.perform
    total = rates.settle + rates.withdraw + rates.perform
    if total <= 0.0:
        return hours
    pause = world.pauses[d * world.pauses_each + number]
    after = _DAY * pause.lasts / total
    mine.parts_after = after
    if after >= hours:
        return hours
    luck = pause.how_luck * total
    if luck < rates.settle:
        mine.parting = AGREED_WHILE_WAITING
        mine.parts_remedy, mine.parts_back = made.offer.remedy, made.offer.back
    elif luck < rates.settle + rates.withdraw:
        mine.parting = LOST_INTEREST
    else:
        mine.parting = PERFORMED
        mine.parts_remedy, mine.parts_back = late_remedy(d, world), 0.0
    return after


@stage
def parted(d: int, now: float, world: World, policy: PolicyRules, state: State) -> Transition:
    """The parties end the case by themselves, as it was to be when the wait began."""
    mine = state.disputes[d]
    reason = long(mine.parting)
    if reason == LOST_INTEREST:
        mine.reason = LOST_INTEREST
        log_event(d, now, WITHDREW, state)
        return end(d, now, WITHDRAWN, world, policy, state)
    if reason == PERFORMED:
        log_event(d, now, PERFORMED_EVENT, state)
    return agree(d, now, long(mine.parts_remedy), mine.parts_back, reason, world, policy, state)


@stage
def agree_on_notice(d: int, made: Bid, state: State) -> None:
    """Keep what the sides will agree upon instead of the procedure, until they do."""
    mine = state.disputes[d]
    mine.parting = AGREED_ON_NOTICE
    mine.parts_remedy, mine.parts_back = made.offer.remedy, made.offer.back
