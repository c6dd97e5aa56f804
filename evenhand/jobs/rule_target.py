"""The smallest change of rules that reaches a target; what was tried stands in a file, as of a search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from evenhand.analysis.experiments import Axis
from evenhand.analysis.runs.scratch import remove_abandoned
from evenhand.analysis.search import Aims, Goal, Lever, Limit
from evenhand.analysis.search.found import FRESH_WORLDS
from evenhand.analysis.search.judge import Judged, judge
from evenhand.analysis.search.study import Candidate
from evenhand.analysis.search.target import WORLDS, Target, smallest
from evenhand.analysis.search.worlds import Worlds
from evenhand.errors import UsageError
from evenhand.jobs import goal_words
from evenhand.jobs.compilation import ready
from evenhand.jobs.event import Cancelled, OnEvent, Watch
from evenhand.jobs.parameter_sweep import look_at_place
from evenhand.jobs.rule_patches import Bases, Patch, patch
from evenhand.jobs.rule_search import Budget, Crew, kept, plan_of
from evenhand.locale.current import gettext
from evenhand.parallel.pool import Asked
from evenhand.scenarios.levers import placer
from evenhand.scenarios.numbers import numbers
from evenhand.scenarios.without_effect import idle
from evenhand.sim.policy.compatibility import misfits
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.experiment import Experiment
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.units import Window
from evenhand.storage.search_file import SearchFile

FILE, PATCH = "goal.parquet", "goal"
LIKELY = 60
"""Changes that are tried in a usual case; only the progress shown depends on it."""


class Targeted(NamedTuple):
    """What was found for a target, in fresh worlds too, and where it stands."""

    target: Target
    judged: Judged
    """The base and the change, in fresh worlds."""
    experiment: Experiment
    patch: Patch | None
    """The change as files; None where nothing is changed."""
    folder: Path


def goal(
    experiment: Experiment,
    limit: Limit,
    levers: Sequence[Lever],
    *,
    bases: Bases,
    fresh: int = FRESH_WORLDS,
    business: Sequence[str] = (),
    out: Path | None = None,
    force: bool = False,
    workers: Asked | int | None = None,
    on_event: OnEvent | None = None,
    cancelled: Cancelled | None = None,
) -> Targeted:
    """Find the change of fewest settings that reaches a target, and look at it in fresh worlds.

    Arguments are as of `jobs.search`; `usual_levers` gives those that are turned where none are named.
    Raises Stopped, ValueError, DoesNotFit, UsageError, OSError.
    """
    if experiment.decide is not None:
        raise UsageError(
            gettext("decide: a search goes on in another process, to which no Python rule can follow")
        )
    watch = Watch(on_event, cancelled)
    usual = f"goal-{experiment.policy.name}-{experiment.scenario.name}-seed{experiment.seed}"
    folder = out or Path("runs") / usual
    look_at_place(folder, FILE, gettext("goal"))
    folder.mkdir(parents=True, exist_ok=True)
    remove_abandoned()
    aims = Aims((Goal(limit.metric, "min" if limit.side == "<=" else "max"),), (limit,))
    asked = plan_of(experiment, levers, aims, Budget(0), fresh) | {"optimiser": "none"}
    build = placer(experiment.scenario, experiment.policy, tuple(business))
    try:
        store = SearchFile(folder / FILE, asked, levers, [one.name for one in aims.metrics], anew=force)
        try:
            with kept(store, watch):
                ready(experiment, watch)
                crew = Crew(experiment, workers, watch, LIKELY * WORLDS)
                lab = Worlds(build, experiment, aims.metrics, pool=crew.pool, store=store)
                target = smallest(levers, limit, lab, lambda tried, _: crew.told(tried * WORLDS, tried))
                judged = _judged(target, lab, fresh, aims)
        finally:
            store.close()
    finally:
        with suppress(OSError):
            folder.rmdir()  # where nothing came of it
    change = _patch(target, experiment, build, bases, folder)
    done = Targeted(target, judged, experiment, change, folder)
    goal_words.write(done, build(target.values), bases, business)
    return done


def _judged(target: Target, lab: Worlds, fresh: int, aims: Aims) -> Judged:
    """The base and the change in worlds that the hunt has not seen."""
    base = Candidate(0, {}, "base")
    both = [base] if target.candidate.number == 0 else [base, target.candidate]
    before = lab.see([(one, WORLDS) for one in both])
    return judge([one.number for one in both], lab.fresh(both, fresh), before, aims, np.ones(1))


def _patch(target: Target, experiment: Experiment, build: Any, bases: Bases, folder: Path) -> Patch | None:
    for old in (folder / f"{PATCH}.yaml", folder / f"{PATCH}-scenario.yaml"):
        old.unlink(missing_ok=True)
    if not target.values:
        return None
    base = experiment.scenario, experiment.policy
    title = f"{experiment.policy.title}, changed for {target.limit.metric.name}"
    return patch(PATCH, title, base, build(target.values), bases, folder)


def usual_levers(scenario: Scenario, policy: Policy, days: int) -> tuple[Lever, ...]:
    """What a policy designer can turn: every window that opens, the standard of proof, reviews, and staff.

    Windows go from a quarter of what they are to twice that, the staff of desks to four times, the standard
    of proof from 0.3 to 0.7, reviews from none to twice as many as there are.
    """
    found = []
    for one in numbers(scenario, policy):
        lever = _usual(one.side, one.path, one.value)
        if lever is not None and _possible(lever, scenario, policy, days):
            found.append(lever)
    return tuple(found)


def _usual(side: str, path: str, value: float | Window | None) -> Lever | None:
    if isinstance(value, Window):
        if side != "policy" or not path.startswith("windows.") or value.hours <= 0:
            return None
        unit = "business" if value.business else "h"
        return Lever.of(
            Axis(name=path, low=value.hours / 4, high=2 * value.hours, unit=unit, base=value.hours)
        )
    if value is None:
        return None
    if side == "scenario" and path.startswith("desks.") and path.endswith(".staff"):
        return Lever.of(Axis(name=path, low=1, high=4.0 * value, whole=True, base=float(value)))
    if side == "policy" and path == "decision.standard":
        return Lever.of(Axis(name=path, low=0.3, high=0.7, base=float(value)))
    if side == "policy" and path == "review.limit" and value > 0:
        return Lever.of(Axis(name=path, low=0, high=2.0 * value, whole=True, base=float(value)))
    return None


def _possible(lever: Lever, scenario: Scenario, policy: Policy, days: int) -> bool:
    """Whether the pair allows both ends of a lever, and reads it."""
    if idle(policy, lever.name):
        return False
    unit = lever.axis is not None and lever.axis.unit == "business"
    place = placer(scenario, policy, (lever.name,) if unit else ())

    def allowed(values: Mapping[str, Any]) -> bool:
        try:
            world, rules = place(values)
        except ValueError:
            return False
        return not misfits(world, rules, days)

    return all(allowed({lever.name: value}) for value in lever.tried)
