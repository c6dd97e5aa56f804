"""Evenhand: a simulation and policy testbed for the arbitration of e-commerce disputes.

    import evenhand as eh

    market, rules = eh.load("tmall"), eh.policy("tmall")
    run = eh.simulate(market, rules, seed=1, replications=10)
    eh.outcomes(run)["wrongful_denial_rate"]

Everything is loaded when it is first used; `dir(evenhand)` lists it, and docs/api.md explains it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from evenhand.lazy import lazy

# In a checkout, `sim`, `scenarios` and `analysis` are links to the folders beside this one. Where a file
# system has no links (Windows without the right to make them), they are found where they lie.
if not (Path(__file__).parent / "sim").is_dir():
    __path__.append(str(Path(__file__).parents[1]))

if TYPE_CHECKING:
    from evenhand import analysis, jobs, scenarios, sim
    from evenhand.analysis import (  # type: ignore[no-redef]  # a function and a room are called compare
        calibration,
        charts,
        compare,
        counterfactual,
        eventlog,
        experiments,
        fairness,
        gate,
        open_runs,
        outcomes,
        outcomes_by,
        report,
        select,
        survival,
        sweep,
    )
    from evenhand.analysis.calibration import calibrate
    from evenhand.scenarios import BadFile, available, check_pair, load, policy, read, settings
    from evenhand.sim import (
        CaseFile,
        DoesNotFit,
        Policy,
        Run,
        Scenario,
        Streamed,
        gather,
        iterate,
        replicate,
        simulate,
        stream,
        streamed,
    )

    __version__: str

__all__ = [
    "BadFile",
    "CaseFile",
    "DoesNotFit",
    "Policy",
    "Run",
    "Scenario",
    "Streamed",
    "__version__",
    "analysis",
    "available",
    "calibrate",
    "calibration",
    "charts",
    "check_pair",
    "compare",
    "counterfactual",
    "eventlog",
    "experiments",
    "fairness",
    "gate",
    "gather",
    "iterate",
    "jobs",
    "load",
    "open_runs",
    "outcomes",
    "outcomes_by",
    "policy",
    "read",
    "replicate",
    "report",
    "scenarios",
    "select",
    "settings",
    "sim",
    "simulate",
    "stream",
    "streamed",
    "survival",
    "sweep",
]

_get, __dir__ = lazy(
    __name__,
    __all__,
    {
        "scenarios": ("BadFile", "available", "check_pair", "load", "policy", "read", "settings"),
        "sim": (
            "CaseFile",
            "DoesNotFit",
            "Policy",
            "Run",
            "Scenario",
            "Streamed",
            "gather",
            "iterate",
            "replicate",
            "simulate",
            "stream",
            "streamed",
        ),
        "analysis": (
            "calibration",
            "charts",
            "compare",
            "counterfactual",
            "eventlog",
            "experiments",
            "fairness",
            "gate",
            "open_runs",
            "outcomes",
            "outcomes_by",
            "report",
            "select",
            "survival",
            "sweep",
        ),
        "analysis.calibration": ("calibrate",),
    },
    modules=("analysis", "jobs", "scenarios", "sim"),
)


def __getattr__(name: str) -> Any:
    """Load a name when it is first used."""
    if name == "__version__":
        from importlib import metadata

        return metadata.version("evenhand")
    return _get(name)
