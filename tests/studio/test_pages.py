"""Pages: what they show, what they write, and what they refuse; without a browser and without JavaScript."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.routing import Route

from evenhand.studio.app import SCREENS
from evenhand.studio.folder import NoSuch, hash_of
from tests.studio.conftest import browser_of, with_token

FILE = """\
# our draft
kind: policy
title: Ours
base: tmall
windows:
  merchant_evidence: 48 h  # agreed
"""
BROKEN = "kind: policy\nbase: tmall\nwindows:\n  merchant_evidence: 48 hurs\n"


@pytest.fixture
def mine(studio):
    """A file of the user's."""
    studio.folder.write("mine.yaml", FILE)
    return "mine.yaml"


def sent(studio, **fields):
    """A form of `mine.yaml` as it stands on disk."""
    return with_token(studio, seen=hash_of(studio.folder.text("mine.yaml")), **fields)


def test_an_empty_folder_has_one_button_that_makes_a_file(studio, client):
    """Whoever has nothing gets a copy of tmall and stands in its editor."""
    assert "Copy tmall and change one thing" in client.get("/").text
    answer = client.post("/new", data=with_token(studio, base="tmall"))
    assert answer.url.path == "/policy/my-tmall.yaml"
    assert 'base: "tmall"' in studio.folder.text("my-tmall.yaml")


def test_a_second_copy_gets_a_name_of_its_own(studio, client):
    """Nothing is overwritten by a button."""
    for _ in range(2):
        client.post("/new", data=with_token(studio, base="tmall"))
    assert {one.name for one in studio.folder.files()} == {"my-tmall.yaml", "my-tmall-2.yaml"}
    assert client.post("/new", data=with_token(studio, base="tmall", name="my-tmall")).status_code == 409


def test_a_damaged_file_shows_its_first_mistake_with_its_line(studio, client):
    """The list says what is wrong and leads to where it is; the editor leads there too."""
    studio.folder.write("bad.yaml", BROKEN)
    assert "line 4, column" in client.get("/").text
    answer = client.get("/policy/bad.yaml")
    assert answer.url.path == "/file/bad.yaml"
    assert "merchant_evidence: 48 hurs" in answer.text


def test_saving_keeps_comments_and_writes_the_least(studio, client, mine):
    """One value is another one; every other byte is as it was."""
    answer = client.post(f"/policy/{mine}", data={**sent(studio), "windows.merchant_evidence": "24 h"})
    assert answer.status_code == 200
    assert studio.folder.text(mine) == FILE.replace("48 h", "24 h")
    assert "Saved." in answer.text


def test_a_mistake_is_not_saved_and_stands_at_its_field(studio, client, mine):
    """The summary leads to the field, which shows what was typed; the file is as it was."""
    answer = client.post(f"/policy/{mine}", data={**sent(studio), "windows.merchant_evidence": "soon"})
    assert answer.status_code == 422
    assert 'href="#windows.merchant_evidence"' in answer.text
    assert 'value="soon"' in answer.text
    assert studio.folder.text(mine) == FILE


def test_looking_saves_nothing(studio, client, mine):
    """Trying a value without JavaScript shows the form with it, and says that it is not saved."""
    data = {**sent(studio), "windows.merchant_evidence": "24 h", "action": "look"}
    answer = client.post(f"/policy/{mine}", data=data)
    assert 'value="24 h"' in answer.text
    assert "Not saved yet." in answer.text
    assert studio.folder.text(mine) == FILE
    part = client.post(f"/policy/{mine}/look", data={**sent(studio), "windows.merchant_evidence": "24 h"})
    assert "<html" not in part.text
    assert "24 h" in part.text


def test_a_file_that_changed_on_disk_is_not_overwritten(studio, client, mine):
    """Both versions are shown; the user's own is written only when he says so once more."""
    client.get(f"/policy/{mine}")
    old = sent(studio)
    studio.folder.write(mine, FILE + "review:\n  limit: 0\n")
    answer = client.post(f"/policy/{mine}", data={**old, "windows.merchant_evidence": "24 h"})
    assert answer.status_code == 409
    assert "limit: 0" in answer.text
    assert "24 h" in answer.text
    assert studio.folder.text(mine) == FILE + "review:\n  limit: 0\n"
    over = sent(studio, text=FILE.replace("48 h", "24 h"))
    assert client.post(f"/file/{mine}", data=over).status_code == 200
    assert studio.folder.text(mine) == FILE.replace("48 h", "24 h")


def test_undo_takes_saves_back_one_by_one(studio, client, mine):
    """And refuses where the file has changed since, so that nobody's work is lost."""
    for value in ("24 h", "12 h"):
        client.post(f"/policy/{mine}", data={**sent(studio), "windows.merchant_evidence": value})
    client.post(f"/policy/{mine}", data=sent(studio, action="undo"))
    assert "24 h" in studio.folder.text(mine)
    client.post(f"/policy/{mine}", data=sent(studio, action="undo"))
    assert studio.folder.text(mine) == FILE
    assert client.post(f"/policy/{mine}", data=sent(studio, action="undo")).status_code == 400
    client.post(f"/policy/{mine}", data={**sent(studio), "windows.merchant_evidence": "9 h"})
    studio.folder.write(mine, FILE + "\n")
    assert client.post(f"/policy/{mine}", data=sent(studio, action="undo")).status_code == 400


def test_an_exception_is_added_and_taken_out_by_buttons(studio, client, mine):
    """The card says it in a sentence."""
    new = {"new_name": "small", "new_when": "amount_below", "new_value": "20"}
    new |= {"new_setting": "decision.standard", "new_to": "0.3", "action": "add_exception"}
    answer = client.post(f"/policy/{mine}", data={**sent(studio), **new})
    assert "amount_below: 20" in studio.folder.text(mine)
    assert "Amount below 20" in answer.text
    client.post(f"/policy/{mine}", data=sent(studio, remove="exceptions.small"))
    assert studio.folder.text(mine) == FILE


def test_the_file_is_saved_as_text_with_the_endings_it_has(studio, client, mine):
    """Browsers send CRLF; a file of LF stays one, and one of CRLF too."""
    text = FILE.replace("48 h", "24 h")
    client.post(f"/file/{mine}", data=sent(studio, text=text.replace("\n", "\r\n")))
    assert studio.folder.text(mine) == text
    studio.folder.write(mine, FILE.replace("\n", "\r\n"))
    client.post(f"/file/{mine}", data=sent(studio, text=text))
    assert studio.folder.path.joinpath(mine).read_bytes() == text.replace("\n", "\r\n").encode()


def test_shipped_rules_are_read_and_copied_never_written(studio, client):
    """Their inputs are closed, and there is no address that writes them."""
    answer = client.get("/shipped/wechat_shop_2024")
    assert "Copy to change" in answer.text
    assert 'id="save"' not in answer.text
    assert client.post("/shipped/wechat_shop_2024", data=with_token(studio)).status_code == 405
    assert client.get("/shipped/nothing").status_code == 404


@pytest.mark.parametrize(
    "path", ["/", "/policy/mine.yaml", "/file/mine.yaml", "/run/new", "/policy/mine.yaml/timeline"]
)
def test_pages_speak_the_language_that_was_chosen(studio, client, mine, path):
    """The switch holds for every page, and is kept in the folder."""
    client.post("/choose", data=with_token(studio, lang="zh", here="/"))
    answer = client.get(path)
    assert '<html lang="zh">' in answer.text
    assert "运行" in answer.text
    assert '"lang": "zh"' in (studio.folder.path / ".evenhand" / "studio.json").read_text()


@pytest.mark.parametrize("word", ["evidence", "merchant_evidence", "Nobody called it so", "<b>"])
def test_search_finds_rules_by_label_path_and_meaning(client, mine, word):
    """A hit leads to its field and names its section."""
    found = client.get(f"/policy/{mine}/search", params={"q": word}).text
    assert ('href="#windows.merchant_evidence"' in found) == ("evidence" in word)
    assert "<b>" not in found


NAMES = [
    "../x.yaml",
    "..%2Fx.yaml",
    "/etc/passwd",
    "a/b.yaml",
    ".hidden.yaml",
    "x.txt",
    "nul\0.yaml",
    "link.yaml",
]


@pytest.mark.parametrize("name", NAMES)
def test_no_name_leads_out_of_the_folder(studio, client, name, tmp_path_factory):
    """Neither dots nor links."""
    outside = tmp_path_factory.mktemp("outside") / "secret.yaml"
    outside.write_text("kind: policy\nbase: tmall\n")
    (studio.folder.path / "link.yaml").symlink_to(outside)
    with pytest.raises(NoSuch):
        studio.folder.file(name)
    (studio.folder.path / "runs").mkdir()
    (studio.folder.path / "runs" / "link").symlink_to(outside.parent)
    for place in ("policy", "file", "runs"):
        url = f"/{place}/{name.removesuffix('.yaml') if place == 'runs' else name}".replace("\0", "%00")
        assert client.get(url).status_code == 404
    assert "secret" not in client.get("/").text


def test_a_run_that_cannot_be_is_refused_with_what_was_filled_in(studio, client, mine):
    """Mistakes stand above the form, and nothing is ordered."""
    data = with_token(studio, policy=mine, market="tmall_unresponsive", worlds="2", days="0", seed="1")
    answer = client.post("/run/new", data=data)
    assert answer.status_code == 422
    assert "--days" in answer.text
    assert studio.board.listed == []
    assert client.post("/run/new", data={**data, "worlds": "many"}).status_code == 400


def test_only_eight_jobs_wait(studio, client, mine):
    """The ninth is told so; none is lost."""
    data = with_token(studio, policy=mine, market="tmall_unresponsive", worlds="1", days="", seed="1")
    answers = [client.post("/run/new", data=data).status_code for _ in range(11)]
    assert answers.count(200) in (8, 9), client.post("/run/new", data=data).text
    assert answers[-1] == 429


def test_reports_are_closed_in_their_frame(studio, client):
    """A report of anybody's can neither run scripts nor load anything."""
    place = studio.folder.path / "runs" / "r"
    place.mkdir(parents=True)
    (place / "manifest.json").write_text('{"evenhand": "0", "kind": "comparison"}')
    (place / "comparison.html").write_text("<!DOCTYPE html><html><script>alert(1)</script></html>")
    answer = client.get("/runs/r/report")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert 'sandbox="' in client.get("/runs/r").text


def test_damaged_runs_are_pages_too(studio, client):
    """Whatever stands in a manifest."""
    for name, text in {"a": "{}", "b": "[]", "c": "not json", "d": '{"metrics": 3, "policy": 4}'}.items():
        place = studio.folder.path / "runs" / name
        place.mkdir(parents=True)
        (place / "manifest.json").write_text(text)
        for path in (f"/runs/{name}", f"/runs/{name}/report", f"/runs/{name}/case", "/"):
            assert client.get(path).status_code < 500


ROUTES = [route for screen in SCREENS for route in screen.routes if isinstance(route, Route)]
UNSAFE = [route.path for route in ROUTES if "POST" in route.methods]
READ = [route.path for route in ROUTES if "GET" in route.methods]
TEXT = st.text(max_size=30)
ACTIONS = (
    "action back remove new_name new_when new_value new_setting new_to new_starts reform_setting reform_to "
    "text over lang market here policy worlds days seed cohort name base kind windows.review "
    "decision.standard returns.exempt burden.by_cause.counterfeit"
)
WORDS = (
    "save look undo add_exception add_reform tmall policy scenario 0 -1 1e9 2026-11-11 exceptions.x "
    "reforms.0 windows.review 3d mine.yaml zh counterfeit decision.standard NaN"
)
KEYS = st.sampled_from(sorted(ACTIONS.split()))
VALUES = TEXT | st.sampled_from(sorted(WORDS.split()))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(UNSAFE), form=st.lists(st.tuples(KEYS | TEXT, VALUES), max_size=8))
def test_any_form_is_answered_or_refused_never_broken(studio, client, mine, path, form):
    """A form of any names and values gives a page or says what is wrong with it."""
    if not studio.folder.file(mine).is_file():
        studio.folder.write(mine, FILE)
    data = {**dict(form), **with_token(studio), "seen": hash_of(studio.folder.text(mine))}
    url = path.replace("{name}", mine).replace("{key}", "0")
    assert client.post(url, data=data).status_code < 500
    studio.folder.write(mine, FILE)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(UNSAFE),
    body=st.binary(max_size=300),
    kind=st.sampled_from(
        [
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x",
            "multipart/form-data",
            "application/json",
            "\xe9",
        ]
    ),
)
def test_any_body_is_refused_never_broken(client, mine, path, body, kind):
    """Bytes of any sort are no form of ours."""
    url = path.replace("{name}", mine).replace("{key}", "0")
    headers = {"content-type": kind.encode("latin-1")}
    assert 400 <= client.post(url, content=body, headers=headers).status_code < 500


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(READ),
    name=TEXT,
    query=st.dictionaries(
        st.sampled_from(["q", "policy", "market", "kind", "n", "dispute", "replication", "saved"]),
        TEXT,
        max_size=3,
    ),
)
def test_any_address_is_answered_never_broken(client, mine, path, name, query):
    """Names and parameters of any sort give a page or 4xx."""
    from urllib.parse import quote

    url = path.replace("{name}", quote(name, safe="")).replace("{key}", quote(name, safe=""))
    assert client.get(url, params=query).status_code < 500


def test_a_preview_is_shown_in_words_and_kept(working):
    """A shorter window moves something; the base against itself moves nothing, exactly."""
    client = browser_of(working)
    working.choices.choose("market", "tmall_unresponsive")
    working.folder.write("mine.yaml", FILE)
    page = client.get("/policy/mine.yaml").text
    key = page.partition("/preview/")[2].partition("/")[0]
    with client.stream("GET", f"/preview/{key}/events") as answer:
        said = answer.read().decode()
    assert said.rstrip().endswith("event: end\ndata: end")
    assert "8 worlds: rough." in said
    assert "24 worlds." in said
    assert "Valid claims refused" in said
    assert client.get(f"/preview/{key}").text.count("<li class=") == 7
    same = FILE.replace("  merchant_evidence: 48 h  # agreed\n", "  mediate: 9 d\n")  # nobody mediates
    part = client.post("/file/mine.yaml/look", data={**with_token(working), "text": same}).text
    key = part.partition("/preview/")[2].partition("/")[0]
    with client.stream("GET", f"/preview/{key}/events") as answer:
        assert "Nothing moved: exactly 0 in every world." in answer.read().decode()
    assert list((working.folder.cache / "previews").glob("*-24.json"))


def test_a_preview_is_as_long_as_its_windows_need(studio, client):
    """Rules with a window of months are tried in longer runs, not refused for the shortness of a preview."""
    studio.choices.choose("market", "tmall_unresponsive")
    studio.folder.write("mine.yaml", FILE.replace("48 h", "50 d"))
    assert "cannot run in this market" not in client.get("/policy/mine.yaml").text
    (preview,) = (studio.previews.look(key) for key in studio.last_previews.values())
    assert preview.days == 60
