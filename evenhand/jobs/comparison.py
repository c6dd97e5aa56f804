"""Comparing policies in the worlds of an experiment, and picking the best of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from itertools import count
from pathlib import Path
from typing import NamedTuple

from evenhand import analysis
from evenhand.analysis.compare import Comparison, Selection, compare_experiments
from evenhand.analysis.compare.parts import Measurement
from evenhand.analysis.compare.splits import SplitBy
from evenhand.analysis.compare.worlds import Policies, Reader, Rules, Worlds, named, rules_of
from evenhand.analysis.metrics.grouping import Grouping
from evenhand.analysis.metrics.metric import Metric
from evenhand.analysis.metrics.within import travels
from evenhand.analysis.runs.background import Assumed, Spoken
from evenhand.analysis.runs.scratch import remove_abandoned
from evenhand.analysis.runs.steps import Step
from evenhand.errors import UsageError
from evenhand.jobs.comparison_folder import Switch, write, write_checklist
from evenhand.jobs.compilation import ready
from evenhand.jobs.engines import agreement
from evenhand.jobs.event import Cancelled, OnEvent, Watch
from evenhand.jobs.remembered import Remembered
from evenhand.jobs.simulation import asked_of
from evenhand.locale.current import gettext
from evenhand.parallel import pool
from evenhand.parallel.pool import Asked
from evenhand.parallel.protocol import Tick
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.experiment import Experiment
from evenhand.storage.output_dir import Site, building

GROUPS = ("buyer_group", "merchant_group")
"""Whose values stand in the folder, beside those of everybody."""


class Compared(NamedTuple):
    """A comparison, and the folder that it was written to, if any."""

    comparison: Comparison
    folder: Path | None


def compare(
    experiment: Experiment | Mapping[str, Experiment],
    policies: Policies,
    *,
    baseline: str | None = None,
    metrics: Iterable[str | Metric] | None = None,
    until: Mapping[str, float] | None = None,
    budget: int = 200,
    by: SplitBy = (),
    decide: Rules | None = None,
    out: Path | None = None,
    force: bool = False,
    switch: Switch | None = None,
    stress_des: bool = False,
    assumed: Sequence[Assumed] = (),
    futures: Sequence[Spoken] = (),
    workers: Asked | int | None = None,
    remembered: Remembered | None = None,
    on_event: OnEvent | None = None,
    cancelled: Cancelled | None = None,
) -> Compared:
    """Compare policies in the same worlds: those of an experiment, or of several by scenarios' names.

    `baseline` is the name of one of the policies; by default the experiment's own policy, which joins the
    others where it is not among them. `metrics`, `until`, `budget`, `by` and `decide` are as in
    `analysis.compare`; `decide` defaults to the experiment's. With `out`, values, differences and a page are
    written to that folder, whole or not at all; `switch` adds a flip audit to the page, `assumed` how much of
    the files is judgement, `futures` what robustness studies say, `stress_des` the checklist of the
    comparison, before which each policy lives its first world under both engines; these must agree to the
    bit. `workers` are as for `run`. With `remembered`, what was measured before is not simulated again.
    Raises Stopped, ValueError, DoesNotFit, UsageError, OSError.
    """
    watch = Watch(on_event, cancelled)
    experiments = (
        {experiment.scenario.name or "scenario": experiment}
        if isinstance(experiment, Experiment)
        else dict(experiment)
    )
    if not experiments:
        raise ValueError(gettext("experiments: at least one is needed"))
    first = next(iter(experiments.values()))
    rules, base = _with_baseline(named(policies, "policy"), first, baseline)
    decide = first.decide if decide is None else decide
    site = Site(out, exact=True, force=force) if out is not None else None
    if site is None and (force or switch is not None or stress_des):
        option = "--force" if force else "--flip" if switch is not None else "--stress-des"
        raise UsageError(
            gettext("{option}: needs the folder given by --out, and none is given").format(option=option)
        )
    most = (budget if until else first.replications) * len(experiments)
    reader: Reader = partial(read_worlds, asked_of(workers, first), watch=watch)
    if remembered is not None:
        reader = remembered.reading(reader)
    remove_abandoned()
    with building(site) if site else nullcontext() as folder:
        for one in experiments.values():
            ready(one, watch)
        agreed = agreement(experiments, rules, rules_of(decide, rules), watch) if stress_des else None
        found = compare_experiments(
            experiments,
            rules,
            baseline=base,
            metrics=metrics,
            until=until,
            budget=budget,
            by=by,
            beside=GROUPS if out is not None else (),
            progress=counted(watch, most),
            reader=reader,
            decide=decide,
        )
        if folder is not None:
            scenarios = {name: one.scenario for name, one in experiments.items()}
            write(found, scenarios, rules, folder, switch, watch, assumed, rules_of(decide, rules), futures)
            if agreed is not None:
                write_checklist(folder, agreed)
        watch.check()
    return Compared(found, site.final if site else None)


def select(
    experiment: Experiment,
    policies: Policies,
    metric: str | Metric,
    margin: float,
    *,
    confidence: float = 0.95,
    maximise: bool | None = None,
    budget: int = 200,
    decide: Rules | None = None,
    workers: Asked | int | None = None,
    on_event: OnEvent | None = None,
    cancelled: Cancelled | None = None,
) -> Selection:
    """Pick the policy that is best in a metric in the worlds of an experiment, whose policy does not count.

    The experiment's replications are those before a policy may leave. The rest is as in `analysis.select`.
    Raises Stopped, ValueError, Undecidable, DoesNotFit, UsageError.
    """
    watch = Watch(on_event, cancelled)
    ready(experiment, watch)
    return analysis.select(
        experiment.scenario,
        policies,
        metric,
        margin,
        confidence=confidence,
        maximise=maximise,
        n0=experiment.replications,
        budget=budget,
        seed=experiment.seed,
        days=experiment.days,
        engine=experiment.engine,
        open_loop=experiment.open_loop,
        cohort=experiment.cohort,
        progress=counted(watch, 2 * budget),
        decide=experiment.decide if decide is None else decide,
        reader=partial(read_worlds, asked_of(workers, experiment), watch=watch),
    )


def read_worlds(
    asked: Asked,
    worlds: Worlds,
    numbers: Sequence[int],
    names: Sequence[str] | None = None,
    /,
    watch: Watch | None = None,
) -> Iterator[Measurement]:
    """Read worlds with the workers asked for, in the order of their numbers."""
    watch = watch or Watch()
    lives = len(numbers) * len(worlds.policies if names is None else names)
    drawn = worlds.experiment.expected_disputes / worlds.experiment.replications * lives
    own = any(isinstance(one, Grouping) for one in worlds.by)
    if worlds.rules or own:  # functions in Python may not travel to another process
        who = pool.Executor(1, "alone")
    else:
        engine, leave = worlds.experiment.engine, watch.may_leave
        who = pool.executor(asked, engine, drawn, len(numbers), leave=leave)
        if not all(map(travels, worlds.metrics)):
            who = pool.staying(who)
    return pool.in_order(partial(_read_world, worlds, names), numbers, who, watch.check)


def _read_world(worlds: Worlds, names: Sequence[str] | None, number: int, _: Tick) -> Measurement:
    return worlds.read(number, names)


def counted(watch: Watch, most: int) -> Callable[[str, int], None]:
    """Count worlds over all scenarios."""
    number = count()

    def tell(what: str, _: int) -> None:
        assert isinstance(what, Step)
        watch.say("simulate", next(number), most, what)

    return tell


def _with_baseline(
    rules: dict[str, Policy], experiment: Experiment, baseline: str | None
) -> tuple[dict[str, Policy], str]:
    """The policies and the name of the baseline; the experiment's own joins them where nothing is named."""
    if baseline is not None:
        return rules, baseline
    for name, policy in rules.items():
        if policy is experiment.policy or policy == experiment.policy:
            return rules, name
    own = experiment.policy.name or "policy"
    while own in rules:
        own += gettext(" (its own)")
    return {own: experiment.policy, **rules}, own
