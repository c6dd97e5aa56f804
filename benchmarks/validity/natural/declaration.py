"""A natural experiment as it is written down before it is run: what is published, compared and judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import nan
from typing import Any, Literal

from benchmarks.validity.finding import Figure, PublishedStudy, Unit, over_worlds
from evenhand import scenarios
from evenhand.sim.scenario.vocabulary import DESKS

Reliability = Literal["first-party", "peer-reviewed", "working paper", "secondary", "vendor", "derived"]
Standing = Literal["fitted", "partly fitted", "foretold"]
SCENARIO = "tmall"


@dataclass(frozen=True)
class Source:
    """Where a figure is from, and how far it can be trusted."""

    key: str
    """Its key in the list of published figures."""
    what: str
    reliability: Reliability

    def __str__(self) -> str:
        """In one line."""
        return f"{self.key}: {self.what} ({self.reliability})"


@dataclass(frozen=True)
class RuleSet:
    """Rules that are compared with others in the same worlds: a shipped policy, what is changed in it, and
    what is changed in the scenario."""

    policy: str = "tmall"
    rules: Mapping[str, Any] = field(default_factory=dict)
    world: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Quantity:
    """One number of an experiment: published, and what it is judged by.

    `band`: what the 95 % interval over worlds must meet; `sign`: which sign must be right, +1 or -1. With
    neither it is told and not judged. `possible` is false where the model has no such number.
    """

    name: str
    published: str
    unit: Unit
    band: tuple[float, float] = (nan, nan)
    sign: Literal[-1, 0, 1] = 0
    possible: bool = True


@dataclass
class Measured:
    """Values of quantities, world by world, and the cases that each was counted among."""

    values: dict[str, list[float]] = field(default_factory=dict)
    counts: dict[str, list[int]] = field(default_factory=dict)

    def add(self, name: str, value: float, n: float) -> None:
        """One more world."""
        self.values.setdefault(name, []).append(value)
        self.counts.setdefault(name, []).append(int(n))


@dataclass(frozen=True)
class NaturalExperiment:
    """What is published, the rule sets that are compared, the quantities, and their bands."""

    key: str
    title: str
    sources: tuple[Source, ...]
    published: str
    standing: Standing
    set_by: str
    """What of it was used to set parameters; empty where nothing was."""
    sets: Mapping[str, RuleSet]
    counted: str
    """What is compared, in which days, of how long a run."""
    assumed: tuple[str, ...]
    lacking: tuple[str, ...]
    """What the model cannot say of it."""
    quantities: tuple[Quantity, ...]
    measure: Callable[[NaturalExperiment, int], Measured] | None
    """Gives values for a number of worlds; none = it cannot be run."""
    reason: str = ""
    """Why it came out or did not; written after the run."""

    def staffed(self, factor: int) -> NaturalExperiment:
        """The same with so many times the staff at every desk: what lines of waiting cases do to it."""
        desks = scenarios.load(SCENARIO).desks
        staff = {
            name: {"staff": factor * desk.staff}
            for name in DESKS
            if (desk := getattr(desks, name)) is not None
        }
        sets = {name: replace(one, world={**one.world, "desks": staff}) for name, one in self.sets.items()}
        return replace(self, sets=sets)

    def study(self, worlds: int) -> PublishedStudy:
        """Run it in so many worlds."""
        return self.told(self.figures(worlds), worlds if self.measure else 0)

    def figures(self, worlds: int) -> tuple[Figure, ...]:
        """Its quantities in so many worlds."""
        found = self.measure(self, worlds) if self.measure else Measured()
        return tuple(self._figure(one, found) for one in self.quantities)

    def _figure(self, one: Quantity, found: Measured) -> Figure:
        if not one.possible or one.name not in found.values:
            return Figure(one.name, one.published, nan, None, 0, one.unit, *one.band, one.sign, "cannot")
        values, counts = found.values[one.name], found.counts[one.name]
        return over_worlds(one.name, one.published, values, counts, one.unit, one.band, one.sign, "meets")

    def told(self, figures: Sequence[Figure], worlds: int) -> PublishedStudy:
        """The study with these figures."""
        return PublishedStudy(
            key=self.key,
            title=f"{self.key}: {self.title}",
            source="; ".join(map(str, self.sources)),
            published=self.published,
            how=f"Scenario {SCENARIO}. {self.counted}",
            assumed=(*self.assumed, *(f"not in the model: {one}" for one in self.lacking)),
            figures=tuple(figures),
            reason=self.reason,
            worlds=worlds,
            standing=self.standing,
            set_by=self.set_by,
        )
