"""`python -m benchmarks.faults`: a table of faults and of what became of them."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from benchmarks.faults import caches, damage, disks, flips, inputs, kills, mutations, things
from benchmarks.faults.verdict import Faults, FaultTally, FaultVerdict
from evenhand.cli.options import Format, Shape
from evenhand.errors import UsageError

Try = Callable[[int, Random, Path, Path], Faults]
KINDS: dict[str, tuple[str, Try]] = {
    "kills": ("kills of long commands", kills.faults),
    "flips": ("bit flips", flips.faults),
    "mutations": ("mutated manifests and plans", mutations.faults),
    "damages": ("damaged runs", damage.faults),
    "disks": ("disks that fill", disks.faults),
    "caches": ("damaged machine code", caches.faults),
    "inputs": ("hostile inputs", inputs.faults),
}
SHOWN = 20
"""Faults of a kind that are told one by one."""
Number = Annotated[int, typer.Option(min=0)]


def main(
    kills: Number = 200,
    flips: Number = 300,
    mutations: Number = 1000,
    damages: Number = 300,
    disks: Number = 64,
    caches: Number = 20,
    inputs: Number = 10_000,
    seed: Annotated[int, typer.Option(help="Which faults; the same seed makes the same.")] = 1,
    shape: Shape = Format.TEXT,
) -> None:
    """Make so many faults of each kind, and count what became of them.

    The faults follow from the seed; the moment of a kill is drawn too, and where it finds the command is
    up to the machine. Exit status 1 where anything is lost, wrongly accepted, hangs or ends in a traceback.

    \b
    Examples:
      python -m benchmarks.faults --kills 200 --seed 2
      python -m benchmarks.faults --kills 0 --flips 0 --mutations 0 --damages 0 --disks 0 --inputs 100
    """
    if os.name == "nt":
        raise UsageError("benchmarks.faults: needs POSIX signals, limits and pipes")
    sizes = dict(zip(KINDS, (kills, flips, mutations, damages, disks, caches, inputs), strict=True))
    errors = Console(stderr=True)
    with tempfile.TemporaryDirectory(prefix="faults-") as folder, errors.status("") as status:
        tallies = counted(sizes, seed, Path(folder), status.update)
    if shape is Format.JSON:
        print(json.dumps([as_json(tally) for tally in tallies], ensure_ascii=False, indent=2))
    else:
        Console(width=None if sys.stdout.isatty() else 140).print(as_table(tallies))
    for tally in tallies:
        for fault in tally.bad[:SHOWN]:
            lines = [line for line in fault.said.splitlines() if line.strip()]
            print(
                f"{tally.kind}: {fault.verdict}: {fault.what}: {lines[-1] if lines else ''}", file=sys.stderr
            )
    sys.exit(any(tally.bad for tally in tallies))


def counted(
    sizes: dict[str, int], seed: int, folder: Path, tell: Callable[[str], None] = lambda _: None
) -> list[FaultTally]:
    """Make the faults; each kind has luck of its own, whatever else is asked for."""
    tell("making what is to be harmed")
    base = things.made(folder / "base", Random(f"{seed} base"))  # noqa: S311 (not for secrets)
    tallies = []
    for name, (kind, tried) in KINDS.items():
        if not sizes.get(name):
            continue
        tally, scratch = FaultTally(kind), folder / name
        scratch.mkdir()
        for fault in tried(sizes[name], Random(f"{seed} {name}"), base, scratch):  # noqa: S311
            tally.add(fault)
            tell(f"{kind}: {tally.tried} of {sizes[name]}, {len(tally.bad)} bad")
        tallies.append(tally)
    return tallies


def as_json(tally: FaultTally) -> dict[str, object]:
    """One row for a program."""
    counts = {str(verdict): tally.counts[verdict] for verdict in FaultVerdict}
    return {
        "kind": tally.kind,
        "tried": tally.tried,
        **counts,
        "bad": [fault._asdict() for fault in tally.bad],
    }


def as_table(tallies: list[FaultTally]) -> Table:
    """The rows for a reader."""
    table = Table()
    for name in ("fault", "tried", *FaultVerdict):
        table.add_column(str(name), justify="left" if name == "fault" else "right")
    for tally in tallies:
        table.add_row(
            tally.kind,
            *(f"{n:,}" for n in (tally.tried, *(tally.counts[verdict] for verdict in FaultVerdict))),
        )
    return table


if __name__ == "__main__":
    typer.run(main)
