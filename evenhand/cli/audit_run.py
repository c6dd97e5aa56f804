"""Carrying out an audit: read the two files, live the worlds again and again, print what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from evenhand import jobs
from evenhand.analysis.counterfactual.evidence_effect import BY
from evenhand.analysis.counterfactual.feedback_effect import GAPS
from evenhand.analysis.counterfactual.findings import Findings
from evenhand.analysis.counterfactual.format import HEADINGS, rows
from evenhand.analysis.metrics.metric import Metric
from evenhand.analysis.metrics.registry import METRICS
from evenhand.analysis.metrics.written import figures, percent
from evenhand.cli import own
from evenhand.cli.alerts import print_alerts
from evenhand.cli.console import console, print_json, table
from evenhand.cli.errors import plain
from evenhand.cli.progress import printed
from evenhand.errors import UsageError, refused
from evenhand.jobs import amounts
from evenhand.jobs.audits import LIVES
from evenhand.locale.current import gettext
from evenhand.sim.runs.experiment import Experiment
from evenhand.storage.plan import Order, Plan, check
from evenhand.storage.version import version

SILENT_WHEN_NOTHING = {f"backfires_by_{reason}" for reason in BY if reason != "rule"}


def carry_out(name: str, order: Order, arguments: dict[str, Any], *, as_json: bool) -> None:
    """Audit and print. Raises BadFile, UsageError for what cannot be audited."""
    decide = own.rule_of(order.policy)
    plan = check(order._replace(policy=own.policy_of(order.policy)))
    if decide is not None:
        plan = plan._replace(policy=own.renamed(plan.policy, order.policy))
    if "delta" in arguments:
        arguments = {**arguments, "delta": _unit(arguments["delta"])}
    if "gaps" in arguments:
        arguments = {**arguments, "gaps": _gaps_of(*arguments["gaps"])}
    with refused(), printed() as show:
        experiment = Experiment.of(
            plan.scenario,
            plan.policy,
            seed=plan.seed,
            replications=plan.replications,
            days=plan.days,
            engine=own.engine_for(order.engine, rules=decide is not None),
            decide=decide,
            events=False,
            lives=LIVES[name],
        )
        found = jobs.audit(name, experiment, on_event=show, **arguments)  # type: ignore[arg-type]  # a command
    if as_json:
        print_json(_document(plan, found))
    else:
        print_findings(plan, found)


def _unit(text: str) -> float | str:
    """`sd` or nats."""
    if text == "sd":
        return text
    try:
        return float(text)
    except ValueError:
        raise UsageError(
            gettext("--delta: must be 'sd' or a number of nats, found '{text}'").format(text=text)
        ) from None


def _gaps_of(
    names: Sequence[str], columns: Sequence[str], files: Sequence[Path]
) -> Sequence[tuple[str | Metric, str]]:
    """Each metric by each column, of those that are asked for. Raises UsageError, BadCode."""
    known = own.known(files)
    metrics: list[str | Metric] = [amounts.metric(name, "--metric", known) for name in names]
    metrics = metrics or [one for name, one in known.items() if name not in METRICS]
    usual = dict.fromkeys(metric for metric, _ in GAPS), dict.fromkeys(column for _, column in GAPS)
    return [(metric, column) for metric in metrics or usual[0] for column in columns or usual[1]]


def print_findings(plan: Plan, found: Findings) -> None:
    """Print what was audited, the findings, the conclusion and how to read them."""
    screen = console()
    print_alerts(("", desk.sentence) for desk in found.overloads)
    screen.print(
        plain(gettext("audit {name}: {title}").format(name=found.name, title=found.title)), style="bold"
    )
    times = (
        gettext("once")
        if plan.replications == 1
        else gettext("{replications} times").format(replications=plan.replications)
    )
    screen.print(
        plain(
            gettext("{title} [{name}]\nin: {title_2} [{name_2}], {days} days, {times}, seed {seed}\n").format(
                title=gettext(plan.policy.title),
                name=plan.policy.name,
                title_2=gettext(plan.scenario.title),
                name_2=plan.scenario.name,
                days=plan.days,
                times=times,
                seed=plan.seed,
            )
        )
    )
    if found.name == "loops":
        gaps = (gettext("Gap in"), "Of", "Frozen", "Free", gettext("Added by feedback"), "Unit", "n")
        screen.print(table(gaps, _gaps(found), right=(2, 3, 4, 6)))
    else:
        screen.print(table(HEADINGS, finding_rows(found), right=(2, 3, 5)))
    screen.print(plain(f"\n{found.sentence}\n"))
    for note in found.notes:
        screen.print(plain(note))
    screen.print(
        gettext("n: cases counted. Intervals cover the luck between replications, and nothing else.")
    )


def finding_rows(found: Findings) -> list[tuple[str, ...]]:
    """One row a finding; reasons that never applied are left out."""
    shown = [
        one for one in found.findings if one.estimate.value or one.measure.name not in SILENT_WHEN_NOTHING
    ]
    return rows(replace(found, findings=tuple(shown)))


def _gaps(found: Findings) -> list[tuple[str, ...]]:
    """One row a gap: frozen, free, and what is added with its interval and its share of the free gap."""
    made: list[tuple[str, ...]] = []
    above = ""
    for frozen, free, added, share in zip(*(found.findings[k::4] for k in range(4)), strict=True):
        title = frozen.measure.title.removesuffix(", frozen")
        value, interval, unit = figures(added.estimate)
        part = (
            gettext(", {percent} of it").format(percent=percent(share.estimate.value))
            if share.estimate.ci
            else ""
        )
        ends = [figures(one.estimate)[0] for one in (frozen, free)]
        told = f"{value} ({interval}){part}"
        n = f"{added.estimate.n:,}"
        made.append(("" if title == above else title, added.part, *ends, told, unit, n))
        above = title
    return made


def _document(plan: Plan, found: Findings) -> dict[str, Any]:
    return {
        "scenario": plan.scenario.name,
        "policy": plan.policy.name,
        "seed": plan.seed,
        "replications": plan.replications,
        "days": plan.days,
        "version": version(),
        **found.document(),
    }
