"""Results in a notebook: as a data frame, and as a table that it shows by itself."""

from __future__ import annotations

from math import nan
from typing import Any, TypeVar

from evenhand.analysis.metrics.estimate import Estimate
from evenhand.analysis.metrics.renamed import current
from evenhand.analysis.runs.data_frame import frame
from evenhand.analysis.runs.html_table import table

E = TypeVar("E", bound=Estimate)


class Estimates(dict[str, E]):
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

    def to_pandas(self) -> Any:
        """The rows as a data frame. Raises ImportError without the extra `research`."""
        return frame(self.rows())

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
        return table(("Measure", "Value", "95 % interval", "n", "Unit"), rows)
