"""The folder of a run: its records, its report, and a manifest with all that is needed to read them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from evenhand.analysis.metrics.chunks import AnyRun
from evenhand.analysis.runs import folder as runs
from evenhand.analysis.runs import stored as on_disk
from evenhand.analysis.runs.atomic import flush, whole
from evenhand.analysis.runs.digest import sealed
from evenhand.analysis.runs.folder import LAYOUT, MANIFEST, PARTS, TABLES, BadRun, Manifest, part_name
from evenhand.analysis.runs.seals import check_finished, sums_of
from evenhand.analysis.runs.stored import Stored
from evenhand.errors import UsageError
from evenhand.locale.current import gettext
from evenhand.sim.runs.cohort import Cohort
from evenhand.sim.runs.records import Columns, Run
from evenhand.sim.runs.replication_records import Part
from evenhand.storage import parquet, parts
from evenhand.storage.parts import Writer
from evenhand.storage.plan import Plan, in_words
from evenhand.storage.plan_file import described, records_of
from evenhand.storage.version import version, versions

REPORT = "report.html"
SEEDING = (
    "one Philox generator a replication, keyed by SeedSequence(seed, spawn_key=(replication,)); its counter "
    "is (position of the draw's owner / 4, draw number, slot, 0)"
)
STOPPED = "after the replications that were asked for"
"""Why there are no more replications; a run does not look at its results before it stops."""


def write_records(run: Run, folder: Path) -> None:
    """Write the records of a run that is in memory, as one part. Raises OSError."""
    name = part_name(0, run.replications - 1)
    (folder / PARTS).mkdir()
    records = _records(run)
    with parts.building_part(folder / PARTS, name, records) as hidden, Writer(hidden, run.scenario) as writer:
        writer.add(Part(*(getattr(run, table) for table in TABLES)))


def write_manifest(
    run: AnyRun, metrics: dict[str, Any], folder: Path, said: Mapping[str, Any] | None = None
) -> None:
    """Write the manifest; it comes last, because a folder that has one counts as finished.

    `said` is what else was found of the run: `rest`, `warnings`, `touched`, and its files' `background`.
    """
    listed = [
        {**part, "files": sums_of(folder / PARTS / part_name(*part["replications"]))}
        for part in part_rows(folder)
    ]
    manifest: Manifest = {
        "layout": LAYOUT,
        "evenhand": version(),
        "versions": versions(),
        "scenario": described(run.scenario),
        "policy": described(run.policy),
        "seed": run.seed,
        "seeding": SEEDING,
        "replications": run.replications,
        "stopped": STOPPED,
        "days": run.days,
        "engine": run.engine,
        "open_loop": run.open_loop,
        "cohort": in_words(run.cohort),
        "rule": None if run.rule is None else run.rule.as_json(),
        "rows": {table: sum(part["rows"][table] for part in listed) for table in TABLES},
        "parts": listed,
        "records": _records(run),
        "metrics": metrics,
        "rest": None,
        **(said or {}),
    }
    text = json.dumps(sealed(manifest), ensure_ascii=False, indent=1, allow_nan=False)
    for path in folder.iterdir():
        flush(path)
    with whole(folder / MANIFEST) as unfinished:
        unfinished.write_text(text + "\n", encoding="utf-8")


def part_rows(folder: Path) -> list[dict[str, Any]]:
    """The parts of a run in order: first and last replication, and rows of each table.

    Raises duckdb.Error where a file is damaged.
    """
    listed: list[dict[str, Any]] = [
        {"replications": list(ends), "rows": dict.fromkeys(TABLES, 0)} for ends in parts.whole(folder / PARTS)
    ]
    rows_of = {part_name(*one["replications"]): one["rows"] for one in listed}
    places = [(table, path) for table in TABLES for path in runs.files(folder, table)]
    counted = parquet.row_counts([path for _, path in places]) if places else []
    for (table, path), count in zip(places, counted, strict=True):
        rows_of[path.parent.name][table] += count
    return listed


def read_manifest(folder: Path, *, verify: bool = True) -> Manifest:
    """Read the manifest of a finished run; with `verify`, every file of it must be as it was written.

    Raises UsageError where there is none that can be read, or a file is not.
    """
    try:
        manifest = runs.read_manifest(folder, verify=verify)
        if verify:
            check_finished(folder, manifest)
    except BadRun as error:
        raise UsageError(str(error)) from error
    return manifest


def open_run(folder: Path, *, verify: bool = True) -> Run:
    """Read a finished run as `sim.simulate` left it. Raises UsageError, OSError."""
    run = open_stored(folder, verify=verify)
    try:
        counted = [{**part, "files": None} for part in read_manifest(folder, verify=False)["parts"]]
        if [{**part, "files": None} for part in part_rows(folder)] != counted:
            raise UsageError(
                gettext("'{folder}' cannot be read: rows are missing from its records").format(folder=folder)
            )
        tables = {table: run.table(table) for table in TABLES}
    except (KeyError, duckdb.Error) as error:
        raise UsageError(
            gettext("'{folder}' cannot be read: its records are damaged or missing").format(folder=folder)
        ) from error
    return Run(
        scenario=run.scenario,
        policy=run.policy,
        seed=run.seed,
        replications=run.replications,
        days=run.days,
        engine=run.engine,
        open_loop=run.open_loop,
        cohort=run.cohort,
        rule=run.rule,
        disputes=_by_arrival(tables["disputes"]),
        events=tables["events"],
        merchants=tables["merchants"],
        desks=tables["desks"],
        buyers=tables["buyers"],
    )


def open_stored(folder: Path, *, verify: bool = True) -> Stored:
    """A finished run of any size, to be read piece by piece. Raises UsageError."""
    try:
        return on_disk.open_stored(folder, verify=verify)
    except BadRun as error:
        raise UsageError(str(error)) from error


def stored(folder: Path, plan: Plan) -> Stored:
    """A run whose parts are all there, before it has a manifest."""
    frozen = plan.scenario.behaviour.open_loop if plan.open_loop is None else plan.open_loop
    return Stored(
        folder=folder,
        scenario=plan.scenario,
        policy=plan.policy,
        seed=plan.seed,
        replications=plan.replications,
        days=plan.days,
        engine=plan.engine,
        open_loop=frozen,
        cohort=None if plan.cohort is None else Cohort.read(plan.cohort),
    )


def _records(run: AnyRun) -> str:
    cohort = in_words(run.cohort)
    return records_of(
        run.scenario,
        run.policy,
        run.seed,
        run.days,
        open_loop=run.open_loop,
        cohort=cohort,
        rule=run.rule,
    )


def _by_arrival(disputes: Columns) -> Columns:
    """Disputes of each replication in order of arrival; those of a long one are stored as they closed."""
    key = disputes["replication"].astype(np.int64) << 32 | disputes["dispute"]
    if (key[1:] > key[:-1]).all():
        return disputes
    order = np.argsort(key)
    return {name: column[order] for name, column in disputes.items()}
