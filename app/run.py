"""`evenhand run`: read the two files, simulate, measure, and leave a folder."""

from __future__ import annotations

import json
import re
import shlex
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import numpy as np

import analysis
import scenarios
import sim
from app import rundir
from app.failures import UsageError
from app.folder import Site, building
from app.progress import Tell, progress
from app.tables import print_metrics
from app.version import version
from scenarios import BadFile, Kind, Loaded
from sim.clocks.cache import is_warm
from sim.replications import Clock, choose_clock

MOST_DAYS = 36_500
TERMINATED = 128 + 15
COMPILING = "compiling the model, about half a minute, once for each version"


class Order(NamedTuple):
    """What was asked for."""

    policy: str
    scenario: str
    replications: int
    days: int | None
    seed: int
    clock: Clock
    open_loop: bool


class Plan(NamedTuple):
    """An order that can be carried out."""

    scenario: sim.Scenario
    policy: sim.Policy
    replications: int
    days: int
    seed: int
    clock: Clock
    open_loop: bool | None
    """None = as the scenario says."""


def carry_out(order: Order, out: Path | None, *, force: bool, as_json: bool) -> None:
    """Run, store, and print the metrics. Raises BadFile, UsageError, OSError."""
    plan = check(order)
    name = _file_name(f"{plan.policy.name}-{plan.scenario.name}-seed{plan.seed}")
    site = Site(out or Path("runs") / name, exact=out is not None, force=force)
    with terminable(), building(site) as folder:
        run, metrics = fill(folder, plan)
    if as_json:
        print(json.dumps(_document(plan, metrics), ensure_ascii=False, indent=1, allow_nan=False))
        print(f"run folder: {site.final}", file=sys.stderr)
    else:
        print_metrics(plan.scenario, plan.policy, plan.replications, plan.days, plan.seed, metrics)
        print(f"\nReport:  {site.final / rundir.REPORT}\nRecords: {site.final}")
        if len(run):
            print(f"A case:  evenhand explain {shlex.quote(str(site.final))} {an_example(run)}")


def check(order: Order) -> Plan:
    """Read both files and look at every number. Raises BadFile with the mistakes of both, UsageError."""
    at_least("--replications", order.replications, 1)
    at_least("--seed", order.seed, 0)
    if order.days is not None:
        at_least("--days", order.days, 1, MOST_DAYS)
    scenario, policy = _read_both(order.scenario, order.policy)
    assert isinstance(scenario.model, sim.Scenario)
    assert isinstance(policy.model, sim.Policy)
    days = order.days or scenario.model.days
    scenarios.check_pair(scenario, policy, days)
    clock = order.clock
    if clock == "auto":
        chosen = choose_clock(scenario.model, days, order.replications)
        clock = "compiled" if chosen == "compiled" else "simpy"
    return Plan(
        scenario.model, policy.model, order.replications, days, order.seed, clock, order.open_loop or None
    )


def fill(folder: Path, plan: Plan) -> tuple[sim.Run, dict[str, Any]]:
    """Simulate, and write everything into a folder, the manifest last; give the run and its metrics."""
    with progress(plan.replications + 2) as tell:
        run = simulate(plan, tell)
        tell("counting outcomes", plan.replications)
        metrics = dict(analysis.manifest_metrics(analysis.outcomes(run)))
        rundir.write_records(run, folder)
        tell("drawing the report", plan.replications + 1)
        from analysis import report  # here, because charts take a while to import

        report.write(run, folder / rundir.REPORT)
        rundir.write_manifest(run, metrics, folder)
    return run, metrics


def an_example(run: sim.Run) -> str:
    """The first dispute that has been ruled on, or else the first, as `explain` wants it."""
    row = (~np.isnan(run.disputes["ruled_at"])).argmax()
    dispute, replication = (run.disputes[column][row] for column in ("dispute", "replication"))
    return f"{dispute} --replication {replication}" if replication else str(dispute)


def simulate(plan: Plan, tell: Tell) -> sim.Run:
    """Run all replications, and tell of each before it starts."""
    parts: list[sim.Part] = []
    coming = sim.iterate(
        plan.scenario, plan.policy, seed=plan.seed, replications=plan.replications, days=plan.days,
        clock=plan.clock, open_loop=plan.open_loop,
    )  # fmt: skip
    must_compile = plan.clock == "compiled" and not is_warm()
    for number in range(plan.replications):
        tell(
            COMPILING if must_compile and not number else f"replication {number + 1} of {plan.replications}",
            number,
        )
        parts.append(next(coming))
    return sim.gather(parts, plan.scenario, plan.policy, plan.seed, plan.days, plan.clock, plan.open_loop)


def _read_both(scenario: str, policy: str) -> tuple[Loaded, Loaded]:
    loaded: list[Loaded] = []
    problems: list[scenarios.Problem] = []
    asked: list[tuple[str, Kind]] = [(policy, "policy"), (scenario, "scenario")]
    for name, kind in asked:
        try:
            loaded.append(scenarios.read(name, kind))
        except BadFile as error:
            problems += error.problems
    if problems:
        raise BadFile(problems)
    return loaded[1], loaded[0]


def at_least(option: str, value: int, least: int, most: int | None = None) -> None:
    """Raise UsageError for a number of an option that is too small or too large."""
    if value < least or (most is not None and value > most):
        allowed = f"{least} or more" if most is None else f"{least} to {most:,}"
        raise UsageError(f"{option}: must be {allowed}, found {value}")


def _file_name(text: str) -> str:
    """Keep letters of any script, digits and - _ . of a name that becomes part of a path."""
    return re.sub(r"[^\w.-]+", "-", text).strip(".-")[:120] or "run"


def _document(plan: Plan, metrics: dict[str, Any]) -> dict[str, Any]:
    return {
        "scenario": plan.scenario.name, "policy": plan.policy.name, "seed": plan.seed,
        "replications": plan.replications, "version": version(), "metrics": metrics,
    }  # fmt: skip


@contextmanager
def terminable() -> Iterator[None]:
    """Let a polite request to stop clean up like an interrupt does."""

    def stop(*_: object) -> NoReturn:
        sys.exit(TERMINATED)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
