"""Monitoring: filings for each order of a merchant, period by period, and what a period above means."""

from __future__ import annotations

from evenhand.sim.jit.compile import long
from evenhand.sim.lifecycle.codes import MERCHANT_MONITORED, MERCHANT_SUSPENDED
from evenhand.sim.lifecycle.sales import market_time, sell
from evenhand.sim.lifecycle.state import State
from evenhand.sim.lifecycle.transitions import log_event, log_event_by, period_at, stage
from evenhand.sim.policy.compile import PolicyRules
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.settings import UNLIMITED


@stage
def watch_rate(d: int, now: float, world: World, policy: PolicyRules, state: State) -> None:
    """Count a filing against its merchant, and charge it where the merchant is monitored.

    A period is judged at the merchant's first filing after it; one without filings is never above.
    """
    case, mine = world.cases[d], state.disputes[d]
    rules = policy.rules[mine.row]
    if rules.monitoring_rate >= UNLIMITED:
        return
    seller = state.merchants[case.merchant]
    period = period_at(now, rules.monitoring_period)
    if seller.watch_period != period:
        close_period(d, now, period, world, policy, state)
    seller.watch_filings += 1
    if seller.monitored:
        mine.merchant_fees += rules.monitoring_fee
        mine.monitored = True


@stage
def close_period(d: int, now: float, period: int, world: World, policy: PolicyRules, state: State) -> None:
    """Judge the last period that had a filing, if there was one, and begin to count anew.

    Orders are expected ones: the market's time in that period, at the merchant's mean sales since its first
    filing there.
    """
    case = world.cases[d]
    rules = policy.rules[state.disputes[d].row]
    seller = state.merchants[case.merchant]
    sell(case.merchant, now, world, state)
    passed = market_time(now, world) - market_time(seller.watch_since, world)
    pace = (seller.sold - seller.watch_sold) / passed if passed > 0.0 else seller.sales
    begins = seller.watch_period * rules.monitoring_period
    days = market_time(begins + rules.monitoring_period, world) - market_time(begins, world)
    orders = pace * days * world.merchants[case.merchant].sales * world.habits.orders_per_day
    some = seller.watch_filings > 0 and seller.watch_filings >= rules.monitoring_minimum
    above = some and seller.watch_filings >= rules.monitoring_rate * orders
    seller.monitored = above and seller.watch_period + 1 == period
    seller.watch_period, seller.watch_filings = period, 0
    seller.watch_since, seller.watch_sold = now, seller.sold
    if not above:
        return
    seller.times_above += 1
    seller.points += rules.monitoring_points
    log_event_by(d, now, MERCHANT_MONITORED, long(case.merchant), state)
    if rules.monitoring_suspended_for > 0.0 and seller.active:
        seller.suspended_until = now + rules.monitoring_suspended_for
        log_event(d, now, MERCHANT_SUSPENDED, state)
