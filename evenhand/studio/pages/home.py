"""`/`: the folder with its rules, markets and runs; empty, it has one button."""

from __future__ import annotations

import os
from typing import Any, NamedTuple

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from evenhand import scenarios
from evenhand.analysis.metrics.registry import METRICS
from evenhand.analysis.report.numbers import with_unit
from evenhand.locale.current import gettext
from evenhand.scenarios.begin import text as first_text
from evenhand.scenarios.catalogue import KINDS, Kind
from evenhand.studio.folder import ENDINGS, Folder, Result
from evenhand.studio.pages.page import Refused, got, page, posted, studio_of, text_of, to

HEADLINES = ("wrongful_denial_rate", "wrongful_grant_rate", "median_hours_to_close")
"""What a list of runs shows of each."""


class Shipped(NamedTuple):
    """A shipped set of rules or market."""

    name: str
    title: str


class Number(NamedTuple):
    """A headline number of a run."""

    title: str
    value: str


class Line(NamedTuple):
    """A run or comparison in the list."""

    result: Result
    title: str
    numbers: list[Number]


@got
def show(request: Request) -> Response:
    """What is in the folder."""
    folder = studio_of(request).folder
    files = folder.files()
    return page(
        request,
        "home.html",
        policies=[one for one in files if one.kind != "scenario"],
        worlds=[one for one in files if one.kind == "scenario"],
        results=[_line(one) for one in folder.results()],
        shipped=shipped("policy"),
        shipped_worlds=shipped("scenario"),
    )


@posted
def new(request: Request, form: FormData) -> Response:
    """Begin a file from a base, as `evenhand new` does."""
    folder = studio_of(request).folder
    kind = _kind(text_of(form, "kind", "policy"))
    base = text_of(form, "base", "tmall")
    own = base.endswith(ENDINGS)
    if not own and base not in {one.name for one in shipped(kind)}:
        raise Refused(gettext("“{name}” is not shipped").format(name=base[:80]))
    loaded = scenarios.read(folder.file(base) if own else base, kind)
    stem = text_of(form, "name").strip().removesuffix(".yaml") or _free(folder, f"my-{loaded.path.stem}")
    path = folder.file(f"{stem}.yaml")
    if os.path.lexists(path):
        raise Refused(gettext("“{name}” is there already; choose another name").format(name=path.name), 409)
    folder.write(path.name, first_text(stem, base, loaded))
    return to(f"/policy/{path.name}" if kind == "policy" else f"/market/{path.name}")


def shipped(kind: Kind) -> list[Shipped]:
    """What is shipped of a kind."""
    return [Shipped(one.name, gettext(one.title)) for one in scenarios.available() if one.kind == kind]


def numbers(metrics: dict[str, Any]) -> list[Number]:
    """The headline numbers of a manifest; what is not there is left out."""
    found = []
    for name in HEADLINES:
        about = metrics.get(name) if isinstance(metrics, dict) else None
        if isinstance(about, dict) and isinstance(about.get("value"), (int, float)):
            found.append(Number(gettext(METRICS[name].title), with_unit(about["value"], METRICS[name].unit)))
    return found


def title_of(one: Result) -> str:
    """What a run or comparison is about, in a line."""
    about = one.manifest or {}
    try:
        if one.kind == "comparison":
            return gettext("{policies} compared").format(
                policies=", ".join(p["name"] for p in about["policies"])
            )
        if one.kind == "run":
            said = gettext("{policy} in {scenario}, {n} worlds")
            return said.format(
                policy=about["policy"]["name"], scenario=about["scenario"]["name"], n=about["replications"]
            )
    except (KeyError, TypeError):
        return gettext("damaged")
    return gettext("not finished")


def _line(one: Result) -> Line:
    return Line(one, title_of(one), numbers((one.manifest or {}).get("metrics") or {}))


def _kind(text: str) -> Kind:
    for kind in KINDS:
        if kind == text:
            return kind
    raise Refused(gettext("there is no such kind of file"))


def _free(folder: Folder, stem: str) -> str:
    name, number = stem, 1
    while os.path.lexists(folder.file(f"{name}.yaml")):
        number += 1
        name = f"{stem}-{number}"
    return name


routes = [Route("/", show), Route("/new", new, methods=["POST"])]
