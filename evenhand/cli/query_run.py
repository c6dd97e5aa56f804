"""Answering questions about runs, and listing what can be asked."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

from rich.cells import cell_len

from evenhand import analysis
from evenhand.analysis.runs.answer import QueryAnswer
from evenhand.analysis.runs.many import Runs
from evenhand.cli.console import console, table
from evenhand.cli.errors import plain
from evenhand.cli.rows import write_parquet, write_text
from evenhand.cli.spreadsheet import check_library, write_xlsx
from evenhand.errors import UsageError, refused
from evenhand.locale.current import gettext
from evenhand.storage.output_path import SCREEN as NO_FILE
from evenhand.storage.output_path import check_file

SCREEN = 100
"""Rows that a terminal shows."""
GAP = 2
"""Between columns."""
STDIN = "-"
TABLE = "table"
IN_FILES = ("csv", "json", "parquet", "xlsx")
NO_SCREEN = ("parquet", "xlsx")
"""Forms that only a file has."""
LISTED = ("table", "column", "type", "meaning")


def carry_out(
    words: Sequence[str],
    form: str | None,
    out: Path | None,
    *,
    unfinished: bool,
    force: bool,
    verify: bool,
    first: str | None = None,
    until: str | None = None,
) -> None:
    """Answer a question about runs, or list their tables. Raises UsageError, OSError."""
    folders, question = _split(words)
    chosen = _form(form, out)
    with refused():
        runs = analysis.open_runs(*folders, unfinished=unfinished, verify=verify, first=first, until=until)
        check_file(out, force=force, inputs=[one.path for one in runs.folders], instead=NO_FILE)
        if question is None:
            _list(runs, chosen, out)
        else:
            _answer(runs.sql(question), chosen, out)
    if out is not None:
        print(gettext("Rows: {out}").format(out=out))


def _split(words: Sequence[str]) -> tuple[Sequence[str], str | None]:
    """Folders, and the question behind them: what has a blank in it and is no folder, or - for stdin."""
    last = words[-1]
    if last == STDIN:
        question = sys.stdin.read()
    elif any(c.isspace() for c in last) and not os.path.exists(last):  # noqa: PTH110  (a long text is no name)
        question = last
    else:
        return words, None
    if len(words) == 1:
        raise UsageError(gettext("query: the SQL comes after the folder of a run, and none is named"))
    return words[:-1], question


def _form(form: str | None, out: Path | None) -> str:
    """What was asked for, or what the name of the file says, or what suits who reads."""
    if out is None:
        if form in NO_SCREEN:
            raise UsageError(
                gettext("--format {form}: goes into a file; name it with --out").format(form=form)
            )
        return form or (TABLE if sys.stdout.isatty() else "csv")
    if form == TABLE:
        raise UsageError(
            gettext("--format table: is for the screen; a file takes csv, json, parquet or xlsx")
        )
    chosen = form or out.suffix.lower().removeprefix(".")
    if chosen not in IN_FILES:
        raise UsageError(
            gettext(
                "--out: must end in .csv, .json, .parquet or .xlsx, or add --format; found '{out}'"
            ).format(out=out)
        )
    if chosen == "xlsx":
        check_library()
    return chosen


def _answer(answer: QueryAnswer, form: str, out: Path | None) -> None:
    if form == TABLE:
        _show(answer)
    elif form == "parquet":
        assert out is not None
        write_parquet(answer.columns, out)
    elif form == "xlsx":
        assert out is not None
        write_xlsx(answer.names, answer.rows(), out)
    else:
        write_text(_told_apart(answer.names) if form == "json" else answer.names, answer.rows(), form, out)


def _told_apart(names: Sequence[str]) -> list[str]:
    """Names of columns for objects, which have each name once: a second `n` is `n_2`."""
    told: list[str] = []
    for name in names:
        free, number = name, 1
        while free in told or (number > 1 and free in names):
            number += 1
            free = f"{name}_{number}"
        told.append(free)
    return told


def _show(answer: QueryAnswer) -> None:
    """As many rows and columns as a person can take in; what is left out is said."""
    screen, names = console(), answer.names
    rows = list(islice(answer.rows(SCREEN + 1), SCREEN + 1))
    cells = [[_cell(cell) for cell in row] for row in rows[:SCREEN]]
    widths = [max(map(cell_len, column)) + GAP for column in zip(names, *cells, strict=True)]
    fit = max(sum(end <= screen.width + GAP for end in accumulate(widths)), 1)
    numbers = [i for i in range(fit) if all(_is_number(row[i]) for row in rows)]
    screen.print(table(names[:fit], [row[:fit] for row in cells], numbers))
    left = [gettext("the first {screen} rows").format(screen=SCREEN)] * (len(rows) > SCREEN)
    left += [gettext("{fit} of {names} columns").format(fit=fit, names=len(names))] * (fit < len(names))
    if left:
        screen.print(gettext("\nThese are {left}; --out FILE.csv takes all.").format(left=" and ".join(left)))


def _is_number(cell: Any) -> bool:
    return cell is None or (isinstance(cell, (int, float)) and not isinstance(cell, bool))


def _cell(cell: Any) -> str:
    """A value for reading: six figures that count, nothing for NULL."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float) and abs(cell) < 1e6:
        return f"{cell:.6g}"
    return f"{cell:,.0f}" if isinstance(cell, float) else str(cell)


def _list(runs: Runs, form: str, out: Path | None) -> None:
    """All tables with their columns, types and meanings."""
    if form == "parquet":
        raise UsageError(gettext("--format parquet: is for rows; ask something in SQL"))
    if form != TABLE:
        rows = [(name, *column) for name, columns in runs.tables.items() for column in columns]
        if form == "xlsx":
            assert out is not None
            write_xlsx(LISTED, rows, out)
        else:
            write_text(LISTED, rows, form, out)
        return
    screen = console()
    screen.print(plain(gettext("Runs: {names}\n").format(names=", ".join(runs.names))))
    for name, columns in runs.tables.items():
        screen.print(name, style="bold")
        screen.print(table((), [(f"  {one.name}", one.type.lower(), one.meaning) for one in columns]))
        screen.print()
    screen.print(
        gettext('Ask, for example: "select ending, count(*) as n from disputes group by all order by n"')
    )
