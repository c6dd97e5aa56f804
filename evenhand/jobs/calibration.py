"""Calibrating the scenario of an experiment to a real log, or scoring it on one."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import NamedTuple

from evenhand.analysis.calibration import Calibration, Judged, Log, Mapping, judge
from evenhand.analysis.calibration import calibrate as calibrate_to
from evenhand.analysis.calibration.calibration import look_at_journal
from evenhand.analysis.calibration.journal import BadJournal
from evenhand.analysis.report.calibration_page import calibration_page, check_page
from evenhand.analysis.report.save import save
from evenhand.analysis.runs.atomic import whole
from evenhand.analysis.runs.steps import Step
from evenhand.errors import UsageError
from evenhand.jobs.compilation import ready
from evenhand.jobs.event import Cancelled, OnEvent, Stage, Watch
from evenhand.locale.current import gettext
from evenhand.sim.runs.experiment import Experiment
from evenhand.sim.scenario.scenario import Scenario

FITTED, HELD_OUT = "fitted days", "held-out days"
_STAGES: dict[str, Stage] = {
    "fitting": "fit",
    "trial": "search",
    "putting_back": "identify",
    "trying_range": "identify",
}


class Calibrated(NamedTuple):
    """A calibration, how well it resembles the log, and the files that were written."""

    calibration: Calibration | None
    """None where nothing was fitted."""
    judged: tuple[Judged, ...]
    files: list[Path]


def calibrate(
    experiment: Experiment,
    log: Log,
    mapping: Mapping,
    out: Path,
    *,
    base: str | None = None,
    trials: int = 200,
    journal: Path | None = None,
    hold_out: date | None = None,
    title: str | None = None,
    on_event: OnEvent | None = None,
    cancelled: Cancelled | None = None,
) -> Calibrated:
    """Make a scenario that resembles a log, from that of an experiment, under its policy.

    `out` is the scenario's file, beside which its page is written; both come together or not at all. `base`
    is what the file calls its base, the scenario's name by default. The experiment's replications are those
    of the scores; its days do not count, since the log has its own. `trials` simulations are spent on what
    no column shows, and stand in `journal`, from which a search that was stopped goes on. `hold_out` fits to
    the days before it, and scores on the others too.
    Raises Stopped, ValueError, NoSearch, UsageError for a journal of another search, OSError.
    """
    watch = Watch(on_event, cancelled)
    named = base or experiment.scenario.name
    fitted, held = _split(log, hold_out)
    try:
        if journal is not None:
            look_at_journal(
                journal, fitted, mapping, experiment.scenario, experiment.policy, seed=experiment.seed
            )
        ready(experiment, watch)
        made = calibrate_to(
            fitted,
            mapping,
            experiment.scenario,
            named,
            experiment.policy,
            trials=trials,
            seed=experiment.seed,
            engine=experiment.engine,
            tell=_Tell(watch, trials),
            journal=journal,
        )
    except BadJournal as error:
        raise UsageError(f"--resume: {error}") from error
    worlds = {"Calibrated": made.scenario, f"Base ({named})": experiment.scenario}
    logs: list[tuple[str, Log, dict[str, Log] | None]] = [
        (FITTED if held else title or log.name, fitted, None)
    ]
    if held is not None:
        logs.append((HELD_OUT, held, {"The fitted days": fitted}))
    judged = []
    for number, (name, one, others) in enumerate(logs):
        watch.say("score", number, len(logs), Step("scoring"))
        judged.append(_judge(experiment, name, one, worlds, mapping, others))
    drawing = watch.steps("draw", Step("drawing_page"))
    drawing(0, 1)
    page = calibration_page(made, tuple(judged), tell=drawing)
    target = out.with_suffix(".html")
    watch.check()
    with whole(target) as unfinished:  # the scenario and its page come together
        unfinished.write_text(page, encoding="utf-8", newline="\n")
        save(made.yaml(), out)
    return Calibrated(made, tuple(judged), [out, target])


def check_fit(
    experiment: Experiment,
    log: Log,
    mapping: Mapping,
    page: Path | None = None,
    *,
    title: str | None = None,
    on_event: OnEvent | None = None,
    cancelled: Cancelled | None = None,
) -> Calibrated:
    """Score the scenario of an experiment on a log, and with `page` write what was found there.

    Raises Stopped, ValueError, OSError.
    """
    watch, scenario = Watch(on_event, cancelled), experiment.scenario
    ready(experiment, watch)
    watch.say("score", 0, 1, Step("scoring"))
    judged = _judge(experiment, title or log.name, log, {scenario.name: scenario}, mapping)
    if page is not None:
        drawing = watch.steps("draw", Step("drawing_page"))
        drawing(0, 1)
        save(check_page(scenario, experiment.policy, judged, tell=drawing), page)
    return Calibrated(None, (judged,), [page] if page else [])


class _Tell:
    """Turns the steps of a calibration into events: they count trials first, then settings."""

    def __init__(self, watch: Watch, trials: int) -> None:
        self._watch, self._trials, self._identified = watch, max(trials, 1), 0

    def __call__(self, what: str, done: int) -> None:
        assert isinstance(what, Step)
        stage = _STAGES[what.key]
        total = self._trials if stage == "search" else 1
        if stage == "identify":  # settings are put back, then some ranges tried: counted as they come
            done, self._identified = self._identified, self._identified + 1
            total = self._identified
        self._watch.say(stage, done, total, what)


def _split(log: Log, cut: date | None) -> tuple[Log, Log | None]:
    """The days to fit, and those held out. Raises UsageError for a day that is not of the log."""
    if cut is None:
        return log, None
    if not log.start < cut <= log.last:
        raise UsageError(
            gettext(
                "--hold-out: must be a day of the log after its first, {start} to {last}, found {cut}"
            ).format(start=log.start, last=log.last, cut=cut)
        )
    return log.between(None, date.fromordinal(cut.toordinal() - 1)), log.between(cut, None)


def _judge(
    experiment: Experiment,
    title: str,
    log: Log,
    worlds: dict[str, Scenario],
    mapping: Mapping,
    others: dict[str, Log] | None = None,
) -> Judged:
    return judge(
        title,
        log,
        experiment.policy,
        worlds,
        mapping.begins_with,
        seed=experiment.seed,
        replications=experiment.replications,
        engine=experiment.engine,
        others=others,
    )
