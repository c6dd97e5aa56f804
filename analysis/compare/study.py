"""Comparing policies: all of them in the same worlds, as many worlds as asked or as needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from evenhand.analysis.compare.arguments import numbers, whole_numbers
from evenhand.analysis.compare.comparison import Comparison, Readings, Stop
from evenhand.analysis.compare.family import differences, pair_up
from evenhand.analysis.compare.grouped import check, grouped
from evenhand.analysis.compare.long import long_table
from evenhand.analysis.compare.moves import Moves
from evenhand.analysis.compare.paired import moments
from evenhand.analysis.compare.parts import Measurement
from evenhand.analysis.compare.sequential import (
    FEWEST,
    LOOK_AHEAD,
    precise,
    replications_needed,
    stopping_time,
)
from evenhand.analysis.compare.splits import Split, SplitBy, group_titles, splits_of
from evenhand.analysis.compare.ways import Ways
from evenhand.analysis.compare.worlds import (
    Policies,
    Reader,
    Rules,
    Worlds,
    baseline_of,
    chosen_metrics,
    named,
    one_by_one,
    open_worlds,
    reading,
    several,
)
from evenhand.analysis.counterfactual.attribution_settings import settings
from evenhand.analysis.metrics.accumulators import Floats
from evenhand.analysis.metrics.metric import Metric
from evenhand.analysis.metrics.overload import Overload, of_flow
from evenhand.analysis.metrics.registry import own_of
from evenhand.analysis.metrics.renamed import current
from evenhand.analysis.runs.steps import Step
from evenhand.locale.current import gettext
from evenhand.own_code import code_of, texts_of
from evenhand.renamed import renamed_arguments
from evenhand.sim.policy.policy import Policy
from evenhand.sim.scenario.scenario import Scenario
from evenhand.sim.scenario.suggest import did_you_mean

if TYPE_CHECKING:
    from evenhand.sim.runs.cohort import Cohort
    from evenhand.sim.runs.experiment import EngineName, Experiment

Progress = Callable[[str, int], None]
"""Told what comes next, and how many worlds are done."""
USUAL = 30
"""Worlds that policies are compared in, unless asked for otherwise."""
AS_ASKED = "as many as were asked for"
PRECISE = f"every target was met, and stayed met for {LOOK_AHEAD} more"
SPENT = "the budget was spent"
REASONS = (AS_ASKED, PRECISE, SPENT)
"""Why a comparison stops, in English; pages translate it."""


@renamed_arguments
def compare(
    scenarios: Scenario | Sequence[Scenario] | Mapping[str, Scenario],
    policies: Policies,
    *,
    baseline: str | Policy | None = None,
    seed: int = 1,
    replications: int | None = None,
    days: int | None = None,
    metrics: Iterable[str | Metric] | None = None,
    until: Mapping[str, float] | None = None,
    budget: int = 200,
    engine: EngineName = "auto",
    by: SplitBy = (),
    open_loop: bool | None = None,
    progress: Progress | None = None,
    reader: Reader = one_by_one,
    decide: Rules | None = None,
    cohort: Cohort | str | None = None,
) -> Comparison:
    """Compare policies with a baseline in the same worlds.

    `scenarios` and `policies` are lists, or mappings of names to them; `baseline` is one of the policies,
    the first by default. `replications` is the number of worlds, 30 by default; `days` and `open_loop`
    default to the scenario's, `metrics`, by name or one's own, to all of `METRICS`. `by` are columns
    ("buyer_group", "merchant_group", "cause", "claimed", "goods", "amount_band", ...) whose groups are judged
    too: the result's `by_group()` has what each policy changes in each group, and what it does to the gaps
    between the first group, or the one named as in "buyer_group:regular", and every other. A function of a
    run that gives the names of groups, and the number of each dispute's, is asked about the first world
    before the study begins; see `metrics.grouping`.

    `until` maps metrics to half-widths of the 95 % interval of each difference, in the unit of the
    metric (0.002 = 0.2 points). Then `replications` worlds, ten by default and at least, are only the
    beginning; more follow until every target is met and has stayed met for five more, or `budget`
    worlds are done. What was drawn before stays as it was. `reader` may read worlds in parallel; no
    number depends on it. `decide` is a decision rule in Python for the cases of every policy that reach a
    desk, or a mapping of policy names to such rules; it runs under the SimPy engine. `cohort` says which
    disputes are counted, as in `sim.simulate`.

    Raises ValueError for arguments that make no sense, DoesNotFit where a policy cannot run.
    """
    first, targets, measured = _asked(replications, metrics, until, budget)
    rules = named(policies, "policy")
    base = baseline_of(rules, baseline)
    most, wanted = budget if targets else first, splits_of(by)
    columns = tuple(one.by for one in wanted)
    worlds = [
        open_worlds(
            name,
            scenario,
            rules,
            measured,
            seed,
            days,
            engine,
            open_loop,
            most,
            columns,
            decide,
            cohort,
        )
        for name, scenario in several(scenarios).items()
    ]
    return _compared(worlds, base, first, targets, budget, progress or quiet, reader, open_loop, wanted)


def compare_experiments(
    experiments: Mapping[str, Experiment],
    policies: Mapping[str, Policy],
    *,
    baseline: str,
    metrics: Iterable[str | Metric] | None = None,
    until: Mapping[str, float] | None = None,
    budget: int = 200,
    by: SplitBy = (),
    beside: Sequence[str] = (),
    progress: Progress | None = None,
    reader: Reader = one_by_one,
    decide: Rules | None = None,
) -> Comparison:
    """Compare policies in the worlds of experiments, one for each scenario, by the scenarios' names.

    Seed and replications must be the same in all; their policies do not count. `beside` are columns whose
    groups are measured and not judged: they stand in `values`. The rest is as in `compare`.
    """
    first, targets, measured = _asked(_alike(experiments, "replications"), metrics, until, budget)
    base, frozen = baseline_of(policies, baseline), _open_loop(experiments)
    most, wanted = budget if targets else first, splits_of(by)
    columns = tuple(dict.fromkeys([*(one.by for one in wanted), *beside]))
    _alike(experiments, "seed")
    worlds = [
        open_worlds(
            name,
            one.scenario,
            policies,
            measured,
            one.seed,
            one.days,
            one.engine,
            frozen,
            most,
            columns,
            decide,
            one.cohort,
        )
        for name, one in experiments.items()
    ]
    return _compared(worlds, base, first, targets, budget, progress or quiet, reader, frozen, wanted)


def _asked(
    replications: int | None,
    metrics: Iterable[str | Metric] | None,
    until: Mapping[str, float] | None,
    budget: int,
) -> tuple[int, dict[str, float], tuple[Metric, ...]]:
    """Worlds to begin with, targets, and what is measured. Raises ValueError."""
    whole_numbers(replications=replications, budget=budget)
    if until is not None and not isinstance(until, Mapping):
        said = gettext("must be a mapping of metrics to half-widths, found {until!r:.80}").format(until=until)
        raise ValueError(gettext("until: {said}").format(said=said))
    numbers(
        **{
            gettext("until: the half-width of {name}").format(name=name): width
            for name, width in (until or {}).items()
        }
    )
    targets = {current(name): width for name, width in (until or {}).items()}
    first = replications if replications is not None else FEWEST if targets else USUAL
    chosen = None if metrics is None else list(chosen_metrics(metrics))
    there = {one.name for one in chosen or ()}
    more = [name for name in targets if name not in there]
    measured = chosen_metrics(None if chosen is None else [*chosen, *more])
    _check(first, targets, measured, budget)
    return max(first, FEWEST) if targets else first, targets, measured


def _alike(experiments: Mapping[str, Experiment], name: str) -> int:
    """A number that all experiments share. Raises ValueError where they do not, or there are none."""
    found = {int(getattr(one, name)) for one in experiments.values()}
    if len(found) != 1:
        raise ValueError(
            gettext("experiments: must have the same {name}, found {sorted}").format(
                name=name, sorted=sorted(found)
            )
        )
    return found.pop()


def _open_loop(experiments: Mapping[str, Experiment]) -> bool | None:
    """Whether behaviour is frozen; None where it is in each as its scenario says."""
    if all(one.open_loop == one.scenario.behaviour.open_loop for one in experiments.values()):
        return None
    return bool(_alike(experiments, "open_loop"))


def _compared(
    worlds: Sequence[Worlds],
    base: str,
    first: int,
    targets: Mapping[str, float],
    budget: int,
    tell: Progress,
    reader: Reader,
    open_loop: bool | None,
    wanted: Sequence[Split],
) -> Comparison:
    """Measure the worlds of each scenario, and compare."""
    for split in wanted:
        check(split, worlds)
    worlds = [replace(one, baseline=base) for one in worlds]
    done = [study(one, base, first, targets, budget, tell, reader) for one in worlds]
    studied = [(one, made.read) for one, made in zip(worlds, done, strict=True)]
    readings = [_gather(one, read) for one, read in studied]
    values = long_table(studied)
    return Comparison(
        baseline=base,
        differences=differences(readings, base),
        values=values,
        stops=tuple(made.stop for made in done),
        seed=worlds[0].experiment.seed,
        targets=dict(targets),
        open_loop=open_loop,
        days={one.name: one.experiment.days for one in worlds},
        cohort=worlds[0].experiment.cohort,
        engines={one.name: one.experiment.engine for one in worlds},
        pooled=frozenset(metric.name for metric in worlds[0].metrics if metric.pooled),
        by=tuple(grouped(split, studied, base) for split in wanted),
        overloads={one.name: _overloads(one, read) for one, read in studied},
        scenarios={one.name: one.experiment.scenario for one in worlds},
        policies=dict(worlds[0].policies),
        rules={name: code_of(rule) for name, rule in worlds[0].rules.items()},
        own={one.name: code_of(one.function) for one in own_of(worlds[0].metrics)},
        texts=texts_of([*worlds[0].rules.values(), *(one.function for one in worlds[0].metrics)]),
        ways=tuple(
            way for one, made in zip(worlds, done, strict=True) for way in _ways(one, base, made.moves)
        ),
    )


def _ways(worlds: Worlds, baseline: str, found: Sequence[Moves | None]) -> list[Ways]:
    """How disputes go under each policy, in all worlds together."""
    scenario, base = worlds.experiment.scenario, worlds.policies[baseline]
    return [
        Ways(
            scenario=worlds.name,
            policy=name,
            baseline=baseline,
            metrics=tuple(metric.name for metric in worlds.metrics),
            counts=counts,
            differing=settings(base, policy),
            groups=tuple(group_titles(scenario, "merchant_group").values()),
            silence=policy.answer.silence,
        )
        for (name, policy), counts in zip(worlds.policies.items(), found, strict=True)
        if counts is not None
    ]


def _overloads(worlds: Worlds, read: Sequence[Measurement]) -> dict[str, tuple[Overload, ...]]:
    """The desks that cannot keep up in all worlds together, by policy; policies without any are left out."""
    flows = np.sum([one.flow for one in read], axis=0)
    found = {name: of_flow(flows[p], len(read)) for p, name in enumerate(worlds.policies)}
    return {name: desks for name, desks in found.items() if desks}


class Studied(NamedTuple):
    """What was measured in the worlds of one scenario."""

    read: list[Measurement]
    stop: Stop
    moves: tuple[Moves | None, ...]
    """Of all worlds together, policy by policy."""


def quiet(what: str, done: int) -> None:
    """Say nothing."""


def study(
    worlds: Worlds,
    baseline: str,
    first: int,
    targets: Mapping[str, float],
    budget: int,
    progress: Progress,
    reader: Reader = one_by_one,
) -> Studied:
    """Measure the worlds of one scenario: `first` of them, or as many as the targets need."""
    read: list[Measurement] = []
    gone: tuple[Moves | None, ...] = ()
    most, key = (budget, "world_of_scenario_at_most") if targets else (first, "world_of_scenario")
    met = False
    with reading(reader, worlds, range(most)) as coming:
        while len(read) < most and not met:
            progress(Step(key, scenario=worlds.name, number=len(read) + 1, total=most), len(read))
            world = next(coming)
            gone = _together(gone, world.moves)
            read.append(world._replace(moves=()))
            met = bool(targets) and stays_met(_gather(worlds, read), baseline, targets, first)
    if not targets:
        return Studied(read, Stop(worlds.name, len(read), AS_ASKED, None), gone)
    reason = PRECISE if met else SPENT
    found = _gather(worlds, read)
    stop = Stop(worlds.name, len(read), reason, independent(found, baseline, targets))
    return Studied(read, stop, gone)


def _together(one: tuple[Moves | None, ...], later: tuple[Moves | None, ...]) -> tuple[Moves | None, ...]:
    """The moves of worlds, added up as they come."""
    if not one:
        return later
    both = zip(one, later, strict=True)
    return tuple(a.join(b) if a is not None and b is not None else None for a, b in both)


def stays_met(found: Readings, baseline: str, targets: Mapping[str, float], first: int) -> bool:
    """Whether all targets have been met for long enough, looked at from `first` replications on."""
    ours, theirs, widths = _targeted(found, baseline, targets)
    met = precise(ours - theirs, widths)
    met[: first - 1] = False
    return bool(stopping_time(met) > 0)


def independent(found: Readings, baseline: str, targets: Mapping[str, float]) -> int | None:
    """Worlds of each policy that independent seeds would need for the targets; None where unknown."""
    ours, theirs, widths = _targeted(found, baseline, targets)
    variance = moments(ours).variance + moments(theirs).variance
    return None if np.isnan(variance).any() else int(replications_needed(variance, widths).max())


def _targeted(found: Readings, baseline: str, targets: Mapping[str, float]) -> tuple[Floats, Floats, Floats]:
    """Both sides of the differences that have a target, and the targets beside them."""
    pairs = pair_up(found, baseline)
    widths = np.tile([targets.get(one.name, np.nan) for one in found.metrics], len(found.policies) - 1)
    asked = ~np.isnan(widths)
    return pairs.ours[:, asked], pairs.theirs[:, asked], widths[asked]


def _gather(worlds: Worlds, read: Sequence[Measurement]) -> Readings:
    """The metrics of everybody, which come first in each world."""
    value, n = (np.stack(column)[..., : len(worlds.metrics)] for column in list(zip(*read, strict=True))[:2])
    return Readings(worlds.name, tuple(worlds.policies), worlds.metrics, worlds.units, value, n)


def _check(first: int, targets: Mapping[str, float], measured: Sequence[Metric], budget: int) -> None:
    if first < 1:
        raise ValueError(gettext("replications must be 1 or more, found {first}").format(first=first))
    names = {metric.name for metric in measured}
    for name, width in targets.items():
        if name not in names:
            raise ValueError(
                gettext("until: no metric {name!r}{did_you_mean}").format(
                    name=name, did_you_mean=did_you_mean(name, names)
                )
            )
        if not width > 0:
            raise ValueError(
                gettext("until: the half-width of {name} must be above 0, found {width}").format(
                    name=name, width=width
                )
            )
    if targets and budget < max(first, FEWEST):
        raise ValueError(
            gettext("budget must be {max} or more, found {budget}").format(
                max=max(first, FEWEST), budget=budget
            )
        )
