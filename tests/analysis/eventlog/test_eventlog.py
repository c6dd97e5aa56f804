"""Exported logs say what happened in the run, and an independent reader understands them."""

from __future__ import annotations

import csv
import sqlite3
from collections import Counter
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import duckdb
import pytest

from evenhand import sim
from evenhand.analysis.eventlog import MemoryLog, RunLog, open_run_log, write_csv, write_ocel, write_xes
from evenhand.analysis.eventlog.actors import resource_of, role_of
from evenhand.analysis.eventlog.columns import SEEN, TRUTH, chosen
from evenhand.analysis.eventlog.log import BadLog, Case, Event, moment
from evenhand.analysis.eventlog.ocel_out import NEEDS
from evenhand.sim.lifecycle.codes import ACTIVITIES
from tests.support import process_mining
from tests.support.app_files import finished

START = datetime.fromisoformat("2025-09-01")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[sim.Run, Path]:
    """A small run of two replications, in memory and in its folder."""
    folder = tmp_path_factory.mktemp("export") / "run"
    return finished(folder, seed=3, replications=2, days=40), folder


@pytest.fixture(scope="module")
def log(run: tuple[sim.Run, Path]) -> RunLog:
    return open_run_log(run[1])


def sequences(cases: Any) -> Counter[tuple[str, ...]]:
    return Counter(tuple(event.activity for event in case.events) for case in cases)


@pytest.mark.process
def test_a_folder_and_the_run_in_memory_tell_the_same_story(run, log):
    """DuckDB's sorted stream must not lose, double or reorder an event; ties stay as they came."""
    memory = list(MemoryLog(run[0]).cases(("amount", "ending", "closed_at")))
    assert list(log.cases(("amount", "ending", "closed_at"))) == memory
    assert sum(len(case.events) for case in memory) == len(run[0].events["case"]) == log.n_events
    assert {case.name.partition("-")[0] for case in memory} == {"0", "1"}


@pytest.mark.process
def test_a_part_in_many_files_is_read_as_one(tmp_path):
    """Long runs are written in several files a table; ties of time must stay in the order of all of them."""
    run = finished(tmp_path / "run", seed=3, replications=2, days=30)
    cut(tmp_path / "run", 150)
    assert len(list((tmp_path / "run").glob("parts/*/events-*.parquet"))) > 10
    assert list(open_run_log(tmp_path / "run", verify=False).cases()) == list(MemoryLog(run).cases())


def cut(folder: Path, rows: int) -> None:
    """Write the events of the only part anew, so many rows a file."""
    (whole,) = folder.glob("parts/*/events-*.parquet")
    with duckdb.connect() as database:
        found = database.read_parquet(str(whole))
        for number in range(-(-len(found) // rows)):
            piece = whole.with_name(f"piece-{number:03d}.parquet")
            found.limit(rows, offset=number * rows).write_parquet(str(piece))
    whole.unlink()
    for piece in whole.parent.glob("piece-*.parquet"):
        piece.rename(piece.with_name(piece.name.replace("piece", "events")))


def test_every_activity_has_somebody_who_acts(run):
    """A log without actors is of no use; a new activity must be given one."""
    assert all(resource_of(name, 1, 17, 3) for name in ACTIVITIES)
    assert resource_of("review requested", 2, 17, 3) == "merchant 3"
    assert resource_of("review requested", 1, 17, 3) == "buyer 17"
    assert resource_of("ruled", 4, 17, 3) == "arbiter 4"
    assert resource_of("handed to desk", 1, 17, 3) == "decision desk"
    assert role_of(Event("ruled", 0.0, "arbiter 4")) == "platform"


def test_the_independent_reader_finds_every_trace_of_the_xes_file(log, tmp_path):
    """XES is for other people's tools: r4pm must see the very sequences that happened."""
    path = tmp_path / "log.xes"
    with path.open("w", encoding="utf-8") as file:
        write_xes(log.cases(chosen(truth=False)), log.start, file, name="a <log> & more")
    assert process_mining.variants(process_mining.xes(path)) == sequences(log.cases())


def test_xes_keeps_times_resources_and_what_was_known_of_the_case():
    """Timestamps are real dates, to the microsecond; missing values are left out, not written as nan."""
    out = StringIO()
    known = {"amount": 12.5, "valid": True, "reviews": 2, "reason": 'said "no" & left', "share": None}
    write_xes([Case("0-7", (Event("ruled", 25.5, "arbiter 3"),), known)], START, out)
    text = out.getvalue()
    for line in (
        '<date key="time:timestamp" value="2025-09-02T01:30:00.000000+00:00"/>',
        '<string key="org:resource" value="arbiter 3"/>',
        '<string key="org:role" value="platform"/>',
        '<float key="amount" value="12.5"/>',
        '<boolean key="valid" value="true"/>',
        '<int key="reviews" value="2"/>',
        '<string key="reason" value=\'said "no" &amp; left\'/>',
    ):
        assert line in text
    assert "share" not in text


def test_xes_survives_any_title(tmp_path):
    """A title with Chinese, markup and a control character must not make a file that nobody can read."""
    path = tmp_path / "odd.xes"
    with path.open("w", encoding="utf-8") as file:
        case = Case("0-1", (Event("closed", 1.0, "\x00"),), {"reason": "a\x07b"})
        write_xes([case], START, file, name='闲鱼 </log> "x" \x1b[31m')
    assert process_mining.variants(process_mining.xes(path)) == {("closed",): 1}


def test_the_truth_is_left_out_unless_it_is_asked_for():
    """A log for discovery should hold what a platform could have: never the hidden truth by accident."""
    assert not set(TRUTH) & set(chosen(truth=False))
    assert set(TRUTH) <= set(chosen(truth=True))
    assert not set(TRUTH) & set(SEEN)


@pytest.fixture(scope="module")
def ocel(log: RunLog, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ocel") / "log.sqlite"
    names = tuple(dict.fromkeys([*chosen(truth=False), *NEEDS]))
    write_ocel(log.cases(names), log.start, path, truth=False)
    return path


@pytest.mark.process
def test_the_independent_reader_counts_the_same_events_and_objects_in_ocel(run, log, ocel):
    """Every event once, and every person, order and arbiter once in each replication."""
    found = process_mining.ask("ocel_type_stats", ocel=process_mining.ocel(ocel))
    happened = Counter(event.activity for case in log.cases() for event in case.events)
    assert found["event_type_counts"] == dict(happened)
    cases = list(log.cases(("buyer", "merchant")))
    runs = [case.name.partition("-")[0] for case in cases]
    people = {
        kind: len({(r, case.attributes[kind]) for r, case in zip(runs, cases, strict=True)})
        for kind in ("buyer", "merchant")
    }
    arbiters = {
        (r, event.resource)
        for r, case in zip(runs, cases, strict=True)
        for event in case.events
        if event.activity == "ruled"
    }
    expected = {"dispute": len(cases), "order": len(cases), "arbiter": len(arbiters), **people}
    assert found["object_type_counts"] == expected


def test_ocel_knows_how_disputes_end_and_how_ratings_move(run, log, ocel):
    """Attributes that change are changes with a time, so that no tool sees the end from the start."""
    seen = process_mining.ocel(ocel)
    wanted = ("closed_at", "filed_at", "ending", "merchant", "rating_after", "start_rating")
    case = next(c for c in log.cases(wanted) if c.attributes["ending"] == "ruled")
    changes = process_mining.ask("get_object_attribute_changes", ocel=seen, object_id=f"dispute {case.name}")
    ended = [one for one in changes["traces"]["ending"] if one["value"] is not None]
    assert [one["value"] for one in ended] == ["ruled"]
    when = datetime.fromisoformat(ended[0]["time"]).replace(tzinfo=None)
    assert when == moment(log.start, case.attributes["closed_at"])
    merchant = f"merchant {case.name.partition('-')[0]}-{case.attributes['merchant']}"
    ratings = process_mining.ask("get_object_attribute_changes", ocel=seen, object_id=merchant)["traces"]
    values = [one["value"] for one in ratings["rating"] if one["value"] is not None]
    assert case.attributes["start_rating"] in values
    assert case.attributes["rating_after"] in values


def test_ocel_keeps_the_rules_of_its_specification(ocel):
    """The constraints of OCEL 2.0 that a database can be asked: types, links, times, one event one row."""
    with sqlite3.connect(ocel) as database:

        def ask(query: str) -> list[Any]:
            return [row[0] for row in database.execute(query)]

        for side in ("event", "object"):
            assert set(ask(f"select ocel_type from {side}")) <= set(
                ask(f"select ocel_type from {side}_map_type")
            )
            for kind, name in database.execute(
                f"select ocel_type, ocel_type_map from {side}_map_type"
            ).fetchall():
                stored = ask(f"select count(distinct ocel_id) from '{side}_{name}'")
                assert stored == ask(f"select count(*) from {side} where ocel_type = '{kind}'"), kind
                for text in ask(f"select ocel_time from '{side}_{name}' limit 50"):
                    datetime.fromisoformat(text)
        lost = "not in (select ocel_id from object)"
        assert ask(f"select count(*) from event_object where ocel_object_id {lost}") == [0]
        assert ask(f"select count(*) from object_object where ocel_target_id {lost}") == [0]
        assert ask(
            "select count(*) from event where ocel_id not in (select ocel_event_id from event_object)"
        ) == [0]
        known = {row[1] for row in database.execute("pragma table_info('object_Dispute')")}
    assert not known & set(TRUTH)


def test_csv_has_a_row_an_event_in_order(log):
    """The plainest format: what a spreadsheet opens."""
    out = StringIO()
    write_csv(log.cases(), START, out)
    rows = list(csv.DictReader(StringIO(out.getvalue())))
    assert len(rows) == log.n_events
    first = next(iter(log.cases()))
    assert [row["activity"] for row in rows[: len(first.events)]] == [e.activity for e in first.events]
    when = datetime.fromisoformat(rows[0]["time"]).replace(tzinfo=None)
    assert when == START + timedelta(microseconds=round(first.events[0].time * 3.6e9))


def test_a_folder_that_is_no_run_or_kept_no_events_is_refused(tmp_path):
    """One line that says what is wrong, not a traceback from a database."""
    with pytest.raises(BadLog, match="is not a finished run: it has no manifest"):
        open_run_log(tmp_path)
    finished(tmp_path / "quiet", seed=1, days=20, events=False)
    with pytest.raises(BadLog, match="kept no events"):
        open_run_log(tmp_path / "quiet")
