"""Orders and candidates: when they come, how many there are, and what they are measured against."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from evenhand.sim.runs.orders import count_orders, poisson_quantile
from evenhand.sim.sampling import streams
from evenhand.sim.sampling.arrivals import Arrivals, _in_order, arrivals_of, day_weights, market_time
from evenhand.sim.sampling.population import draw_people
from evenhand.sim.sampling.streams import Luck
from evenhand.sim.sampling.world import Extent, draw_world
from evenhand.sim.scenario.vocabulary import CAUSES, N_VALID
from tests.support import small
from tests.support.runs import compiled, differing_columns, where

EXTENT = Extent(rounds=2, meetings=0, levels=2, seats=(3, 3))


def test_arrivals_are_a_poisson_process_in_the_markets_time() -> None:
    """Exponential gaps at the dominating rate, whatever the weights of days and hours."""
    scenario = small.scenario({"market": {"hours": [0.0] * 8 + [1.0] * 12 + [3.0] * 4}})
    luck = Luck(33, 0)
    engine = market_time(scenario, luck, 60)
    rates = np.array([120.0, 0.0, 50.0, 30.0])
    times, positions = map(np.concatenate, zip(*arrivals_of(engine, rates, luck, 4096), strict=True))
    counts = np.bincount(positions >> 32, minlength=4)
    assert (np.abs(counts - rates * engine[-1]) <= 4 * np.sqrt(rates * engine[-1])).all()
    gaps = np.diff(np.interp(times, np.arange(len(engine)), engine) * 200.0)
    assert stats.kstest(gaps, "expon").pvalue > 0.001
    assert (np.diff(times) >= 0).all()
    assert len(times) == pytest.approx(200 * engine[-1], abs=4 * np.sqrt(200 * engine[-1]))
    assert (times % 24 >= 8).all(), "no orders in hours without weight"


def of_merchant(coming: Arrivals, merchant: int) -> tuple[list[float], list[int]]:
    """Hours and places of one merchant's candidates."""
    mine = coming.positions >> 32 == merchant
    return coming.hours[mine].tolist(), (coming.positions[mine] & 0xFFFFFFFF).tolist()


@pytest.mark.parametrize("most", [64, 4096, 10**6])
def test_the_size_of_a_block_moves_no_candidate(most: int) -> None:
    """It is a matter of memory, never of results."""
    engine, rates = market_time(small.scenario(), Luck(3, 0), 40), np.array([5.0, 0.3, 40.0])
    whole, cut = (
        Arrivals(*map(np.concatenate, zip(*arrivals_of(engine, rates, Luck(3, 0), size), strict=True)))
        for size in (10**9, most)
    )
    assert whole.hours.tobytes() == cut.hours.tobytes()
    assert whole.positions.tobytes() == cut.positions.tobytes()


def test_the_rate_of_one_merchant_leaves_the_candidates_of_the_others_where_they_were() -> None:
    """So a changed size or problem rate of one shop is a change of that shop alone."""
    engine = market_time(small.scenario(), Luck(3, 0), 40)
    before, after = (
        Arrivals(*map(np.concatenate, zip(*arrivals_of(engine, np.array(r), Luck(3, 0), 512), strict=True)))
        for r in ([5.0, 7.0, 40.0], [5.0, 2.0, 40.0])
    )
    for merchant in (0, 2):
        assert of_merchant(before, merchant) == of_merchant(after, merchant)
    assert len(of_merchant(after, 1)[0]) < len(of_merchant(before, 1)[0])
    assert of_merchant(after, 1)[1] == list(range(len(of_merchant(after, 1)[0])))


def test_the_problem_rate_of_one_group_leaves_the_disputes_of_the_others_as_they_were() -> None:
    """Whole records, not only times, where no desk is short of staff and nobody has a record or learns."""
    apart: dict[str, Any] = {
        "behaviour": {"open_loop": True},
        "desks": {name: {"staff": 500} for name in ("screening", "decision", "review")},
        "arbiters": {"load_effect": 0, "novice_factor": 1},
    }
    group = next(iter(small.scenario().merchants.groups))
    changed = apart | {"merchants": {"groups": {group: {"problem_rate": 0.4}}}}
    policy = small.policy({"decision": {"history": {"buyer": 0, "merchant": 0}}})
    runs = [compiled(small.scenario(patch), policy, seed=5, days=60) for patch in (apart, changed)]
    one, other = (where(run.disputes, run.disputes["merchant_group"] != 0) for run in runs)
    assert 50 < len(one["dispute"]) == len(other["dispute"])
    assert differing_columns(one, other) == ["dispute"]
    n, m = (int((run.disputes["merchant_group"] == 0).sum()) for run in runs)
    assert m < n


def test_weekdays_hours_and_festivals_show_in_the_orders() -> None:
    """Ratios of days are those of their weights; only ratios count."""
    sale = {"name": "sale", "first": "2025-09-09", "last": "2025-09-10", "factor": 4}
    market = {"weekdays": {"sat": 0.5, "sun": 2}, "burst_shape": None, "festivals": [sale]}
    weights = day_weights(small.scenario({"market": market}), Luck(1, 0), 14)
    monday = weights[0]
    assert monday == pytest.approx(7 / 7.5)
    np.testing.assert_allclose(weights[:7] / monday, [1, 1, 1, 1, 1, 0.5, 2])
    np.testing.assert_allclose(weights[7:] / monday, [1, 4, 4, 1, 1, 0.5, 2])


def test_bursts_are_common_days_with_mean_one() -> None:
    """The factor is gamma with mean 1: days differ, the average does not."""
    plain = small.scenario({"market": {"weekdays": {"sat": 1, "sun": 1}}})
    factor = day_weights(plain, Luck(3, 0), 4000)
    assert stats.kstest(factor, stats.gamma(8, scale=1 / 8).cdf).pvalue > 0.001


def test_orders_are_poisson_counts_of_what_was_sold() -> None:
    """The denominators: one uniform a merchant, by the inverse distribution function."""
    scenario = small.scenario()
    world: Any = draw_world(scenario, EXTENT, Luck(4, 0), 30)
    sold = np.linspace(0, 40, 60)
    counts = count_orders(scenario, world, sold, Luck(4, 0))
    u = Luck(4, 0).uniforms(streams.ORDERS, 0, 60)
    expected = stats.poisson.ppf(u, 300 * world.merchants["sales"] * sold)
    assert counts.tolist() == expected.astype(int).tolist()


def test_counts_are_found_from_far_away_as_well() -> None:
    """Where luck is extreme or next to nothing is expected, the normal guess is off by many."""
    mean = np.concatenate([[0.0, 0.0, 1e-9, 1e-9], np.geomspace(1e-3, 1e5, 400)])
    for u in (1e-300, 1e-12, 0.3, 0.999999, 1 - 1e-12):
        found = poisson_quantile(np.full(len(mean), u), mean)
        assert found.tolist() == stats.poisson.ppf(u, mean).tolist(), u


def test_orders_follow_the_sales_that_each_merchant_had_at_each_time() -> None:
    """The denominators of a run with ranking: sales times market time, added up from close to close."""
    stay = {"exit": {"merchant_rating": 0}, "ranking": {"slope": 3, "lowest": 0.3}}
    scenario = small.scenario({"behaviour": stay})
    run = compiled(scenario, small.policy({"sanctions": {"points_limit": None}}), seed=4)
    engine = market_time(scenario, Luck(4, 0), run.days)
    d, m = run.disputes, run.merchants
    closes = np.argsort(d["closed_at"])
    closes = closes[~np.isnan(d["closed_at"][closes])]
    sold = np.empty(60)
    for merchant in range(60):
        mine = closes[d["merchant"][closes] == merchant]
        rating = d["rating_after"][mine] - m["start_rating"][merchant]
        sales = np.concatenate([[1.0], np.clip(1 + 3 * rating, 0.3, 1.5)])
        at = np.concatenate([[0.0], d["closed_at"][mine], [run.horizon]])
        sold[merchant] = sales @ np.diff(np.interp(at, np.arange(len(engine)), engine))
    world: Any = draw_world(scenario, EXTENT, Luck(4, 0), run.days)
    u = Luck(4, 0).uniforms(streams.ORDERS, 0, 60)
    expected = stats.poisson.ppf(u, 300 * world.merchants["sales"] * sold)
    assert m["orders"].tolist() == expected.astype(int).tolist()
    assert np.ptp(sold) > 5, "the ranking did move sales"


def test_disputes_an_order_are_what_the_scenario_says() -> None:
    """With nobody reacting, thinning leaves each merchant its own rate of grievances."""
    scenario = small.scenario({"behaviour": {"open_loop": True}, "market": {"burst_shape": None}})
    run = compiled(scenario, small.policy(), seed=3, replications=20)
    orders = run.merchants["orders"].sum()
    per_order = sum(scenario.causes.per_thousand(c) for c in CAUSES[:N_VALID]) / 1000
    people = [draw_people(scenario, Luck(3, k)) for k in range(20)]
    expected = np.mean([p.merchant_share @ p.cause_rate[:, :N_VALID].sum(axis=1) for p in people])
    assert expected == pytest.approx(per_order, rel=0.1), "the spread between merchants leaves the mean"
    # Candidates are thinned to the same rate, seen or not by the horizon: a tenth of them is noticed later.
    valid = run.disputes["valid"].sum()
    assert 0.85 * expected < valid / orders < 1.02 * expected


def test_candidates_are_put_in_order_as_a_stable_sort_would() -> None:
    """Times that lie evenly, unevenly or on top of each other, equal ones by merchant."""
    random = np.random.default_rng(8)
    for times in (
        random.random(500) * 9.0,
        random.random(500) ** 6 * 9.0,
        np.round(random.random(500) * 9.0),
        np.full(7, 4.5),
        np.array([0.0, 8.999]),
    ):
        order = np.argsort(times, kind="stable")
        rising, who = np.empty(len(times)), np.empty(len(times), np.int64)
        ends = np.empty(len(times) + 1, np.int64)
        _in_order(times, np.arange(len(times)), 0.0, 9.0, ends, rising, who)
        np.testing.assert_array_equal(rising, times[order])
        np.testing.assert_array_equal(who, order)
