"""Imported once, by the process that others are forked from: all modules, and machine code.

Jobs are small here, so that a short run has something between which it can be stopped.
"""

from __future__ import annotations

# ruff: noqa: F401
from contextlib import suppress

import evenhand.analysis.calibration
import evenhand.analysis.charts
import evenhand.analysis.report
import evenhand.analysis.runs.many
import evenhand.cli.calibrate_run
import evenhand.cli.compare
import evenhand.cli.export
import evenhand.cli.gate
import evenhand.cli.main
import evenhand.cli.query_run
import evenhand.cli.run
import evenhand.cli.sweep_run
import evenhand.jobs.calibration
import evenhand.jobs.comparison
import evenhand.jobs.gating
import evenhand.jobs.parameter_sweep
import evenhand.jobs.simulation
import evenhand.storage.in_progress
from evenhand import scenarios, sim
from evenhand.storage import plan

with suppress(ImportError):
    import optuna

plan.GRIEVANCES_A_JOB["simpy"] = 40
sim.simulate(scenarios.load("tmall_unresponsive"), scenarios.policy("tmall"), days=20, engine="simpy")
