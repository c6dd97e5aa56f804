"""Many runs as one table: what their folders hold, asked by SQL, read only as far as an answer needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from evenhand.analysis.runs.answer import QueryAnswer
from evenhand.analysis.runs.closed import literal, opened
from evenhand.analysis.runs.folder import TABLES, BadRun, files
from evenhand.analysis.runs.found import FoundRun, find
from evenhand.analysis.runs.meanings import MEANINGS
from evenhand.analysis.runs.period import Period, dated
from evenhand.locale.current import gettext
from evenhand.renamed import engine_of

if TYPE_CHECKING:
    import duckdb

_HEAD = "run varchar, scenario varchar, policy varchar, seed bigint"
_RUNS = (
    "replications bigint, days bigint, engine varchar, open_loop boolean, evenhand varchar, "
    "start_up double, cohort varchar"
)
_METRICS = "metric varchar, value double, low double, high double, n bigint, unit varchar"


class Column(NamedTuple):
    """A column of a table: its name, its type in DuckDB, and what it means."""

    name: str
    type: str
    meaning: str


class Runs:
    """Runs as tables: `runs`, `metrics`, and of all `disputes`, `events`, `merchants`, `desks`, `buyers`.

    Every table has the run's name, scenario, policy and seed in front. Files are read when a question
    needs them, and nothing is ever written.
    """

    def __init__(self, folders: Sequence[FoundRun], period: Period = Period()) -> None:  # noqa: B008  (a constant)
        """Tables over the parts of some runs; of a period, disputes that were opened and events in it."""
        self.folders = tuple(folders)
        self._period = period
        self._paths = {table: [files(one.path, table) for one in folders] for table in TABLES}
        everything = [path for of_table in self._paths.values() for found in of_table for path in found]
        self._database = opened(everything, self._prepare)

    def _prepare(self, database: duckdb.DuckDBPyConnection) -> None:
        """Make the tables of what the manifests say, and the views of the parts."""
        for table, columns, rows in (
            ("runs", f"{_RUNS}, finished boolean, folder varchar", self._runs()),
            ("metrics", _METRICS, self._metrics()),
        ):
            database.execute(f"create table {table} ({_HEAD}, {columns})")
            for row in rows:
                places = ", ".join("?" * len(row))
                database.execute(f"insert into {table} values ({places})", row)  # noqa: S608  # ours
        for table, paths in self._paths.items():
            if any(paths):
                database.execute(f"create view {table} as {self._of_period(table, self._view(table, paths))}")

    def _runs(self) -> Iterator[list[object]]:
        for one in self.folders:
            said = one.head
            engine = engine_of(said) if {"engine", "clock"} & said.keys() else None
            told = [
                said.get("replications"),
                said.get("days"),
                engine,
                said.get("open_loop"),
                said.get("evenhand"),
                said.get("scenario", {}).get("model", {}).get("start_up", 0.0),
                said.get("cohort"),
            ]
            yield [*one.head_of_rows, *told, one.finished, str(one.path)]

    def _metrics(self) -> Iterator[list[object]]:
        for one in self.folders:
            for metric, found in one.head.get("metrics", {}).items():
                ends = found["ci"] or (None, None)
                yield [*one.head_of_rows, metric, found["value"], *ends, found["n"], found["unit"]]

    def _of_period(self, table: str, rows: str) -> str:
        """The rows of a table that are of the period."""
        where = self._period.where(table)
        return f"select * from ({rows}) where {where}" if where else rows  # noqa: S608  # ours

    def _view(self, table: str, paths: Sequence[Sequence[Path]]) -> str:
        """One query over the files of all runs; each part of it says whose rows they are."""
        parts = []
        for one, found in zip(self.folders, paths, strict=True):
            if found:
                run, scenario, policy, seed = one.head_of_rows
                names = f"{literal(run)} as run, {literal(scenario)} as scenario, {literal(policy)} as policy"
                rows = in_words(one, found[0], f"read_parquet([{', '.join(map(literal, found))}])")
                more = ", ".join([f"{seed}::bigint as seed", *_dates(table, one), "*"])
                parts.append(f"select {names}, {more} from {rows}")  # noqa: S608  # quoted
        return " union all by name ".join(parts)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the runs."""
        return tuple(one.name for one in self.folders)

    @property
    def tables(self) -> dict[str, list[Column]]:
        """The columns of every table."""
        found: dict[str, list[Column]] = {}
        for table, meanings in MEANINGS.items():
            described = self._database.execute(
                "select column_name, data_type from information_schema.columns where table_name = $1 "
                "order by ordinal_position",
                [table],
            ).fetchall()
            found[table] = [Column(name, kind, meanings.get(name, "")) for name, kind in described]
        return {table: columns for table, columns in found.items() if columns}

    def sql(self, query: str) -> QueryAnswer:
        """Ask one question in DuckDB's SQL. Raises BadQuery with the place of a mistake."""
        return QueryAnswer(self._database, query)

    def __len__(self) -> int:
        return len(self.folders)

    def __repr__(self) -> str:
        shown = ", ".join(self.names[:4]) + (", …" if len(self) > 4 else "")
        return f"<{len(self)} run{'s' * (len(self) != 1)}: {shown}; tables {', '.join(self.tables)}>"

    def _repr_html_(self) -> str:
        return self.sql("from runs")._repr_html_()


def in_words(one: FoundRun, file: Path, rows: str) -> str:
    """Rows of a run with the names of its categories of goods, whose numbers the files of disputes hold."""
    market = one.head.get("scenario", {}).get("model", {}).get("market", {})
    names = list(market.get("categories") or {})
    if not names or not file.name.startswith("disputes"):
        return rows
    words = ", ".join(map(literal, names))
    return f"(select * replace ([{words}][category + 1] as category) from {rows})"  # noqa: S608  # quoted


def _dates(table: str, one: FoundRun) -> list[str]:
    """The columns that the calendar of a run gives. Raises BadRun where it cannot be read."""
    try:
        return list(dated(table, one.head))
    except (KeyError, TypeError, ValueError) as error:
        raise BadRun(
            gettext("'{path}' cannot be read: its calendar is damaged").format(path=one.path)
        ) from error


def open_runs(
    *folders: str | Path,
    unfinished: bool = False,
    verify: bool = True,
    first: str | None = None,
    until: str | None = None,
) -> Runs:
    """Open many runs as one table, without loading them.

    `folders` are folders of runs, or patterns such as "runs/*", of which those folders are taken that
    are runs. With `first` and `until`, dates of the scenarios' calendars such as "2025-11-01" or "2025-11",
    only disputes that were opened on these days, and events that happened on them, are there; the last day
    is left out, and `metrics` stay those of whole runs. With `unfinished`, runs that are still going on count
    with the parts they have. With `verify`, every file must be as it was written.

    Raises BadRun where a folder is no run or has a file that is not as it was written, one is unfinished and
    that is not asked for, or none is found; ValueError for dates that are none.
    """
    period = Period.read(first, until)
    return Runs(find([str(folder) for folder in folders], unfinished=unfinished, verify=verify), period)
