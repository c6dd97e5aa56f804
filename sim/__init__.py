"""The world and what happens in it: knows no files, no statistics, no charts."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.fit import DoesNotFit, Misfit, misfits
    from sim.parts import Part
    from sim.policy import Policy
    from sim.records import Run
    from sim.replications import gather, iterate, simulate
    from sim.ruling import CaseFile
    from sim.scenario import Scenario
    from sim.streaming import Streamed, streamed
    from sim.trials import Trial, replicate, stream

__all__ = [
    "CaseFile", "DoesNotFit", "Misfit", "Part", "Policy", "Run", "Scenario", "Streamed", "Trial",
    "gather", "iterate", "misfits", "replicate", "simulate", "stream", "streamed",
]  # fmt: skip

_HOMES = {
    "DoesNotFit": "fit", "Misfit": "fit", "misfits": "fit", "Policy": "policy", "Run": "records",
    "CaseFile": "ruling", "Scenario": "scenario", "Part": "parts", "gather": "replications",
    "iterate": "replications", "simulate": "replications", "Trial": "trials", "replicate": "trials",
    "stream": "trials", "Streamed": "streaming", "streamed": "streaming",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Load a name when it is first used: checking a file needs no compiler."""
    if name not in _HOMES:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(import_module(f"sim.{_HOMES[name]}"), name)
