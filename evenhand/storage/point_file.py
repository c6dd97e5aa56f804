"""A file of points that grows while they are measured: its plan and all that is done, always whole."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from hashlib import blake2b
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import Any, ClassVar

import duckdb
import numpy as np

from evenhand.analysis.experiments import Measured
from evenhand.analysis.metrics.apart import told
from evenhand.analysis.runs.atomic import whole
from evenhand.analysis.runs.database import connect
from evenhand.errors import UsageError
from evenhand.held_signals import STOPS, held
from evenhand.locale.current import gettext, gettext_noop

CHECKSUM = "evenhand_checksum"
"""The key of the checksum of the points, for one bit on a disk may turn a value into another."""
DAMAGED_OR_OTHER = gettext_noop("--out: '{path}' is not the file of {noun}, or damaged")
OTHER = gettext_noop("--out: '{path}' is not the file of {noun}")
Columns = dict[str, np.ndarray[Any, Any]]


class PointFile:
    """Points on disk, one row a point and world; undefined is null.

    The file is written beside its place and renamed, so a reader meets the last whole one.
    """

    PLAN: ClassVar[str]
    """The key under which the plan stands in the file's own metadata."""
    NOUN: ClassVar[str]
    """What the file is of."""
    TEXTS: ClassVar[tuple[str, ...]] = ()
    """Columns of text; all others are numbers."""
    PAUSE: ClassVar[float] = 0.0
    """Seconds between two writings at least: what is lost where the process is killed."""

    def __init__(self, path: Path, plan: Mapping[str, Any], *, anew: bool = False) -> None:
        """Take a place; `anew` forgets what stands there.

        Raises UsageError where it holds something else than this plan, or, `anew`, than any of its kind.
        """
        self.path = path
        self.plan = json.loads(json.dumps(plan))
        self.done: dict[int, Measured] = {}
        self.database = connect(threads=1)
        self._written = 0
        self._due = 0.0
        if path.exists() and anew:
            self._must_be_ours()
            path.unlink()
        elif path.exists():
            self._open()

    def columns(self) -> Columns:
        """Everything that is done, as it stands in the file."""
        raise NotImplementedError

    def names(self) -> set[str]:
        """The columns that the file must have."""
        raise NotImplementedError

    def take(self, columns: Mapping[str, np.ndarray[Any, Any]]) -> bool:
        """Fill `done`; False where the points are not those of the plan. Raises ValueError, TypeError."""
        raise NotImplementedError

    def beside(self, measured: Measured) -> str:  # noqa: ARG002 (for the files that have such)
        """What stands beside the numbers of a point, as text."""
        return ""

    def keep(self, point: int, measured: Measured) -> None:
        """Add a point; it is on the disk before this returns, or when PAUSE is over. Raises OSError."""
        self.done[point] = measured
        if monotonic() >= self._due:
            self.flush()

    def flush(self) -> None:
        """Write what is not on the disk yet. Raises OSError."""
        if len(self.done) > self._written:
            undisturbed(self._store)
            self._due = monotonic() + self.PAUSE

    def close(self) -> None:
        """Write what is left, and let go of the database that writes. Raises OSError."""
        try:
            self.flush()
        finally:
            self.database.close()

    def _store(self) -> None:
        with whole(self.path) as unfinished:
            self._write(unfinished)
        self._written = len(self.done)

    def _write(self, path: Path) -> None:
        columns = self.columns()
        self.database.register("columns", columns)
        said = json.dumps(self.plan, ensure_ascii=False).replace("'", "''")
        known = f"{self.PLAN}: '{said}', {CHECKSUM}: '{self._sum()}'"
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

    def _open(self) -> None:
        """Take over what was done before."""
        said = self._must_be_ours()
        try:
            found = self.database.read_parquet(str(self.path)).fetchnumpy()
        except duckdb.Error as error:
            raise UsageError(self._said(DAMAGED_OR_OTHER)) from error
        except RuntimeError as error:
            if "interrupted" in str(error):
                raise
            raise self._damaged() from error  # the name of a column is no text
        try:
            plan = json.loads(said[self.PLAN])
            columns = {
                name: column if name in self.TEXTS else np.ma.filled(column.astype(float), np.nan)
                for name, column in found.items()
            }
        except ValueError:
            raise self._damaged() from None
        apart = told(plan, self.plan)
        if not apart and not self.names() <= columns.keys():
            raise self._damaged()
        try:
            ours = bool(apart) or self.take(columns)
        except (TypeError, ValueError):
            raise self._damaged() from None
        if not ours:
            apart = gettext("the points themselves, which another version of SciPy has drawn")
        if apart:
            raise UsageError(
                gettext(
                    "--out: '{path}' holds {noun} of something else: {apart}. Give another --out, or add "
                    "--force to begin anew"
                ).format(path=self.path, noun=gettext(self.NOUN), apart=apart)
            )
        if said.get(CHECKSUM) != self._sum():
            raise UsageError(
                gettext(
                    "--out: the points of '{path}' are not as they were written; add --force to begin anew"
                ).format(path=self.path)
            )
        self._written = len(self.done)

    def _damaged(self) -> UsageError:
        said = gettext("--out: '{path}' is damaged; add --force to begin anew")
        return UsageError(said.format(path=self.path))

    def _said(self, form: str) -> str:
        return gettext(form).format(path=self.path, noun=gettext(self.NOUN))

    def _must_be_ours(self) -> dict[str, str]:
        """What the file says of itself. Raises UsageError where another program has written it."""
        try:
            said = said_of_itself(self.database, self.path)
        except duckdb.Error as error:
            raise UsageError(self._said(DAMAGED_OR_OTHER)) from error
        if self.PLAN not in said:
            raise UsageError(self._said(OTHER))
        return said

    def _sum(self) -> str:
        """A checksum of the plan and of all points; NaN is one value, whatever its bits."""
        hashed = blake2b(json.dumps(self.plan, sort_keys=True).encode(), digest_size=16)
        for point, measured in sorted(self.done.items()):
            value = np.where(np.isnan(measured.value), np.nan, measured.value)
            hashed.update(f"{point} {value.shape}".encode())
            hashed.update(value.astype(np.float64).tobytes() + measured.n.astype(np.int64).tobytes())
            hashed.update(self.beside(measured).encode())
        return hashed.hexdigest()


def said_of_itself(database: duckdb.DuckDBPyConnection, path: Path) -> dict[str, str]:
    """The metadata that a Parquet file carries. Raises duckdb.Error where it is none."""
    rows = database.execute(
        "SELECT decode(key), decode(value) FROM parquet_kv_metadata($path)", {"path": str(path)}
    ).fetchall()
    return dict(rows)


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


def _selected(name: str, column: np.ndarray[Any, Any]) -> str:
    """A column as it is written: null for NaN."""
    quoted = _quoted(name)
    return f"nullif({quoted}, 'nan'::DOUBLE) AS {quoted}" if column.dtype.kind == "f" else quoted


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(path: Path) -> str:
    return str(path).replace("'", "''")
