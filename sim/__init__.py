"""The world and what happens in it: knows no files, no statistics, no charts."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.fit import DoesNotFit, Misfit, misfits
    from sim.parts import Part
    from sim.policy import Policy
    from sim.records import Run
    from sim.replications import iterate, replicate, run, simulate, stream
    from sim.ruling import CaseFile
    from sim.scenario import Scenario
    from sim.streaming import Streamed, streamed
    from sim.trial import Trial, gather
    from sim.trials import Experiment

_HOMES = {
    "CaseFile": "ruling",
    "DoesNotFit": "fit",
    "Experiment": "trials",
    "Misfit": "fit",
    "Part": "parts",
    "Policy": "policy",
    "Run": "records",
    "Scenario": "scenario",
    "Streamed": "streaming",
    "Trial": "trial",
    "gather": "trial",
    "iterate": "replications",
    "misfits": "fit",
    "replicate": "replications",
    "run": "replications",
    "simulate": "replications",
    "stream": "replications",
    "streamed": "streaming",
}
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
]


def __getattr__(name: str) -> Any:
    """Load a name when it is first used: checking a file needs no compiler."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(f"sim.{_HOMES[name]}"), name)
