"""The loops audit: the same people with behaviour frozen and free, and what feedback adds to each gap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from scipy.special import stdtrit

from evenhand.analysis.counterfactual.findings import Finding, Findings, Measure
from evenhand.analysis.counterfactual.resimulation import Lives, Tell, lives
from evenhand.analysis.counterfactual.units import DIFFERENCE
from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.metrics.estimate import CONFIDENCE, Estimate, estimate
from evenhand.analysis.metrics.grouping import By, Placing
from evenhand.analysis.metrics.metric import COLUMNS, EVERY_GROUP, Metric
from evenhand.analysis.metrics.registry import find_metric, outcomes_by
from evenhand.analysis.metrics.within import name_of
from evenhand.analysis.metrics.written import percent, points
from evenhand.locale.current import gettext
from evenhand.renamed import renamed_arguments
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.experiment import Decide, EngineName
from evenhand.sim.runs.records import Run
from evenhand.sim.runs.replication_records import Part
from evenhand.sim.runs.trial import gather
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.suggest import did_you_mean
from evenhand.sim.scenario.vocabulary import CAUSES

GAPS: tuple[tuple[str, str], ...] = (
    ("wrongful_denial_rate", "buyer_group"),
    ("wrongful_denial_rate", "merchant_group"),
    ("wrongful_grant_rate", "buyer_group"),
    ("wrongful_grant_rate", "merchant_group"),
    ("effective_denial_rate", "buyer_group"),
    ("effective_denial_rate", "merchant_group"),
)
"""Metrics and the groups they are compared between, unless asked for others."""


class Gap(NamedTuple):
    """A metric of one group less that of the reference group, per replication."""

    values: Floats
    """What replications contribute to it; see `analysis.metrics.estimate`."""
    each: Floats
    """The gap in each replication."""
    n: int


@renamed_arguments
def loops(
    scenario: Scenario,
    policy: Policy,
    gaps: Sequence[tuple[str | Metric, By | Placing]] = GAPS,
    *,
    reference: dict[str, str] | None = None,
    seed: int = 1,
    replications: int = 10,
    days: int | None = None,
    engine: EngineName = "auto",
    tell: Tell | None = None,
    decide: Decide | None = None,
) -> Findings:
    """Let the same worlds live with behaviour frozen and free, and compare the gaps between groups.

    `gaps` are pairs of a metric and the column of the groups ("buyer_group", "merchant_group", "cause",
    "claimed"), or a metric and a function of a run of one's own, as `outcomes_by` takes them; each group is
    compared with the first, or with that of `reference` by column. Found for
    each: `frozen` and `free`, the gap (group - reference); `added`, free - frozen in the same world; and
    `feedback_share`, the mean of `added` over the mean of `free`, with Fieller's interval, which is left
    out where the free gap cannot be told from 0 (D'Amour et al. 2020). Replications in which a group has
    nothing to count are left out of all four; `n` are the disputes counted of both groups.
    Raises ValueError for an unknown metric, column or group, and DoesNotFit.
    """
    wanted = [(find_metric(metric), column) for metric, column in gaps]
    for _, column in wanted:
        if column in EVERY_GROUP:
            _reference(scenario, str(column), reference)
        elif isinstance(column, str) and column not in COLUMNS:
            hint = did_you_mean(column, COLUMNS)
            raise ValueError(
                gettext("column must be one of {columns}, found {column!r}{hint}").format(
                    columns=", ".join(COLUMNS), column=column, hint=hint
                )
            )
    stage = lives(scenario, policy, seed, replications, days, engine, None, 2, tell, decide)
    frozen, free = _both(stage)
    findings: list[Finding] = []
    for metric, column in wanted:
        still, moving = outcomes_by(frozen, column, [metric]), outcomes_by(free, column, [metric])
        name = name_of(column)
        base = (reference or {}).get(name, next(iter(still)))
        if base not in still:
            raise ValueError(
                gettext("reference: must be one of {still}, found {base!r}").format(
                    still=", ".join(still), base=base
                )
            )
        for group in still:
            if group != base:
                part = f"{name.removesuffix('_group').replace('_', ' ')}: {group} - {base}"
                before, after = (_gap(groups, group, base, metric.name) for groups in (still, moving))
                findings += _findings(metric, part, before, after)
    return replace(_audit(tuple(findings)), overloads=stage.overloads())


def _reference(scenario: Scenario, column: str, chosen: dict[str, str] | None) -> str:
    """The group that others are compared with."""
    labels = {"buyer_group": scenario.buyer_groups, "merchant_group": scenario.merchant_groups}
    names = labels.get(column, CAUSES)
    group = (chosen or {}).get(column, names[0])
    if group not in names:
        raise ValueError(
            gettext("reference: must be one of {names}, found {group!r}").format(
                names=", ".join(names), group=group
            )
        )
    return group


def _both(stage: Lives) -> tuple[Run, Run]:
    """The run with behaviour frozen and the run with it free, in the same worlds."""
    parts: tuple[list[Part], list[Part]] = ([], [])
    for world, luck in stage.worlds():
        for frozen, kept in zip((True, False), parts, strict=True):
            kept.append(stage.live(world._replace(habits=world.habits._replace(open_loop=frozen)), luck))
    runs = [
        gather(replace(stage.experiment, open_loop=frozen), kept)
        for frozen, kept in zip((True, False), parts, strict=True)
    ]
    return runs[0], runs[1]


def _gap(groups: Mapping[str, Mapping[str, Estimate]], group: str, base: str, metric: str) -> Gap:
    one, other = groups[group][metric], groups[base][metric]
    each = one.per_replication - other.per_replication
    return Gap(one.contributions - other.contributions, each, one.n + other.n)


def _findings(metric: Metric, part: str, frozen: Gap, free: Gap) -> list[Finding]:
    """The four figures of one gap, over the replications in which both gaps are known."""
    known = ~np.isnan(frozen.values) & ~np.isnan(free.values)
    added = Gap(free.values - frozen.values, free.each - frozen.each, frozen.n + free.n)
    title, unit = metric.title, metric.unit
    unit = DIFFERENCE if unit == "share" else unit
    found = []
    for name, gap in (("frozen", frozen), ("free", free), ("added", added)):
        values = np.where(known, gap.values, np.nan)
        # The count stands for all replications together: `estimate` only needs to know that there is one.
        counts = np.where(known, 1, 0)
        one = replace(estimate(values, counts, unit), per_replication=np.where(known, gap.each, np.nan))
        measured = Measure(f"{metric.name}.{name}", f"{title}, {name}", unit)
        found.append(Finding(measured, part, _counted(one, gap.n)))
    share = _counted(_share(added.values[known], free.values[known], len(known)), frozen.n + free.n)
    measured = Measure(
        f"{metric.name}.feedback_share", gettext("{title}, share of feedback").format(title=title), "ratio"
    )
    found.append(Finding(measured, part, share))
    return found


def _counted(one: Estimate, n: int) -> Estimate:
    """An estimate with the disputes that it counts."""
    return replace(one, n=n)


def _share(added: Floats, free: Floats, replications: int) -> Estimate:
    """Ratio of two paired means, with Fieller's interval where the bottom is clearly not 0.

    The limits are the roots q of (a - q f)^2 = t^2 (s_aa - 2 q s_af + q^2 s_ff) / k, a and f the means.
    Source: Fieller (1954), Some problems in interval estimation, JRSS B 16.
    """
    k, nothing = len(added), float("nan")
    value = float(added.mean() / free.mean()) if k and free.mean() else nothing
    ratios = np.divide(added, free, out=np.full(k, np.nan), where=free != 0)
    ci = None
    if k >= 2 and np.isfinite(value):
        s = np.cov(added, free) / k * stdtrit(k - 1, (1 + CONFIDENCE) / 2) ** 2
        a, b, c = (
            free.mean() ** 2 - s[1, 1],
            added.mean() * free.mean() - s[0, 1],
            added.mean() ** 2 - s[0, 0],
        )
        if a > 0:
            root = np.sqrt(max(b * b - a * c, 0.0))
            ci = (float((b - root) / a), float((b + root) / a))
    each = np.append(ratios, np.full(replications - k, np.nan))
    return Estimate(value, ci, 0, k, "ratio", each, each)


def _audit(findings: tuple[Finding, ...]) -> Findings:
    """The sentence tells of the gap that feedback moves most among those it clearly moves."""
    moved = [
        one
        for one in findings
        if one.measure.name.endswith(".added")
        and one.estimate.ci is not None
        and not one.estimate.ci[0] <= 0 <= one.estimate.ci[1]
    ]
    total = sum(one.measure.name.endswith(".added") for one in findings)
    sentence = gettext("Feedback moves {n} of {total} gaps by more than the luck of the draw.").format(
        n=len(moved), total=total
    )
    if moved:
        most = max(moved, key=lambda one: abs(one.estimate.value))
        metric, title = most.measure.name.removesuffix(".added"), most.measure.title.removesuffix(", added")
        found = Findings("loops", "", findings, "")
        before, after = (found.of(f"{metric}.{name}", most.part).value for name in ("frozen", "free"))
        write = points if most.estimate.unit == DIFFERENCE else "{:+.2f}".format
        sentence += gettext(
            " Most of all the gap in '{title}' ({part}): {before} with behaviour frozen, {after} with it free"
        ).format(title=title, part=most.part, before=write(before), after=write(after))
        share = found.of(f"{metric}.feedback_share", most.part)
        sentence += (
            gettext("; feedback makes {value} of it.").format(value=percent(share.value)) if share.ci else "."
        )
    notes = (
        gettext(
            "frozen: nobody learns, trusts differently or leaves; free: they do. Gaps: group - reference."
        ),
        gettext(
            "Each interval stands by itself: of 20 gaps that feedback leaves alone, one will seem to move."
        ),
    )
    return Findings(
        "loops", gettext("behaviour frozen and free in the same worlds"), findings, sentence, notes
    )
