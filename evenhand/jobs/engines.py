"""Both engines on the same world: their records must be equal to the bit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.runs.folder import TABLES
from evenhand.analysis.runs.steps import Step
from evenhand.errors import UsageError
from evenhand.jobs.event import Watch
from evenhand.locale.current import gettext
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.experiment import Decide, EngineName, Experiment
from evenhand.sim.runs.records import Run
from evenhand.sim.runs.trial import Trial

BOTH: tuple[EngineName, ...] = ("simpy", "numba")


def agreement(
    experiments: Mapping[str, Experiment],
    policies: Mapping[str, Policy],
    rules: Mapping[str, Decide],
    watch: Watch,
) -> list[str]:
    """Let each policy live the first world of each scenario under both engines; one sentence each,
    in English like the checklist that they stand in.

    A decision rule in Python runs under SimPy only, and its sentence says so. Raises UsageError where any
    record differs: nothing that was measured then can be trusted.
    """
    said = []
    for scenario, experiment in experiments.items():
        for name, policy in policies.items():
            watch.check()
            if name in rules:
                said.append(f"{name} in {scenario}: decided in Python, so it runs under SimPy alone")
                continue
            watch.say("audit", len(said), len(experiments) * len(policies), Step("world", number=1, total=1))
            first, other = (
                Trial.of(replace(experiment.under(policy), engine=engine, decide=None, events=True)).one(0)
                for engine in BOTH
            )
            apart = unlike(first, other)
            if apart:
                raise UsageError(
                    gettext(
                        "--stress-des: SimPy and Numba differ for {name} in {scenario}: {apart}; "
                        "please report it"
                    ).format(name=name, scenario=scenario, apart=apart)
                )
            said.append(f"{name} in {scenario}: {len(first):,} disputes, equal to the bit in every column")
    return said


def unlike(one: Run, other: Run) -> str:
    """Where the records of two runs differ first, as a clause; '' where they are equal to the bit."""
    for table in TABLES:
        columns, others = getattr(one, table), getattr(other, table)
        if columns.keys() != others.keys():
            return gettext("the columns of {table}").format(table=table)
        for column, values in columns.items():
            there = others[column]
            if values.shape != there.shape:
                return gettext("{table} has {one:,} rows and {other:,}").format(
                    table=table, one=len(values), other=len(there)
                )
            if values.tobytes() != there.tobytes() and not _same(values, there):
                return f"{table}.{column}"
    return ""


def _same(one: NDArray[Any], other: NDArray[Any]) -> bool:
    """Equal values, of which NaN has many bit patterns and one meaning."""
    equal = one == other
    if one.dtype.kind == "f":
        equal = equal | (np.isnan(one) & np.isnan(other))
    return bool(equal.all())
