"""A metric: a number computed from records, with its formula, its unit, and what it can be split by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from importlib import import_module
from inspect import getdoc
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from evenhand import own_code
from evenhand.analysis.metrics.accumulators import Measured, Tally
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.grouping import GROUPINGS, By
from evenhand.locale.current import gettext
from evenhand.sim.runs.records import LABELS
from evenhand.sim.scenario.suggest import did_you_mean

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

    def __reduce__(self) -> tuple[Callable[..., Metric], tuple[Any, ...]]:
        """Travel to another process by name: there, too, the function stands behind its metric.

        From a file of one's own its text comes along; what is made of other metrics goes in parts.
        """
        if not isinstance(self.function, FunctionType):
            return Metric, tuple(getattr(self, one.name) for one in fields(self))
        own = own_code.text_of(self.function.__module__)
        if own is not None:
            return _find_in_text, (*own, self.function.__name__)
        return _find, (self.function.__module__, self.function.__name__)

    @property
    def counts_disputes(self) -> bool:
        """Whether single disputes are counted and nothing else, so that any of them can be taken out."""
        return "claimed" in self.by

    def splits(self, column: By) -> bool:
        """Whether the metric can be split by a column; by any at all where it counts single disputes."""
        own = not isinstance(column, str) or column in COLUMNS[len(EVERY_GROUP) :]
        return column in self.by or (own and self.counts_disputes)

    @property
    def explanation(self) -> str:
        """The whole docstring, indentation removed."""
        return getattr(self.function, "said", "") or getdoc(self.function) or ""

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


def _find_in_text(path: str, text: str, name: str) -> Metric:
    found: Metric = getattr(own_code.from_text(path, text), name)
    return found


def own_metrics(path: Path, folder: Path | None = None) -> dict[str, Metric]:
    """The metrics that a file of one's own makes, by name. Raises evenhand.own_code.BadCode."""
    return metrics_in(own_code.load(path, folder), str(path))


def metrics_in(module: ModuleType, path: str) -> dict[str, Metric]:
    """The metrics among the names of a module. Raises BadCode for none, or two of one name."""
    found = [
        one
        for name, one in vars(module).items()
        if isinstance(one, Metric) and not name.startswith("_") and not _is_ours(one)
    ]
    if not found:
        raise own_code.BadCode(
            gettext(
                "{path}: makes no metric; put @metric(...) of analysis.metrics.metric on a function"
            ).format(path=path)
        )
    names = [one.name for one in found]
    for name in names:
        if names.count(name) > 1:
            raise own_code.BadCode(
                gettext("{path}: makes two metrics with the name {name!r}").format(path=path, name=name)
            )
    return {one.name: one for one in found}


def _is_ours(one: Metric) -> bool:
    """Whether it is a shipped metric that a file has only imported."""
    return isinstance(one.function, FunctionType) and one.function.__module__.startswith("evenhand.")


def metric(
    title: str,
    unit: str = "share",
    by: tuple[str, ...] = EVERY_GROUP,
    direction: Direction = "neutral",
    pooled: bool = True,
) -> Callable[[Compute], Metric]:
    """Make a function of cells a metric, under the function's own name; arguments as for `Metric`.

    The function takes the `Cells` of some disputes and gives a tally, as `cells.share(of, among)`,
    `cells.mean(values, among)` or `ratio(top, bottom)`. Leave `by` as it is where single disputes are
    counted; write `by=()` for what is of the whole run. The docstring says who is counted. Raises
    ValueError for what can be no metric.
    """
    if not isinstance(title, str) or not title:
        raise ValueError(
            gettext("metric: needs a title, as @metric('Valid claims'), found {title!r:.80}").format(
                title=title
            )
        )
    if direction not in get_args(Direction):
        hint = did_you_mean(str(direction), get_args(Direction))
        allowed = ", ".join(get_args(Direction))
        raise ValueError(
            gettext("direction: must be one of {allowed}, found {direction!r}{hint}").format(
                allowed=allowed, direction=direction, hint=hint
            )
        )
    for column in (by,) if isinstance(by, str) else by:
        if isinstance(by, str) or column not in COLUMNS:
            hint = did_you_mean(str(column), COLUMNS)
            raise ValueError(
                gettext("by: must be some of {columns}, in a tuple, found {column!r}{hint}").format(
                    columns=", ".join(COLUMNS), column=column, hint=hint
                )
            )

    def make(function: Compute) -> Metric:
        if not callable(function):
            raise ValueError(  # noqa: TRY004 (as for all arguments)
                gettext("metric: must be put on a function of cells, found {function!r:.80}").format(
                    function=function
                )
            )
        return Metric(function.__name__, title, unit, by, direction, function, pooled)

    return make
