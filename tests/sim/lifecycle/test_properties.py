"""Whatever the rules: any valid policy runs to the end in both engines, equal, with all accounted for."""

from __future__ import annotations

from functools import reduce
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from evenhand.sim.lifecycle import codes
from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.scenario import Scenario
from tests.support import claimants, evidence, patch, respond, small, talking, waiting
from tests.support.invariants import check
from tests.support.runs import compiled, differing, simpy
from tests.support.strategies import DAYS, FIELDS, policies


def market(**changes: Any) -> Scenario:
    """A market small enough for many runs, in which nearly everything happens."""
    few = {
        "market": {"orders_per_day": 150},
        "buyers": {"count": 200},
        "behaviour": {"exit": {"buyer_trust": 0.5, "merchant_rating": 0.5}},
    }
    return patch.scenario(patch.lay_over(few, changes))


ROOMY = {"decision": {"staff": 20}, "review": {"staff": 9}}
FIRMS = {"behaviour": {"representatives": {"enabled": True, "reach": 0.4, "firms": 6, "cost": 3.0}}}
MARKETS = [
    market(),
    market(behaviour={"open_loop": True}),
    market(desks=ROOMY),
    market(**evidence.SCENARIO),
    market(**reduce(patch.lay_over, (talking.CHANGES, respond.CONTEST, waiting.ON, claimants.ON, FIRMS))),
]


@given(policies(), st.sampled_from(MARKETS), st.integers(0, 10_000))
def test_any_valid_policy_runs_to_the_end_with_all_accounted_for(
    policy: Policy, scenario: Scenario, seed: int
) -> None:
    """No rule set that the schema lets through may break the bookkeeping."""
    check(compiled(scenario, policy, seed=seed, days=DAYS))


@given(policies(), st.sampled_from(MARKETS), st.integers(0, 10_000))
def test_any_valid_policy_gives_the_same_records_in_both_engines(
    policy: Policy, scenario: Scenario, seed: int
) -> None:
    """To the last bit, on rule sets that nobody thought of."""
    fast = compiled(scenario, policy, seed=seed, days=DAYS)
    assert differing(fast, simpy(scenario, policy, seed=seed, days=DAYS)) == []


@given(policies(reforms=False), st.integers(1, DAYS))
def test_a_reform_changes_nothing_before_its_day(policy: Policy, day: int) -> None:
    """The past is the same whatever is decided later on."""
    reformed = policy.model_copy(
        update={
            "reforms": small.policy(
                {
                    "reforms": [
                        {
                            "starts": day,
                            "retroactive": True,
                            "changes": {
                                "decision": {"standard": 0.95},
                                "answer": {"silence": "close"},
                                "windows": {"file": "1 d"},
                            },
                        }
                    ]
                }
            ).reforms
        }
    )
    one, other = (compiled(MARKETS[0], some, seed=1, days=DAYS).events for some in (policy, reformed))
    before = one["time"] < 24.0 * day
    for name, values in one.items():
        assert values[before].tobytes() == other[name][: before.sum()].tobytes()


@given(policies(reforms=False))
def test_a_reform_that_changes_nothing_changes_nothing(policy: Policy) -> None:
    """Versions of a policy are told apart by their numbers only; that number is all that differs.

    With exceptions it leaves open cases alone: one that reached them would look at their conditions anew, on
    a day when the buyer's record may be another.
    """
    reform = {"starts": 7, "retroactive": not policy.exceptions, "changes": {}}
    idle = policy.model_copy(update={"reforms": small.policy({"reforms": [reform]}).reforms})
    one, other = (compiled(MARKETS[0], some, seed=2, days=DAYS) for some in (policy, idle))
    assert set(differing(one, other)) <= {"disputes.version"}


@given(policies())
def test_a_policy_survives_being_written_and_read(policy: Policy) -> None:
    """What a run directory keeps gives the same policy again, reforms included."""
    assert Policy.model_validate(policy.model_dump(mode="json")) == policy


def test_generated_policies_reach_every_part_of_the_schema() -> None:
    """A rule added to the schema and forgotten here would never be generated."""
    sections = set(Policy.model_fields) - {"kind", "name", "title", "description", "reforms"}
    assert set(FIELDS) == sections


@given(policies(reforms=False), st.floats(1.01, 1.5))
def test_without_feedback_a_higher_standard_of_proof_never_helps_a_buyer_at_the_desk(
    policy: Policy, factor: float
) -> None:
    """On the same file, belief and noise, more is asked of the buyer: no first ruling turns his way.

    Only cases that reach the first ruling under both are compared, with the automatic rule and records
    out of the way; the belief of such a case is the same number under both standards.
    """
    data = policy.model_dump(mode="json")
    data["decision"] |= {"decider": "desk", "standard": 0.5, "history": {"buyer": 0, "merchant": 0}}
    data["decision"]["automatic"] |= {"enabled": False}
    low = Policy.model_validate(data)
    data["decision"] |= {"standard": 0.5 * factor}
    high = Policy.model_validate(data)
    calm = market(
        behaviour={"open_loop": True},
        arbiters={"load_effect": 0, "novice_factor": 1},
        evidence={"forgery_shift": 0},
    )
    one, other = (compiled(calm, some, seed=3, days=DAYS).disputes for some in (low, high))
    both = (one["reviews"] == 0) & (other["reviews"] == 0)
    both &= (one["decider"] == codes.BY_DESK) & (other["decider"] == codes.BY_DESK)
    # Whether a merchant forges depends on what it expects; a forgery shows evidence where none was.
    both &= one["merchant_forged"] == other["merchant_forged"]
    both &= (one["merchant_found_out"] == other["merchant_found_out"]) & (one["silence"] == other["silence"])
    assert np.array_equal(one["belief"][both], other["belief"][both])
    assert (other["first_share"][both] <= one["first_share"][both]).all()
