"""Comparisons, what is behind their numbers, pages to share, and studies that come from elsewhere."""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from pathlib import Path
from time import sleep

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evenhand import jobs, sim
from evenhand.analysis.runs.background import Background
from evenhand.analysis.runs.digest import sealed
from evenhand.scenarios import policy as load_policy
from evenhand.scenarios import read
from evenhand.storage.bundle import DATA, INDEX, opened, pack
from evenhand.studio.folder import Folder
from evenhand.studio.guard import BODY, Session
from evenhand.studio.pages.new_run import ordered
from evenhand.studio.studio import Studio
from evenhand.studio.work.board import Board
from tests.studio.conftest import PORT, Inside, browser_of, with_token
from tests.support.app_files import write_files

pytestmark = pytest.mark.process
SHORT = "kind: policy\ntitle: Quick <answers>\nbase: rules.yaml\nwindows: {merchant_evidence: 6 h}  # ours\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    """A folder with files, a comparison by groups and a run."""
    place = tmp_path_factory.mktemp("home")
    write_files(place, {"market": {"orders_per_day": 120}})
    (place / "short.yaml").write_text(SHORT, encoding="utf-8")
    market = read(place / "world.yaml", "scenario")
    rules = [load_policy(str(place / f"{name}.yaml")) for name in ("rules", "short")]
    experiment = sim.Experiment.of(
        market.model, rules[0], seed=3, replications=3, days=40, engine="simpy", events=False
    )
    jobs.compare(experiment, rules, baseline="rules", by=["merchant_group"], out=place / "runs" / "both")
    one = sim.Experiment.of(
        market.model, rules[1], seed=3, replications=2, days=30, engine="simpy", events=True
    )
    jobs.run(one, place / "runs" / "one", background=Background())
    return place


@pytest.fixture
def there(studio, home):
    """The studio of a test with these files."""
    shutil.copytree(home, studio.folder.path, dirs_exist_ok=True)
    return studio


def test_a_comparison_is_shown_by_title_with_reasons(there, client):
    """Before, after, for whom, and why; what a title holds is text."""
    text = client.get("/compare/both").text
    assert "Quick &lt;answers&gt;" in text
    assert "Windows: for the merchant&#39;s evidence" in text
    assert re.search(r"Why: \d+ disputes", text)
    assert "under Quick" in text or "through windows.merchant_evidence" in text
    assert re.search(r"(better|worse) for (buyers|merchants)", text)
    every = client.get("/compare/both?every=1").text
    assert every.count('class="measure"') > 3 * text.count('class="measure"') > 20


def test_it_is_split_by_what_was_measured_and_says_what_was_not(there, client):
    """Groups of merchants were asked for, those of buyers stand beside, amounts can be asked for."""
    text = client.get("/compare/both").text
    assert 'href="?market=scenario&amp;by=merchant_group"' in text.replace("market=world", "market=scenario")
    assert "by=buyer_group" in text
    assert re.search(r'/run/new\?policy=rules.yaml&amp;policy=short.yaml[^"]*by=amount_band', text)
    groups = client.get("/compare/both?by=merchant_group&measure=merchant_missed_share").text
    assert "Gap between" in groups
    assert groups.count("the disputes behind it") == 2
    drawn = client.get("/compare/both/picture.svg?by=merchant_group&measure=merchant_missed_share")
    assert drawn.headers["content-type"].startswith("image/svg+xml")
    assert "prefers-color-scheme" in drawn.text


@pytest.mark.parametrize(
    "query",
    [
        "?by=amount_band",
        "?by=nothing",
        "?market=nowhere",
        "?measure=none",
        "/behind?rules=rules",
        "/behind?world=3",
        "/behind?world=x",
        "/behind?by=merchant_group&group=nobody",
        "/behind?measure=none",
        "/case?dispute=9999999",
        "/case",
        "/picture.svg",
        "/picture.svg?by=merchant_group&measure=desk_utilisation",
    ],
)
def test_what_is_not_in_it_is_not_found(there, client, query):
    """Names are looked up, never guessed."""
    assert client.get(f"/compare/both{query}").status_code == 404
    assert client.get("/compare/one").status_code == 404
    assert client.get("/share/nothing").status_code == 404


def test_a_number_leads_to_disputes_and_each_to_its_two_lives(there, client):
    """As `explain` tells them, in the world that was asked for."""
    listed = client.get("/compare/both/behind?measure=merchant_missed_share&world=1").text
    assert "In world 1," in listed
    assert "ruled on without an answer" in listed
    link = re.search(r'href="(/compare/both/case[^"]+)"', listed)[1].replace("&amp;", "&")
    life = client.get(link).text
    assert life.count(">What happened<") == 2
    assert life.count("What the decider did not see") == 1
    assert "evenhand explain runs/both" in life
    part = client.get(
        "/compare/both/behind?measure=merchant_missed_share&by=merchant_group&group=small&world=1"
    )
    assert 0 < part.text.count("/case?") < listed.count("/case?")


def test_other_dates_are_compared_anew(there, client):
    """The same rules, worlds and groups stand in the form, with the days of the dates."""
    client.follow_redirects = False
    answer = client.get("/compare/both/dates?first=2025-09-06&last=2025-09-25&of=filing")
    assert answer.status_code == 303
    where = answer.headers["location"]
    assert where.startswith("/run/new?policy=rules.yaml&policy=short.yaml&baseline=rules.yaml&market=")
    assert "cohort=5..25%3Afiling" in where
    assert "by=merchant_group" in where
    assert client.get("/compare/both/dates?first=x").status_code == 422


def test_the_form_orders_groups_dates_and_what_before_is(there, client):
    """What is ticked is counted; a comparison of dates that are none is refused."""
    data = with_token(there, policy=["short.yaml", "rules.yaml"], market="world.yaml", worlds="2", days="40")
    data |= {"by": ["category", "amount_band"], "baseline": "rules.yaml", "cohort": "5..30", "seed": "1"}
    assert client.post("/run/new", data=data).url.path.startswith("/job/")
    order = there.board.listed[0].order
    assert [Path(one).name for one in order.policies] == ["rules.yaml", "short.yaml"]
    assert (order.by, order.cohort) == (("category", "amount_band"), "5..30")
    assert client.post("/run/new", data={**data, "cohort": "5..90"}).status_code == 422


def test_what_before_is_when_nobody_says():
    """Rules that exist, where some are chosen."""
    assert ordered(["mine.yaml", "tmall"], "") == ["tmall", "mine.yaml"]
    assert ordered(["mine.yaml", "yours.yaml"], "") == ["mine.yaml", "yours.yaml"]
    assert ordered(["mine.yaml"], "tmall") == ["tmall", "mine.yaml"]
    assert ordered([], "tmall") == []


@pytest.mark.parametrize("name", ["both", "one"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_page_to_share(there, client, name, lang):
    """What was changed, one picture, sentences, how much is assumed; as a file it needs nothing else."""
    answer = client.get(f"/share/{name}?lang={lang}")
    assert f'<html lang="{lang}">' in answer.text
    assert answer.text.count("<figure>") == 1
    assert " style=" not in answer.text
    file = client.get(f"/share/{name}/page.html?lang={lang}")
    assert "attachment" in file.headers["content-disposition"]
    assert "sandbox" in file.headers["content-security-policy"]
    assert file.text.count("<svg") == 1
    assert not re.search(r'(src|srcset)=|href="(?!#)|url[(](?!#)|@import|<script', file.text)
    assert (
        client.get(f"/share/{name}/picture.svg?lang={lang}&paper=1").text.count("prefers-color-scheme") == 0
    )
    png = client.get(f"/share/{name}/picture.png?lang={lang}")
    assert png.content.startswith(b"\x89PNG")
    assert client.get(f"/share/{name}?lang=xx").status_code == 404


def elsewhere(place: Path) -> Studio:
    """The studio of another machine, which works in this process."""
    return Studio(Folder(place), Session(PORT), board=Board(place, Inside))


def sent(studio: Studio, name: str, content: bytes):
    """Send a file to a studio."""
    client = browser_of(studio)
    return client, client.post("/open", data=with_token(studio), files={"study": (name, content)})


@pytest.mark.parametrize("name", ["both", "one"])
def test_a_study_opens_elsewhere_and_gives_the_same_numbers(there, client, name, tmp_path_factory):
    """With the files that it was made from and their bases; what is there already stays as it is."""
    study = client.get(f"/share/{name}/study.zip")
    assert f'filename="{name}.study.zip"' in study.headers["content-disposition"]
    place = tmp_path_factory.mktemp("elsewhere")
    (place / "rules.yaml").write_text("kind: policy\nbase: tmall\n", encoding="utf-8")
    other = elsewhere(place)
    try:
        browser, answer = sent(other, f"{name}.study.zip", study.content)
        assert answer.url.path == f"/study/{name}"
        assert "New in the folder: short.yaml, world.yaml." in answer.text
        assert "stay as they are: rules.yaml." in answer.text
        assert (place / "short.yaml").read_text(encoding="utf-8") == SHORT
        assert (place / "rules.yaml").read_text(encoding="utf-8") == "kind: policy\nbase: tmall\n"
        ours, theirs = (one / "runs" / name / "manifest.json" for one in (there.folder.path, place))
        assert ours.read_bytes() == theirs.read_bytes()
        assert not (place / "runs" / name / "files").exists()
        assert browser.get(f"/share/{name}").status_code == 200
        job = browser.post(f"/study/{name}/check", data=with_token(other)).url.path
        for _ in range(600):
            if other.board.job(job.rpartition("/")[2]).has_ended:
                break
            sleep(0.1)
        assert "The same to the bit" in browser.get(job).text
        files = {"study": (f"{name}.study.zip", study.content)}
        again = browser.post("/open", data=with_token(other), files=files)
        assert again.url.path == f"/study/{name}-2"
    finally:
        other.close()


def repacked(study: bytes, place: Path, change) -> bytes:
    """A study with something else in it, sealed as ours are."""
    (place / "a.zip").write_bytes(study)
    with opened(place / "a.zip") as bundle:
        change(bundle.folder)
        pack(bundle.folder, place / "b.zip")
    return (place / "b.zip").read_bytes()


def with_program(folder: Path) -> None:
    (folder / "files" / "rules.py").write_text("raise SystemExit", encoding="utf-8")


def without_manifest(folder: Path) -> None:
    about = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (folder / "manifest.json").write_text(json.dumps(sealed({**about, "kind": "result"})), encoding="utf-8")


def in_a_folder(folder: Path) -> None:
    (folder / "files" / "below").mkdir()
    (folder / "files" / "below" / "x.yaml").write_text("a: 1", encoding="utf-8")


def no_text(folder: Path) -> None:
    (folder / "files" / "x.yaml").write_bytes(b"\xff\xfe\x00")


@pytest.mark.parametrize("change", [with_program, without_manifest, in_a_folder, no_text])
def test_a_study_with_anything_else_in_it_is_refused_whole(there, client, change, tmp_path_factory):
    """Nothing of it is kept."""
    study = client.get("/share/one/study.zip").content
    place = tmp_path_factory.mktemp("bad")
    other = elsewhere(tmp_path_factory.mktemp("elsewhere"))
    try:
        assert sent(other, "one.zip", repacked(study, place, change))[1].status_code == 400
        assert not (other.folder.path / "runs").exists()
        assert list(other.folder.path.glob("*.y*ml")) == []
    finally:
        other.close()


def renamed(study: bytes, to: str) -> bytes:
    """A study with an entry that would lead elsewhere."""
    found = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(study)) as old, zipfile.ZipFile(found, "w") as new:
        index = json.loads(old.read(INDEX))
        index["files"][to] = index["files"].pop("manifest.json")
        index.pop("checksum")
        new.writestr(INDEX, json.dumps(sealed(index)))
        for one in old.namelist():
            if one != INDEX:
                new.writestr(DATA + to if one == DATA + "manifest.json" else one, old.read(one))
    return found.getvalue()


def test_hostile_files_are_refused(there, client):
    """No archive, one that leads out, one that is too long, none at all, and one without our token."""
    study = client.get("/share/one/study.zip").content
    bad = [b"", b"no archive", study[: len(study) // 2], b"PK\x05\x06" + b"\0" * 18]
    bad += [renamed(study, to) for to in ("../x", "/etc/x", ".hidden", "a\\b", "nul")]
    before = sorted(path.name for path in (there.folder.path / "runs").iterdir())
    for content in bad:
        answer = client.post("/open", data=with_token(there), files={"study": ("x.zip", content)})
        assert answer.status_code == 400
    assert sorted(path.name for path in (there.folder.path / "runs").iterdir()) == before
    assert client.post("/open", data=with_token(there)).status_code == 422
    assert (
        client.post("/open", data={"form_token": "x"}, files={"study": ("x.zip", study)}).status_code == 403
    )
    two = [("study", ("a.zip", b"")), ("study", ("b.zip", b""))]
    assert client.post("/open", data=with_token(there), files=two).status_code == 400
    large = {"study": ("x.zip", b"a" * (BODY + 1))}
    assert client.post("/open", data=with_token(there), files=large).status_code == 400
    assert client.post("/choose", data=with_token(there), files=large).status_code == 413


@pytest.mark.parametrize("name", ["../../evil", "C:\\evil.zip", "..", "<b>.zip", "我的研究.zip", "a\nb.zip"])
def test_the_name_of_a_file_leads_nowhere(there, client, name):
    """It becomes a name below `runs`, or `run` where nothing is left of it."""
    study, above = client.get("/share/one/study.zip").content, there.folder.path.parent
    before = {path.name for path in above.iterdir()}
    answer = client.post("/open", data=with_token(there), files={"study": (name, study)})
    assert answer.status_code == 200
    assert {path.name for path in above.iterdir()} == before
    shutil.rmtree(there.folder.run(answer.url.path.removeprefix("/study/")))


PARTS = ("", "/behind", "/case", "/picture.svg", "/dates")
NAMES = st.sampled_from(
    ["market", "rules", "measure", "by", "group", "world", "dispute", "every", "first", "lang"]
)
VALUES = st.text(max_size=8) | st.sampled_from(
    ["world", "short", "merchant_group", "small", "filed_share", "0", "1", "zh", "desk_utilisation", "-1"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(part=st.sampled_from(PARTS), query=st.dictionaries(NAMES, VALUES, max_size=4), share=st.booleans())
def test_any_question_is_answered_or_refused(there, client, part, query, share):
    """Whatever stands in the address."""
    path = "/share/both" if share else f"/compare/both{part}"
    assert client.get(path, params=query).status_code < 500


def test_damaged_results_are_refused_never_broken(there, client):
    """Manifests with anything in them, sealed as ours are."""
    for name, change in {
        "a": {"policies": []},
        "b": {"metrics": ["x"]},
        "c": {"scenarios": [{"name": "x"}]},
        "d": {"files": []},
        "e": {"background": 3, "by": 4},
        "f": {"background": {"assumed": [{"kind": "policy", "name": "x", "n": 1, "of": 0}]}},
    }.items():
        for source in ("both", "one"):
            place = there.folder.path / "runs" / f"{source}-{name}"
            shutil.copytree(there.folder.path / "runs" / source, place)
            about = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
            about.pop("checksum", None)
            (place / "manifest.json").write_text(json.dumps(sealed({**about, **change})), encoding="utf-8")
            for path in (f"/compare/{place.name}", f"/share/{place.name}", f"/share/{place.name}/study.zip"):
                assert client.get(path).status_code < 500, (path, change)
