"""Both engines on one world: equal to the bit, and where they were not it would be said."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from evenhand import sim
from evenhand.errors import UsageError
from evenhand.jobs import engines
from evenhand.jobs.event import Watch
from tests.support import small

EXPERIMENT = sim.Experiment.of(small.scenario(), small.policy(), days=25, engine="simpy")


def test_the_first_column_that_differs_is_named() -> None:
    """NaN is NaN whatever its bits; a last bit of a number is a difference."""
    run = sim.run(EXPERIMENT)
    assert engines.unlike(run, run) == ""
    refund = run.disputes["refund"].copy()
    other = replace(run, disputes={**run.disputes, "refund": refund})
    assert engines.unlike(run, other) == ""
    refund[3] = np.nextafter(refund[3], np.inf)
    assert engines.unlike(run, other) == "disputes.refund"
    fewer = replace(run, events={name: column[1:] for name, column in run.events.items()})
    assert engines.unlike(run, fewer).startswith("events has ")


@pytest.mark.process
def test_policies_agree_and_a_rule_in_python_is_told_apart() -> None:
    """One sentence each."""
    rules = {"a": small.policy(), "b": small.policy()}
    said = engines.agreement({"world": EXPERIMENT}, rules, {"b": lambda file: 1.0}, Watch())
    assert said[0].startswith("a in world: ")
    assert said[0].endswith("equal to the bit in every column")
    assert "under SimPy alone" in said[1]


def test_engines_that_differ_stop_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing that was measured then can be trusted."""
    monkeypatch.setattr(engines, "BOTH", ("simpy", "simpy"))
    monkeypatch.setattr(engines, "unlike", lambda one, other: "disputes.refund")
    with pytest.raises(UsageError, match=r"differ for a in world: disputes.refund; please report it"):
        engines.agreement({"world": EXPERIMENT}, {"a": small.policy()}, {}, Watch())
