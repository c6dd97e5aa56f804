"""A run on disk, read piece by piece, so that it may be larger than memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

import numpy as np

from evenhand.analysis.runs.database import connect
from evenhand.analysis.runs.folder import TABLES, BadRun, files, read_manifest
from evenhand.analysis.runs.held_columns import HeldColumns
from evenhand.analysis.runs.lazy import Lazy, Words, as_numbers, words_of
from evenhand.analysis.runs.seals import check_finished
from evenhand.locale.current import gettext
from evenhand.own_code import Code
from evenhand.renamed import engine_of
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.cohort import Cohort
from evenhand.sim.runs.records import About, Columns, Run
from evenhand.sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    import duckdb

ROWS = 2**18
"""Disputes in a piece, at most; a part with more is cut."""
MEMORY = "512MB"
"""What DuckDB may use; it reads pieces, so that this is ample."""


HELD = 2**28
"""Bytes of columns that stay in memory while a run of several pieces is read again and again."""


class RowSpan(NamedTuple):
    """Where the disputes of a piece are: whole parts, or rows `first` to `last` of one file."""

    parts: tuple[Path, ...]
    file: Path | None = None
    first: int = 0
    last: int = 0
    opens: bool = True
    """Whether it has the merchants, desks and buyers of its parts."""


Find = Callable[[RowSpan], "duckdb.DuckDBPyRelation"]
Used = dict[str, dict[str, None]]
"""Columns of each table that have been used."""


@dataclass(frozen=True, eq=False, repr=False)
class Stored(About):
    """A run in a folder of parts. It is used like `sim.Run`, but for the columns: those come in pieces."""

    folder: Path
    rows: int = field(default=ROWS, repr=False)
    """Disputes in a piece, at most."""

    def labels(self, column: str) -> tuple[str, ...]:
        """Words for the numbers of a column. Raises KeyError for a column that has none."""
        if column == "category":  # its words are the scenario's own; the files have its numbers
            return self.scenario.categories
        found = words_of(self.scenario)(column)
        if found is None:
            raise KeyError(column)
        return tuple(found)

    def __len__(self) -> int:
        """Disputes of all replications."""
        return sum(self._lengths.values())

    def first_ruled(self) -> tuple[int, int] | None:
        """The number and the replication of the first dispute with a ruling, or else of the first."""
        first = None
        for piece in self.pieces():
            d = piece.disputes
            ruled = np.flatnonzero(~np.isnan(d["ruled_at"]))
            if len(ruled) or (first is None and len(piece)):
                row = ruled[0] if len(ruled) else 0
                first = int(d["dispute"][row]), int(d["replication"][row])
            if len(ruled):
                break
        return first

    def table(self, name: str, columns: Sequence[str] | None = None) -> Columns:
        """A whole table in memory, or some of its columns; words are numbers, as in `sim.Run`."""
        rows = self._from([path for paths in self._files[name].values() for path in paths])
        return as_numbers(rows, columns or rows.columns, self._words)

    def pieces(self) -> Iterator[Run]:
        """The run as runs of at most so many disputes, each with the events of its disputes.

        A piece holds whole replications, or disputes of one part that is too large for it. Columns are
        read when they are used. Merchants, desks and buyers are in the first piece of their part.
        """
        spans = list(self._spans())
        if len(spans) == 1:
            yield self._only
            return
        used: Used = {}
        for span in spans:
            yield self._piece(span, used)

    @cached_property
    def _only(self) -> Run:
        """The piece that is all there is: its columns stay, and are read once for all who ask."""
        return self._piece(next(self._spans()), {})

    def _piece(self, span: RowSpan, used: Used) -> Run:
        return Run(
            scenario=self.scenario,
            policy=self.policy,
            seed=self.seed,
            replications=self.replications,
            days=self.days,
            engine=self.engine,
            open_loop=self.open_loop,
            cohort=self.cohort,
            rule=self.rule,
            disputes=self._lazy("disputes", span, self._disputes, used),
            events=self._lazy("events", span, self._events, used),
            merchants=self._lazy("merchants", span, partial(self._people, "merchants"), used),
            desks=self._lazy("desks", span, partial(self._people, "desks"), used),
            buyers=self._lazy("buyers", span, partial(self._people, "buyers"), used),
        )

    def _spans(self) -> Iterator[RowSpan]:
        """Parts that fit into a piece together, and rows of those that do not fit into one."""
        together: list[Path] = []
        held = 0
        for part, its_files in self._files["disputes"].items():
            lengths = {file: self._lengths[file] for file in its_files}
            length = sum(lengths.values())
            if together and held + length > self.rows:
                yield RowSpan(tuple(together))
                together, held = [], 0
            if length > self.rows:
                yield from self._cut(part, lengths)
            else:
                together.append(part)
                held += length
        if together:
            yield RowSpan(tuple(together))

    def _cut(self, part: Path, lengths: dict[Path, int]) -> Iterator[RowSpan]:
        opens = True
        for file, length in lengths.items():
            for first in range(0, length, self.rows):
                yield RowSpan((part,), file, first, min(first + self.rows, length), opens)
                opens = False

    def _lazy(self, table: str, span: RowSpan, find: Find, used: Used) -> Columns:
        columns = Lazy(
            self._columns.get(table, ()),
            lambda names: self._held.columns(
                (table, span), names, lambda missing: as_numbers(find(span), missing, self._words)
            ),
            used.setdefault(table, {}),
        )
        return cast("Columns", columns)  # a mapping is all that anybody needs of them

    def _disputes(self, span: RowSpan) -> duckdb.DuckDBPyRelation:
        if span.file is None:
            return self._of_parts("disputes", span)
        rows = self._from([span.file])
        return rows.filter(f"file_row_number >= {span.first} and file_row_number < {span.last}")

    def _events(self, span: RowSpan) -> duckdb.DuckDBPyRelation:
        """Events of the disputes of a span; of a cut part those that belong to its rows, in their order."""
        rows = self._of_parts("events", span)
        if span.file is None:
            return rows
        own = self._disputes(span).set_alias("own")
        begins, over = own.aggregate("min(opened_at), max(coalesce(closed_at, 'infinity'))").fetchall()[0]
        rows = rows.select("*, file_index as of_file, file_row_number as of_row").filter(
            f"time >= '{begins}'::double and time <= '{over}'::double"
        )
        joined = rows.set_alias("rows").join(
            own, 'rows.replication = own.replication and rows."case" = own.dispute', how="semi"
        )
        return joined.order("of_file, of_row")

    def _people(self, table: str, span: RowSpan) -> duckdb.DuckDBPyRelation:
        rows = self._of_parts(table, span)
        return rows if span.opens else rows.limit(0)

    def _of_parts(self, table: str, span: RowSpan) -> duckdb.DuckDBPyRelation:
        return self._from([path for part in span.parts for path in self._files[table][part]])

    def _from(self, paths: Sequence[Path]) -> duckdb.DuckDBPyRelation:
        return self._database.read_parquet([str(path) for path in paths])

    @cached_property
    def _held(self) -> HeldColumns:
        """What has been read of pieces, as far as there is room: a report goes through them many times."""
        return HeldColumns(HELD)

    @cached_property
    def _files(self) -> dict[str, dict[Path, list[Path]]]:
        """The files of every table, part by part."""
        return {
            table: {part: list(its) for part, its in groupby(files(self.folder, table), lambda p: p.parent)}
            for table in TABLES
        }

    @cached_property
    def _lengths(self) -> dict[Path, int]:
        """Rows of the files of disputes."""
        paths = [path for its_files in self._files["disputes"].values() for path in its_files]
        if not paths:
            raise BadRun(gettext("'{folder}' cannot be read: it has no parts").format(folder=self.folder))
        found = self._database.execute(
            "select file_name, num_rows from parquet_file_metadata($1)", [[str(path) for path in paths]]
        ).fetchall()
        rows = dict(found)
        return {path: rows[str(path)] for path in paths}

    @cached_property
    def _columns(self) -> dict[str, list[str]]:
        """The names of the columns of every table."""
        first = {table: next(iter(parts.values()))[:1] for table, parts in self._files.items() if parts}
        return {table: self._from(paths).columns for table, paths in first.items()}

    @cached_property
    def _words(self) -> Words:
        return words_of(self.scenario)

    @cached_property
    def _database(self) -> duckdb.DuckDBPyConnection:
        database = connect(memory_limit=MEMORY, enable_external_file_cache=False)
        with suppress(Exception):  # older versions have no such setting; it saves a tenth of a reading
            database.execute("set parquet_metadata_cache = true")
        return database


def open_stored(folder: Path, *, verify: bool = True) -> Stored:
    """A finished run, from its manifest; with `verify`, all of whose files are as they were written.

    Raises BadRun.
    """
    manifest = read_manifest(folder, verify=verify)
    if verify:
        check_finished(folder, manifest)
    try:
        return Stored(
            folder=folder,
            scenario=Scenario.model_validate(manifest["scenario"]["model"]),
            policy=Policy.model_validate(manifest["policy"]["model"]),
            seed=manifest["seed"],
            replications=manifest["replications"],
            days=manifest["days"],
            engine=engine_of(manifest),
            open_loop=manifest["open_loop"],
            cohort=Cohort.read(manifest["cohort"]) if manifest.get("cohort") else None,
            rule=Code(**manifest["rule"]) if manifest.get("rule") else None,
        )
    except (ValueError, KeyError, TypeError) as error:
        by = manifest.get("evenhand")
        raise BadRun(
            gettext("'{folder}' cannot be read: it is damaged, or evenhand {by} was another").format(
                folder=folder, by=by
            )
        ) from error
