"""Parts of a world: metrics of everybody and of each group, with the cases and the merchants counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.compare.moves import Moves
from evenhand.analysis.metrics.accumulators import Floats, Ints
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.grouping import By, grouping_of
from evenhand.analysis.metrics.metric import COLUMNS, Metric
from evenhand.analysis.metrics.overload import flow
from evenhand.locale.current import gettext
from evenhand.sim.runs.records import Run
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.suggest import did_you_mean

_Part = tuple[Floats, Ints, Floats]
"""Some rows of a measurement: value, n, clusters."""
EVERYBODY = ""
"""The group of a metric that is not split."""


class Row(NamedTuple):
    """What is measured: a metric, of everybody or of one group, written `column:label`."""

    metric: Metric
    group: str

    @property
    def column(self) -> str:
        """The column whose group it is, empty for everybody."""
        return self.group.partition(":")[0]

    @property
    def label(self) -> str:
        """The group without its column."""
        return self.group.partition(":")[2]


class Measurement(NamedTuple):
    """Rows measured in one world: value, NaN where undefined, cases and merchants counted.

    `clusters` is NaN where a metric counts no merchants' disputes one by one, as for the use of a desk.
    """

    value: Floats
    n: Ints
    clusters: Floats
    flow: Floats
    """What came to each desk and what its staff have hours for; see `metrics.overload.flow`."""
    moves: tuple[Moves | None, ...] = ()
    """How disputes go beside the baseline, policy by policy, None for itself; empty where nobody asks."""


class MerchantColumns(Cells):
    """Disputes of one replication in cells of merchants, or of merchants and groups, only to count them.

    Cell numbers run merchant by merchant: place of the merchant x groups + group.
    """

    only_counts = True

    def __init__(self, run: Run, by: By | None = None) -> None:
        """Sort the rows of `run` by their merchants and by the groups of a column or a grouping."""
        super().__init__(run, by)
        numbers = run.merchants["merchant"]
        order = np.argsort(numbers)
        self.count_of_merchants = len(numbers)
        rows = self.run.disputes
        place = order[np.searchsorted(numbers, rows["merchant"], sorter=order)].astype(np.int64)
        self.index = place * len(self.labels) + self.groups()

    @property
    def size(self) -> int:
        """How many cells there are."""
        return self.count_of_merchants * len(self.labels)

    def orders(self) -> Floats:
        """Orders of every merchant. Raises ValueError for groups of buyers, which have none."""
        if self.column is not None:
            return super().orders()
        return np.asarray(self.run.merchants["orders"], np.float64)

    def counted(self, metric: Metric) -> NDArray[np.bool_]:
        """Whether a metric counts anything of a merchant, by group; shape (merchants, groups)."""
        return np.asarray(metric(self).n.reshape(self.count_of_merchants, len(self.labels)) > 0)


def rows_of(scenario: Scenario, metrics: Sequence[Metric], by: Sequence[By]) -> tuple[Row, ...]:
    """Every metric of everybody, and behind them of each group of the columns it can be split by.

    Raises ValueError for a column that is none.
    """
    found = [Row(metric, EVERYBODY) for metric in metrics]
    for one in by:
        column, names = name_of(one), labels(scenario, one)
        found += [Row(m, f"{column}:{name}") for m in metrics if m.splits(one) for name in names]
    return tuple(found)


def name_of(by: By) -> str:
    """The name of a column or grouping."""
    return by if isinstance(by, str) else by.name


def labels(scenario: Scenario, by: By) -> tuple[str, ...]:
    """Words of a column of the disputes, or names of the groups. Raises ValueError for what has none."""
    from evenhand.sim.runs.records import LABELS

    grouping, column = grouping_of(by), name_of(by)
    if grouping is not None:
        return grouping.labels
    if column not in COLUMNS:
        hint = did_you_mean(column, COLUMNS)
        raise ValueError(
            gettext("by must be among {columns}, found {column!r}{hint}").format(
                columns=", ".join(COLUMNS), column=column, hint=hint
            )
        )
    own = {
        "buyer_group": scenario.buyer_groups,
        "merchant_group": scenario.merchant_groups,
        "category": scenario.categories,
        **LABELS,
    }
    return tuple(own[column])


def measure(run: Run, metrics: Sequence[Metric], by: Sequence[By]) -> Measurement:
    """Measure one replication; the rows are those of `rows_of`."""
    parts = [*_everybody(run, metrics)]
    for column in by:
        parts += _groups(run, [metric for metric in metrics if metric.splits(column)], column)
    value, n, clusters = (np.concatenate(found) for found in zip(*parts, strict=True))
    return Measurement(value, n, clusters, flow(Cells(run)))


def _everybody(run: Run, metrics: Sequence[Metric]) -> Iterator[_Part]:
    cells, merchants = Cells(run), MerchantColumns(run)
    for metric in metrics:
        value, n = metric(cells)
        known = float(merchants.counted(metric).sum()) if metric.by else np.nan
        yield value, n, np.array([known])


def _groups(run: Run, metrics: Sequence[Metric], column: By) -> Iterator[_Part]:
    """A merchant is of one group, and sells to buyers of many."""
    cells = Cells(run, column)
    of_merchants = column == "merchant_group"
    merchants = MerchantColumns(run, None if of_merchants else column)
    own = run.merchants["merchant_group"].astype(np.int64)
    for metric in metrics:
        value, n = metric(cells)
        counted = merchants.counted(metric)
        if of_merchants:
            clusters = np.bincount(own[counted[:, 0]], minlength=len(cells.labels))
        else:
            clusters = counted.sum(axis=0)
        yield value, n, clusters.astype(np.float64)
