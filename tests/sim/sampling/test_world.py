"""The world as the scenario says: laws, shares, calendars, and one person more changes nobody else."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pydantic import TypeAdapter
from scipy import stats

from evenhand.sim.sampling import streams
from evenhand.sim.sampling.evidence import chance, logistic_table
from evenhand.sim.sampling.inverse_cdf import quantiles
from evenhand.sim.sampling.population import draw_people
from evenhand.sim.sampling.streams import Luck
from evenhand.sim.sampling.world import Extent, candidate_rates, draw_world
from evenhand.sim.sampling.world_rows import World
from evenhand.sim.scenario.distributions import Amount, Law
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.vocabulary import CAUSES, FAULTS, N_VALID, REMORSE
from tests.support import court, patch, small
from tests.support.runs import changed_disputes, outcome, with_cases

EXTENT = Extent(rounds=2, meetings=0, levels=2, seats=(3, 3))
U = np.asarray([1e-9, 1e-4, *np.linspace(0.01, 0.99, 99), 1 - 1e-4, 1 - 1e-9], np.float64)
LAWS: dict[str, tuple[dict[str, Any], Any]] = {
    "lognormal": ({"median": "20 h", "sigma": 0.8}, stats.lognorm(0.8, scale=20)),
    "weibull": ({"shape": 1.5, "scale": "40 h"}, stats.weibull_min(1.5, scale=40)),
    "exponential": ({"mean": "1 d"}, stats.expon(scale=24)),
    "gamma": ({"shape": 2, "mean": "3 h"}, stats.gamma(2, scale=1.5)),
}


@pytest.mark.parametrize("name", LAWS)
def test_a_laws_quantiles_and_mean_are_those_of_scipy(name: str) -> None:
    """One uniform, one value, by the inverse distribution function."""
    given, theirs = LAWS[name]
    law: Law = TypeAdapter(Law).validate_python({"law": name, **given})
    np.testing.assert_allclose(quantiles(law, U), theirs.ppf(U), rtol=1e-9)
    assert law.mean() == pytest.approx(theirs.mean())


def test_constant_empirical_and_amounts_are_as_given() -> None:
    """An empirical law is the straight line through its quantiles; its mean that of the pieces."""
    law: Law = TypeAdapter(Law).validate_python(
        {"law": "empirical", "shares": [0, 0.5, 1], "values": ["0 h", "10 h", "100 h"]}
    )
    np.testing.assert_allclose(quantiles(law, np.array([0.0, 0.25, 0.5, 0.75, 1.0])), [0, 5, 10, 55, 100])
    even: NDArray[np.float64] = np.linspace(0, 1, 100_001)
    assert law.mean() == pytest.approx(quantiles(law, even).mean(), rel=1e-4)
    constant: Law = TypeAdapter(Law).validate_python({"law": "constant", "value": 7})
    assert set(quantiles(constant, U).tolist()) == {7.0} == {constant.mean()}
    np.testing.assert_allclose(
        quantiles(Amount(median=120, sigma=0.9), U), stats.lognorm(0.9, scale=120).ppf(U), rtol=1e-9
    )


def test_a_laws_values_move_smoothly_with_its_parameters() -> None:
    """A changed parameter moves every value a little and reshuffles none."""
    u = Luck(1, 0).uniforms(streams.REPLY, 0, 500)
    for name, (given, _) in LAWS.items():
        key = next(key for key in ("median", "scale", "mean") if key in given)
        laws = [TypeAdapter(Law).validate_python({"law": name, **given, key: at}) for at in (10.0, 10.1)]
        one, other = (quantiles(law, u) for law in laws)
        np.testing.assert_allclose(other / one, 1.01)


def test_one_more_complaint_changes_nobody_elses_luck_or_life() -> None:
    """The world test: let one candidate happen that did not, and without coupling nobody else notices."""
    changes = {"behaviour": {"open_loop": True}, "arbiters": {"load_effect": 0, "novice_factor": 1}}
    staff = {"desks": {name: {"staff": 10_000} for name in ("screening", "decision", "review")}}
    scenario = small.scenario({**changes, **staff})
    policy = small.policy({"decision": {"history": {"buyer": 0, "merchant": 0}}})
    world = draw_world(scenario, Extent.of(policy), Luck(5, 0), 40)
    before: Any = outcome(world, scenario, policy, 40)
    cases: Any = world.cases
    for d in np.flatnonzero(~before.disputes["exists"])[[3, 40, 160]]:
        happens = cases["happens"].copy()
        happens[d] = 0.0
        after: Any = outcome(with_cases(world, happens=happens), scenario, policy, 40)
        # Notes of how often a party was here before move on; nothing else does.
        assert changed_disputes(before, after, ("request", "rating_after")).tolist() == [d]


@pytest.fixture(scope="module")
def big() -> tuple[Scenario, World]:
    """The small market with many orders: enough to see shares."""
    scenario = small.scenario({"market": {"orders_per_day": 4000}, "buyers": {"count": 20_000}})
    return scenario, draw_world(scenario, EXTENT, Luck(31, 0), 60)


def assert_shares(found: NDArray[Any], expected: NDArray[Any]) -> None:
    """Every share within 4 binomial standard errors."""
    n = found.sum()
    error = np.sqrt(expected * (1 - expected) / n)
    assert (np.abs(found / n - expected) <= 4 * error + 1e-12).all(), (found / n, expected)


def test_buyers_have_the_shares_and_the_activity_of_their_groups(big: tuple[Scenario, World]) -> None:
    """A group three times as active orders, and complains, three times as often."""
    scenario, world = big
    buyers: Any = world.buyers
    cases: Any = world.cases
    groups = list(scenario.buyers.groups.values())
    share = np.array([g.share for g in groups])
    assert_shares(np.bincount(buyers["group"]), share)
    orders = np.bincount(buyers["group"]) * np.array([g.activity for g in groups])
    assert_shares(np.bincount(buyers["group"][cases["buyer"]]), orders / orders.sum())


def test_merchants_sizes_follow_zipf_and_groups_their_rank(big: tuple[Scenario, World]) -> None:
    """The merchant of rank r sells like r to the power of minus the exponent; the largest are flagships."""
    scenario, world = big
    merchants: Any = world.merchants
    size = np.arange(1, 61) ** -0.8
    np.testing.assert_allclose(merchants["sales"], size / size.sum())
    assert merchants["group"].tolist() == [0] * 12 + [1] * 48
    cases: Any = world.cases
    people = draw_people(scenario, Luck(31, 0))
    expected = people.merchant_share * people.cause_rate.sum(axis=1)
    assert_shares(np.bincount(cases["merchant"], minlength=60), expected / expected.sum())


def test_causes_faults_and_truth_are_near_the_scenario(big: tuple[Scenario, World]) -> None:
    """What is drawn is what was declared: rates of causes, who is at fault, what is deserved."""
    scenario, world = big
    cases: Any = world.cases
    people = draw_people(scenario, Luck(31, 0))
    rates = people.merchant_share @ people.cause_rate
    assert_shares(np.bincount(cases["cause"], minlength=len(CAUSES)), rates / rates.sum())
    valid = cases["valid"]
    assert np.array_equal(valid, cases["cause"] < N_VALID)
    fault = scenario.causes.quality_defect.fault
    shares = np.array([getattr(fault, name) for name in FAULTS])
    assert_shares(np.bincount(cases["fault"][valid], minlength=4), shares)
    assert (cases["fault"][~valid] == FAULTS.index("buyer")).all()
    assert (cases["deserved"][~valid] == 0).all()
    whole = np.array([(cases["deserved"][valid] == 1).sum(), (cases["deserved"][valid] < 1).sum()])
    assert_shares(whole, np.array([0.6, 0.4]))
    part = cases["deserved"][valid & (cases["deserved"] < 1)]
    assert stats.kstest(part, stats.uniform(0.3, 0.5).cdf).pvalue > 0.001
    remorse = cases["claimed"][cases["cause"] == CAUSES.index("remorse")]
    assert_shares(np.bincount(remorse, minlength=2), np.array([1 / 3, 2 / 3]))


def test_evidence_is_held_as_often_as_skill_promptness_and_kind_say() -> None:
    """Chance held = base x skill x promptness, and only kinds that say something of the claim count."""
    delay = {"law": "constant", "value": "100 h"}
    groups = {name: {"promptness": delay} for name in ("new", "regular", "power")}
    scenario = patch.scenario({"market": {"orders_per_day": 3000}, "buyers": {"groups": groups}})
    cases: Any = draw_world(scenario, EXTENT, Luck(32, 0), 30).cases
    people = draw_people(scenario, Luck(32, 0))
    power = people.buyers["group"][cases["buyer"]] == 2
    for mine, skill in ((power, 1.3), (~power, 1.0)):
        photo = (
            cases["buyer_kinds"][mine] & 1
        ) > 0  # an inspection after `late_inspection_half` is worth half
        assert_shares(np.array([photo.sum(), (~photo).sum()]), np.array([0.4 * skill, 1 - 0.4 * skill]))
    both = (cases["buyer_kinds"] == 0b101) & ~cases["hostile"]
    np.testing.assert_allclose(cases["buyer_strength"][both], 0.5 * np.hypot(1.2, 0.6))
    np.testing.assert_allclose(
        cases["buyer_strength"][(cases["buyer_kinds"] == 0b101) & cases["hostile"]], 0.3 * np.hypot(1.2, 0.6)
    )
    assert (cases["merchant_kinds"] & 0b000011 == 0).all(), "merchants hold no photos or videos here"


def test_the_candidate_rate_dominates_whatever_a_run_can_reach() -> None:
    """Thinning needs a rate above all that feedback may raise: ranking, boldness."""
    scenario = court.scenario()
    higher = court.scenario({"behaviour": {"ranking": {"highest": 2}, "habit": {"ceiling": 3}}})
    rates = [candidate_rates(s, draw_people(s, Luck(1, 0))).sum() for s in (scenario, higher)]
    assert rates[0] == pytest.approx(24.0)
    assert rates[1] == pytest.approx(2 * (12 + 3 * 12))


def test_the_table_of_chances_is_the_logistic_function() -> None:
    """Stages look it up, so that no mathematical library can make the engines differ."""
    from types import SimpleNamespace

    world: Any = SimpleNamespace(logistic=logistic_table())
    x = np.linspace(-20, 20, 4001)
    error = [chance(world, at) - 1 / (1 + np.exp(-at)) for at in x]
    assert np.abs(error).max() < 1e-5
    assert 0 < chance(world, -1e9) < chance(world, 1e9) < 1


def harmed(**changes: Any) -> Any:
    """Cases of a world in which a quality defect has a severity, and remorse a dislike."""
    severity = {"a": 2.2, "b": 1.5, "total": 0.08}
    causes = {
        "quality_defect": {"severity": severity, "goods_in_hand": 0.9} | changes,
        "remorse": {"dislike": {"a": 2, "b": 2}},
    }
    return draw_world(small.scenario({"causes": causes}), EXTENT, Luck(11, 0), 400).cases


def test_the_severity_of_a_harm_follows_its_law_and_decides_what_is_deserved() -> None:
    """Beta with a mass at the whole; from `full_from` on the whole amount is deserved, below the harm."""
    cases = harmed()
    mine = cases[(cases["cause"] == 0) & cases["in_hand"]]
    s, full = mine["severity"], mine["severity"] >= 0.6
    assert len(s) > 300
    assert abs((s == 1.0).mean() - 0.08) < 4 * np.sqrt(0.08 * 0.92 / len(s))
    assert stats.kstest(s[s < 1.0], stats.beta(2.2, 1.5).cdf).pvalue > 0.001
    assert (mine["deserved"] == np.where(full, 1.0, s)).all()
    assert (mine["loss"] == s).all()
    away = cases[(cases["cause"] == 0) & ~cases["in_hand"]]
    assert (away["severity"] == 1.0).all(), "what has not arrived is lost as a whole"
    assert (away["deserved"] == 1.0).all()


def test_a_groundless_claim_has_no_severity_and_looks_like_what_it_says_it_is() -> None:
    """Others see a draw of the claimed cause's law; who regrets a purchase has a loss of his own."""
    cases = harmed()
    groundless = cases[~cases["valid"]]
    assert (groundless["severity"] == 0.0).all()
    made_up = groundless[(groundless["cause"] > REMORSE) & (groundless["claimed"] == 0)]
    assert (made_up["loss"] == 0.0).all()
    real = cases[(cases["cause"] == 0) & cases["in_hand"]]
    seen = made_up["shown_severity"][made_up["in_hand"]]
    assert stats.ks_2samp(seen, real["shown_severity"]).pvalue > 0.001
    sorry = groundless[groundless["cause"] == REMORSE]
    assert stats.kstest(sorry["loss"], stats.beta(2, 2).cdf).pvalue > 0.001


def test_a_severity_moves_nothing_else_of_the_world() -> None:
    """It is a draw of its own; only what depends on it changes."""
    own = {"severity", "loss", "shown_severity", "deserved", "shown", "adequate"}
    milder, harsher = harmed(), harmed(severity={"a": 3.0, "b": 1.0, "total": 0.2})
    others = [name for name in milder.dtype.names if name not in own]
    assert [name for name in others if milder[name].tobytes() != harsher[name].tobytes()] == []
    mine = milder["cause"] == 0
    assert (harsher["severity"][mine] >= milder["severity"][mine] - 1e-12).all()
    assert (harsher["severity"][mine] > milder["severity"][mine]).any()
