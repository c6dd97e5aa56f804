"""N12: a machine at the first tier (seller appeals, an AI mediator in Hangzhou)."""

from __future__ import annotations

from typing import Any

import numpy as np

from benchmarks.validity.natural.automatic_decisions import MODEL
from benchmarks.validity.natural.declaration import Measured, NaturalExperiment, Quantity, RuleSet, Source
from benchmarks.validity.natural.pairs import (
    START_UP,
    change,
    ended,
    filed,
    left_the_line,
    paired,
    part_of,
)
from benchmarks.validity.worlds import word
from evenhand.sim.runs.records import Columns

COUNTED, FOLLOWED = 180, 60
LAST = START_UP + COUNTED


def measure(experiment: NaturalExperiment, worlds: int) -> Measured:
    """What is closed without a person, people's work per filing, and agreement with people's rulings."""
    found = Measured()
    for parts in paired(experiment.sets, worlds, LAST + FOLLOWED):
        people, first = parts["people"].disputes, parts["machine first"].disputes
        mine = filed(first, START_UP, LAST) & ended(first)
        alone = word(first, "decider", "model") & word(first, "ending", "ruled") & (first["reviews"] == 0)
        found.add("closed without a person", part_of(alone, mine), mine.sum())
        found.add("cases for the same work of people", change(_work(people), _work(first)), mine.sum())
        agree = {name: _agreement(parts[name].disputes, people) for name in ("model alone", "with requests")}
        for name, (value, n) in agree.items():
            found.add(f"agreement, {name}", value, n)
        more = agree["with requests"][0] - agree["model alone"][0]
        found.add("agreement, requests less alone", more, agree["with requests"][1])
        line = part_of(left_the_line(people), filed(people, START_UP, LAST))
        found.add("filings that leave the line, people alone", line, filed(people, START_UP, LAST).sum())
    return found


def _work(disputes: Columns) -> float:
    """Hours of people's work for a filing: screening, deciding, reviewing."""
    mine = filed(disputes, START_UP, LAST) & ended(disputes)
    hours = sum(disputes[f"{name}_hours"][mine] for name in ("screening", "decision", "review"))
    return float(np.mean(hours)) if mine.any() else float("nan")


def _agreement(disputes: Columns, people: Columns) -> tuple[float, int]:
    """Share of the model's rulings that name the winner whom people name in the same case, and how many."""
    model, desk = (
        filed(d, START_UP, LAST) & word(d, "decider", who) & word(d, "ending", "ruled") & (d["reviews"] == 0)
        for d, who in ((disputes, "model"), (people, "desk"))
    )
    _, mine, theirs = np.intersect1d(
        disputes["position"][model], people["position"][desk], return_indices=True
    )
    same = disputes["upheld"][model][mine] == people["upheld"][desk][theirs]
    return (float(same.mean()) if len(same) else float("nan")), len(same)


_WORLD = {"model": MODEL}


def _model(**how: Any) -> RuleSet:
    model = {"audit_share": 0.0, **how}
    return RuleSet("ai_first_instance", {"decision": {"model": model}, "review": {"limit": 0}}, _WORLD)


EXPERIMENT = NaturalExperiment(
    key="N12",
    title="a machine at the first tier",
    sources=(
        Source("L1", "Du, Li & Huang, arXiv 2603.19267 (27 February 2026), abstract", "working paper"),
        Source(
            "L6",
            "People's Daily Online 7 July 2025; Meiri Shangbao 13 November 2025, 5 January 2026",
            "secondary",
        ),
    ),
    published=(
        "An AI mediator ended 8 %, half a year later 12 % of cases without a person, and the desk worked "
        "27 to 30 % faster. A model agreed with experts in 71 % of appeals, in 88 % where it may request "
        "more, in 96 % with precedents."
    ),
    standing="foretold",
    set_by="",
    sets={
        "people": RuleSet(world=_WORLD),
        "machine first": RuleSet("ai_first_instance", world=_WORLD),
        "model alone": _model(sure_from=0.5, requests=False),
        "with requests": _model(requests=True),
    },
    counted=(
        "The policies tmall and ai_first_instance as shipped, in the same worlds: cases filed in "
        f"{COUNTED} days after a start-up of {START_UP}, followed for {FOLLOWED} more. Agreement: cases that "
        "the model rules on alone (always, or where it is sure after requests), against the ruling of a "
        "person in the same case; people err too."
    ),
    assumed=(
        (
            "the model errs as much as an arbiter of the scenario, .35 nats in all cases of a kind and .45 "
            "in each"
        ),
        (
            "it is sure from a chance of .8 on (policy); shares that real systems leave to it are a choice "
            "of theirs"
        ),
    ),
    lacking=(
        "precedents that are looked up",
        "mediation by a machine: here it rules",
        "a version that grows better within half a year",
    ),
    quantities=(
        Quantity("closed without a person", "8 to 12 %", "share", (0.05, 0.15)),
        Quantity("cases for the same work of people", "+27 to +30 %", "change", (0.20, 0.35), 1),
        Quantity("agreement, requests less alone", "88 against 71 %", "points", sign=1),
        Quantity("agreement, precedents less requests", "96 against 88 %", "points", sign=1, possible=False),
        Quantity("agreement, model alone", "70.8 %", "share"),
        Quantity("agreement, with requests", "87.5 %", "share"),
        Quantity("filings that leave the line, people alone", "", "share"),
    ),
    measure=measure,
    reason=(
        "The order of the two forms that the model has is right, and agreement lies above the published: "
        "people's rulings of the same case differ less here than those of two tiers. At the assumed "
        "threshold of .8 the machine closes three tenths, and saves far more work than published: the "
        "published machine mediates, and closes only what both sides take; here what it is not sure of is "
        "often closed after a request for more (a guess)."
    ),
)
