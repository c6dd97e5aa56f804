"""Gates: hold policies to what was accepted of them, or accept what they do now."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from functools import partial
from math import isfinite
from pathlib import Path
from typing import NamedTuple

import numpy as np

from evenhand.analysis.gate import Finding, Gauge, Reading, examine, judge, measure
from evenhand.analysis.runs.steps import Step
from evenhand.errors import UsageError
from evenhand.jobs.compilation import ready
from evenhand.jobs.event import Cancelled, OnEvent, Watch
from evenhand.jobs.gate_accept import rewrite
from evenhand.jobs.gate_file import Gate, GateFile, read
from evenhand.locale.current import gettext
from evenhand.parallel import pool
from evenhand.parallel.protocol import Tick
from evenhand.sim.runs.experiment import Experiment
from evenhand.sim.runs.trial import Trial

Measured = Sequence[Mapping[str, Reading]]


class Judged(NamedTuple):
    """An entry of a file and what was found."""

    gate: Gate
    findings: list[Finding]


class Outcome(NamedTuple):
    """What became of every entry of a file."""

    file: GateFile
    judged: list[Judged]
    reason: str | None = None
    """Why it was accepted, if it was."""

    @property
    def passed(self) -> bool:
        """Whether a build may go on."""
        return self.reason is not None or all(
            finding.verdict.passes for one in self.judged for finding in one.findings
        )


def gate(
    file: Path | GateFile, *, on_event: OnEvent | None = None, cancelled: Cancelled | None = None
) -> Outcome:
    """Judge every metric of a file of expectations, simulating no more replications than are needed.

    The experiments are those of the file (`experiment_of`). Raises Stopped, BadFile, UsageError, OSError.
    """
    file, watch = _opened(file), Watch(on_event, cancelled)
    says, judged = file.says, []
    for number, one in enumerate(file.gates):
        with closing(_simulated(file, number, watch)) as coming:
            judged.append(Judged(one, examine(one.gauges, coming, says.replications, says.budget)))
    return Outcome(file, judged)


def accept(
    file: Path | GateFile, reason: str, *, on_event: OnEvent | None = None, cancelled: Cancelled | None = None
) -> Outcome:
    """Write what every policy does now, for the whole budget, into the file, and say what moved.

    The file is written when all is measured, whole or not at all. Raises Stopped, BadFile, OSError, and
    UsageError, before anything is written, for a metric without a value in some replication.
    """
    if not reason.strip():
        raise UsageError(gettext("--accept: must say why, found nothing"))
    file, watch = _opened(file, accepting=True), Watch(on_event, cancelled)
    measured: list[Measured] = []
    for number, one in enumerate(file.gates):
        with closing(_simulated(file, number, watch)) as coming:
            measured.append(list(coming))
        _refuse_undefined(one, measured[-1])
    watch.check()
    rewrite(file, measured, reason)
    judged = [
        Judged(one, [_moved(gauge, values) for gauge in one.gauges])
        for one, values in zip(file.gates, measured, strict=True)
    ]
    return Outcome(file, judged, reason)


def experiment_of(file: GateFile, number: int) -> Experiment:
    """The experiment of an entry of a file, with as many replications as it may take. Raises DoesNotFit."""
    one, says = file.gates[number], file.says
    return Experiment.of(
        one.scenario,
        one.policy,
        seed=says.seed,
        replications=says.budget,
        days=says.days,
        cohort=says.cohort,
    )


def _opened(file: Path | GateFile, *, accepting: bool = False) -> GateFile:
    return file if isinstance(file, GateFile) else read(file, accepting=accepting)


def _simulated(file: GateFile, number: int, watch: Watch) -> Generator[dict[str, Reading]]:
    """The replications of an entry, as they are wanted and a few ahead, by all cores."""
    one, budget = file.gates[number], file.says.budget
    experiment = experiment_of(file, number)
    ready(experiment, watch)
    drawn, leave = experiment.expected_disputes, watch.may_leave
    who = pool.executor(None, experiment.engine, drawn, budget, leave=leave)
    names = [gauge.metric for gauge in one.gauges]
    do = partial(_measured, Trial.of(experiment), names)
    with closing(pool.in_order(do, range(budget), who, watch.check)) as coming:
        for replication in range(budget):
            step = Step("gate", policy=one.policy.name, scenario=one.scenario.name, number=replication + 1)
            watch.say("simulate", number * budget + replication, len(file.gates) * budget, step)
            yield next(coming)


def _measured(trial: Trial, names: Sequence[str], replication: int, _: Tick) -> dict[str, Reading]:
    return measure(trial, names, replication)


def _refuse_undefined(one: Gate, measured: Measured) -> None:
    for gauge in one.gauges:
        holes = [i for i, each in enumerate(measured) if not isfinite(each[gauge.metric].value)]
        if holes:
            what = gettext("{metric} of {name} in {name_2}").format(
                metric=gauge.metric, name=one.policy.name, name_2=one.scenario.name
            )
            where = gettext("{holes} of {measured} replications, the first is {what}").format(
                holes=len(holes), measured=len(measured), what=holes[0]
            )
            raise UsageError(
                gettext("--accept: {what} has no value in {where}; run more days, or leave it out").format(
                    what=what, where=where
                )
            )


def _moved(gauge: Gauge, measured: Measured) -> Finding:
    """What changed since the values accepted before, as far as those go."""
    known = len(gauge.accepted) or None
    readings = [one[gauge.metric] for one in measured[:known]]
    return judge(gauge, np.array([one.value for one in readings]), n=np.array([one.n for one in readings]))
