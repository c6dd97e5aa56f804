"""What all screens share: templates, forms with their token, and what is said when something is wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import lru_cache, wraps
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from evenhand.errors import UsageError
from evenhand.locale.current import gettext, ngettext, tag
from evenhand.scenarios import BadFile
from evenhand.sim import DoesNotFit
from evenhand.studio.folder import NoSuch
from evenhand.studio.guard import TooLong
from evenhand.studio.studio import Studio
from evenhand.studio.work.lane import Full

Endpoint = Callable[[Request], Awaitable[Response]]
TAKES_FORMS = "takes_forms"
"""Marks endpoints that read the token of a form; a test looks whether every unsafe route does."""
STREAMS = 20
"""Streams of events at most, over all tabs."""
POLL = 0.15
"""Seconds between two looks at a job."""
BEAT = 15.0
"""Seconds without news after which a stream says that it lives."""
FIELDS = 2_000
"""Fields of a form at most."""


class Refused(Exception):
    """What cannot be done, in words for the user."""

    def __init__(self, said: str, status: int = 400) -> None:
        super().__init__(said)
        self.status = status


@lru_cache(maxsize=1)
def _house() -> Environment:
    house = Environment(
        loader=PackageLoader("evenhand.studio", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    house.globals["_"] = gettext
    house.globals["ngettext"] = ngettext
    house.filters["path"] = lambda text: quote(text, safe="")
    return house


def studio_of(request: Request) -> Studio:
    """The studio that a request is for."""
    found: Studio = request.app.state.studio
    return found


def written(request: Request, template: str, /, **values: Any) -> str:
    """A template filled in, in the language in force."""
    studio = studio_of(request)
    return (
        _house()
        .get_template(template)
        .render(
            lang=tag(),
            form_token=studio.session.form_token,
            folder_name=studio.folder.path.name or str(studio.folder.path),
            here=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
            jobs_going=[job for job in studio.board.listed if not job.has_ended],
            is_part=False,
            **values,
        )
    )


def page(request: Request, template: str, /, status: int = 200, **values: Any) -> HTMLResponse:
    """A template as an answer."""
    return HTMLResponse(written(request, template, **values), status)


def to(path: str) -> RedirectResponse:
    """Go on to another page, by GET."""
    return RedirectResponse(path, 303)


def got(function: Callable[[Request], Response]) -> Endpoint:
    """A page that reads: it works in a thread, and what is wrong becomes a page."""

    @wraps(function)
    async def answer(request: Request) -> Response:
        return await _answered(request, function, request)

    return answer


def posted(function: Callable[[Request, FormData], Response]) -> Endpoint:
    """A page that a form is sent to: nothing happens without the token of the session."""
    return _taking(function, files=0)


def uploaded(function: Callable[[Request, FormData], Response]) -> Endpoint:
    """The same for a form with one file; its address stands in `guard.UPLOADS`."""
    return _taking(function, files=1)


def _taking(function: Callable[[Request, FormData], Response], files: int) -> Endpoint:
    @wraps(function)
    async def answer(request: Request) -> Response:
        kind = request.headers.get("content-type", "").partition(";")[0].strip()
        if kind not in ("application/x-www-form-urlencoded", "multipart/form-data"):
            return _wrong(request, gettext("this is no form"), 415)
        try:
            form = await request.form(max_files=files, max_fields=FIELDS)
        except TooLong:
            return _wrong(request, gettext("this form is too long"), 413)
        except Exception:  # noqa: BLE001 (whatever the parser does not like)
            return _wrong(request, gettext("this form cannot be read"), 400)
        try:
            token = form.get("form_token")
            if not isinstance(token, str) or not studio_of(request).session.is_ours(token):
                return _wrong(request, gettext("this form is not of this studio; load the page again"), 403)
            return await _answered(request, function, request, form)
        finally:
            await form.close()

    setattr(answer, TAKES_FORMS, True)
    return answer


def text_of(form: FormData, name: str, default: str = "") -> str:
    """One text of a form."""
    value = form.get(name, default)
    return value if isinstance(value, str) else default


def filled(form: FormData) -> dict[str, list[str]]:
    """All texts of a form by the names of their inputs."""
    found: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            found.setdefault(name, []).append(value)
    return found


def number_of(form: FormData, name: str, said: str) -> int | None:
    """A whole number of a form; None where nothing was filled in. Raises Refused."""
    text = text_of(form, name).strip()
    if not text:
        return None
    if not text.isascii() or not text.isdecimal() or len(text) > 12:
        raise Refused(
            gettext("{what}: must be a whole number, found “{found}”").format(what=said, found=text[:40])
        )
    return int(text)


async def stream(request: Request, tell: Callable[[], tuple[int, str, bool]]) -> Response:
    """Server-sent events: `tell` gives a version, the part of the page, and whether it is the last.

    A part is sent when the version has changed, and at once to whoever begins to listen.
    """
    studio = studio_of(request)
    if studio.streams >= STREAMS:
        return _wrong(request, gettext("too many open pages"), 503)
    studio.streams += 1
    return StreamingResponse(
        _events(request, studio, tell), media_type="text/event-stream", headers={"x-accel-buffering": "no"}
    )


async def _events(
    request: Request, studio: Studio, tell: Callable[[], tuple[int, str, bool]]
) -> AsyncIterator[str]:
    known, quiet = -1, 0.0
    try:
        while not studio.closing and not await request.is_disconnected():
            version, text, last = await run_in_threadpool(tell)
            if version != known:
                known, quiet = version, 0.0
                yield "".join(f"data: {line}\n" for line in text.splitlines()) + "\n"
            if last:
                yield "event: end\ndata: end\n\n"
                return
            await asyncio.sleep(POLL)
            quiet += POLL
            if quiet > BEAT:
                quiet = 0.0
                yield ": still here\n\n"
    finally:
        studio.streams -= 1


async def _answered(request: Request, function: Callable[..., Response], /, *args: Any) -> Response:
    try:
        return await run_in_threadpool(function, *args)
    except NoSuch:
        return _wrong(request, gettext("there is nothing of that name here"), 404)
    except Refused as refused:
        return _wrong(request, str(refused), refused.status)
    except (BadFile, DoesNotFit, UsageError) as error:
        return _wrong(request, "", 400, str(error).splitlines())
    except Full:
        return _wrong(request, gettext("eight jobs wait already; stop one, or wait for one to end"), 429)
    except OSError as error:
        said = ": ".join(str(part) for part in (error.filename, error.strerror) if part) or str(error)
        return _wrong(request, said, 409)


def _wrong(request: Request, said: str, status: int, lines: list[str] | None = None) -> HTMLResponse:
    return page(request, "wrong.html", status, said=said, lines=lines or [], status_code=status)


def not_found(request: Request, error: Exception) -> Response:
    """An address that is none."""
    status = getattr(error, "status_code", 404)
    said = gettext("there is no such page") if status == 404 else gettext("this cannot be asked here")
    return _wrong(request, said, status)
