"""`python -m benchmarks`: a table of ratios, from programs that take turns."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.groups import FULL, GROUPS, QUICK
from benchmarks.timing import TimingRow
from evenhand.cli.options import Format, Shape


def main(
    only: Annotated[
        list[str] | None, typer.Option(help=f"A group to run; may be given again.  [{', '.join(GROUPS)}]")
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Smaller and fewer: for a look, not for a page.")
    ] = False,
    rounds: Annotated[int | None, typer.Option(help="Turns of every program.", min=1)] = None,
    shape: Shape = Format.TEXT,
) -> None:
    """Time Evenhand and what it is measured by, in turns, and print how they compare.

    \b
    Examples:
      python -m benchmarks --quick
      python -m benchmarks --only mini --only tmall --rounds 9
      python -m benchmarks --format json > ratios.json
    """
    unknown = [name for name in only or [] if name not in GROUPS]
    if unknown:
        raise typer.BadParameter(
            f"must be one of {', '.join(GROUPS)}, found '{unknown[0]}'", param_hint="--only"
        )
    size = QUICK if quick else FULL
    if rounds is not None:
        size = size.__class__(**{**asdict(size), "rounds": rounds})
    errors = Console(stderr=True)
    rows: list[TimingRow] = []
    with errors.status("") as status:
        for name in only or GROUPS:
            rows += GROUPS[name](size, status.update)
    if shape is Format.JSON:
        print(json.dumps({"rows": [asdict(row) for row in rows]}, indent=2))
    else:
        Console(width=None if sys.stdout.isatty() else 140).print(as_table(rows))


def as_table(rows: list[TimingRow]) -> Table:
    """The rows for a reader."""
    table = Table(
        caption="Ratio: how many times as fast as what it is against, dispute for dispute; "
        "of memory: how many times as much."
    )
    table.add_column("program")
    for name in ("disputes", "seconds", "µs a dispute", "ratio"):
        table.add_column(name, justify="right")
    table.add_column("against")
    for row in rows:
        each = f"{1e6 * row.seconds / row.disputes:.2f}" if row.disputes else ""
        table.add_row(
            row.name,
            f"{row.disputes:,}" if row.disputes else "",
            f"{row.seconds:.3g}",
            each,
            f"{row.ratio:.3g}",
            "" if row.against == row.name else row.against,
        )
    return table


if __name__ == "__main__":
    typer.run(main)
