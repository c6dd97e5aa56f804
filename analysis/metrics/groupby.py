"""Cells: the rows of a run sorted by group and replication, so that one pass counts all of them."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from functools import cached_property
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.metrics.accumulators import Floats, Ints, Mask, Ratio, ratio
from evenhand.analysis.metrics.grouping import By, grouping_of
from evenhand.analysis.runs.counted import Kept, counted
from evenhand.locale.current import gettext
from evenhand.sim.lifecycle.codes import DEFAULTED, OPEN, RULED
from evenhand.sim.runs.records import Columns, Run

__all__ = ["Cells", "Floats", "Ints", "Mask"]


MANY = 100
"""Rows of a cell from which on it pays to count each cell by itself."""


class Cells:
    """Disputes of a run that count, in cells of a group and a replication; without a column, one group.

    Disputes of start-up, or outside the run's cohort, are in `all` only.

    Cell numbers run group by group: group x replications + position of the replication.
    """

    only_counts = False
    """Whether nobody looks at the values; what is dear to compute is then left out, as NaN."""

    def __init__(
        self,
        run: Run,
        by: By | None = None,
        numbers: NDArray[Any] | None = None,
        *,
        everything: bool = False,
    ) -> None:
        """Sort the rows of `run` by the groups of a column, or of a grouping, and by replication.

        Where `run` is a piece of a larger one, `numbers` are the replications of that; with `everything`,
        disputes are in it that do not count.
        """
        self.whole = run
        self.run = run if everything else counted(run)
        self.by = by
        self.grouping = grouping_of(by)
        self.column = by if isinstance(by, str) else None if by is None else by.name
        """Name of the column or grouping."""
        self.numbers = np.unique(run.merchants["replication"]) if numbers is None else numbers
        """Replications, by their numbers; those without a dispute too."""
        self.labels: tuple[str, ...] = self._labels()
        self.index = self._place(self.run.disputes, None) + self.groups() * self.replications

    def _labels(self) -> tuple[str, ...]:
        if self.grouping is not None:
            return self.grouping.labels
        return ("",) if self.column is None else self.run.labels(self.column)

    def groups(self) -> Ints:
        """The number of each dispute's group."""
        if self.grouping is not None:
            return self.grouping.numbers(self.run)
        rows = self.run.disputes
        if self.column is None:
            return np.zeros(len(rows["replication"]), np.int64)
        return rows[self.column].astype(np.int64)

    @property
    def all(self) -> Cells:
        """The cells with the disputes that do not count: desks have to deal with these, too."""
        self._must_be_whole(gettext("desks and what waits at them"))
        if self.run is self.whole:
            return self
        return Cells(self.whole, self.by, self.numbers, everything=True)

    @property
    def hours(self) -> tuple[float, float]:
        """First and last hour in which things are counted."""
        return self.run.counted.hours(self.run.horizon)

    @property
    def replications(self) -> int:
        """How many replications the run has."""
        return len(self.numbers)

    @property
    def size(self) -> int:
        """How many cells there are."""
        return len(self.labels) * self.replications

    def _place(self, columns: Columns, column: str | None) -> Ints:
        """Cell of each row."""
        cell = self.position(columns["replication"])
        if column is not None:
            cell = cell + columns[column].astype(np.int64) * self.replications
        return cell

    def position(self, replication: NDArray[Any]) -> Ints:
        """Positions of replications given by their numbers."""
        return np.searchsorted(self.numbers, replication).astype(np.int64)

    def __getitem__(self, name: str) -> NDArray[Any]:
        """A column of the disputes."""
        return self.run.disputes[name]

    @property
    def everyone(self) -> Mask:
        """All disputes."""
        return np.ones(len(self.index), np.bool_)

    def where(self, mask: Mask, said: str) -> Cells:
        """The cells with some of their disputes; `said` are these in words.

        Rates of them are of them; what counts merchants, buyers or desks is refused.
        """
        some = copy(self)
        vars(some).pop("_stretches", None)
        kept = Kept(self.run.disputes, np.flatnonzero(mask))
        some.run = replace(self.run, disputes=cast("Columns", kept), subset=said)
        some.index = self.index[mask]
        return some

    def _must_be_whole(self, what: str) -> None:
        """Raise ValueError where some disputes have been taken out of a run."""
        if self.run.subset is not None:
            raise ValueError(
                gettext("{what} are of the whole run, and not of its disputes where {subset}").format(
                    what=what, subset=self.run.subset
                )
            )

    def ended(self, ending: int) -> Mask:
        """Disputes with this ending."""
        return np.asarray(self["ending"] == ending)

    @property
    def closed(self) -> Mask:
        """Disputes that have ended, whichever way."""
        return np.asarray(self["ending"] != OPEN)

    @property
    def filed(self) -> Mask:
        """Disputes that were filed with the platform."""
        return np.asarray(~np.isnan(self["filed_at"]))

    @property
    def decided(self) -> Mask:
        """Disputes that ended by a ruling or a default."""
        return self.ended(RULED) | self.ended(DEFAULTED)

    @property
    def heard(self) -> Mask:
        """Disputes in which a ruling fell, even where what followed, an unpaid fee say, decided otherwise."""
        return np.asarray(~np.isnan(self["ruled_at"]))

    @property
    def reviewed(self) -> Mask:
        """Disputes that ended by a ruling after at least one review."""
        return np.asarray(self.ended(RULED) & (self["reviews"] > 0))

    @property
    def overturned(self) -> Mask:
        """Disputes that ended by a ruling for another winner than the first ruling named.

        A side that loses because it did not match the fee of a review loses by default: nobody reviewed the
        ruling, so it is not overturned.
        """
        return np.asarray(self.ended(RULED) & (self.upheld != self["first_upheld"].astype(np.bool_)))

    @property
    def valid(self) -> Mask:
        """Disputes whose grievance is real."""
        return np.asarray(self["valid"], np.bool_)

    @property
    def upheld(self) -> Mask:
        """Disputes in which the outcome stands for the buyer."""
        return np.asarray(self["upheld"], np.bool_)

    @cached_property
    def _stretches(self) -> list[tuple[int, int, int]] | None:
        """Cells with rows and where these lie, if it is cell by cell and many to a cell, as in whole runs."""
        steps = np.diff(self.index, prepend=-1)
        starts = np.flatnonzero(steps)
        if not len(starts) or (steps < 0).any() or len(self.index) < MANY * len(starts):
            return None
        ends = np.append(starts[1:], len(self.index))
        return list(zip(self.index[starts].tolist(), starts.tolist(), ends.tolist(), strict=True))

    def count(self, which: Mask) -> Floats:
        """Disputes in every cell."""
        if self._stretches is not None:
            found = np.zeros(self.size)
            for cell, start, end in self._stretches:
                found[cell] = np.count_nonzero(which[start:end])
            return found
        return np.bincount(self.index[which], minlength=self.size).astype(np.float64)

    def total(self, values: NDArray[Any], which: Mask) -> Floats:
        """Sum of values in every cell."""
        found = np.bincount(self.index[which], weights=values[which], minlength=self.size)
        return found.astype(np.float64)

    def share(self, of: Mask, among: Mask) -> Ratio:
        """Share of some disputes among others."""
        return ratio(self.count(of & among), self.count(among))

    def mean(self, values: NDArray[Any], among: Mask) -> Ratio:
        """Mean of values over some disputes."""
        return ratio(self.total(values, among), self.count(among))

    def over_merchants(self, values: NDArray[Any]) -> Floats:
        """Sum of values of the merchants' records in every cell; only merchant groups have any."""
        self._must_be_whole(gettext("merchants and their orders"))
        column = "merchant_group" if self.column == "merchant_group" else None
        if self.column != column:
            raise ValueError(gettext("merchants are not counted by {column}").format(column=self.column))
        cell = self._place(self.run.merchants, column)
        return np.bincount(cell, weights=values, minlength=self.size).astype(np.float64)

    def of_buyers(self, name: str) -> Floats:
        """Sum of a column of the buyers' records in every cell, 0 in folders that are older than these."""
        self._must_be_whole("buyers")
        if self.column not in (None, "buyer_group"):
            raise ValueError(gettext("buyers are not counted by {column}").format(column=self.column))
        if name not in self.run.buyers:
            return np.zeros(self.size)
        values = self.run.buyers[name]
        cell = self._place(self.run.buyers, self.column)
        return np.bincount(cell, weights=values, minlength=self.size).astype(np.float64)

    def orders(self) -> Floats:
        """Orders in every cell."""
        return self.of_merchants("orders")

    def of_merchants(self, name: str) -> Floats:
        """Sum of what is counted by merchant in every cell."""
        return self.over_merchants(self.run.merchants[name])
