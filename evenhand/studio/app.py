"""The application: the guard, the language, and the routes of all screens."""

from __future__ import annotations

from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from evenhand.analysis.charts import palette
from evenhand.locale.current import language
from evenhand.studio.guard import Guard
from evenhand.studio.pages import editor, file, home, job, market, new_run, preview, result, settings
from evenhand.studio.pages.page import not_found
from evenhand.studio.studio import Studio

STATIC = Path(__file__).parent / "static"
SCREENS = (home, editor, market, file, preview, new_run, job, result, settings)


def create_app(studio: Studio) -> ASGIApp:
    """The studio as an ASGI application, guarded."""
    routes: list[BaseRoute] = [route for screen in SCREENS for route in screen.routes]
    routes.append(Route("/static/palette.css", _palette))
    routes.append(Mount("/static", StaticFiles(directory=STATIC)))
    app = Starlette(routes=routes, exception_handlers={HTTPException: not_found})
    app.state.studio = studio
    return Guard(_Spoken(app, studio), studio.session)


def _palette(request: Request) -> Response:
    """The colours of all charts and reports."""
    return PlainTextResponse(palette.css(), media_type="text/css")


class _Spoken:
    """Everything inside is said in the language that was chosen."""

    def __init__(self, app: ASGIApp, studio: Studio) -> None:
        self._app, self._studio = app, studio

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with language(self._studio.choices.lang):
            await self._app(scope, receive, send)
