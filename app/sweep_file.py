"""The one file of a sweep: its plan and every point that is done, whole at any time."""

from __future__ import annotations

import json
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import current_thread, main_thread
from typing import Any

import duckdb
import numpy as np

from analysis.atomic import whole
from analysis.database import connect
from analysis.sweeps import Design, Measured
from app.failures import UsageError

PLAN = "evenhand_sweep"
"""The key under which the plan stands in the file's own metadata."""
MOST = 6
"""Differences between two plans that are told."""


class SweepFile:
    """Points on disk: every one that is kept is in the file before the next can be.

    One row a point and world; columns: point, world, the settings (null = as the files say), and each metric
    (null = undefined) with the cases that it counts, `METRIC_n`. The file is written beside its place and
    renamed, so a reader meets the last whole one.
    """

    def __init__(
        self, path: Path, plan: Mapping[str, Any], look: Design, metrics: Sequence[str], *, anew: bool = False
    ) -> None:
        """Take a place; `anew` forgets the sweep that stands there.

        Raises UsageError where it holds something else than this plan, or, `anew`, than any sweep.
        """
        self.path, self.look, self.metrics = path, look, metrics
        self.plan = json.loads(json.dumps(plan))
        self.done: dict[int, Measured] = {}
        self.database = connect(threads=1)
        if path.exists() and anew:
            self._must_be_sweep()
            path.unlink()
        elif path.exists():
            self._open()

    def keep(self, point: int, measured: Measured) -> None:
        """Add a point, on the disk before this returns. Raises OSError."""
        with undisturbed():
            self._keep(point, measured)

    def _keep(self, point: int, measured: Measured) -> None:
        self.done[point] = measured
        with whole(self.path) as unfinished:
            self._write(unfinished)

    def close(self) -> None:
        """Let go of the database that writes."""
        self.database.close()

    def _write(self, path: Path) -> None:
        columns = self._columns()
        self.database.register("columns", columns)
        said = json.dumps(self.plan, ensure_ascii=False).replace("'", "''")
        names = ", ".join(map(_selected, columns, columns.values()))
        try:
            self.database.execute(
                f"COPY (SELECT {names} FROM columns) TO '{_text(path)}' "  # noqa: S608 (names are quoted)
                f"(FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{PLAN}: '{said}'}})"
            )
        except duckdb.IOException as error:
            raise OSError(f"{self.path}: {str(error).splitlines()[0]}") from error
        finally:
            self.database.unregister("columns")

    def _columns(self) -> dict[str, np.ndarray[Any, Any]]:
        points = sorted(self.done)
        worlds = len(self.done[points[0]].value)
        value = np.concatenate([self.done[point].value for point in points])
        n = np.concatenate([self.done[point].n for point in points])
        first = np.where(self.look.other_worlds[points], worlds, 0)
        columns: dict[str, np.ndarray[Any, Any]] = {
            "point": np.repeat(points, worlds).astype(np.int32),
            "world": (first[:, None] + np.arange(worlds)).ravel().astype(np.int32),
        }
        for place, axis in enumerate(self.look.axes):
            columns[axis.name] = np.repeat(self.look.points[points, place], worlds)
        for place, metric in enumerate(self.metrics):
            columns[metric], columns[f"{metric}_n"] = value[:, place], n[:, place]
        return columns

    def _open(self) -> None:
        """Take over what was done before."""
        plan = self._must_be_sweep()
        try:
            found = self.database.read_parquet(str(self.path)).fetchnumpy()
        except duckdb.Error as error:
            raise UsageError(f"--out: '{self.path}' is not the file of a sweep, or damaged") from error
        apart = [*differences(plan, self.plan)]
        columns = {name: np.ma.filled(column.astype(float), np.nan) for name, column in found.items()}
        if not apart and not self._same_points(columns):
            apart = ["the points themselves, which another version of SciPy has drawn"]
        if apart:
            more = f", and {len(apart) - MOST} more" if len(apart) > MOST else ""
            raise UsageError(
                f"--out: '{self.path}' holds another sweep: {'; '.join(apart[:MOST])}{more}. "
                "Give another --out, or add --force to begin anew"
            )
        for point in np.unique(columns["point"]).astype(int):
            rows = columns["point"] == point
            value = np.column_stack([columns[name][rows] for name in self.metrics])
            n = np.column_stack([columns[f"{name}_n"][rows] for name in self.metrics])
            self.done[int(point)] = Measured(value, n.astype(np.int64))

    def _must_be_sweep(self) -> dict[str, Any]:
        try:
            plan = self._stored_plan()
        except duckdb.Error as error:
            raise UsageError(f"--out: '{self.path}' is not the file of a sweep, or damaged") from error
        if plan is None:
            raise UsageError(f"--out: '{self.path}' is not the file of a sweep")
        return plan

    def _stored_plan(self) -> dict[str, Any] | None:
        rows = self.database.execute(
            "SELECT decode(key), decode(value) FROM parquet_kv_metadata($path)", {"path": str(self.path)}
        ).fetchall()
        return next((json.loads(value) for key, value in rows if key == PLAN), None)

    def _same_points(self, columns: Mapping[str, np.ndarray[Any, Any]]) -> bool:
        points = columns["point"].astype(int)
        if points.max() >= len(self.look):
            return False
        return all(
            np.array_equal(columns[axis.name], self.look.points[points, place], equal_nan=True)
            for place, axis in enumerate(self.look.axes)
        )


@contextmanager
def undisturbed() -> Iterator[None]:
    """Let a request to stop wait until a block is done: DuckDB makes errors of its own of it."""
    if current_thread() is not main_thread():
        yield
        return
    waiting: list[int] = []
    asked = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.signal(number, lambda number, _: waiting.append(number)) for number in asked}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    for sent in dict.fromkeys(waiting):
        signal.raise_signal(sent)


def differences(there: Any, asked: Any, path: str = "") -> Iterator[str]:
    """Where two plans differ, one clause each."""
    if isinstance(there, dict) and isinstance(asked, dict):
        for key in dict.fromkeys([*there, *asked]):
            yield from differences(there.get(key), asked.get(key), f"{path}.{key}" if path else key)
    elif there != asked:
        yield f"{path} is {_said(there)} there and {_said(asked)} here"


def _said(value: Any) -> str:
    text = "nothing" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _selected(name: str, column: np.ndarray[Any, Any]) -> str:
    """A column as it is written: null for NaN."""
    quoted = _quoted(name)
    return f"nullif({quoted}, 'nan'::DOUBLE) AS {quoted}" if column.dtype.kind == "f" else quoted


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(path: Path) -> str:
    return str(path).replace("'", "''")
