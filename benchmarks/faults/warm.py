"""Imported once, by the process that others are forked from: all modules, and machine code.

Jobs are small here, so that a short run has something between which it can be stopped.
"""

from __future__ import annotations

# ruff: noqa: F401
from contextlib import suppress

import analysis.calibration
import analysis.charts
import analysis.report
import analysis.runs.many
import app.begun
import app.calibrate_run
import app.compare
import app.export
import app.gate
import app.main
import app.query_run
import app.run
import app.sweep_run
import scenarios
import sim
from app import plan

with suppress(ImportError):
    import optuna

plan.GRIEVANCES_A_JOB["simpy"] = 40
sim.simulate(scenarios.load("tmall"), scenarios.policy("tmall"), days=20, clock="simpy")
