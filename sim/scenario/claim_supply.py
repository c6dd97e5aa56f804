"""How many occasions to claim there are, where rates are declared for the claims that are made.

Declared rates are what is seen under reference rules. So candidates are more, by the highest response over
the mean response there, and are thinned by what each claim is worth when it comes to it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, TypeVar
from weakref import ReferenceType, ref

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, expit, logit, ndtri

from evenhand.sim.scenario.claims import ClaimKind, Claims
from evenhand.sim.scenario.distributions import Amount, Harm
from evenhand.sim.scenario.vocabulary import GROUNDLESS_CAUSES, VALID_CAUSES

if TYPE_CHECKING:
    from evenhand.sim.scenario.scenario import Scenario

Floats = NDArray[np.float64]
Found = TypeVar("Found")
POINTS = 2048
_STEPS = (0.7548776662466927, 0.5698402909980532)
"""Of Roberts' R2 sequence: two numbers that fill the square evenly."""
_MORE = (0.41421356237309515, 0.7320508075688772, 0.23606797749978969)
"""Fractional parts of the roots of 2, 3 and 5, for the other dimensions."""


def once_a_scenario(function: Callable[[Scenario], Found]) -> Callable[[Scenario], Found]:
    """Work something out once for each scenario, which is frozen: quadrature takes long."""
    known: dict[int, tuple[ReferenceType[Scenario], Found]] = {}

    @wraps(function)
    def look_up(scenario: Scenario) -> Found:
        found = known.get(id(scenario))
        if found is not None and found[0]() is scenario:
            return found[1]
        key, made = id(scenario), function(scenario)
        known[key] = ref(scenario, lambda _: known.pop(key, None)), made
        return made

    return look_up


@lru_cache(maxsize=1)
def _points() -> Floats:
    """Evenly spread points of the unit cube of five dimensions; shape (5, POINTS)."""
    return np.asarray((0.5 + np.outer([*_STEPS, *_MORE], np.arange(1, POINTS + 1))) % 1.0)


def _harm(law: Harm, u: Floats) -> Floats:
    """Quantiles of a harm."""
    within = np.minimum(u / (1.0 - law.total), 1.0) if law.total < 1 else np.ones_like(u)
    return np.asarray(np.where(u >= 1.0 - law.total, 1.0, betaincinv(law.a, law.b, within)))


def losses(scenario: Scenario, kind: int, u: Floats) -> Floats:
    """Losses of a kind of claim as shares of the amount, at these quantiles, all causes of it mixed."""
    causes = scenario.causes
    if kind > 0:
        dislike = causes.groundless(GROUNDLESS_CAUSES[kind - 1]).dislike
        return _harm(dislike, u) if dislike else np.zeros_like(u)
    grievances = [causes.grievance(name) for name in VALID_CAUSES]
    weights = np.array([one.per_thousand_orders for one in grievances])
    if weights.sum() <= 0:
        return np.ones_like(u)
    ends = np.cumsum(weights / weights.sum())
    which = np.minimum(np.searchsorted(ends, u, "right"), len(ends) - 1)
    within = (u - (ends - weights / weights.sum())[which]) / np.maximum(weights / weights.sum(), 1e-12)[which]
    found = np.ones_like(u)
    for k, one in enumerate(grievances):
        mine = which == k
        v = np.clip(within[mine], 0, 1)
        # What is in hand has a severity; the rest is lost as a whole.
        in_hand = v < one.goods_in_hand
        v = np.where(in_hand, v / max(one.goods_in_hand, 1e-12), 0.5)
        if one.severity:
            harm = _harm(one.severity, np.clip(v, 1e-9, 1 - 1e-9))
        else:
            partly = (v - one.full_share) / max(1 - one.full_share, 1e-12)
            harm = np.where(
                v < one.full_share, 1.0, one.partial_low + (one.partial_high - one.partial_low) * partly
            )
        found[mine] = np.where(in_hand, harm, 1.0)
    return found


def response(kind: ClaimKind, gain: Floats) -> Floats:
    """Share of those with the occasion who claim."""
    return np.asarray(kind.low + (kind.high - kind.low) * expit((gain - kind.middle) / kind.slope))


def gain_at_rest(
    claims: Claims, kind: ClaimKind, amount: Floats, effort: Amount, loss: Floats, knowledge: float
) -> Floats:
    """Expected net gain under the reference rules, where nothing is charged and nobody is barred."""
    _, trouble, told, back, _ = _points()
    own = expit(logit(kind.known) + claims.chance_spread * ndtri(told))
    chance = knowledge * own + (1.0 - knowledge) * kind.chance
    value = np.where(back < claims.returned, np.minimum(loss + kind.spare, 1.0), 1.0) + kind.bonus
    cost = kind.effort * effort.median * np.exp(effort.sigma * ndtri(trouble))
    return np.asarray(chance * value - cost / amount)


@once_a_scenario
def responses_at_rest(scenario: Scenario) -> Floats:
    """Mean response of each kind to the reference rules, by group of the merchant; shape (groups, kinds)."""
    claims, market = scenario.behaviour.claims, scenario.market
    groups, sellers = scenario.buyers.groups.values(), scenario.merchants.groups.values()
    points = _points()
    found = np.zeros((len(sellers), 4))
    for s, seller in enumerate(sellers):
        amount = seller.amount_factor * market.amount.median * np.exp(market.amount.sigma * ndtri(points[0]))
        for k, kind in enumerate(claims.kinds()):
            loss = losses(scenario, k, points[4])
            total = 0.0
            for group in groups:
                weight = group.share * group.activity * ((1.0 - group.honesty) if k > 1 else 1.0)
                gain = gain_at_rest(claims, kind, amount, group.effort, loss, group.knowledge)
                found[s, k] += weight * response(kind, gain).mean()
                total += weight
            found[s, k] = found[s, k] / total if total > 0 else kind.high
    return found


def valid_rate(scenario: Scenario) -> float:
    """Declared claims with a reason for one order."""
    return sum(scenario.causes.per_thousand(cause) for cause in VALID_CAUSES) / 1000


@once_a_scenario
def silent_at_rest(scenario: Scenario) -> float:
    """Grievances for one order, at rest, that nobody hears of, weighted by the loss."""
    made = float(responses_at_rest(scenario)[:, 0].mean())
    return valid_rate(scenario) * (1.0 - made) / made * float(losses(scenario, 0, _points()[4]).mean())


def let_down(scenario: Scenario) -> float:
    """Grievances for one order, at rest, that are not made or get nothing, weighted by what they hurt."""
    rate = valid_rate(scenario)
    if rate <= 0:
        return 0.0
    return silent_at_rest(scenario) + rate * (1.0 - scenario.behaviour.claims.valid.chance)


@once_a_scenario
def present_at_rest(scenario: Scenario) -> Floats:
    """Share of buyers who are not away, as orders see it, by group of buyers; shape (groups,).

    Who orders more is let down more often: over orders, a lognormal rate of spread s has e^(s^2) times the
    mean that it has over buyers.
    """
    claims, groups = scenario.behaviour.claims, scenario.buyers.groups.values()
    if not claims.enabled or claims.leaves <= 0:
        return np.ones(len(groups))
    activity = np.array([group.activity for group in groups])
    mean = float(activity @ np.array([group.share for group in groups]))
    month = scenario.market.orders_per_day * 30.4375 / scenario.buyers.count
    orders = month * activity / mean * np.exp(scenario.buyers.activity_spread**2)
    distrust = np.array([1.0 - group.trust for group in groups])
    hurt = claims.leaves_hurt * let_down(scenario) * distrust if claims.leaves_hurt > 0 else 0.0
    return np.asarray(claims.returns / (claims.returns + claims.leaves + orders * hurt))


def occasions(scenario: Scenario) -> Floats:
    """Candidates for each declared claim, by group of the merchant and kind; all 1 where claims are given.

    Formula: highest response / mean response at rest / share of orders of buyers present; shape
    (groups, kinds).
    """
    claims = scenario.behaviour.claims
    if not claims.enabled:
        return np.ones((len(scenario.merchants.groups), 4))
    highest = np.array([kind.high for kind in claims.kinds()])
    orders = np.array([group.share * group.activity for group in scenario.buyers.groups.values()])
    present = float(orders @ present_at_rest(scenario) / orders.sum())
    return np.asarray(highest / responses_at_rest(scenario) / present)
