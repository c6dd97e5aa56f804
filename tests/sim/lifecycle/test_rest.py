"""Sign 13: under constant rules a market of people who respond is at rest, from the start and for years."""

from __future__ import annotations

import numpy as np
import pytest

from evenhand import scenarios
from evenhand.analysis import rest
from evenhand.sim.runs.runner import simulate
from evenhand.sim.sampling.buyers_at_rest import good_trust
from evenhand.sim.sampling.population import draw_buyers
from evenhand.sim.sampling.streams import Luck
from evenhand.sim.scenario.vocabulary import VALID_CAUSES
from tests.support.claimants import market
from tests.support.signs.effect import hold
from tests.support.signs.market import people, rest_of_a_market


@pytest.mark.process
def test_two_years_under_constant_rules_have_no_trend_in_the_last_half() -> None:
    """A tenth of the market; what moves must be no more than noise, all series taken together."""
    hold(rest_of_a_market())


@pytest.mark.slow
def test_ten_years_under_constant_rules_have_no_trend_in_the_last_half() -> None:
    """The whole market, for long enough that a slow ratchet would show."""
    how = {"days": 10 * 365, "seed": 13, "replications": 5, "events": False}
    scenario = people(orders_per_day=3000.0, buyers=20_000, merchants=320)
    found = rest(simulate(scenario, scenarios.policy("tmall"), engine="numba", **how))  # type: ignore[arg-type]
    assert found.sentence == ""


def test_buyers_begin_with_the_past_that_their_rates_give_them() -> None:
    """Means are rate times memory, shares granted what claims get; the spread is that of a fading sum."""
    scenario = market({"buyers": {"count": 4000, "activity_spread": 0.0}})
    buyers, _ = draw_buyers(scenario, Luck(3, 0))
    claims, rows = scenario.behaviour.claims, np.asarray(buyers)
    a_day = scenario.market.orders_per_day * sum(map(scenario.causes.per_thousand, VALID_CAUSES)) / 1000
    mean = a_day * claims.own_memory / 24 / len(rows)
    assert rows["own_claims"].mean() == pytest.approx(mean, rel=0.1)
    assert rows["own_claims"].var() == pytest.approx(mean / 2, rel=0.25)
    assert rows["own_granted"] == pytest.approx(claims.valid.chance * rows["own_claims"])
    few = np.sort(rows["made_up"])[::-1]
    assert few[: len(few) // 100].sum() > 0.1 * few.sum(), "serial claimers have most of the past, too"


def test_without_claims_as_a_choice_nobody_has_a_past() -> None:
    """The luck of the past is drawn for nobody who would not use it."""
    buyers, _ = draw_buyers(market({"behaviour": {"claims": {"enabled": False}}}), Luck(3, 0))
    rows = np.asarray(buyers)
    assert not rows["own_claims"].any()
    assert rows["good_trust"].tolist() == rows["trust"].tolist()


def test_good_orders_bring_trust_to_where_claims_wear_it_down_to_what_was_declared() -> None:
    """The more a claim wears trust, the higher what good orders lead to; and never above 1."""
    trust = np.array([0.5, 0.8])
    at = [good_trust(market({"behaviour": {"claims": {"worn": worn}}}), trust) for worn in (0.0, 0.02, 0.9)]
    assert (trust < at[0]).all()
    assert (at[0] < at[1]).all()
    assert at[2].tolist() == [1.0, 1.0]
