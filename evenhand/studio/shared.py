"""One page about a result: what was changed, one picture, three sentences, and how much is assumed."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from math import floor
from pathlib import Path
from typing import Any, NamedTuple

from evenhand.analysis.charts.caption import captioned
from evenhand.analysis.charts.words import plain
from evenhand.analysis.compare import Comparison
from evenhand.analysis.metrics.cautions import cautions
from evenhand.analysis.metrics.chunks import AnyRun
from evenhand.analysis.metrics.registry import outcomes
from evenhand.analysis.report.comparison import alerts, changed, policies
from evenhand.analysis.report.comparison_differences import paired_differences, pairs
from evenhand.analysis.report.comparison_front import FRONT, measured, two_metrics
from evenhand.analysis.report.comparison_plain import plain_words
from evenhand.analysis.report.exhibit import Exhibit, Panel
from evenhand.analysis.report.exhibits.endings import where_disputes_end
from evenhand.analysis.report.plain_words import in_plain_words
from evenhand.analysis.runs.background import Background
from evenhand.analysis.runs.folder import MANIFEST
from evenhand.errors import UsageError
from evenhand.jobs.background import changes_of
from evenhand.locale.current import gettext, tag
from evenhand.storage.run_dir import open_stored
from evenhand.studio.compared import FIRST, Compared, open_compared
from evenhand.studio.folder import Folder, NoSuch, result
from evenhand.version import version


class Shared(NamedTuple):
    """What stands on the page, in the language in force."""

    name: str
    kind: str
    title: str
    under: str
    changes: list[tuple[str, list[str]]]
    """Headings with lines below them."""
    panel: Panel
    shows: str
    """What the picture shows, in a sentence or two."""
    plain: list[tuple[str, list[str]]]
    """Sentences; with a heading each where there are several sets of rules."""
    alerts: list[str]
    assumed: int | None
    """Of 100 settings that the files give so many have no source; None where nobody kept count."""
    badge: str
    facts: str


def shared(folder: Folder, name: str) -> Shared:
    """The page of a finished run or comparison. Raises NoSuch, UsageError for what cannot be read."""
    path = folder.run(name)
    found = result(path)
    if found.manifest is None:
        raise NoSuch(name)
    try:
        if found.kind == "comparison":
            return _of_comparison(open_compared(folder, name))
        return _of_run(path, (path / MANIFEST).stat().st_mtime_ns, tag())
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise UsageError(gettext("'{name}' cannot be read: it is damaged").format(name=name)) from error


def poster(one: Shared, width: float) -> Any:
    """The picture with its title and what it shows, to stand alone."""
    return captioned(one.panel.draw(width), f"{one.title}: {one.panel.title}", [one.shows], width)


@lru_cache(maxsize=8)
def _of_run(path: Path, stamp: int, lang: str) -> Shared:
    run: AnyRun = open_stored(path, verify=False)
    said = Background.of_json((result(path).manifest or {}).get("background"))
    estimates = outcomes(run)
    told = cautions(run, estimates)
    exhibit = where_disputes_end(run)
    worlds = gettext("{n} worlds of {days} days in {market}").format(
        n=run.replications, days=run.days, market=gettext(run.scenario.title) or run.scenario.name
    )
    return Shared(
        path.name,
        "run",
        plain(gettext(run.policy.title)) or plain(run.policy.name),
        plain(worlds),
        [] if said.lead is None else [(plain(said.lead[0]), [*map(plain, said.lead[1])])],
        exhibit.panels[0],
        exhibit.sentence,
        [("", in_plain_words(run, estimates, told, said))],
        [one.sentence for one in told],
        _share(said),
        plain(said.badge),
        _facts(run.seed),
    )


def _of_comparison(found: Compared) -> Shared:
    comparison = found.in_words
    base, rules = comparison.baseline, comparison.policies
    changes = {name: changes_of(rules[base], rules[name]) for name in policies(comparison)[1:]}
    said = _titled(found)
    exhibit = _picture(comparison)
    others = ", ".join(name for name in rules if name != base)
    worlds = "; ".join(
        gettext("{n} worlds of {days} days in {market}").format(
            n=stop.replications, days=comparison.days[stop.scenario], market=stop.scenario
        )
        for stop in comparison.stops
    )
    return Shared(
        found.name,
        "comparison",
        plain(gettext("{rules}, compared with {base}").format(rules=others, base=base)),
        plain(worlds),
        [(heading, list(lines)) for heading, lines in changed(comparison, changes)],
        exhibit.panels[0],
        exhibit.sentence,
        _sentences(comparison, said),
        alerts(comparison),
        _share(said),
        plain(said.badge),
        _facts(comparison.seed),
    )


def _titled(found: Compared) -> Background:
    """How much is assumed, with titles in the place of names."""
    names = {"policy": found.titles, "scenario": found.markets}
    assumed = [one._replace(name=names[one.kind].get(one.name, one.name)) for one in found.background.assumed]
    return found.background._replace(assumed=tuple(assumed))


def _sentences(comparison: Comparison, said: Background) -> list[tuple[str, list[str]]]:
    """Three sentences about one set of rules; of several the one that says for whom each is better."""
    several = pairs(comparison)
    if len(several) == 1:
        return [("", plain_words(comparison, *several[0], said.assumed))]
    form = gettext("{rules}, in {market}") if len(comparison.stops) > 1 else "{rules}"
    return [
        (
            plain(form.format(rules=policy, market=scenario)),
            plain_words(comparison, scenario, policy, said.assumed)[:1],
        )
        for scenario, policy in several
    ]


def _picture(comparison: Comparison) -> Exhibit:
    """The first differences of one set of rules; of several, how they stand in both kinds of mistakes."""
    names = set(measured(comparison))
    if len(pairs(comparison)) > 1 and set(FRONT) <= names:
        return two_metrics(comparison, *FRONT)[0]
    first = tuple(one for one in comparison.differences if one.metric in FIRST)
    return paired_differences(replace(comparison, differences=first or comparison.differences))[0]


def _share(said: Background) -> int | None:
    n, of = (sum(getattr(one, name) for one in said.assumed) for name in ("n", "of"))
    return floor(100 * n / of + 0.5) if of else None


def _facts(seed: int) -> str:
    return gettext("Evenhand {version}, seed {seed}. The same files give the same numbers.").format(
        version=version(), seed=seed
    )
