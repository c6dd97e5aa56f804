"""The same worlds under each rule set of an experiment, and what is counted in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from benchmarks.validity.natural.declaration import SCENARIO, RuleSet
from benchmarks.validity.worlds import FEW, SEED, laid_over, rules_over, word
from evenhand import scenarios, sim
from evenhand.sim.jit.cache import is_warm
from evenhand.sim.runs.experiment import EngineName
from evenhand.sim.runs.records import Columns
from evenhand.sim.runs.replication_records import Part

Mask = NDArray[np.bool_]
START_UP = 90
"""Days of every run that are not counted."""
DAY = 24.0
WITHDRAWN = ("withdrawn", "abandoned", "lapsed")


def world_of(one: RuleSet) -> sim.Scenario:
    """The scenario of the experiments, with what a rule set changes in it."""
    return laid_over(scenarios.load(SCENARIO), dict(one.world))


def rules_of(one: RuleSet) -> sim.Policy:
    """The policy of a rule set."""
    return rules_over(scenarios.policy(one.policy), dict(one.rules))


def paired(
    sets: Mapping[str, RuleSet], worlds: int, days: int, events: bool = False
) -> Iterator[dict[str, Part]]:
    """What became of each world under each rule set, disputes in the order of their numbers."""
    engine: EngineName = "numba" if worlds > FEW or is_warm() else "simpy"
    runs = {
        name: sim.iterate(
            world_of(one),
            rules_of(one),
            seed=SEED,
            replications=worlds,
            days=days,
            engine=engine,
            events=events,
        )
        for name, one in sets.items()
    }
    for parts in zip(*runs.values(), strict=True):
        yield dict(zip(runs, map(in_order, parts), strict=True))


def in_order(part: Part) -> Part:
    """The disputes of a world in the order of their numbers."""
    order = np.argsort(part.disputes["dispute"], kind="stable")
    return part._replace(disputes={name: column[order] for name, column in part.disputes.items()})


def filed(disputes: Columns, first: int, last: int) -> Mask:
    """Disputes filed from the first of these days on and before the last; NaN = not filed, is false."""
    at = disputes["filed_at"]
    return np.asarray((DAY * first <= at) & (at < DAY * last))


def ended(disputes: Columns) -> Mask:
    """Disputes that are over."""
    return ~np.isnan(disputes["closed_at"])


def decided(disputes: Columns) -> Mask:
    """Disputes that a ruling or a default ended."""
    return word(disputes, "ending", "ruled", "defaulted")


def got_something(disputes: Columns) -> Mask:
    """Disputes that brought the buyer anything."""
    return np.asarray((disputes["share"] > 0) | ~word(disputes, "remedy", "nothing"))


def left_the_line(disputes: Columns) -> Mask:
    """Filings whose buyer gave up in the line of a desk."""
    return word(disputes, "reason", "tired of waiting for a desk")


def part_of(of: Mask, among: Mask) -> float:
    """A share; NaN among none."""
    return float((of & among).sum() / among.sum()) if among.any() else float("nan")


def change(after: float, before: float) -> float:
    """A relative change; NaN from nothing."""
    return after / before - 1.0 if before else float("nan")


def valid(disputes: Columns) -> Mask:
    """Claims with a real grievance, which only the simulator knows."""
    return np.asarray(disputes["valid"], np.bool_)


def made_up(disputes: Columns) -> Mask:
    """Claims that are made up, as an occasion or in malice."""
    return word(disputes, "cause", "opportunistic", "malicious")


def by_group(scenario: sim.Scenario, merchants: Columns, *names: str) -> Mask:
    """Which merchants are of these groups."""
    numbers = [scenario.merchant_groups.index(name) for name in names]
    return np.isin(merchants["merchant_group"], numbers)
