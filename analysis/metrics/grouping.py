"""Groupings: which group each dispute is of, where no column of the records says it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.metrics.accumulators import Ints
from evenhand.locale.current import gettext
from evenhand.sim.runs.records import Run

Placing: TypeAlias = "Callable[[Run], tuple[Sequence[str], NDArray[Any]]]"
"""A function of a run: the names of all groups, the same in every run, and the number of each dispute's."""


@dataclass(frozen=True)
class Grouping:
    """Groups of disputes by a function of a run.

    `place` gives the names of all groups and, for each dispute of the run, the place of its group among them.
    It must say the same of a dispute whatever the policy does, or a difference would compare unlike cases.
    """

    name: str
    labels: tuple[str, ...]
    place: Placing

    @classmethod
    def of(cls, place: Placing, run: Run) -> Grouping:
        """The grouping that a function makes, with the groups that it names in a run. Raises ValueError."""
        name = getattr(place, "__name__", type(place).__name__)
        return cls(name, tuple(map(str, place(run)[0])), place)

    def numbers(self, run: Run) -> Ints:
        """Numbers of the groups of the disputes of a run. Raises ValueError for an answer that is none."""
        labels, found = self.place(run)
        numbers = np.asarray(found)
        rows = len(run.disputes["replication"])
        if tuple(map(str, labels)) != self.labels:
            raise ValueError(
                gettext(
                    "{name}: must name the same groups in every world, {labels}, found {labels_2}"
                ).format(name=self.name, labels=self.labels, labels_2=labels)
            )
        if numbers.shape != (rows,) or numbers.dtype.kind not in "iu":
            raise ValueError(
                gettext(
                    "{name}: must give a whole number for each of {rows} disputes, found {numbers!r:.80}"
                ).format(name=self.name, rows=rows, numbers=numbers)
            )
        if rows and not 0 <= numbers.min() <= numbers.max() < len(self.labels):
            raise ValueError(
                gettext("{name}: numbers must be from 0 to {labels}, found {min} to {max}").format(
                    name=self.name, labels=len(self.labels) - 1, min=numbers.min(), max=numbers.max()
                )
            )
        return numbers.astype(np.int64)


EDGES = (10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0)
"""Where bands of amounts end, in the scenario's currency: fixed, so that no policy moves a case."""
BANDS = (
    f"under_{EDGES[0]:.0f}",
    *(f"{low:.0f}_to_{high:.0f}" for low, high in pairwise(EDGES)),
    f"from_{EDGES[-1]:.0f}",
)


def amount_band(run: Run) -> tuple[Sequence[str], NDArray[Any]]:
    """Bands of the amount in dispute; an amount at an edge is of the band above it."""
    return BANDS, np.searchsorted(EDGES, run.disputes["amount"], "right")


GROUPINGS = {"amount_band": Grouping("amount_band", BANDS, amount_band)}
"""Groupings that have a name, as columns have."""
By: TypeAlias = "str | Grouping"
"""A column with words, one of `GROUPINGS`, or a grouping of one's own."""


def grouping_of(by: By | None) -> Grouping | None:
    """The grouping that is meant; None for a column of the records."""
    return by if by is None or isinstance(by, Grouping) else GROUPINGS.get(by)
