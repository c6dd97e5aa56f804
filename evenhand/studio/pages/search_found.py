"""`/search/NAME`: the front as a picture and a table, any point of it as a policy."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from evenhand.analysis.charts.candidates import Spot
from evenhand.analysis.charts.pareto import chance
from evenhand.analysis.metrics.metric import Metric
from evenhand.analysis.metrics.registry import METRICS
from evenhand.analysis.report.numbers import with_unit
from evenhand.analysis.search import Goal
from evenhand.locale.current import gettext
from evenhand.studio.folder import NoSuch
from evenhand.studio.pages.drawn import drawn, width_of
from evenhand.studio.pages.keep import kept_as
from evenhand.studio.pages.page import Refused, got, page, posted, studio_of, text_of, to
from evenhand.studio.pages.result import FRAMED
from evenhand.studio.studies import SORTS, Study, study

MOST_TRIED = 2_000
"""Candidates that are listed."""


class Row(NamedTuple):
    """A candidate of the front, or the base."""

    number: int
    title: str
    cells: list[str]
    on_front: str
    holds: str
    changes: str


class Tried(NamedTuple):
    """A candidate as it was seen first."""

    number: int
    values: str
    cells: list[str]


@got
def found(request: Request) -> Response:
    """The front as a picture and as a table; each point can be saved."""
    one = study(studio_of(request).folder, request.path_params["name"], "search")
    if not one.is_done:
        return page(request, "study_unfinished.html", study=one)
    try:
        data = one.data
        metrics = [METRICS[name] for name in data["metrics"]]
        rows = [_row(one, metrics, place, row) for place, row in enumerate(data["front"])]
        tried = [_tried(data, metrics, row) for row in data["tried"][:MOST_TRIED]]
        goals = [METRICS[str(text).partition(":")[0]].title for text in data["goals"]]
        facts = {key: int(data[key]) for key in ("worlds", "candidates", "fresh_worlds")}
        base = str(data["bases"]["policy"])
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        raise Refused(gettext("this study is damaged"), 404) from None
    return page(
        request,
        "search.html",
        study=one,
        titles=[gettext(one.title) for one in metrics],
        goals=[gettext(title) for title in goals],
        limits=[str(limit) for limit in data.get("limits") or []],
        rows=rows,
        tried=tried,
        facts=facts,
        within=bool(data.get("within_limits")),
        has_picture=len(goals) > 1,
        usual=f"{Path(base).stem}-searched",
    )


def _row(one: Study, metrics: list[Metric], place: int, row: Mapping[str, Any]) -> Row:
    cells = [_cell(one.data, metric, row) for metric in metrics]
    said = (one.data.get("said") or {}).get(str(row["candidate"]), {})
    title = str(place) if place else gettext("as it is")
    return Row(
        int(row["candidate"]),
        title,
        cells,
        _chance(row.get("on_front")),
        _chance(row.get("limits_hold")),
        str(one.spoken(said)) if place else "",
    )


def _cell(data: Mapping[str, Any], metric: Metric, row: Mapping[str, Any], *, half: bool = True) -> str:
    unit = str(data["currency"]) if metric.unit == "currency" else metric.unit
    value, spread = row.get(metric.name), row.get(f"{metric.name}_half")
    if value is None:
        return "–"
    said = with_unit(float(value), unit)
    if half and spread is not None and isfinite(float(spread)):
        said = gettext("{value} ± {half}").format(value=said, half=with_unit(float(spread), unit))
    return said


def _tried(data: Mapping[str, Any], metrics: list[Metric], row: Mapping[str, Any]) -> Tried:
    values = ", ".join(f"{name} = {_plain(value)}" for name, value in dict(row["values"]).items())
    cells = [_cell(data, metric, row, half=False) for metric in metrics]
    return Tried(int(row["candidate"]), values or gettext("as it is"), cells)


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _chance(value: Any) -> str:
    return chance(float(value)) if isinstance(value, (int, float)) else "–"


@got
def picture(request: Request) -> Response:
    """The front as an SVG, by its first two goals."""
    one = study(studio_of(request).folder, request.path_params["name"], "search")
    try:
        return _drawn(one.data, width_of(request))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        raise NoSuch(one.name) from None


def _drawn(data: Mapping[str, Any], width: float) -> Response:
    from evenhand.analysis.report.search_exhibits import front_picture, scale_of

    goals = [_goal(str(text)) for text in data["goals"][:2]]
    units = [str(data["currency"]) if one.metric.unit == "currency" else one.metric.unit for one in goals]
    scales = scale_of(goals[0], units[0]), scale_of(goals[1], units[1])
    names = [one.metric.name for one in goals]
    tried = [np.array([_float(row[name]) for row in data["tried"]]) for name in names]
    spots = []
    for place, row in enumerate(data["front"]):
        x, y = (_float(row[name]) * one.factor for name, one in zip(names, scales, strict=True))
        x_half, y_half = (
            _float(row[f"{name}_half"]) * one.factor for name, one in zip(names, scales, strict=True)
        )
        sure = _float(row["on_front"]) > 0.5
        spots.append(Spot(str(place) if place else gettext("as it is"), x, y, x_half, y_half, sure))
    title = gettext("The front of the search")
    told = "; ".join(f"{one.name}: {one.x:.4g}, {one.y:.4g}" for one in spots)
    return drawn(front_picture((tried[0], tried[1]), spots, scales, width), "front", title, told)


def _goal(text: str) -> Goal:
    name, _, way = text.partition(":")
    return Goal(METRICS[name], "max" if way == "max" else "min")


def _float(value: Any) -> float:
    return float("nan") if value is None else float(value)


@posted
def save(request: Request, form: FormData) -> Response:
    """A candidate as files in the user's folder: what it changes, laid over the file that was searched."""
    folder = studio_of(request).folder
    one = study(folder, request.path_params["name"], "search")
    number = text_of(form, "candidate")
    try:
        row = next(row for row in one.data["tried"] if str(row["candidate"]) == number)
        values, business = dict(row["values"]), tuple(map(str, one.data["business"]))
        bases = one.data["bases"]
        kept = str(bases["policy"]), str(bases["scenario"])
    except StopIteration:
        raise NoSuch(number) from None
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Refused(gettext("this study is damaged"), 404) from None
    return to(f"/policy/{kept_as(folder, form, kept, values, business, one.name)}")


@got
def report(request: Request) -> Response:
    """The page that the study has written, framed and shut in."""
    one = study(studio_of(request).folder, request.path_params["name"])
    about = SORTS[one.sort]
    path = one.path / about.page
    if not about.page or not path.is_file():
        raise NoSuch(one.name)
    return HTMLResponse(path.read_text(encoding="utf-8"), headers={"content-security-policy": FRAMED})


routes = [
    Route("/search/{name}", found, methods=["GET"]),
    Route("/search/{name}/front.svg", picture, methods=["GET"]),
    Route("/search/{name}/save", save, methods=["POST"]),
    Route("/study/{name}/report", report, methods=["GET"]),
]
