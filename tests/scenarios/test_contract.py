"""The contract of everything that is shipped: a new file passes it without a new line of test code."""

from __future__ import annotations

import numpy as np
import pytest

from evenhand import scenarios
from evenhand.analysis import METRICS, outcomes
from evenhand.sim.policy.compatibility import misfits
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.units import Window
from tests.support import shipped
from tests.support.invariants import check
from tests.support.markets import small_market
from tests.support.runs import compiled, differing, simpy

WORLDS = [entry.name for entry in scenarios.available() if entry.kind == "scenario"]
POLICIES = [entry.name for entry in scenarios.available() if entry.kind == "policy"]
PAIRS = [
    pytest.param(world, policy, marks=[] if policy in shipped.OFTEN else pytest.mark.process)
    for world in WORLDS
    for policy in POLICIES
]
FEW_ORDERS = 150.0
"""A day, where SimPy walks all disputes too."""
DAYS = 80
"""Long enough for windows of a month and a review after them."""
MECHANISMS = {
    "buyers_let_down_per_month": "claims",
    "buyer_returns_per_month": "claims",
    "gated_share": "claims",
    "marks_per_problem": "standing",
    "entries_per_month": "turnover",
    "represented_share": "representatives",
}
"""Metrics of what only a mechanism makes, by the part of `behaviour` that has it."""


def home_of(policy: str) -> tuple[Scenario, int]:
    """A market that a policy fits, and days enough to see all of it."""
    if scenarios.policy(policy).mediation.rounds:
        return scenarios.load("nyc_mediation"), 200
    return small_market("tmall_unresponsive"), DAYS


def test_the_shipped_files_are_those_the_readme_names() -> None:
    """The main job and the job on real input are there under their names."""
    assert {"tmall", "tmall_unresponsive", "nyc_mediation"} <= set(WORLDS)
    assert {"tmall", "wechat_shop_2024", "mediation"} <= set(POLICIES)


@pytest.mark.parametrize(("world", "policy"), PAIRS)
def test_a_shipped_policy_runs_equal_in_both_engines_and_keeps_the_invariants(
    world: str, policy: str
) -> None:
    """One lifecycle, two engines; every dispute and all money accounted for."""
    market, rules = small_market(world, FEW_ORDERS), scenarios.policy(policy)
    if misfits(market, rules, DAYS):
        shorter = rules.windows.model_copy(update={"merchant_evidence": Window(240.0)})
        rules = rules.model_copy(update={"windows": shorter})
    if misfits(market, rules, DAYS):
        pytest.skip(f"{policy} asks for a desk that {world} does not have")
    fast = compiled(market, rules, days=DAYS, seed=5)
    assert differing(fast, simpy(market, rules, days=DAYS, seed=5)) == []
    assert len(fast) > 0
    check(fast)


@pytest.mark.parametrize("policy", shipped.policies())
def test_a_policy_compared_with_itself_differs_by_exactly_nothing(policy: str) -> None:
    """The pairing is right if and only if two runs of the same policy have no difference at all."""
    market, days = home_of(policy)
    rules = scenarios.policy(policy)
    one = compiled(market, rules, days=days, replications=2)
    again = compiled(market, rules, days=days, replications=2)
    assert differing(one, again) == []


@pytest.mark.parametrize("policy", shipped.policies())
def test_every_metric_speaks_about_a_shipped_policy(policy: str) -> None:
    """A metric that no shipped policy can feed would be a name without a number."""
    market, days = home_of(policy)
    rules = scenarios.policy(policy)
    run = compiled(market, rules, days=days)
    found, d = outcomes(run), run.disputes
    assert set(found) == set(METRICS)
    undefined = {name for name, estimate in found.items() if estimate.n == 0}
    if rules.decision.decider == "panel":  # nobody sits at a desk
        undefined -= {"desk_utilisation", "backlog_peak"}
    if not (found["wrong_by_model"].n or "model" in (rules.decision.decider, rules.review.decider)):
        undefined -= {"audit_share", "audit_reversal_share", "wrong_by_model", "cost_per_model_ruling"}
    if not found["person_share"].value:  # a rule decides everything
        undefined -= {"wrong_by_person", "cost_per_person_ruling"}
    if market.causes.quality_defect.severity is None:  # every harm is then as bad as what it deserves
        undefined -= {"remedy_adequacy_small"}
    if not d["checks"].any():  # nobody looks for forgeries
        undefined -= {"false_alarm_share"}
    if not (d["buyer_forges"] | d["merchant_forged"])[~np.isnan(d["ruled_at"])].any():
        undefined -= {"forgery_found_share", "forgery_missed_share"}
    if not d["sent_back_for"].any():  # the rules send no filing back
        undefined -= {"cured_share"}
    undefined -= {name for name, part in MECHANISMS.items() if not getattr(market.behaviour, part).enabled}
    assert undefined <= {"reversal_share", "wrongful_default_share"}


def test_people_respond_in_the_market_that_commands_take_and_not_in_the_calm_one() -> None:
    """What a user runs first has the whole model of people; what it lies over has none of it."""
    whole, calm = scenarios.load("tmall"), scenarios.load("tmall_unresponsive")
    parts = [name for name, part in calm.behaviour if hasattr(part, "enabled")]
    assert set(MECHANISMS.values()) < set(parts)
    assert all(getattr(whole.behaviour, name).enabled for name in parts)
    assert not any(getattr(calm.behaviour, name).enabled for name in parts)
    assert (whole.calendar, whole.market.orders_per_day) == (calm.calendar, calm.market.orders_per_day)
    assert (whole.start_up, calm.start_up) == (90 * 24, 0)


@pytest.mark.parametrize("part", MECHANISMS.values())
def test_every_mechanism_that_a_metric_needs_is_on_in_a_shipped_market(part: str) -> None:
    """Else its metric would be a name without a number wherever people look."""
    assert any(getattr(scenarios.load(world).behaviour, part).enabled for world in WORLDS)


@pytest.mark.parametrize(
    ("kind", "name"), [*(("scenario", w) for w in WORLDS), *(("policy", p) for p in POLICIES)]
)
def test_every_number_says_where_it_comes_from(kind: str, name: str) -> None:
    """A number from somewhere carries its source; one from nowhere says that it is assumed."""
    loaded = scenarios.read(name, kind)
    for setting in scenarios.settings(loaded):
        if isinstance(setting.value, str) and setting.path in {"title", "description", "kind", "name"}:
            continue
        assert setting.confidence != "unmarked", f"{name}: {setting.path} is not marked"
        if setting.confidence in {"first-party", "secondary"}:
            assert setting.source, f"{name}: {setting.path} is {setting.confidence} without a source"
