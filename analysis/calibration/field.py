"""A setting that was fitted: its value, how sure it is, and what says so."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import Any, NamedTuple

from evenhand.sim.scenario.units import parse_hours

Path = tuple[str, ...]


class Fit(NamedTuple):
    """A number with its 95 % interval, the kind of the interval, and how many cases it counts."""

    value: float
    low: float
    high: float
    kind: str
    n: int

    def scaled(self, factor: float) -> Fit:
        """The same in another unit."""
        return self._replace(value=self.value * factor, low=self.low * factor, high=self.high * factor)

    def __str__(self) -> str:
        """The interval, its kind and n, as a note beside a setting."""
        if not (isfinite(self.low) and isfinite(self.high)):
            return f"{self.kind}, n = {self.n:,}"
        return f"95 % interval {figure(self.low)} to {figure(self.high)} ({self.kind}), n = {self.n:,}"


class Field(NamedTuple):
    """A setting of the scenario: where it stands, its value as a file has it, and where it comes from.

    `parts` are the numbers that were fitted, by name: of a law its shape and scale, else one.
    """

    path: Path
    value: Any
    parts: dict[str, Fit]
    source: str
    confidence: str
    note: str = ""
    ranges: Mapping[str, tuple[float, float]] = {}
    """Where no interval was fitted: values as good, by the name of the part; "" = the value itself."""

    @property
    def name(self) -> str:
        """The path with dots."""
        return ".".join(self.path)

    @property
    def told(self) -> str:
        """The note in full: intervals first."""
        several = len(self.parts) > 1
        said = [
            f"{name} {figure(fit.value)}: {fit}" if several else str(fit) for name, fit in self.parts.items()
        ]
        return "; ".join([*said, *([self.note] if self.note else [])])


def plausible(field: Field) -> dict[str, tuple[float, float]]:
    """What the parts of a field may well be, by name, "" for the value itself: their intervals."""
    whole = field.value
    values = whole if isinstance(whole, dict) else {"": whole}
    fitted = dict(field.ranges)
    if isinstance(whole, dict):
        fitted |= {name: (fit.low, fit.high) for name, fit in field.parts.items() if name in whole}
    elif len(field.parts) == 1:
        fit = next(iter(field.parts.values()))
        fitted |= {"": (fit.low, fit.high)}
    found = {}
    for name, (low, high) in fitted.items():
        value = _number(values.get(name))
        if value is not None and isfinite(low) and isfinite(high) and abs(high) < LARGEST:
            least = LEAST * value if value > 0 else low
            found[name] = (min(max(low, least), value), max(high, value))
    return found


LEAST, LARGEST = 1e-3, 1e9
"""An end that is nothing would not be allowed where a number must be above 0; one without end is none."""


def _number(value: Any) -> float | None:
    """A value as a number, hours for durations; None for anything else."""
    if isinstance(value, str):
        try:
            return parse_hours(value)
        except ValueError:
            return None
    plain = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if plain else None


class Silence(NamedTuple):
    """Something that the log does not say, and why."""

    what: str
    why: str


def figure(value: float) -> str:
    """A number as short as four figures allow."""
    return f"{value:.4g}"


def rounded(value: float, figures: int = 5) -> float:
    """A number with so many figures: more would pretend to be known."""
    return float(f"{value:.{figures}g}")
