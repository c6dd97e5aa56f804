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
from evenhand.locale.current import gettext, gettext_noop
from evenhand.sim.runs.records import About

FEW_SAID = gettext_noop(" *: a rate of fewer than {few} cases, which luck may have made.")
SHORT = {"share": "%", "count": ""}
"""Units that are written otherwise in a table."""


def print_metrics(run: About, metrics: dict[str, Any]) -> None:
    """Print what was run and each metric with its interval and count."""
    scenario, policy, replications = run.scenario, run.policy, run.replications
    screen = console()
    screen.print(plain(f"{gettext(policy.title)} [{policy.name}]"), style="bold")
    times = (
        gettext("once")
        if replications == 1
        else gettext("{replications} times").format(replications=replications)
    )
    screen.print(
        plain(
            gettext("in: {title} [{name}], {length}, {times}, seed {seed}\n").format(
                title=gettext(scenario.title),
                name=scenario.name,
                length=length(run),
                times=times,
                seed=run.seed,
            )
        )
    )
    rows = [_row(name, figures) for name, figures in metrics.items()]
    screen.print(table(("Measure", "Value", "95 % interval", "Unit", "n"), rows, right=(1, 2, 4)))
    few = any(map(_few, metrics, metrics.values()))
    screen.print(f"\n{_meaning(replications)}{gettext(FEW_SAID).format(few=FEW) if few else ''}")


def warn(warnings: Sequence[dict[str, Any]]) -> None:
    """Print what makes the numbers describe something else, above them."""
    print_alerts(("", one["sentence"]) for one in warnings)


def length(run: About) -> str:
    """The days of a run in words, and which of them are counted."""
    if run.cohort is not None:
        what = gettext("orders of") if run.cohort.by == "order" else gettext("filings of")
        return gettext("{days} days, counted {what} days {first} to {until}").format(
            days=run.days, what=what, first=run.cohort.first, until=run.cohort.until
        )
    begins = int(run.scenario.start_up // 24)
    return gettext("{days} days").format(days=run.days) + (
        gettext(", the first {begins} not counted").format(begins=begins) if begins else ""
    )


def _meaning(replications: int) -> str:
    if replications == 1:
        return gettext("n: cases counted. No intervals: they need two replications or more.")
    return gettext("n: cases counted. Intervals cover the luck between replications, and nothing else.")


def _few(name: str, figures: dict[str, Any]) -> bool:
    return is_few(figures["n"], pooled=METRICS[name].pooled)


def _row(name: str, figures: dict[str, Any]) -> tuple[str, str, str, str, str]:
    unit, value, ci = figures["unit"], figures["value"], figures["ci"]
    if value is None:
        written, interval = NOTHING, NOTHING
    else:
        written, *ends = in_one_style([value, *(ci or ())], unit)
        interval = gettext(" to ").join(ends) or NOTHING
    return (
        gettext(METRICS[name].title),
        written,
        interval,
        SHORT.get(unit, gettext(unit)),
        f"{'*' if _few(name, figures) else ''}{figures['n']:,}",
    )
