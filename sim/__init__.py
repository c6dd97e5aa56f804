"""The world and what happens in it: knows no files, no statistics, no charts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.lazy import lazy

if TYPE_CHECKING:
    from evenhand.sim.lifecycle.decision_rule import CaseFile
    from evenhand.sim.policy.compatibility import DoesNotFit, Misfit, misfits
    from evenhand.sim.policy.policy import Policy
    from evenhand.sim.runs.experiment import Experiment
    from evenhand.sim.runs.records import Run
    from evenhand.sim.runs.replication_records import Part
    from evenhand.sim.runs.runner import iterate, replicate, run, simulate, stream
    from evenhand.sim.runs.streaming import Streamed, streamed
    from evenhand.sim.runs.trial import Trial, gather, warm
    from evenhand.sim.scenario.scenario import Scenario

__all__ = [
    "CaseFile",
    "DoesNotFit",
    "Experiment",
    "Misfit",
    "Part",
    "Policy",
    "Run",
    "Scenario",
    "Streamed",
    "Trial",
    "gather",
    "iterate",
    "misfits",
    "replicate",
    "run",
    "simulate",
    "stream",
    "streamed",
    "warm",
]

__getattr__, __dir__ = lazy(
    __name__,
    __all__,
    {
        "lifecycle.decision_rule": ("CaseFile",),
        "policy.compatibility": ("DoesNotFit", "Misfit", "misfits"),
        "runs.experiment": ("Experiment",),
        "runs.replication_records": ("Part",),
        "policy.policy": ("Policy",),
        "runs.records": ("Run",),
        "scenario.scenario": ("Scenario",),
        "runs.streaming": ("Streamed", "streamed"),
        "runs.trial": ("Trial", "gather", "warm"),
        "runs.runner": ("iterate", "replicate", "run", "simulate", "stream"),
    },
)
