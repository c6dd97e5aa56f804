"""Shapley attribution: what each setting adds to the difference between two policies, in the same worlds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from math import factorial
from typing import Literal, NamedTuple, get_args

import numpy as np

from evenhand.analysis.counterfactual.attribution_settings import Setting, mixed, settings
from evenhand.analysis.counterfactual.findings import Finding, Findings, Measure
from evenhand.analysis.counterfactual.resimulation import Tell, lives
from evenhand.analysis.counterfactual.units import DIFFERENCE
from evenhand.analysis.metrics.accumulators import Floats, Ints, Mask
from evenhand.analysis.metrics.estimate import contributions, estimate
from evenhand.analysis.metrics.metric import Metric
from evenhand.analysis.metrics.registry import METRICS, outcomes
from evenhand.analysis.metrics.renamed import current
from evenhand.locale.current import gettext
from evenhand.renamed import renamed_arguments
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.experiment import EngineName
from evenhand.sim.runs.trial import Trial
from evenhand.sim.scenario.scenario import Scenario

MOST = 6
"""Players at most: each more doubles the lives of every world."""
TOTAL = "all settings"
By = Literal["auto", "setting", "section", "chapter"]
CHAPTERS = {
    "windows": ("windows",),
    "talks and screening": ("negotiation", "screening", "consent"),
    "answer and mediation": ("answer", "mediation", "offers"),
    "decision": ("evidence", "burden", "decision"),
    "review": ("review",),
    "money, sanctions, exceptions and reforms": ("returns", "funding", "sanctions", "exceptions", "reforms"),
}
"""The sections of a policy in six parts, for policies that differ in more than six sections."""


class Player(NamedTuple):
    """One setting, or some that change together."""

    name: str
    settings: tuple[Setting, ...]


def players(policy_a: Policy, policy_b: Policy, by: By = "auto") -> tuple[Player, ...]:
    """The settings in which two policies differ, in at most six parts.

    By single setting, by section of the policy file, or by chapter (sections in six parts); "auto" takes
    the first of them that gives no more than six. Raises ValueError where there are more.
    """
    if by not in get_args(By):
        raise ValueError(
            gettext("by: must be one of {get_args}, found {by!r}").format(
                get_args=", ".join(get_args(By)), by=by
            )
        )
    differing = settings(policy_a, policy_b)
    found: tuple[Player, ...] = ()
    for way in ("setting", "section", "chapter") if by == "auto" else (by,):
        found = _grouped(differing, way)
        if len(found) <= MOST:
            return found
    raise ValueError(
        gettext("by: the policies differ in {found} {by}s; at most {most}").format(
            found=len(found), by=by, most=MOST
        )
    )


def _grouped(differing: Sequence[Setting], by: str) -> tuple[Player, ...]:
    groups: dict[str, list[Setting]] = {}
    for setting in differing:
        section = setting.path.partition(".")[0]
        chapter = next(name for name, sections in CHAPTERS.items() if section in sections)
        name = {"setting": setting.path, "section": section, "chapter": chapter}[by]
        groups.setdefault(name, []).append(setting)
    return tuple(Player(name, tuple(some)) for name, some in groups.items())


def shapley_values(worth: Floats) -> Floats:
    """Each player's share of the worth of all over the worth of none; shape (players, ...).

    `worth` has shape (2^players, ...); bit i of the position says whether player i takes part. Formula:
    sum over coalitions S without i of |S|! (k - |S| - 1)! / k! (v(S + i) - v(S)). The shares sum to
    v(all) - v(none), equal players have equal shares, and one who changes nothing has exactly 0.
    Source: Shapley (1953), A value for n-person games.
    """
    k = len(worth).bit_length() - 1
    values = np.zeros((k, *worth.shape[1:]))
    for i in range(k):
        for size in range(k):
            weight = factorial(size) * factorial(k - size - 1) / factorial(k)
            for others in combinations([j for j in range(k) if j != i], size):
                without = sum(1 << j for j in others)
                values[i] += weight * (worth[without | 1 << i] - worth[without])
    return values


@renamed_arguments
def shapley(
    scenario: Scenario,
    policy_a: Policy,
    policy_b: Policy,
    metrics: Sequence[str],
    *,
    by: By = "auto",
    seed: int = 1,
    replications: int = 10,
    days: int | None = None,
    engine: EngineName = "auto",
    open_loop: bool | None = None,
    tell: Tell | None = None,
) -> Findings:
    """Split the difference B - A of each metric over the settings in which the policies differ.

    Every world lives once under each mixture of the two policies, 2^k times for k players (see
    `players`), by the same luck. The share of a player is what its change adds, averaged over all orders
    in which the changes could be made, so no order is preferred. In each replication the shares sum to
    the total difference; a replication in which a metric is undefined under any mixture is left out.
    Intervals are over replications, `n` are the cases counted under B.
    Raises ValueError for equal policies, unknown metrics or mixtures that are no valid policy, DoesNotFit.
    """
    who = players(policy_a, policy_b, by)
    if not who:
        raise ValueError(gettext("the two policies have the same settings: there is no difference to split"))
    mixtures = _mixtures(policy_a, policy_b, who)
    stage = lives(scenario, policy_a, seed, replications, days, engine, open_loop, len(mixtures), tell)
    trials = [Trial.of(stage.experiment.under(policy)) for policy in mixtures]
    names = list(dict.fromkeys(map(current, metrics)))
    worth = np.empty((len(mixtures), len(names), replications))
    counts = np.empty(worth.shape, np.int64)
    for replication in range(replications):
        if tell is not None:
            tell(replication)
        for number, trial in enumerate(trials):
            for place, one in enumerate(outcomes(trial.one(replication), names).values()):
                worth[number, place, replication] = one.per_replication[0]
                counts[number, place, replication] = one.n
    return _findings(who, [METRICS[name] for name in names], worth, counts, scenario.currency)


def _mixtures(policy_a: Policy, policy_b: Policy, who: Sequence[Player]) -> list[Policy]:
    """All 2^k policies between A and B; bit i of the position says whether player i is as in B."""
    return [
        mixed(policy_a, policy_b, [s for i, one in enumerate(who) if number >> i & 1 for s in one.settings])
        for number in range(1 << len(who))
    ]


def _findings(
    who: Sequence[Player], metrics: Sequence[Metric], worth: Floats, counts: Ints, currency: str
) -> Findings:
    """A share of every player for every metric, and the total."""
    known = ~np.asarray(np.isnan(worth).any(axis=0))
    each = np.where(known, [*shapley_values(worth), worth[-1] - worth[0]], np.nan)
    worth = np.stack(
        [_contributions(one, worth[:, i], counts[:, i], known[i]) for i, one in enumerate(metrics)], axis=1
    )
    shares = np.where(known, [*shapley_values(worth), worth[-1] - worth[0]], np.nan)
    findings = []
    for place, metric in enumerate(metrics):
        unit = {"share": DIFFERENCE, "currency": currency}.get(metric.unit, f"{metric.unit}, difference")
        measure = Measure(metric.name, metric.title, unit)
        n = np.where(known[place], counts[-1, place], 0)
        for i, part in enumerate([*(player.name for player in who), TOTAL]):
            share = estimate(shares[i, place], n, unit)
            findings.append(Finding(measure, part, replace(share, per_replication=each[i, place])))
    return Findings(
        "shapley",
        gettext("what each setting adds to the difference"),
        tuple(findings),
        _sentence(findings),
        tuple(f"{one.name}: {'; '.join(map(str, one.settings))}" for one in who),
    )


def _contributions(metric: Metric, values: Floats, counts: Ints, known: Mask) -> Floats:
    """What replications add to a metric under every mixture, those left out NaN; (mixtures, replications)."""
    return contributions(np.where(known, values, np.nan).T, metric.weights(counts).T).T


def _sentence(findings: Sequence[Finding]) -> str:
    first = findings[0].measure
    parts = [one for one in findings if one.measure == first and one.part != TOTAL]
    most = max(parts, key=lambda one: np.nan_to_num(abs(one.estimate.value)))
    total = next(one for one in findings if one.measure == first and one.part == TOTAL)
    return gettext(
        "Of the difference of {whole:+.4g} in '{title}', {part} makes the most: {made:+.4g}."
    ).format(whole=total.estimate.value, title=first.title, part=most.part, made=most.estimate.value)
