"""A lever: one setting that a search may turn, from where to where or through which options."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor, isfinite, log, log10, nan
from typing import Any

import numpy as np

from evenhand.analysis.experiments.axis import Axis

Value = float | str | bool
"""What a lever stands at: a number in the unit of its axis, a word, or on and off."""


@dataclass(frozen=True)
class Lever:
    """A setting that a search turns: a number along an axis, or one of several options.

    Raises ValueError for a lever on which nothing can be turned.
    """

    name: str
    """Dotted path of the setting."""
    axis: Axis | None = None
    """Where the setting is a number."""
    options: tuple[Value, ...] = ()
    """Else: the words or switches it may stand at."""
    base: Value | None = None
    """Where an option stands without a search; of a number its axis knows."""

    def __post_init__(self) -> None:
        if self.axis is None and len(set(self.options)) < 2:
            raise ValueError(f"{self.name}: needs two options or more to choose from")
        if self.axis is None and len(set(self.options)) < len(self.options):
            raise ValueError(f"{self.name}: the same option is given twice")

    @classmethod
    def of(cls, axis: Axis) -> Lever:
        """A lever along an axis."""
        return cls(axis.name, axis)

    @property
    def start(self) -> Value | None:
        """Where the lever stands without a search; None where that is not known or cannot be."""
        if self.axis is None:
            return self.base
        return self.axis.base if isfinite(self.axis.base) else None

    @property
    def listed(self) -> tuple[Value, ...]:
        """Every value, where they are few; empty for a range."""
        if self.axis is None:
            return self.options
        low, high = self.axis.ends
        if not self.axis.values and self.axis.whole and high - low < FEW:
            return tuple(low + step for step in range(int(high - low) + 1))
        return self.axis.values

    @property
    def tried(self) -> tuple[Value, ...]:
        """The values that are looked at first when the lever is turned alone: its ends, or all options."""
        return self.options or self.axis_here.ends

    @property
    def tried_all(self) -> tuple[Value, ...]:
        """All options, or all values of a list."""
        return self.options or self.axis_here.values

    @property
    def axis_here(self) -> Axis:
        """The axis of a number."""
        assert self.axis is not None
        return self.axis

    def at(self, u: float) -> Value:
        """The value that a uniform in [0, 1) stands for."""
        if self.axis is None:
            return self.options[min(int(u * len(self.options)), len(self.options) - 1)]
        return self.rounded(float(self.axis.at(np.array([u]))[0]))

    def rounded(self, value: float) -> float:
        """A number that a person would write: on a round grid of at least a hundred steps from end to end."""
        axis = self.axis_here
        if axis.values or axis.whole:
            return value
        low, high = axis.ends
        if isfinite(axis.base):
            low, high = min(low, axis.base), max(high, axis.base)
        if axis.scale == "log":
            return min(max(float(f"{value:.3g}"), low), high)
        rough = (high - low) / STEPS
        size = 10.0 ** floor(log10(rough))
        step = max(one * size for one in (1.0, 2.0, 5.0) if one * size <= rough * (1 + 1e-9))
        return min(max(float(f"{round(value / step) * step:.12g}"), low), high)

    def suggest(self, trial: Any) -> Value:
        """The value that an optuna trial proposes."""
        if self.axis is None or self.axis.values:
            found: Value = trial.suggest_categorical(self.name, list(self.options or self.axis_here.values))
            return found
        low, high = self.axis.ends
        logarithmic = self.axis.scale == "log"
        if self.axis.whole:
            return float(trial.suggest_int(self.name, int(low), int(high), log=logarithmic))
        return self.rounded(float(trial.suggest_float(self.name, low, high, log=logarithmic)))

    def between(self, value: Value, part: float) -> Value | None:
        """The value that is `part` of the way from the base to another; None where nothing lies between."""
        start = self.start
        if self.axis is None or self.axis.values or not isinstance(start, float | int):
            return None
        assert not isinstance(value, str)
        if self.axis.scale == "log" and start > 0:
            found = start * (float(value) / start) ** part
        else:
            found = start + part * (float(value) - start)
        return float(round(found)) if self.axis.whole else self.rounded(found)

    def distance(self, value: Value) -> float:
        """How far a value is from the base, as a part of what the lever spans; 1 for any other option."""
        start = self.start
        if value == start:
            return 0.0
        if self.axis is None or start is None or isinstance(value, str) or isinstance(start, str):
            return 1.0
        low, high = self.axis.ends
        low, high = min(low, float(start)), max(high, float(start))
        if self.axis.scale == "log" and low > 0:
            return abs(log(float(value) / float(start))) / log(high / low)
        return abs(float(value) - float(start)) / (high - low)

    def written(self, value: Value | None) -> str:
        """A value with its unit, as a file would have it."""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str):
            return value
        return self.axis_here.written(nan if value is None else float(value))

    def plain(self) -> dict[str, object]:
        """Everything that makes a lever what it is, as plain values."""
        if self.axis is None:
            return {"name": self.name, "options": list(self.options)}
        return self.axis.plain()


STEPS = 100
"""Steps of a lever from end to end, at least."""
FEW = 12
"""Whole numbers that are looked at one by one."""
