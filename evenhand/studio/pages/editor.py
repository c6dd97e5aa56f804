"""`/policy/NAME`: the editor of rules, as a form and as a timeline; `/file/NAME` is the same file as text."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from evenhand import scenarios, sim
from evenhand.analysis.policy_timeline import Course, apart, phases
from evenhand.analysis.policy_timeline.phases import seven_fifths
from evenhand.locale.current import gettext
from evenhand.scenarios import BACK, Loaded, check_text
from evenhand.scenarios.catalogue import find
from evenhand.studio.drafts import Conflict, Side, keep, may_undo, sheet, side, undo
from evenhand.studio.folder import NoSuch, hash_of
from evenhand.studio.forms import cards
from evenhand.studio.forms.fields import Look, parts, settings_for_changes
from evenhand.studio.forms.posted import Draft, apply, changes
from evenhand.studio.pages.home import shipped
from evenhand.studio.pages.page import Refused, filled, got, page, posted, studio_of, text_of, to, written
from evenhand.studio.previews import markets
from evenhand.studio.studio import Studio


class Asked(NamedTuple):
    """A form that was sent: the text it was made from, and what was filled in."""

    name: str
    before: str
    seen: str
    typed: Mapping[str, list[str]]


@got
def show(request: Request) -> Response:
    """The form of a policy of the user's."""
    name = request.path_params["name"]
    text = studio_of(request).folder.text(name)
    if check_text(text, name, None, studio_of(request).folder.path).loaded is None:
        return to(f"/file/{name}")
    return form_page(request, name, text)


@got
def show_shipped(request: Request) -> Response:
    """The form of shipped rules, to read and to copy."""
    name = request.path_params["name"]
    if name not in {one.name for one in shipped("policy")}:
        raise NoSuch(name)
    path = find(name, "policy")
    loaded = scenarios.read(name, "policy")
    base = _base_of_shipped(path)
    return _form(request, name, path.read_text(encoding="utf-8"), Look(loaded, base), None, is_shipped=True)


@posted
def act(request: Request, form: FormData) -> Response:
    """Save the form, and what else its buttons ask for; or only look at it, without JavaScript."""
    studio, asked = studio_of(request), asked_of(request, form)
    action = text_of(form, "action", "save")
    if action == "undo":
        undo(studio, asked.name)
        return to(f"/policy/{asked.name}")
    extra, anchor = _extra(studio, asked, form)
    draft = _draft(studio, asked, extra)
    if draft.problems:
        return _again(request, asked, draft, 422)
    if action == "look":
        return form_page(request, asked.name, draft.text, seen=asked.seen)
    try:
        keep(studio, asked.name, draft.text, asked.seen, text_of(form, "over"))
    except Conflict as conflict:
        return conflict_page(request, asked.name, conflict)
    return to(f"/policy/{asked.name}?saved={hash_of(draft.text)[:8]}{anchor}")


@posted
def look(request: Request, form: FormData) -> Response:
    """What stands beside the form, as it is filled in now."""
    studio, asked = studio_of(request), asked_of(request, form)
    draft = _draft(studio, asked, {})
    return HTMLResponse(side_part(request, asked.name, side(studio, asked.name, draft.text, draft.problems)))


@posted
def save(request: Request, form: FormData) -> Response:
    """Save, and say so beside the form."""
    studio, asked = studio_of(request), asked_of(request, form)
    draft = _draft(studio, asked, {})
    said, seen = gettext("Not saved: there are mistakes."), asked.seen
    if not draft.problems:
        try:
            keep(studio, asked.name, draft.text, asked.seen)
            said = gettext("Saved at {time}.").format(time=time.strftime("%H:%M:%S"))
            seen = hash_of(draft.text)
        except Conflict:
            said = gettext(
                "Not saved: the file has changed on disk. Load the page again to see what it says now."
            )
    beside = side_part(request, asked.name, side(studio, asked.name, draft.text, draft.problems))
    state = written(request, "saved.html", said=said, seen=seen, is_saved=seen == hash_of(draft.text))
    return HTMLResponse(beside + state)


@got
def search(request: Request) -> Response:
    """Settings that a word is found in."""
    name = request.path_params["name"]
    text = studio_of(request).folder.text(name)
    found = sheet(studio_of(request).folder, name, text)
    return HTMLResponse(
        written(
            request, "hits.html", hits=hits(Look(found.loaded, found.base), request.query_params.get("q", ""))
        )
    )


@got
def timeline(request: Request) -> Response:
    """The whole timeline of a policy, as a picture."""
    name = request.path_params["name"]
    found = sheet(studio_of(request).folder, name, studio_of(request).folder.text(name))
    return page(request, "timeline.html", name=name, title=found.loaded.model.title or name, is_shipped=False)


@got
def picture(request: Request) -> Response:
    """The timeline as an SVG of its own, light or dark like the page."""
    from evenhand.analysis.charts import palette, to_svg
    from evenhand.analysis.policy_timeline import picture as draw

    name = request.path_params["name"]
    found = sheet(studio_of(request).folder, name, studio_of(request).folder.text(name)).loaded.model
    assert isinstance(found, sim.Policy)
    course = Course(f"{found.title} [{found.name}]", phases(found, seven_fifths), tuple(apart(found)))
    svg = to_svg(draw([course]), "timeline", gettext("Timeline"), course.title)
    styled = svg.replace(
        ">",
        f' xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
        f"<style>{palette.css()} svg{{font-family:system-ui,sans-serif}}</style>",
        1,
    )
    return Response(styled, media_type="image/svg+xml", headers={"content-security-policy": PICTURE})


PICTURE = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; sandbox"


class Hit(NamedTuple):
    """A setting that was found."""

    path: str
    label: str
    section: str
    means: str


def hits(found: Look, wanted: str) -> list[Hit]:
    """Settings with a word in their label, description or path."""
    word = " ".join(wanted.split()).casefold()[:60]
    if not word:
        return []
    return [
        Hit(one.path, one.label, part.title, one.means)
        for part in parts(found)
        for one in part.fields
        if word in f"{one.label} {one.means} {one.path} {part.title}".casefold()
    ][:30]


def form_page(request: Request, name: str, text: str, *, seen: str | None = None) -> Response:
    """The form of a text; `seen` is the hash of the file on disk where the text is not yet saved."""
    found = sheet(studio_of(request).folder, name, text)
    beside = side(studio_of(request), name, text)
    return _form(request, name, text, Look(found.loaded, found.base), beside, seen=seen)


def side_part(request: Request, name: str, beside: Side) -> str:
    """What stands beside a form, as a part of a page."""
    studio = studio_of(request)
    return written(request, "side.html", name=name, side=beside, **_markets(studio))


def _form(
    request: Request,
    name: str,
    text: str,
    form_of: Look,
    beside: Side | None,
    *,
    seen: str | None = None,
    is_shipped: bool = False,
    status: int = 200,
) -> Response:
    studio = studio_of(request)
    hash_ = studio.texts.keep(text)
    policy = form_of.loaded.model
    assert isinstance(policy, sim.Policy)
    return page(
        request,
        "editor.html",
        status,
        name=name,
        title=policy.title or name,
        description=policy.description,
        base=form_of.base,
        parts=parts(form_of),
        exceptions=cards.exceptions(form_of),
        reforms=cards.reforms(form_of),
        conditions=cards.conditions(),
        settings=settings_for_changes(),
        way=way(policy),
        seen=seen or hash_,
        is_saved=seen is None or seen == hash_,
        said=gettext("Saved.") if "saved" in request.query_params else "",
        is_shipped=is_shipped,
        may_undo=not is_shipped and may_undo(studio.folder, name, text),
        side=beside,
        query=request.query_params.get("q", ""),
        hits=hits(form_of, request.query_params.get("q", "")),
        **_markets(studio),
    )


class Bar(NamedTuple):
    """A phase of the map: where it lies in a drawing 600 wide."""

    path: str
    title: str
    lane: str
    length: str
    left: float
    width: float


def way(policy: sim.Policy) -> list[Bar]:
    """The course of a dispute as bars that lead to their fields."""
    every = [one for one in phases(policy, seven_fifths) if one.window is not None]
    last = max((one.closes for one in every), default=1.0) or 1.0
    return [
        Bar(
            one.key,
            one.title,
            one.lanes[0],
            str(one.window),
            round(600 * one.opens / last, 1),
            round(max(600 * (one.closes - one.opens) / last, 4), 1),
        )
        for one in every
        if one.key.startswith("windows.")
    ]


def asked_of(request: Request, form: FormData) -> Asked:
    """What was sent. Raises NoSuch, Refused where the text it was made from is forgotten and has changed."""
    studio, name, seen = studio_of(request), request.path_params["name"], text_of(form, "seen")
    disk = studio.folder.text(name)
    before = disk if hash_of(disk) == seen else studio.texts.of(seen)
    if before is None:
        raise Refused(
            gettext("the file has changed on disk since this form was opened, long ago; open it again"), 409
        )
    return Asked(name, before, seen, filled(form))


def _draft(studio: Studio, asked: Asked, extra: Mapping[str, Any]) -> Draft:
    """The text as it would become."""
    found = sheet(studio.folder, asked.name, asked.before)
    wanted = {**changes(found.loaded, asked.typed), **extra}
    dropped = [path for path, value in extra.items() if value is BACK or path == "reforms"]
    for path in list(wanted):
        if any(path.startswith(f"{one}.") for one in dropped):
            del wanted[path]
    return apply(asked.before, wanted, asked.name, studio.folder.path)


def _extra(studio: Studio, asked: Asked, form: FormData) -> tuple[dict[str, Any], str]:
    """What the buttons of a form ask for besides, and where on the page it is."""
    if path := text_of(form, "back"):
        return {path: BACK}, f"#{path}"
    action = text_of(form, "action")
    new = {key: text_of(form, f"new_{key}").strip() for key in ("name", "when", "value", "setting", "to")}
    if action == "add_exception":
        missing = [key for key in ("name", "value", "to") if not new[key]]
        if missing or not new["name"].replace("_", "").replace("-", "").isalnum():
            raise Refused(
                gettext("an exception needs a name of letters and digits, a condition, and a new value")
            )
        return cards.new_exception(**new), "#exceptions"
    found = sheet(studio.folder, asked.name, asked.before)
    if action == "add_reform":
        starts = text_of(form, "new_starts").strip()
        setting, value = text_of(form, "reform_setting"), text_of(form, "reform_to").strip()
        if not starts or not value:
            raise Refused(gettext("a reform needs a date or a day, and a new value"))
        return cards.new_reform(Look(found.loaded, found.base), starts, setting, value), "#reforms"
    removed = text_of(form, "remove")
    if removed.startswith("exceptions."):
        return {removed: BACK}, "#exceptions"
    if removed.startswith("reforms."):
        number = removed.rpartition(".")[2]
        if number.isascii() and number.isdecimal():
            return cards.without_reform(Look(found.loaded, found.base), int(number)), "#reforms"
    return {}, ""


def _again(request: Request, asked: Asked, draft: Draft, status: int) -> Response:
    """The form as it was sent, with its mistakes."""
    studio = studio_of(request)
    found = sheet(studio.folder, asked.name, asked.before)
    form_of = Look(found.loaded, found.base, asked.typed, draft.errors)
    beside = side(studio, asked.name, asked.before, draft.problems)
    return _form(request, asked.name, asked.before, form_of, beside, seen=asked.seen, status=status)


def conflict_page(request: Request, name: str, conflict: Conflict) -> Response:
    """Both versions of a file, line by line."""
    from difflib import ndiff

    lines = [one for one in ndiff(conflict.disk.splitlines(), conflict.mine.splitlines()) if one[0] != "?"]
    return page(
        request,
        "conflict.html",
        409,
        name=name,
        lines=[(one[0], one[2:]) for one in lines],
        mine=conflict.mine,
        disk_hash=studio_of(request).texts.keep(conflict.disk),
    )


def _markets(studio: Studio) -> dict[str, Any]:
    return {"markets": markets(studio.folder), "market": studio.choices.market}


def _base_of_shipped(path: Path) -> Loaded | None:
    from evenhand.scenarios.changes import base_of

    return base_of(path.read_text(encoding="utf-8"), path.name, "policy", path.parent)


routes = [
    Route("/policy/{name}", show, methods=["GET"]),
    Route("/policy/{name}", act, methods=["POST"]),
    Route("/policy/{name}/look", look, methods=["POST"]),
    Route("/policy/{name}/save", save, methods=["POST"]),
    Route("/policy/{name}/search", search, methods=["GET"]),
    Route("/policy/{name}/timeline", timeline, methods=["GET"]),
    Route("/policy/{name}/timeline.svg", picture, methods=["GET"]),
    Route("/shipped/{name}", show_shipped, methods=["GET"]),
]
