"""Sweeps: a policy in a scenario at many values of their settings, always in the same worlds."""

from analysis.sweeps.axis import Axis
from analysis.sweeps.design import DESIGNS, Design, Kind, design
from analysis.sweeps.study import Measured, Task, Tick, measure, sweep
from analysis.sweeps.table import Sweep

__all__ = [
    "DESIGNS",
    "Axis",
    "Design",
    "Kind",
    "Measured",
    "Sweep",
    "Task",
    "Tick",
    "design",
    "measure",
    "sweep",
]
