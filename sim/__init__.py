"""The world and what happens in it: knows no files, no statistics, no charts."""

from sim.fit import DoesNotFit, Misfit, misfits
from sim.policy import Policy
from sim.records import Run
from sim.ruling import CaseFile
from sim.scenario import Scenario
from sim.simulate import Part, gather, iterate, replicate, simulate

__all__ = [
    "CaseFile", "DoesNotFit", "Misfit", "Part", "Policy", "Run", "Scenario",
    "gather", "iterate", "misfits", "replicate", "simulate",
]  # fmt: skip
