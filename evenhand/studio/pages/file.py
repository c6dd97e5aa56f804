"""`/file/NAME`: a scenario or policy as text, saved like the form; mistakes stand with their lines."""

from __future__ import annotations

from typing import NamedTuple

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from evenhand.locale.current import gettext
from evenhand.scenarios import Kind, Problem, check_text
from evenhand.scenarios.problems import BadFile
from evenhand.studio.drafts import Conflict, Side, keep, side
from evenhand.studio.folder import Folder
from evenhand.studio.pages.editor import conflict_page, side_part
from evenhand.studio.pages.page import Refused, got, page, posted, studio_of, text_of, to


class Mistake(NamedTuple):
    """A problem with the line that it is in."""

    problem: Problem
    excerpt: str


@got
def show(request: Request) -> Response:
    """The text of a file."""
    name, folder = request.path_params["name"], studio_of(request).folder
    try:
        text = folder.text(name)
    except BadFile as error:  # no text at all, such as a picture that was renamed
        return _page(request, name, "", "", error.problems, None)
    return _shown(request, name, text)


@posted
def act(request: Request, form: FormData) -> Response:
    """Save the text, or only check it."""
    studio, name = studio_of(request), request.path_params["name"]
    studio.folder.text(name)  # it must be there
    text, seen = _text(form, studio.folder, name), text_of(form, "seen")
    problems = check_text(text, name, None, studio.folder.path).problems
    if problems and text_of(form, "action") != "save_anyway":
        return _page(request, name, text, seen, problems, _beside(request, name, text, problems), status=422)
    if text_of(form, "action") == "look":
        return _page(request, name, text, seen, problems, _beside(request, name, text, problems))
    try:
        keep(studio, name, text, seen, text_of(form, "over"))
    except Conflict as conflict:
        return conflict_page(request, name, conflict)
    return to(f"/file/{name}?saved=1")


@posted
def look(request: Request, form: FormData) -> Response:
    """What stands beside the text, as it is typed now."""
    studio, name = studio_of(request), request.path_params["name"]
    text = _text(form, studio.folder, name)
    checked = check_text(text, name, None, studio.folder.path)
    beside = side(studio, name, text, checked.problems)
    if checked.loaded is not None and checked.loaded.kind == "scenario":
        return HTMLResponse("")
    return HTMLResponse(side_part(request, name, beside))


def kind_of(folder: Folder, name: str, text: str) -> Kind | None:
    """What a text is; None where it is too damaged to say."""
    loaded = check_text(text, name, None, folder.path).loaded
    return loaded.kind if loaded else None


def mistakes(text: str, problems: tuple[Problem, ...]) -> list[Mistake]:
    """Problems with the lines of the text that they are in."""
    lines = text.splitlines()
    return [
        Mistake(one, lines[one.place.line - 1].strip()[:200] if 0 < one.place.line <= len(lines) else "")
        for one in problems
    ]


def _shown(request: Request, name: str, text: str) -> Response:
    studio = studio_of(request)
    problems = check_text(text, name, None, studio.folder.path).problems
    seen = studio.texts.keep(text)
    return _page(request, name, text, seen, problems, _beside(request, name, text, problems))


def _beside(request: Request, name: str, text: str, problems: tuple[Problem, ...]) -> Side | None:
    """What stands beside; nothing beside a market."""
    studio = studio_of(request)
    kind = kind_of(studio.folder, name, text)
    return side(studio, name, text, problems) if kind == "policy" else None


def _page(
    request: Request,
    name: str,
    text: str,
    seen: str,
    problems: tuple[Problem, ...],
    beside: Side | None,
    status: int = 200,
) -> Response:
    return page(
        request,
        "file.html",
        status,
        name=name,
        text=text,
        seen=seen,
        mistakes=mistakes(text, problems),
        has_form=beside is not None and not problems,
        is_market=beside is None and not problems,
        beside=side_part(request, name, beside) if beside is not None else "",
        said=gettext("Saved.") if "saved" in request.query_params else "",
        title=name,
    )


def _text(form: FormData, folder: Folder, name: str) -> str:
    """The text that was typed, with the line endings that the file has. Raises Refused."""
    text = text_of(form, "text")
    if "\0" in text:
        raise Refused(gettext("this is no text"))
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\n", "\r\n") if "\r\n" in folder.text(name) else text


routes = [
    Route("/file/{name}", show, methods=["GET"]),
    Route("/file/{name}", act, methods=["POST"]),
    Route("/file/{name}/look", look, methods=["POST"]),
]
