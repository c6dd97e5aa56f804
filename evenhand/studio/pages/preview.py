"""`/preview/KEY`: how far a preview is, as a page and as a stream."""

from __future__ import annotations

from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from evenhand.studio.folder import NoSuch
from evenhand.studio.pages.page import got, page, stream, studio_of, written
from evenhand.studio.previews import Preview
from evenhand.studio.studio import Studio


@got
def show(request: Request) -> Response:
    """The preview by itself, for who has no JavaScript."""
    found = _look(studio_of(request), request.path_params["key"])
    studio_of(request).previews.refine(found.key)
    return page(request, "preview_page.html", preview=found)


async def events(request: Request) -> Response:
    """The preview as it goes on; more worlds follow the first ones."""
    key = request.path_params["key"]
    try:
        _look(studio_of(request), key)
    except NoSuch:
        return Response("", 204)  # forgotten: the page asks for it anew with the next change
    return await stream(request, partial(_tell, request, key))


def _tell(request: Request, key: str) -> tuple[int, str, bool]:
    previews = studio_of(request).previews
    found = _look(studio_of(request), key)
    last = previews.is_final(found)
    if found.found is not None and not last:
        previews.refine(key)
    version = (found.job.version if found.job else 0) * 100 + (found.found["worlds"] if found.found else 0)
    return version, written(request, "preview.html", preview=found), last


def _look(studio: Studio, key: str) -> Preview:
    try:
        return studio.previews.look(key)
    except KeyError:
        raise NoSuch(key) from None


routes = [Route("/preview/{key}", show), Route("/preview/{key}/events", events)]
