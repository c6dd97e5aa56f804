"""An axis of a sweep: one setting, from which value to which, or at which values."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, nan
from typing import Literal

import numpy as np

from evenhand.analysis.metrics.accumulators import Floats
from evenhand.locale.current import gettext

Scale = Literal["linear", "log"]


@dataclass(frozen=True)
class Axis:
    """A setting that varies: between two values, evenly or in equal ratios, or over a list.

    Values are numbers in the unit of the setting: hours for durations, else as in the file.
    Raises ValueError for an axis on which nothing can vary.
    """

    name: str
    """Dotted path of the setting."""
    low: float = nan
    high: float = nan
    values: tuple[float, ...] = ()
    """Instead of low and high: these and no others."""
    scale: Scale = "linear"
    whole: bool = False
    """Only whole numbers are possible."""
    unit: str = ""
    """'h' for durations, 'business' for those on business days, '' for plain numbers."""
    base: float = nan
    """The value as it is without a sweep, NaN where it is not set or not known."""

    def __post_init__(self) -> None:
        ends = self.values or (self.low, self.high)
        if not all(isfinite(value) for value in ends):
            raise ValueError(gettext("{name}: needs values, or a low and a high end").format(name=self.name))
        if len(set(ends)) < 2:
            raise ValueError(
                gettext("{name}: needs two values or more to vary between").format(name=self.name)
            )
        if len(set(ends)) < len(ends):
            raise ValueError(gettext("{name}: the same value is given twice").format(name=self.name))
        if not self.values and self.low > self.high:
            raise ValueError(
                gettext("{name}: the low end {low:g} must be below the high end {high:g}").format(
                    name=self.name, low=self.low, high=self.high
                )
            )
        if self.scale == "log" and min(ends) <= 0:
            raise ValueError(
                gettext("{name}: a log scale needs values above 0, found {min:g}").format(
                    name=self.name, min=min(ends)
                )
            )
        if self.whole and any(value != round(value) for value in ends):
            raise ValueError(gettext("{name}: takes whole numbers only").format(name=self.name))

    @property
    def ends(self) -> tuple[float, float]:
        """The lowest and the highest value."""
        some = self.values or (self.low, self.high)
        return min(some), max(some)

    def at(self, u: Floats) -> Floats:
        """Values that uniforms in [0, 1) stand for; every whole or listed value has the same chance."""
        if self.values:
            place = np.minimum((u * len(self.values)).astype(np.int64), len(self.values) - 1)
            return np.asarray(np.asarray(self.values, np.float64)[place])
        if self.scale == "log":
            spread = np.exp(np.log(self.low) + u * np.log(self.high / self.low))
            return np.asarray(np.clip(np.round(spread) if self.whole else spread, self.low, self.high))
        if self.whole:
            return np.asarray(np.minimum(np.floor(self.low + u * (self.high - self.low + 1)), self.high))
        return np.asarray(self.low + u * (self.high - self.low))

    def levels(self, count: int) -> Floats:
        """So many values from end to end, fewer where there are not as many whole ones; lists as they are."""
        if self.values:
            return np.asarray(self.values, np.float64)
        spaced = np.geomspace if self.scale == "log" else np.linspace
        found = spaced(self.low, self.high, count)
        return np.unique(np.round(found)) if self.whole else np.asarray(found, np.float64)

    def written(self, value: float) -> str:
        """A value with its unit, as a file would have it."""
        if not isfinite(value):
            return "as it is"
        if self.unit == "business":
            return f"{value / 24:.4g} business days"
        if self.unit == "h":
            return f"{value / 24:.4g} d" if value >= 72 else f"{value:.4g} h"
        return f"{value:.4g}"

    @property
    def heading(self) -> str:
        """The setting with its unit, for a chart's axis."""
        units = {"h": ", hours", "business": ", hours of business days"}
        return self.name + units.get(self.unit, "")

    def plain(self) -> dict[str, object]:
        """Everything that makes an axis what it is, as plain values."""
        ends = {"values": list(self.values)} if self.values else {"low": self.low, "high": self.high}
        return {"name": self.name, **ends, "scale": self.scale, "unit": self.unit}
