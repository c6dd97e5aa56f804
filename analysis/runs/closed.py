"""A database that answers questions about some files, and can do nothing else."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from weakref import finalize

from evenhand.analysis.runs.database import connect
from evenhand.analysis.runs.scratch import new_scratch
from evenhand.locale.current import gettext

if TYPE_CHECKING:
    import duckdb

    Database = duckdb.DuckDBPyConnection

_CONFIG: dict[str, Any] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,  # a name in SQL is never a variable of the program
    "errors_as_json": True,
    "enable_external_file_cache": False,
}


class BadQuery(ValueError):
    """SQL that cannot be answered; one line that says where and why."""


def opened(paths: Sequence[Path], prepare: Callable[[Database], None]) -> Database:
    """A database in memory that may read these files only, once it has been prepared.

    No other file, no network, no extension, and no setting that would open it again.
    """
    spill = new_scratch()
    database = connect(**_CONFIG, temp_directory=str(spill))
    finalize(database, shutil.rmtree, spill, ignore_errors=True)
    database.execute(f"set allowed_paths = [{', '.join(map(literal, paths))}]")
    prepare(database)
    database.execute("set enable_external_access = false")
    database.execute("set lock_configuration = true")
    return database


def literal(text: object) -> str:
    """A text as SQL writes it."""
    return "'" + str(text).replace("'", "''") + "'"


def check(database: Database, query: str) -> None:
    """Raise BadQuery for what is not one question with an answer."""
    import duckdb

    try:
        statements = database.extract_statements(query)
    except duckdb.Error as error:
        raise bad(query, error) from error
    if len(statements) != 1:
        raise BadQuery(
            gettext("SQL: must be one question, found {statements}").format(statements=len(statements))
        )
    if statements[0].type != duckdb.StatementType.SELECT:
        kind = statements[0].type.name
        raise BadQuery(
            gettext("SQL: must ask, as select and describe do, found {kind}; runs are only read").format(
                kind=kind
            )
        )


def bad(query: str, error: duckdb.Error) -> BadQuery:
    """What DuckDB says of a query, with line and column where it says where."""
    try:
        told = json.loads(str(error).partition(": ")[2])
    except ValueError:
        told = {"exception_message": str(error)}
    message, *more = (line for line in str(told["exception_message"]).splitlines() if line)
    hint = "; ".join([message.rstrip("!"), *(line[0].lower() + line[1:] for line in more)])
    if "position" not in told:
        return BadQuery(f"SQL: {hint}")
    before = query.encode()[: int(told["position"])].decode(errors="ignore")
    line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
    return BadQuery(
        gettext("SQL, line {line}, column {column}: {hint}").format(line=line, column=column, hint=hint)
    )
