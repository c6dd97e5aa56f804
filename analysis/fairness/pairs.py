"""Measures of two runs in the same worlds: what feedback adds, what a fee deters (Y4, A4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from scipy.special import stdtrit

from evenhand.analysis.fairness.catalogue import measure
from evenhand.analysis.fairness.study import quotient
from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.metrics.estimate import CONFIDENCE, Estimate, estimate
from evenhand.locale.current import gettext
from evenhand.sim.runs.records import Run


def same_worlds(one: Run, other: Run) -> None:
    """Raise ValueError unless both runs drew the same worlds for the same time."""
    switch = {"behaviour": {"open_loop"}}
    if one.scenario.model_dump(exclude=switch) != other.scenario.model_dump(exclude=switch):
        raise ValueError(gettext("the two runs must be of the same scenario"))
    for name in ("seed", "replications", "days"):
        a, b = getattr(one, name), getattr(other, name)
        if a != b:
            raise ValueError(
                gettext("the two runs must have the same {name}, found {a} and {b}").format(
                    name=name, a=a, b=b
                )
            )


def feedback_share(closed: Run, frozen: Run, name: str, **options: Any) -> dict[str, Estimate]:
    """Share of each contrast of a measure that feedback has made: learning, trust, exit, ranking.

    `closed` is a run with behaviour free, `frozen` the same with `open_loop`; `name` and `options` as
    for `measure`. Formula: (gap with feedback - gap without) / gap with feedback, both over all
    replications; interval by leaving out one replication at a time. 0: feedback adds nothing; 1: it
    makes the whole gap; below 0 it narrows it. The ratio means little where the gap itself may be 0.
    Source: Liu et al. (2018); D'Amour et al. (2020). Raises ValueError unless both have the same worlds
    and policy, one of them frozen.
    """
    same_worlds(closed, frozen)
    if closed.open_loop or not frozen.open_loop:
        raise ValueError(gettext("feedback_share takes a run with feedback first and a frozen one second"))
    if closed.policy != frozen.policy:
        raise ValueError(gettext("feedback_share takes two runs of the same policy"))
    free, held = measure(closed, name, **options), measure(frozen, name, **options)
    return {f"feedback_share_of_{key}": _share(one, held[key]) for key, one in free.items()}


def _share(free: Estimate, held: Estimate) -> Estimate:
    """The feedback share of one contrast."""
    a, b = free.contributions, held.contributions
    known = ~(np.isnan(a) | np.isnan(b))
    a, b, k = a[known], b[known], int(known.sum())
    each = quotient(free.per_replication - held.per_replication, free.per_replication)
    if not k:
        return Estimate(float("nan"), None, free.n, 0, "share of the gap", each, each)
    value = float(quotient(np.asarray(a.sum() - b.sum()), np.asarray(a.sum())))
    ci = None
    if k > 1:
        left = _left_out(a), _left_out(b)
        without = quotient(left[0] - left[1], left[0])
        error = float(np.sqrt((k - 1) / k * ((without - without.mean()) ** 2).sum()))
        half = float(stdtrit(k - 1, (1 + CONFIDENCE) / 2)) * error
        ci = (value - half, value + half) if np.isfinite(half) and half > 0 else None
    return Estimate(value, ci, free.n, k, "share of the gap", each, each)


def _left_out(values: Floats) -> Floats:
    """Sums of all values but one."""
    return np.asarray(values.sum() - values)


def chilling(cheap: Run, dear: Run, by: str | None = None) -> dict[str, Estimate]:
    """What a dearer procedure deters: drop in filings of valid disputes, and of groundless ones.

    Both runs in the same worlds, under policies that differ in their fees. Formula: P(F = 1 | Y = y)
    under `cheap` less under `dear`, all replications pooled, with Student's t; n = ended disputes of
    both runs. `chilling` above 0: people who are right stay away; `nuisance_deterred` above 0: others do.
    Source: Rosenberg and Shavell (1985). Raises ValueError unless both have the same worlds.
    """
    same_worlds(cheap, dear)
    before, after = measure(cheap, "filing_rates", by=by), measure(dear, "filing_rates", by=by)
    found = {}
    for key, one in before.items():
        name = key.replace("nuisance", "nuisance_deterred", 1).replace("filing", "chilling", 1)
        drop = one.contributions - after[key].contributions
        paired = estimate(drop, (~np.isnan(drop)).astype(np.int64), "difference of shares")
        found[name] = replace(paired, n=one.n + after[key].n)
    return found
