"""Carrying out `evenhand goal`: the hunt for the smallest change, and what is said of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from math import isfinite
from pathlib import Path
from typing import Any

from evenhand import jobs
from evenhand.analysis.charts.pareto import chance
from evenhand.analysis.compare.words import figures
from evenhand.analysis.metrics.written import plain_json
from evenhand.analysis.search.found import limits_words
from evenhand.cli import levers
from evenhand.cli.console import console, print_json, table
from evenhand.cli.errors import plain, refused
from evenhand.cli.progress import printed
from evenhand.cli.search_run import Order, check, kept
from evenhand.cli.sweep_axes import naming
from evenhand.jobs.rule_target import FILE, Targeted, usual_levers
from evenhand.storage.version import version


def carry_out(order: Order, out: Path | None, *, force: bool, as_json: bool) -> None:
    """Look for the smallest change and print it. Raises BadFile, UsageError, OSError."""
    from evenhand.analysis.search import limit

    with naming("METRIC<=X"):
        wanted = limit(order.limits[0])
    way = "min" if wanted.side == "<=" else "max"
    plan = check(order._replace(goals=[f"{wanted.metric.name}:{way}"], limits=()))
    turned = plan.turned
    if not turned.levers:
        about = plan.experiment
        turned = levers.turned(usual_levers(about.scenario, about.policy, about.days))
    with refused(), printed(told=kept) as show:
        done = jobs.goal(
            plan.experiment,
            wanted,
            turned.levers,
            bases=plan.bases,
            fresh=order.fresh,
            business=turned.business,
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
        print(f"\nChange: {done.folder / done.patch.name.partition(' ')[0]}", file=screen)
    print(f"Tried:  {done.folder / FILE}", file=screen)


def print_goal(done: Targeted) -> None:
    """Say whether the target is reached and how, what each setting does alone, and what binds."""
    screen, target = console(), done.target
    about = done.experiment
    screen.print(plain(f"{about.policy.title} [{about.policy.name}]"), style="bold")
    screen.print(
        plain(
            f"in: {about.scenario.title} [{about.scenario.name}], {about.days} days, {target.tried} changes "
            f"tried, seed {about.seed}"
        )
    )
    screen.print()
    for sentence in sentences(done):
        screen.print(plain(sentence), soft_wrap=True)
    if target.alone:
        screen.print()
        heads = ("One setting alone", "At best", target.limit.metric.title, "Gain", "")
        rows = [
            (
                one.lever.name,
                one.lever.written(one.value),
                _value(done, one.metric),
                _value(done, one.gain, signed=True) if isfinite(one.gain) else "-",
                "" if one.helps else "no more than luck" if one.gain >= 0 else "cannot help",
            )
            for one in target.alone
        ]
        screen.print(table(heads, rows, right=(1, 2, 3)))


def sentences(done: Targeted) -> Iterator[str]:
    """What was found, in words."""
    target, limit = done.target, done.target.limit
    said = (
        f"{limit.metric.title} {'at most' if limit.side == '<=' else 'at least'} {_value(done, limit.bound)}"
    )
    change = "; ".join(map(str, done.patch.changes)) if done.patch is not None else ""
    if target.reached and not change:
        yield f"{said} holds as it is: {_fresh(done, 0)}."
        return
    if target.reached:
        count = len(target.values)
        yield f"{said}: {count} setting{'' if count == 1 else 's'} can reach it. {change}."
        yield f"Then it is {_fresh(done, 1)}; as it is, {_fresh(done, 0)}."
    else:
        yield f"{said}: no value of these settings reaches it."
        if change:
            yield f"The best that can be had is {_fresh(done, 1)}, from {_fresh(done, 0)}: {change}."
        else:
            yield f"None of them helps: it is {_fresh(done, 0)}."
    if len(target.values) > 1 or not target.reached:
        yield from _binds(done)


def _binds(done: Targeted) -> Iterator[str]:
    """What the settings of each kind can do together, and what is lost where one of the change goes back."""
    target = done.target
    for one in sorted(target.kinds, key=lambda one: target.limit.sign * one.metric):
        names = ", ".join(one.values)
        yield (
            f"All of {one.kind} at their best ({names}) take it from {_value(done, target.base)} to "
            f"{_value(done, one.metric)}."
        )
    helpless = [one.lever.name for one in target.alone if not one.helps]
    if helpless:
        yield f"Alone, these cannot help: {', '.join(helpless)}."
    for name, metric in target.without.items():
        yield f"Without the change of {name} it is {_value(done, metric)}."


def _fresh(done: Targeted, place: int) -> str:
    """The metric in fresh worlds, and the chance that the target holds there."""
    place = min(place, len(done.judged.numbers) - 1)
    value, half = float(done.judged.means[place, 0]), float(done.judged.halves[place, 0])
    sure = float(done.judged.keeps[place])
    said = _value(done, value)
    if isfinite(half):
        said += f" ± {_value(done, half)}"
    return f"{said} in {done.judged.worlds} fresh worlds" + (
        f" (chance that it holds {chance(sure)})" if isfinite(sure) else ""
    )


def _value(done: Targeted, value: float, *, signed: bool = False) -> str:
    metric = done.target.limit.metric
    unit = done.experiment.scenario.currency if metric.unit == "currency" else metric.unit
    if unit == "h" and abs(value) >= 72:
        return f"{value / 24:{'+' if signed else ''}.1f} days"
    return figures((value,), unit, abs(value) / 10, signed=signed, level=True)[0]


def document(done: Targeted) -> dict[str, Any]:
    """All of it as one JSON object."""
    target, judged = done.target, done.judged
    made: dict[str, Any] = plain_json(
        {
            "policy": done.experiment.policy.name,
            "scenario": done.experiment.scenario.name,
            "seed": done.experiment.seed,
            "days": done.experiment.days,
            "version": version(),
            "target": limits_words([target.limit])[0],
            "reached": target.reached,
            "settings": dict(target.values),
            "distance": target.distance,
            "changes": [one._asdict() for one in done.patch.changes] if done.patch else [],
            "said": list(sentences(done)),
            "fresh": [
                {
                    "value": float(judged.means[place, 0]),
                    "half": float(judged.halves[place, 0]),
                    "chance": float(judged.keeps[place]),
                }
                for place in range(len(judged.numbers))
            ],
            "alone": [
                {"setting": one.lever.name, "value": one.value, "metric": one.metric, "helps": one.helps}
                for one in target.alone
            ],
            "tried": target.tried,
        }
    )
    return made
