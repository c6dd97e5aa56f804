"""A search on the screen: the front with its changes, how sure it is, and whether the floor was beaten."""

from __future__ import annotations

from math import isfinite

from evenhand.analysis.charts.pareto import chance
from evenhand.analysis.compare.words import figures
from evenhand.analysis.metrics.metric import Metric
from evenhand.analysis.metrics.written import NOTHING
from evenhand.analysis.report.search import goal_words, limit_words
from evenhand.analysis.report.search_exhibits import floor, front, shown
from evenhand.analysis.search import Found
from evenhand.cli.console import console, table
from evenhand.cli.errors import plain
from evenhand.jobs.rule_search import Searched
from evenhand.locale.current import gettext


def print_search(done: Searched) -> None:
    """Print the front, what each candidate changes, and what is to be known of the search."""
    found = done.found
    screen = console()
    policy, scenario = found.experiment.policy, found.experiment.scenario
    screen.print(plain(f"{gettext(policy.title)} [{policy.name}]"), style="bold")
    screen.print(
        plain(
            gettext(
                "in: {title} [{name}], {days} days, {candidates} candidates in {spent} worlds, judged in "
                "{worlds} fresh ones, seed {seed}"
            ).format(
                title=gettext(scenario.title),
                name=scenario.name,
                days=found.experiment.days,
                candidates=len(found.explored.candidates),
                spent=found.explored.spent,
                worlds=found.judged.worlds,
                seed=found.experiment.seed,
            )
        )
    )
    if found.futures:
        screen.print(
            gettext("each world is one of {n} stored futures of the scenario (--under)").format(
                n=found.futures
            )
        )
    for one in found.aims.goals:
        screen.print(plain(gettext("goal: {one}").format(one=goal_words(one))))
    for limit in found.aims.limits:
        screen.print(plain(gettext("limit: {limit}").format(limit=limit_words(limit, found))))
    if not found.within:
        screen.print(
            gettext("No candidate keeps all limits; shown are those that break them least."), style="bold"
        )
    metrics = found.aims.metrics
    heads = [
        "",
        *(gettext("{title} (difference)").format(title=gettext(one.title)) for one in metrics),
        gettext("On front"),
        "Lacks",
        gettext("Limits hold"),
    ]
    screen.print()
    screen.print(table(heads, [_row(found, place) for place in range(len(found.judged.numbers))]))
    for place, patch in enumerate(done.patches, 1):
        said = "; ".join(map(str, patch.changes))
        screen.print(plain(f"\n{shown(place)} ({patch.name}): {said}"), soft_wrap=True)
    screen.print()
    for sentence in (front(found).sentence, floor(found).sentence, _matters(found)):
        if sentence:
            screen.print(plain(sentence), soft_wrap=True)


def _row(found: Found, place: int) -> tuple[str, ...]:
    judged = found.judged
    cells = [_cell(found, place, one) for one in found.aims.metrics]
    regret = float(judged.regret[place])
    unit = found.unit(found.aims.goals[0].metric) if len(found.aims.goals) == 1 else "share"
    return (
        shown(place),
        *cells,
        _chance(float(judged.on_front[place])),
        figures((regret,), unit, regret / 10, signed=False, level=True)[0] if isfinite(regret) else NOTHING,
        _chance(float(judged.keeps[place])) if found.aims.limits else NOTHING,
    )


def _cell(found: Found, place: int, metric: Metric) -> str:
    at, unit = found.aims.place(metric), found.unit(metric)
    value, half = float(found.judged.means[place, at]), float(found.judged.halves[place, at])
    said = figures((value,), unit, half, signed=False, level=True)[0]
    if not place:
        return said
    pair = found.judged.against_base
    apart, spread = float(pair.mean[place, at]), float(pair.half[place, at])
    return f"{said} ({figures((apart,), unit, spread)[0]})"


def _chance(value: float) -> str:
    return chance(value) if isfinite(value) else NOTHING


def _matters(found: Found) -> str:
    """Which lever matters most for each goal, exploratory."""
    parts = []
    for goal, shares in found.matters():
        if shares:
            name, share = max(shares.items(), key=lambda one: one[1])
            parts.append(f"{goal.metric.name}: {name} ({100 * share:.0f} %)")
    return (
        gettext("What matters most (exploratory): {parts}.").format(parts="; ".join(parts)) if parts else ""
    )
