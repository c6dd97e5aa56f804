"""How many possible grievances a scenario draws at most, and how many a replication may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.locale.current import gettext
from evenhand.sim.scenario.claim_supply import occasions
from evenhand.sim.scenario.vocabulary import GROUNDLESS_CAUSES, VALID_CAUSES

if TYPE_CHECKING:
    from evenhand.sim.scenario.scenario import Scenario

MOST_CANDIDATES = 1_000_000_000
"""They are numbered in 32 bits, and so many take hours."""


def market_days(scenario: Scenario, days: int) -> float:
    """Ordinary days that have at least as many orders as the days of a run with their festivals."""
    whole = float(days)
    for festival in scenario.market.festivals:
        first, last = ((day - scenario.start).days for day in (festival.first, festival.last))
        whole += max(min(last, days - 1) - max(first, 0) + 1, 0) * max(festival.factor - 1, 0.0)
    return whole


def most_candidates(scenario: Scenario, days: int) -> float:
    """Possible grievances of one replication, counted as if every merchant were of the worst group."""
    causes, behaviour = scenario.causes, scenario.behaviour
    groups = scenario.merchants.groups.values()
    worst = max(
        one.problem_rate * max(one.description_errors, 1.0) * max([*one.causes.values(), 1.0])
        for one in groups
    )
    worst *= behaviour.care.ceiling if behaviour.care.enabled else 1.0
    each: list[float] = occasions(scenario).max(axis=0).tolist()
    an_order = each[0] * worst * sum(causes.per_thousand(cause) for cause in VALID_CAUSES) / 1000
    ceiling = 1.0 if behaviour.claims.enabled else behaviour.habit.ceiling
    for cause, more in zip(GROUNDLESS_CAUSES, each[1:], strict=True):
        an_order += ceiling * more * causes.per_thousand(cause) / 1000
    a_day = scenario.market.orders_per_day * behaviour.ranking.highest * an_order
    return a_day * market_days(scenario, days)


def too_many(scenario: Scenario, days: int) -> str | None:
    """What is wrong where a replication of so many days would draw more than it may; None = all well."""
    drawn = most_candidates(scenario, days)
    if drawn <= MOST_CANDIDATES:
        return None
    return gettext(
        "up to {drawn:,.0f} possible grievances in {days:,} days; at most {most_candidates:,} are allowed"
    ).format(drawn=drawn, days=days, most_candidates=MOST_CANDIDATES)
