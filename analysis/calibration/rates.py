"""How often each cause must arise in the model so that as many disputes reach the log as in the real one."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.calibration.patch import Patch
from evenhand.sim.sampling.population import draw_people
from evenhand.sim.sampling.streams import Luck
from evenhand.sim.scenario.claim_supply import occasions
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.vocabulary import CAUSES, GROUNDLESS_CAUSES, N_VALID, REMORSE, VALID_CAUSES

Floats = NDArray[np.float64]


class Rates(NamedTuple):
    """Disputes a day by what they claim, and what the base makes of its rates.

    Arrays of shape (8,) by claim, `yields` (11,) by cause: disputes for each candidate of the file.
    """

    per_day: Floats
    yields: Floats
    groundless_mix: Floats
    """Shares of remorse, opportunistic and malicious claims among those without a grievance."""
    groundless: float
    """Share of claims without a grievance in the base."""
    orders: float

    def patch(self, groundless: float, correction: Floats | None = None) -> Patch:
        """Rates of all causes, with a share of groundless claims among them.

        A groundless claim pretends to be each cause as often as the log has it, since nobody can tell
        them apart; `correction` multiplies the rates by claim.
        """
        claims = self.per_day * (1.0 if correction is None else correction)
        changed: Patch = {}
        thousand = 1000.0 / self.orders
        for i, cause in enumerate(VALID_CAUSES):
            rate = thousand * (1 - groundless) * claims[i] / self.yields[i]
            changed["causes", cause, "per_thousand_orders"] = float(rate)
        for k, kind in enumerate(GROUNDLESS_CAUSES):
            rate = thousand * groundless * claims.sum() * self.groundless_mix[k] / self.yields[N_VALID + k]
            changed["causes", kind, "per_thousand_orders"] = float(rate)
            weights = {name: float(claims[i]) for i, name in enumerate(VALID_CAUSES) if claims[i] > 0}
            changed["causes", kind, "claimed_as"] = weights
        return changed


def rates_of(base: Scenario, per_day: float, mix: Floats | None) -> Rates:
    """Rates for so many disputes a day; without a mix of causes the base's own."""
    people = draw_people(base, Luck(0, 0))
    file = np.array([base.causes.per_thousand(cause) / 1000 for cause in CAUSES])
    more = occasions(base)[people.merchants["group"]]  # than claims, where claims are a choice
    claimed = people.cause_rate / more[:, np.minimum(np.maximum(np.arange(len(CAUSES)) - N_VALID + 1, 0), 3)]
    candidates = people.merchant_share @ claimed
    unit = np.array([1.0 if rate == 0 else 0.0 for rate in file])
    yields = np.where(file > 0, candidates / np.where(file > 0, file, 1), unit)
    ceiling = 1.0 if base.behaviour.claims.enabled else base.behaviour.habit.ceiling
    yields[REMORSE + 1 :] *= _dishonest(base) / ceiling
    yields = np.where(yields > 0, yields, 1.0)
    disputes = file * yields
    if mix is None:
        claims = _claims(base, disputes)
        mix = claims / claims.sum()
    wrong = disputes[N_VALID:]
    share = float(wrong.sum() / disputes.sum()) if disputes.sum() else 0.0
    kinds = wrong / wrong.sum() if wrong.sum() else np.array([1.0, 0.0, 0.0])
    return Rates(per_day * mix, yields, kinds, share, base.market.orders_per_day)


def _dishonest(base: Scenario) -> float:
    """Chance that a buyer takes the occasion, over buyers as often as they order."""
    groups: list[Any] = list(base.buyers.groups.values())
    weight = np.array([g.share * g.activity for g in groups])
    return float(weight @ np.array([1 - g.honesty for g in groups]) / weight.sum())


def _claims(base: Scenario, disputes: Floats) -> Floats:
    """What the base's disputes claim."""
    claims = disputes[:N_VALID].copy()
    for k, cause in enumerate(GROUNDLESS_CAUSES):
        as_what = base.causes.groundless(cause).claimed_as
        weights = np.array([as_what.get(name, 0.0) for name in VALID_CAUSES])
        claims += disputes[N_VALID + k] * weights / weights.sum()
    return np.asarray(claims)
