"""A metric: a number computed from records, with its formula, its unit, and what it can be split by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from inspect import getdoc
from typing import Literal

from analysis.cells import Cells
from analysis.tally import Measured, Tally

Direction = Literal["higher", "lower", "neutral"]
"""Which way is better."""
Compute = Callable[[Cells], Tally]

EVERY_GROUP = ("buyer_group", "merchant_group", "cause", "claimed")
"""All columns that disputes can be split by."""


@dataclass(frozen=True)
class Metric:
    """A metric and what a reader must know about it.

    `unit` is "share", "h", "count", "share of amount", "currency" (the scenario's) or "per 1000 orders";
    `by` are the columns it can be split by; the docstring of `function` has the formula, who is
    counted, what its ends mean and where it comes from.
    """

    name: str
    title: str
    unit: str
    by: tuple[str, ...]
    direction: Direction
    function: Compute

    def __call__(self, cells: Cells) -> Measured:
        """Compute the metric in every cell of a whole run; of a larger one `function` tallies each piece."""
        return self.function(cells).measured()

    def __reduce__(self) -> tuple[Callable[[str, str], Metric], tuple[str, str]]:
        """Travel to another process by name: there, too, the function stands behind its metric."""
        return _find, (self.function.__module__, self.name)

    @property
    def explanation(self) -> str:
        """The whole docstring, indentation removed."""
        return getdoc(self.function) or ""

    @property
    def sentence(self) -> str:
        """The first sentence of the explanation, for a reader in a hurry."""
        return " ".join(self.explanation.split("\n\n", maxsplit=1)[0].split())


def _find(module: str, name: str) -> Metric:
    found: Metric = getattr(import_module(module), name)
    return found


def metric(
    title: str, unit: str = "share", by: tuple[str, ...] = EVERY_GROUP, direction: Direction = "neutral"
) -> Callable[[Compute], Metric]:
    """Make a function of cells a metric, under the function's own name."""

    def make(function: Compute) -> Metric:
        return Metric(function.__name__, title, unit, by, direction, function)

    return make
