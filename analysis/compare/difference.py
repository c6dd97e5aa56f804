"""One difference between a policy and the baseline, with all that is known about it."""

from __future__ import annotations

from dataclasses import dataclass
from math import isnan
from typing import Any, Literal

from evenhand.analysis.compare.words import figures, with_word, worlds_of
from evenhand.analysis.metrics.cautions import is_few
from evenhand.analysis.metrics.written import finite
from evenhand.locale.current import gettext

Verdict = Literal["higher", "lower", "not told apart", "identical", "not known"]
LEVEL = 0.05
"""Differences whose adjusted p is below are told apart."""
Interval = tuple[float, float]


@dataclass(frozen=True)
class Difference:
    """A metric under a policy less the same metric under the baseline, in the same worlds.

    `ci` is the 95 % interval of this difference alone, `simultaneous_ci` one of a set that holds all
    together; both cover the luck of the worlds and nothing else, and are None with fewer than two
    pairs, or fewer than six that all differ by the same. `n` are the worlds in which both are defined;
    shares and their differences are in [-1, 1].
    """

    scenario: str
    metric: str
    title: str
    policy: str
    baseline: str
    difference: float
    ci: Interval | None
    simultaneous_ci: Interval | None
    n: int
    undefined: int
    """Worlds left out, because there was nothing to count under one of the two."""
    unseen: int
    """Worlds that ended before the metric could be seen; with any of them the difference is not known."""
    p: float
    p_adjusted: float
    """Holm's, over everything shown."""
    family: int
    """How many differences that is."""
    variance_reduction: float
    """So many times more worlds would independent seeds need; infinite where nothing differs."""
    policy_value: float
    baseline_value: float
    """Over the worlds that count: pooled ratios of sums for rates and means, else means over worlds."""
    unit: str
    cases: int | None = None
    """Of a rate or a mean, the cases that it counts in all these worlds, under the policy that has fewer."""

    @property
    def few(self) -> bool:
        """Whether a rate or a mean rests on so few cases that its value says little."""
        return self.cases is not None and is_few(self.cases, pooled=True)

    @property
    def half_width(self) -> float:
        """Half the width of `ci`, NaN without one."""
        return (self.ci[1] - self.ci[0]) / 2 if self.ci else float("nan")

    @property
    def verdict(self) -> Verdict:
        """What can be said at a level of 5 % over everything shown."""
        if self.n < 2 or isnan(self.p_adjusted):
            return "not known"
        if self.ci == (0.0, 0.0):
            return "identical"
        if self.p_adjusted >= LEVEL:
            return "not told apart"
        return "higher" if self.difference > 0 else "lower"

    @property
    def said(self) -> str:
        """What was found, without saying of which metric."""
        return gettext("{said}.").format(said=_SAID[self.verdict](self))

    @property
    def sentence(self) -> str:
        """One sentence that says what was found, in the language in force."""
        return gettext("{name}: {said}").format(name=gettext(self.title), said=self.said)

    def as_json(self) -> dict[str, Any]:
        """Numbers for a program: null where they are not known or not finite."""
        return {
            "scenario": self.scenario,
            "metric": self.metric,
            "policy": self.policy,
            "baseline": self.baseline,
            "difference": finite(self.difference),
            "ci": list(self.ci) if self.ci else None,
            "n": self.n,
            "cases": self.cases,
            "p_adjusted": finite(self.p_adjusted),
            "variance_reduction": finite(self.variance_reduction),
        }


def _amounts(one: Difference, values: tuple[float, ...], *, signed: bool) -> dict[str, str]:
    """A difference with its unit, both ends of its interval, the number of worlds and the policies."""
    value, low, high = figures(values, one.unit, one.half_width, signed=signed)
    return {
        "amount": with_word(value, one.unit),
        "low": low,
        "high": high,
        "worlds": worlds_of(one.n),
        "policy": one.policy,
        "baseline": one.baseline,
    }


def _higher(one: Difference) -> str:
    return gettext(
        "{amount} higher under {policy} than under {baseline} (95 % interval {low} to {high}, {worlds})"
    ).format(**_apart(one))


def _lower(one: Difference) -> str:
    return gettext(
        "{amount} lower under {policy} than under {baseline} (95 % interval {low} to {high}, {worlds})"
    ).format(**_apart(one))


def _apart(one: Difference) -> dict[str, str]:
    assert one.ci
    low, high = sorted(map(abs, one.ci))
    return _amounts(one, (abs(one.difference), low, high), signed=False)


def _alike(one: Difference) -> str:
    assert one.ci
    amounts = _amounts(one, (one.difference, *one.ci), signed=True)
    if one.p < LEVEL:
        return gettext(
            "{policy} and {baseline} cannot be told apart once all {family} comparisons shown are allowed "
            "for; the difference is {amount} (95 % interval {low} to {high}, {worlds})"
        ).format(**amounts, family=one.family)
    return gettext(
        "{policy} and {baseline} cannot be told apart; the difference is {amount} (95 % interval {low} to "
        "{high}, {worlds})"
    ).format(**amounts)


def _identical(one: Difference) -> str:
    return gettext("exactly the same under {policy} and {baseline} in each of {worlds}").format(
        policy=one.policy, baseline=one.baseline, worlds=worlds_of(one.n)
    )


def _unknown(one: Difference) -> str:
    if one.unseen:
        return gettext("not known, because {worlds} ended before it could be seen; try more days").format(
            worlds=worlds_of(one.unseen)
        )
    if one.n == 1:
        return gettext("one world shows no more than luck; try more replications")
    if one.n > 1:
        return gettext(
            "{amount} in each of {worlds} alike, which shows no spread to judge by; try more replications"
        ).format(amount=_amounts(one, (one.difference,) * 3, signed=True)["amount"], worlds=worlds_of(one.n))
    return gettext("there is nothing to count under one of the two policies")


_SAID = {
    "higher": _higher,
    "lower": _lower,
    "not told apart": _alike,
    "identical": _identical,
    "not known": _unknown,
}
