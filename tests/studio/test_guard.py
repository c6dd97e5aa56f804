"""Who may ask the studio: its own browser on this machine, and nobody else."""

from __future__ import annotations

from itertools import product

import pytest
from starlette.routing import Route
from starlette.testclient import TestClient

from evenhand.studio import app as application
from evenhand.studio.app import SCREENS, create_app
from evenhand.studio.guard import BODY
from evenhand.studio.pages.page import STREAMS, TAKES_FORMS
from tests.studio.conftest import HOME, PORT, with_token

HOSTS = {
    f"127.0.0.1:{PORT}": True,
    f"localhost:{PORT}": True,
    f"[::1]:{PORT}": True,
    "127.0.0.1": False,
    f"127.0.0.1:{PORT + 1}": False,
    f"evil.example:{PORT}": False,
    f"127.0.0.1.evil.example:{PORT}": False,
    "": False,
}
ORIGINS = {
    HOME: True,
    f"http://localhost:{PORT}": True,
    "": False,
    "null": False,
    "http://evil.example": False,
    f"https://127.0.0.1:{PORT}": False,
    f"http://127.0.0.1:{PORT}.evil.example": False,
}
TOKENS = {"ours": True, "none": False, "other": False}
METHODS = {"GET": True, "HEAD": True, "POST": False, "PUT": False, "DELETE": False, "PATCH": False}


def expected(host: str, origin: str, cookie: str, method: str) -> int:
    """What a request must get."""
    if not HOSTS[host]:
        return 421
    if (not METHODS[method] and not ORIGINS[origin]) or not TOKENS[cookie]:
        return 403
    return {"GET": 200, "HEAD": 200, "POST": 415}.get(method, 405)


def test_only_our_own_pages_are_answered(studio):
    """Host before all, then where an unsafe request comes from, then the cookie: each is enough to refuse."""
    client = TestClient(create_app(studio), base_url=HOME, follow_redirects=False)
    wrong = []
    for host, origin, cookie, method in product(HOSTS, ORIGINS, TOKENS, METHODS):
        headers = {"host": host, **({"origin": origin} if origin else {})}
        if cookie != "none":
            value = studio.session._cookie if cookie == "ours" else "other"
            headers["cookie"] = f"{studio.session.cookie_name}={value}"
        path = "/static/icon.svg" if METHODS[method] else "/choose"
        status = client.request(method, path, headers=headers).status_code
        if status != expected(host, origin, cookie, method):
            wrong.append((host, origin, cookie, method, status))
    assert wrong == []


@pytest.mark.parametrize(
    ("site", "may"), [("same-origin", True), ("same-site", False), ("cross-site", False), ("none", False)]
)
def test_without_an_origin_the_browser_must_say_that_it_is_the_same(studio, client, site, may):
    """Some browsers leave out the origin of a form; `Sec-Fetch-Site: same-origin` then stands for it."""
    del client.headers["origin"]
    answer = client.post("/choose", data=with_token(studio, lang="zh"), headers={"sec-fetch-site": site})
    assert answer.status_code == (200 if may else 403)
    assert (studio.choices.lang == "zh") == may


@pytest.mark.parametrize("token", ["", "other", "我"])
def test_a_form_without_our_token_does_nothing(studio, client, token):
    """A page that can make the browser send a form cannot know the token of the session."""
    assert client.post("/choose", data={"form_token": token, "lang": "zh"}).status_code == 403
    assert studio.choices.lang == "en"


def test_every_unsafe_route_reads_the_token_of_a_form():
    """No screen can forget it: what takes POST is wrapped in `posted`."""
    routes = [route for screen in SCREENS for route in screen.routes]
    unsafe = [route for route in routes if isinstance(route, Route) and route.methods - {"GET", "HEAD"}]
    assert len(unsafe) > 5
    assert all(getattr(route.endpoint, TAKES_FORMS, False) for route in unsafe)


def test_the_printed_address_opens_once_and_loses_its_token(studio):
    """The token becomes a cookie that scripts and other sites cannot use, and is of no use afterwards."""
    first = TestClient(create_app(studio), base_url=HOME, follow_redirects=False)
    answer = first.get(f"/policy/a.yaml?token={studio.session.token}&q=x")
    assert (answer.status_code, answer.headers["location"]) == (303, "/policy/a.yaml?q=x")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"evenhand_{PORT}=")
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()
    assert studio.session.token not in cookie
    second = TestClient(create_app(studio), base_url=HOME)
    assert second.get(f"/?token={studio.session.token}").status_code == 403


def test_the_way_out_of_the_address_leads_to_no_other_host(studio):
    """`//evil.example` would be another host to a browser."""
    client = TestClient(create_app(studio), base_url=HOME, follow_redirects=False)
    answer = client.get(f"{HOME}//evil.example/?token={studio.session.token}")
    assert answer.headers["location"] == "/evil.example/"


@pytest.mark.parametrize(
    "here", ["//evil.example", "http://evil.example", "/\\evil.example", "/\r\nx: y", ""]
)
def test_a_choice_leads_back_to_a_page_of_ours(studio, client, here):
    """The form says where it was; a forged one leads home."""
    client.follow_redirects = False
    answer = client.post("/choose", data=with_token(studio, lang="zh", here=here))
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_every_answer_is_closed(client):
    """No answer may be kept, framed, or run what is not ours; pages hold no script and no style."""
    for path in ("/", "/static/studio.css", "/run/new", "/nothing", "/shipped/tmall"):
        answer = client.get(path)
        assert answer.headers["cache-control"] == "no-store"
        assert "default-src 'self'" in answer.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        if answer.headers["content-type"].startswith("text/html"):
            assert " style=" not in answer.text
            assert "<style" not in answer.text
            assert "<script>" not in answer.text
            assert " onclick" not in answer.text
            assert "http://" not in answer.text.replace(HOME, "").replace("http://www.w3.org", "")


def test_bodies_have_a_limit_whether_or_not_they_say_how_long_they_are(studio, client):
    """A length that is told is believed; one that is not is counted."""

    def endless():
        for _ in range(BODY // 10_000 + 2):
            yield b"a" * 10_000

    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post("/choose", content=b"a" * (BODY + 1), headers=headers).status_code == 413
    assert client.post("/choose", content=endless(), headers=headers).status_code == 413
    assert client.post("/choose", content=b"", headers={**headers, "content-length": "x"}).status_code == 413


def test_streams_have_a_limit(studio, client):
    """Twenty open pages are enough; the next one is told so."""
    job = studio.board.order("x", object())
    studio.streams = STREAMS
    assert client.get(f"/job/{job.key}/events").status_code == 503


def test_what_is_streamed_ends_with_the_studio(studio, client):
    """Ctrl-C does not wait for pages that listen."""
    job = studio.board.order("x", object())
    studio.closing = True
    assert client.get(f"/job/{job.key}/events").status_code == 200
    assert studio.streams == 0


def test_the_screens_are_listed_once():
    """A new screen is a module and one line."""
    assert len(set(SCREENS)) == len(SCREENS)
    assert application.STATIC.is_dir()
