"""What is chosen on every page: the language, and the market in which rules are tried."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from evenhand.locale.catalogue import languages
from evenhand.locale.current import gettext
from evenhand.studio.pages.page import Refused, posted, studio_of, text_of, to
from evenhand.studio.previews import markets


@posted
def choose(request: Request, form: FormData) -> Response:
    """Keep a choice, and go back to where it was made."""
    studio = studio_of(request)
    if lang := text_of(form, "lang"):
        if lang not in languages():
            raise Refused(gettext("there is no such language"))
        studio.choices.choose("lang", lang)
    if market := text_of(form, "market"):
        if market not in dict(markets(studio.folder)):
            raise Refused(gettext("there is no such market"))
        studio.choices.choose("market", market)
    here = text_of(form, "here", "/")
    return to(
        here if here.startswith("/") and not here.startswith(("//", "/\\")) and here.isprintable() else "/"
    )


routes = [Route("/choose", choose, methods=["POST"])]
