"""Arguments of experiments: what is none of its kind is one clear line, before anything runs."""

from __future__ import annotations

from typing import Any

import pytest

from evenhand import sim
from tests.support import small


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"scenario": "a"}, r"scenario: must be a Scenario, found 'a'; scenarios.load\('a'\) reads it"),
        ({"policy": "a"}, r"policy: must be a Policy, found 'a'; scenarios.policy\('a'\) reads it"),
        ({"scenario": small.policy()}, "scenario: must be a Scenario, found the policy '.*'; swap the two"),
        ({"policy": small.scenario()}, "policy: must be a Policy, found the scenario '.*'; swap the two"),
        ({"policy": None}, "policy: must be a Policy, found None"),
        ({"days": 12.5}, "days must be a whole number, found 12.5"),
        ({"seed": None}, "seed must be a whole number, found None"),
        ({"replications": True}, "replications must be a whole number, found True"),
        ({"decide": 0.5}, "decide must be a function of a case file, found 0.5"),
    ],
)
def test_an_argument_of_another_kind_is_one_clear_line(changes: dict[str, Any], said: str) -> None:
    """A notebook shows the last line of a traceback, and that line has to say what to do."""
    how = {"scenario": small.scenario(), "policy": small.policy(), "days": 20} | changes
    scenario, policy = how.pop("scenario"), how.pop("policy")
    with pytest.raises(ValueError, match=rf"^{said}$"):
        sim.simulate(scenario, policy, **how)


@pytest.mark.parametrize(
    ("section", "value", "said"),
    [
        ("windows", {"merchant_reply": 48}, r"windows.merchant_reply: must be Window\(.*\), found 48"),
        ("decision", {"standard": "high"}, "decision.standard: Input should be a valid .*found 'high'"),
        ("decision", {"standard": 7.0}, "decision.standard: Input should be less than.*found 7.0"),
    ],
)
def test_a_value_that_model_copy_has_put_past_the_rules_is_named(section: str, value: Any, said: str) -> None:
    """Pydantic copies without a look; what no file could say must not be simulated."""
    rules = small.policy()
    changed = getattr(rules, section).model_copy(update=value)
    with pytest.raises(
        ValueError, match=f"^policy '.*': {said}; values put in by model_copy are not checked$"
    ):
        sim.Experiment.of(small.scenario(), rules.model_copy(update={section: changed}), days=20)


def test_a_copy_that_keeps_to_the_rules_is_taken() -> None:
    """Changing a model by a copy is the usual way, and stays so."""
    rules = small.policy()
    milder = rules.model_copy(update={"decision": rules.decision.model_copy(update={"standard": 0.4})})
    assert sim.Experiment.of(small.scenario(), milder, days=20).policy.decision.standard == 0.4
