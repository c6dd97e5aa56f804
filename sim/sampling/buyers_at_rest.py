"""The rest point of buyers: what they remember of own claims, and the trust that good orders bring.

Declared rates are those at rest, and so is declared trust. What a buyer remembers is the sum of a Poisson
process of claims whose weights fade: of mean n it has the variance n / 2, as a gamma of shape 2 n and
scale 1/2 has. Nothing is solved for.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evenhand.sim.sampling import streams
from evenhand.sim.sampling.gamma_quantiles import gamma_quantiles
from evenhand.sim.sampling.streams import Draw, Luck
from evenhand.sim.scenario.claim_supply import silent_at_rest
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.vocabulary import GROUNDLESS_CAUSES, VALID_CAUSES

Floats = NDArray[np.float64]


class BuyersAtRest(NamedTuple):
    """What is known of each buyer at rest, by the names of the fields of `Buyer`."""

    good_trust: Floats
    own_claims: Floats
    own_granted: Floats
    made_up: Floats
    made_up_granted: Floats


def buyers_at_rest(
    scenario: Scenario, orders: Floats, made_up: Floats, tempted: float, trust: Floats, luck: Luck
) -> BuyersAtRest:
    """Buyers as they are at rest, where claims are a choice; else without a past, and as trusting as ever.

    `orders` and `made_up` are the weights of buyers among orders and among claims that are made up; of these,
    the declared ones times `tempted` are made.
    """
    claims, n = scenario.behaviour.claims, len(orders)
    if not claims.enabled:
        return BuyersAtRest(trust, *np.zeros((4, n)))
    a_day = scenario.market.orders_per_day / 1000
    valid = a_day * sum(map(scenario.causes.per_thousand, VALID_CAUSES))
    remorse, *others = (a_day * scenario.causes.per_thousand(name) for name in GROUNDLESS_CAUSES)
    others = [tempted * one for one in others]
    of_orders, of_made_up = orders / orders.sum(), made_up / max(made_up.sum(), 1e-300)
    memory = claims.own_memory / 24
    own = _remembered(valid * memory * of_orders, streams.OWN_HISTORY, luck)
    mean = memory * np.array([remorse * of_orders, *(one * of_made_up for one in others)])
    groundless = _remembered(mean.sum(axis=0), streams.MADE_UP_HISTORY, luck)
    chances = np.array([kind.chance for kind in claims.kinds()])
    weights = mean / np.maximum(mean.sum(axis=0), 1e-300)
    return BuyersAtRest(
        good_trust=good_trust(scenario, trust),
        own_claims=own,
        own_granted=own * chances[0],
        made_up=groundless,
        made_up_granted=groundless * (chances[1:] @ weights),
    )


def _remembered(mean: Floats, draw: Draw, luck: Luck) -> Floats:
    """Faded sums of this mean."""
    return gamma_quantiles(2.0 * mean, luck.uniforms(draw, 0, len(mean))) / 2.0


def good_trust(scenario: Scenario, trust: Floats) -> Floats:
    """Trust towards which orders bring buyers, so that the declared trust is where they rest; at most 1.

    Formula: T + (worn x claims + silence_costs x loss x T) / good_order, both for one order; the loss is that
    of grievances that stay unheard.
    """
    claims = scenario.behaviour.claims
    if claims.good_order <= 0:
        return trust
    made = sum(map(scenario.causes.per_thousand, [*VALID_CAUSES, *GROUNDLESS_CAUSES])) / 1000
    lost = claims.worn * made + claims.silence_costs * silent_at_rest(scenario) * trust
    return np.asarray(np.clip(trust + lost / claims.good_order, 0.0, 1.0))
