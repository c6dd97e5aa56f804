"""Running an experiment: into a folder that can be resumed, or in memory."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

from evenhand import analysis
from evenhand.analysis.metrics.cautions import cautions
from evenhand.analysis.metrics.touched import touched
from evenhand.analysis.runs.background import Background
from evenhand.analysis.runs.folder import MANIFEST, PARTS, PLAN, part_name
from evenhand.analysis.runs.scratch import remove_abandoned
from evenhand.analysis.runs.seals import Damaged, Foreign, check_part
from evenhand.analysis.runs.steps import Step
from evenhand.analysis.runs.stored import Stored
from evenhand.errors import UsageError
from evenhand.jobs.compilation import ready
from evenhand.jobs.event import Cancelled, OnEvent, Watch
from evenhand.jobs.second_drawer import SecondDrawer, second_drawer
from evenhand.locale.current import gettext
from evenhand.parallel import pool
from evenhand.parallel.pool import Asked
from evenhand.parallel.protocol import Tick
from evenhand.sim.runs.experiment import Experiment, expected_disputes
from evenhand.sim.runs.records import Run
from evenhand.sim.runs.replication_records import Part
from evenhand.sim.runs.trial import Trial, gather
from evenhand.storage import jobs, parts, plan_file
from evenhand.storage import run_dir as rundir
from evenhand.storage.in_progress import Begun, beginning, goal, put, resuming
from evenhand.storage.output_dir import Site
from evenhand.storage.plan import Plan


class Finished(NamedTuple):
    """A run that is whole."""

    run: Stored
    metrics: dict[str, Any]
    """As they stand in the manifest."""
    rest: dict[str, Any]
    """What the test for rest found, as it stands there; see `analysis.rest`."""
    example: tuple[int, int] | None
    """A dispute and its replication, worth an explanation."""
    folder: Path
    warnings: list[dict[str, Any]]
    """What makes the numbers say something else than they seem to, such as a desk that cannot keep up."""
    touched: list[dict[str, Any]]
    """How many disputes each exception and reform has reached."""
    background: dict[str, Any]
    """What the files say beside their numbers; see `Background`."""


def run(
    experiment: Experiment,
    out: Path | None = None,
    *,
    background: Background | None = None,
    force: bool = False,
    workers: Asked | int | None = None,
    on_event: OnEvent | None = None,
    cancelled: Cancelled | None = None,
) -> Finished:
    """Run an experiment, measure it, and leave its records, a report and a manifest in a folder.

    `out` defaults to a free name below `runs`; `force` replaces an earlier run there. `workers` are at most
    so many threads or processes, or the cluster of an `Asked`; None = the experiment's, where it has several,
    else one a core. `background` is what the files of scenario and policy say beside their
    numbers. A run that is stopped keeps its whole parts: `resume` goes on to the same bytes.
    Raises Stopped, UsageError, OSError.
    """
    asked, watch = asked_of(workers, experiment), Watch(on_event, cancelled)
    plan = Plan.of(experiment)._replace(background=(background or Background()).as_json())
    name = _file_name(f"{plan.policy.name}-{plan.scenario.name}-seed{plan.seed}")
    site = Site(out or Path("runs") / name, exact=out is not None, force=force)
    remove_abandoned()
    with beginning(site, plan, partial(_kept, watch)) as begun:
        found = fill(begun, asked, watch)
    return found._replace(folder=begun.final)


def resume(
    folder: Path,
    out: Path | None = None,
    *,
    force: bool = False,
    workers: Asked | int | None = None,
    on_event: OnEvent | None = None,
    cancelled: Cancelled | None = None,
) -> Finished:
    """Go on with the run of a folder, or give what a finished one has found; with `out`, move it there.

    Raises Stopped, UsageError, OSError.
    """
    asked, watch = asked_of(workers), Watch(on_event, cancelled)
    if force and out is None:
        raise UsageError(gettext("--force: replaces the folder given by --out, and none is given"))
    site = Site(out, exact=True, force=force) if out else None
    if (folder / MANIFEST).is_file() and _is_sound(folder, watch):
        watch.note("keep", 1, 1, Step("finished", folder=str(folder)))
        final = goal(folder, site)
        put(folder, final)
        whole, manifest = rundir.open_stored(final), rundir.read_manifest(final, verify=False)
        said = (manifest.get("rest") or {}, whole.first_ruled(), final)
        more = (manifest.get("warnings") or [], manifest.get("touched") or [])
        return Finished(whole, manifest["metrics"], *said, *more, manifest.get("background") or {})
    remove_abandoned()
    with resuming(folder, site, partial(_kept, watch)) as begun:
        found = fill(begun, asked, watch)
    return found._replace(folder=begun.final)


def simulate(
    experiment: Experiment, *, on_event: OnEvent | None = None, cancelled: Cancelled | None = None
) -> Run:
    """Run an experiment in memory, as many replications at once as there are cores.

    Raises Stopped, ValueError.
    """
    return simulated(experiment, Watch(on_event, cancelled))


def key(experiment: Experiment) -> str:
    """Hash of the numbers of an experiment and of what computes with them: the same key is the same run.

    Titles, names and sources do not count, nor does the engine. Raises UsageError for a rule in Python.
    """
    return plan_file.key(Plan.of(experiment))


def fill(begun: Begun, asked: Asked, watch: Watch) -> Finished:
    """Simulate what is missing, and write everything, the manifest last."""
    plan, folder = begun.plan, begun.folder
    with second_drawer(_has_room(asked, plan)) as other:
        loading = Thread(target=_load_report, daemon=True)
        loading.start()
        simulate_into(folder, plan, asked, watch)
        loading.join()
        return _measured(begun, watch, other)


def _has_room(asked: Asked, plan: Plan) -> bool:
    """Whether a second process would have a core, and a run that is long enough to load what it needs."""
    wanted = pool.cores() if asked.workers is None else min(asked.workers, pool.cores())
    return wanted > 1 and asked.cluster is None and plan.engine == "numba"


def _load_report() -> None:
    """Load what draws charts, which takes half a second, while machine code simulates.

    What cannot be loaded is told where it is needed, not from a thread.
    """
    with suppress(Exception):
        from evenhand.analysis import report  # noqa: F401


def _measured(begun: Begun, watch: Watch, other: SecondDrawer | None) -> Finished:
    """Count the records of a run, draw its report, and write the manifest."""
    plan, folder = begun.plan, begun.folder
    run = rundir.stored(folder, plan)
    later = other.begin(run) if other else {}
    estimates = analysis.outcomes(run, tell=watch.steps("count", Step("counting")))
    at_rest, cautioned = analysis.rest(run), cautions(run, estimates)
    drawing = watch.steps("draw", Step("drawing"))
    drawing(0, 1)
    from evenhand.analysis import report  # here, because charts take a while to import

    report.write(
        run,
        folder / rundir.REPORT,
        estimates=estimates,
        at_rest=at_rest,
        cautioned=cautioned,
        background=Background.of_json(plan.background),
        later=later,
        tell=drawing,
    )
    metrics, example = dict(analysis.manifest_metrics(estimates)), run.first_ruled()
    said: dict[str, Any] = {
        "rest": at_rest.as_json(),
        "warnings": [one.as_json() for one in cautioned],
        "touched": [one.as_json() for one in touched(run)],
        "background": plan.background or {},
    }
    watch.check()
    rundir.write_manifest(run, metrics, folder, said)
    return Finished(run, metrics, example=example, folder=folder, **said)


def simulate_into(folder: Path, plan: Plan, asked: Asked, watch: Watch) -> None:
    """Do the jobs of a run whose parts are missing in its folder."""
    places, records = folder / PARTS, plan_file.records_of_plan(plan)
    places.mkdir(exist_ok=True)
    every = jobs.jobs_of(plan)
    there = _sound(places, records, {job.name for job in every}, watch)
    missing = [job for job in every if job.name not in there]
    todo = sum(job.replications for job in missing)
    if missing:
        ready(plan.experiment(), watch)
    counter = count(plan.replications, plan.replications - todo, watch)
    drawn = expected_disputes(plan.scenario, plan.days) * todo
    who = pool.executor(asked, plan.engine, drawn, len(missing), leave=watch.may_leave)
    if who.kind == "cluster":
        afar = partial(jobs.carry_out_afar, folder.absolute(), jobs.hash_of(folder), records)
        for job, files in pool.perform(afar, missing, who, counter, watch.check):
            jobs.receive(places, records, job, files)
    else:
        for _ in pool.perform(partial(jobs.carry_out, places, records), missing, who, counter, watch.check):
            pass
    parts.clear(places)  # what workers left behind that did not live to rename it


def simulated(
    experiment: Experiment, watch: Watch, policy: str | None = None, place: int = 0, of: int = 1
) -> Run:
    """All replications in memory; with the name of a policy, events bear it.

    It is one of several experiments as long, and its place among them counts from 0.
    """
    ready(experiment, watch)
    tick = count(experiment.replications, 0, watch, policy, place, of)
    found: list[Part] = []
    for part in replicated(experiment, watch):
        found.append(part)
        tick()
    return gather(experiment, found)


def replicated(experiment: Experiment, watch: Watch) -> Iterator[Part]:
    """The replications in their order; tells of nothing, and stops where it is asked to."""
    own = experiment.decide is not None  # a function in Python may not travel to another process
    leave = watch.may_leave and not own
    who = pool.executor(
        1 if own else None,
        experiment.engine,
        experiment.expected_disputes,
        experiment.replications,
        leave=leave,
    )
    do = partial(_replicate, Trial.of(experiment))
    return pool.in_order(do, range(experiment.replications), who, watch.check)


def count(
    total: int, done: int, watch: Watch, policy: str | None = None, place: int = 0, of: int = 1
) -> Tick:
    """Tell which replication comes next, now and whenever one is done; see `simulated`."""

    def say() -> None:
        number = min(done + 1, total)
        if policy is None:
            step = Step("replication", number=number, total=total)
        else:
            step = Step("replication_of_policy", policy=policy, number=number, total=total)
        watch.say("simulate", place * total + done, of * total, step)

    def tick() -> None:
        nonlocal done
        done += 1
        say()

    say()
    return tick


def _replicate(trial: Trial, replication: int, _: Tick) -> Part:
    return trial.replicate(replication)


def asked_of(workers: Asked | int | None, experiment: Experiment | None = None) -> Asked:
    """Who may do the work. Raises UsageError for what cannot be."""
    if isinstance(workers, Asked):
        return workers.check()
    if workers is None and experiment is not None and experiment.workers > 1:
        workers = experiment.workers
    return Asked(workers).check()


def _is_sound(folder: Path, watch: Watch) -> bool:
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
            raise UsageError(
                gettext("{damage} (it cannot be done anew: {why})").format(damage=damage, why=why)
            ) from why
        watch.note("keep", 0, 1, Step("damaged_run", folder=str(folder)))
        return False
    return True


def _kept(watch: Watch, begun: Begun, replications: int) -> None:
    """Tell of a run that was broken off; how to go on follows from the two folders."""
    total = begun.plan.replications
    step = Step(
        "kept_replications",
        done=replications,
        total=total,
        folder=str(begun.folder),
        final=str(begun.final),
    )
    watch.note("keep", replications, total, step)


def _sound(places: Path, records: str, wanted: set[str], watch: Watch) -> set[str]:
    """The names of the parts that are there and as they were written; the others of ours are removed.

    Raises UsageError for a part that is whole and not of this run: who put it there may want it.
    """
    found = {part_name(*ends) for ends in parts.whole(places)}
    for name in sorted(found):
        if name not in wanted:
            raise UsageError(
                gettext("'{places}' is no part of this run; take it away to go on").format(
                    places=places / name
                )
            )
        try:
            check_part(places / name, records)
        except Damaged as damaged:
            watch.note("keep", 0, 1, Step("damaged", why=str(damaged), replications=name))
            shutil.rmtree(places / name)
            found.remove(name)
        except Foreign as foreign:
            raise UsageError(gettext("{foreign}; take it away to go on").format(foreign=foreign)) from foreign
    return found


def _file_name(text: str) -> str:
    """Keep letters of any script, digits and - _ . of a name that becomes part of a path."""
    return re.sub(r"[^\w.-]+", "-", text).strip(".-")[:120] or "run"
