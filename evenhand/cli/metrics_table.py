"""The metrics of a run as a table for a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evenhand.analysis import METRICS
from evenhand.analysis.metrics.cautions import FEW, is_few
from evenhand.analysis.metrics.written import NOTHING, in_one_style
from evenhand.cli.alerts import print_alerts
from evenhand.cli.console import console, table
from evenhand.cli.errors import plain
from evenhand.sim.runs.records import About

FEW_SAID = f" *: a rate of fewer than {FEW} cases, which luck may have made."
SHORT = {"share": "%", "count": ""}
"""Units that are written otherwise in a table."""


def print_metrics(run: About, metrics: dict[str, Any]) -> None:
    """Print what was run and each metric with its interval and count."""
    scenario, policy, replications = run.scenario, run.policy, run.replications
    screen = console()
    screen.print(plain(f"{policy.title} [{policy.name}]"), style="bold")
    times = "once" if replications == 1 else f"{replications} times"
    screen.print(plain(f"in: {scenario.title} [{scenario.name}], {length(run)}, {times}, seed {run.seed}\n"))
    rows = [_row(name, figures) for name, figures in metrics.items()]
    screen.print(table(("Measure", "Value", "95 % interval", "Unit", "n"), rows, right=(1, 2, 4)))
    few = any(map(_few, metrics, metrics.values()))
    screen.print(f"\n{_meaning(replications)}{FEW_SAID if few else ''}")


def warn(warnings: Sequence[dict[str, Any]]) -> None:
    """Print what makes the numbers describe something else, above them."""
    print_alerts(("", one["sentence"]) for one in warnings)


def length(run: About) -> str:
    """The days of a run in words, and which of them are counted."""
    if run.cohort is not None:
        what = "orders of" if run.cohort.by == "order" else "filings of"
        return f"{run.days} days, counted {what} days {run.cohort.first} to {run.cohort.until}"
    begins = int(run.scenario.start_up // 24)
    return f"{run.days} days" + (f", the first {begins} not counted" if begins else "")


def _meaning(replications: int) -> str:
    if replications == 1:
        return "n: cases counted. No intervals: they need two replications or more."
    return "n: cases counted. Intervals cover the luck between replications, and nothing else."


def _few(name: str, figures: dict[str, Any]) -> bool:
    return is_few(figures["n"], pooled=METRICS[name].pooled)


def _row(name: str, figures: dict[str, Any]) -> tuple[str, str, str, str, str]:
    unit, value, ci = figures["unit"], figures["value"], figures["ci"]
    if value is None:
        written, interval = NOTHING, NOTHING
    else:
        written, *ends = in_one_style([value, *(ci or ())], unit)
        interval = " to ".join(ends) or NOTHING
    return (
        METRICS[name].title,
        written,
        interval,
        SHORT.get(unit, unit),
        f"{'*' if _few(name, figures) else ''}{figures['n']:,}",
    )
