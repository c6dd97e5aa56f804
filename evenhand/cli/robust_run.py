"""Carrying out `evenhand robust`: the study, and what is printed of it."""

from __future__ import annotations

import sys
from pathlib import Path

from evenhand import jobs
from evenhand.cli.console import print_json
from evenhand.cli.progress import printed
from evenhand.cli.robust_table import print_robust
from evenhand.errors import refused
from evenhand.jobs.event import Event
from evenhand.jobs.robust_files import PAGE, document
from evenhand.jobs.robust_order import Order, check
from evenhand.jobs.robust_sentences import FOUND
from evenhand.jobs.robustness import FILE, OutOfTime
from evenhand.locale.current import gettext, language


def carry_out(order: Order, out: Path | None, *, force: bool, as_json: bool, lang: str) -> None:
    """Ask the futures, and print what they say. Raises BadFile, UsageError, OSError."""
    asking, base = check(order)
    try:
        with refused(), printed(after=1, told=_say) as show, language(lang):
            done = jobs.robust(
                asking,
                out=out,
                force=force,
                asked=order.asked,
                minutes=order.budget,
                base=base,
                on_event=show,
            )
    except OutOfTime:
        return
    if as_json:
        print_json(document(done.robust, asking.scenario, asking.policies, asking.beliefs, asking.key))
    else:
        print_robust(done.robust, asking.scenario, asking.beliefs)
    screen = sys.stderr if as_json else sys.stdout
    places = {"page": done.folder / PAGE, "found": done.folder / FOUND, "file": done.folder / FILE}
    print(gettext("\nReport:   {page}\nFound:    {found}\nPoints:   {file}").format(**places), file=screen)


def _say(event: Event) -> None:
    """Say what is kept of a study that was stopped, and how to go on."""
    found = event.parameters
    print(
        gettext("{done} of {total} points are in {file}; the same command goes on").format(
            done=found["done"], total=found["total"], file=found["file"]
        ),
        file=sys.stderr,
    )
