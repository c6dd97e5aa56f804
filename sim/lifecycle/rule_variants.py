"""Rule variants: which row of the rules a dispute is under, by version, exceptions and review."""

from __future__ import annotations

from evenhand.sim.jit.compile import jit, long
from evenhand.sim.lifecycle.state import BuyerState, State
from evenhand.sim.policy.compile import PolicyRules
from evenhand.sim.sampling.world_rows import World


@jit
def has(chosen: int, number: int) -> bool:
    """Whether the choice of this number is in a bit mask; a number past its end is not."""
    return (chosen >> number) % 2 == 1


@jit
def row_of(policy: PolicyRules, version: int, exceptions: int, level: int) -> int:
    """The row of the rules; what a policy does not reach has the rules of the last review it does."""
    return ((version << policy.bits) + exceptions) * policy.levels + level


@jit
def recall(customer: BuyerState, now: float, window: float) -> None:
    """Forget a buyer's record at the end of each window; one of 0 hours never ends."""
    period = int(now / window) if window > 0.0 else 0
    if customer.record != period:
        customer.record = period
        customer.recent_filings = 0
        customer.recent_refunds = 0
        customer.recent_strikes = 0


@jit
def exceptions_for(d: int, now: float, version: int, world: World, policy: PolicyRules, state: State) -> int:
    """The exceptions whose conditions a case meets, as a bit mask."""
    case = world.cases[d]
    customer = state.buyers[case.buyer]
    recall(customer, now, policy.rules[row_of(policy, long(version), 0, 0)].record_window)
    rating = state.merchants[case.merchant].rating
    found = 0
    for bit in range(policy.bits):
        when = policy.conditions[version * policy.bits + bit]
        fits = (
            has(when.causes, case.claimed)
            and has(when.goods, case.goods)
            and not (when.goods_in_hand_yes and not case.in_hand)
            and not (when.goods_in_hand_no and case.in_hand)
            and when.amount_from <= case.amount < when.amount_below
            and case.inspection <= when.within
            and when.rating_from <= rating < when.rating_below
            and customer.recent_filings >= when.filings_from
            and customer.recent_refunds >= when.refunds_from * customer.recent_filings
            and customer.recent_strikes >= when.strikes_from
        )
        if fits:
            found += 1 << bit
    return found


@jit
def select_variant(d: int, now: float, version: int, world: World, policy: PolicyRules, state: State) -> None:
    """Select the rule variant of a dispute: a version of the policy, and the exceptions that fit it now."""
    mine = state.disputes[d]
    mine.version = version
    mine.exceptions = exceptions_for(d, now, version, world, policy, state)
    mine.row = row_of(policy, long(version), long(mine.exceptions), long(mine.reviews))
