"""Findings: what an audit says, one estimate a row, with the sentences that go with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import numpy as np

from evenhand.analysis.counterfactual.units import DIFFERENCE
from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.metrics.estimate import Estimate, estimate
from evenhand.analysis.metrics.overload import Overload
from evenhand.analysis.metrics.written import finite
from evenhand.locale.current import gettext
from evenhand.result import Result

__all__ = ["DIFFERENCE", "Finding", "Findings", "Measure", "Tally"]


class Measure(NamedTuple):
    """What is estimated: its name, how a reader calls it, and its unit."""

    name: str
    title: str
    unit: str


class Finding(NamedTuple):
    """One measure of one part of what was audited."""

    measure: Measure
    part: str
    """What it is of: a path, a side, a group; empty where there is only one."""
    estimate: Estimate


@dataclass(frozen=True, eq=False, repr=False)
class Findings(Result):
    """What an audit found: its findings in the order of reading, a conclusion, and how to read it."""

    name: str
    title: str
    findings: tuple[Finding, ...]
    sentence: str
    notes: tuple[str, ...] = ()
    overloads: tuple[Overload, ...] = ()
    """Desks that cannot keep up in the worlds that were audited, as they are."""

    def of(self, measure: str, part: str = "") -> Estimate:
        """The estimate of a measure, by name, for a part. Raises KeyError for what was not found."""
        for finding in self.findings:
            if (finding.measure.name, finding.part) == (measure, part):
                return finding.estimate
        raise KeyError(
            gettext("{measure} of {part!r}").format(measure=measure, part=part) if part else measure
        )

    def rows(self) -> list[dict[str, Any]]:
        """The findings as plain numbers, null where undefined: for JSON, pandas and tables."""
        return [
            {
                "measure": one.measure.name,
                "title": one.measure.title,
                "part": one.part,
                "value": finite(one.estimate.value),
                "ci": None if one.estimate.ci is None else [finite(end) for end in one.estimate.ci],
                "n": one.estimate.n,
                "unit": one.estimate.unit,
            }
            for one in self.findings
        ]

    def summary(self) -> str:
        """What was audited, and the conclusion."""
        return gettext("{name}, {title}; {n} findings. {sentence}").format(
            name=self.name, title=self.title, n=len(self.findings), sentence=self.sentence
        )

    def table(self) -> list[dict[str, Any]]:
        """The rows with the ends of intervals in columns of their own."""
        flat = []
        for row in self.rows():
            low, high = row.pop("ci") or (None, None)
            flat.append({**row, "low": low, "high": high})
        return flat

    @property
    def labels(self) -> dict[str, str]:
        """Words for columns and measures."""
        return {**super().labels, **{one.measure.name: one.measure.title for one in self.findings}}

    pictures: ClassVar[Callable[[Findings], Any]]
    """Makes `plot`; set by `analysis.counterfactual.notebook`, so that findings know no charts."""
    page: ClassVar[Callable[[Findings], str]]
    """Makes the table of a notebook; set by `analysis.counterfactual.notebook`."""

    @property
    def plot(self) -> Any:
        """Pictures: `plot.waterfall(measure)` gives matplotlib axes."""
        return type(self).pictures(self)

    def _repr_html_(self) -> str:
        return type(self).page(self)

    def document(self) -> dict[str, Any]:
        """All of it as one JSON object."""
        return {
            "audit": self.name,
            "title": self.title,
            "findings": self.rows(),
            "sentence": self.sentence,
            "notes": list(self.notes),
            "warnings": [desk.as_json() for desk in self.overloads],
        }


class Tally:
    """Collects values and counts of measures, one replication after the other."""

    def __init__(self) -> None:
        """Start empty."""
        self._seen: dict[tuple[Measure, str], list[tuple[float, int]]] = {}

    def add(self, measure: Measure, part: str, value: float, n: int) -> None:
        """Note a value of one replication and the cases it counts; NaN where there are none."""
        self._seen.setdefault((measure, part), []).append((value, n))

    def mean(self, measure: Measure, part: str, values: Any, among: Any) -> None:
        """Note a mean over some cases of a replication."""
        n = int(np.count_nonzero(among))
        self.add(measure, part, float(values[among].mean()) if n else float("nan"), n)

    def findings(self) -> tuple[Finding, ...]:
        """An estimate of everything noted, in the order in which it came first."""
        found = []
        for (measure, part), noted in self._seen.items():
            values: Floats = np.array([value for value, _ in noted])
            # What is undefined counts nobody: a share of no cases must not look like an unfinished one.
            counts = np.array([0 if np.isnan(value) else n for value, n in noted], np.int64)
            found.append(Finding(measure, part, estimate(values, counts, measure.unit)))
        return tuple(found)
