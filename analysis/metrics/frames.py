"""Results in a notebook: as a data frame, and as a table that it shows by itself."""

from __future__ import annotations

from math import nan
from typing import Any, TypeVar

from evenhand.analysis.metrics.estimate import Estimate
from evenhand.analysis.metrics.renamed import current
from evenhand.analysis.runs.html_table import table as html
from evenhand.result import Result

E = TypeVar("E", bound=Estimate)
SHOWN = 4
"""Estimates that a line shows."""


class Estimates(Result, dict[str, E]):
    """Estimates by name; a plain dictionary that a notebook can show. Old names of metrics are understood."""

    def __missing__(self, name: str) -> E:
        """The estimate under the name of today. Raises KeyError."""
        now = current(name)
        if now == name:
            raise KeyError(name)
        return self[now]

    def rows(self) -> list[dict[str, Any]]:
        """One flat row a name: value, interval (NaN where there is none), n, unit."""
        nowhere = (nan, nan)
        return [
            {
                "name": name,
                "value": one.value,
                "low": (one.ci or nowhere)[0],
                "high": (one.ci or nowhere)[1],
                "n": one.n,
                "unit": one.unit,
            }
            for name, one in self.items()
        ]

    def table(self) -> list[dict[str, Any]]:
        """The rows."""
        return self.rows()

    def summary(self) -> str:
        """The first few by name and value, and how many more there are."""
        shown = ", ".join(f"{name} {one.value:.4g}" for name, one in list(self.items())[:SHOWN])
        return shown + (f", and {len(self) - SHOWN} more" if len(self) > SHOWN else "")

    def _repr_html_(self) -> str:
        rows = [
            (
                name,
                f"{one.value:.4g}",
                " to ".join(f"{end:.4g}" for end in one.ci) if one.ci else "-",
                f"{one.n:,}",
                one.unit,
            )
            for name, one in self.items()
        ]
        return html(("Measure", "Value", "95 % interval", "n", "Unit"), rows)
