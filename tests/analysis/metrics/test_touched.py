"""How many disputes each exception and reform has reached."""

from __future__ import annotations

import numpy as np
import pytest

from evenhand import sim
from evenhand.analysis.metrics.touched import touched
from evenhand.sim.lifecycle.codes import BY_RULE
from tests.support import small

RULES = {
    "exceptions": {
        "dear": {"when": {"amount_from": 150.0}, "changes": {"decision": {"standard": 0.6}}},
        "nobody": {"when": {"amount_from": 1e7}, "changes": {"decision": {"standard": 0.6}}},
    },
    "reforms": [{"starts": 20, "changes": {"decision": {"standard": 0.4}}}],
}


@pytest.mark.process
def test_those_who_meet_an_exception_or_a_reform_are_counted() -> None:
    """The amount says who is under the exception, the version who is under the reform; nobody else is."""
    run = sim.simulate(small.scenario(), small.policy(RULES), days=25, seed=1, engine="simpy")
    dear, nobody, reform = touched(run)
    rows = run.disputes
    assert (dear.kind, dear.name, dear.n) == ("exception", "dear", np.count_nonzero(rows["amount"] >= 150))
    assert (nobody.n, nobody.of) == (0, len(run))
    assert (reform.kind, reform.name, reform.n) == ("reform", "20", np.count_nonzero(rows["version"] == 1))
    assert 0 < reform.n < len(run)
    assert nobody.sentence.startswith("Exception “nobody” has no effect here")
    assert dear.sentence.startswith("Exception “dear” was met by ")


def test_a_policy_without_exceptions_and_reforms_has_nothing_to_say() -> None:
    """Most policies have none."""
    assert touched(sim.simulate(small.scenario(), small.policy(), days=10, engine="simpy")) == ()


@pytest.mark.process
def test_a_rule_behind_talks_says_how_many_came_to_it() -> None:
    """Who expects refunds at once reads that most met the exception and few the rule."""
    small_amounts = {
        "exceptions": {
            "small": {
                "when": {"amount_below": 80.0},
                "changes": {"decision": {"automatic": {"enabled": True, "max_amount": 80}}},
            }
        }
    }
    run = sim.simulate(small.scenario(), small.policy(small_amounts), days=40, seed=1, engine="simpy")
    (one,) = touched(run)
    rows = run.disputes
    mine = rows["amount"] < 80
    assert one.filed == np.count_nonzero(mine & ~np.isnan(rows["filed_at"])) < one.n
    assert one.by_rule == np.count_nonzero(mine & (rows["decider"] == BY_RULE)) <= one.filed
    assert (
        f"Talks come first: {one.filed:,} of them were filed, {one.by_rule:,} decided by rule."
        in one.sentence
    )


@pytest.mark.process
def test_an_automatic_rule_for_all_is_told_too() -> None:
    """It is no exception, and talks come before it all the same."""
    rules = {"decision": {"automatic": {"enabled": True, "max_amount": 80}}}
    run = sim.simulate(small.scenario(), small.policy(rules), days=40, seed=1, engine="simpy")
    (one,) = touched(run)
    assert (one.kind, one.n) == ("rule", np.count_nonzero(run.disputes["decider"] == BY_RULE))
    assert "Talks come first" in one.sentence
