"""Kwan, Yang & Zhang (2024): jurors lean to their own side, and it hardly changes an outcome."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from benchmarks.validity.finding import Figure, PublishedStudy, over_worlds
from benchmarks.validity.worlds import laid_over, lived, rules_over, word
from evenhand import scenarios, sim

POLICY = "taobao_jury_31"
MOST = 0.02
DAYS = 45
UNSEEN = {"law": "constant", "value": 0}


def study(worlds: int) -> PublishedStudy:
    """The same disputes before jurors who lean, and before jurors who do not."""
    market = laid_over(scenarios.load("tmall_unresponsive"), {"behaviour": {"open_loop": True}})
    rules = scenarios.policy(POLICY)
    large = rules_over(rules, {"decision": {"panel": {"size": 101, "quorum": 51}}})
    figures = (
        _changed("verdicts that the lean changes, 31 jurors", "at most 2 %", market, rules, {}, worlds, MOST),
        _changed("the same, 101 jurors", "larger panels may not help", market, large, {}, worlds),
        _changed(
            "the same, 31 jurors none of whom has judged before",
            "",
            market,
            rules,
            {"experience": UNSEEN},
            worlds,
        ),
    )
    return PublishedStudy(
        key="lean",
        title="Jurors’ lean to their own side",
        source="Kwan, Yang & Zhang (2024), Management Science 70(4)",
        published=(
            "Without experience, seller jurors are about 10 % likelier to vote for the seller; the bias "
            "falls about 95 % up to median experience, and changes at most 2 % of outcomes under a "
            "majority of 31."
        ),
        how=(
            "The policy taobao_jury_31 in the scenario tmall_unresponsive: the same disputes, evidence "
            "and jurors, with the lean and without it; verdicts that differ, of those that a panel gave in "
            "both."
        ),
        assumed=(
            (
                "put in: the lean without experience (0.125 nats, 10 points at even odds) and its fall "
                "with experience are the published ones"
            ),
            (
                "strength of evidence, noise of jurors and what they share are judgements of the "
                "scenario: the clearer cases are, the less a lean changes"
            ),
            "four fifths of the jurors are buyers (published); nobody learns or leaves during the run",
        ),
        figures=figures,
        reason=(
            "Most cases are not near even, most jurors have experience, and buyers’ and sellers’ leans "
            "pull against each other."
        ),
        worlds=worlds,
    )


def _changed(
    name: str,
    published: str,
    market: sim.Scenario,
    rules: sim.Policy,
    jurors: dict[str, Any],
    worlds: int,
    most: float | None = None,
) -> Figure:
    leaning = laid_over(market, {"jurors": jurors})
    level = laid_over(market, {"jurors": {**jurors, "bias": 0.0}})
    shares, counts = [], []
    for differs in _verdicts(leaning, level, rules, worlds):
        shares.append(float(differs.mean()) if len(differs) else np.nan)
        counts.append(len(differs))
    within = (np.nan, np.nan) if most is None else (0.0, most)
    return over_worlds(name, published, shares, counts, "share", within)


def _verdicts(
    one: sim.Scenario, other: sim.Scenario, rules: sim.Policy, worlds: int
) -> Iterator[np.ndarray[Any, np.dtype[np.bool_]]]:
    """Of each world, whether each dispute that a panel decided in both has another verdict."""
    for a, b in zip(lived(one, rules, worlds, DAYS), lived(other, rules, worlds, DAYS), strict=True):
        verdicts = [d["dispute"][word(d, "decider", "panel") & (d["reviews"] == 0)] for d in (a, b)]
        both = np.intersect1d(*verdicts)
        upheld = [d["upheld"][np.searchsorted(d["dispute"], both)] for d in (a, b)]
        yield upheld[0] != upheld[1]
