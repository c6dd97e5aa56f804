"""The fairness panel of an experiment, or of a run, with the audits that take more runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from evenhand.analysis import counterfactual
from evenhand.analysis.counterfactual.core_set import audit_count
from evenhand.analysis.fairness import Entry, panel
from evenhand.analysis.metrics.estimate import Estimate
from evenhand.analysis.runs.steps import Step
from evenhand.errors import UsageError
from evenhand.jobs.compilation import ready
from evenhand.jobs.event import Cancelled, OnEvent, Watch
from evenhand.jobs.simulation import simulated
from evenhand.locale.current import gettext
from evenhand.sim.runs.experiment import EngineName, Experiment
from evenhand.sim.runs.records import Run


class Paneled(NamedTuple):
    """A run and the entries of its panel."""

    run: Run
    entries: list[Entry]


def fairness(
    experiment: Experiment,
    *,
    reference: Mapping[str, str] | None = None,
    audits: bool = False,
    on_event: OnEvent | None = None,
    cancelled: Cancelled | None = None,
) -> Paneled:
    """Run an experiment in memory and fill the fairness panel.

    `reference` names the group that others are compared with, by column; `audits` adds the numbers that take
    more than one run. Raises Stopped, ValueError, UsageError.
    """
    watch = Watch(on_event, cancelled)
    if audits:
        _must_be_free(experiment.open_loop)
    run = simulated(experiment, watch)
    return Paneled(run, panel_of(run, reference, audits=audits, engine=experiment.engine, watch=watch))


def panel_of(
    run: Run,
    reference: Mapping[str, str] | None = None,
    *,
    audits: bool = False,
    engine: EngineName = "auto",
    watch: Watch | None = None,
) -> list[Entry]:
    """The panel of a run that is there; audits live its worlds again.

    Raises Stopped, UsageError, ValueError.
    """
    watch, brought = watch or Watch(), None
    if audits:
        _must_be_free(run.open_loop)
        if run.cohort is not None:
            raise UsageError(
                gettext("--audits: count all disputes after start-up, and this run counts a cohort")
            )
        brought = _audited(run, dict(reference or {}), engine, watch)
    watch.say("count", 0, 1, Step("counting"))
    return list(panel(run, reference=dict(reference or {}), audits=brought).values())


def _audited(
    run: Run, reference: dict[str, str], engine: EngineName, watch: Watch
) -> dict[str, dict[str, Estimate]]:
    total = audit_count(run.scenario)
    experiment = Experiment.of(
        run.scenario,
        run.policy,
        seed=run.seed,
        replications=run.replications,
        days=run.days,
        engine=engine,
        events=False,
        lives=total,
    )
    ready(experiment, watch)

    def tell(what: str, done: int) -> None:
        assert isinstance(what, Step)
        watch.say("audit", done, total, what)

    return counterfactual.for_panel(
        run.scenario,
        run.policy,
        reference=reference,
        seed=run.seed,
        days=run.days,
        replications=run.replications,
        engine=experiment.engine,
        tell=tell,
    )


def _must_be_free(open_loop: bool) -> None:
    """Raise UsageError where behaviour is frozen: audits freeze and free it themselves."""
    if open_loop:
        raise UsageError(gettext("--audits: takes a run in which behaviour is free, and here it is frozen"))
