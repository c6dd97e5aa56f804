"""`/compare/NAME/behind`: the single disputes behind a number, and the two lives of each."""

from __future__ import annotations

from functools import lru_cache
from math import isfinite
from pathlib import Path
from threading import Lock
from typing import NamedTuple
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from evenhand.analysis.compare.behind import Behind, Group, behind
from evenhand.analysis.compare.moves import Move
from evenhand.analysis.compare.parts import labels
from evenhand.analysis.compare.paths import words as path_words
from evenhand.analysis.compare.splits import group_titles
from evenhand.analysis.compare.words import figures, with_word
from evenhand.analysis.metrics.metric import Metric
from evenhand.analysis.metrics.registry import METRICS
from evenhand.analysis.report.comparison_differences import minus
from evenhand.analysis.runs.folder import MANIFEST
from evenhand.explain.dispute import find
from evenhand.jobs.lived_again import live_again
from evenhand.locale.current import gettext
from evenhand.locale.formats import numerals
from evenhand.sim.runs.records import Run
from evenhand.studio.compared import Compared, open_compared
from evenhand.studio.folder import NoSuch
from evenhand.studio.life import life
from evenhand.studio.pages.page import got, page, studio_of
from evenhand.studio.pages.result import number_in

MOST = 100
"""Disputes that are listed of a world."""
_LIVING = Lock()
"""One world at a time: each takes all that there is of a core."""


class Place(NamedTuple):
    """Which number is looked behind, in which world."""

    market: str
    rules: str
    measure: str
    by: str
    group: str
    world: int

    def query(self, **other: int | str) -> str:
        """The same with something else, as it stands in an address."""
        return urlencode({k: v for k, v in {**self._asdict(), **other}.items() if v or k == "world"})


class Line(NamedTuple):
    """A dispute of the list."""

    dispute: int
    amount: str
    change: str
    adds: str


@got
def show(request: Request) -> Response:
    """The disputes of one world that make a difference, those that add most first."""
    found = open_compared(studio_of(request).folder, request.path_params["name"])
    place = _place(request, found)
    base, policy = _lived(found, place)
    metric = METRICS[place.measure] if place.measure else None
    group = Group(place.by, place.group) if place.by else None
    world = behind(base, policy, metric, group)
    scenario = found.comparison.scenarios[place.market]
    unit = "share" if world.of_time else _unit(metric, scenario.currency)
    whole = figures((world.whole,), unit, abs(world.whole) / 10)[0] if isfinite(world.whole) else ""
    return page(
        request,
        "behind.html",
        found=found,
        place=place,
        metric=metric,
        group=gettext(group_titles(scenario, place.by)[place.group]) if place.by else "",
        rows=[_line(one, unit, scenario.currency) for one in world.disputes[:MOST]],
        count=len(world.disputes),
        adds_up=world.adds_up,
        of_time=world.of_time,
        whole=minus(with_word(whole, unit)) if whole else "",
        worlds=_worlds(found, place.market),
    )


@got
def case(request: Request) -> Response:
    """The two lives of a dispute, as `evenhand explain` tells them."""
    found = open_compared(studio_of(request).folder, request.path_params["name"])
    place, dispute = _place(request, found), number_in(request.query_params.get("dispute", ""))
    runs = dict(zip((found.comparison.baseline, place.rules), _lived(found, place), strict=True))
    there = {name: bool((run.disputes["dispute"] == dispute).any()) for name, run in runs.items()}
    if not any(there.values()):
        raise NoSuch(str(dispute))
    stories = {name: find(run, dispute, place.world) if there[name] else None for name, run in runs.items()}
    return page(
        request,
        "two_lives.html",
        found=found,
        place=place,
        dispute=dispute,
        lives=[(found.titles[name], None if one is None else life(one)) for name, one in stories.items()],
    )


def change(move: Move) -> str:
    """A change of path in a few words."""
    before, after = (path_words.NAMES[name] for name in (move.before, move.after))
    if not move.stays:
        return gettext("{before} → {after}").format(before=before, after=after)
    if move.same_result:
        return gettext("{path}, the same result at another time").format(path=before)
    return gettext("{path}, with another result").format(path=before)


def _line(one: Behind, unit: str, currency: str) -> Line:
    adds = figures((one.adds,), unit, abs(one.adds) / 10)[0] if isfinite(one.adds) else ""
    amount = f"{numerals(f'{one.amount:,.2f}')} {currency}"
    return Line(one.dispute, amount, change(one.move), minus(with_word(adds, unit)) if adds else "")


def _unit(metric: Metric | None, currency: str) -> str:
    if metric is None:
        return ""
    return currency if metric.unit == "currency" else metric.unit


def _worlds(found: Compared, market: str) -> int:
    return next(one.replications for one in found.comparison.stops if one.scenario == market)


def _place(request: Request, found: Compared) -> Place:
    """Raises NoSuch for what is not in the comparison."""
    query = request.query_params
    market = query.get("market") or next(iter(found.markets))
    rules = query.get("rules") or found.others[0]
    measure, by, group = (query.get(name, "") for name in ("measure", "by", "group"))
    world = number_in(query.get("world", "0"))
    known = market in found.markets and rules in found.others and (not by or by in found.columns)
    if not known or (measure and measure not in {one.name for one in found.measures}):
        raise NoSuch(rules)
    if world >= _worlds(found, market):
        raise NoSuch(str(world))
    if by and group not in labels(found.comparison.scenarios[market], by):
        raise NoSuch(group)
    return Place(market, rules, measure, by, group, world)


def _lived(found: Compared, place: Place) -> tuple[Run, Run]:
    """One world under the baseline and under the rules; the last ones are kept. Raises UsageError."""
    with _LIVING:
        stamp = (found.path / MANIFEST).stat().st_mtime_ns
        return _once(found.path, stamp, place.world, place.rules, place.market)


@lru_cache(maxsize=2)
def _once(path: Path, stamp: int, world: int, rules: str, market: str) -> tuple[Run, Run]:
    base, policy = live_again(path, world, policy=rules, scenario=market).values()
    return base, policy


routes = [
    Route("/compare/{name}/behind", show, methods=["GET"]),
    Route("/compare/{name}/case", case, methods=["GET"]),
]
