"""`/runs/NAME`: the report of a run or comparison, what was changed, and how to get it again."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.rates import RATES
from evenhand.analysis.runs.atomic import whole
from evenhand.analysis.runs.background import Background
from evenhand.explain.dispute import StoryOfDispute, find
from evenhand.locale.current import gettext, tag
from evenhand.sim.runs.records import Run
from evenhand.storage.run_dir import open_run, open_stored
from evenhand.studio.again import again
from evenhand.studio.folder import Folder, NoSuch, page_of, result
from evenhand.studio.life import life
from evenhand.studio.pages.home import numbers, title_of
from evenhand.studio.pages.page import Refused, got, page, studio_of

FRAMED = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
"""A report may show itself, inside a page of ours, and do nothing else."""
WRONGS = {"refusal": "wrongful_denial", "grant": "wrongful_grant"}
"""Kinds of wrong decisions that can be shown, with their rates."""


@got
def show(request: Request) -> Response:
    """A result with its report."""
    folder = studio_of(request).folder
    path = folder.run(request.path_params["name"])
    found = result(path)
    if found.manifest is None:
        return page(request, "unfinished.html", result=found)
    said = Background.of_json(found.manifest.get("background"))
    return page(
        request,
        "result.html",
        result=found,
        title=title_of(found),
        lead=said.lead,
        badge=said.badge,
        numbers=numbers(found.manifest.get("metrics") or {}),
        warnings=[str(one.get("sentence", "")) for one in found.manifest.get("warnings") or []],
        touched=[str(one.get("sentence", "")) for one in found.manifest.get("touched") or []],
        again=again(folder, found),
        has_page=page_of(path) is not None,
    )


@got
def report(request: Request) -> Response:
    """The report itself, in the language of the pages where it can be written anew."""
    folder = studio_of(request).folder
    path = folder.run(request.path_params["name"])
    there = page_of(path)
    if there is None:
        raise NoSuch(path.name)
    text = there.read_text(encoding="utf-8")
    if f'<html lang="{tag()}"' not in text[:400] and there.name == "report.html":
        with suppress(Exception):  # it stays as it was written where its records cannot be read
            text = _anew(folder, path)
    download = "download" in request.query_params
    headers = {"content-security-policy": FRAMED}
    if download:
        headers["content-disposition"] = (
            f'attachment; filename="{path.name.encode("ascii", "replace").decode()}.html"'
        )
    return HTMLResponse(text, headers=headers)


@got
def manifest(request: Request) -> Response:
    """The manifest: every number, and all that is needed to get it again."""
    path = studio_of(request).folder.run(request.path_params["name"]) / "manifest.json"
    if not path.is_file():
        raise NoSuch(path.parent.name)
    return FileResponse(path, media_type="application/json", filename=f"{path.parent.name}.json")


@got
def case(request: Request) -> Response:
    """The life of a wrongly decided dispute, the next one on request, or of one by its number."""
    path = studio_of(request).folder.run(request.path_params["name"])
    asked = request.query_params
    run = open_run(path, verify=False)
    if "dispute" in asked:
        number, replication = number_in(asked.get("dispute", "")), number_in(asked.get("replication", "0"))
        return _story(request, path.name, find(run, number, replication), "", 0, 0)
    kind = asked.get("kind", "refusal")
    if kind not in WRONGS:
        raise NoSuch(kind)
    rows = wrong(run, kind)
    nth = number_in(asked.get("n", "0"))
    if not rows:
        raise Refused(gettext("there is no such decision in this run"), 404)
    nth = min(nth, len(rows) - 1)
    d = run.disputes
    story = find(run, int(d["dispute"][rows[nth]]), int(d["replication"][rows[nth]]))
    return _story(request, path.name, story, kind, nth, len(rows))


def wrong(run: Run, kind: str) -> list[int]:
    """The rows of disputes that were decided wrongly."""
    cells, rate = Cells(run), RATES[WRONGS[kind]]
    counted = rate.of(cells) & rate.among(cells)
    shown = list(
        zip(cells.run.disputes["dispute"][counted], cells.run.disputes["replication"][counted], strict=True)
    )
    place = {
        pair: row
        for row, pair in enumerate(zip(run.disputes["dispute"], run.disputes["replication"], strict=True))
    }
    return [place[pair] for pair in shown]


def _anew(folder: Folder, path: Path) -> str:
    """The report in the language in force, kept in the cache."""
    about = path / "manifest.json"
    place = folder.cache / "reports" / f"{path.name}-{tag()}-{about.stat().st_mtime_ns}.html"
    if place.is_file():
        return place.read_text(encoding="utf-8")
    from evenhand.analysis import report as reports

    said = Background.of_json(json.loads(about.read_text(encoding="utf-8")).get("background"))
    text = reports.render(open_stored(path, verify=False), background=said)
    with whole(place) as unfinished:
        unfinished.write_text(text, encoding="utf-8", newline="\n")
    return text


def _story(request: Request, name: str, d: StoryOfDispute, kind: str, nth: int, of: int) -> Response:
    return page(request, "case.html", name=name, d=d, kind=kind, nth=nth, of=of, life=life(d))


def number_in(text: str) -> int:
    """A number of an address. Raises NoSuch."""
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise NoSuch(text)
    return int(text)


routes = [
    Route("/runs/{name}", show, methods=["GET"]),
    Route("/runs/{name}/report", report, methods=["GET"]),
    Route("/runs/{name}/manifest", manifest, methods=["GET"]),
    Route("/runs/{name}/case", case, methods=["GET"]),
]
