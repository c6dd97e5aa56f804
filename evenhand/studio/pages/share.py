"""`/share/NAME`: one page about a run or comparison, to print, to send and to open elsewhere."""

from __future__ import annotations

from pathlib import Path

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from evenhand.analysis.charts import palette, to_svg
from evenhand.analysis.report.exhibit import WIDE
from evenhand.locale.catalogue import languages
from evenhand.locale.current import language
from evenhand.studio.drawn import FONTS, attached, png_file, svg_file
from evenhand.studio.folder import NoSuch
from evenhand.studio.pages.page import got, page, studio_of, written
from evenhand.studio.pages.result import FRAMED
from evenhand.studio.shared import poster, shared
from evenhand.studio.study_file import OPENED, pack_study

SHEET = Path(__file__).parent.parent / "static" / "share.css"


@got
def show(request: Request) -> Response:
    """The page, in the language of the address or of the studio."""
    with language(_lang(request)):
        one = shared(studio_of(request).folder, request.path_params["name"])
        return page(request, "share.html", one=one, said_in=_lang(request), most=OPENED // 1_000_000)


@got
def picture(request: Request) -> Response:
    """The picture of the page; `paper` is for printing."""
    with language(_lang(request)):
        one = shared(studio_of(request).folder, request.path_params["name"])
        return svg_file(
            one.panel, small="small" in request.query_params, paper="paper" in request.query_params
        )


@got
def png(request: Request) -> Response:
    """The picture with its title and what it shows, to take along."""
    with language(_lang(request)):
        one = shared(studio_of(request).folder, request.path_params["name"])
        return png_file(lambda width: poster(one, width), one.name)


@got
def html(request: Request) -> Response:
    """The page as one file that needs nothing else."""
    with language(_lang(request)):
        one = shared(studio_of(request).folder, request.path_params["name"])
        drawn = to_svg(one.panel.draw(WIDE), one.panel.key, one.panel.title, one.panel.alternative)
        style = f"{palette.css()}\n{FONTS}\n{SHEET.read_text(encoding='utf-8')}"
        text = written(request, "share_file.html", one=one, drawing=Markup(drawn), style=Markup(style))  # noqa: S704 (ours)
    return HTMLResponse(text, headers={"content-security-policy": FRAMED, **attached(f"{one.name}.html")})


@got
def study(request: Request) -> Response:
    """The study as a file that the studio of another machine opens."""
    folder, name = studio_of(request).folder, request.path_params["name"]
    place = pack_study(folder, name)
    return FileResponse(place, media_type="application/zip", headers=attached(f"{name}.study.zip"))


def _lang(request: Request) -> str:
    """Raises NoSuch for a language that there is not."""
    asked = request.query_params.get("lang") or studio_of(request).choices.lang
    if asked not in languages():
        raise NoSuch(asked)
    return asked


routes = [
    Route("/share/{name}", show, methods=["GET"]),
    Route("/share/{name}/picture.svg", picture, methods=["GET"]),
    Route("/share/{name}/picture.png", png, methods=["GET"]),
    Route("/share/{name}/page.html", html, methods=["GET"]),
    Route("/share/{name}/study.zip", study, methods=["GET"]),
]
