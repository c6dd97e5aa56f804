"""The policy that was picked: how surely, and what it does in worlds that nobody chose it by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import nan
from typing import Any

from evenhand.analysis.compare.words import figures, many, unit_of
from evenhand.analysis.metrics.estimate import Estimate
from evenhand.analysis.metrics.written import finite
from evenhand.locale.current import gettext
from evenhand.result import Result
from evenhand.sim.policy.policy import Policy


@dataclass(frozen=True, eq=False, repr=False)
class Selection(Result):
    """The best policy in a metric, how surely, and what it does in fresh worlds.

    With `certain`, the chance of having picked the best is at least `confidence` whenever the best is
    ahead by `margin` or more; without it the budget ended before.
    """

    scenario: str
    metric: str
    title: str
    maximise: bool
    margin: float
    confidence: float
    winner: str
    certain: bool
    tied: tuple[str, ...]
    """Policies that were still there beside the winner when the contest ended."""
    replications: dict[str, int]
    """Worlds in which each policy was seen before it left or won."""
    means: dict[str, float]
    """The metric over those worlds."""
    undefined: int
    """Worlds left out, because there was nothing to count under one of the policies."""
    fresh: Estimate
    """The winner in fresh worlds."""
    bias: float
    """By how much the winner looked better while it was chosen than it does in fresh worlds."""
    bias_half_width: float
    """Of the 95 % interval of the bias."""
    seed: int
    days: int
    policies: Mapping[str, Policy] = field(default_factory=dict)
    """All policies by name."""

    def summary(self) -> str:
        """The sentence."""
        return self.sentence

    def table(self) -> list[dict[str, Any]]:
        """One flat row a policy; `fresh` is what the winner does in worlds that nobody chose it by."""
        low, high = self.fresh.ci or (nan, nan)
        return [
            {
                "scenario": self.scenario,
                "metric": self.metric,
                "policy": name,
                "value": self.means[name],
                "worlds": worlds,
                "winner": name == self.winner,
                "tied": name in self.tied,
                "fresh": self.fresh.value if name == self.winner else nan,
                "low": low if name == self.winner else nan,
                "high": high if name == self.winner else nan,
                "unit": self.fresh.unit,
            }
            for name, worlds in self.replications.items()
        ]

    @property
    def labels(self) -> dict[str, str]:
        """Words for columns, the metric and the policies."""
        titles = {name: policy.title or name for name, policy in self.policies.items()}
        return {**super().labels, "fresh": "In fresh worlds", self.metric: self.title, **titles}

    @property
    def sentence(self) -> str:
        """What was found, in English."""
        best = "highest" if self.maximise else "lowest"
        worlds = many(self.replications[self.winner], "world")
        if not self.certain:
            return gettext(
                "{title}: {worlds} were not enough to choose; {winner} is {best} so far, and {tied} may "
                "be better."
            ).format(
                title=self.title, worlds=worlds, winner=self.winner, best=best, tied=" or ".join(self.tied)
            )
        alike = (
            gettext(" (with {tied}, exactly alike)").format(tied=" and ".join(self.tied)) if self.tied else ""
        )
        return gettext(
            "{title}: {winner} is {best}{alike} after {worlds}; the chance that this is right is at "
            "least {confidence:g} % if the best is ahead by {said} or more."
        ).format(
            title=self.title,
            winner=self.winner,
            best=best,
            alike=alike,
            worlds=worlds,
            confidence=100 * self.confidence,
            said=self._said(self.margin),
        )

    @property
    def fresh_sentence(self) -> str:
        """What the winner does in fresh worlds, in English."""
        low, high = self.fresh.ci or (float("nan"), float("nan"))
        value, *ends = figures(
            (self.fresh.value, low, high), self.fresh.unit, (high - low) / 2, signed=False, level=True
        )
        bias, half = figures(
            (abs(self.bias), self.bias_half_width), self.fresh.unit, self.bias_half_width, signed=False
        )
        better = "worse" if self.bias < 0 else "better"
        return (
            gettext(
                "In {many} it is {value} (95 % interval {ends}). While it was chosen it looked {better} "
                "by {bias} +- {half} {unit_of}"
            )
            .format(
                many=many(self.fresh.replications, "fresh world"),
                value=value,
                ends=" to ".join(ends),
                better=better,
                bias=bias,
                half=half,
                unit_of=unit_of(self.fresh.unit),
            )
            .rstrip()
            + "."
        )

    def _said(self, width: float) -> str:
        number, unit = figures((width,), self.fresh.unit, width, signed=False)[0], unit_of(self.fresh.unit)
        return f"{number} {unit}".rstrip()

    def to_json(self) -> dict[str, Any]:
        """What `evenhand compare --select --format json` prints; null where a number is not known."""
        fresh = {
            "value": finite(self.fresh.value),
            "ci": list(self.fresh.ci) if self.fresh.ci else None,
            "n": self.fresh.replications,
            "unit": self.fresh.unit,
        }
        chosen = {
            "scenario": self.scenario,
            "metric": self.metric,
            "maximise": self.maximise,
            "margin": self.margin,
            "confidence": self.confidence,
            "winner": self.winner,
            "certain": self.certain,
            "tied": list(self.tied),
            "n": self.replications,
            "means": {name: finite(mean) for name, mean in self.means.items()},
            "undefined": self.undefined,
            "fresh": fresh,
            "bias": finite(self.bias),
            "bias_half_width": finite(self.bias_half_width),
        }
        return {"selection": chosen}
