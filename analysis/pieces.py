"""Pieces: a run of any size as runs that fit into memory, one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from analysis.cells import Cells
from analysis.runs.stored import Stored
from analysis.tally import Measured, Tally
from sim.records import Run

AnyRun = Run | Stored
"""A run in memory, or one on disk that may be larger than memory."""
T = TypeVar("T")


def pieces(run: AnyRun) -> Iterator[Run]:
    """The pieces of a run, in the order of its replications; a run in memory is one piece.

    Every dispute is in one piece, with its events; merchants and desks are in the first piece that
    has disputes of their replication.
    """
    if isinstance(run, Stored):
        yield from run.pieces()
    else:
        yield run


def numbers_of(run: AnyRun) -> NDArray[Any]:
    """The numbers of the replications of a run; those without a dispute too."""
    if isinstance(run, Stored):
        return np.arange(run.replications)
    return np.unique(run.merchants["replication"])


def all_cells(run: AnyRun, column: str | None = None) -> Iterator[Cells]:
    """The cells of the whole run, filled from one piece after the other."""
    numbers = numbers_of(run)
    return (Cells(piece, column, numbers) for piece in pieces(run))


def tallied(
    run: AnyRun, functions: list[Callable[[Cells], Tally]], column: str | None = None
) -> list[Measured]:
    """What functions of cells measure in a run, all of them in one reading."""
    found: list[Tally] = []
    for cells in all_cells(run, column):
        more = [function(cells) for function in functions]
        found = [one.join(other) for one, other in zip(found, more, strict=True)] if found else more
    return [one.measured() for one in found]
