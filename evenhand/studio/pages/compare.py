"""`/compare/NAME`: what two to six sets of rules do beside each other, for all and by group, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from math import isfinite
from typing import NamedTuple
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from evenhand.analysis.compare.by_group import ByGroup
from evenhand.analysis.metrics.metric import Metric
from evenhand.analysis.report.comparison import alerts, statistics
from evenhand.analysis.report.comparison_by_group import column_title, measured, panel, sets
from evenhand.analysis.report.comparison_group_words import gap_sentence, sentence
from evenhand.analysis.runs.background import lines
from evenhand.jobs.background import changes_of
from evenhand.locale.current import gettext
from evenhand.studio.again import ordered_from
from evenhand.studio.compared import FIRST, Compared, Judged, judged, open_compared, split_title, whom
from evenhand.studio.drawn import svg_file
from evenhand.studio.folder import Folder, NoSuch, page_of
from evenhand.studio.pages.page import Refused, got, page, studio_of, to
from evenhand.studio.previews import row


class Asked(NamedTuple):
    """What the address asks for."""

    market: str
    by: str
    measure: str
    every: bool
    """All measures, not the first ones only."""

    def link(self, **other: str | bool) -> str:
        """The same page with something else."""
        now = {**self._asdict(), **other}
        return "?" + urlencode({k: "1" if v is True else v for k, v in now.items() if v})


class Measure(NamedTuple):
    """A measure under all sets of rules."""

    name: str
    title: str
    sentence: str
    before: str
    differences: list[Judged]


class Part(NamedTuple):
    """A group under one set of rules."""

    group: str
    title: str
    judged: Judged
    cases: tuple[int, int]


class Side(NamedTuple):
    """All groups under one set of rules, with what it does to the gaps between them."""

    rules: str
    title: str
    said: list[str]
    parts: list[Part]


@got
def show(request: Request) -> Response:
    """The comparison, for everybody or by the groups of a column."""
    folder, name = studio_of(request).folder, request.path_params["name"]
    by = request.query_params.get("by", "")
    found = open_compared(folder, name, (by,) if by else ())
    asked = _asked(request, found)
    groups = found.comparison.by[0] if by else None
    return page(
        request,
        "compare.html",
        found=found,
        asked=asked,
        alerts=alerts(found.in_words),
        terms=statistics(found.comparison),
        changes=_changes(found),
        splits=[(one, split_title(one), there) for one, there in found.splits.items()],
        again=_again(folder, found),
        measures=_measures(found, asked) if groups is None else [],
        sides=_sides(found, groups, asked) if groups else [],
        choices=_choices(found, groups),
        measure=next((one for one in found.measures if one.name == asked.measure), None),
        column=column_title(groups) if groups else "",
        days=_days(found, asked.market),
        has_page=page_of(found.path) is not None,
        whom=whom(asked.measure),
    )


@got
def picture(request: Request) -> Response:
    """The groups of a column in a measure, drawn."""
    by = request.query_params.get("by", "")
    if not by:
        raise NoSuch(by)
    found = open_compared(studio_of(request).folder, request.path_params["name"], (by,))
    asked, groups = _asked(request, found), found.comparison.by[0]
    if asked.measure not in measured(groups):
        raise NoSuch(asked.measure)
    return svg_file(panel(groups, asked.measure, "groups"), small="small" in request.query_params)


@got
def dates(request: Request) -> Response:
    """The form of a comparison of the same rules in other days."""
    folder = studio_of(request).folder
    found = open_compared(folder, request.path_params["name"])
    asked = _asked(request, found)
    start = found.comparison.scenarios[asked.market].start
    first, last = (_date(request.query_params.get(name, "")) for name in ("first", "last"))
    cohort = f"{(first - start).days}..{(last - start).days + 1}"
    if request.query_params.get("of") == "filing":
        cohort += ":filing"
    return to(f"/run/new?{urlencode([*_again(folder, found), ('cohort', cohort)])}")


def _asked(request: Request, found: Compared) -> Asked:
    """Raises NoSuch for what is not in the comparison."""
    query, markets = request.query_params, found.markets
    by = query.get("by", "")
    names = measured(found.comparison.by[0]) if by else [one.name for one in found.measures]
    first = next((name for name in FIRST if name in names), names[0] if names else "")
    market, measure = query.get("market") or next(iter(markets)), query.get("measure") or first
    if market not in markets or (measure and measure not in names):
        raise NoSuch(measure)
    return Asked(market, by, measure, bool(query.get("every")))


def _measures(found: Compared, asked: Asked) -> list[Measure]:
    shown = found.measures if asked.every else [one for one in found.measures if one.name in FIRST]
    return [_measure(found, one, asked.market) for one in shown or found.measures]


def _measure(found: Compared, metric: Metric, market: str) -> Measure:
    mine = [
        one
        for one in found.comparison.differences
        if (one.metric, one.scenario) == (metric.name, market) and one.policy in found.others
    ]
    before = row(mine[0]).before if mine else ""
    title, said = gettext(metric.title), gettext(metric.sentence)
    return Measure(metric.name, title, said, before, [judged(one, found) for one in mine])


def _sides(found: Compared, groups: ByGroup, asked: Asked) -> list[Side]:
    sides = []
    for mine, gaps in sets(groups, asked.measure):
        first = mine[0].difference
        if first.scenario != asked.market:
            continue
        said = [sentence(groups, mine)]
        said += [gap_sentence(groups, one) for one in gaps if isfinite(one.difference.difference)]
        parts = [
            Part(
                one.group,
                gettext(groups.titles[one.group]),
                judged(one.difference, found)._replace(why=""),
                (one.baseline_cases, one.policy_cases),
            )
            for one in mine
        ]
        sides.append(Side(first.policy, found.titles[first.policy], said, parts))
    return sides


def _choices(found: Compared, groups: ByGroup | None) -> list[tuple[str, str]]:
    """Measures that can be split, with their titles."""
    names = measured(groups) if groups else []
    return [(one.name, gettext(one.title)) for one in found.measures if one.name in names]


def _changes(found: Compared) -> list[tuple[str, Sequence[str]]]:
    """What each set of rules changes against the baseline."""
    policies = found.comparison.policies
    base = policies[found.comparison.baseline]
    return [(found.titles[name], lines(changes_of(base, policies[name]), 6)) for name in found.others]


def _again(folder: Folder, found: Compared) -> list[tuple[str, str]]:
    """The fields of the form that orders the same comparison."""
    return ordered_from(folder, found.path)


def _days(found: Compared, market: str) -> tuple[date, date]:
    """First and last day on which orders can be counted."""
    scenario = found.comparison.scenarios[market]
    start = scenario.start
    begins, length = int(scenario.start_up // 24), found.comparison.days[market]
    return start + timedelta(days=begins), start + timedelta(days=length - 1)


def _date(text: str) -> date:
    """A date of a form. Raises Refused."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused(gettext("choose the first and the last day"), 422) from None


routes = [
    Route("/compare/{name}", show, methods=["GET"]),
    Route("/compare/{name}/picture.svg", picture, methods=["GET"]),
    Route("/compare/{name}/dates", dates, methods=["GET"]),
]
