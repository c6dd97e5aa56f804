"""Carrying out a search: the file that it goes on in, the page and the patches, and what is printed."""

from __future__ import annotations

import sys
from pathlib import Path

from evenhand import jobs
from evenhand.cli.console import print_json
from evenhand.cli.progress import printed
from evenhand.cli.search_table import print_search
from evenhand.errors import refused
from evenhand.jobs.event import Event
from evenhand.jobs.rule_search import FILE, PAGE
from evenhand.jobs.search_document import document
from evenhand.jobs.search_order import Order, check, no_library, under
from evenhand.locale.current import gettext, language


def carry_out(order: Order, out: Path | None, *, force: bool, lang: str, as_json: bool) -> None:
    """Search, judge, draw and print; goes on where an earlier one stopped.

    Raises BadFile, UsageError, OSError.
    """
    plan = check(order)
    with refused(), no_library(), printed(told=kept) as show, language(lang):
        done = jobs.search(
            plan.experiment,
            plan.turned.levers,
            plan.aims,
            bases=plan.bases,
            budget=plan.budget,
            fresh=order.fresh,
            business=plan.turned.business,
            under=under(order.under, plan.experiment.scenario) if order.under else None,
            out=out,
            force=force,
            workers=plan.asked,
            on_event=show,
        )
    if as_json:
        print_json(document(done))
    else:
        print_search(done)
    folder, screen = done.folder, sys.stderr if as_json else sys.stdout
    print(
        gettext("\nReport:     {PAGE}\nCandidates: {FILE}").format(PAGE=folder / PAGE, FILE=folder / FILE),
        file=screen,
    )


def kept(event: Event) -> None:
    """Say what is kept of a search that was stopped, and how to go on."""
    found = event.parameters
    print(
        gettext("what was seen of {done} candidates is in {file}; the same command goes on").format(
            done=found["done"], file=found["file"]
        ),
        file=sys.stderr,
    )
