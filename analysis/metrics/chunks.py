"""Pieces: a run of any size as runs that fit into memory, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.metrics.accumulators import Measured, Tally
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.grouping import By
from evenhand.analysis.runs.counted import counted
from evenhand.analysis.runs.steps import Tell, silent
from evenhand.analysis.runs.stored import Stored
from evenhand.sim.runs.records import Run

if TYPE_CHECKING:
    from evenhand.sim.runs.streaming import Streamed

AnyRun: TypeAlias = "Run | Stored | Streamed"
"""A run in memory, or one on disk or made while it is read, which may be larger than memory."""
T = TypeVar("T")


def pieces(run: AnyRun) -> Iterator[Run]:
    """The pieces of a run, in the order of its replications; a run in memory is one piece.

    Every dispute is in one piece, with its events; merchants, desks and buyers are in the first piece that
    has disputes of their replication.
    """
    if isinstance(run, Run):
        yield run
    else:
        yield from run.pieces()


def counted_pieces(run: AnyRun) -> Iterator[Run]:
    """The pieces without the disputes of start-up, or those outside the run's cohort."""
    return map(counted, pieces(run))


def numbers_of(run: AnyRun) -> NDArray[Any]:
    """The numbers of the replications of a run; those without a dispute too."""
    if isinstance(run, Run):
        return np.unique(run.merchants["replication"])
    return np.arange(run.replications)


def all_cells(run: AnyRun, column: By | None = None, *, everything: bool = False) -> Iterator[Cells]:
    """The cells of the whole run, filled from one piece after the other; none is held here."""
    numbers = numbers_of(run)

    def filled(piece: Run) -> Cells:
        return Cells(piece, column, numbers, everything=everything)

    return map(filled, pieces(run))


def tallied(
    run: AnyRun,
    functions: Sequence[Callable[[Cells], Tally]],
    column: By | None = None,
    tell: Tell = silent,
) -> list[Measured]:
    """What functions of cells measure in a run, all of them in one reading.

    `tell` is told before each function how many replications have been read to their end.
    """
    read = 0

    def tallies(cells: Cells) -> list[Tally]:
        nonlocal read
        made = []
        for function in functions:
            tell(read, run.replications)
            made.append(function(cells))
        read = max(read, int(cells.run.merchants["replication"].max(initial=read - 1)) + 1)
        return made

    found: list[Tally] = []
    # mapped, because a loop over the cells would hold each piece until the next one is there, too
    for more in map(tallies, all_cells(run, column)):
        found = [one.join(other) for one, other in zip(found, more, strict=True)] if found else more
    return [one.measured() for one in found]
