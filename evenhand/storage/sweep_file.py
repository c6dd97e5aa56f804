"""The one file of a sweep: its plan and every point that is done, whole at any time."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from hashlib import blake2b
from pathlib import Path
from threading import Event, Thread
from typing import Any

import duckdb
import numpy as np

from evenhand.analysis.experiments import Design, Measured
from evenhand.analysis.metrics.apart import told
from evenhand.analysis.metrics.overload import Overload
from evenhand.analysis.runs.atomic import whole
from evenhand.analysis.runs.database import connect
from evenhand.errors import UsageError
from evenhand.held_signals import STOPS, held
from evenhand.locale.current import gettext

CHECKSUM = "evenhand_checksum"
"""The key of the checksum of the points, for one bit on a disk may turn a value into another."""
PLAN = "evenhand_sweep"
"""The key under which the plan stands in the file's own metadata."""


OVERLOADS = "overloads"
"""The column of the desks that cannot keep up."""


class SweepFile:
    """Points on disk: every one that is kept is in the file before the next can be.

    One row a point and world; columns: point, world, the settings (null = as the files say), each metric
    (null = undefined) with the cases that it counts, `METRIC_n`, and `overloads`, the desks that cannot keep
    up at the point as JSON. The file is written beside its place and
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
        undisturbed(partial(self._keep, point, measured))

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
        known = f"{PLAN}: '{said}', {CHECKSUM}: '{self._sum()}'"
        names = ", ".join(map(_selected, columns, columns.values()))
        try:
            self.database.execute(
                f"COPY (SELECT {names} FROM columns) TO '{_text(path)}' "  # noqa: S608 (names are quoted)
                f"(FORMAT parquet, COMPRESSION zstd, KV_METADATA {{{known}}})"
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
        said = [_overloads_as_json(self.done[point]) for point in points]
        columns[OVERLOADS] = np.repeat(np.array(said, object), worlds)
        return columns

    def _open(self) -> None:
        """Take over what was done before."""
        said = self._must_be_sweep()
        found = self._read()
        try:
            plan = json.loads(said[PLAN])
            desks = found.pop(OVERLOADS, None)
            columns = {name: np.ma.filled(column.astype(float), np.nan) for name, column in found.items()}
        except ValueError:
            raise self._damaged() from None
        if desks is not None:
            columns[OVERLOADS] = desks
        apart = told(plan, self.plan)
        if not apart and not self._names() <= columns.keys():
            raise self._damaged()
        if not apart and not self._same_points(columns):
            apart = gettext("the points themselves, which another version of SciPy has drawn")
        if apart:
            raise UsageError(
                gettext(
                    "--out: '{path}' holds another sweep: {apart}. Give another --out, or add --force to "
                    "begin anew"
                ).format(path=self.path, apart=apart)
            )
        for point in np.unique(columns["point"]).astype(int):
            rows = columns["point"] == point
            value = np.column_stack([columns[name][rows] for name in self.metrics])
            n = np.column_stack([columns[f"{name}_n"][rows] for name in self.metrics])
            overloads = self._overloads(desks, rows)
            self.done[int(point)] = Measured(value, n.astype(np.int64), overloads)
        if said.get(CHECKSUM) != self._sum():
            raise UsageError(
                gettext(
                    "--out: the points of '{path}' are not as they were written; add --force to begin anew"
                ).format(path=self.path)
            )

    def _read(self) -> dict[str, Any]:
        """The columns of the file as they stand there. Raises UsageError."""
        try:
            return self.database.read_parquet(str(self.path)).fetchnumpy()
        except duckdb.Error as error:
            raise UsageError(
                gettext("--out: '{path}' is not the file of a sweep, or damaged").format(path=self.path)
            ) from error
        except RuntimeError as error:
            if "interrupted" in str(error):
                raise
            raise self._damaged() from error  # the name of a column is no text

    def _overloads(self, column: Any, rows: Any) -> tuple[Overload, ...]:
        """The desks that cannot keep up at a point. Raises UsageError for what is no such text."""
        try:
            return tuple(Overload(**one) for one in json.loads(str(column[rows][0])))
        except (TypeError, ValueError):
            raise self._damaged() from None

    def _names(self) -> set[str]:
        """The columns of the file."""
        axes = {axis.name for axis in self.look.axes}
        return {"point", "world", OVERLOADS, *axes, *self.metrics, *(f"{name}_n" for name in self.metrics)}

    def _damaged(self) -> UsageError:
        return UsageError(
            gettext("--out: '{path}' is damaged; add --force to begin anew").format(path=self.path)
        )

    def _must_be_sweep(self) -> dict[str, str]:
        """What the file says of itself. Raises UsageError where no sweep has written it."""
        try:
            said = self._said_of_itself()
        except duckdb.Error as error:
            raise UsageError(
                gettext("--out: '{path}' is not the file of a sweep, or damaged").format(path=self.path)
            ) from error
        if PLAN not in said:
            raise UsageError(gettext("--out: '{path}' is not the file of a sweep").format(path=self.path))
        return said

    def _sum(self) -> str:
        """A checksum of the plan and of all points; NaN is one value, whatever its bits."""
        hashed = blake2b(json.dumps(self.plan, sort_keys=True).encode(), digest_size=16)
        for point, measured in sorted(self.done.items()):
            value = np.where(np.isnan(measured.value), np.nan, measured.value)
            hashed.update(f"{point} {value.shape}".encode())
            hashed.update(value.astype(np.float64).tobytes() + measured.n.astype(np.int64).tobytes())
            hashed.update(_overloads_as_json(measured).encode())
        return hashed.hexdigest()

    def _said_of_itself(self) -> dict[str, str]:
        rows = self.database.execute(
            "SELECT decode(key), decode(value) FROM parquet_kv_metadata($path)", {"path": str(self.path)}
        ).fetchall()
        return dict(rows)

    def _same_points(self, columns: Mapping[str, np.ndarray[Any, Any]]) -> bool:
        points = columns["point"].astype(int)
        if points.max() >= len(self.look):
            return False
        return all(
            np.array_equal(columns[axis.name], self.look.points[points, place], equal_nan=True)
            for place, axis in enumerate(self.look.axes)
        )


def undisturbed(do: Callable[[], None]) -> None:
    """Do something to its end before a request to stop is heard, of which DuckDB makes errors of its own.

    Signals reach the main thread only, so another one does the work, and they are raised when it is done.
    Raises what `do` raises.
    """
    failed: list[BaseException] = []
    asked: list[BaseException] = []

    def work() -> None:
        try:
            do()
        except BaseException as error:  # noqa: BLE001 (raised below)
            failed.append(error)
        finally:
            over.set()

    # Not `join`: where that is interrupted, Python takes a thread that goes on for one that has ended.
    worker, over, begun = Thread(target=work, daemon=True), Event(), False
    while True:
        try:
            if not begun:
                begun = True
                with held(*STOPS):
                    worker.start()
            if worker.ident is not None:
                over.wait()
            break
        except (KeyboardInterrupt, SystemExit) as request:
            asked.append(request)
    for error in (*failed, *asked):
        raise error


def _overloads_as_json(measured: Measured) -> str:
    """The desks that cannot keep up at a point, as text."""
    return json.dumps([asdict(desk) for desk in measured.overloads])


def _selected(name: str, column: np.ndarray[Any, Any]) -> str:
    """A column as it is written: null for NaN."""
    quoted = _quoted(name)
    return f"nullif({quoted}, 'nan'::DOUBLE) AS {quoted}" if column.dtype.kind == "f" else quoted


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(path: Path) -> str:
    return str(path).replace("'", "''")
