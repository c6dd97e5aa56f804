"""A metric: a number computed from records, with its formula, its unit, and what it can be split by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from inspect import getdoc
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from evenhand.analysis.metrics.accumulators import Measured, Tally
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.grouping import GROUPINGS, By
from evenhand.sim.runs.records import LABELS

Direction = Literal["higher", "lower", "neutral"]
"""Which way is better."""
Compute = Callable[[Cells], Tally]

EVERY_GROUP = ("buyer_group", "merchant_group", "cause", "claimed")
"""The columns by which disputes are split as a matter of course."""
COLUMNS = (
    *EVERY_GROUP,
    "category",
    *(name for name in LABELS if name not in {*EVERY_GROUP, "activity"}),
    *GROUPINGS,
)
"""All that disputes can be split by: columns whose numbers have words, and groupings with a name."""


@dataclass(frozen=True)
class Metric:
    """A metric and what a reader must know about it.

    `unit` is "share", "h", "count", "share of amount", "currency" (the scenario's), "per 1000 orders",
    "ratio" or "rating";
    `by` are the columns it can be split by; `pooled` says that it is a ratio whose bottom is the n it counts,
    so that replications are pooled by n (see `metrics.estimate`); the docstring of `function` has the
    formula, who is counted, what its ends mean and where it comes from.
    """

    name: str
    title: str
    unit: str
    by: tuple[str, ...]
    direction: Direction
    function: Compute
    pooled: bool = True

    def __call__(self, cells: Cells) -> Measured:
        """Compute the metric in every cell of a whole run; of a larger one `function` tallies each piece."""
        return self.function(cells).measured()

    def weights(self, n: NDArray[Any]) -> NDArray[Any]:
        """What replications weigh that count so many cases: n in a pooled ratio, else all the same."""
        return n if self.pooled else np.ones_like(n)

    def __reduce__(self) -> tuple[Callable[[str, str], Metric], tuple[str, str]]:
        """Travel to another process by name: there, too, the function stands behind its metric."""
        return _find, (self.function.__module__, self.name)

    def splits(self, column: By) -> bool:
        """Whether the metric can be split by a column; by any at all where it counts single disputes."""
        own = not isinstance(column, str) or column in COLUMNS[len(EVERY_GROUP) :]
        return column in self.by or (own and "claimed" in self.by)

    @property
    def explanation(self) -> str:
        """The whole docstring, indentation removed."""
        return getdoc(self.function) or ""

    @property
    def sentence(self) -> str:
        """The first sentence of the explanation, for a reader in a hurry."""
        return " ".join(self.explanation.split("\n\n", maxsplit=1)[0].split())


def weights(metrics: Sequence[Metric], n: NDArray[Any]) -> NDArray[Any]:
    """What replications weigh, metric by metric along the last axis of `n`; see `Metric.weights`."""
    return np.where([one.pooled for one in metrics], n, 1)


def _find(module: str, name: str) -> Metric:
    found: Metric = getattr(import_module(module), name)
    return found


def metric(
    title: str,
    unit: str = "share",
    by: tuple[str, ...] = EVERY_GROUP,
    direction: Direction = "neutral",
    pooled: bool = True,
) -> Callable[[Compute], Metric]:
    """Make a function of cells a metric, under the function's own name; arguments as for `Metric`."""

    def make(function: Compute) -> Metric:
        return Metric(function.__name__, title, unit, by, direction, function, pooled)

    return make
