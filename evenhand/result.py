"""What every result can do: say in a line what it is, be a table of any library, and be saved as a folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module
from os import PathLike
from pathlib import Path
from typing import Any

from evenhand import frames

WORDS = {
    "scenario": "Scenario",
    "metric": "Metric",
    "measure": "Measure",
    "name": "Name",
    "title": "Title",
    "policy": "Policy",
    "baseline": "Baseline",
    "policy_value": "Value under the policy",
    "baseline_value": "Value under the baseline",
    "difference": "Policy less baseline",
    "value": "Value",
    "low": "95 % interval from",
    "high": "95 % interval to",
    "simultaneous_low": "Interval that holds with all others, from",
    "simultaneous_high": "Interval that holds with all others, to",
    "n": "n",
    "p": "p",
    "p_adjusted": "p, Holm",
    "undefined": "Worlds without a case",
    "unseen": "Worlds that ended too soon",
    "variance_reduction": "Worlds saved by pairing, times",
    "unit": "Unit",
    "verdict": "Verdict",
    "sentence": "In words",
    "part": "Part",
    "replications": "Replications",
    "worlds": "Worlds",
    "clusters": "Merchants",
}
"""Words for names of columns that several results have."""


class Framed:
    """Columns that other libraries take, a short `repr`, and a folder that is whole or not there."""

    def columns(self) -> Mapping[str, Any]:
        """The columns of the table, flat, NaN where a number is not known."""
        raise NotImplementedError

    def summary(self) -> str:
        """What this is, in one line or a few."""
        raise NotImplementedError

    def headings(self) -> Mapping[str, str]:
        """Words for the names of the columns."""
        return WORDS

    def to_pandas(self) -> Any:
        """The table as a pandas data frame. Raises ImportError without the extra `research`."""
        return frames.to_pandas(self.columns())

    def to_arrow(self) -> Any:
        """The table as an Arrow table. Raises ImportError without the extra `research`."""
        return frames.to_arrow(self.columns())

    def to_polars(self) -> Any:
        """The table as a Polars data frame. Raises ImportError without the extra `research`."""
        return frames.to_polars(self.columns())

    def to_latex(self, columns: Iterable[str] | None = None, *, digits: int = 4, caption: str = "") -> str:
        """The table in LaTeX, with the rules of `booktabs`. Raises ValueError for a column that is none."""
        return frames.to_latex(self.columns(), columns, self.headings(), digits, caption)

    def save(self, folder: str | PathLike[str]) -> Path:
        """Write a folder with tables, numbers and a manifest, whole or not at all; gives its path.

        The folder must be new or empty. Raises UsageError for a place that is taken, OSError.
        """
        # Reached by name, as the façade reaches everything: results know nothing of files.
        saved: Path = import_module("evenhand.storage.saved").save(self, Path(folder))
        return saved

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {self.summary()}>"

    def _repr_html_(self) -> str:
        return frames.to_html(self.columns(), self.headings())


class Result(Framed):
    """A result whose table has one flat row a number."""

    def table(self) -> list[dict[str, Any]]:
        """One flat row a number, with everything that is known about it."""
        raise NotImplementedError

    def columns(self) -> Mapping[str, Any]:
        """The rows of `table` as columns."""
        return frames.columns(self.table())

    @property
    def labels(self) -> dict[str, str]:
        """Words for the names in the table: its columns, and where they have titles metrics and policies."""
        table = self.columns()
        return {name: self.headings().get(name, name.replace("_", " ")) for name in table}
