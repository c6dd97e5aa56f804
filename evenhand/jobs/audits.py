"""Audits: the worlds of an experiment lived again with one thing changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from evenhand.analysis import counterfactual
from evenhand.analysis.counterfactual.findings import Findings
from evenhand.analysis.runs.steps import Step
from evenhand.jobs.compilation import ready
from evenhand.jobs.event import Cancelled, OnEvent, Watch
from evenhand.locale.current import gettext
from evenhand.sim.runs.experiment import Experiment

AUDITS: dict[str, Callable[..., Findings]] = {
    "flip": counterfactual.flip,
    "noise": counterfactual.noise,
    "arms": counterfactual.arms,
    "loops": counterfactual.loops,
}
Audit = Literal["flip", "noise", "arms", "loops"]
LIVES: dict[str, int] = {"flip": 11, "noise": 12, "arms": 4, "loops": 2}
"""How often an audit lives each world, about: what makes the compiled engine repay itself."""


def audit(
    kind: Audit,
    experiment: Experiment,
    *,
    on_event: OnEvent | None = None,
    cancelled: Cancelled | None = None,
    **arguments: Any,
) -> Findings:
    """Live the worlds of an experiment again with a group, the arbiter, the evidence or feedback changed.

    `arguments` are those of the function of that name in `analysis.counterfactual`. Whether behaviour is
    frozen is part of each audit, so the experiment's `open_loop` does not count; a decision rule in Python
    decides in every life. Between two worlds the job
    can be stopped. Raises Stopped, ValueError, DoesNotFit.
    """
    if kind not in AUDITS:
        raise ValueError(
            gettext("audit: must be one of {audits}, found {kind!r}").format(
                audits=", ".join(AUDITS), kind=kind
            )
        )
    if experiment.cohort is not None:
        raise ValueError(gettext("cohort: audits count all disputes after start-up, so they take none"))
    watch, total = Watch(on_event, cancelled), experiment.replications
    ready(experiment, watch)

    def coming(replication: int) -> None:
        watch.say("audit", replication, total, Step("world", number=replication + 1, total=total))

    return AUDITS[kind](
        experiment.scenario,
        experiment.policy,
        seed=experiment.seed,
        replications=total,
        days=experiment.days,
        engine=experiment.engine,
        tell=coming,
        decide=experiment.decide,
        **arguments,
    )
