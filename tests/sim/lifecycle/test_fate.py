"""No decider sees the fate: by type, and by changing what is hidden and finding nothing changed."""

from __future__ import annotations

import inspect
from typing import Any, get_type_hints

import numpy as np
import pytest

from evenhand.sim.engine.simpy_engine import as_python, run_simpy
from evenhand.sim.lifecycle import decision_rule
from evenhand.sim.lifecycle.decision_rule import CaseFile, award, weigh
from evenhand.sim.lifecycle.initial_state import fresh_state
from evenhand.sim.policy.compile import PolicyRules, Rules, flatten
from evenhand.sim.runs.trial import staff_of
from evenhand.sim.sampling.streams import Luck
from evenhand.sim.sampling.world import Extent, draw_world
from evenhand.sim.sampling.world_rows import (
    Buyer,
    Case,
    Day,
    Habits,
    Level,
    Meeting,
    Merchant,
    Talk,
    Vote,
    World,
)
from evenhand.sim.scenario.vocabulary import N_CAUSES, N_VALID
from tests.support import small
from tests.support.runs import changed_disputes, compiled, outcome, simpy, with_cases

DAYS = 40
HIDDEN = {
    "cause",
    "valid",
    "fault",
    "deserved",
    "honesty",
    "forges",
    "buyer_forges",
    "merchant_forged",
    "happens",
    "service",
    "strategic",
    "skill",
    "composure",
    "hostile",
    "luck",
    "group",
    "buyer",
    "merchant",
    "in_hand",
}
"""What only the simulator knows, and who the parties are."""
POLICIES: list[dict[str, Any]] = [
    {},
    {"decision": {"decider": "panel", "panel": {"size": 7}}},
    {"decision": {"automatic": {"enabled": True, "max_amount": 500}}},
    {"mediation": {"rounds": 2, "push": 0.3}},
]


@pytest.fixture(scope="module")
def world() -> World:
    extent = Extent(rounds=3, meetings=2, levels=2, seats=(7, 7))
    return draw_world(small.scenario(), extent, Luck(11, 0), DAYS)


def test_a_case_file_has_no_field_for_the_truth() -> None:
    """What is not there cannot be read, by mistake or otherwise."""
    hints = get_type_hints(CaseFile)
    assert not HIDDEN & set(hints)
    assert set(hints.values()) <= {int, float, bool}, "no object through which the world could be reached"


@pytest.mark.parametrize("decider", [weigh, award, decision_rule.votes_for_buyer])
def test_deciders_are_given_the_file_and_never_the_world(decider: Any) -> None:
    """Noise depends on the arbiter and the desk; what is weighed comes from the file alone."""
    kinds = set(get_type_hints(decider).values())
    assert not kinds & {World, Case, Buyer, Merchant}
    assert not HIDDEN & set(inspect.signature(decider).parameters)


@pytest.mark.parametrize("changes", POLICIES)
@pytest.mark.parametrize("hidden", ["valid", "deserved", "fault", "cause"])
def test_changing_only_the_truth_changes_nothing_that_anybody_does(
    world: World, hidden: str, changes: dict[str, Any]
) -> None:
    """On the same evidence the same is decided, whoever was right; the whole run says so."""
    scenario, policy = small.scenario(), small.policy(changes)
    cases: Any = world.cases
    other = {
        "valid": ~cases["valid"],
        "deserved": 1.0 - cases["deserved"],
        "fault": 3 - cases["fault"],
        # A true cause among the valid ones; `claimed`, which everybody sees, stays.
        "cause": np.where(cases["cause"] < N_VALID, (cases["cause"] + 3) % N_VALID, cases["cause"]),
    }[hidden]
    assert (other != cases[hidden]).any()
    changed = outcome(with_cases(world, **{hidden: other}), scenario, policy, DAYS)
    assert len(changed_disputes(outcome(world, scenario, policy, DAYS), changed)) == 0


@pytest.mark.parametrize(("seen", "factor"), [("amount", 1.01), ("shown", 0.9), ("buyer_weight", 0.9)])
def test_changing_what_is_seen_does_change_outcomes(world: World, seen: str, factor: float) -> None:
    """The test above would pass on a court that looks at nothing."""
    scenario, policy = small.scenario(), small.policy({"decision": {"remedy": "proportional"}})
    cases: Any = world.cases
    changed = outcome(with_cases(world, **{seen: cases[seen] * factor}), scenario, policy, DAYS)
    assert len(changed_disputes(outcome(world, scenario, policy, DAYS), changed)) > 0


def test_a_rule_in_python_gets_a_case_file_and_nothing_else() -> None:
    """A user's rule cannot see the fate either, nor write on the file."""
    seen: list[Any] = []

    def rule(*given: Any) -> float:
        seen.append(given)
        return 0.25

    run = simpy(small.scenario(), small.policy({"review": {"limit": 0}}), days=30, decide=rule)
    assert seen
    assert {tuple(map(type, given)) for given in seen} == {(CaseFile,)}
    with pytest.raises(AttributeError):
        seen[0][0].amount = 0.0
    ruled = ~np.isnan(run.disputes["ruled_at"])
    assert (run.disputes["first_share"][ruled] == 0.25).all()
    assert run.disputes["upheld"][ruled].all()


def test_a_rule_that_weighs_the_file_decides_as_the_desk_does() -> None:
    """An arbiter without noise knows no more than the file: checks and reviews included."""
    quiet = {"arbiters": {"level_sd": 0, "pattern_sd": 0, "occasion_sd": 0}}
    scenario, policy = small.scenario(quiet), small.policy({"decision": {"remedy": "proportional"}})
    rules: PolicyRules = as_python(flatten(policy, scenario), {"rules": Rules})

    def rule(file: CaseFile) -> float:
        belief = sum(weigh(file, 0, rules))
        return award(belief - rules.rules[0].decision_standard, file.shown_extent, 0, rules).share

    own = simpy(scenario, policy, seed=3, decide=rule).disputes
    desk = compiled(scenario, policy, seed=3).disputes
    assert desk["merchant_found_out"].any()
    assert desk["reviews"].any()
    for name in ("first_share", "share", "ending", "reviews"):
        assert own[name].tobytes() == desk[name].tobytes(), name


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_rule_must_give_a_share(share: float) -> None:
    """A refund above the amount, or none at all, is the rule's mistake and said to be."""
    with pytest.raises(ValueError, match="a decision rule gives a share from 0 to 1"):
        simpy(small.scenario(), small.policy(), days=30, decide=lambda file: share)


def test_no_engine_writes_on_the_world() -> None:
    """Two policies meet the same world only if the first leaves it as it was."""
    scenario, policy = small.scenario(), small.policy({"mediation": {"rounds": 2}})
    world: Any = draw_world(scenario, Extent.of(policy), Luck(1, 0), 30)
    names = [name for name in world._fields if isinstance(getattr(world, name), np.ndarray)]
    before = {name: getattr(world, name).tobytes() for name in names}
    state = fresh_state(world, staff_of(scenario), events=True)
    run_simpy(world, flatten(policy, scenario), state, 720.0)
    outcome(world, scenario, policy, 30)
    assert len(names) >= 12
    assert {name: getattr(world, name).tobytes() for name in names} == before


@pytest.mark.parametrize(
    "row", [Case, Talk, Meeting, Level, Vote, Buyer, Merchant, Day, Habits, World, CaseFile]
)
def test_stages_cannot_write_on_rows_of_the_world(row: Any) -> None:
    """Under SimPy the world's rows refuse writes, so a stage that tried would fail its first test."""
    some = row(*([0] * len(row._fields)))
    with pytest.raises(AttributeError):
        setattr(some, row._fields[0], 1)


def test_every_claimed_cause_is_one_that_a_file_can_name() -> None:
    """Claims without a grievance are on file as what they pretend to be."""
    run = compiled(small.scenario(), small.policy())
    assert (run.disputes["claimed"] < N_VALID).all()
    assert (run.disputes["cause"] >= N_VALID).any()
    assert run.disputes["cause"].max() < N_CAUSES
