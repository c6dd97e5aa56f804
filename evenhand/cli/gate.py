"""`evenhand gate`: a printer of what `evenhand.jobs.gate` finds, or `accept` writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from evenhand import jobs
from evenhand.analysis.gate import Finding
from evenhand.analysis.metrics.written import plain_json
from evenhand.cli.console import console, print_json
from evenhand.cli.gate_table import reason_why, show
from evenhand.cli.progress import printed
from evenhand.jobs.gate_file import Gate
from evenhand.jobs.gating import Outcome
from evenhand.storage.version import version


def carry_out(path: Path, reason: str | None, *, as_json: bool) -> bool:
    """Check a file, or accept for a reason, and print what was found; whether it passed.

    Raises BadFile, UsageError, OSError.
    """
    with printed() as tell:
        if reason is None:
            outcome = jobs.gate(path, on_event=tell)
        else:
            outcome = jobs.accept(path, reason.strip(), on_event=tell)
    if as_json:
        print_json(document(outcome))
    else:
        show(console(), path, outcome.judged, outcome.reason)
    return outcome.passed


def document(outcome: Outcome) -> dict[str, Any]:
    """Everything that was found, as plain data for a program; null where there is no number."""
    return {
        "passed": outcome.passed,
        "reason": outcome.reason,
        "evenhand": version(),
        "seed": outcome.file.says.seed,
        "days": outcome.file.says.days,
        "cohort": outcome.file.says.cohort,
        "warnings": [
            {"scenario": one.gate.scenario.name, "policy": one.gate.policy.name, **desk.as_json()}
            for one in outcome.judged
            for desk in one.overloads
        ],
        "gates": [_entry(one.gate, finding) for one in outcome.judged for finding in one.findings],
    }


def _entry(gate: Gate, finding: Finding) -> dict[str, Any]:
    gauge = finding.gauge
    numbers = {
        "accepted": finding.accepted,
        "now": finding.now,
        "difference": finding.difference,
        "confidence": finding.confidence,
    }
    return {
        "scenario": gate.scenario.name,
        "policy": gate.policy.name,
        "metric": gauge.metric,
        "role": gauge.role,
        "margin": gauge.margin,
        "verdict": finding.verdict.value,
        "passed": finding.verdict.passes,
        "n": finding.n,
        **plain_json(numbers),
        "ci": finding.ci and list(finding.ci),
        "why": reason_why(finding, gate),
    }
