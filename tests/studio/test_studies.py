"""Sweeps, searches, goals and plausible futures: ordered, done, shown, kept; and the page that explains."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace

import pytest

from evenhand import scenarios
from evenhand.jobs import robust_order
from evenhand.scenarios.belief_file import beliefs_of
from evenhand.studio.pages import assumptions, goal, search
from evenhand.studio.studies import studies
from evenhand.studio.work.studies import GoalOrder, RobustOrder, SearchOrder, SweepOrder
from tests.studio.conftest import browser_of, with_token

FILE = "kind: policy\ntitle: Ours\nbase: tmall\nwindows:\n  merchant_evidence: 48 h  # agreed\n"
MARKET = {"market": "tmall_unresponsive", "days": "30"}
TURN = {"lever": "decision.standard", "low:decision.standard": "0.3", "high:decision.standard": "0.7"}
SEARCH = {**MARKET, **TURN, "goal0": "wrongful_denial_rate", "goal1": "wrongful_grant_rate"}
GOAL = {**MARKET, **TURN, "metric": "wrongful_denial_rate", "side": "<=", "bound": "30%"}
ROBUST = {**MARKET, "policy": ["tmall", "mine.yaml"], "metric0": "wrongful_denial_rate", "futures": "16"}
FORMS = ("/search", "/goal", "/sweep", "/assumptions")


@pytest.fixture
def mine(studio):
    studio.folder.write("mine.yaml", FILE)
    return "mine.yaml"


def done(studio, client, path: str, **fields) -> str:
    """Order something and wait for it; gives the page that its job leads to."""
    answer = client.post(path, data=with_token(studio, **fields))
    assert answer.url.path.startswith("/job/"), re.findall(r"<li>(.*?)</li>", answer.text)[:3]
    job = studio.board.job(answer.url.path.rpartition("/")[2])
    end = time.monotonic() + 300
    while not job.has_ended and time.monotonic() < end:
        time.sleep(0.05)
    assert job.state == "done", job.lines
    return re.search(r'id="run" href="([^"]+)"', client.get(answer.url.path).text)[1]


def saved(client, path: str, fields) -> str:
    """Where saving leads; not followed, since an editor begins a preview that nobody waits for."""
    return client.post(path, data=fields, follow_redirects=False).headers.get("location", "")


@pytest.mark.parametrize("path", FORMS)
def test_a_form_shows_what_can_be_asked_of_the_rules(client, mine, path):
    """The rules of the address are chosen, their own value stands at the setting, and the tabs keep them."""
    text = client.get(path, params={"policy": mine}).text
    assert re.search(r'value="mine.yaml"[^>]* (selected|checked)', text)
    if path != "/assumptions":
        assert 'href="/goal?policy=mine.yaml"' in text
        assert "windows.merchant_evidence = 48 h" in text
        assert 'name="low:windows.merchant_evidence" value="12 h"' in text
    else:
        assert re.search(r"\d+ beliefs move \d+ of \d+ assumed numbers", text)
        assert "remorse is rare" in text


@pytest.mark.parametrize(
    ("path", "fields", "kind"),
    [
        ("/search", SEARCH, SearchOrder),
        ("/goal", GOAL, GoalOrder),
        ("/sweep", {**MARKET, **TURN, "design": "grid", "points": "3"}, SweepOrder),
        ("/assumptions", ROBUST, RobustOrder),
    ],
)
def test_an_order_is_a_job_with_what_was_filled_in(studio, client, mine, path, fields, kind):
    """The same orders as the commands take, into a free folder below `runs`."""
    answer = client.post(path, data=with_token(studio, **{"policy": mine, **fields}))
    job = studio.board.job(answer.url.path.rpartition("/")[2])
    assert isinstance(job.order, kind)
    assert job.order.out.parent == studio.folder.path / "runs"
    asked = job.order if kind is SweepOrder else job.order.asked
    assert (asked.scenario, asked.days) == ("tmall_unresponsive", 30)
    if kind is not RobustOrder:
        turned = asked.vary if kind is SweepOrder else asked.levers
        assert list(turned) == ["decision.standard=0.3..0.7"]
        assert asked.policy == str(studio.folder.path / mine)


@pytest.mark.parametrize(
    ("path", "fields", "told"),
    [
        ("/search", {**SEARCH, "low:decision.standard": "x"}, "Settings: decision.standard takes numbers"),
        ("/search", {**MARKET, "goal0": "wrongful_denial_rate"}, "Choose at least one setting"),
        ("/search", {**SEARCH, "goal0": "", "goal1": ""}, "goal"),
        ("/search", {**SEARCH, "worlds": "3"}, "Worlds: must be 24 to"),
        ("/search", {**SEARCH, "limit_metric0": "wrongful_grant_rate", "limit_bound0": "y"}, "Limits"),
        ("/search", {**SEARCH, "more_levers": "nothing.at.all=1..2"}, "nothing.at.all"),
        ("/goal", {**GOAL, "bound": ""}, "Target"),
        ("/goal", {**GOAL, "metric": "nonsense"}, "nonsense"),
        ("/sweep", MARKET, "Settings: choose at least one setting"),
        ("/sweep", {**MARKET, **TURN, "points": "0"}, "points"),
        ("/assumptions", {**ROBUST, "policy": "tmall"}, "two policies or more"),
        ("/assumptions", {**ROBUST, "metric0": ""}, "Choose at least one measure"),
        ("/assumptions", {**ROBUST, "futures": "1"}, "Futures: must be 16 to"),
        ("/search", {**SEARCH, "policy": "gone.yaml"}, "gone.yaml"),
        ("/search", {**SEARCH, "policy": "../mine.yaml"}, "there is nothing of that name here"),
    ],
)
def test_a_mistake_is_said_in_the_words_of_the_form(studio, client, mine, path, fields, told):
    """The form comes back as it was filled in, with the field that is meant; nothing is ordered."""
    answer = client.post(path, data=with_token(studio, **{"policy": mine, **fields}))
    assert answer.status_code == 422
    said = answer.text.partition('role="alert"')[2].partition("</div>")[0]
    assert told in said
    assert "--" not in said
    assert studio.board.listed == []


def test_another_set_of_rules_brings_its_settings_and_keeps_what_was_typed(studio, client, mine):
    """Without JavaScript a button does it; what was filled in stays."""
    fields = {**SEARCH, "policy": mine, "action": "look", "low:decision.standard": "0.4"}
    text = client.post("/search", data=with_token(studio, **fields)).text
    assert 'name="low:decision.standard" value="0.4"' in text
    assert re.search(r'value="decision.standard" checked', text)


@pytest.mark.process
def test_a_search_ends_in_a_front_whose_points_become_rules(working, monkeypatch):
    """A point of the front, and any other that was tried, is written over the file it was found for."""
    monkeypatch.setattr(search, "FRESH", 2)
    client = browser_of(working)
    working.folder.write("mine.yaml", FILE)
    place = done(working, client, "/search", policy="mine.yaml", worlds="24", name="s", **SEARCH)
    assert place == "/search/s"
    text = client.get(place).text
    picture = client.get(f"{place}/front.svg")
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert "Valid claims refused" in picture.text
    data = json.loads((working.folder.path / "runs/s/search.json").read_text())
    assert text.count("Save as rules") == len(data["front"]) - 1 + len(data["tried"]) - 1
    for number, row in enumerate(data["tried"][1:3]):
        name = f"kept-{number}"
        fields = with_token(working, candidate=str(row["candidate"]), name=name)
        assert saved(client, f"{place}/save", fields) == f"/policy/{name}.yaml"
        kept = scenarios.policy(str(working.folder.path / f"{name}.yaml"))
        assert kept.decision.standard == pytest.approx(row["values"]["decision.standard"])
        assert kept.windows.merchant_evidence.hours == 48
        assert "base: mine.yaml" in working.folder.text(f"{name}.yaml").replace('"', "")
        assert client.post(f"{place}/save", data=fields).status_code == 409
    for wrong in ("../x", "", "a/b"):
        fields = with_token(working, candidate="1", name=wrong)
        assert client.post(f"{place}/save", data=fields).status_code == 400
    assert (
        client.post(f"{place}/save", data=with_token(working, candidate="999", name="y")).status_code == 404
    )
    assert client.get("/study/s/report").headers["content-security-policy"].endswith("sandbox")
    assert 'href="/search/s"' in client.get("/").text
    working.choices.choose("lang", "zh")
    assert data["said"][str(data["front"][1]["candidate"])]["zh"] in client.get(place).text


@pytest.mark.process
def test_a_goal_says_what_reaches_it_or_that_nothing_does_and_why(working, monkeypatch):
    """In the language of the page, whatever the language it was asked in; the change becomes a file."""
    monkeypatch.setattr(goal, "FRESH", 2)
    client = browser_of(working)
    working.folder.write("mine.yaml", FILE)
    easy = done(working, client, "/goal", policy="mine.yaml", name="easy", **{**GOAL, "bound": "35%"})
    hard = done(working, client, "/goal", policy="mine.yaml", name="hard", **{**GOAL, "bound": "1%"})
    assert "It can be reached." in client.get(easy).text
    text = client.get(hard).text
    assert "It cannot be reached." in text
    assert "no value of these settings reaches it" in text
    found = json.loads((working.folder.path / "runs/hard/goal.json").read_text())
    assert set(found["spoken"]) == {"en", "zh"}
    assert saved(client, f"{hard}/save", with_token(working, name="best")) == "/policy/best.yaml"
    kept = scenarios.policy(str(working.folder.path / "best.yaml"))
    assert kept.decision.standard == pytest.approx(found["settings"]["decision.standard"])


@pytest.mark.process
def test_futures_say_their_sentence_and_put_beliefs_in_order(working, monkeypatch):
    """A study that was done, here or in a terminal, orders the beliefs of its market."""
    monkeypatch.setattr(assumptions, "STARTS", 2)
    monkeypatch.setattr(robust_order, "beliefs_of", few_beliefs)
    client = browser_of(working)
    working.folder.write("mine.yaml", FILE)
    place = done(
        working, client, "/assumptions", name="r", **{**ROBUST, "policy": ["tmall", "wechat_shop_2024"]}
    )
    text = client.get(place).text
    data = json.loads((working.folder.path / "runs/r/robust.json").read_text())
    assert "futures called plausible" in text
    for name in ("better", "worse", "within"):
        assert f"{100 * data['answers'][0][name]['value']:.0f} % (" in text
    beliefs = client.get("/assumptions?market=tmall_unresponsive").text
    assert 'Most influential first, by <a href="/assumptions/r">' in re.sub(r"\s+", " ", beliefs)
    first = next(iter(data["answers"][0]["effects"]))
    titles = {one.name: one.title for one in beliefs_here()}
    rows = beliefs.partition('class="beliefs"')[2]
    assert titles[first] in rows.partition("</tr>")[2].partition("</tr>")[0]


def few_beliefs(*about):
    """The first five of them: a study of all takes a while."""
    every = beliefs_of(*about)
    return replace(every, beliefs=every.beliefs[:5])


def beliefs_here():
    market = scenarios.read("tmall_unresponsive", "scenario")
    return beliefs_of(market, [scenarios.read("tmall", "policy")]).beliefs


@pytest.mark.process
def test_a_sweep_is_done_and_its_page_is_framed(working):
    """The page of the command, shut in a frame."""
    client = browser_of(working)
    place = done(
        working, client, "/sweep", policy="tmall", worlds="2", points="2", name="w", **MARKET, **TURN
    )
    assert 'sandbox="allow-popups" src="/study/w/report"' in client.get(place).text
    assert "decision.standard" in client.get("/study/w/report").text


def test_what_was_stopped_goes_on_in_the_same_folder(studio, client, mine):
    """A study that was stopped is ordered once more as it was; its file knows what is done."""
    answer = client.post("/search", data=with_token(studio, policy=mine, **SEARCH))
    job = studio.board.job(answer.url.path.rpartition("/")[2])
    assert client.post(f"/job/{job.key}/again", data=with_token(studio)).url.path == f"/job/{job.key}"
    job.order.out.mkdir(parents=True)
    (job.order.out / "search.parquet").write_bytes(b"")
    job.end("stopped")
    assert f'action="/job/{job.key}/again"' in client.get(f"/job/{job.key}").text
    again = client.post(f"/job/{job.key}/again", data=with_token(studio)).url.path.rpartition("/")[2]
    assert studio.board.job(again).order == job.order


@pytest.mark.parametrize("sort", ["search", "goal", "assumptions", "sweep"])
def test_what_is_not_there_not_finished_or_damaged_is_said(studio, client, sort):
    """404 for what is none; an unfinished study says how it goes on; a damaged one breaks nothing."""
    from evenhand.studio.studies import SORTS

    about = SORTS[sort]
    assert client.get(f"/{sort}/none").status_code == 404
    place = studio.folder.path / "runs" / "x"
    place.mkdir(parents=True)
    (place / about.points).write_bytes(b"")
    assert "This is not finished." in client.get(f"/{sort}/x").text
    assert [one.name for one in studies(studio.folder)] == ["x"]
    assert client.get("/").status_code == 200
    texts = ("[]", "{}", "nonsense", '{"front": 3, "metrics": ["x"]}', '{"answers": [1], "scenario": 4}')
    texts += ('{"spoken": {"en": 3}, "alone": [{}], "policies": 3, "tried": [1]}',)
    for text in texts if sort != "sweep" else ():
        (place / about.found).write_text(text)
        for path in (f"/{sort}/x", f"/{sort}", "/", "/search/x/front.svg", "/study/x/report"):
            assert client.get(path).status_code < 500, (text, path)
        for path in ("/search/x/save", "/goal/x/save"):
            data = with_token(studio, candidate="1", name="y")
            assert 400 <= client.post(path, data=data).status_code < 500


def test_a_study_leads_to_no_file_outside(studio, client):
    """The base that a study names is looked for in the folder, whatever path it says."""
    place = studio.folder.path / "runs" / "x"
    place.mkdir(parents=True)
    (place / "search.parquet").write_bytes(b"")
    outside = studio.folder.path.parent / "outside.yaml"
    outside.write_text(FILE)
    found = {"tried": [{"candidate": 1, "values": {}}], "business": [], "bases": {"policy": str(outside)}}
    found["bases"]["scenario"] = "tmall"
    (place / "search.json").write_text(json.dumps(found))
    answer = client.post("/search/x/save", data=with_token(studio, candidate="1", name="y"))
    assert answer.status_code == 404


def test_the_page_that_explains_computes_its_numbers(client):
    """Text, table and picture are of one standard of proof; what is none is as the rules have it."""
    from evenhand.analysis.fairness.proof import errors_at
    from evenhand.studio.pages.learn import _prior, kept

    found = errors_at(0.6, tuple(kept("quality_defect", "new").values()), _prior("quality_defect"))
    text = client.get("/learn?standard=60").text
    assert f'<td class="number">{100 * found.refused:.0f} %</td>' in text
    assert f'<td class="number">{100 * found.granted:.0f} %</td>' in text
    assert "/learn/errors.svg?standard=60&amp;cause=quality_defect" in text
    assert "Share that is decided wrongly" in client.get("/learn/errors.svg?standard=60").text
    for wrong in ("standard=x", "standard=99999999", "standard=-1", "cause=nonsense", "standard=²"):
        assert client.get(f"/learn?{wrong}").status_code == 200
        assert client.get(f"/learn/errors.svg?{wrong}").status_code == 200
    assert 'value="50"' in client.get("/learn?standard=x").text
