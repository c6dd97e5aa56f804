"""What is counted of a run: its records without the disputes of start-up, or those outside a cohort."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from evenhand.sim.runs.records import Columns, Run


class Kept(Mapping[str, NDArray[Any]]):
    """Some rows of a table, each column cut when it is used."""

    def __init__(self, columns: Columns, rows: NDArray[np.intp]) -> None:
        """The rows of these positions."""
        self._columns, self._rows = columns, rows
        self._there: Columns = {}

    def __getitem__(self, name: str) -> NDArray[Any]:
        if name not in self._there:
            self._there[name] = self._columns[name][self._rows]
        return self._there[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


def counted(run: Run) -> Run:
    """The run with the disputes that count; events, merchants and desks stay as they are."""
    rule = run.counted
    if rule.everything:
        return run
    mine = rule.disputes(run.disputes)
    if mine.all():
        return run
    kept = Kept(run.disputes, np.flatnonzero(mine))
    return replace(run, disputes=cast("Columns", kept))  # a mapping is all that anybody needs of them
