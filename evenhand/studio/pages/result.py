"""`/runs/NAME`: the report of a run or comparison, what was changed, and how to get it again."""

from __future__ import annotations

import json
import shlex
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from evenhand import scenarios
from evenhand.analysis.metrics.groupby import Cells
from evenhand.analysis.metrics.rates import RATES
from evenhand.analysis.runs.atomic import whole
from evenhand.analysis.runs.background import Background
from evenhand.explain.after_filing import losers
from evenhand.explain.consequences import consequences
from evenhand.explain.decision import terms, verdict
from evenhand.explain.dispute import StoryOfDispute, find
from evenhand.explain.evidence import brought
from evenhand.explain.narrative import timeline
from evenhand.explain.truth import hidden
from evenhand.locale.current import gettext, tag
from evenhand.sim.runs.records import Run
from evenhand.storage.plan_file import described as described_now
from evenhand.storage.run_dir import open_run, open_stored
from evenhand.studio.folder import Folder, NoSuch, Result, page_of, result
from evenhand.studio.pages.home import numbers, title_of
from evenhand.studio.pages.page import Refused, got, page, studio_of

FRAMED = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
"""A report may show itself, inside a page of ours, and do nothing else."""
WRONGS = {"refusal": "wrongful_denial", "grant": "wrongful_grant"}
"""Kinds of wrong decisions that can be shown, with their rates."""


class Again(NamedTuple):
    """How to get a result again."""

    command: str
    python: str
    is_same: bool
    """The files in the folder still say what they said then."""


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
        number, replication = _number(asked.get("dispute", "")), _number(asked.get("replication", "0"))
        return _story(request, path.name, find(run, number, replication), "", 0, 0)
    kind = asked.get("kind", "refusal")
    if kind not in WRONGS:
        raise NoSuch(kind)
    rows = wrong(run, kind)
    nth = _number(asked.get("n", "0"))
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


def again(folder: Folder, found: Result) -> Again | None:
    """The command and the program that give the same numbers; None for what is damaged."""
    about = found.manifest or {}
    try:
        return (
            _compared(folder, found.name, about)
            if found.kind == "comparison"
            else _run(folder, found.name, about)
        )
    except (KeyError, TypeError, IndexError):
        return None


def _run(folder: Folder, name: str, about: dict[str, Any]) -> Again:
    rules, market = _file(folder, about["policy"], "policy"), _file(folder, about["scenario"], "scenario")
    words = [
        "evenhand",
        "run",
        rules[0],
        "--scenario",
        market[0],
        "--replications",
        str(about["replications"]),
    ]
    words += ["--days", str(about["days"]), "--seed", str(about["seed"])]
    if about.get("cohort"):
        words += ["--cohort", str(about["cohort"])]
    words += ["--out", f"runs/{name}-again"]
    cohort = f", cohort={about['cohort']!r}" if about.get("cohort") else ""
    python = (
        "import evenhand as eh\n\n"
        f"run = eh.simulate(\n    eh.load({market[0]!r}),\n    eh.policy({rules[0]!r}),\n"
        f"    seed={about['seed']},\n    replications={about['replications']},\n"
        f"    days={about['days']}{cohort},\n)\n"
        'print(eh.outcomes(run)["wrongful_denial_rate"])\n'
    )
    return Again(shlex.join(words), python, rules[1] and market[1])


def _compared(folder: Folder, name: str, about: dict[str, Any]) -> Again:
    rules = [_file(folder, one, "policy") for one in about["policies"]]
    world = about["scenarios"][0]
    market = _file(folder, world, "scenario")
    names = [one[0] for one in rules]
    words = [
        "evenhand",
        "compare",
        *names,
        "--scenario",
        market[0],
        "--replications",
        str(world["replications"]),
    ]
    words += ["--days", str(world["days"]), "--seed", str(about["seed"]), "--out", f"runs/{name}-again"]
    policies = ", ".join(f"eh.policy({one!r})" for one in names)
    python = (
        "import evenhand as eh\n\n"
        f"found = eh.analysis.compare(\n    eh.load({market[0]!r}),\n    [{policies}],\n"
        f"    seed={about['seed']},\n    replications={world['replications']},\n"
        f"    days={world['days']},\n)\n"
        'print(found.of("wrongful_denial_rate").sentence)\n'
    )
    return Again(shlex.join(words), python, market[1] and all(one[1] for one in rules))


def _file(folder: Folder, described: dict[str, Any], kind: scenarios.Kind) -> tuple[str, bool]:
    """By what name a file of a result is read today, and whether it says the same as then."""
    name = str(described["name"])
    own = folder.path / f"{name}.yaml"
    asked = f"{name}.yaml" if own.is_file() else name
    with suppress(Exception):  # a file may have gone or be damaged
        loaded = scenarios.read(own if own.is_file() else name, kind)
        return asked, described_now(loaded.model)["sha256"] == described["sha256"]
    return asked, False


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
    titles = d.scenario.group_titles()
    said = verdict(d)
    return page(
        request,
        "case.html",
        name=name,
        d=d,
        kind=kind,
        nth=nth,
        of=of,
        ending=str(d["ending"]),
        reason=str(d["reason"]),
        buyer=titles[d["buyer_group"]],
        merchant=titles[d["merchant_group"]],
        amount=d.money(d["amount"]),
        moments=[(d.date(one.at), one.who, one.what) for one in timeline(d)],
        brought=brought(d),
        terms=terms(d),
        verdict=said[:1].upper() + said[1:],
        losers=losers(d),
        consequences=consequences(d),
        hidden=hidden(d),
    )


def _number(text: str) -> int:
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
