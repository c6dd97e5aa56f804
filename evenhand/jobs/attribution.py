"""Attribution: two policies in the worlds of an experiment, aligned, and their difference split."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from evenhand.analysis.counterfactual import Alignment, align, players, shapley
from evenhand.analysis.counterfactual.attribution_shapley import By
from evenhand.analysis.counterfactual.findings import Findings
from evenhand.analysis.metrics.overload import Overload, overloads
from evenhand.analysis.runs.steps import Step
from evenhand.jobs.event import Cancelled, OnEvent, Watch
from evenhand.jobs.simulation import simulated
from evenhand.locale.current import gettext
from evenhand.sim.policy.policy import Policy
from evenhand.sim.runs.experiment import Experiment


class Attributed(NamedTuple):
    """Where two policies part, and the shares of their settings where these were asked for."""

    alignment: Alignment
    split: Findings | None

    @property
    def overloads(self) -> tuple[tuple[Overload, ...], tuple[Overload, ...]]:
        """Desks that cannot keep up under either policy."""
        return overloads(self.alignment.a), overloads(self.alignment.b)


def attribute(
    experiment: Experiment,
    other: Policy,
    *,
    metrics: Sequence[str] = (),
    by: By = "auto",
    on_event: OnEvent | None = None,
    cancelled: Cancelled | None = None,
) -> Attributed:
    """Align the disputes of an experiment with those of the same worlds under another policy.

    With `metrics`, their differences are split over the settings, as `counterfactual.shapley` does.
    Raises Stopped, ValueError where the policies are equal or a rule in Python decides, DoesNotFit.
    """
    if experiment.decide is not None:
        raise ValueError(
            gettext("decide: differences are led back to settings, so no rule in Python is taken")
        )
    if metrics and experiment.cohort is not None:
        raise ValueError(
            gettext("cohort: settings are split over all disputes after start-up, so it takes none")
        )
    watch = Watch(on_event, cancelled)
    rival = experiment.under(other)
    if metrics and not players(experiment.policy, other, by):
        raise ValueError(gettext("the two policies have the same settings; there is nothing to split"))
    runs = [
        simulated(one, watch, one.policy.name or "policy", place, 2)
        for place, one in enumerate((experiment, rival))
    ]
    watch.say("align", 0, 1, Step("aligning"))
    found = align(*runs)
    split = _split(experiment, other, metrics, by, watch) if metrics else None
    return Attributed(found, split)


def _split(experiment: Experiment, other: Policy, metrics: Sequence[str], by: By, watch: Watch) -> Findings:
    total = experiment.replications

    def coming(replication: int) -> None:
        watch.say("mix", replication, total, Step("mixtures", number=replication + 1, total=total))

    return shapley(
        experiment.scenario,
        experiment.policy,
        other,
        metrics,
        by=by,
        seed=experiment.seed,
        replications=total,
        days=experiment.days,
        engine=experiment.engine,
        open_loop=experiment.open_loop,
        tell=coming,
    )
