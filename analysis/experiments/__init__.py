"""Sweeps and sensitivity: a policy at many values of its settings, always in the same worlds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evenhand.lazy import lazy

if TYPE_CHECKING:
    from evenhand.analysis.experiments.axis import Axis
    from evenhand.analysis.experiments.designs import DESIGNS, Design, Kind, design
    from evenhand.analysis.experiments.response_curve import Response, response
    from evenhand.analysis.experiments.sobol_indices import DUMMY, Index, indices, sobol
    from evenhand.analysis.experiments.study import Measured, Task, Tick, measure, sweep
    from evenhand.analysis.experiments.table import Sweep
    from evenhand.analysis.experiments.tornado_swings import End, Swing, tornado

__all__ = [
    "DESIGNS",
    "DUMMY",
    "Axis",
    "Design",
    "End",
    "Index",
    "Kind",
    "Measured",
    "Response",
    "Sweep",
    "Swing",
    "Task",
    "Tick",
    "design",
    "indices",
    "measure",
    "response",
    "sobol",
    "sweep",
    "tornado",
]

__getattr__, __dir__ = lazy(
    __name__,
    __all__,
    {
        "axis": ("Axis",),
        "designs": ("DESIGNS", "Design", "Kind", "design"),
        "sobol_indices": ("DUMMY", "Index", "indices", "sobol"),
        "tornado_swings": ("End", "Swing", "tornado"),
        "study": ("Measured", "Task", "Tick", "measure", "sweep"),
        "response_curve": ("Response", "response"),
        "table": ("Sweep",),
    },
)
