"""Gates: hold policies to what was accepted of them, or accept what they do now."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from evenhand.analysis.gate import Finding, Findings, Gauge, Measured, Reading, examine, judge, measure
from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.metrics.metric import Metric
from evenhand.analysis.metrics.overload import Overload, of_flows
from evenhand.analysis.metrics.within import travels
from evenhand.analysis.runs.steps import Step
from evenhand.errors import UsageError
from evenhand.jobs.compilation import ready
from evenhand.jobs.event import Cancelled, OnEvent, Watch
from evenhand.jobs.gate_accept import rewrite
from evenhand.jobs.gate_file import Gate, GateFile, read
from evenhand.locale.current import gettext
from evenhand.parallel import pool
from evenhand.parallel.protocol import Tick
from evenhand.result import Result
from evenhand.sim.runs.experiment import Decide, Experiment
from evenhand.sim.runs.trial import Trial

Readings = Sequence[Mapping[str, Reading]]


class Judged(NamedTuple):
    """An entry of a file and what was found."""

    gate: Gate
    findings: Findings
    overloads: tuple[Overload, ...] = ()
    """Desks that cannot keep up in the worlds that were looked at."""


@dataclass(frozen=True, eq=False, repr=False)
class Outcome(Result):
    """What became of every entry of a file."""

    file: GateFile
    judged: list[Judged]
    reason: str | None = None
    """Why it was accepted, if it was."""

    def table(self) -> list[dict[str, Any]]:
        """One flat row an entry of the file and metric."""
        return [
            {"scenario": one.gate.scenario.name, "policy": one.gate.policy.name, **row}
            for one in self.judged
            for row in one.findings.table()
        ]

    def summary(self) -> str:
        """Whether a build may go on, and what is wrong where not."""
        every = [(one.gate, finding) for one in self.judged for finding in one.findings]
        wrong = [
            gettext("{metric} of {policy} {verdict}").format(
                metric=f.gauge.metric, policy=gate.policy.name, verdict=f.verdict.value
            )
            for gate, f in every
        ]
        wrong = [said for said, (_, f) in zip(wrong, every, strict=True) if not f.verdict.passes]
        if self.reason is not None:
            return gettext("{n} metrics accepted: {reason}").format(n=len(every), reason=self.reason)
        return (
            gettext("passed, {n} metrics").format(n=len(every))
            if self.passed
            else gettext("failed: {wrong}").format(wrong=", ".join(wrong))
        )

    @property
    def labels(self) -> dict[str, str]:
        """Words for columns and metrics."""
        return {**super().labels, **{name: one.title for name, one in self.file.known.items()}}

    @property
    def passed(self) -> bool:
        """Whether a build may go on."""
        return self.reason is not None or all(
            finding.verdict.passes for one in self.judged for finding in one.findings
        )


def gate(
    file: Path | GateFile,
    *,
    metrics: Iterable[Metric] = (),
    decide: Decide | Mapping[str, Decide] | None = None,
    on_event: OnEvent | None = None,
    cancelled: Cancelled | None = None,
) -> Outcome:
    """Judge every metric of a file of expectations, simulating no more replications than are needed.

    The experiments are those of the file (`experiment_of`). `metrics` of one's own may be watched beside
    those of its `metrics_from`, a group's among them (`analysis.within`); `decide` is a decision rule in
    Python, or rules by the names of policies. Raises Stopped, BadFile, UsageError, OSError.
    """
    file, watch = _opened(file, metrics=metrics, decide=decide), Watch(on_event, cancelled)
    says, judged = file.says, []
    for number, one in enumerate(file.gates):
        flows: list[Floats] = []
        with closing(_simulated(file, number, watch, flows)) as coming:
            findings = examine(one.gauges, coming, says.replications, says.budget)
        judged.append(Judged(one, findings, of_flows(flows)))
    return Outcome(file, judged)


def accept(
    file: Path | GateFile,
    reason: str,
    *,
    metrics: Iterable[Metric] = (),
    decide: Decide | Mapping[str, Decide] | None = None,
    on_event: OnEvent | None = None,
    cancelled: Cancelled | None = None,
) -> Outcome:
    """Write what every policy does now, for the whole budget, into the file, and say what moved.

    The file is written when all is measured, whole or not at all. Raises Stopped, BadFile, OSError, and
    UsageError, before anything is written, for a metric without a value in some replication.
    """
    if not reason.strip():
        raise UsageError(gettext("--accept: must say why, found nothing"))
    file = _opened(file, accepting=True, metrics=metrics, decide=decide)
    watch = Watch(on_event, cancelled)
    measured: list[Readings] = []
    overloads: list[tuple[Overload, ...]] = []
    for number, one in enumerate(file.gates):
        flows: list[Floats] = []
        with closing(_simulated(file, number, watch, flows)) as coming:
            measured.append(list(coming))
        overloads.append(of_flows(flows))
        _refuse_undefined(one, measured[-1])
    watch.check()
    rewrite(file, measured, reason)
    judged = [
        Judged(one, Findings(_moved(gauge, values) for gauge in one.gauges), desks)
        for one, values, desks in zip(file.gates, measured, overloads, strict=True)
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
        decide=one.decide,
    )


def _opened(
    file: Path | GateFile,
    *,
    accepting: bool = False,
    metrics: Iterable[Metric] = (),
    decide: Decide | Mapping[str, Decide] | None = None,
) -> GateFile:
    if isinstance(file, GateFile):
        return file
    return read(file, accepting=accepting, metrics=metrics, decide=decide)


def _simulated(
    file: GateFile, number: int, watch: Watch, flows: list[Floats]
) -> Generator[dict[str, Reading]]:
    """The replications of an entry, as they are wanted and a few ahead, by all cores.

    What came to the desks of each is put into `flows`.
    """
    one, budget = file.gates[number], file.says.budget
    experiment = experiment_of(file, number)
    ready(experiment, watch)
    drawn, leave = experiment.expected_disputes, watch.may_leave
    who = pool.executor(None, experiment.engine, drawn, budget, leave=leave)
    metrics = [one.metrics[gauge.metric] for gauge in one.gauges]
    if one.decide is not None or not all(map(travels, metrics)):
        who = pool.staying(who)
    do = partial(_measured, Trial.of(experiment), metrics)
    with closing(pool.in_order(do, range(budget), who, watch.check)) as coming:
        for replication in range(budget):
            step = Step("gate", policy=one.policy.name, scenario=one.scenario.name, number=replication + 1)
            watch.say("simulate", number * budget + replication, len(file.gates) * budget, step)
            found = next(coming)
            flows.append(found.flow)
            yield found.readings


def _measured(trial: Trial, metrics: Sequence[Metric], replication: int, _: Tick) -> Measured:
    return measure(trial, metrics, replication)


def _refuse_undefined(one: Gate, measured: Readings) -> None:
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


def _moved(gauge: Gauge, measured: Readings) -> Finding:
    """What changed since the values accepted before, as far as those go."""
    known = len(gauge.accepted) or None
    readings = [one[gauge.metric] for one in measured[:known]]
    return judge(gauge, np.array([one.value for one in readings]), n=np.array([one.n for one in readings]))
