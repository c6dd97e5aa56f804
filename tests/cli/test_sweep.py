"""`evenhand sweep` from options to files: it goes on after a stop, and refuses to mix two plans."""

from __future__ import annotations

import json
import os
import re
import signal
import time
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest
from typer.testing import CliRunner

from evenhand.analysis import METRICS
from evenhand.analysis.experiments import Axis, Measured, design
from evenhand.analysis.metrics.apart import differences
from evenhand.cli.main import app
from evenhand.errors import UsageError
from evenhand.parallel.pool import Executor
from evenhand.storage.sweep_file import SweepFile
from tests.support.app_files import PATIENCE, start, until, write_files

SHORT = (
    "rules.yaml",
    "--scenario",
    "world.yaml",
    "--days",
    "20",
    "--engine",
    "simpy",
    "--replications",
    "2",
    "--metric",
    "filed_share",
)
VARY = ("--vary", "decision.standard=0.4..0.6", "--vary", "windows.file=5 d,15 d")
LOOK = design("grid", (Axis("x", 0, 1), Axis("y", 0, 1)), 2)


def sweep(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["sweep", *SHORT, *arguments], catch_exceptions=False)


@pytest.fixture
def here(tmp_path, monkeypatch) -> Path:
    """A folder with a world and a set of rules, to work in."""
    write_files(tmp_path, {"market": {"orders_per_day": 80}})
    monkeypatch.chdir(tmp_path)
    return Path(tmp_path)


def rows(path: Path) -> list[tuple[Any, ...]]:
    """All rows; of a copy, because DuckDB opens a file more than once and the next whole one may be there."""
    copy = path.with_suffix(".copy")
    copy.write_bytes(path.read_bytes())
    with duckdb.connect() as database:
        found = database.read_parquet(str(copy)).order("point, world").fetchall()
    copy.unlink()
    return found


@pytest.mark.process
def test_a_sweep_leaves_a_page_its_pictures_and_one_file_of_all_points(here):
    """What a policy designer looks at, and what a researcher goes on with."""
    told = sweep(*VARY, "--points", "2", "--out", "s")
    assert told.exit_code == 0
    assert {path.name for path in (here / "s").iterdir()} == {
        "sweep.parquet",
        "sweep.html",
        "tornado-filed-share.png",
        "curve-filed-share-1.png",
        "curve-filed-share-2.png",
    }
    page = (here / "s" / "sweep.html").read_text(encoding="utf-8")
    for words in ("What moves “", "along each setting", "decision.standard", "All points"):
        assert words in page
    assert "One setting alone" in told.stdout
    assert "decision.standard" in told.stdout
    with duckdb.connect() as database:
        found = database.read_parquet("s/sweep.parquet")
        assert {"point", "world", "decision.standard", *METRICS} <= set(found.columns)
        assert len(found) == 2 * len({row[0] for row in found.project("point").fetchall()})


@pytest.mark.process
def test_json_is_one_object_with_points_and_differences(here):
    """Programs read stdout; where the files are is said on stderr."""
    told = sweep(*VARY, "--points", "2", "--out", "s", "--format", "json")
    found = json.loads(told.stdout)
    assert [axis["name"] for axis in found["axes"]] == ["decision.standard", "windows.file"]
    assert {row["metric"] for row in found["points"]} == {"filed_share"}
    (low, high) = (found["tornado"]["filed_share"][0][end] for end in ("low", "high"))
    assert low["setting"] < high["setting"]
    assert "s/sweep.html" in told.stderr


@pytest.mark.process
def test_indices_are_told_where_the_design_allows_them(here):
    """With the dummy that says what luck does."""
    told = sweep(
        "--vary", "decision.standard=0.3..0.7", "--design", "saltelli", "--points", "2", "--out", "s"
    )
    assert "dummy: other worlds" in told.stdout
    page = (here / "s" / "sweep.html").read_text(encoding="utf-8")
    assert "How much of the spread" in page
    assert (here / "s" / "indices-filed-share.png").is_file()


@pytest.mark.process
@pytest.mark.parametrize("kind", ["threads", "processes"])
def test_workers_change_no_number(here, monkeypatch, kind):
    """Rows are the same to the last bit, whoever did the work and in whatever order."""
    sweep(*VARY, "--points", "2", "--out", "alone", "--workers", "1")
    monkeypatch.setattr("evenhand.jobs.parameter_sweep.executor", lambda *_, **__: Executor(2, kind))
    assert sweep(*VARY, "--points", "2", "--out", "two", "--workers", "2").exit_code == 0
    assert rows(here / "alone/sweep.parquet") == rows(here / "two/sweep.parquet")


HELD = """
import time
from pathlib import Path
from evenhand.storage.sweep_file import SweepFile
kept = SweepFile.keep
def keep(self, point, measured):
    kept(self, point, measured)
    if len(self.done) == 2:
        Path("held").touch()
        while True:
            time.sleep(0.02)
SweepFile.keep = keep
"""
"""A sweep that waits after its second point, so that no test depends on when a signal comes."""


@pytest.mark.process
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_after_a_kill_no_finished_point_is_lost_and_the_rest_is_done(here, how):
    """Hours of work on a machine that may go down at any time."""
    slow = ("sweep", *SHORT, *VARY, "--points", "6", "--workers", "1", "--days", "40")
    process, path = start(here, *slow, "--out", "killed", first=HELD), here / "killed" / "sweep.parquet"
    try:
        until(lambda: (here / "held").is_file() or process.poll() is not None)
        process.send_signal(how)
        _, errors = process.communicate(timeout=PATIENCE)
    finally:
        process.kill()
        process.communicate()
    kept = rows(path)
    points = {row[0] for row in kept}
    assert len(points) == 2
    if how is not signal.SIGKILL:
        assert re.search(
            r"\d+ of 1[0-9] points are in killed/sweep.parquet; the same command goes on", errors
        )
        assert "Traceback" not in errors
        assert not list(path.parent.glob(".*.part"))
    told = sweep(*VARY, "--points", "6", "--days", "40", "--out", "killed")
    assert told.exit_code == 0
    assert re.search(rf"^{len(points)} of 1[0-9] points done$", told.stderr, re.MULTILINE)
    sweep(*VARY, "--points", "6", "--days", "40", "--out", "whole")
    after = rows(path)
    assert [row for row in after if row[0] in points] == kept
    assert after == rows(here / "whole" / "sweep.parquet")


@pytest.mark.process
def test_a_resumed_sweep_names_the_engine_of_the_whole(here, monkeypatch):
    """Chosen for what is left alone, it would be another than the one that the sweep was begun with."""
    asked, keep = [], SweepFile.keep

    def chosen(_: object, days: int, worlds: int) -> str:
        asked.append((days, worlds))
        return "simpy"

    def stopped(store: SweepFile, point: int, measured: Measured) -> None:
        keep(store, point, measured)
        if len(asked) == 1 and len(store.done) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("evenhand.cli.sweep_run.choose_engine", chosen)
    monkeypatch.setattr(SweepFile, "keep", stopped)
    begin = (*VARY, "--points", "3", "--engine", "auto", "--workers", "1", "--out", "s")
    assert sweep(*begin).exit_code == 130
    told = sweep(*begin)
    assert (told.exit_code, "2 of" in told.stderr) == (0, True), told.output
    assert len(asked) == 2
    assert asked[0] == asked[1]
    assert asked[0][1] == 2 * len({row[0] for row in rows(here / "s" / "sweep.parquet")})


@pytest.mark.process
def test_points_that_are_not_as_they_were_written_are_not_gone_on_with(here):
    """A value that was edited is no result of the plan that stands beside it."""
    sweep(*VARY, "--points", "2", "--out", "s")
    path = here / "s/sweep.parquet"
    sound = path.read_bytes()
    with duckdb.connect() as database:
        (said,) = database.execute(
            "SELECT decode(value) FROM parquet_kv_metadata($1) WHERE decode(key) = 'evenhand_sweep'",
            [str(path)],
        ).fetchone()
        (old,) = database.execute(
            "SELECT decode(value) FROM parquet_kv_metadata($1) WHERE decode(key) = 'evenhand_checksum'",
            [str(path)],
        ).fetchone()
        told = said.replace("'", "''")
        for moved, beside in (("+ 1", f", evenhand_checksum: '{old}'"), ("+ 0", "")):
            database.execute(f"CREATE OR REPLACE TABLE t AS SELECT * FROM '{path}'")
            column = database.execute("SELECT * FROM t").description[-2][0]
            database.execute(f'UPDATE t SET "{column}" = "{column}" {moved}')
            database.execute(
                f"COPY t TO '{path}' (FORMAT parquet, KV_METADATA {{evenhand_sweep: '{told}'{beside}}})"
            )
            again = sweep(*VARY, "--points", "2", "--out", "s")
            assert again.exit_code == 2
            assert "the points of 's/sweep.parquet' are not as they were written" in again.stderr
            path.write_bytes(sound)
    assert sweep(*VARY, "--points", "2", "--out", "s").exit_code == 0


@pytest.mark.process
@pytest.mark.parametrize("name", [b"filed_share_m", b"filed_share\xff\xfe"])
def test_columns_whose_names_were_damaged_are_said_to_be(name, here):
    """A bit in the footer turns one name into another, or into no text at all."""
    sweep(*VARY, "--points", "2", "--out", "s")
    path = here / "s/sweep.parquet"
    path.write_bytes(path.read_bytes().replace(b"filed_share_n", name))
    told = sweep(*VARY, "--points", "2", "--out", "s")
    assert told.exit_code == 2
    (line,) = [line for line in told.stderr.splitlines() if "sweep.parquet" in line]
    assert "is damaged; add --force" in line or "not the file of a sweep" in line


@pytest.mark.process
def test_another_plan_for_the_same_file_is_refused_with_what_differs(here):
    """Two studies in one table would be worth nothing."""
    sweep(*VARY, "--points", "2", "--out", "s")
    before = rows(here / "s/sweep.parquet")
    told = sweep(*VARY, "--points", "2", "--out", "s", "--seed", "7")
    assert told.exit_code == 2
    assert "holds another sweep: seed is 1 there and 7 here" in told.stderr
    told = sweep("--vary", "decision.standard=0.4..0.8", "--points", "2", "--out", "s")
    assert "vary.decision.standard.high is 0.6 there and 0.8 here" in told.stderr
    assert "vary.windows.file is" in told.stderr
    write_files(here, {"market": {"orders_per_day": 80}}, {"review": {"limit": 0}})
    assert "policy.review.limit is 1 there and 0 here" in sweep(*VARY, "--points", "2", "--out", "s").stderr
    assert rows(here / "s/sweep.parquet") == before
    assert sweep(*VARY, "--points", "2", "--out", "s", "--force").exit_code == 0
    assert rows(here / "s/sweep.parquet") != before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--vary", "windows.fill=1h..2h"), "did you mean 'windows.file'"),
        (("--vary", "behaviour.review_propensity=0.5..1.5"), "must be less than or equal to 1, found 1.5"),
        (("--vary", "windows.merchant_evidence=5d..50d"), "must not be longer than the run of 20 days"),
        ((*VARY, "--design", "sobol", "--points", "10"), "points must be a power of 2"),
        ((*VARY, "--workers", "0"), "--workers: must be 1 or more"),
        ((*VARY, "--points", "1"), "points must be 2 or more"),
        ((*VARY, "--points", "0"), "points must be 2 or more"),
        ((*VARY, "--metric", "filed_shares"), "did you mean 'filed_share'"),
    ],
)
def test_a_mistake_is_one_line_and_status_2(here, arguments, told):
    """Nothing runs, nothing is left behind."""
    result = sweep(*arguments, "--out", "s")
    assert result.exit_code == 2
    assert told in result.stderr
    assert not (here / "s" / "sweep.parquet").exists()


def test_what_is_no_sweep_is_not_touched(here):
    """A file of somebody else stays as it is."""
    (here / "s").mkdir()
    (here / "s" / "sweep.parquet").write_text("not a table", encoding="utf-8")
    told = sweep(*VARY, "--out", "s")
    assert (told.exit_code, (here / "s" / "sweep.parquet").read_text(encoding="utf-8")) == (2, "not a table")
    assert "is not the file of a sweep, or damaged" in told.stderr


def measured(point: int) -> Measured:
    return Measured(np.array([[point, np.nan], [0.5, 2.0]]), np.array([[3, 0], [4, 5]]))


def test_the_file_is_whole_after_every_point_and_undefined_stays_undefined(tmp_path):
    """A reader meets all points so far at any time; NaN comes back as NaN, with its count."""
    path = tmp_path / "it's.parquet"
    store = SweepFile(path, {"name": "it's"}, LOOK, ["a", "b"])
    for number, point in enumerate((3, 0), 1):
        store.keep(point, measured(point))
        assert len(rows(path)) == 2 * number
    store.close()
    again = SweepFile(path, {"name": "it's"}, LOOK, ["a", "b"])
    assert sorted(again.done) == [0, 3]
    for point in again.done:
        assert np.array_equal(again.done[point].value, measured(point).value, equal_nan=True)
        assert np.array_equal(again.done[point].n, measured(point).n)
    again.close()


def test_points_that_are_others_are_refused_even_under_the_same_plan(tmp_path):
    """Sobol points come from SciPy, which may draw others in another version."""
    store = SweepFile(tmp_path / "s.parquet", {}, LOOK, ["a", "b"])
    store.keep(0, measured(0))
    store.keep(2, measured(2))
    store.close()
    other = design("grid", (Axis("x", 0, 2), Axis("y", 0, 1)), 2)
    with pytest.raises(UsageError, match="the points themselves"):
        SweepFile(tmp_path / "s.parquet", {}, other, ["a", "b"])


def test_a_failed_write_leaves_the_last_whole_file(tmp_path, monkeypatch):
    """A full disk in the middle of a night."""
    path = tmp_path / "s.parquet"
    store = SweepFile(path, {}, LOOK, ["a", "b"])
    store.keep(0, measured(0))
    before = path.read_bytes()
    monkeypatch.setattr(
        "evenhand.analysis.runs.atomic.flush", lambda _: (_ for _ in ()).throw(OSError(28, "full"))
    )
    with pytest.raises(OSError, match="full"):
        store.keep(1, measured(1))
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["s.parquet"]


@pytest.mark.skipif(os.name == "nt", reason="POSIX signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_request_to_stop_waits_until_the_point_is_on_the_disk(tmp_path, monkeypatch, number):
    """It must not come in the middle of a write, nor be forgotten."""
    path = tmp_path / "s.parquet"

    sent: list[Path] = []

    def stop(*_: object) -> None:
        raise SystemExit(7)

    def send(place: Path) -> None:
        sent.append(place)
        if len(sent) == 1:
            os.kill(os.getpid(), number)
            time.sleep(0.05)

    monkeypatch.setattr("evenhand.analysis.runs.atomic.flush", send)
    before = signal.signal(number, stop)
    try:
        with pytest.raises(SystemExit):
            SweepFile(path, {}, LOOK, ["a", "b"]).keep(0, measured(0))
    finally:
        signal.signal(number, before)
    assert len(rows(path)) == 2


def test_differences_are_told_leaf_by_leaf():
    """Not as two whole models."""
    assert [*differences({"a": {"b": 1, "c": 2}, "d": [1]}, {"a": {"b": 1}, "d": [2]})] == [
        "a.c is 2 there and nothing here",
        "d is [1] there and [2] here",
    ]
