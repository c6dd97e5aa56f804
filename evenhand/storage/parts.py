"""The parts of a run on disk: a folder for each job, written under a hidden name, whole or absent."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from threading import get_ident
from typing import Self

from evenhand.analysis.runs.atomic import flush
from evenhand.analysis.runs.folder import TABLES
from evenhand.analysis.runs.lazy import words_of
from evenhand.analysis.runs.seals import seal
from evenhand.sim.runs.records import Columns, stack
from evenhand.sim.runs.replication_records import Part
from evenhand.sim.scenario.scenario import Scenario
from evenhand.storage import parquet

ROWS_A_FILE = 122_880
"""A table gets a new file after so many rows, the size of a row group, so that a part of any length is
written in constant memory."""
_NAME = re.compile(r"(\d{6,})-(\d{6,})")
_HIDDEN = re.compile(r"\.\d{6,}-\d{6,}\.\d+-\d+")
"""A part that is being written; see `building_part`."""


def whole(parts: Path) -> list[tuple[int, int]]:
    """The first and last replications of the parts that are whole, in order."""
    if not parts.is_dir():
        return []
    found = [_NAME.fullmatch(path.name) for path in parts.iterdir()]
    return sorted((int(name[1]), int(name[2])) for name in found if name)


@contextmanager
def building_part(parts: Path, name: str, records: str) -> Iterator[Path]:
    """Give a hidden folder; it gets a seal and its name when all of it is there, and vanishes on failure.

    `records` is what its rows depend on; see `evenhand.storage.plan_file.records_of`.
    Where the part is there already, another worker was quicker with the very same rows.
    """
    hidden = parts / f".{name}.{os.getpid()}-{get_ident()}"
    hidden.mkdir()
    try:
        yield hidden
        seal(hidden, name, records)
        put(hidden, parts / name)
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def put(hidden: Path, place: Path) -> None:
    """Have a part on the disk, then give it its name."""
    for path in (*hidden.iterdir(), hidden):
        flush(path)
    try:
        hidden.rename(place)
    except OSError:
        if not place.is_dir():
            raise
    flush(place.parent)


def clear(parts: Path) -> None:
    """Remove what killed workers have left, and nothing else that may be there."""
    for path in parts.glob(".*") if parts.is_dir() and not parts.is_symlink() else ():
        if _HIDDEN.fullmatch(path.name):
            shutil.rmtree(path, ignore_errors=True)


class Writer:
    """Writes the tables of a part as their rows come; use it in a `with` statement."""

    def __init__(self, folder: Path, scenario: Scenario) -> None:
        self._folder = folder
        self._words = words_of(scenario)
        self._waiting: dict[str, list[Columns]] = {table: [] for table in TABLES}
        self._numbers = {table: count() for table in TABLES}
        self._by = parquet.database()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failed: object, *_: object) -> None:
        """Write what is still waiting, unless something went wrong."""
        with self._by:
            for table, waiting in self._waiting.items():
                if waiting and not failed:
                    self._write(table)

    def add(self, part: Part) -> None:
        """Take rows. Raises OSError where the disk does not."""
        for table, waiting in self._waiting.items():
            columns: Columns = getattr(part, table)
            if columns:
                waiting.append(columns)
            if sum(map(length, waiting)) >= ROWS_A_FILE:
                self._write(table)

    def _write(self, table: str) -> None:
        path = self._folder / f"{table}-{next(self._numbers[table]):03d}.parquet"
        parquet.write(stack(self._waiting[table]), path, self._words, by=self._by)
        self._waiting[table].clear()


def length(columns: Columns) -> int:
    """Rows of a table."""
    return len(next(iter(columns.values()), ()))
