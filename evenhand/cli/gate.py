"""`evenhand gate`: hold policies to what was accepted of them, or accept what they do now."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from functools import partial
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from evenhand.analysis.gate import Finding, Gauge, Reading, examine, judge, measure
from evenhand.analysis.metrics.written import plain_json
from evenhand.cli.console import console, print_json
from evenhand.cli.gate_accept import rewrite
from evenhand.cli.gate_file import Book, Gate, read
from evenhand.cli.gate_table import Judged, reason_why, show
from evenhand.cli.progress import Tell, progress
from evenhand.errors import UsageError
from evenhand.parallel import pool
from evenhand.parallel.protocol import Tick
from evenhand.sim.runs.experiment import Experiment
from evenhand.sim.runs.trial import Trial
from evenhand.storage.version import version

Measured = Sequence[Mapping[str, Reading]]


class Outcome(NamedTuple):
    """What became of every entry of a file."""

    book: Book
    judged: list[Judged]
    reason: str | None = None
    """Why it was accepted, if it was."""

    @property
    def passed(self) -> bool:
        """Whether a build may go on."""
        return self.reason is not None or all(
            finding.verdict.passes for one in self.judged for finding in one.findings
        )


def carry_out(path: Path, reason: str | None, *, as_json: bool) -> bool:
    """Check a file, or accept for a reason, and print what was found; whether it passed.

    Raises BadFile, UsageError, OSError.
    """
    if reason is not None and not reason.strip():
        raise UsageError("--accept: must say why, found nothing")
    book = read(path, accepting=reason is not None)
    with progress(len(book.gates) * book.says.budget) as tell:
        outcome = check(book, tell) if reason is None else accept(book, reason.strip(), tell)
    if as_json:
        print_json(document(outcome))
    else:
        show(console(), path, outcome.judged, outcome.reason)
    return outcome.passed


def check(book: Book, tell: Tell | None = None) -> Outcome:
    """Judge every metric of a file, simulating no more replications than are needed."""
    says, judged = book.says, []
    for number, gate in enumerate(book.gates):
        with closing(_simulated(book, number, tell)) as coming:
            judged.append(Judged(gate, examine(gate.gauges, coming, says.replications, says.budget)))
    return Outcome(book, judged)


def accept(book: Book, reason: str, tell: Tell | None = None) -> Outcome:
    """Write what every policy does now, for the whole budget, into the file, and say what moved.

    Raises UsageError, before anything is written, for a metric without a value in some replication.
    """
    measured: list[Measured] = []
    for number, gate in enumerate(book.gates):
        measured.append(list(_simulated(book, number, tell)))
        _refuse_undefined(gate, measured[-1])
    rewrite(book, measured, reason)
    judged = [
        Judged(gate, [_moved(gauge, values) for gauge in gate.gauges])
        for gate, values in zip(book.gates, measured, strict=True)
    ]
    return Outcome(book, judged, reason)


def document(outcome: Outcome) -> dict[str, Any]:
    """Everything that was found, as plain data for a program; null where there is no number."""
    return {
        "passed": outcome.passed, "reason": outcome.reason, "evenhand": version(),
        "seed": outcome.book.says.seed, "days": outcome.book.says.days,
        "gates": [_entry(one.gate, finding) for one in outcome.judged for finding in one.findings],
    }  # fmt: skip


def _simulated(book: Book, number: int, tell: Tell | None) -> Generator[dict[str, Reading]]:
    """The replications of an entry, as they are wanted and a few ahead, by all cores."""
    gate, says = book.gates[number], book.says
    experiment = Experiment.of(
        gate.scenario, gate.policy, seed=says.seed, replications=says.budget, days=says.days
    )
    who = pool.crew(None, experiment.engine, experiment.expected_disputes, says.budget)
    trial = Trial.of(experiment)
    names = [gauge.metric for gauge in gate.gauges]
    coming = pool.in_order(partial(_measured, trial, names), range(says.budget), who)
    with closing(coming):
        for replication in range(says.budget):
            if tell:
                what = f"{gate.policy.name} in {gate.scenario.name}, replication {replication + 1}"
                tell(what, number * says.budget + replication)
            yield next(coming)


def _measured(trial: Trial, names: Sequence[str], replication: int, _: Tick) -> dict[str, Reading]:
    return measure(trial, names, replication)


def _refuse_undefined(gate: Gate, measured: Measured) -> None:
    for gauge in gate.gauges:
        holes = [i for i, one in enumerate(measured) if not isfinite(one[gauge.metric].value)]
        if holes:
            what = f"{gauge.metric} of {gate.policy.name} in {gate.scenario.name}"
            where = f"{len(holes)} of {len(measured)} replications, the first is {holes[0]}"
            raise UsageError(f"--accept: {what} has no value in {where}; run more days, or leave it out")


def _moved(gauge: Gauge, measured: Measured) -> Finding:
    """What changed since the values accepted before, as far as those go."""
    known = len(gauge.accepted) or None
    readings = [one[gauge.metric] for one in measured[:known]]
    return judge(gauge, np.array([one.value for one in readings]), n=np.array([one.n for one in readings]))


def _entry(gate: Gate, finding: Finding) -> dict[str, Any]:
    gauge = finding.gauge
    numbers = {
        "accepted": finding.accepted, "now": finding.now, "difference": finding.difference,
        "confidence": finding.confidence,
    }  # fmt: skip
    return {
        "scenario": gate.scenario.name, "policy": gate.policy.name, "metric": gauge.metric,
        "role": gauge.role, "margin": gauge.margin, "verdict": finding.verdict.value,
        "passed": finding.verdict.passes, "n": finding.n,
        **plain_json(numbers),
        "ci": finding.ci and list(finding.ci),
        "why": reason_why(finding, gate),
    }  # fmt: skip
