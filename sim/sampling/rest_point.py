"""The rest point of merchants: what disputes cost them, and where they stand, at the declared rates.

Declared problem rates are where care rests under the rules that `merchants.groups.*.rest` was measured
under. The marginal cost of care is a power of the problem rate x, k / x^2; that the declared rate, x = 1,
is at rest there gives k: what a merchant believes that disputes cost it there. Nothing is solved for.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evenhand.sim.sampling import streams
from evenhand.sim.sampling.streams import Luck
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.vocabulary import N_VALID

Floats = NDArray[np.float64]
HOURS_A_MONTH = 730.0


class RestPoint(NamedTuple):
    """What is known of each merchant at rest, by the names of the fields of `Merchant`."""

    orders: Floats
    price: Floats
    rest_cost: Floats
    rest_marks: Floats
    rest_standing: Floats
    problems: Floats
    own_cost: Floats
    care_cost: Floats
    care_floor: Floats
    bad_faith: NDArray[np.bool_]
    keeps_desk: NDArray[np.bool_]
    exit_rate: Floats
    vacant_until: Floats


def mean_price(scenario: Scenario) -> float:
    """Mean money of an order of a merchant whose amounts are the market's."""
    market = scenario.market
    some = list(market.categories.values())
    if not some:
        return market.amount.mean()
    means = [(one.amount or market.amount).mean() * one.amount_factor for one in some]
    return float(np.average(means, weights=[one.share for one in some]))


def rest_point(
    scenario: Scenario, group: NDArray[Any], share: Floats, rates: Floats, luck: Luck
) -> RestPoint:
    """Merchants of these groups, shares of the orders and declared rates of causes, as they are at rest.

    `rates` are grievances and claims of each cause for one order; shape (merchants, causes). A merchant's
    cost and marks differ from its group's as its rates do: costs by problems and the share of groundless
    claims that it puts down to its care, marks by all of them.
    """
    groups, about = list(scenario.merchants.groups.values()), scenario.behaviour
    care, standing, n = about.care, about.standing, len(group)

    def trait(values: list[float]) -> Floats:
        return np.asarray(np.array(values, float)[group])

    problems, groundless = rates[:, :N_VALID].sum(axis=1), rates[:, N_VALID:].sum(axis=1)
    rest = [(one.rest.cost, one.rest.marks) if one.rest else (0.0, 0.0) for one in groups]
    costly = problems + care.misattributed * groundless
    cost = trait([one for one, _ in rest]) / 1000 * _relative(costly, group, share)
    marks = trait([one for _, one in rest]) / 1000 * _relative(problems + groundless, group, share)
    orders = scenario.market.orders_per_day * share
    price = mean_price(scenario) * trait([one.amount_factor for one in groups])
    own = care.own_cost * price * problems
    stands = _standings(marks, orders * standing.memory / 24, standing.peers_weight, share)
    dear = _shrunk(cost, orders * care.memory / 24, care.peers_weight, share) + own
    if standing.enabled:
        dear += standing.elasticity * standing.margin * care.reputation_weight * price * stands
    bad = np.array([one.bad_faith for one in groups])[group]
    yearly = orders * 365 * marks
    desk = yearly**2 / (yearly**2 + about.contest.desk_cases**2)
    leaving = trait([one.exit_per_month for one in groups]) / HOURS_A_MONTH * np.where(bad, 2.0, 1.0)
    return RestPoint(
        orders=orders,
        price=price,
        rest_cost=cost,
        rest_marks=marks,
        rest_standing=stands if standing.enabled else np.ones(n),
        problems=problems,
        own_cost=own,
        care_cost=dear,
        care_floor=trait([care.floor if one.care_floor is None else one.care_floor for one in groups]),
        bad_faith=bad,
        keeps_desk=luck.uniforms(streams.KEEPS_DESK, 0, n) < desk,
        exit_rate=leaving,
        vacant_until=_vacant(scenario, leaving, luck),
    )


def _relative(rate: Floats, group: NDArray[Any], share: Floats) -> Floats:
    """Rates relative to the mean of the merchant's group, in which orders count."""
    top, bottom = np.bincount(group, rate * share), np.bincount(group, share)
    mean = np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0)[group]
    return np.asarray(np.divide(rate, mean, out=np.ones_like(rate), where=mean > 0))


def _shrunk(rate: Floats, orders: Floats, weight: float, share: Floats) -> Floats:
    """Rates as they look beside so many orders at the market's mean."""
    return np.asarray((rate * orders + weight * (rate @ share)) / (orders + weight))


def _standings(marks: Floats, orders: Floats, weight: float, share: Floats) -> Floats:
    """Standings at rest; the mean of the market counts what merchants sell, which at rest is their share."""
    mean = marks @ share
    return _shrunk(marks, orders, weight, share) / mean if mean > 0 else np.ones(len(marks))


def _vacant(scenario: Scenario, leaving: Floats, luck: Luck) -> Floats:
    """Hours for which shops are empty at the start, as many as are at rest; 0 = open."""
    turnover, n = scenario.behaviour.turnover, len(leaving)
    if not turnover.enabled:
        return np.zeros(n)
    chance = leaving * turnover.newcomer_after / (1 + leaving * turnover.newcomer_after)
    waits = -np.log(luck.uniforms(streams.SUCCESSION, 0, n)) * turnover.newcomer_after
    return np.where(luck.uniforms(streams.VACANT, 0, n) < chance, waits, 0.0)
