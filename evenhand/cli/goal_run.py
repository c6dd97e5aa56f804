"""Carrying out `evenhand goal`: the hunt for the smallest change, and what is printed of it."""

from __future__ import annotations

import sys
from math import isfinite
from pathlib import Path

from evenhand import jobs
from evenhand.cli.console import console, print_json, table
from evenhand.cli.errors import plain
from evenhand.cli.progress import printed
from evenhand.cli.search_run import kept
from evenhand.errors import refused
from evenhand.jobs.goal_words import document, sentences, written
from evenhand.jobs.rule_target import FILE, Targeted
from evenhand.jobs.search_order import Order, check_goal
from evenhand.locale.current import gettext


def carry_out(order: Order, out: Path | None, *, force: bool, as_json: bool) -> None:
    """Look for the smallest change and print it. Raises BadFile, UsageError, OSError."""
    plan, wanted = check_goal(order)
    with refused(), printed(told=kept) as show:
        done = jobs.goal(
            plan.experiment,
            wanted,
            plan.turned.levers,
            bases=plan.bases,
            fresh=order.fresh,
            business=plan.turned.business,
            out=out,
            force=force,
            workers=plan.asked,
            on_event=show,
        )
    if as_json:
        print_json(document(done))
    else:
        print_goal(done)
    screen = sys.stderr if as_json else sys.stdout
    if done.patch is not None:
        print(
            gettext("\nChange: {file}").format(file=done.folder / done.patch.name.partition(" ")[0]),
            file=screen,
        )
    print(gettext("Tried:  {file}").format(file=done.folder / FILE), file=screen)


def print_goal(done: Targeted) -> None:
    """Say whether the target is reached and how, what each setting does alone, and what binds."""
    screen, target = console(), done.target
    about = done.experiment
    screen.print(plain(f"{about.policy.title} [{about.policy.name}]"), style="bold")
    screen.print(
        plain(
            gettext("in: {title} [{name}], {days} days, {tried} changes tried, seed {seed}").format(
                title=about.scenario.title,
                name=about.scenario.name,
                days=about.days,
                tried=target.tried,
                seed=about.seed,
            )
        )
    )
    screen.print()
    for sentence in sentences(done):
        screen.print(plain(sentence), soft_wrap=True)
    if target.alone:
        screen.print()
        heads = (gettext("One setting alone"), gettext("At best"), target.limit.metric.title, "Gain", "")
        rows = [
            (
                one.lever.name,
                one.lever.written(one.value),
                written(done, one.metric),
                written(done, one.gain, signed=True) if isfinite(one.gain) else "-",
                ""
                if one.helps
                else gettext("no more than luck")
                if one.gain >= 0
                else gettext("cannot help"),
            )
            for one in target.alone
        ]
        screen.print(table(heads, rows, right=(1, 2, 3)))
