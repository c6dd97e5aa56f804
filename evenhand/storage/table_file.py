"""A table that grows in one file: its plan and every row that is done, whole at any time."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import duckdb
import numpy as np

from evenhand.analysis.runs.atomic import whole
from evenhand.analysis.runs.database import connect
from evenhand.errors import UsageError
from evenhand.locale.current import gettext
from evenhand.storage.point_file import CHECKSUM, _selected, _text

Columns = Mapping[str, np.ndarray[Any, Any]]


class TableFile(ABC):
    """Rows on disk: every one that is kept is in the file before the next can be.

    The file is written beside its place and renamed, so a reader meets the last whole one. NaN is null.
    """

    KEY: ClassVar[str]
    """Where the plan stands in the file's own metadata."""
    WHAT: ClassVar[str]
    """What the file holds, in a sentence: "sweep"."""
    ROWS: ClassVar[str] = "points"

    def __init__(self, path: Path, plan: Mapping[str, Any]) -> None:
        self.path = path
        self.plan = json.loads(json.dumps(plan))
        self.database = connect(threads=1)

    def close(self) -> None:
        """Let go of the database that writes."""
        self.database.close()

    @abstractmethod
    def checksum(self) -> str:
        """A checksum of the plan and of all rows."""

    def save(self, columns: Columns) -> None:
        """Put the table in its place. Raises OSError."""
        with whole(self.path) as unfinished:
            self._write(unfinished, columns)

    def _write(self, path: Path, columns: Columns) -> None:
        self.database.register("columns", dict(columns))
        said = json.dumps(self.plan, ensure_ascii=False).replace("'", "''")
        known = f"{self.KEY}: '{said}', {CHECKSUM}: '{self.checksum()}'"
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

    def read(self) -> tuple[dict[str, str], dict[str, Any], dict[str, np.ndarray[Any, Any]]]:
        """What the file says of itself, its plan, and its columns, masked where null. Raises UsageError."""
        said = self.must_be_ours()
        try:
            columns = self.database.read_parquet(str(self.path)).fetchnumpy()
        except duckdb.Error as error:
            raise UsageError(self._not_ours(damaged=True)) from error
        except RuntimeError as error:
            if "interrupted" in str(error):
                raise
            raise self.damaged() from error  # the name of a column is no text
        try:
            return said, json.loads(said[self.KEY]), columns
        except ValueError:
            raise self.damaged() from None

    def must_be_ours(self) -> dict[str, str]:
        """What the file says of itself. Raises UsageError where nothing of the kind has written it."""
        try:
            rows = self.database.execute(
                "SELECT decode(key), decode(value) FROM parquet_kv_metadata($path)", {"path": str(self.path)}
            ).fetchall()
        except duckdb.Error as error:
            raise UsageError(self._not_ours(damaged=True)) from error
        if self.KEY not in dict(rows):
            raise UsageError(self._not_ours())
        return dict(rows)

    def damaged(self) -> UsageError:
        """The error for a file that cannot be gone on with."""
        return UsageError(
            gettext("--out: '{path}' is damaged; add --force to begin anew").format(path=self.path)
        )

    def another(self, apart: str) -> UsageError:
        """The error for a file that holds something else of the kind."""
        return UsageError(
            gettext(
                "--out: '{path}' holds another {WHAT}: {apart}. Give another --out, or add --force to begin "
                "anew"
            ).format(path=self.path, WHAT=self.WHAT, apart=apart)
        )

    def check_sum(self, said: Mapping[str, str]) -> None:
        """Raise UsageError where rows are not as they were written."""
        if said.get(CHECKSUM) != self.checksum():
            raise UsageError(
                gettext(
                    "--out: the {ROWS} of '{path}' are not as they were written; add --force to begin anew"
                ).format(ROWS=self.ROWS, path=self.path)
            )

    def _not_ours(self, *, damaged: bool = False) -> str:
        return gettext("--out: '{path}' is not the file of a {WHAT}{damaged}").format(
            path=self.path, WHAT=self.WHAT, damaged=gettext(", or damaged") if damaged else ""
        )
