"""Runs on disk in parts and files of any size, as `evenhand run` would leave those of a long run."""

from __future__ import annotations

from pathlib import Path

import pytest

from evenhand.analysis.runs.folder import PARTS as FOLDER
from evenhand.analysis.runs.folder import part_name
from evenhand.analysis.runs.stored import Stored
from evenhand.sim.runs.records import Run
from evenhand.sim.runs.replication_records import Part
from evenhand.storage import parts
from evenhand.storage.plan_file import records_of
from tests.support.runs import PARTS, where


def store(run: Run, folder: Path, *, a_part: int = 1, a_file: int = 122_880, rows: int = 2**18) -> Stored:
    """Write a run with so many replications a part and rows a file; read it in pieces of so many rows."""
    (folder / FOLDER).mkdir(parents=True)
    records = records_of(
        run.scenario,
        run.policy,
        run.seed,
        run.days,
        open_loop=run.open_loop,
        cohort=str(run.cohort) if run.cohort else None,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "ROWS_A_FILE", a_file)
        for first in range(0, run.replications, a_part):
            last = min(first + a_part, run.replications) - 1
            name = part_name(first, last)
            with (
                parts.building_part(folder / FOLDER, name, records) as hidden,
                parts.Writer(hidden, run.scenario) as writer,
            ):
                for number in range(first, last + 1):
                    for part in _in_rows(run, number, a_file):
                        writer.add(part)
    return Stored(
        folder=folder,
        scenario=run.scenario,
        policy=run.policy,
        seed=run.seed,
        replications=run.replications,
        days=run.days,
        engine=run.engine,
        open_loop=run.open_loop,
        cohort=run.cohort,
        rows=rows,
    )


def _in_rows(run: Run, number: int, at_once: int) -> list[Part]:
    """One replication as a stream: some rows of each table at a time, people and desks at the end."""
    tables = [where(getattr(run, name), getattr(run, name)["replication"] == number) for name in PARTS]
    disputes, events, *people = tables
    steps = max(len(disputes["dispute"]), len(events["case"]), 1)
    found = []
    for start in range(0, steps, at_once):
        cut = slice(start, start + at_once)
        last = start + at_once >= steps
        found.append(
            Part(
                {name: values[cut] for name, values in disputes.items()},
                {name: values[cut] for name, values in events.items()},
                *(one if last else {name: values[:0] for name, values in one.items()} for one in people),
            )
        )
    return found
