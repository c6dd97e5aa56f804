"""The page of a search: the front, against the base, the floor, which settings matter, and all in words."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from pathlib import Path

from evenhand.analysis.charts.words import plain
from evenhand.analysis.report.exhibit import Exhibit, Table
from evenhand.analysis.report.numbers import count, integer, with_unit
from evenhand.analysis.report.page import assemble, version
from evenhand.analysis.report.save import save
from evenhand.analysis.report.search_exhibits import floor, front, gains, matter, shown
from evenhand.analysis.report.search_texts import texts
from evenhand.analysis.report.settings import settings
from evenhand.analysis.runs.background import Change
from evenhand.analysis.runs.steps import Tell, silent
from evenhand.analysis.search import Found, Goal, Lever, Limit
from evenhand.locale.current import gettext


def write(
    found: Found,
    path: str | Path,
    changes: Sequence[Sequence[Change]] = (),
    files: Sequence[str] = (),
    *,
    tell: Tell = silent,
) -> None:
    """Write the page to a file, whole or not at all; arguments as for `render`. Raises OSError."""
    save(render(found, changes, files, tell=tell), path)


def render(
    found: Found,
    changes: Sequence[Sequence[Change]] = (),
    files: Sequence[str] = (),
    *,
    tell: Tell = silent,
) -> str:
    """The page as one HTML text.

    `changes` are those of each candidate of the front, in words, and `files` the names of their files.
    """
    policy, scenario = found.experiment.policy, found.experiment.scenario
    name = plain(gettext(policy.title)) or plain(policy.name)
    return assemble(
        exhibits(found, files),
        tell=tell,
        title=texts.TITLE.format(policy=name, count=len(found.levers)),
        texts=texts,
        facts=facts(found),
        headlines=[],
        under=texts.UNDER.format(scenario=plain(gettext(scenario.title))),
        alerts=[] if found.within else [texts.NO_LIMITS],
        note=texts.NOTE,
        metrics=in_words(found, changes),
        settings=[(plain(gettext(model.title)), settings(model)) for model in (policy, scenario)],
    )


def exhibits(found: Found, files: Sequence[str] = ()) -> list[Exhibit]:
    """All exhibits; those about a front are left out where there is none."""
    made = [front(found, files)]
    if found.front:
        made.append(gains(found))
    made.append(floor(found))
    return [*made, *([one] if (one := matter(found)) else [])]


def facts(found: Found) -> list[tuple[str, str]]:
    """What was asked for, for the header."""
    explored = found.explored
    values = {
        "goals": texts.PARTS.join(map(goal_words, found.aims.goals)),
        "limits": texts.PARTS.join(limit_words(one, found) for one in found.aims.limits) or texts.NONE,
        "levers": texts.PARTS.join(map(lever_words, found.levers)),
        "budget": count(explored.spent, texts.N_WORLDS),
        "candidates": integer(len(explored.candidates)),
        "fresh": integer(found.judged.worlds),
        "days": count(found.experiment.days, texts.N_DAYS),
        "seed": str(found.experiment.seed),
        **({"futures": count(found.futures, texts.N_FUTURES)} if found.futures else {}),
        "version": version(),
    }
    return [(texts.FACTS[name], value) for name, value in values.items()]


def goal_words(one: Goal) -> str:
    """A goal as a reader would say it."""
    form = texts.LESS if one.way == "min" else texts.MORE
    return form.format(metric=texts.inside(gettext(one.metric.title)))


def limit_words(one: Limit, found: Found) -> str:
    """A limit as a reader would say it."""
    form = texts.AT_MOST if one.side == "<=" else texts.AT_LEAST
    bound = with_unit(one.bound, found.unit(one.metric))
    return form.format(metric=texts.inside(gettext(one.metric.title)), bound=bound)


def lever_words(one: Lever) -> str:
    """A lever with its range or its options."""
    if one.axis is not None and not one.axis.values:
        low, high = map(one.written, one.axis.ends)
        return texts.LEVER_RANGE.format(name=plain(one.name), low=low, high=high)
    options = texts.ITEMS.join(plain(one.written(value)) for value in one.tried_all)
    return texts.LEVER_LIST.format(name=plain(one.name), options=options)


def in_words(found: Found, changes: Sequence[Sequence[Change]]) -> Table:
    """A row for the base and for each candidate: what it changes, and every measure."""
    metrics = found.aims.metrics
    candidate, changed = texts.CHANGES_HEAD
    head = (candidate, *(gettext(one.title) for one in metrics), changed)
    rows = []
    for place in range(len(found.judged.numbers)):
        said = texts.NONE
        if place:
            mine = changes[place - 1] if changes else ()
            said = texts.PARTS.join(
                texts.CHANGE.format(label=plain(one.label), before=plain(one.before), after=plain(one.after))
                for one in mine
            )
        cells = []
        for at, metric in enumerate(metrics):
            value, half = float(found.judged.means[place, at]), float(found.judged.halves[place, at])
            unit = found.unit(metric)
            cell = with_unit(value, unit)
            if isfinite(half) and isfinite(value):
                cell = texts.PLUS_MINUS.format(value=cell, half=with_unit(half, unit))
            cells.append(cell)
        rows.append((shown(place), *cells, said or texts.NONE))
    return Table(head, rows)
