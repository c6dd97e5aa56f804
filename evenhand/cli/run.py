"""`evenhand run`: a printer of what `evenhand.jobs.run` does."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Any

from evenhand import jobs
from evenhand.analysis.runs.background import Background
from evenhand.analysis.runs.stored import Stored
from evenhand.cli.console import print_json
from evenhand.cli.metrics_table import print_metrics, warn
from evenhand.cli.progress import printed
from evenhand.jobs.background import background_of
from evenhand.jobs.compilation import beside
from evenhand.jobs.event import Event
from evenhand.jobs.simulation import Finished
from evenhand.locale.catalogue import ENGLISH
from evenhand.locale.current import gettext, language
from evenhand.parallel.pool import Asked
from evenhand.storage import run_dir as rundir
from evenhand.storage.plan import Order, in_words, read_and_check
from evenhand.storage.version import version

AFTER = 2
"""Steps after the replications: counting and drawing."""


def carry_out(
    order: Order, out: Path | None, asked: Asked, *, force: bool, as_json: bool, lang: str = ENGLISH
) -> None:
    """Run, store, and print the metrics; the page is in a language. Raises BadFile, UsageError, OSError."""
    asked.check()
    plan, files = read_and_check(order)
    if order.engine == "auto" and plan.engine == "simpy":
        beside(plan.experiment())
    said = background_of(*files, order.policy)
    with printed(AFTER, told=_say) as show, language(lang):
        found = jobs.run(plan.experiment(), out, background=said, force=force, workers=asked, on_event=show)
    _tell(found, as_json=as_json)


def resume(
    folder: Path,
    asked: Asked,
    out: Path | None = None,
    *,
    force: bool,
    as_json: bool,
    lang: str = ENGLISH,
) -> None:
    """Go on with an unfinished run, or print what a finished one has found; with `out`, move it there.

    Raises UsageError, OSError.
    """
    with printed(AFTER, told=_say) as show, language(lang):
        found = jobs.resume(folder, out, force=force, workers=asked, on_event=show)
    _tell(found, as_json=as_json)


def _say(event: Event) -> None:
    """Say what is kept of a run and how to go on, or what was damaged or finished."""
    said = str(event)
    if event.message == "kept_replications":
        folder, final = event.parameters["folder"], event.parameters["final"]
        place = gettext(" --out {final} --force").format(final=shlex.quote(final)) if final != folder else ""
        said += gettext("; go on with: evenhand run --resume {folder}{place}").format(
            folder=shlex.quote(folder), place=place
        )
    print(f"evenhand: {said}", file=sys.stderr, flush=True)


def _tell(found: Finished, *, as_json: bool) -> None:
    run, folder = found.run, found.folder
    if as_json:
        told = {name: getattr(found, name) for name in ("rest", "warnings", "touched", "background")}
        print_json({**_document(run, found.metrics), **told})
        print(gettext("run folder: {folder}").format(folder=folder), file=sys.stderr)
        return
    said = Background.of_json(found.background)
    warn(found.warnings)
    print_metrics(run, found.metrics)
    for one in found.touched:
        print(one["sentence"])
    if said.badge:
        print(f"\n{said.badge}")
    if found.rest.get("warning"):
        print(f"\n{found.rest['warning']}")
    print(
        gettext("\nReport:  {folder}\nRecords: {folder_2}").format(
            folder=folder / rundir.REPORT, folder_2=folder
        )
    )
    if found.example is not None:
        dispute, replication = found.example
        which = (
            gettext("{dispute} --replication {replication}").format(dispute=dispute, replication=replication)
            if replication
            else str(dispute)
        )
        print(
            gettext("A case:  evenhand explain {folder} {which}").format(
                folder=shlex.quote(str(folder)), which=which
            )
        )


def _document(run: Stored, metrics: dict[str, Any]) -> dict[str, Any]:
    return {
        "scenario": run.scenario.name,
        "policy": run.policy.name,
        "seed": run.seed,
        "replications": run.replications,
        "version": version(),
        "metrics": metrics,
        "days": run.days,
        "start_up": run.scenario.start_up / 24,
        "cohort": in_words(run.cohort),
    }
