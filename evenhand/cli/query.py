"""`evenhand query`: runs as tables, asked in SQL."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from evenhand.cli.options import Force, NoVerify


class Rows(StrEnum):
    """Forms of an answer."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    PARQUET = "parquet"
    XLSX = "xlsx"


def query(
    words: Annotated[
        list[str],
        typer.Argument(
            metavar="RUN... [SQL]", help="Folders of runs, or a pattern in quotes; then SQL, or -."
        ),
    ],
    form: Annotated[
        Rows | None,
        typer.Option("--format", help="[default: what --out says; a table on a terminal, csv in a pipe]"),
    ] = None,
    first: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", help="Disputes opened, and events, from this day on."),
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Those before this day; 2025-11 is its first.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="File to write: .csv, .json, .parquet or .xlsx.")] = None,
    unfinished: Annotated[
        bool, typer.Option("--unfinished", help="Take runs that are not finished, as far as they are.")
    ] = False,
    force: Force = False,
    no_verify: NoVerify = False,
) -> None:
    """Ask runs in SQL; without SQL, list the tables and what their columns mean.

    Tables: runs, metrics, disputes, events, merchants, desks, buyers; each has run, scenario, policy and
    seed. The SQL is DuckDB's. Runs are only read, and nothing else on the machine can be.
    Dates are of the scenario's calendar: ordered_on, opened_on, filed_on and closed_on of disputes (counted =
    metrics count it), happened_on of events. --from and --until leave the table metrics as it is.

    \b
    Examples:
      evenhand query runs/tmall-tmall-seed1
      evenhand query runs/tmall-tmall-seed1 "select ending, count(*) from disputes group by all"
      evenhand query 'runs/*' "select run, value, low, high from metrics where metric = 'open_share'"
      evenhand query 'runs/*' "from disputes where amount > 900" --out dear.parquet
      evenhand query runs/a --from 2025-11 --until 2025-12 "select count(*) from disputes"
      evenhand query runs/a "select date_trunc('week', filed_on) as week, count(*)
        from disputes where counted group by all order by all"
      evenhand query runs/a runs/b - < question.sql | head
    """
    from evenhand.cli.query_run import carry_out

    carry_out(
        words,
        form and form.value,
        out,
        unfinished=unfinished,
        force=force,
        verify=not no_verify,
        first=first,
        until=until,
    )
