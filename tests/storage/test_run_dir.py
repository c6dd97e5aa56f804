"""The folder of a run: what is written is read back, and what is not whole is not a run."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import fields
from pathlib import Path

import duckdb
import numpy as np
import pytest
from typer.testing import CliRunner

from evenhand import scenarios, sim
from evenhand.analysis.runs.digest import sealed
from evenhand.analysis.runs.folder import TABLES, BadRun
from evenhand.analysis.runs.many import open_runs
from evenhand.cli.main import app
from evenhand.errors import UsageError
from evenhand.sim.lifecycle.codes import ACTIVITIES
from evenhand.sim.scenario.vocabulary import CAUSES, ENDINGS
from evenhand.storage import run_dir
from evenhand.storage.run_dir import open_run
from tests.support import small
from tests.support.app_files import finished

PART = "parts/000000-000001"


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """Where the run of these tests stands."""
    return Path(tmp_path_factory.mktemp("runs")) / "small"


@pytest.fixture(scope="module")
def run(folder) -> sim.Run:
    """A small run with a reform, so that the policy in the manifest has all that a policy can have."""
    reform = {"starts": "2025-09-20", "changes": {"windows": {"file": "10 d"}, "review": {"limit": 2}}}
    return finished(folder, {"reforms": [reform]}, replications=2, days=40)


@pytest.mark.parametrize("table", TABLES)
def test_records_come_back_as_they_were(table: str, run, folder):
    """Whoever reads a folder must see the numbers that the simulation left, NaN and words included."""
    before, after = getattr(run, table), getattr(open_run(folder), table)
    assert list(before) == list(after)
    for name, column in before.items():
        assert len(column)
        np.testing.assert_array_equal(column, after[name], err_msg=name)
        assert column.dtype.kind == after[name].dtype.kind, name


def test_everything_else_of_a_run_comes_back_too(run, folder):
    """Scenario and policy travel in the manifest, so the files they came from may change or vanish."""
    back = open_run(folder)
    for field in fields(sim.Run):
        if field.name not in TABLES:
            assert getattr(back, field.name) == getattr(run, field.name), field.name


@pytest.mark.parametrize("entry", scenarios.available(), ids=lambda entry: f"{entry.kind} {entry.name}")
def test_every_shipped_file_survives_the_manifest(entry: scenarios.Entry):
    """What cannot be read back from JSON could not be explained later."""
    model = scenarios.read(entry.path, entry.kind).model
    text = json.dumps(model.model_dump(mode="json", by_alias=True), allow_nan=False)
    assert type(model).model_validate(json.loads(text)) == model


def test_the_files_can_be_read_without_the_manifest(run, folder):
    """Anybody with DuckDB or pandas can ask: words are words, and what never happened is NULL."""
    disputes, events = (f"from '{folder}/parts/*/{name}-*.parquet'" for name in ("disputes", "events"))
    told = duckdb.sql(f"select distinct ending {disputes}").fetchall()
    assert {word for (word,) in told} == {ENDINGS[number] for number in set(run.disputes["ending"])}
    never = duckdb.sql(f"select count(*) - count(filed_at) {disputes}").fetchall()
    assert never == [(np.isnan(run.disputes["filed_at"]).sum(),)]
    types = {row[0]: row[1] for row in duckdb.sql(f"describe select * {disputes}").fetchall()}
    assert types["cause"] == types["buyer_group"] == types["reason"] == "VARCHAR"
    assert types["valid"] == "BOOLEAN"
    assert all(word in ACTIVITIES for (word,) in duckdb.sql(f"select activity {events} limit 5").fetchall())


def test_the_hash_names_the_content_of_a_policy(run, folder):
    """Two runs with the same hash had the same rules, whatever their files were called."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    content = manifest["policy"]["model"]
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert manifest["policy"]["sha256"] == hashlib.sha256(canonical.encode()).hexdigest()
    assert manifest["policy"]["sha256"] != manifest["scenario"]["sha256"]


@pytest.mark.process
def test_the_same_run_leaves_the_same_manifest(run, folder, tmp_path):
    """Nothing in a manifest depends on the day or the machine that wrote it."""
    reform = {"starts": "2025-09-20", "changes": {"windows": {"file": "10 d"}, "review": {"limit": 2}}}
    finished(tmp_path / "again", {"reforms": [reform]}, replications=2, days=40)
    assert (tmp_path / "again" / "manifest.json").read_bytes() == (folder / "manifest.json").read_bytes()


def test_a_group_in_chinese_is_kept(tmp_path):
    """Names are text in any script."""
    groups = {"新买家": {**small.SCENARIO["buyers"]["groups"]["new"], "share": 1.0}}
    data = {**small.SCENARIO, "buyers": {"count": 500, "groups": groups}}
    run = sim.simulate(sim.Scenario.model_validate(data), small.policy(), engine="simpy", days=30)
    run_dir.write_records(run, tmp_path)
    run_dir.write_manifest(run, {}, tmp_path)
    back = open_run(tmp_path)
    assert back.labels("buyer_group") == ("新买家",)
    np.testing.assert_array_equal(back.disputes["buyer_group"], run.disputes["buyer_group"])


def test_a_run_without_disputes_and_events_is_a_run(tmp_path):
    """A quiet market is a result."""
    quiet = small.scenario({"causes": {name: {"per_thousand_orders": 0.0001} for name in CAUSES}})
    run = sim.simulate(quiet, small.policy(), engine="simpy", days=30, events=False)
    assert len(run) == 0
    run_dir.write_records(run, tmp_path)
    run_dir.write_manifest(run, {}, tmp_path)
    assert len(open_run(tmp_path)) == 0


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("manifest.json", None, "it has no manifest.json"),
        ("manifest.json", b"{", "its manifest.json is damaged"),
        ("manifest.json", b"[]", "its manifest.json is damaged"),
        ("manifest.json", b'{"layout": 99, "evenhand": "9.9"}', "was written by evenhand 9.9"),
        ("manifest.json", b'{"layout": 3}', "manifest.json' is not as it was written"),
        (f"{PART}/disputes-000.parquet", None, "disputes-000.parquet' is missing"),
        (f"{PART}/disputes-000.parquet", b"PAR1", "disputes-000.parquet' is not as it was written"),
        (f"{PART}/events-000.parquet", b"", "events-000.parquet' is not as it was written"),
        (f"{PART}/seal.json", None, "seal.json' is missing"),
        (PART, None, "is missing"),
    ],
)
def test_what_is_not_whole_is_refused_in_words(
    name: str, content: bytes | None, said: str, run, folder, tmp_path
):
    """Half a run must never be explained as if it were one."""
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    if content is not None:
        (copy / name).write_bytes(content)
    elif (copy / name).is_dir():
        shutil.rmtree(copy / name)
    else:
        (copy / name).unlink()
    with pytest.raises(UsageError, match=said):
        open_run(copy)


def test_missing_rows_are_noticed(run, folder, tmp_path):
    """The manifest counts, so a cut file with a sound end is caught without checksums too."""
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    rows = duckdb.sql(f"from '{folder / PART / 'events-000.parquet'}' limit 10")
    rows.write_parquet(str(copy / PART / "events-000.parquet"))
    with pytest.raises(UsageError, match="rows are missing"):
        open_run(copy, verify=False)


@pytest.mark.parametrize("command", [("report", "both"), ("fairness", "both")])
def test_a_comparison_is_said_to_be_one(command, tmp_path, monkeypatch):
    """It is a finished folder too, with a manifest of its own; "damaged" would send people the wrong way."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "both").mkdir()
    (tmp_path / "both" / "manifest.json").write_text('{"kind": "comparison"}', encoding="utf-8")
    told = CliRunner().invoke(app, list(command), catch_exceptions=False)
    assert told.exit_code == 2
    assert told.stderr == "evenhand: 'both' is a comparison, not a run: make a run with evenhand run\n"


@pytest.mark.parametrize(
    ("at", "value"),
    [
        (("layout",), [0]),
        (("metrics",), ""),
        (("metrics", "disputes"), True),
        (("metrics", "disputes"), {}),
        (("metrics", "disputes", "n"), 1e308),
        (("metrics", "disputes", "unit"), None),
        (("metrics", "disputes", "ci"), [0.0, []]),
        (("parts", 0, "files"), 7),
        (("parts", 0, "replications"), [0]),
        (("rows", "events"), -1),
        (("engine",), None),
        (("seed",), True),
        (("open_loop",), 1),
    ],
)
def test_a_manifest_with_a_sound_checksum_and_other_contents_is_refused(at, value, run, folder, tmp_path):
    """Anybody can compute a checksum; what tables are made of has the kinds that they need, or is no run."""
    copy = Path(shutil.copytree(folder, tmp_path / "copy"))
    document = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    *path, last = at
    place = document
    for key in path:
        place = place[key]
    place[last] = value
    (copy / "manifest.json").write_text(json.dumps(sealed(document)), encoding="utf-8")
    with pytest.raises(BadRun, match=r"manifest.json is damaged"):
        open_runs(str(copy))
