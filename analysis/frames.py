"""Results in a notebook: as a data frame, and as a table that it shows by itself."""

from __future__ import annotations

from html import escape
from math import nan
from typing import Any, TypeVar

from analysis.data_frame import frame
from analysis.estimate import Estimate

E = TypeVar("E", bound=Estimate)


class Estimates(dict[str, E]):
    """Estimates by name; a plain dictionary that a notebook can show."""

    def rows(self) -> list[dict[str, Any]]:
        """One flat row a name: value, interval (NaN where there is none), n, unit."""
        nowhere = (nan, nan)
        return [
            {
                "name": name, "value": one.value, "low": (one.ci or nowhere)[0],
                "high": (one.ci or nowhere)[1], "n": one.n, "unit": one.unit,
            }
            for name, one in self.items()
        ]  # fmt: skip

    def to_pandas(self) -> Any:
        """The rows as a data frame. Raises ImportError without the extra `research`."""
        return frame(self.rows())

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{title}</th>" for title in ("Measure", "Value", "95 % interval", "n", "Unit"))
        return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{self._body()}\n</tbody>\n</table>"

    def _body(self) -> str:
        lines = []
        for name, one in self.items():
            ends = " to ".join(f"{end:.4g}" for end in one.ci) if one.ci else "-"
            cells = (name, f"{one.value:.4g}", ends, f"{one.n:,}", one.unit)
            lines.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in cells) + "</tr>")
        return "\n".join(lines)
