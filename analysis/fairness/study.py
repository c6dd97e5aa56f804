"""A run as fairness sees it: disputes in clusters, their groups, and sums in every cluster."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.fairness.resample import ClusterEstimate, Intervals, Statistic, infer
from evenhand.analysis.metrics.accumulators import Floats, Ints, Mask
from evenhand.analysis.metrics.estimate import CONFIDENCE
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.metric import EVERY_GROUP
from evenhand.analysis.metrics.rates import Rate
from evenhand.locale.current import gettext
from evenhand.sim.runs.records import Run
from evenhand.sim.scenario.vocabulary import DESKS

Answer = dict[str, ClusterEstimate]
"""What a measure gives: one estimate or several, by names that say group and direction."""

BANDS = 4
_ROOM = 4_000_000
"""Weights of disputes held at once."""
COLUMNS = (*EVERY_GROUP, "claim_band", "evidence_band", "pair")
"""What disputes can be grouped by; see `Study.groups`."""


class Groups(NamedTuple):
    """A grouping of the disputes: labels, and the position of each dispute's label, -1 for none."""

    labels: tuple[str, ...]
    code: Ints


def quotient(top: Floats, bottom: Floats) -> Floats:
    """top / bottom, NaN where bottom is 0."""
    shape = np.broadcast_shapes(top.shape, bottom.shape)
    apart = np.broadcast_to(bottom != 0, shape)
    return np.asarray(np.divide(top, bottom, out=np.full(shape, np.nan), where=apart))


def by_rows(w: Floats, cluster: Ints, function: Callable[[Floats], Floats]) -> Floats:
    """Values from the weights of rows, (draws, rows), each row with its cluster's; a few draws at a time."""
    step = max(1, _ROOM // max(1, len(cluster)))
    return np.concatenate([function(w[i : i + step][:, cluster]) for i in range(0, len(w), step)])


class Study:
    """Disputes of a run with their clusters, which are the merchants of each replication.

    `cells` has the masks of the outcomes (decided, valid, upheld, ...), so both agree on who counts.
    """

    def __init__(self, run: Run, *, draws: int = 1000, intervals: Intervals = "auto") -> None:
        """Place every dispute of `run`; `draws` and `intervals` are those of `resample.infer`."""
        self.cells = Cells(run)
        self.run = self.cells.run
        self.draws = draws
        self.intervals: Intervals = intervals
        self.replication: Ints = self.cells.position(run.merchants["replication"])
        """Position of the replication of each cluster."""
        self.cluster: Ints = self._place()
        """Cluster of each dispute: its row in the merchants' records."""

    def _place(self) -> Ints:
        merchants, disputes = self.run.merchants, self.run.disputes
        width = 1 + int(max(merchants["merchant"].max(initial=0), disputes["merchant"].max(initial=0)))
        key = self.replication * width + merchants["merchant"]
        order = np.argsort(key)
        mine = self.cells.position(disputes["replication"]) * width + disputes["merchant"]
        return np.asarray(order[np.searchsorted(key, mine, sorter=order)], np.int64)

    @property
    def size(self) -> int:
        """How many clusters there are, those without a dispute too."""
        return len(self.replication)

    def __getitem__(self, name: str) -> NDArray[Any]:
        """A column of the disputes."""
        return self.run.disputes[name]

    def groups(self, column: str | None) -> Groups:
        """A grouping of the disputes by a column, everybody in one group without.

        Beside the columns of the records: "claim_band" (quarters of the amounts), "evidence_band"
        (quarters of the evidence on file when a ruling fell, nats towards the buyer; no band without
        a ruling) and "pair" (buyer group x merchant group). Raises ValueError for other columns.
        """
        if column is None:
            return Groups(("",), np.zeros(len(self.cluster), np.int64))
        if column == "claim_band":
            return self._bands(self["amount"], "claim")
        if column == "evidence_band":
            return self._bands(self.evidence, "evidence")
        if column == "pair":
            buyers, merchants = self.groups("buyer_group"), self.groups("merchant_group")
            labels = tuple(f"{b}_x_{m}" for b in buyers.labels for m in merchants.labels)
            return Groups(labels, buyers.code * len(merchants.labels) + merchants.code)
        if column not in COLUMNS:
            raise ValueError(
                gettext("by must be one of {columns}, found {column!r}").format(
                    columns=", ".join(COLUMNS), column=column
                )
            )
        return Groups(self.run.labels(column), self[column].astype(np.int64))

    @cached_property
    def evidence(self) -> Floats:
        """Evidence of both sides on file at the last ruling, silence included; NaN without a ruling."""
        return np.asarray(self["term_buyer"] + self["term_merchant"] + self["term_silence"])

    def _bands(self, values: Floats, name: str) -> Groups:
        """Quarters of the values that are known; ties share a band."""
        known = ~np.isnan(values)
        edges = np.quantile(values[known], np.arange(1, BANDS) / BANDS) if known.any() else np.empty(0)
        code = np.where(known, np.searchsorted(edges, values, "left"), -1)
        return Groups(tuple(f"{name}_{i + 1}" for i in range(BANDS)), code.astype(np.int64))

    def split(self, groups: Groups, which: Mask, values: NDArray[Any] | None = None) -> Floats:
        """Sums of values (disputes, without) in every cluster and group; shape (clusters, groups)."""
        k = len(groups.labels)
        rows = np.flatnonzero(which & (groups.code >= 0))
        place = self.cluster[rows] * k + groups.code[rows]
        counted = None if values is None else np.asarray(values, np.float64)[rows]
        found = np.bincount(place, weights=counted, minlength=self.size * k)
        return found.reshape(self.size, k).astype(np.float64)

    def sums(self, which: Mask, *values: NDArray[Any]) -> Floats:
        """The count and then the sum of each column of values in every cluster; (clusters, 1 + values)."""
        one = self.groups(None)
        return np.hstack([self.split(one, which), *(self.split(one, which, column) for column in values)])

    def infer(
        self,
        statistic: Statistic,
        names: Sequence[str],
        n: NDArray[Any],
        clusters: NDArray[Any],
        unit: str | Sequence[str],
        confidence: float = CONFIDENCE,
        *,
        in_line: bool = False,
    ) -> Answer:
        """Estimate the values of a statistic of the clusters' weights, as `resample.infer` does.

        `in_line` are times that pass in the line of a desk, which disputes of all merchants share.
        """
        return infer(
            statistic,
            self.replication,
            names,
            n,
            clusters,
            self.run.scenario.currency if unit == "currency" else unit,
            seed=self.run.seed,
            draws=self.draws,
            intervals=self.intervals,
            confidence=confidence,
            shared=in_line and self.has_desks,
        )

    @property
    def has_desks(self) -> bool:
        """Whether disputes wait for the same staff anywhere."""
        return any(getattr(self.run.scenario.desks, name) is not None for name in DESKS)

    def ratios(
        self,
        names: Sequence[str],
        tops: Floats,
        bottoms: Floats,
        unit: str,
        counts: Floats | None = None,
        confidence: float = CONFIDENCE,
        *,
        in_line: bool = False,
    ) -> Answer:
        """Ratios of sums, one a column; `counts` are the disputes counted, `bottoms` unless told.

        `in_line` as in `infer`.
        """
        counted = bottoms if counts is None else counts
        n, clusters = np.rint(counted.sum(axis=0)).astype(np.int64), (counted > 0).sum(axis=0)

        def statistic(w: Floats) -> Floats:
            return quotient(w @ tops, w @ bottoms)

        return self.infer(statistic, names, n, clusters, unit, confidence, in_line=in_line)

    def contrasts(
        self,
        groups: Groups,
        reference: str | None,
        names: str,
        tops: Floats,
        bottoms: Floats,
        unit: str,
        counts: Floats | None = None,
    ) -> Answer:
        """Ratios of each group less that of the reference; `names` has fields {group}, {reference}.

        n counts both groups, clusters those of the smaller one.
        """
        at = self.reference(groups, reference)
        others = [i for i in range(len(groups.labels)) if i != at]
        counted = bottoms if counts is None else counts
        n = np.rint(counted.sum(axis=0)).astype(np.int64)
        clusters = (counted > 0).sum(axis=0)

        def statistic(w: Floats) -> Floats:
            rate = quotient(w @ tops, w @ bottoms)
            return rate[:, others] - rate[:, [at]]

        return self.infer(
            statistic,
            [names.format(group=groups.labels[i], reference=groups.labels[at]) for i in others],
            n[others] + n[at],
            np.minimum(clusters[others], clusters[at]),
            unit,
        )

    def reference(self, groups: Groups, label: str | None) -> int:
        """Position of the reference group, the first one unless named. Raises ValueError."""
        if label is None:
            return 0
        if label not in groups.labels:
            raise ValueError(
                gettext("reference must be one of {labels}, found {label!r}").format(
                    labels=", ".join(groups.labels), label=label
                )
            )
        return groups.labels.index(label)


def counts(study: Study, rate: Rate, groups: Groups) -> tuple[Floats, Floats]:
    """Numerators and denominators of a rate in every cluster and group."""
    among = rate.among(study.cells)
    return study.split(groups, rate.of(study.cells) & among), study.split(groups, among)


def suffixed(name: str, groups: Groups) -> list[str]:
    """The name with each group's label behind it; the name alone for everybody."""
    return [f"{name}_{label}" if label else name for label in groups.labels]
