"""`evenhand run`: read the two files, simulate, measure, and leave a folder."""

from __future__ import annotations

import re
import shlex
import shutil
import sys
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from evenhand import analysis, sim
from evenhand.analysis.runs.folder import MANIFEST, PARTS, PLAN, part_name
from evenhand.analysis.runs.scratch import remove_abandoned
from evenhand.analysis.runs.seals import Damaged, Foreign, check_part
from evenhand.analysis.runs.stored import Stored
from evenhand.cli.console import print_json
from evenhand.cli.metrics_table import print_metrics
from evenhand.cli.progress import Tell, progress
from evenhand.errors import UsageError
from evenhand.parallel import pool
from evenhand.parallel.pool import Asked
from evenhand.parallel.protocol import Tick
from evenhand.sim.jit.cache import is_warm
from evenhand.sim.runs.experiment import expected_disputes
from evenhand.storage import jobs, parts, plan_file
from evenhand.storage import run_dir as rundir
from evenhand.storage.in_progress import Begun, beginning, goal, put, resuming
from evenhand.storage.output_dir import Site
from evenhand.storage.plan import COMPILING, Order, Plan, check
from evenhand.storage.version import version


class Found(NamedTuple):
    """What is told of a run."""

    run: Stored
    metrics: dict[str, Any]
    example: tuple[int, int] | None
    """A dispute and its replication, worth an explanation."""


def carry_out(order: Order, out: Path | None, asked: Asked, *, force: bool, as_json: bool) -> None:
    """Run, store, and print the metrics. Raises BadFile, UsageError, OSError."""
    asked.check()
    plan = check(order)
    name = _file_name(f"{plan.policy.name}-{plan.scenario.name}-seed{plan.seed}")
    site = Site(out or Path("runs") / name, exact=out is not None, force=force)
    remove_abandoned()
    with beginning(site, plan) as begun:
        found = fill(begun, asked)
    _tell(found, begun.final, as_json=as_json)


def resume(folder: Path, asked: Asked, out: Path | None = None, *, force: bool, as_json: bool) -> None:
    """Go on with an unfinished run, or print what a finished one has found; with `out`, move it there.

    Raises UsageError, OSError.
    """
    asked.check()
    if force and out is None:
        raise UsageError("--force: replaces the folder given by --out, and none is given")
    site = Site(out, exact=True, force=force) if out else None
    if (folder / MANIFEST).is_file() and _is_sound(folder):
        print(f"evenhand: '{folder}' is finished already", file=sys.stderr)
        final = goal(folder, site)
        put(folder, final)
        run, metrics = rundir.open_stored(final), rundir.read_manifest(final, verify=False)["metrics"]
        _tell(Found(run, metrics, run.first_ruled()), final, as_json=as_json)
        return
    remove_abandoned()
    with resuming(folder, site) as begun:
        found = fill(begun, asked)
    _tell(found, begun.final, as_json=as_json)


def _is_sound(folder: Path) -> bool:
    """Whether a finished run is as it was written; where not, its plan must say how to do it anew.

    Raises UsageError.
    """
    try:
        rundir.open_stored(folder)
    except UsageError as damage:
        if not (folder / PLAN).is_file():
            raise
        try:
            plan_file.read(folder)
        except UsageError as why:
            raise UsageError(f"{damage} (it cannot be done anew: {why})") from why
        print(f"evenhand: '{folder}' is not as it was written; what is damaged is done anew", file=sys.stderr)
        return False
    return True


def fill(begun: Begun, asked: Asked) -> Found:
    """Simulate what is missing, and write everything, the manifest last."""
    plan, folder = begun.plan, begun.folder
    with progress(plan.replications + 2) as tell:
        simulate_into(folder, plan, asked, tell)
        tell("counting outcomes", plan.replications)
        run = rundir.stored(folder, plan)
        estimates = analysis.outcomes(run)
        tell("drawing the report", plan.replications + 1)
        from evenhand.analysis import report  # here, because charts take a while to import

        report.write(run, folder / rundir.REPORT, estimates=estimates)
        metrics, example = dict(analysis.manifest_metrics(estimates)), run.first_ruled()
        rundir.write_manifest(run, metrics, folder)
    return Found(run, metrics, example)


def simulate_into(folder: Path, plan: Plan, asked: Asked, tell: Tell) -> None:
    """Do the jobs of a run whose parts are missing in its folder."""
    places, records = folder / PARTS, plan_file.records_of_plan(plan)
    places.mkdir(exist_ok=True)
    every = jobs.jobs_of(plan)
    there = _sound(places, records, {job.name for job in every})
    missing = [job for job in every if job.name not in there]
    todo = sum(job.replications for job in missing)
    counter = _counter(plan, plan.replications - todo, tell)
    who = pool.crew(asked, plan.engine, expected_disputes(plan.scenario, plan.days) * todo, len(missing))
    if who.kind == "cluster":
        afar = partial(jobs.carry_out_afar, folder.absolute(), jobs.hash_of(folder), records)
        for job, files in pool.perform(afar, missing, who, counter):
            jobs.receive(places, records, job, files)
    else:
        for _ in pool.perform(partial(jobs.carry_out, places, records), missing, who, counter):
            pass
    parts.clear(places)  # what workers left behind that did not live to rename it


def _sound(places: Path, records: str, wanted: set[str]) -> set[str]:
    """The names of the parts that are there and as they were written; the others of ours are removed.

    Raises UsageError for a part that is whole and not of this run: who put it there may want it.
    """
    found = {part_name(*ends) for ends in parts.whole(places)}
    for name in sorted(found):
        if name not in wanted:
            raise UsageError(f"'{places / name}' is no part of this run; take it away to go on")
        try:
            check_part(places / name, records)
        except Damaged as damaged:
            print(f"evenhand: {damaged}; replications {name} are done anew", file=sys.stderr)
            shutil.rmtree(places / name)
            found.remove(name)
        except Foreign as foreign:
            raise UsageError(f"{foreign}; take it away to go on") from foreign
    return found


def _counter(plan: Plan, done: int, tell: Tell) -> Tick:
    """Count replications, and tell which one comes next."""

    def tick() -> None:
        nonlocal done
        done += 1
        say()

    def say(instead: str | None = None) -> None:
        if done < plan.replications:
            tell(instead or f"replication {done + 1} of {plan.replications}", done)

    say(None if is_warm(plan.engine) else COMPILING)
    return tick


def _tell(found: Found, folder: Path, *, as_json: bool) -> None:
    run = found.run
    if as_json:
        print_json(_document(run, found.metrics))
        print(f"run folder: {folder}", file=sys.stderr)
        return
    print_metrics(run.scenario, run.policy, run.replications, run.days, run.seed, found.metrics)
    print(f"\nReport:  {folder / rundir.REPORT}\nRecords: {folder}")
    if found.example is not None:
        dispute, replication = found.example
        which = f"{dispute} --replication {replication}" if replication else str(dispute)
        print(f"A case:  evenhand explain {shlex.quote(str(folder))} {which}")


def simulate(plan: Plan, tell: Tell) -> sim.Run:
    """Run all replications in memory, as many at once as there are cores, and tell how many are done."""
    experiment = plan.experiment()
    who = pool.crew(None, plan.engine, experiment.expected_disputes, plan.replications)
    trial = sim.Trial.of(experiment)
    coming = pool.in_order(partial(_replicate, trial), range(plan.replications), who)
    counter = _counter(plan, 0, tell)
    parts: list[sim.Part] = []
    for part in coming:
        parts.append(part)
        counter()
    return sim.gather(experiment, parts)


def _replicate(trial: sim.Trial, replication: int, _: Tick) -> sim.Part:
    return trial.replicate(replication)


def _file_name(text: str) -> str:
    """Keep letters of any script, digits and - _ . of a name that becomes part of a path."""
    return re.sub(r"[^\w.-]+", "-", text).strip(".-")[:120] or "run"


def _document(run: Stored, metrics: dict[str, Any]) -> dict[str, Any]:
    return {
        "scenario": run.scenario.name, "policy": run.policy.name, "seed": run.seed,
        "replications": run.replications, "version": version(), "metrics": metrics,
    }  # fmt: skip
