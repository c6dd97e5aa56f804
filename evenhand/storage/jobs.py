"""Jobs: blocks of replications, each a pure function of the plan and its number, that leave a part."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from time import sleep
from typing import NamedTuple

from evenhand.analysis.runs.folder import PARTS, PLAN, part_name
from evenhand.analysis.runs.scratch import scratch
from evenhand.locale.current import gettext
from evenhand.parallel.protocol import Tick, go_on
from evenhand.sim.runs.experiment import expected_disputes
from evenhand.sim.runs.replication_records import Part
from evenhand.sim.runs.trial import Trial
from evenhand.storage.parts import Writer, building_part
from evenhand.storage.plan import Plan

Files = dict[str, bytes]
"""The files of a part by their names."""
SEEN_AFTER = 60
"""Seconds after which what another host has written to a shared folder must be seen here."""


class Job(NamedTuple):
    """Replications of a plan: `first` to `last`, both included."""

    plan: Plan
    first: int
    last: int

    @property
    def name(self) -> str:
        """The folder of its part."""
        return part_name(self.first, self.last)

    @property
    def replications(self) -> int:
        """How many there are."""
        return self.last - self.first + 1


def jobs_of(plan: Plan) -> list[Job]:
    """Cut the replications of a plan into its jobs, as even as can be."""
    edges = [number * plan.replications // plan.jobs for number in range(plan.jobs + 1)]
    return [Job(plan, first, after - 1) for first, after in pairwise(edges)]


LONG = 400_000
"""Possible grievances from which on a replication is written as it comes, in the order of closing; a
shorter one is kept until it is over, and written in the order of arrival."""


def records(job: Job) -> Iterator[tuple[int, Part]]:
    """The records of a job as they are finished, each with its replication."""
    plan = job.plan
    long = expected_disputes(plan.scenario, plan.days) > LONG
    trial = Trial.of(plan.experiment())
    for replication in range(job.first, job.last + 1):
        if long:
            yield from ((replication, part) for part in trial.stream(replication))
        else:
            yield replication, trial.replicate(replication)


def write_part(job: Job, folder: Path, tick: Tick) -> None:
    """Simulate a job and write its tables into a folder. Raises OSError."""
    with Writer(folder, job.plan.scenario) as writer:
        before = job.first
        for replication, part in records(job):
            go_on(tick)
            if replication != before:
                tick()
                before = replication
            writer.add(part)
        tick()


def carry_out(parts: Path, records: str, job: Job, tick: Tick) -> None:
    """Simulate a job and leave its part among the others, whole or not at all. Raises OSError.

    `records` is what the rows of its plan depend on, `evenhand.storage.plan_file.records_of_plan`.
    """
    with building_part(parts, job.name, records) as hidden:
        write_part(job, hidden, tick)


def carry_out_afar(run: Path, plan: str | None, records: str, job: Job, tick: Tick) -> Files | None:
    """Simulate a job on another host.

    Where the folder of the run is seen from there, which the hash of its plan tells, the part is left
    among the others; else its files are sent back.
    """
    if plan is not None and hash_of(run) == plan:
        carry_out(run / PARTS, records, job, tick)
        return None
    with scratch() as folder:
        write_part(job, folder, tick)
        return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def receive(parts: Path, records: str, job: Job, files: Files | None) -> None:
    """Leave a part that was made afar among the others; one that a host has written must be seen here."""
    if files is not None:
        with building_part(parts, job.name, records) as hidden:
            for name, content in files.items():
                (hidden / name).write_bytes(content)
        return
    for _ in range(SEEN_AFTER):
        if any(path.name == job.name for path in parts.iterdir()):  # asks the server, where `exists` may not
            return
        sleep(1)
    raise OSError(
        gettext("{parts}: written by a worker, and not seen here; do both share this folder?").format(
            parts=parts / job.name
        )
    )


def hash_of(run: Path) -> str | None:
    """What tells the folder of a run from all others; None where it is not seen."""
    try:
        return sha256((run / PLAN).read_bytes()).hexdigest()
    except OSError:
        return None
