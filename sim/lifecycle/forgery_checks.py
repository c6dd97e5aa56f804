"""Checks for forged evidence: what they find, what they take for a forgery, and who asks for one."""

from __future__ import annotations

from evenhand.sim.jit.compile import long
from evenhand.sim.lifecycle.artefacts import weight_of_kinds
from evenhand.sim.lifecycle.bargaining import buyer_opinion, merchant_opinion
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import chance_of, level_of, stage, stake
from evenhand.sim.policy.compile import BUYER, MERCHANT, NOBODY, PolicyRules
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.vocabulary import BUYER_FORGES, MERCHANT_FORGES, N_KINDS


@stage
def of_buyer(d: int, world: World, state: State) -> int:
    """What the buyer has sent that could be forged, or is, as kinds."""
    case = world.cases[d]
    kinds = state.disputes[d].buyer_sent & BUYER_FORGES
    return kinds | 1 << case.buyer_forged_kind if case.buyer_forges else kinds


@stage
def of_merchant(d: int, world: World, state: State) -> int:
    """What the merchant has sent that could be forged, or is, as kinds."""
    mine = state.disputes[d]
    kinds = mine.merchant_sent & MERCHANT_FORGES
    return kinds | 1 << world.cases[d].merchant_forged_kind if mine.merchant_forged else kinds


@stage
def raises_alarm(d: int, kinds: int, world: World, policy: PolicyRules, state: State) -> bool:
    """Whether a detector takes something genuine of these kinds for a forgery."""
    if world.artefacts_each == 0:
        return False
    for kind in range(N_KINDS):
        if kinds >> kind & 1:
            luck = world.artefacts[d * world.artefacts_each + kind].alarm_luck
            if luck < policy.kinds[state.disputes[d].row * N_KINDS + kind].false_alarms:
                return True
    return False


@stage
def check_for_forgery(d: int, world: World, policy: PolicyRules, state: State) -> None:
    """Look for forged evidence of either side; what is found stays on the file, rightly or not."""
    case, mine = world.cases[d], state.disputes[d]
    level, first = world.levels[level_of(d, world, state)], mine.row * N_KINDS
    genuine_of_buyer, genuine_of_merchant = of_buyer(d, world, state), of_merchant(d, world, state)
    if case.buyer_forges:
        genuine_of_buyer &= ~(1 << case.buyer_forged_kind)
        detector = policy.kinds[first + case.buyer_forged_kind]
        if level.detect_buyer_luck < (detector.machine_made if case.machine_made else detector.detection):
            mine.buyer_found_out = True
    if mine.merchant_forged:
        genuine_of_merchant &= ~(1 << case.merchant_forged_kind)
        detector = policy.kinds[first + case.merchant_forged_kind]
        if level.detect_merchant_luck < detector.detection:
            mine.merchant_found_out = True
    if raises_alarm(d, genuine_of_buyer, world, policy, state):
        mine.buyer_found_out = True
    if raises_alarm(d, genuine_of_merchant, world, policy, state):
        mine.merchant_found_out = True


@stage
def pay_for_check(d: int, world: World, policy: PolicyRules, state: State) -> None:
    """Count a check, and what its detectors cost."""
    mine = state.disputes[d]
    mine.checks += 1
    kinds = of_buyer(d, world, state) | of_merchant(d, world, state)
    for kind in range(N_KINDS):
        if kinds >> kind & 1:
            mine.check_costs += policy.kinds[mine.row * N_KINDS + kind].cost


@stage
def is_checked(d: int, world: World, policy: PolicyRules, state: State) -> bool:
    """Whether this decision looks for forged evidence: by chance, or because a side has asked."""
    mine = state.disputes[d]
    level = world.levels[level_of(d, world, state)]
    asked = mine.check_asked != NOBODY and mine.reviews == 0
    return level.check_luck < policy.rules[mine.row].checks_share or asked


@stage
def best_detection(row: int, kinds: int, policy: PolicyRules) -> float:
    """Chance of the best detector for any of these kinds."""
    best = 0.0
    for kind in range(N_KINDS):
        if kinds >> kind & 1 and policy.kinds[row * N_KINDS + kind].detection > best:
            best = policy.kinds[row * N_KINDS + kind].detection
    return best


@stage
def worth_asking(
    d: int, opinion: float, weight: float, kinds: int, world: World, policy: PolicyRules, state: State
) -> bool:
    """Whether a side that would stand better without this weight gains by a check of it.

    `opinion` and `weight` are towards the other side, in nats. The less the rest of what it knows speaks
    for the other side, the likelier it holds the weight to be forged.
    """
    mine = state.disputes[d]
    rules = policy.rules[mine.row]
    if weight <= 0.0:
        return False
    forged = chance_of(world, weight - opinion, 0.0)
    gain = chance_of(world, opinion, 0.0) - chance_of(world, opinion - weight, 0.0)
    gain *= forged * best_detection(long(mine.row), kinds, policy)
    return gain * stake(d, mine.row, world, policy) * world.cases[d].amount > rules.checks_request_fee


@stage
def request_check(d: int, world: World, policy: PolicyRules, state: State) -> None:
    """A side asks for a check of what the other has sent, if that is worth its fee; the merchant is first.

    A side compares what could be forged with all else that it knows.
    """
    case, mine = world.cases[d], state.disputes[d]
    rules = policy.rules[mine.row]
    if not rules.checks_on_request or world.artefacts_each == 0 or mine.check_asked != NOBODY:
        return
    forgery = world.habits.forgery_shift
    weight = weight_of_kinds(d, mine.buyer_sent & BUYER_FORGES, world)
    weight += forgery if case.buyer_forges else 0.0
    opinion = merchant_opinion(d, mine.row, 0.0, world, policy) - rules.decision_standard
    if mine.answered and worth_asking(d, opinion, weight, of_buyer(d, world, state), world, policy, state):
        mine.check_asked = MERCHANT
        mine.merchant_fees += rules.checks_request_fee
        return
    weight = -weight_of_kinds(d, mine.merchant_sent & ~mine.buyer_sent & MERCHANT_FORGES, world)
    weight += forgery if mine.merchant_forged else 0.0
    opinion = weight - buyer_opinion(d, mine.row, world, policy) + rules.decision_standard
    if worth_asking(d, opinion, weight, of_merchant(d, world, state), world, policy, state):
        mine.check_asked = BUYER
        mine.buyer_fees += rules.checks_request_fee
