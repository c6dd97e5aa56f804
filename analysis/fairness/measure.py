"""A fairness measure: what it computes, whom it counts, and what a reader must know about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from inspect import getdoc, signature
from typing import Any

from evenhand.analysis.fairness.study import Answer, Study
from evenhand.locale.current import gettext
from evenhand.sim.scenario.suggest import did_you_mean

Compute = Callable[..., Answer]
"""From a study and named options to estimates by name."""


@dataclass(frozen=True)
class Measure:
    """A measure of fairness.

    `id` is its place in the catalogue (G1, P3, ...; `docs/measures.md`), `population` says who is
    counted; the docstring of `function` has formula, source, and what its ends mean.
    """

    id: str
    name: str
    title: str
    unit: str
    population: str
    function: Compute

    @property
    def options(self) -> tuple[str, ...]:
        """Names of the options that the measure knows."""
        return tuple(signature(self.function).parameters)[1:]

    @property
    def explanation(self) -> str:
        """The whole docstring, indentation removed."""
        return getdoc(self.function) or ""

    @property
    def sentence(self) -> str:
        """The first sentence of the explanation, for a reader in a hurry."""
        return " ".join(self.explanation.split("\n\n", maxsplit=1)[0].split())

    def __call__(self, study: Study, **options: Any) -> Answer:
        """Compute the measure. Raises ValueError for an option that it does not know."""
        for option in options:
            if option not in self.options:
                hint = did_you_mean(option, self.options)
                known = ", ".join(self.options) or "none"
                raise ValueError(
                    gettext("{name} has no option {option!r}{hint} (options: {known})").format(
                        name=self.name, option=option, hint=hint, known=known
                    )
                )
        return self.function(study, **options)


def fairness(id_: str, title: str, unit: str, population: str) -> Callable[[Compute], Measure]:
    """Make a function of a study a measure, under the function's own name."""

    def make(function: Compute) -> Measure:
        return Measure(id_, function.__name__, title, unit, population, function)

    return make
