"""Who may ask: this machine's own browser, with the cookie that the printed address gave it.

Checked before anything is routed, in this order: the host (421), the size of the body (413), where an unsafe
request comes from (403), the cookie (403). The token of a form is checked where the form is read.
"""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from evenhand.locale.current import gettext

BODY = 1_000_000
"""Bytes of a body at most; no page of this studio takes uploads."""
SAFE = ("GET", "HEAD")
TOKEN = "token"  # noqa: S105 (the name of a parameter)
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "cache-control": "no-store",
    "referrer-policy": "same-origin",  # with none at all, browsers send `Origin: null` with forms
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Session:
    """The secrets of one start of the studio."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.token = secrets.token_urlsafe(32)
        """Stands once in the address that is printed, and is spent when it has been used."""
        self._cookie = secrets.token_urlsafe(32)
        self._spent = False

    @property
    def hosts(self) -> tuple[str, ...]:
        """What a request may name as its host."""
        return f"127.0.0.1:{self.port}", f"localhost:{self.port}", f"[::1]:{self.port}"

    @property
    def address(self) -> str:
        """Where to begin."""
        return f"http://127.0.0.1:{self.port}/?{TOKEN}={self.token}"

    @property
    def cookie_name(self) -> str:
        """By port, so that two studios on one machine do not take each other's."""
        return f"evenhand_{self.port}"

    @property
    def form_token(self) -> str:
        """What every form carries."""
        return hmac.new(self._cookie.encode(), b"form", sha256).hexdigest()

    def spend(self, token: str) -> str | None:
        """The cookie for the token, once; None for another token, or where it is spent."""
        if self._spent or not hmac.compare_digest(token.encode(), self.token.encode()):
            return None
        self._spent = True
        return self._cookie

    def is_known(self, cookie: str) -> bool:
        """Whether a cookie is ours."""
        return hmac.compare_digest(cookie.encode(), self._cookie.encode())

    def is_ours(self, form_token: str) -> bool:
        """Whether a form is ours."""
        return hmac.compare_digest(form_token.encode(), self.form_token.encode())


class Guard:
    """Lets through what may be asked, and closes every answer."""

    def __init__(self, app: ASGIApp, session: Session) -> None:
        self._app, self._session = app, session

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        closed = _closed(send)
        refused = self._refused(scope)
        if refused is not None:
            await refused(scope, receive, closed)
            return
        await self._app(scope, _Counted(receive), closed)

    def _refused(self, scope: Scope) -> Response | None:
        """Why a request goes no further; None where it may."""
        headers, session = Headers(scope=scope), self._session
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0] not in session.hosts:
            return _said(421, gettext("this address is not the studio's"))
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > BODY:
            return _said(413, gettext("the body is too long"))
        if scope["method"] not in SAFE and not self._is_from_here(headers):
            return _said(403, gettext("this request comes from elsewhere"))
        if session.is_known(_cookie(headers, session.cookie_name)):
            return _without_token(scope)
        return self._first(scope)

    def _is_from_here(self, headers: Headers) -> bool:
        """Whether an unsafe request comes from a page of ours."""
        origin = headers.get("origin")
        if origin is None:
            return headers.get("sec-fetch-site") == "same-origin"
        return origin in [f"http://{host}" for host in self._session.hosts]

    def _first(self, scope: Scope) -> Response:
        """A browser without a cookie: it gets one for the token."""
        given = dict(parse_qsl(scope["query_string"].decode("latin-1"))).get(TOKEN, "")
        cookie = self._session.spend(given) if scope["method"] == "GET" else None
        if cookie is None:
            return _said(403, gettext("Open the address that `evenhand studio` has printed; it works once."))
        answer = _redirect(scope)
        answer.set_cookie(self._session.cookie_name, cookie, httponly=True, samesite="strict", path="/")
        return answer


class TooLong(Exception):
    """A body without an honest length went beyond the limit; who reads it says so."""


class _Counted:
    """Counts the bytes of a body."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._bytes = 0

    async def __call__(self) -> Message:
        """The next part. Raises TooLong."""
        message = await self._receive()
        self._bytes += len(message.get("body", b""))
        if self._bytes > BODY:
            raise TooLong
        return message


def _closed(send: Send) -> Send:
    """Answers with the headers that every answer has; a page that has its own keeps them."""

    async def closed(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return closed


def _cookie(headers: Headers, name: str) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return found.value if found else ""


def _without_token(scope: Scope) -> Response | None:
    """Take a token out of the address of a browser that is known already."""
    is_given = TOKEN in dict(parse_qsl(scope["query_string"].decode("latin-1")))
    return _redirect(scope) if is_given and scope["method"] in SAFE else None


def _redirect(scope: Scope) -> RedirectResponse:
    rest = [one for one in parse_qsl(scope["query_string"].decode("latin-1")) if one[0] != TOKEN]
    path = "/" + scope["path"].lstrip("/\\")  # never another host
    return RedirectResponse(path + (f"?{urlencode(rest)}" if rest else ""), 303)


def _said(status: int, text: str) -> Response:
    return PlainTextResponse(gettext("evenhand studio: {text}\n").format(text=text), status)
